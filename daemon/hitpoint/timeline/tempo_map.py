"""Ticks to seconds and back, through tempo steps and ramps. A value: edits make a new map."""

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from math import expm1, isfinite, log1p, sqrt

from hitpoint.errors import HostError
from hitpoint.timeline.units import TICKS_PER_QUARTER

SLOWEST_BPM = 10.0
FASTEST_BPM = 1000.0
"""Outside these a tempo is taken for a broken file, not for music (Live allows 20 to 999, REAPER 1 to 960)."""


class Ramp(Enum):
    """How the tempo goes from one point to the next."""

    STEP = "step"
    """It stays until the next point."""
    LINEAR_IN_BEATS = "beats"
    """Beats a minute change evenly over the ticks between. Source: Ardour 7, libs/temporal/tempo.cc."""
    LINEAR_IN_TIME = "time"
    """Beats a minute change evenly over the seconds between. Source: REAPER's gradual tempo changes."""


@dataclass(frozen=True, slots=True)
class TempoPoint:
    """The tempo from a tick on."""

    tick: int
    """Ticks from the timeline's start, at least 0."""
    bpm: float
    """Quarter notes a minute."""
    ramp: Ramp = Ramp.STEP
    """The way to the next point; the last point's ramp means nothing."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """A tempo point with what is needed to convert inside it: x is quarters from its start, s seconds.

    Before its start its tempo holds: only the first segment is asked about that, and a ramp run backwards could end
    in no tempo at all.
    """

    tick: int
    seconds: float
    quarters_per_second: float
    slope: float
    """Change of quarters a second: per quarter (LINEAR_IN_BEATS) or per second (LINEAR_IN_TIME); else 0."""
    ramp: Ramp

    def seconds_into(self, quarters: float) -> float:
        if self.slope == 0.0 or quarters < 0.0:
            return quarters / self.quarters_per_second
        if self.ramp is Ramp.LINEAR_IN_BEATS:
            return log1p(self.slope * quarters / self.quarters_per_second) / self.slope
        root = sqrt(self.quarters_per_second**2 + 2.0 * self.slope * quarters)
        return 2.0 * quarters / (self.quarters_per_second + root)

    def quarters_into(self, seconds: float) -> float:
        if self.slope == 0.0 or seconds < 0.0:
            return seconds * self.quarters_per_second
        if self.ramp is Ramp.LINEAR_IN_BEATS:
            return self.quarters_per_second * expm1(self.slope * seconds) / self.slope
        return seconds * (self.quarters_per_second + 0.5 * self.slope * seconds)

    def quarters_per_second_at(self, quarters: float) -> float:
        if self.ramp is Ramp.LINEAR_IN_BEATS:
            return self.quarters_per_second + self.slope * quarters
        if self.ramp is Ramp.LINEAR_IN_TIME:
            return sqrt(self.quarters_per_second**2 + 2.0 * self.slope * quarters)
        return self.quarters_per_second


@dataclass(frozen=True)
class TempoMap:
    """The tempo of a whole timeline. Before the first point its tempo holds; so it does after the last.

    Raises HostError when made of what cannot be played: no point, unordered ticks, impossible tempi.
    """

    points: tuple[TempoPoint, ...] = (TempoPoint(0, 120.0),)
    """At least one, in strictly rising ticks."""
    _segments: tuple[_Segment, ...] = field(init=False, repr=False, compare=False)
    _ticks: list[int] = field(init=False, repr=False, compare=False)
    _starts: list[float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check(self.points)
        segments = _segments(self.points)
        object.__setattr__(self, "_segments", segments)
        object.__setattr__(self, "_ticks", [segment.tick for segment in segments])
        object.__setattr__(self, "_starts", [segment.seconds for segment in segments])

    @classmethod
    def constant(cls, bpm: float) -> "TempoMap":
        """One tempo throughout, in quarter notes a minute."""
        return cls((TempoPoint(0, bpm),))

    def from_tick(self, tick: int, bpm: float) -> "TempoMap":
        """The same with another tempo from `tick` on, until the next change. Raises HostError for an impossible one."""
        before = tuple(point for point in self.points if point.tick < tick)
        if not before and tick > 0:
            before = (TempoPoint(0, self.points[0].bpm),)
        return TempoMap((*before, TempoPoint(tick, bpm), *(point for point in self.points if point.tick > tick)))

    def seconds_at(self, tick: float) -> float:
        """Seconds from the timeline's start to `tick`; negative before it."""
        segment = self._segments[max(0, bisect_right(self._ticks, tick) - 1)]
        return segment.seconds + segment.seconds_into((tick - segment.tick) / TICKS_PER_QUARTER)

    def fractional_tick_at(self, seconds: float) -> float:
        """Where `seconds` from the start falls, in ticks and parts of one. Inverse of `seconds_at`."""
        segment = self._segments[max(0, bisect_right(self._starts, seconds) - 1)]
        return segment.tick + segment.quarters_into(seconds - segment.seconds) * TICKS_PER_QUARTER

    def tick_at(self, seconds: float) -> int:
        """The tick nearest to `seconds`, so that `tick_at(seconds_at(t)) == t` for every tick."""
        return round(self.fractional_tick_at(seconds))

    def bpm_at(self, tick: float) -> float:
        """Quarter notes a minute at `tick`."""
        segment = self._segments[max(0, bisect_right(self._ticks, tick) - 1)]
        return 60.0 * segment.quarters_per_second_at(max(0.0, (tick - segment.tick) / TICKS_PER_QUARTER))

    def extremes(self, first: int, last: int) -> tuple[float, float]:
        """The slowest and the fastest tempo from tick `first` to tick `last`, in quarter notes a minute."""
        # A ramp goes one way only, so that both lie at its ends.
        between = self._ticks[bisect_right(self._ticks, first) : bisect_right(self._ticks, last)]
        found = [self.bpm_at(tick) for tick in (first, last, *between)]
        return min(found), max(found)

    def ticks_in(self, seconds: float, tick: int) -> int:
        """How many ticks the `seconds` after `tick` last (before it, when negative: the answer is then too)."""
        return self.tick_at(self.seconds_at(tick) + seconds) - tick


