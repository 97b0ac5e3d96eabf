"""A tempo map as the steps that a MIDI file can hold: whole microseconds a quarter note, no ramps.

A file has only whole microseconds, so its clock drifts from the map's; a step now and then is a little fast or slow
to take the drift back. Together with the steps that stand for a ramp it stays within `LARGEST_DRIFT`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from hitpoint.timeline.tempo_map import Ramp, TempoMap
from hitpoint.timeline.units import TICKS_PER_QUARTER

LARGEST_DRIFT = 0.001
"""Seconds by which a file's clock may differ from the map's at any tick; a test holds it to this."""

_BEND = 0.00025
"""Seconds by which a step may cut the corner of a ramp: about a sixteenth note for 80 to 140 bpm in four bars."""

_DEADBAND = 200
"""Microseconds of drift left alone, so that an ordinary file shows 120 bpm and not 120.0002."""

_LONGEST_STEP = 256 * TICKS_PER_QUARTER
"""Ticks after which drift is looked at again: rounding adds at most half a microsecond a quarter note."""

_LARGEST_CORRECTION = 0.001
"""Part of the tempo by which a step may be fast or slow to take back drift."""


@dataclass(frozen=True, slots=True)
class TempoStep:
    """The tempo from a tick on."""

    tick: int
    microseconds: int
    """In a quarter note."""


def tempo_steps(tempo_map: TempoMap, until: int) -> tuple[TempoStep, ...]:
    """The steps that follow `tempo_map` up to tick `until`, and its last point whatever `until` is."""
    steps: list[TempoStep] = []
    clock = 0.0
    for start, end in _spans(tempo_map, until):
        quarters = (end - start) / TICKS_PER_QUARTER
        true_end = tempo_map.seconds_at(end) * 1e6
        exact = (true_end - tempo_map.seconds_at(start) * 1e6) / quarters
        microseconds = round(exact)
        if abs(clock + microseconds * quarters - true_end) > _DEADBAND:
            bound = exact * _LARGEST_CORRECTION
            microseconds = round(min(max((true_end - clock) / quarters, exact - bound), exact + bound))
        clock += microseconds * quarters
        if not steps or steps[-1].microseconds != microseconds:
            steps.append(TempoStep(start, microseconds))
    return tuple(steps)


def _spans(tempo_map: TempoMap, until: int) -> Iterator[tuple[int, int]]:
    points = tempo_map.points
    end = max(until, points[-1].tick + 1)
    if points[0].tick > 0:
        yield from _level(0, points[0].tick)
    for here, there in pairwise(points):
        if here.ramp is Ramp.STEP:
            yield from _level(here.tick, there.tick)
        else:
            yield from _bent(tempo_map, here.tick, there.tick)
    yield from _level(points[-1].tick, end)


def _level(start: int, end: int) -> Iterator[tuple[int, int]]:
    for tick in range(start, end, _LONGEST_STEP):
        yield tick, min(tick + _LONGEST_STEP, end)


def _bent(tempo_map: TempoMap, start: int, end: int) -> Iterator[tuple[int, int]]:
    middle = (start + end) // 2
    if end - start == 1 or (end - start <= _LONGEST_STEP and _corner(tempo_map, start, middle, end) <= _BEND):
        yield start, end
    else:
        yield from _bent(tempo_map, start, middle)
        yield from _bent(tempo_map, middle, end)


def _corner(tempo_map: TempoMap, start: int, middle: int, end: int) -> float:
    """Seconds between the map's clock and a straight line's, half-way."""
    first, last = tempo_map.seconds_at(start), tempo_map.seconds_at(end)
    return abs(tempo_map.seconds_at(middle) - first - (last - first) * (middle - start) / (end - start))
