"""Which session a bar is heard in: this turn's of a loop, or the next one's."""

import pytest

from hitpoint.engine.heard import Heard
from hitpoint.planner.wishes import event_of, turned
from hitpoint.score.session import Session
from hitpoint.score.state import States
from hitpoint.score.when import When
from hitpoint.score.wish import StateAsked
from hitpoint.timeline.host_event import Located, LoopChanged, Started
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

BAR = 3840


def looping(start: int, end: int, when: When | None, at: float) -> Session:
    """Rolling round a loop at 120 bpm; a state called from `at` on for the next such point, if any."""
    timeline = Timeline(TempoMap.constant(120.0), markers=(Marker(0, "1m01 calm, strings, D minor"),))
    session = Session(timeline, states=States((("chase", "furious, brass"),)))
    for event in (Located(start, 0.0), LoopChanged(Loop(start, end), 0.0), Started(0.0)):
        session = session.apply(event)
    return session if when is None else session.apply(event_of(session, at, StateAsked("chase", when)))


def seen(session: Session, *ticks: float) -> Heard:
    heard = Heard()
    for tick in ticks:
        heard.look(session, tick)
    return heard


def test_what_is_over_in_this_turn_is_heard_in_the_next_and_the_rest_in_this() -> None:
    session = looping(0, 4 * BAR, When.BAR, BAR + 100.0)
    heard = seen(session, 2 * BAR + 10.0)
    assert [heard.in_bar(session, index) is session for index in range(4)] == [False, False, True, True]
    assert heard.in_bar(session, 0) == turned(session)


def test_a_hair_before_the_turn_all_of_it_is_the_next_ones() -> None:
    session = looping(0, 4 * BAR, When.BAR, BAR + 100.0)
    heard = seen(session, 4 * BAR - 0.2)
    assert not [index for index in range(4) if heard.in_bar(session, index) is session]


def test_without_a_wish_or_a_loop_there_is_one_session() -> None:
    session = looping(0, 2 * BAR, None, 0.0)
    assert seen(session, BAR + 10.0).in_bar(session, 0) is session
    free = looping(0, 4 * BAR, When.BAR, BAR + 100.0).apply(LoopChanged(None, 1.0))
    assert seen(free, 3 * BAR + 10.0).in_bar(free, 0) is free


def test_a_bar_that_is_its_own_next_one_is_written_for_the_next_turn_once_nothing_is_to_come_in_this() -> None:
    session = looping(0, BAR, When.BEAT, 1000.0)
    (comes,) = session.states.turns()
    assert seen(session, comes - 20.0, comes - 10.0).ahead is None
    heard = seen(session, comes + 10.0, comes + 20.0)
    assert heard.ahead == 0
    assert heard.in_bar(session, 0) == turned(session)
    assert heard.now(session, 0) is session


@pytest.mark.parametrize(("end", "own"), [(BAR + 60, True), (2 * BAR, False)])
def test_a_loop_that_misses_the_bar_line_by_a_hair_is_one_bar(end: int, own: bool) -> None:
    session = looping(0, end, When.BEAT, 1000.0)
    (comes,) = session.states.turns()
    assert (seen(session, comes + 10.0, comes + 20.0).ahead == 0) is own


def test_at_the_first_look_into_a_bar_what_is_heard_of_it_now_is_given_first() -> None:
    session = looping(0, BAR, When.BAR, 100.0)
    assert seen(session, 0.0).ahead is None
    assert seen(session, 0.0, 40.0).ahead == 0
    heard = seen(session, 0.0, 40.0)
    heard.leave()
    assert heard.in_bar(session, 0) is session
