from hypothesis import given
from hypothesis import strategies as st

from fakes.timelines import loops, timelines
from hitpoint.planner.horizon import Horizon, bars_to_commit, bars_to_compose, deadline
from hitpoint.score.session import Session
from hitpoint.timeline.host_event import Located, LoopChanged, Started
from hitpoint.timeline.loop import Loop
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
    assert deadline(SESSION, 3, 0.5, 100.0) is None


def test_a_deadline_is_the_bars_start_less_the_lead() -> None:
    rolling = SESSION.apply(Located(BAR, 100.0)).apply(Started(100.0))
    assert deadline(rolling, 3, 0.5, 100.0) == 103.5


@given(timelines, st.floats(0, 60_000))
def test_what_is_committed_is_also_composed(timeline: Timeline, tick: float) -> None:
    session, horizon = Session(timeline), Horizon()
    assert set(bars_to_commit(session, tick, horizon)) <= set(bars_to_compose(session, tick, horizon))


def looped(first: int, last: int, *, at: int = 0) -> Session:
    """Rolling from bar `at` at second 100, round bars `first` to `last`, all counted from 0."""
    session = SESSION.apply(LoopChanged(Loop(first * BAR, (last + 1) * BAR), 0.0))
    return session.apply(Located(at * BAR, 100.0)).apply(Started(100.0))


def test_in_a_loop_bars_run_to_its_end_and_then_from_its_start_each_once() -> None:
    assert tuple(bars_to_compose(looped(2, 5), 4.5 * BAR, Horizon())) == (4, 5, 2, 3)
    assert tuple(bars_to_commit(looped(2, 5), 5.5 * BAR, Horizon())) == (5, 2)
    assert tuple(bars_to_compose(looped(2, 5), 1.0 * BAR, Horizon())) == (1, 2, 3, 4, 5)


def test_beyond_the_loop_there_is_no_turn() -> None:
    assert bars_to_commit(looped(2, 5, at=6), 6.5 * BAR, Horizon()) == range(6, 8)


def test_a_hair_before_the_turn_is_the_loops_first_bar() -> None:
    assert bars_to_commit(looped(2, 5), 6 * BAR - 1e-6, Horizon())[0] == 2


def test_the_deadline_of_a_bar_that_is_over_is_in_the_next_turn() -> None:
    rolling = looped(0, 3)
    assert deadline(rolling, 1, 0.5, 105.0) == 109.5
    assert deadline(rolling, 3, 0.5, 105.0) == 105.5
    assert deadline(rolling, 1, 0.5, 121.0) == 125.5


def test_a_bar_that_has_begun_is_too_late_unless_it_comes_again_by_itself() -> None:
    assert deadline(looped(0, 3), 2, 0.5, 105.0) == 104.5
    assert deadline(looped(2, 2, at=2), 2, 0.5, 101.0) == 101.5


@given(timelines, loops(), st.data())
def test_in_any_loop_what_is_committed_is_composed_and_nothing_is_twice(
    timeline: Timeline, loop: Loop, data: st.DataObject
) -> None:
    session = Session(timeline).apply(LoopChanged(loop, 0.0))
    tick, horizon = data.draw(st.floats(0, loop.end, exclude_max=True)), Horizon()
    composed, committed = bars_to_compose(session, tick, horizon), bars_to_commit(session, tick, horizon)
    assert len(set(composed)) == len(composed) <= horizon.most_bars
    assert tuple(composed[: len(committed)]) == tuple(committed)
    inside = timeline.meter_map.bars_between(min(round(tick), loop.start), loop.end)
    assert set(composed) <= {bar.index for bar in inside}


def test_what_begins_inside_a_bar_has_a_deadline_of_its_own() -> None:
    rolling = SESSION.apply(Located(BAR, 100.0)).apply(Started(100.0))
    assert deadline(rolling, 1, 0.5, 100.0, from_tick=BAR + 1920) == 100.5
