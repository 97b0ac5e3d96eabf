from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.scheduler.clock import LARGEST_DRIFT, ClockFit, MonotonicClock


def fitted(drift: float, offset: float, jitter: float, seconds: float = 16.0) -> ClockFit:
    """A clock that runs fast by `drift`, read four times a second by a reader that is up to `jitter` late."""
    fit, random = ClockFit(), Random(7)
    for number in range(int(seconds * 4)):
        here = 1000.0 + number / 4
        fit.add(here, offset + here * (1.0 + drift) + random.uniform(-jitter, jitter))
    return fit


def test_unfitted_clocks_are_the_same() -> None:
    assert ClockFit().there_at(12.5) == 12.5


def test_one_pair_gives_the_offset() -> None:
    fit = ClockFit()
    fit.add(100.0, 250.0)

    assert fit.there_at(101.0) == 251.0


@given(st.floats(-0.001, 0.001), st.floats(-1e5, 1e5))
def test_drift_is_followed_through_jitter(drift: float, offset: float) -> None:
    fit = fitted(drift, offset, jitter=20e-6)
    truth = offset + 1016.5 * (1.0 + drift)

    assert fit.there_at(1016.5) == pytest.approx(truth, abs=30e-6)


@given(st.floats(-0.01, 0.01), st.floats(900.0, 1200.0))
def test_there_and_back_is_where_one_was(drift: float, here: float) -> None:
    fit = fitted(drift, 77.0, jitter=1e-4)

    assert fit.here_at(fit.there_at(here)) == pytest.approx(here, abs=1e-9)


def test_a_drift_that_no_sound_card_has_is_not_believed() -> None:
    fit = fitted(0.1, 0.0, jitter=0.0)

    assert fit.there_at(1018.0) - fit.there_at(1017.0) == pytest.approx(1.0 + LARGEST_DRIFT)


def test_the_daemons_clock_does_not_run_back() -> None:
    clock = MonotonicClock()

    assert clock.now() <= clock.now()
