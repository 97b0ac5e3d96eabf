"""Made-up lines and files: melodies that say something, and copies of them in other keys and tempi."""

from pathlib import Path

import numpy as np

from hitpoint.originality.lines import Line
from hitpoint.score.midi_file import write_midi_file
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
from hitpoint.timeline.timeline import Timeline

INTERVALS = (-9, -7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7, 8)
TIMES = (240, 240, 480, 480, 720, 960, 1440)
"""Ticks."""


def melody(seed: int, notes: int = 200) -> Line:
    """Leaps and rhythms at random, within three octaves."""
    random = np.random.default_rng(seed)
    pitches = [60]
    while len(pitches) < notes:
        pitch = pitches[-1] + int(random.choice(INTERVALS))
        if 45 <= pitch <= 81:
            pitches.append(pitch)
    return Line(np.cumsum(random.choice(TIMES, notes)), np.array(pitches))


def excerpt(line: Line, first: int, notes: int, up: int = 0, slower: float = 1.0) -> Line:
    """Some notes of a line, from tick 0, in another key and tempo."""
    onsets = line.onsets[first : first + notes]
    stretched = np.rint((onsets - onsets[0]) * slower).astype(np.int64)
    return Line(stretched, line.pitches[first : first + notes] + up)


def planted(into: Line, copy: Line, at: int) -> Line:
    """`into` with `copy` in place of as many of its notes, from its note `at` on; what follows moves."""
    count = len(copy.pitches)
    copied = copy.onsets + into.onsets[at]
    moved = into.onsets[at + count :] - into.onsets[at + count - 1] + copied[-1]
    return Line(
        np.concatenate([into.onsets[:at], copied, moved]),
        np.concatenate([into.pitches[:at], copy.pitches, into.pitches[at + count :]]),
    )


def notes_of(line: Line) -> tuple[Note, ...]:
    """The line played legato."""
    lengths = np.append(np.diff(line.onsets), 480)
    return tuple(
        Note(int(tick), int(pitch), int(length), 80)
        for tick, pitch, length in zip(line.onsets, line.pitches, lengths, strict=True)
    )


def write_line(path: Path, line: Line, title: str = "") -> None:
    """A file with one part, a violin."""
    write_midi_file(path, [MidiPart("violin", 0, 40, notes_of(line))], Timeline(), title)
