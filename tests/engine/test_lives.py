from hypothesis import given
from hypothesis import strategies as st

from hitpoint.engine.lives import SETTLED_SECONDS, WAITS_SECONDS, Lives


def test_the_first_death_is_answered_at_once():
    assert Lives().died(100.0).wait_seconds == 0.0
    assert Lives().died(0.0).wait_seconds == 0.0


def test_who_dies_again_and_again_waits_longer_and_longer_but_never_for_ever():
    lives, waits = Lives(), []
    for _ in range(20):
        lives = lives.died(0.0)
        waits.append(lives.wait_seconds)
    assert waits == sorted(waits)
    assert waits[-1] == max(WAITS_SECONDS)


@given(st.lists(st.floats(0.0, 10.0)))
def test_who_has_settled_is_started_again_at_once_whatever_was_before(lived):
    lives = Lives()
    for seconds in lived:
        lives = lives.died(seconds)
    assert lives.died(SETTLED_SECONDS).wait_seconds == 0.0
    assert lives.deaths == len(lived)
