from itertools import pairwise, product
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.timelines import loops, tempo_maps
from hitpoint.timeline.host_event import Followed, Located, Started, Stopped, TransportEvent
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.transport import NEXT_STATE, Transport, TransportState, start_at

STEADY = TempoMap.constant(120)
EVENTS = (Started, Stopped, Located, Followed)


def told(kind: type, tick: int, at: float) -> TransportEvent:
    event: TransportEvent = Started(at) if kind is Started else kind(tick, at)
    return event


def test_every_state_has_an_answer_to_every_event() -> None:
    assert set(NEXT_STATE) == set(product(TransportState, EVENTS))


def test_a_started_transport_moves_at_the_maps_speed() -> None:
    rolling = Transport().apply(Started(10.0), STEADY)
    assert rolling.rolling
    assert rolling.tick_at(11.0, STEADY) == 1920


def test_a_stopped_transport_stands() -> None:
    standing = Transport().apply(Started(0.0), STEADY).apply(Stopped(960, 0.5), STEADY)
    assert not standing.rolling
    assert standing.tick_at(99.0, STEADY) == 960


def test_a_locate_moves_a_rolling_transport_and_it_rolls_on() -> None:
    there = Transport().apply(Started(0.0), STEADY).apply(Located(9600, 1.0), STEADY)
    assert there.rolling
    assert there.tick_at(1.5, STEADY) == 9600 + 960


def test_a_locate_of_a_stopped_transport_starts_nothing() -> None:
    assert Transport().apply(Located(9600, 1.0), STEADY) == Transport(TransportState.STOPPED, 9600, 1.0)


def test_a_second_start_keeps_the_position() -> None:
    once = Transport().apply(Started(0.0), STEADY)
    assert once.apply(Started(1.0), STEADY).tick_at(2.0, STEADY) == once.tick_at(2.0, STEADY)


def test_a_start_from_another_place_is_a_locate_then_a_start() -> None:
    transport = Transport()
    for event in start_at(9600, 5.0):
        transport = transport.apply(event, STEADY)
    assert transport.tick_at(5.5, STEADY) == 9600 + 960


def test_another_tempo_map_takes_hold_where_the_transport_is() -> None:
    rolling = Transport().apply(Started(0.0), STEADY).anchored_at(1.0, STEADY)
    slow = TempoMap.constant(60)
    assert rolling.tick_at(1.0, slow) == 1920
    assert rolling.tick_at(2.0, slow) == 1920 + 960


LOOPED = Transport(TransportState.ROLLING, 960, 100.0, Loop(1920, 3840))


def test_a_looped_transport_turns_at_the_loops_end() -> None:
    assert [LOOPED.tick_at(100.0 + second, STEADY) for second in (0, 1, 1.5, 2, 2.5)] == [960, 2880, 1920, 2880, 1920]


@pytest.mark.parametrize("tick", [3840, 4800])
def test_a_transport_at_the_loops_end_or_beyond_rolls_on(tick: int) -> None:
    beyond = LOOPED.apply(Located(tick, 101.0), STEADY)
    assert beyond.turning is None
    assert beyond.tick_at(103.0, STEADY) == tick + 3840


def test_a_jump_back_turns_again() -> None:
    assert LOOPED.apply(Located(9600, 101.0), STEADY).apply(Located(0, 102.0), STEADY).tick_at(104.5, STEADY) == 2880


def test_a_stop_a_hair_before_the_turn_is_at_the_loops_start() -> None:
    assert LOOPED.whole_tick_at(101.5 - 1e-4, STEADY) == 1920


def test_the_clock_of_a_tick_in_the_loop_is_the_next_one() -> None:
    assert LOOPED.clock_at(2880, STEADY) == 101.0
    assert LOOPED.clock_at(2880, STEADY, after=101.0) == 101.0
    assert LOOPED.clock_at(2880, STEADY, after=101.1) == 102.0
    assert LOOPED.clock_at(3840, STEADY) == inf
    assert LOOPED.clock_at(0, STEADY) == 99.5


def test_what_is_still_to_begin_is_not_told_from_before() -> None:
    assert LOOPED.anchored_at(99.0, STEADY) == LOOPED


@given(tempo_maps(), loops(), st.data())
def test_in_a_loop_too_clock_at_is_the_inverse_of_tick_at(tempo_map: TempoMap, loop: Loop, data: st.DataObject) -> None:
    tick, other = data.draw(st.integers(0, loop.end - 1)), data.draw(st.integers(loop.start, loop.end - 1))
    after = 100.0 + data.draw(st.floats(0, 60))
    rolling = Transport(TransportState.ROLLING, tick, 100.0, loop)
    at = rolling.clock_at(other, tempo_map, after)
    assert at >= after - 1e-3
    assert rolling.tick_at(at, tempo_map) == pytest.approx(other, abs=1e-3)


@given(tempo_maps(), loops(), st.floats(0, 60), st.data())
def test_anchoring_elsewhere_is_the_same_motion_round_a_loop(
    tempo_map: TempoMap, loop: Loop, later: float, data: st.DataObject
) -> None:
    rolling = Transport(TransportState.ROLLING, data.draw(st.integers(0, loop.end - 1)), 100.0, loop)
    anchored = rolling.anchored_at(100.0 + later, tempo_map)
    here, there = (one.tick_at(170.0, tempo_map) for one in (rolling, anchored))
    assert min(abs(here - there), loop.end - loop.start - abs(here - there)) < 1e-3


@given(tempo_maps(), st.integers(0, 60_000), st.integers(0, 60_000))
def test_clock_at_is_the_inverse_of_tick_at(tempo_map: TempoMap, tick: int, other: int) -> None:
    rolling = Transport(TransportState.ROLLING, tick, 100.0)
    assert rolling.tick_at(rolling.clock_at(other, tempo_map), tempo_map) == pytest.approx(other, abs=1e-3)


@given(tempo_maps(), st.integers(0, 60_000), st.floats(0, 60))
def test_anchoring_elsewhere_is_the_same_motion(tempo_map: TempoMap, tick: int, later: float) -> None:
    rolling = Transport(TransportState.ROLLING, tick, 100.0)
    anchored = rolling.anchored_at(100.0 + later, tempo_map)
    assert anchored.tick_at(170.0, tempo_map) == pytest.approx(rolling.tick_at(170.0, tempo_map), abs=1e-3)


@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 60_000), st.floats(0.001, 5)), max_size=30))
def test_no_script_puts_the_transport_where_it_has_no_answer(script: list[tuple[type, int, float]]) -> None:
    transport, at = Transport(), 0.0
    for kind, tick, wait in script:
        at += wait
        transport = transport.apply(told(kind, tick, at), STEADY)
        assert transport.rolling == (transport.state is TransportState.ROLLING)
        if kind is not Started:
            assert transport.tick_at(at, STEADY) == tick
        ahead = [transport.tick_at(at + second, STEADY) for second in (0, 1, 2)]
        assert all(one <= other for one, other in pairwise(ahead))
