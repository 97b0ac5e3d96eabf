"""Who is a little off meets the host at the tick that was meant, through steps and ramps, and goes on with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.scheduler.steering import MOST_STRETCH, steered
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

points = st.tuples(st.integers(0, 20_000), st.floats(30.0, 300.0), st.sampled_from(list(Ramp)))
tempo_maps = st.lists(points, min_size=1, max_size=8, unique_by=lambda point: point[0]).map(
    lambda listed: TempoMap(tuple(TempoPoint(*point) for point in sorted(listed, key=lambda point: point[0])))
)
ticks = st.floats(0.0, 22_000.0)
off_seconds = st.floats(-0.08, 0.08)


def ticks_off(tempo_map: TempoMap, tick: float, seconds_off: float, after: float, over: float = 0.25) -> float:
    """How far who steers is from the host, so many seconds of the clock later, in ticks."""
    way = steered(tempo_map, tick, seconds_off, over)
    ours = way.fractional_tick_at(way.seconds_at(tick) + after)
    return ours - tempo_map.fractional_tick_at(tempo_map.seconds_at(tick) + seconds_off + after)


@given(tempo_maps, ticks, off_seconds, st.floats(0.0, 30.0))
def test_from_the_meeting_on_it_is_where_the_host_is(
    tempo_map: TempoMap, tick: float, seconds_off: float, after: float
) -> None:
    met = max(0.25, abs(seconds_off) / MOST_STRETCH)
    slowest_tick = 60.0 / 30.0 / 960.0
    assert abs(ticks_off(tempo_map, tick, seconds_off, met + 2.0 * slowest_tick + after)) < 0.5


@given(tempo_maps, ticks, off_seconds)
def test_it_hurries_or_waits_no_more_than_it_may_and_never_runs_back(
    tempo_map: TempoMap, tick: float, seconds_off: float
) -> None:
    way = steered(tempo_map, tick, seconds_off, 0.25)
    for step in range(1, 120, 5):
        begins, ends = tick + step * 10, tick + step * 10 + 5
        own = tempo_map.seconds_at(ends) - tempo_map.seconds_at(begins)
        steered_seconds = way.seconds_at(ends) - way.seconds_at(begins)
        assert own / (1.0 + MOST_STRETCH) * 0.99 <= steered_seconds <= own / (1.0 - MOST_STRETCH) * 1.01


@given(tempo_maps, ticks, st.floats(0.0, 1.0))
def test_what_lies_before_and_far_behind_is_as_long_as_it_was(tempo_map: TempoMap, tick: float, part: float) -> None:
    way = steered(tempo_map, tick, 0.05, 0.25)
    for begins, ends in ((0.0, part * tick), (tick + 10_000.0, tick + 10_000.0 + 5_000.0 * part)):
        if ends < int(tick) or begins > tick:
            own = tempo_map.seconds_at(ends) - tempo_map.seconds_at(begins)
            assert way.seconds_at(ends) - way.seconds_at(begins) == pytest.approx(own, abs=0.002)


def test_who_is_not_off_keeps_the_projects_tempo() -> None:
    ramp = TempoMap((TempoPoint(0, 60.0, Ramp.LINEAR_IN_TIME), TempoPoint(9600, 180.0)))
    for after in (0.1, 0.25, 1.0, 5.0):
        assert abs(ticks_off(ramp, 3000.5, 0.0, after)) < 0.01
