"""A host's tempo map on our ticks. Hosts let a tempo begin anywhere; what is heard at a tick must still be in time.

A change that falls between two ticks is not moved to one of them: all that follows would be early or late by a part of
a tick, more with every change. The tick around it is given the tempo that makes it last as long as it really does.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log1p, sqrt

from hitpoint.timeline.tempo_map import FASTEST_BPM, SLOWEST_BPM, Ramp, TempoMap, TempoPoint
from hitpoint.timeline.units import TICKS_PER_QUARTER

ON_TICK = 1e-5
"""Ticks: a change this near to one is on it. Hosts count in seconds, and round; what REAPER's script puts just before
another is ten times as far from it. Our choice."""

SAME_PLACE_DIGITS = 6
"""Of a tick: what differs only beyond is one place. Our choice."""


@dataclass(frozen=True, slots=True)
class HostTempo:
    """A tempo point as a host has it."""

    tick: float
    """Not whole."""
    bpm: float
    """Quarter notes a minute."""
    ramp: Ramp


def tempo_map_of(points: Sequence[HostTempo]) -> TempoMap:
    """The same tempo map in whole ticks: seconds agree at each. Raises HostError for no point or a tempo out of range.

    points: in order; of several at one place the last holds, as it does for all that lie before the start.
    """
    by_tick = {round(max(0.0, point.tick), SAME_PLACE_DIGITS): point for point in points}
    exact = [HostTempo(tick, point.bpm, point.ramp) for tick, point in by_tick.items()]
    # Also finds what is out of range, before anything is divided by it.
    rounded = TempoMap(tuple(TempoPoint(tick, one.bpm, one.ramp) for tick, one in _by_whole_tick(exact).items()))
    if all(_is_on_tick(one) for one in exact):
        return rounded
    course, found, begins = _Course(exact), list[TempoPoint](), dict[int, float]()
    for index, point in enumerate(exact):
        after = exact[index + 1].tick if index + 1 < len(exact) else float("inf")
        for one in _around(course, point, exact[index - 1] if index else None, after, begins):
            while found and found[-1].tick >= one.tick:
                found.pop()
            found.append(one)
    return TempoMap(tuple(found))


def _by_whole_tick(points: Sequence[HostTempo]) -> dict[int, HostTempo]:
    return {round(point.tick): point for point in points}


def _is_on_tick(point: HostTempo) -> bool:
    return abs(point.tick - round(point.tick)) < ON_TICK


def _around(
    course: "_Course", point: HostTempo, before: HostTempo | None, after: float, begins: dict[int, float]
) -> list[TempoPoint]:
    """The points in whole ticks that stand for one. begins: when ticks begin, seconds, where not when they should."""
    if before is None or _is_on_tick(point):
        return [TempoPoint(round(point.tick), point.bpm, point.ramp)]
    first, found = floor(point.tick), list[TempoPoint]()
    if before.ramp is not Ramp.STEP and first - 1 > before.tick:
        # A ramp must end in its own tempo, not in that of the tick: one tick earlier, which stands still for once.
        held = _possible(course.bpm_at(first - 1))
        found.append(TempoPoint(first - 1, held))
        begins[first] = course.seconds_at(first - 1) + _seconds_of_tick(held)
    lasts = course.seconds_at(first + 1) - begins.get(first, course.seconds_at(first))
    found.append(TempoPoint(first, _possible(_seconds_of_tick(1.0) / lasts)))
    if after > first + 1:
        found.append(TempoPoint(first + 1, _possible(course.bpm_at(first + 1)), point.ramp))
    return found


def _possible(bpm: float) -> float:
    """Rounding, or a ramp of a tick's length, is no reason to refuse a project."""
    return min(max(bpm, SLOWEST_BPM), FASTEST_BPM)


def _seconds_of_tick(bpm: float) -> float:
    return 60.0 / bpm / TICKS_PER_QUARTER


class _Course:
    """Ticks to seconds where changes lie between ticks."""

    def __init__(self, points: Sequence[HostTempo]) -> None:
        self._points = points
        self._ticks = [point.tick for point in points]
        self._slopes = [_slope(here, there) for here, there in pairwise(points)] + [0.0]
        self._seconds = [points[0].tick * _seconds_of_tick(points[0].bpm)]
        for index, there in enumerate(points[1:]):
            self._seconds.append(self._seconds[index] + self._into(index, there.tick - points[index].tick))

    def seconds_at(self, tick: float) -> float:
        """Seconds from the start."""
        index = max(0, bisect_right(self._ticks, tick) - 1)
        return self._seconds[index] + self._into(index, tick - self._ticks[index])

    def bpm_at(self, tick: float) -> float:
        """Quarter notes a minute from `tick` on."""
        index = max(0, bisect_right(self._ticks, tick) - 1)
        here, slope, ticks = self._points[index], self._slopes[index], tick - self._ticks[index]
        if here.ramp is Ramp.LINEAR_IN_TIME:
            return sqrt(here.bpm**2 + 2.0 * slope * ticks)
        return here.bpm + slope * ticks

    def _into(self, index: int, ticks: float) -> float:
        here, slope = self._points[index], self._slopes[index]
        if slope == 0.0 or ticks < 0.0:
            return ticks * _seconds_of_tick(here.bpm)
        if here.ramp is Ramp.LINEAR_IN_BEATS:
            return log1p(slope * ticks / here.bpm) / slope * _seconds_of_tick(1.0)
        root = sqrt(here.bpm**2 + 2.0 * slope * ticks)
        return 2.0 * ticks / (here.bpm + root) * _seconds_of_tick(1.0)


def _slope(here: HostTempo, there: HostTempo) -> float:
    """Change of beats a minute a tick; of half their square when they change evenly in time."""
    ticks = there.tick - here.tick
    if here.ramp is Ramp.STEP:
        return 0.0
    if here.ramp is Ramp.LINEAR_IN_BEATS:
        return (there.bpm - here.bpm) / ticks
    return (there.bpm**2 - here.bpm**2) / (2.0 * ticks)
