import random

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.engine.pace import Pace

durations = st.lists(st.tuples(st.integers(1, 16), st.floats(0.001, 20.0)), min_size=1, max_size=40)


def after(answers: list[tuple[int, float]]) -> Pace:
    pace = Pace()
    for parts, seconds in answers:
        pace = pace.after(parts, seconds)
    return pace


@given(durations)
def test_more_parts_never_take_less(answers: list[tuple[int, float]]) -> None:
    pace = after(answers)
    assert 0 < pace.seconds_for(1) <= pace.seconds_for(4) <= pace.seconds_for(8)


@given(durations)
def test_an_answer_that_took_long_is_expected_to_take_long_again(answers: list[tuple[int, float]]) -> None:
    parts, seconds = answers[-1]
    assert after(answers).seconds_for(parts) >= seconds


@given(st.floats(0.01, 5.0))
def test_a_steady_model_is_soon_believed_to_be_steady(seconds: float) -> None:
    assert seconds <= after([(4, seconds)] * 60).seconds_for(4) < 1.2 * seconds


def test_a_machine_that_gets_busy_is_believed_at_once_and_one_that_gets_idle_slowly() -> None:
    steady = after([(4, 0.1)] * 60)
    assert steady.after(4, 0.4).seconds_for(4) > 0.4
    busy = after([(4, 0.1)] * 60 + [(4, 0.4)] * 5)
    assert busy.after(4, 0.1).seconds_for(4) > 0.4


def test_hardly_an_answer_takes_longer_than_was_expected() -> None:
    source = random.Random(1)
    pace, longer = Pace(), 0
    for _ in range(2000):
        seconds = source.lognormvariate(-2.5, 0.3)
        longer += seconds > pace.seconds_for(4)
        pace = pace.after(4, seconds)
    assert longer < 20
    assert pace.seconds_for(4) < 0.4


def test_nothing_is_said_to_be_expected_before_the_first_answer() -> None:
    assert Pace().expected_seconds == 0.0
    assert Pace().after(4, 0.2).expected_seconds > 0.2
