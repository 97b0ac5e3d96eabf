"""Looks for a tempo map by trying everything, for short cues: an answer to compare a solver's with.

Bars of two and three eighths are enough: every longer bar can be cut into those at the same tempo, and its beats stay
beats. Tempi go in steps of a fifth of the cap, so that what is found is a map, and what is not found may still be one.
"""

import numpy as np
from numpy.typing import NDArray

STEPS = 5
"""From a tempo to the farthest that the cap allows."""
FARTHEST = 40
"""Steps from the wish."""
GRAIN = 3
"""Moments told apart within the tolerance."""

Places = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Of each way to be at a bar line: the step of the tempo, and the time."""


def can_be_met(seconds: list[float], tolerance: float, eighth: float, cap: float) -> bool:
    """True where some map meets all of these moments. `eighth` is what is wished for, in seconds."""
    lines: dict[int, dict[int, list[Places]]] = {0: {0: [(np.zeros(1, dtype=np.int64), np.zeros(1))]}}
    for place in range(int(seconds[-1] / eighth * 3) + 8):
        for met, found in lines.pop(place, {}).items():
            if met == len(seconds):
                return True
            tempo, time = _told_apart(found, tolerance / GRAIN)
            for length in (2, 3):
                steps = (tempo[:, None] + np.arange(-STEPS, STEPS + 1)[None, :]).ravel()
                start = np.repeat(time, 2 * STEPS + 1)
                near = np.abs(steps) <= FARTHEST
                steps, start = steps[near], start[near]
                each = eighth * np.exp(steps * (np.log1p(cap) / STEPS))
                for after, kept in _placed(seconds, tolerance, met, 0, length, start, each):
                    if kept.any():
                        ends = start[kept] + length * each[kept]
                        lines.setdefault(place + length, {}).setdefault(after, []).append((steps[kept], ends))
    return False


def _told_apart(found: list[Places], grain: float) -> Places:
    tempo = np.concatenate([one for one, _ in found])
    time = np.concatenate([one for _, one in found])
    _, first = np.unique(np.stack([tempo, np.floor(time / grain).astype(np.int64)]), axis=1, return_index=True)
    return tempo[first], time[first]


def _placed(seconds, tolerance, met, first, length, start, each):
    """How many moments are behind at the bar's end, and which ways lead there."""
    if met == len(seconds):
        yield met, np.ones(len(start), dtype=bool)
        return
    yield met, start + length * each <= seconds[met] + tolerance
    for beat in range(first, length):
        on = np.abs(start + beat * each - seconds[met]) <= tolerance
        if on.any():
            for after, kept in _placed(seconds, tolerance, met + 1, beat + 1, length, start, each):
                yield after, kept & on
