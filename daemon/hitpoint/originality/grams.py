"""Runs as numbers: steps from note to note, and hashes of eight steps in a row.

A step is a pitch interval and how the time to the next onset compares with the time before. Of a gram's first step only
the interval counts, because its ratio asks for a note before the run. Winnowing picks the least hash of every five
grams in a row: two lines that share 12 steps (13 notes) are sure to have picked the same one there.
Source: Schleimer, Wilkerson, Aiken, "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hitpoint.originality.lines import Ints, Line

GRAM = 8
"""Steps in a gram: 9 notes."""
WINNOW = 5
"""Grams in a row of which one is picked."""
SURE = GRAM + WINNOW - 1
"""Steps that are found for sure: 12, which is 13 notes."""
WIDEST_RATIO = 6
"""Half octaves of time that ratios are told apart in: 1:8 to 8:1."""
NEVER = 2**64 - 1
"""The hash of a note repeated over a whole gram: picked only where there is nothing else, and then left out."""

_FACTOR, _FINAL, _WORD = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 2**64 - 1
_PITCH_OFFSET, _RATIO_OFFSET = 129, 300
_OLDEST_INTERVAL, _OLDEST_RATIO = pow(_FACTOR, GRAM - 1, 2**64), pow(_FACTOR, GRAM - 2, 2**64)

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Steps:
    """What is left of a line without its key and its tempo; one step fewer than notes."""

    intervals: Ints
    """Semitones to the next note."""
    ratios: Ints
    """Half octaves, −6 to 6, that the time to the next onset is longer than the time before; 0 for the first."""


@dataclass(frozen=True, slots=True)
class Grams:
    """Hashes of each eight steps in a row."""

    pitch: Hashes
    """Of the intervals alone."""
    whole: Hashes
    """Of intervals and ratios."""


def steps_of(line: Line) -> Steps:
    """The steps of a line of any length."""
    if len(line.pitches) < 2:
        return Steps(np.zeros(0, np.int64), np.zeros(0, np.int64))
    times = np.maximum(1, np.diff(line.onsets)).astype(float)
    ratios = np.zeros(len(times), np.int64)
    ratios[1:] = np.clip(np.rint(2 * np.log2(times[1:] / times[:-1])), -WIDEST_RATIO, WIDEST_RATIO)
    return Steps(np.diff(line.pitches).astype(np.int64), ratios)


def ratio_of(time: int, before: int) -> int:
    """One ratio, as `steps_of` has it; times in ticks, at least 1."""
    return max(-WIDEST_RATIO, min(WIDEST_RATIO, round(2 * log2(time / before))))


def grams_of(steps: Steps) -> Grams:
    """Of every eight steps in a row; none where there are fewer."""
    count = max(0, len(steps.intervals) - GRAM + 1)
    pitch, repeated = np.zeros(count, np.uint64), np.ones(count, bool)
    factor = np.uint64(_FACTOR)
    for place in range(GRAM):
        interval = steps.intervals[place : place + count]
        pitch = pitch * factor + (interval + _PITCH_OFFSET).astype(np.uint64)
        repeated &= interval == 0
    whole = pitch
    for place in range(1, GRAM):
        whole = whole * factor + (steps.ratios[place : place + count] + _RATIO_OFFSET).astype(np.uint64)
    pitch, whole = _mixed(pitch), _mixed(whole)
    pitch[repeated] = NEVER
    return Grams(pitch, whole)


class Rolling(NamedTuple):
    """The hashes of the last eight steps of a line that grows, from those before: as `grams_of`, but one at a time."""

    pitch: int = 0
    times: int = 0
    """Of the last seven ratios."""

    def after(self, intervals: Sequence[int], ratios: Sequence[int]) -> "Rolling":
        """With one more step, the last of those given; the eight before it must be given, too, where there are."""
        pitch, times = self.pitch, self.times
        if len(intervals) > GRAM:
            pitch -= (intervals[-1 - GRAM] + _PITCH_OFFSET) * _OLDEST_INTERVAL
        if len(ratios) >= GRAM:
            times -= (ratios[-GRAM] + _RATIO_OFFSET) * _OLDEST_RATIO
        pitch = pitch * _FACTOR + intervals[-1] + _PITCH_OFFSET & _WORD
        return Rolling(pitch, times * _FACTOR + ratios[-1] + _RATIO_OFFSET & _WORD)

    def hashes(self, repeated: bool) -> tuple[int, int]:
        """Pitch and whole of the gram. repeated: whether all its intervals are 0."""
        whole = self.pitch * _OLDEST_INTERVAL + self.times & _WORD
        return (NEVER if repeated else _mixed_one(self.pitch)), _mixed_one(whole)


def picked(hashes: Hashes) -> Ints:
    """Places that winnowing picks, rising; the last of equals. Of fewer than five, one."""
    count = len(hashes)
    if count == 0:
        return np.zeros(0, np.int64)
    width = min(WINNOW, count)
    windows = np.lib.stride_tricks.sliding_window_view(hashes, width)[:, ::-1]
    places = np.unique(np.arange(len(windows)) + width - 1 - windows.argmin(1))
    kept: Ints = places[hashes[places] != np.uint64(NEVER)]
    return kept


def _mixed(hashes: Hashes) -> Hashes:
    hashes = (hashes ^ hashes >> np.uint64(32)) * np.uint64(_FINAL)
    return hashes ^ hashes >> np.uint64(29)


def _mixed_one(word: int) -> int:
    word = (word ^ word >> 32) * _FINAL & _WORD
    return word ^ word >> 29
