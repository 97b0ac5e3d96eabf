from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.timelines import tempo_maps
from hitpoint.timeline.host_event import Followed, Located, Started, Stopped, TransportEvent
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
