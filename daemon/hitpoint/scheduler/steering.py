"""A project's own tempo map, a little faster or slower for a while, so that notes meet a host that is elsewhere.

Its seconds mean something only against the place and moment at which it comes into force; from the meeting on they pass
as the project's do.
"""

from math import ceil, floor

from hitpoint.timeline.tempo_map import FASTEST_BPM, SLOWEST_BPM, Ramp, TempoMap, TempoPoint

MOST_STRETCH = 0.2
"""Part of the speed by which we hurry or wait: 0.08 s are made good in 0.4 s. Our choice."""


def steered(tempo_map: TempoMap, tick: float, seconds_off: float, over_seconds: float) -> TempoMap:
    """The map that holds from `tick` on for one who is there while the host is `seconds_off` ahead (behind, when
    negative): after about `over_seconds` of the clock both are at the same tick, and stay together.

    over_seconds is lengthened where the way would be more than MOST_STRETCH. Exact to a part of a tick, as long as no
    tempo on the way is at the limits of a map.
    """
    over = max(over_seconds, abs(seconds_off) / MOST_STRETCH)
    here = tempo_map.seconds_at(tick)
    # A map begins its pieces on whole ticks.
    first = max(0, floor(tick))
    meets = max(first + 2, ceil(tempo_map.fractional_tick_at(here + over + seconds_off)))
    way = tempo_map.seconds_at(meets) - here
    speed = way / (way - seconds_off) if way - seconds_off > 0.0 else 1.0 + MOST_STRETCH
    points = [
        *_piece(tempo_map, 0, first, 1.0),
        *_piece(tempo_map, first, meets, speed),
        _scaled(tempo_map, meets, 1.0),
        *(point for point in tempo_map.points if point.tick > meets),
    ]
    return TempoMap(tuple(points))


def _piece(tempo_map: TempoMap, start: int, end: int, speed: float) -> list[TempoPoint]:
    """The points from `start` up to `end`, where another speed begins."""
    if start == end:
        return []
    between = (point.tick for point in tempo_map.points if start < point.tick < end - 1)
    points = [_scaled(tempo_map, tick, speed) for tick in (start, *between)]
    # A ramp goes to the tempo of the next point, which is not this piece's: so its last tick is even.
    last = TempoPoint(end - 1, _bpm(tempo_map.bpm_at(end - 1) * speed))
    return [last] if start == end - 1 else [*points, last]


def _scaled(tempo_map: TempoMap, tick: int, speed: float) -> TempoPoint:
    """A point there, with the way on that the map has there."""
    ramp = next((point.ramp for point in reversed(tempo_map.points) if point.tick <= tick), Ramp.STEP)
    return TempoPoint(tick, _bpm(tempo_map.bpm_at(tick) * speed), ramp)


def _bpm(bpm: float) -> float:
    return min(FASTEST_BPM, max(SLOWEST_BPM, bpm))
