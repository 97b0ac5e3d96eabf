from hypothesis import given
from hypothesis import strategies as st

from fakes.timelines import timelines
from hitpoint.planner.horizon import Horizon, bars_to_commit, bars_to_compose, deadline
from hitpoint.score.session import Session
from hitpoint.timeline.host_event import Located, Started
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

BAR = 3840
SESSION = Session()
"""120 bpm, 4/4: a bar lasts two seconds."""


def test_composing_looks_so_many_seconds_ahead() -> None:
    assert bars_to_compose(SESSION, 0.0, Horizon(compose_seconds=10.0, compose_bars=1)) == range(6)


def test_the_bar_at_the_position_comes_first() -> None:
    assert bars_to_compose(SESSION, 5.5 * BAR, Horizon())[0] == 5
    assert bars_to_commit(SESSION, 5.5 * BAR, Horizon())[0] == 5


def test_a_hair_before_a_bar_line_is_the_bar() -> None:
    assert bars_to_commit(SESSION, 5 * BAR - 1e-6, Horizon())[0] == 5


def test_where_bars_are_long_a_few_are_ahead_all_the_same() -> None:
    slow = Session(Timeline(TempoMap.constant(20), MeterMap.constant(12, 4)))
    assert bars_to_compose(slow, 0.0, Horizon()) == range(6)
    assert bars_to_commit(slow, 0.0, Horizon()) == range(2)


def test_where_bars_are_tiny_they_are_not_without_number() -> None:
    tiny = Session(Timeline(TempoMap.constant(300), MeterMap.constant(1, 32)))
    assert len(bars_to_compose(tiny, 0.0, Horizon())) == Horizon().most_bars


def test_before_the_start_is_the_start() -> None:
    assert bars_to_commit(SESSION, -500.0, Horizon())[0] == 0


def test_there_is_no_deadline_while_the_transport_stands() -> None:
    assert deadline(SESSION, 3, 0.5) is None


def test_a_deadline_is_the_bars_start_less_the_lead() -> None:
    rolling = SESSION.apply(Located(BAR, 100.0)).apply(Started(100.0))
    assert deadline(rolling, 3 * BAR, 0.5) == 103.5


@given(timelines, st.floats(0, 60_000))
def test_what_is_committed_is_also_composed(timeline: Timeline, tick: float) -> None:
    session, horizon = Session(timeline), Horizon()
    assert set(bars_to_commit(session, tick, horizon)) <= set(bars_to_compose(session, tick, horizon))
