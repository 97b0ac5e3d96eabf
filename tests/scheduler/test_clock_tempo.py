"""A tempo map that goes where the master goes, from wherever we are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.scheduler.clock_line import ClockLine
from hitpoint.scheduler.clock_tempo import TICKS_PER_PULSE, tempo_map_towards

PULSE = 1 / 40
"""Seconds, at 100 bpm."""

lines = st.builds(
    ClockLine,
    index=st.floats(100.0, 1e5),
    at=st.just(1000.0),
    period=st.floats(60 / 490 / 24, 60 / 25 / 24),
    pulses=st.just(48),
)


def seconds_between(line: ClockLine, tick: float, at: float, later: float) -> float:
    """From `at` to when the map has `later`."""
    tempo_map = tempo_map_towards(line, tick, at)
    return tempo_map.seconds_at(later) - tempo_map.seconds_at(tick)


@given(lines, st.floats(-3.0, 3.0), st.floats(0.0, 0.2))
def test_it_is_on_the_line_after_the_catch_up_and_stays_there(line: ClockLine, off: float, after: float) -> None:
    at = line.at + after
    tick = (line.index_at(at) + off) * TICKS_PER_PULSE
    for pulses in (9, 10, 100, 1000):
        later = tick + pulses * TICKS_PER_PULSE
        reached = at + seconds_between(line, tick, at, later)
        assert reached == pytest.approx(line.seconds_at(later / TICKS_PER_PULSE), abs=1e-6)


@given(lines, st.floats(-3.0, 3.0))
def test_it_goes_forward_at_half_to_twice_the_masters_speed(line: ClockLine, off: float) -> None:
    tick = (line.index + off) * TICKS_PER_PULSE
    for ticks in range(1, 200, 7):
        at_the_masters = ticks / TICKS_PER_PULSE * line.period
        # A whole tick at the end of the catch-up may be a little off either speed.
        assert 0.45 * at_the_masters <= seconds_between(line, tick, line.at, tick + ticks) <= 2.2 * at_the_masters


def test_who_is_on_the_line_goes_on_along_it() -> None:
    line = ClockLine(96.0, 2.4, PULSE, 48)
    for ticks in (1, 10, 19, 40, 4000):
        assert seconds_between(line, 3840.0, 2.4, 3840 + ticks) == pytest.approx(ticks / TICKS_PER_PULSE * PULSE)


def test_beyond_the_limits_of_a_map_there_is_still_one() -> None:
    for bpm in (10.0, 1000.0):
        for off in (-100.0, 100.0):
            tempo_map_towards(ClockLine(200.0, 0.0, 60 / bpm / 24, 48), (200.0 + off) * TICKS_PER_PULSE, 0.0)
