"""How much of a line comes back: bars that say again what was said a phrase or more before, in cues and in what people
wrote.

A bar is known by its line: when the highest note of each onset falls, and how many steps of a scale it lies from the
one before (a third is two, major or minor), so that a theme in another key, mode or octave is the same. Bars with few
notes say too little, and one that is the bar before again comes from no farther than that.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hitpoint.training.dataset import Dataset
from hitpoint.training.judge.played import BAR, ONSET, PART, PITCH, Played, played_piece
from hitpoint.training.judge.statistics import share

BARS = 16
"""Bars that are looked at together: of a cue all, of a piece each such stretch. Our choice: four phrases."""
APART = 4
"""Bars between a bar and what it says again, at least: a phrase."""
LEAST_NOTES = 3
"""Of a bar's line, below which it is not counted. Our choice."""
FIGURES = ("top", "any")
"""Of the bars of the highest part those that some part said before; of all bars those in which some part says again
what some part said."""

Line = tuple[tuple[int, int], ...]
"""Of one part in one bar: tick from the bar line, and steps from the note before, of each onset."""
STEPS = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)
"""Of a scale, in so many semitones."""


def returns_of_cues(cues: Sequence[Sequence[Played]]) -> dict[str, Any]:
    """Figures of written cues of BARS bars. cues: a row a prompt."""
    counts = np.array([sum(returned(cue) for cue in row) for row in cues])
    return {"prompts": len(cues), "cues": sum(map(len, cues)), **_shares(counts)}


def returns_of_people(split: Dataset) -> dict[str, Any]:
    """The same figures of a prepared split: of each piece that is long enough, by whole stretches from its start.
    None of a split without such a piece."""
    counts = []
    for piece in range(len(split)):
        played = played_piece(split, piece)
        stretches = [_stretch(played, first) for first in range(0, played.bars - BARS + 1, BARS)]
        if stretches:
            counts.append(sum(returned(one) for one in stretches))
    return {"pieces": len(counts), **(_shares(np.array(counts)) if counts else {})}


def returned(played: Played) -> NDArray[np.float64]:
    """For each of FIGURES: bars that return, and bars that are counted."""
    lines = _lines(played)
    top = _top(played)
    found = np.zeros((len(FIGURES), 2))
    for bar in range(played.bars):
        before = {line for earlier in range(bar - APART + 1) for line in lines[earlier].values()}
        told = {part: line for part, line in lines[bar].items() if len(line) >= LEAST_NOTES}
        again = {part for part, line in told.items() if line in before and line != lines[bar - 1].get(part)}
        found += ((top in again, top in told), (bool(again), bool(told)))
    return found.ravel()


def _shares(counts: NDArray[np.float64]) -> dict[str, Any]:
    return {name: share(counts[:, 2 * at], counts[:, 2 * at + 1]) for at, name in enumerate(FIGURES)}


def _lines(played: Played) -> list[dict[int, Line]]:
    """The line of each part that plays, bar by bar."""
    highest: list[dict[int, dict[int, int]]] = [{} for _ in range(played.bars)]
    for bar, part, onset, pitch in played.pitched[:, [BAR, PART, ONSET, PITCH]].tolist():
        line = highest[bar].setdefault(part, {})
        line[onset] = max(pitch, line.get(onset, 0))
    return [{part: _line(keys) for part, keys in parts.items()} for parts in highest]


def _line(keys: dict[int, int]) -> Line:
    onsets = sorted(keys)
    steps = [_steps(keys[onset] - keys[before]) for before, onset in pairwise(onsets)]
    return tuple(zip(onsets, [0, *steps], strict=True))


def _steps(semitones: int) -> int:
    octaves, above = divmod(abs(semitones), 12)
    return (7 * octaves + STEPS[above]) * (1 if semitones > 0 else -1)


def _top(played: Played) -> int:
    """Of the parts that play in half of the bars the one that lies highest; −1 where there is none."""
    notes = played.pitched
    parts = [part for part in np.unique(notes[:, PART]).tolist() if 2 * _playing(notes, part) >= played.bars]
    return max(parts, key=lambda part: float(notes[notes[:, PART] == part, PITCH].mean()), default=-1)


def _playing(notes: NDArray[np.int64], part: int) -> int:
    return len(np.unique(notes[notes[:, PART] == part, BAR]))


def _stretch(played: Played, first: int) -> Played:
    notes = played.notes
    inside = notes[(notes[:, BAR] >= first) & (notes[:, BAR] < first + BARS)].copy()
    inside[:, BAR] -= first
    starts = played.bar_starts[first : first + BARS + 1]
    return Played(inside, starts - starts[0], played.instruments)
