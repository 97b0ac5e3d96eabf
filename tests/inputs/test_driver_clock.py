"""Stamps are the driver's, however late a callback is."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.inputs.driver_clock import MEMORY_SECONDS, DriverClock

PULSE = 0.02


def test_pulses_that_are_handed_over_late_are_stamped_evenly() -> None:
    random, clock = Random(1), DriverClock()
    stamps = [
        clock.stamp(PULSE if number else 0.0, 50.0 + number * PULSE + random.expovariate(1 / 0.001))
        for number in range(500)
    ]
    steps = [there - here for here, there in pairwise(stamps[100:])]
    assert max(steps) - min(steps) < 0.0002
    assert stamps[-1] == pytest.approx(50.0 + 499 * PULSE, abs=0.0002)


def test_a_drivers_clock_that_drifts_is_followed() -> None:
    clock = DriverClock()
    for number in range(200_000):
        stamp = clock.stamp(PULSE * 1.00005, number * PULSE)
    assert stamp == pytest.approx(199_999 * PULSE, abs=MEMORY_SECONDS * 0.00005 + 1e-6)


@given(st.lists(st.tuples(st.floats(0.0, 10.0), st.floats(0.0, 0.1)), max_size=100))
def test_no_stamp_is_later_than_the_arrival(script: list[tuple[float, float]]) -> None:
    clock, now = DriverClock(), 0.0
    for delta, lag in script:
        now += delta
        assert clock.stamp(delta, now + lag) <= now + lag + 1e-9
