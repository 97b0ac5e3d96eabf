"""A master's motion as a tempo map, so that notes queued by tick sound where the master is.

Two pieces: from where we are to the line, then along it. Its seconds mean something only against the place and moment
at which it comes into force.
"""

from math import ceil

from hitpoint.scheduler.clock_line import ClockLine
from hitpoint.scheduler.clock_motion import Motion
from hitpoint.timeline.tempo_map import FASTEST_BPM, SLOWEST_BPM, TempoMap, TempoPoint
from hitpoint.timeline.units import CLOCK_PULSES_PER_QUARTER, TICKS_PER_QUARTER

TICKS_PER_PULSE = TICKS_PER_QUARTER // CLOCK_PULSES_PER_QUARTER


def tempo_map_towards(line: ClockLine, tick: float, at: float) -> TempoMap:
    """The map that holds from second `at`, at which we are at `tick`: from its next whole tick but a few on the line.

    Between 20 and 500 bpm it is exact; beyond, the way to the line may take longer, as a map has limits of its own.
    """
    met = Motion.towards(line, at, tick / TICKS_PER_PULSE).met
    # A map begins its pieces on whole ticks, so the line is met at the next one.
    meets = ceil(line.index_at(met) * TICKS_PER_PULSE)
    seconds = line.seconds_at(meets / TICKS_PER_PULSE) - at
    points = (TempoPoint(0, _bpm((meets - tick) / seconds)), TempoPoint(meets, _bpm(TICKS_PER_PULSE / line.period)))
    return TempoMap(points)


def _bpm(ticks_a_second: float) -> float:
    return min(FASTEST_BPM, max(SLOWEST_BPM, 60.0 * ticks_a_second / TICKS_PER_QUARTER))
