"""Where a host is, from reports that are off by jitter or come late. Pure: no scheduler, no bytes."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitpoint.scheduler.clock_follower import ClockState
from hitpoint.scheduler.position_follower import PositionFollower

QUARTER = 0.01
"""Seconds between quarter frames at 25 a second."""


def stamped(
    follower: PositionFollower, since: float, count: int, jitter: float, seed: int = 0, speed: float = 1.0
) -> float:
    """Hear time code that is at 0 at `since`. Returns when it was heard last."""
    random, at = Random(seed), since
    for number in range(count):
        at = since + number * QUARTER / speed
        follower.hear(number * QUARTER, at + random.gauss(0.0, jitter))
    return at


@given(st.sampled_from((0.0001, 0.001, 0.005)), st.integers(0, 1000), st.floats(0.998, 1.002))
def test_time_code_is_followed_closer_than_its_stamps(jitter: float, seed: int, speed: float) -> None:
    follower = PositionFollower(delayed=False)
    at = stamped(follower, 5.0, 800, jitter, seed, speed)
    line = follower.line
    assert line is not None
    assert line.seconds_at(at) == pytest.approx((at - 5.0) * speed, abs=0.7 * jitter)
    assert follower.state_at(at) is ClockState.LOCKED
    assert 250.0 * jitter < follower.jitter_ms < 2000.0 * jitter


def test_a_few_late_stamps_do_not_move_it() -> None:
    follower = PositionFollower(delayed=False)
    at = stamped(follower, 0.0, 400, 0.0002)
    before = follower.line
    for number in range(400, 405):
        # A driver that held five of them back hands them over at once.
        follower.hear(number * QUARTER, 4.06)
    assert before is not None
    assert follower.line is not None
    assert follower.line.seconds_at(at) == pytest.approx(before.seconds_at(at), abs=0.002)


def test_after_hours_it_is_as_near_as_after_seconds() -> None:
    """Sums that are kept for long must not lose their last digits."""
    follower = PositionFollower(delayed=False)
    random, begins = Random(1), 3_000_000.0
    at = begins
    for number in range(60_000):
        at = begins + number * QUARTER
        follower.hear(8000.0 + number * QUARTER, at + random.gauss(0.0, 0.0002))
    assert follower.line is not None
    assert follower.line.seconds_at(at) == pytest.approx(8000.0 + at - begins, abs=0.0002)


def test_a_jump_is_believed_when_eight_stamps_agree_on_it() -> None:
    follower = PositionFollower(delayed=False)
    stamped(follower, 0.0, 100, 0.0005)
    for number in range(8):
        at = 1.0 + number * QUARTER
        assert follower.line is not None
        assert follower.line.seconds_at(at) == pytest.approx(at, abs=0.003)
        follower.hear(50.0 + number * QUARTER, at)
    assert follower.line is not None
    assert follower.line.seconds_at(2.0) == pytest.approx(51.0, abs=0.003)


def test_it_stops_when_nothing_more_comes_where_it_was_heard_last() -> None:
    follower = PositionFollower(delayed=False)
    at = stamped(follower, 0.0, 200, 0.0)
    follower.look(at + 0.2)
    assert follower.state_at(at + 0.2) is ClockState.FREEWHEELING
    follower.look(at + 0.3)
    assert not follower.rolling
    assert follower.place == pytest.approx(199 * QUARTER)
    assert follower.state_at(at + 0.3) is ClockState.STOPPED


@given(st.floats(0.01, 0.1), st.integers(0, 1000))
def test_reports_that_come_late_never_make_it_early(delay: float, seed: int) -> None:
    follower, random = PositionFollower(delayed=True), Random(seed)
    for number in range(150):
        at = number / 15 + random.uniform(0.0, delay)
        follower.hear(number / 15, at)
        assert follower.line is not None
        assert -delay - 0.001 <= follower.line.seconds_at(at) - at <= 1e-9
    # As late as the earliest of the last ones.
    assert follower.line is not None
    assert follower.line.seconds_at(10.0) > 10.0 - 0.15 * delay - 0.001


def test_a_report_from_ahead_is_a_jump_at_once_and_one_from_behind_when_it_is_said_again() -> None:
    follower = PositionFollower(delayed=True)
    for number in range(30):
        follower.hear(number / 15, number / 15)
    follower.hear(2.5, 2.0)
    assert follower.line is not None
    assert follower.line.seconds_at(2.0) == pytest.approx(2.5)
    follower.hear(2.5 + 1 / 15 - 0.4, 2.0 + 1 / 15)
    assert follower.line.seconds_at(2.0) == pytest.approx(2.5)
    for number in (2, 3):
        follower.hear(2.1 + number / 15, 2.0 + number / 15)
    assert follower.line is not None
    assert follower.line.seconds_at(2.0) == pytest.approx(2.1, abs=0.001)


def test_a_host_that_was_held_up_for_a_moment_is_found_within_two_seconds() -> None:
    follower, random = PositionFollower(delayed=True), Random(3)
    for number in range(300):
        lag = 0.0 if number < 150 else 0.06
        follower.hear(number / 15 - lag, number / 15 + random.uniform(0.0, 0.02))
    assert follower.line is not None
    assert follower.line.seconds_at(20.0) == pytest.approx(20.0 - 0.06, abs=0.006)
    for number in range(300, 335):
        follower.hear(number / 15 - 0.12, number / 15 + random.uniform(0.0, 0.02))
    assert follower.line.seconds_at(20.0) == pytest.approx(20.0 - 0.12, abs=0.006)


@given(st.floats(0.02, 0.1), st.floats(0.02, 0.07), st.integers(1, 3), st.integers(0, 1000))
def test_a_host_that_began_a_little_elsewhere_is_found_within_four_seconds(
    delay: float, ahead: float, before: int, seed: int
) -> None:
    """So little that one report cannot tell it from a late one; all that follow can."""
    follower, random = PositionFollower(delayed=True), Random(seed)
    for number in range(60 + before):
        seconds = number / 15 + (ahead if number < before else 0.0)
        follower.hear(seconds, number / 15 + random.uniform(0.0, delay))
    assert follower.line is not None
    assert abs(follower.line.seconds_at(4.0) - 4.0) < max(0.02, 0.3 * delay)


@given(st.floats(0.001, 0.1), st.sampled_from((0.1, 1 / 15, 1 / 30)), st.integers(0, 1000))
@settings(max_examples=25)
def test_an_early_report_is_not_given_up_by_chance(delay: float, every: float, seed: int) -> None:
    follower, random = PositionFollower(delayed=True), Random(seed)
    for number in range(600):
        at = number * every
        follower.hear(at, at + random.uniform(0.0, delay))
        if number >= 100:
            assert follower.line is not None
            assert follower.line.seconds_at(at) > at - 0.2 * delay - 0.0005


def test_a_host_that_says_that_it_stands_stands_there() -> None:
    follower = PositionFollower(delayed=True)
    assert follower.place is None
    follower.hear(1.0, 0.0)
    assert follower.place is None
    follower.hear(4.0, 0.5, rolling=False)
    assert (follower.rolling, follower.place) == (False, 4.0)


def test_a_turn_of_a_loop_leaves_it_as_near_as_it_was() -> None:
    follower = PositionFollower(delayed=True)
    for number in range(60):
        follower.hear(number / 15, number / 15 + (0.05 if number % 10 else 0.0), loop_seconds=4.0)
    follower.hear(0.0, 4.05, loop_seconds=4.0)
    assert follower.line is not None
    assert follower.line.seconds_at(4.05) == pytest.approx(0.05, abs=0.001)
