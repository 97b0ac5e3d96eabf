from itertools import pairwise
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.timelines import LAST_TICK, tempo_maps
from hitpoint.errors import HostError
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

BAR = 3840


def ramped(ramp: Ramp, first: float = 60, last: float = 120, ticks: int = 4 * BAR) -> TempoMap:
    return TempoMap((TempoPoint(0, first, ramp), TempoPoint(ticks, last)))


# Laws


@given(tempo_maps(), st.integers(0, 4 * LAST_TICK))
def test_tick_to_second_to_tick_is_the_same_tick(tempo_map: TempoMap, tick: int) -> None:
    assert tempo_map.tick_at(tempo_map.seconds_at(tick)) == tick


@given(tempo_maps(), st.floats(0, 300))
def test_second_to_tick_to_second_is_the_same_second(tempo_map: TempoMap, seconds: float) -> None:
    assert tempo_map.seconds_at(tempo_map.fractional_tick_at(seconds)) == pytest.approx(seconds, abs=1e-7)


@given(tempo_maps(), st.integers(-BAR, 2 * LAST_TICK), st.integers(1, BAR))
def test_time_never_runs_back(tempo_map: TempoMap, tick: int, more: int) -> None:
    assert tempo_map.seconds_at(tick + more) > tempo_map.seconds_at(tick)


@given(tempo_maps(), st.integers(0, 2 * LAST_TICK), st.integers(1, BAR))
def test_a_span_lasts_between_what_its_fastest_and_its_slowest_tempo_give(
    tempo_map: TempoMap, tick: int, ticks: int
) -> None:  # fmt: skip
    tempi = [tempo_map.bpm_at(tick + ticks * part / 200) for part in range(201)]
    tempi += [point.bpm for point in tempo_map.points if tick <= point.tick <= tick + ticks]
    seconds = tempo_map.seconds_at(tick + ticks) - tempo_map.seconds_at(tick)
    assert ticks / 960 * 60 / (max(tempi) * 1.01) <= seconds
    # A step inside the span may have been passed over by the 200 samples; its neighbours are among the points.
    before = [one.bpm for one, other in pairwise(tempo_map.points) if one.tick <= tick + ticks and other.tick >= tick]
    assert seconds <= ticks / 960 * 60 / (min([*tempi, *before]) * 0.99)


@given(tempo_maps(), st.integers(0, 2 * LAST_TICK), st.integers(0, 4 * BAR))
def test_no_tempo_of_a_span_lies_beyond_its_extremes(tempo_map: TempoMap, tick: int, ticks: int) -> None:
    slowest, fastest = tempo_map.extremes(tick, tick + ticks)
    tempi = [tempo_map.bpm_at(tick + ticks * part / 200) for part in range(201)]
    assert slowest * (1 - 1e-9) <= min(tempi)
    assert max(tempi) <= fastest * (1 + 1e-9)
    points = {tick, tick + ticks, *(point.tick for point in tempo_map.points if tick <= point.tick <= tick + ticks)}
    assert {slowest, fastest} <= {tempo_map.bpm_at(point) for point in points}


@given(tempo_maps(), st.integers(0, LAST_TICK), st.floats(-2, 2))
def test_ticks_in_is_the_way_that_many_seconds_on(tempo_map: TempoMap, tick: int, seconds: float) -> None:
    there = tick + tempo_map.ticks_in(seconds, tick)
    fastest = max(point.bpm for point in tempo_map.points)
    assert there == pytest.approx(tempo_map.fractional_tick_at(tempo_map.seconds_at(tick) + seconds), abs=0.51)
    assert abs(there - tick) <= abs(seconds) * fastest / 60 * 960 + 1


@given(tempo_maps())
def test_every_point_has_its_tempo_on_its_tick(tempo_map: TempoMap) -> None:
    for point in tempo_map.points:
        assert tempo_map.bpm_at(point.tick) == pytest.approx(point.bpm)


@given(tempo_maps())
def test_seconds_are_continuous_over_every_point(tempo_map: TempoMap) -> None:
    for point in tempo_map.points:
        if point.tick > 0:
            before, after = (tempo_map.seconds_at(point.tick + step) for step in (-1e-6, 1e-6))
            assert 0 < after - before < 1e-7


# Examples


def test_a_steady_tempo_lasts_as_long_as_everyone_says() -> None:
    assert TempoMap.constant(120).seconds_at(BAR) == 2.0
    assert TempoMap.constant(97.5).seconds_at(960) == pytest.approx(60 / 97.5)


def test_a_step_takes_hold_on_its_tick() -> None:
    tempo_map = TempoMap((TempoPoint(0, 120), TempoPoint(BAR, 60)))
    assert tempo_map.seconds_at(2 * BAR) == 6.0
    assert [tempo_map.bpm_at(tick) for tick in (BAR - 1, BAR)] == [120, 60]


