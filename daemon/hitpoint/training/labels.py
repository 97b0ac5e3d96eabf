"""What each bar of a piece turned out to be, in the words that a planner will ask for it.

Loudness, thickness and density are measured; valence, arousal and tension are computed from cues, not rated by people.
Which cues, and their direction, follow Eerola, Friberg and Bresin 2013 (doi:10.3389/fpsyg.2013.00487), Juslin and
Lindström 2010 and Gabrielsson and Lindström 2010: mode, tempo, register and dynamics for valence; tempo, dynamics,
articulation and register for arousal; dissonance, chromaticism and loudness for tension. The weights are ours.
Levels are raw here; `calibration` turns them into tenths of the training bars.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.key_finder import find_keys
from hitpoint.score.stem import INSTRUMENTS, instrument_named
from hitpoint.tokens import grid
from hitpoint.training.harmony import harmony_of
from hitpoint.training.piece import Piece

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS = ("intensity", "density", "valence", "arousal", "tension")

ROUGHNESS = np.array([0.0, 1.0, 0.5, 0.0, 0.0, 0.0, 0.7])
"""How tense an interval class sounds, 0 to 6 semitones. Our choice; the order is that of Huron 1994."""
MOST_PARTS = 256
"""More than any piece has."""
DRUMS = INSTRUMENTS.index(instrument_named("drums"))
MOOD_BARS = 8
"""Bars heard together for key, valence and arousal."""
TENSION_BARS = 2
LEAST_JUMP = 0.08
"""In intensity, from the two bars before to one that strikes. Our choice."""


@dataclass(frozen=True)
class Labels:
    """One value a bar."""

    key: Ints
    """0 to 23 as `grid.key_class`, −1 where none is clear."""
    levels: Floats
    """Shape (bars, 5), in the order of LEVELS, raw."""
    to_hit: Ints
    """Bars to the next bar that strikes, 0 to 7; −1 when none is near."""
    to_end: Ints
    """Bars to the last, 0 to 7; −1 before that."""
    harmony: Ints
    """Shape (bars, 2): the chord class of each half, as `grid.chord_class`."""
    hit_beat: Ints
    """In a bar that strikes, the eighth in which it does, 0 to 15; −1 in others."""


def labels_of(piece: Piece, velocities_known: bool, tempo_known: bool) -> Labels:
    """What the bars of `piece` are."""
    cues, bars = _Cues(piece, velocities_known, tempo_known), piece.bars
    intensity = cues.intensity()
    key, majorness = find_keys(_windowed(cues.chroma, MOOD_BARS))
    levels = np.column_stack([intensity, cues.density, cues.valence(majorness), cues.arousal(), cues.tension(key)])
    hits, eighths = _hits(piece, intensity)
    hit_beat = np.full(bars, -1)
    hit_beat[hits] = eighths
    harmony = harmony_of(piece, cues.pitched, key)
    return Labels(key, levels, _countdown(hits, bars), _countdown(np.array([bars - 1]), bars), harmony, hit_beat)


class _Cues:
    """What can be counted in each bar."""

    def __init__(self, piece: Piece, velocities_known: bool, tempo_known: bool) -> None:
        bar, part, position, pitch, duration, velocity = piece.notes.T
        bars, self.piece = piece.bars, piece
        self.pitched = pitched = ~np.isin(part, np.flatnonzero(piece.instruments == DRUMS))
        count = np.maximum(1, np.bincount(bar, minlength=bars))
        onsets = np.bincount(
            np.unique((bar * MOST_PARTS + part) * 256 + position) // (256 * MOST_PARTS), minlength=bars
        )
        parts = _parts_in_bars(piece.notes, bars)
        rate = onsets / piece.quarters / np.maximum(1, parts)
        self.parts = parts
        self.density = np.clip(np.log2(1 + rate) / np.log2(7), 0, 1)
        self.thickness = np.log2(1 + np.bincount(bar, minlength=bars).clip(0, 64)) / 6 / 2 + np.log2(1 + parts) / 8
        loud = np.bincount(bar, velocity, bars) / count
        self.loudness = _carried(np.clip((loud - 30) / 80, 0, 1), parts) if velocities_known else None
        self.register = np.bincount(bar, pitch * pitched, bars) / np.maximum(1, np.bincount(bar, pitched, bars))
        self.register = (_carried(self.register, parts) - 40) / 50
        short = duration < 0.6 * grid.POSITIONS_PER_QUARTER
        self.staccato = np.bincount(bar, short, bars) / count
        bpm = piece.tempi if tempo_known else np.full(bars, 110.0)
        self.tempo = np.clip(np.log2(bpm / 40) / 2.5, 0, 1)
        self.chroma = np.zeros((bars, 12))
        np.add.at(self.chroma, (bar[pitched], pitch[pitched] % 12), np.minimum(duration, 48)[pitched])

    def intensity(self) -> Floats:
        if self.loudness is None:
            return np.asarray(0.6 * self.thickness + 0.4 * self.density)
        return np.asarray(0.5 * self.loudness + 0.3 * self.thickness + 0.2 * self.density)

    def valence(self, majorness: Floats) -> Floats:
        rough = _windowed(_roughness(self.chroma), MOOD_BARS) / MOOD_BARS
        return majorness + 0.4 * _windowed(self.tempo + self.register, MOOD_BARS) / MOOD_BARS - 0.5 * rough

    def arousal(self) -> Floats:
        loud = self.thickness if self.loudness is None else self.loudness
        cue = 0.35 * self.tempo + 0.3 * loud + 0.25 * self.density + 0.1 * self.staccato
        return _windowed(cue, MOOD_BARS // 2) / (MOOD_BARS // 2)

    def tension(self, key: Ints) -> Floats:
        chroma = _windowed(self.chroma, TENSION_BARS)
        share = chroma / np.maximum(1, chroma.sum(1, keepdims=True))
        outside = np.array([0.0 if k < 0 else s[_outside(int(k))].sum() for k, s in zip(key, share, strict=True)])
        return np.asarray(_roughness(chroma) + outside + 0.3 * self.intensity())


def _parts_in_bars(notes: Ints, bars: int) -> Ints:
    """How many parts have an onset in each bar."""
    return np.bincount(np.unique(notes[:, 0] * MOST_PARTS + notes[:, 1]) // MOST_PARTS, minlength=bars)


def _outside(key: int) -> list[int]:
    """Pitch classes out of the key; minor has its raised seventh too."""
    tonic, minor = divmod(key, 2)
    scale = (0, 2, 3, 5, 7, 8, 10, 11) if minor else (0, 2, 4, 5, 7, 9, 11)
    return [pitch_class for pitch_class in range(12) if (pitch_class - tonic) % 12 not in scale]


def _roughness(chroma: Floats) -> Floats:
    """How rough the pitch classes of a bar are together, each pair weighted by how long both sound."""
    share = chroma / np.maximum(1, chroma.sum(1, keepdims=True))
    return sum((ROUGHNESS[step] * (share * np.roll(share, step, 1)).sum(1) for step in (1, 2, 6)), np.zeros(len(share)))


def _windowed(values: Floats, bars: int) -> Floats:
    """Sums over `bars` bars around each; the ends are repeated."""
    before = (bars - 1) // 2
    padded = np.pad(values, [(before, bars - 1 - before)] + [(0, 0)] * (values.ndim - 1), mode="edge")
    total = np.cumsum(np.concatenate([np.zeros_like(padded[:1]), padded]), 0)
    return np.asarray(total[bars:] - total[:-bars])


def _carried(values: Floats, parts: Ints) -> Floats:
    """A silent bar keeps the value of the bar before it."""
    last = np.maximum.accumulate(np.where(parts > 0, np.arange(len(values)), 0))
    return values[last]


def _hits(piece: Piece, intensity: Floats) -> tuple[Ints, Ints]:
    """Bars that strike, and the eighth in which they do.

    A bar that strikes is clearly stronger than the two before it and strongest near, and most of its parts begin a note
    at one moment: there it strikes, at the first moment at which so many do.
    """
    bars = piece.bars
    if bars < 4:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    active = _parts_in_bars(piece.notes, bars)
    together, position = _together(piece.notes, bars)
    before = np.concatenate([[np.inf, np.inf], (intensity[:-2] + intensity[1:-1]) / 2])
    jump = np.where(together * 3 >= active * 2, intensity - before, -np.inf)
    hits = [b for b in np.flatnonzero(jump > LEAST_JUMP) if jump[b] == jump[max(0, b - 3) : b + 4].max()]
    found = np.array(hits, np.int64)
    return found, np.minimum(grid.HIT_BEAT_CLASSES - 1, position[found] // (grid.POSITIONS_PER_QUARTER // 2))


def _together(notes: Ints, bars: int) -> tuple[Ints, Ints]:
    """The most parts that begin a note at one moment of each bar, and its position; the first of several."""
    moments = np.unique((notes[:, 0] * grid.POSITIONS + notes[:, 2]) * MOST_PARTS + notes[:, 1]) // MOST_PARTS
    count = np.bincount(moments, minlength=bars * grid.POSITIONS).reshape(bars, grid.POSITIONS)
    return count.max(1), count.argmax(1)


def _countdown(targets: Ints, bars: int) -> Ints:
    """Bars left until the next of `targets`; −1 when there is none near."""
    following = np.searchsorted(targets, np.arange(bars))
    left = np.append(targets, bars + grid.COUNTDOWN_CLASSES)[following] - np.arange(bars)
    return np.where(left < grid.COUNTDOWN_CLASSES, left, -1)
