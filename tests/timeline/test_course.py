from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.timelines import loops, tempo_maps
from hitpoint.timeline.course import Course
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

turns = st.integers(1, 1000)


@given(tempo_maps(), loops(), turns, st.data())
def test_place_at_is_the_inverse_of_seconds_at(tempo_map: TempoMap, loop: Loop, turn: int, data: st.DataObject) -> None:
    course, tick = Course(tempo_map, loop), data.draw(st.integers(loop.start, loop.end - 1))
    place = course.place_at(course.seconds_at(tick, turn))
    assert place.turn == turn
    assert place.tick == pytest.approx(tick, abs=1e-3)


@given(tempo_maps(), loops(), turns)
def test_a_turn_begins_where_the_one_before_ends(tempo_map: TempoMap, loop: Loop, turn: int) -> None:
    course = Course(tempo_map, loop)
    assert course.turn_at(turn) == pytest.approx(course.seconds_at(loop.end, turn - 1))
    assert course.place_at(course.turn_at(turn)) == (turn, pytest.approx(loop.start))
    assert course.off_at(loop.end + 500, turn - 1) == course.turn_at(turn)


@given(tempo_maps(), loops(), st.floats(0, 300))
def test_nobody_is_ever_at_the_loops_end(tempo_map: TempoMap, loop: Loop, seconds: float) -> None:
    assert Course(tempo_map, loop).place_at(seconds).tick < loop.end


@given(tempo_maps(), loops(), st.lists(st.floats(0, 300), min_size=2))
def test_places_follow_each_other_as_seconds_do(tempo_map: TempoMap, loop: Loop, seconds: list[float]) -> None:
    places = [Course(tempo_map, loop).place_at(second) for second in sorted(seconds)]
    assert all(one.turn < other.turn or one.tick <= other.tick + 1e-6 for one, other in pairwise(places))


def test_a_ramp_is_passed_anew_in_every_turn() -> None:
    ramp = TempoMap((TempoPoint(0, 60.0, Ramp.LINEAR_IN_TIME), TempoPoint(3840, 180.0)))
    course = Course(ramp, Loop(0, 3840))
    # 4 quarters at 120 on average.
    assert course.loop_seconds == pytest.approx(2.0)
    assert course.place_at(2.5).tick == pytest.approx(ramp.fractional_tick_at(0.5))


def test_without_a_loop_it_is_the_tempo_map() -> None:
    course = Course(TempoMap.constant(60))
    assert course.place_at(7.0) == (0, 7 * 960)
    assert course.off_at(960, 0) == 1.0
    assert course.nearest_turn(960.0, 50.0) == 0
