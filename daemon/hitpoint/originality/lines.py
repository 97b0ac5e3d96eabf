"""The lines that a listener follows in a part: what copying is looked for in.

A part that plays one note at a time is one line. Where it plays more, its top and its bottom are: those are what is
remembered of a texture, while lines through the middle could be drawn in countless ways. A note is not of the top line
while a higher one goes on sounding over it (a tune over its accompaniment), nor of the bottom line while a lower one
does. Copies in inner voices of one part are therefore not seen; in parts of their own they are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

TOGETHER = 20
"""Ticks: onsets no further apart are one chord. 10 ms at 120 bpm, as chords are played by hand. Our choice."""
MOST_COVERED = 16
"""Onsets that a long note covers at most, so that what a line is can be told from a few onsets back. Our choice."""


@dataclass(frozen=True, slots=True)
class Line:
    """Notes one after another."""

    onsets: Ints
    """Ticks, rising."""
    pitches: Ints
    """MIDI keys."""


def lines_of(onsets: Ints, ends: Ints, pitches: Ints) -> tuple[Line, ...]:
    """The one line of a part, or its top and bottom. Notes in any order, in ticks (960 a quarter note)."""
    if not len(onsets):
        return ()
    order = np.lexsort((pitches, onsets))
    onsets, ends, pitches = onsets[order], ends[order], pitches[order]
    begins = np.r_[True, np.diff(onsets) > TOGETHER]
    chord, first = np.cumsum(begins) - 1, np.flatnonzero(begins)
    starts = onsets[first]
    top = _uncovered(starts, np.maximum.reduceat(pitches, first), ends, pitches, chord, 1)
    bottom = _uncovered(starts, np.minimum.reduceat(pitches, first), ends, pitches, chord, -1)
    if len(top.pitches) == len(bottom.pitches) and (top.pitches == bottom.pitches).all():
        return (top,)
    return top, bottom


def _uncovered(starts: Ints, outer: Ints, ends: Ints, pitches: Ints, chord: Ints, upward: int) -> Line:
    """The outer notes of the chords, without those that an earlier one outside them sounds over."""
    own = pitches == outer[chord]
    until = np.zeros(len(starts), np.int64)
    np.maximum.at(until, chord[own], ends[own])
    # A legato overlap covers nothing: the other must go on for more than half of the note.
    middle = starts + (until - starts) // 2
    covered = np.zeros(len(starts), bool)
    for lag in range(1, min(MOST_COVERED + 1, len(starts))):
        covered[lag:] |= (upward * outer[:-lag] > upward * outer[lag:]) & (until[:-lag] > middle[lag:])
    return Line(starts[~covered], outer[~covered])
