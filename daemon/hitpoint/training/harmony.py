"""The chord of each half bar, heard from its notes: which chord's tones hold most of the sounding time.

Each pitch class counts for as long as it sounds in the half bar. The likeness to a chord is the cosine between that and
the chord's tones; its root in the bass and a place in the key speak for it a little. Where no chord is clearly the best
one, none is said.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.chord import Chord
from hitpoint.tokens import grid
from hitpoint.training.piece import Piece

LEAST_LIKENESS = 0.78
"""Cosine below which no chord is clear: an open fifth has 0.816 with both of its triads, one note alone 0.577."""
LEAST_LEAD = 0.02
"""How much better the best chord must be than the best on another root, bass and key counted."""
BASS_BONUS, KEY_BONUS = 0.08, 0.04
"""For a chord whose root is the lowest sound, and for one whose tones are all in the key. Our choice, as all four are;
set by listening to what they say of hymns and quartets."""
LONGEST_HALVES = 16
"""Half bars that one note is heard in at most."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CHORDS = tuple(chord for code in range(grid.NO_CHORD) if (chord := grid.chord_of_class(code)) is not None)
_TONES = np.array([[pitch_class in chord.pitch_classes for pitch_class in range(12)] for chord in CHORDS], float)
_ROOTS = np.array([chord.root for chord in CHORDS])


def harmony_of(piece: Piece, pitched: NDArray[np.bool_], key: Ints) -> Ints:
    """Chord classes, shape (bars, 2). pitched: which notes are not drums. key: of each bar, −1 unclear."""
    chroma, bass = half_chroma(piece, pitched)
    return chord_classes(chroma, bass, np.repeat(key, 2)).reshape(-1, 2)


def half_chroma(piece: Piece, pitched: NDArray[np.bool_]) -> tuple[Floats, Ints]:
    """How long each pitch class sounds in each half bar, shape (2 × bars, 12), and the lowest key, 128 for silence."""
    lines = _half_lines(piece)
    halves = len(lines) - 1
    bar, _, position, pitch, duration, _ = piece.notes[pitched].T
    start = piece.bar_starts[bar] + position
    end = np.minimum(start + duration, lines[-1])
    first = np.searchsorted(lines, start, side="right") - 1
    last = np.maximum(first, np.searchsorted(lines, end, side="left") - 1)
    count = np.minimum(last - first + 1, LONGEST_HALVES)
    note = np.repeat(np.arange(len(start)), count)
    half = first[note] + np.arange(len(note)) - np.repeat(np.cumsum(count) - count, count)
    sounding = np.minimum(end[note], lines[half + 1]) - np.maximum(start[note], lines[half])
    chroma = np.zeros((halves, 12))
    np.add.at(chroma, (half, pitch[note] % 12), np.maximum(0, sounding))
    bass = np.full(halves, 128)
    np.minimum.at(bass, half, pitch[note])
    return chroma, bass


def chord_classes(chroma: Floats, bass: Ints, key: Ints) -> Ints:
    """The class of the chord that each row of `chroma` is, NO_CHORD where none is clear."""
    length = np.linalg.norm(chroma, axis=1, keepdims=True)
    likeness = chroma / np.maximum(length, 1e-9) @ (_TONES / np.linalg.norm(_TONES, axis=1, keepdims=True)).T
    scored = likeness + BASS_BONUS * ((bass % 12)[:, None] == _ROOTS) * (bass < 128)[:, None]
    scored += KEY_BONUS * _in_key()[key]
    best = scored.argmax(1)
    lines = np.arange(len(chroma))
    others = np.where(_ROOTS[None, :] == _ROOTS[best][:, None], -np.inf, scored).max(1)
    same_root = np.where(np.arange(len(CHORDS))[None, :] == best[:, None], -np.inf, scored)
    same_root = np.where(_ROOTS[None, :] == _ROOTS[best][:, None], same_root, -np.inf).max(1)
    clear = (likeness[lines, best] >= LEAST_LIKENESS) & (scored[lines, best] - others >= LEAST_LEAD)
    clear &= scored[lines, best] > same_root  # an open fifth out of key is neither major nor minor
    return np.where(clear, best, grid.NO_CHORD)


def _in_key() -> NDArray[np.bool_]:
    """Which chords lie in each key, shape (25, chords); the last row, for no key, has none."""
    inside = np.zeros((grid.KEY_CLASSES + 1, len(CHORDS)), bool)
    for key in range(grid.KEY_CLASSES):
        tonic, minor = divmod(key, 2)
        scale = {(tonic + step) % 12 for step in ((0, 2, 3, 5, 7, 8, 10, 11) if minor else (0, 2, 4, 5, 7, 9, 11))}
        inside[key] = [chord.pitch_classes <= scale for chord in CHORDS]
    return inside


def transposed(chords: Ints, semitones: int) -> Ints:
    """The classes of the same chords so many semitones higher; NO_CHORD and unsaid (−1) stay."""
    step = len(CHORDS) // 12
    return np.where((chords < 0) | (chords == grid.NO_CHORD), chords, (chords + step * semitones) % len(CHORDS))


def degree(chord: Chord, tonic: int) -> int:
    """Semitones of the chord's root above the tonic, 0 to 11."""
    return (chord.root - tonic) % 12


def _half_lines(piece: Piece) -> Ints:
    """Where half bars begin, two to a bar, and the end of the last."""
    lines = []
    for (start, end), denominator in zip(pairwise(piece.bar_starts.tolist()), piece.denominators.tolist(), strict=True):
        lines += [start, start + max(1, grid.second_half(end - start, denominator)) if end - start > 1 else start]
    return np.array([*lines, piece.bar_starts[-1]])
