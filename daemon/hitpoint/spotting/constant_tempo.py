"""Which one tempo meets most hits: every tempo of a grid, each with the start that serves it best.

The music's grid has a beat where the music starts, and every beat after. A hit is as far off as the nearest beat of
that grid; where two are equally near, the later one, because late sound is natural and early sound is not.

Best first: the greater weight of hits met, then of those nearly met, then the smaller mean distance (weighted), the
smaller start offset, the later start, the slower tempo. Distances are compared in millionths of a frame, as integers,
so that the order never hangs on how a sum was rounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from hitpoint.errors import ScoreError
from hitpoint.spotting.hit import Hit, HitList
from hitpoint.timeline.tempo_map import FASTEST_BPM, SLOWEST_BPM

MOST_TEMPI = 20_000
"""In one search. Our choice: the whole range of tempi in steps of 0.05."""
LARGEST_OFFSET = 1000
"""Frames by which the start may be asked to move. Our choice."""

MILLIONTHS = 1_000_000
_WEIGHT_UNITS = 1000
"""Parts of 1 in which weights are counted."""
_AT_ONCE = 500_000
"""Distances worked out together: keeps 10,000 hits within some tens of megabytes."""

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TempoResult:
    """What one tempo does."""

    bpm: float
    """Beats a minute."""
    start_offset_frames: int
    """By how many frames the music starts after the cue does; negative is before."""
    frames_off: tuple[float, ...]
    """Of each hit, in time order; positive where the music comes after the picture."""
    hits: int
    """How many are inside their windows."""
    near: int
    """How many more are inside twice their windows, or a frame where a window is 0."""

    @property
    def miss(self) -> int:
        """How many are neither."""
        return len(self.frames_off) - self.hits - self.near

    @property
    def mean_abs_frames(self) -> float:
        """The mean distance, every hit counted alike."""
        return sum(map(abs, self.frames_off)) / len(self.frames_off)

    @property
    def max_abs_frames(self) -> float:
        """The greatest distance."""
        return max(map(abs, self.frames_off))


def bpm_grid(low: Fraction, high: Fraction, step: Fraction) -> tuple[float, ...]:
    """The tempi from `low` to `high`. Exact steps, so that 0.1 adds up. Raises ScoreError for no possible grid."""
    if not SLOWEST_BPM <= low <= high <= FASTEST_BPM:
        raise ScoreError(
            f"tempi from {float(low):g} to {float(high):g} bpm are no range. Give the slower first, both between "
            f"{SLOWEST_BPM:g} and {FASTEST_BPM:g}."
        )
    if step <= 0:
        raise ScoreError(f"a step of {float(step):g} bpm leads nowhere. Give one above 0.")
    count = int((high - low) / step) + 1
    if count > MOST_TEMPI:
        raise ScoreError(f"{count} tempi are too many to rank. Give a step of at least {(high - low) / MOST_TEMPI}.")
    return tuple(float(low + index * step) for index in range(count))


def rank_tempi(cue: HitList, tempi: tuple[float, ...], largest_offset: int = 0) -> tuple[TempoResult, ...]:
    """One result a tempo, best first. Takes milliseconds for 20 hits. Raises ScoreError for an impossible offset."""
    if not 0 <= largest_offset <= LARGEST_OFFSET:
        raise ScoreError(f"a start offset of {largest_offset} frames is not from 0 to {LARGEST_OFFSET}. Give fewer.")
    # The start that moves least comes first, late before early, so that the first of equals is the one wanted.
    offsets = np.array(sorted(range(-largest_offset, largest_offset + 1), key=lambda frame: (abs(frame), -frame)))
    frames = np.array([hit.frame for hit in cue.hits], dtype=np.float64)
    limits = _limits(cue.hits)
    ranked: list[tuple[tuple[int, ...], TempoResult]] = []
    for chunk in _chunks(tempi, len(offsets) * len(frames)):
        beat_frames = 60.0 * cue.frames_per_second / np.array(chunk)  # (T,)
        off = _frames_off(frames, beat_frames, offsets)  # (T, O, H)
        keys = _keys(off, limits)  # (3, T, O)
        best = _first_smallest(keys)  # (T,)
        for row, (bpm, column) in enumerate(zip(chunk, best.tolist(), strict=True)):
            offset = int(offsets[column])
            result = _result(bpm, offset, off[row, column], limits)
            ranked.append(((*keys[:, row, column].tolist(), abs(offset), -offset), result))
    ranked.sort(key=lambda pair: (pair[0], pair[1].bpm))
    return tuple(result for _, result in ranked)


@dataclass(frozen=True, slots=True)
class _Limits:
    """Of each hit, in millionths of a frame; shape (H,) each."""

    early: Integers
    late: Integers
    near_early: Integers
    near_late: Integers
    weight: Integers
    """In thousandths."""


def _limits(hits: tuple[Hit, ...]) -> _Limits:
    early, late = (
        np.array([round(hit.window[side] * MILLIONTHS) for hit in hits], dtype=np.int64) for side in (0, 1)
    )  # fmt: skip
    near_early, near_late = (np.where(side == 0, MILLIONTHS, 2 * side) for side in (early, late))
    weight = np.array([max(1, round(hit.weight * _WEIGHT_UNITS)) for hit in hits], dtype=np.int64)
    return _Limits(early, late, near_early, near_late, weight)


def _chunks(tempi: tuple[float, ...], each: int) -> Iterator[tuple[float, ...]]:
    size = max(1, _AT_ONCE // each)
    for start in range(0, len(tempi), size):
        yield tempi[start : start + size]


def _frames_off(frames: NDArray[np.float64], beat_frames: NDArray[np.float64], offsets: Integers) -> Integers:
    into = frames - offsets[:, None]  # (O, H)
    beat = beat_frames[:, None, None]
    # Before the music starts there are no beats. Distances are whole before they are compared, so that a tie is one.
    earlier = np.maximum(0.0, np.floor(into / beat))
    early, late = (np.rint((count * beat - into) * MILLIONTHS).astype(np.int64) for count in (earlier, earlier + 1.0))
    return np.where(late <= np.abs(early), late, early)


def _keys(off: Integers, limits: _Limits) -> Integers:
    met = (off >= -limits.early) & (off <= limits.late)
    near = (off >= -limits.near_early) & (off <= limits.near_late)
    # Nearly met includes met: with equally many met it counts the same.
    return np.stack([-(met @ limits.weight), -(near @ limits.weight), np.abs(off) @ limits.weight])


def _first_smallest(keys: Integers) -> Integers:
    """Of each row the first column whose keys are smallest, the first key deciding first; (T,)."""
    kept = np.ones(keys.shape[1:], dtype=bool)
    for key in keys:
        worst = np.iinfo(np.int64).max
        masked = np.where(kept, key, worst)
        kept &= masked == masked.min(axis=1, keepdims=True)
    return np.asarray(np.argmax(kept, axis=1), dtype=np.int64)


def _result(bpm: float, offset: int, off: Integers, limits: _Limits) -> TempoResult:
    met = (off >= -limits.early) & (off <= limits.late)
    near = ~met & (off >= -limits.near_early) & (off <= limits.near_late)
    frames_off = tuple((off / MILLIONTHS).tolist())
    return TempoResult(bpm, offset, frames_off, int(met.sum()), int(near.sum()))