def _check(points: tuple[TempoPoint, ...]) -> None:
    if not points:
        raise HostError("the tempo map is empty. Give it at least one tempo.")
    for point in points:
        if not isfinite(point.bpm) or not SLOWEST_BPM <= point.bpm <= FASTEST_BPM:
            raise HostError(
                f"tempo {point.bpm:g} bpm at tick {point.tick} is outside {SLOWEST_BPM:g} to {FASTEST_BPM:g}. "
                "Mend the tempo track."
            )
    if points[0].tick < 0:
        raise HostError(f"a tempo point lies before the timeline's start, at tick {points[0].tick}. Remove it.")
    for earlier, later in pairwise(points):
        if later.tick <= earlier.tick:
            raise HostError(f"tempo points at ticks {earlier.tick} and {later.tick} are out of order. Sort them.")


def _segments(points: tuple[TempoPoint, ...]) -> tuple[_Segment, ...]:
    segments: list[_Segment] = []
    # What comes before the first point has its tempo, so the first segment starts at tick 0.
    seconds = 0.0
    if points[0].tick > 0:
        segments.append(_Segment(0, 0.0, points[0].bpm / 60.0, 0.0, Ramp.STEP))
        seconds = segments[0].seconds_into(points[0].tick / TICKS_PER_QUARTER)
    for here, there in zip(points, (*points[1:], None), strict=True):
        start = here.bpm / 60.0
        slope = 0.0
        if there is not None and here.ramp is not Ramp.STEP:
            end = there.bpm / 60.0
            quarters = (there.tick - here.tick) / TICKS_PER_QUARTER
            if here.ramp is Ramp.LINEAR_IN_BEATS:
                slope = (end - start) / quarters
            else:
                slope = (end * end - start * start) / (2.0 * quarters)
        segment = _Segment(here.tick, seconds, start, slope, here.ramp)
        segments.append(segment)
        if there is not None:
            seconds += segment.seconds_into((there.tick - here.tick) / TICKS_PER_QUARTER)
    return tuple(segments)