def test_a_ramp_in_beats_is_a_logarithm_of_time() -> None:
    # 16 quarters from 1 to 2 quarters a second: the integral of 1 / (1 + x / 16) is 16 ln 2.
    assert ramped(Ramp.LINEAR_IN_BEATS).seconds_at(4 * BAR) == pytest.approx(16 * log(2))
    assert ramped(Ramp.LINEAR_IN_BEATS).bpm_at(2 * BAR) == pytest.approx(90)


def test_a_ramp_in_time_lasts_as_its_mean_tempo_says() -> None:
    tempo_map = ramped(Ramp.LINEAR_IN_TIME)
    assert tempo_map.seconds_at(4 * BAR) == pytest.approx(16 / 1.5)
    assert tempo_map.bpm_at(tempo_map.fractional_tick_at(16 / 1.5 / 2)) == pytest.approx(90)


@pytest.mark.parametrize("ramp", [Ramp.LINEAR_IN_BEATS, Ramp.LINEAR_IN_TIME])
def test_a_ramp_agrees_with_adding_up_small_steps(ramp: Ramp) -> None:
    tempo_map = ramped(ramp, 140, 50)
    added = sum(60 / tempo_map.bpm_at(tick + 0.5) / 960 for tick in range(4 * BAR))
    assert tempo_map.seconds_at(4 * BAR) == pytest.approx(added, rel=1e-8)


@pytest.mark.parametrize("ramp", list(Ramp))
def test_a_ramp_between_equal_tempi_is_steady(ramp: Ramp) -> None:
    assert ramped(ramp, 90, 90).seconds_at(BAR) == pytest.approx(TempoMap.constant(90).seconds_at(BAR))


@pytest.mark.parametrize("ramp", [Ramp.LINEAR_IN_BEATS, Ramp.LINEAR_IN_TIME])
def test_a_ramp_that_hardly_rises_loses_no_precision(ramp: Ramp) -> None:
    tempo_map = ramped(ramp, 120, 120 + 1e-9)
    assert tempo_map.tick_at(tempo_map.seconds_at(3 * BAR + 17)) == 3 * BAR + 17


def test_before_the_first_point_and_after_the_last_their_tempi_hold() -> None:
    tempo_map = TempoMap((TempoPoint(BAR, 60), TempoPoint(2 * BAR, 120, Ramp.LINEAR_IN_BEATS)))
    assert tempo_map.seconds_at(BAR) == 4.0
    assert tempo_map.bpm_at(0) == 60
    assert tempo_map.bpm_at(-100) == 60
    assert tempo_map.seconds_at(-960) == -1.0
    assert tempo_map.bpm_at(9 * BAR) == 120


@pytest.mark.parametrize("ramp", [Ramp.LINEAR_IN_BEATS, Ramp.LINEAR_IN_TIME])
def test_before_a_ramp_its_first_tempo_holds(ramp: Ramp) -> None:
    # Run backwards, this ramp would come to a halt one quarter before the start.
    tempo_map = ramped(ramp, 60, 120, 960)
    assert tempo_map.seconds_at(-1920) == -2.0
    assert tempo_map.fractional_tick_at(-2.0) == -1920
    assert tempo_map.ticks_in(-2.0, 0) == -1920


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ((), "empty"),
        ((TempoPoint(0, 0),), "outside"),
        ((TempoPoint(0, float("nan")),), "outside"),
        ((TempoPoint(0, float("inf")),), "outside"),
        ((TempoPoint(-1, 120),), "before the timeline"),
        ((TempoPoint(0, 120), TempoPoint(0, 90)), "out of order"),
    ],
)
def test_a_map_that_cannot_be_played_is_refused(points: tuple[TempoPoint, ...], message: str) -> None:
    with pytest.raises(HostError, match=message):
        TempoMap(points)


def test_maps_are_equal_when_their_points_are() -> None:
    assert TempoMap.constant(90) == TempoMap((TempoPoint(0, 90),))
    assert hash(TempoMap.constant(90)) == hash(TempoMap((TempoPoint(0, 90),)))


def test_another_tempo_from_a_tick_on_holds_until_the_next_change() -> None:
    tempo_map = TempoMap((TempoPoint(1920, 90), TempoPoint(9600, 60))).from_tick(3840, 120)
    assert [tempo_map.bpm_at(tick) for tick in (0, 1920, 3839, 3840, 9599, 9600)] == [90, 90, 90, 120, 120, 60]
    assert tempo_map.from_tick(3840, 110).bpm_at(3840) == 110
    assert TempoMap((TempoPoint(1920, 90),)).from_tick(960, 120).bpm_at(0) == 90
