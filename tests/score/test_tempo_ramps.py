import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.timelines import LAST_TICK, tempo_maps
from hitpoint.score.tempo_ramps import LARGEST_DRIFT, with_ramps
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

kinds = st.sampled_from([Ramp.LINEAR_IN_BEATS, Ramp.LINEAR_IN_TIME])


@given(tempo_maps(), kinds, st.sets(st.integers(0, LAST_TICK), max_size=4), st.integers(0, LAST_TICK + 5000))
def test_only_one_kind_of_ramp_is_left_and_the_clock_stays(
    tempo_map: TempoMap, kind: Ramp, at: set[int], tick: int
) -> None:
    made = with_ramps(tempo_map, kind, at)
    assert {point.ramp for point in made.points} <= {Ramp.STEP, kind}
    assert {0, *at, *(point.tick for point in tempo_map.points)} <= {point.tick for point in made.points}
    ramps = sum(point.ramp not in (Ramp.STEP, kind) and point.tick <= tick for point in tempo_map.points)
    assert made.seconds_at(tick) == pytest.approx(tempo_map.seconds_at(tick), abs=1e-9 + ramps * LARGEST_DRIFT)
    for point in tempo_map.points:
        assert made.bpm_at(point.tick) == pytest.approx(point.bpm)


@given(tempo_maps(), kinds)
def test_a_map_with_no_other_kind_of_ramp_stays_as_it_is(tempo_map: TempoMap, kind: Ramp) -> None:
    points = [
        TempoPoint(point.tick, point.bpm, Ramp.STEP if point.ramp is Ramp.STEP else kind) for point in tempo_map.points
    ]
    first = [] if points[0].tick == 0 else [TempoPoint(0, points[0].bpm)]
    made = with_ramps(TempoMap(tuple(points)), kind)
    assert [(point.tick, point.ramp) for point in made.points[:-1]] == [
        (point.tick, point.ramp) for point in (*first, *points)
    ][:-1]
