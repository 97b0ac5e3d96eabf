import pytest

from hitpoint.errors import HostError
from hitpoint.planner.wishes import event_of, jumped, settled_wishes, turned, undone
from hitpoint.score.session import ControlMoved, DirectionGiven, FreezeChanged, Session, VariationAsked
from hitpoint.score.state import States, StatesChanged
from hitpoint.score.when import When
from hitpoint.score.wish import FreezeAsked, Frozen, ReturnAsked, StateAsked, VaryAsked, Wish
from hitpoint.timeline.host_event import LoopChanged, MeterMapChanged, Started
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.timeline import Timeline

BAR = 3840
MARKERS = (Marker(0, "1m01 calm, strings"), Marker(10 * BAR + 700, "HIT door"), Marker(30 * BAR, "END"))
KNOWN = (("calm", "calm, strings"), ("chase", "furious, drums"))


def a_session() -> Session:
    return Session(Timeline(markers=MARKERS), states=States(KNOWN)).apply(Started(0.0))


def asked(session: Session, tick: float, *wishes: Wish) -> Session:
    for wish in wishes:
        session = session.apply(event_of(session, tick, wish))
    return session


def names(session: Session, tick: int) -> list[str]:
    return [state.name for state in session.states.at(tick)]


@pytest.mark.parametrize(
    ("when", "tick"), [(When.NOW, 388), (When.BEAT, 960), (When.BAR, BAR), (When.MARKER, 10 * BAR + 700),
                       (When.END, 30 * BAR)],
)  # fmt: skip
def test_a_state_comes_at_the_sync_point_that_was_asked_for(when: When, tick: int):
    session = asked(a_session(), 100.0, StateAsked("chase", when))
    assert session.states.turns() == (tick,)


def test_a_held_state_stays_whole_bars():
    session = asked(a_session(), 100.0, StateAsked("chase", When.BEAT, hold_bars=2))
    assert session.states.turns() == (960, 3 * BAR)
    session = asked(a_session(), 100.0, StateAsked("chase", When.BAR, hold_bars=2))
    assert session.states.turns() == (BAR, 3 * BAR)


def test_a_bridge_takes_a_whole_bar_before_the_turn():
    session = asked(a_session(), 100.0, StateAsked("chase", When.BAR, bridge=True))
    assert [(span.start, span.over) for span in session.states.spans()][1:] == [(BAR, True), (2 * BAR, False)]
    session = asked(a_session(), 100.0, StateAsked("chase", When.BEAT, bridge=True))
    assert [(span.start, span.over) for span in session.states.spans()][1:] == [(960, True), (2 * BAR, False)]


def test_who_returns_before_a_state_has_come_calls_it_off():
    session = asked(a_session(), 100.0, StateAsked("calm"))
    session = asked(session, 5000.0, StateAsked("chase", When.MARKER), ReturnAsked())
    assert session.states.turns() == (BAR,)
    session = asked(session, 6000.0, ReturnAsked())
    assert names(session, 3 * BAR) == []
    with pytest.raises(HostError, match="nothing to return from"):
        event_of(session, 4 * BAR, ReturnAsked())


def test_a_return_from_a_state_that_ends_by_itself_before_goes_no_further_down():
    session = asked(a_session(), 100.0, StateAsked("calm"))
    session = asked(session, 5000.0, StateAsked("chase", hold_bars=1))
    session = asked(session, 9000.0, ReturnAsked(When.MARKER))
    assert names(session, 20 * BAR) == ["calm"]


def test_an_unknown_state_is_refused_and_the_known_ones_are_named():
    with pytest.raises(HostError, match=r"finale.*calm, chase"):
        event_of(a_session(), 0.0, StateAsked("finale"))


def test_a_variation_lasts_to_the_next_marker():
    assert event_of(a_session(), 100.0, VaryAsked(When.BEAT)) == VariationAsked(0, 10, frozenset(), 960)
    event = event_of(a_session(), 12.0 * BAR, VaryAsked(When.BAR, frozenset({"cello"})))
    assert event == VariationAsked(13, 29, frozenset({"cello"}), 13 * BAR)


def test_a_bar_is_frozen_where_the_host_is_and_let_go_at_a_bar_line():
    session = asked(a_session(), 5000.0, FreezeAsked(True))
    assert session.frozen == Frozen(1, since=5000)
    assert [session.repeats(session.timeline.meter_map.bar(index)) for index in (0, 1, 2, 50)] == [1, None, 1, 1]
    session = asked(session, 9000.0, FreezeAsked(False))
    assert session.let_go_at == 3 * BAR
    assert [session.repeats(session.timeline.meter_map.bar(index)) for index in (2, 3)] == [1, None]
    assert settled_wishes(session, 3 * BAR - 1.0) is session
    assert settled_wishes(session, 3.0 * BAR).frozen is None


def test_a_state_lets_go_of_a_frozen_bar_whichever_was_asked_first():
    for wishes in ((FreezeAsked(True), StateAsked("chase")), (StateAsked("chase"), FreezeAsked(True))):
        assert asked(a_session(), 5000.0, *wishes).let_go_at == 2 * BAR


def test_after_a_jump_what_holds_holds_and_what_is_to_come_comes_at_the_next_such_point():
    session = asked(a_session(), 100.0, StateAsked("calm"))
    session = asked(session, 5000.0, StateAsked("chase", When.BAR, bridge=True, hold_bars=3))
    there = jumped(session, 6000.0, 20.0 * BAR + 100)
    assert names(there, 0) == ["calm"]
    assert [span.start for span in there.states.spans()] == [0, 21 * BAR, 22 * BAR, 25 * BAR]


def test_a_held_state_has_as_many_bars_left_after_a_jump_as_before():
    session = asked(a_session(), 100.0, StateAsked("chase", hold_bars=4))
    there = jumped(session, 2.5 * BAR, 20.5 * BAR)
    assert there.states.turns() == (23 * BAR,)


def test_another_metre_moves_what_is_to_come_to_its_bar_line():
    session = asked(a_session(), 100.0, StateAsked("chase", When.BAR))
    waltz = jumped(session.apply(MeterMapChanged(MeterMap.constant(3, 4))), 200.0, 200.0)
    assert waltz.states.turns() == (2880,)


def test_undo_of_a_state_that_has_come_returns_at_the_next_bar_and_of_one_that_has_not_calls_it_off():
    before = a_session()
    event = event_of(before, 100.0, StateAsked("chase"))
    after = before.apply(event)
    assert undone(after, event, before, 200.0).states == before.states
    later = undone(after, event, before, 2.5 * BAR)
    assert names(later, 2 * BAR) == ["chase"]
    assert names(later, 3 * BAR) == []


def test_undo_of_something_else_leaves_states_and_a_frozen_bar_as_they_are():
    before = a_session()
    after = asked(before.apply(ControlMoved("tension", 0.9)), 100.0, StateAsked("chase"), FreezeAsked(True))
    undo = undone(after, ControlMoved("tension", 0.9), before, 200.0)
    assert (undo.states, undo.frozen) == (after.states, after.frozen)
    assert undo.controls.tension is None
    assert undone(after, DirectionGiven("x"), before, 200.0).states == after.states


def test_undo_of_a_freeze_lets_go_and_of_letting_go_freezes_again():
    before = a_session()
    frozen = asked(before, 100.0, FreezeAsked(True))
    assert undone(frozen, FreezeChanged(frozen.frozen), before, 5000.0).let_go_at == 2 * BAR
    let_go = asked(frozen, 5000.0, FreezeAsked(False))
    assert undone(let_go, FreezeChanged(let_go.frozen), frozen, 5000.0).let_go_at is None


def test_the_words_of_a_state_that_was_called_stay_when_it_is_defined_anew():
    session = asked(a_session(), 100.0, StateAsked("chase"))
    session = session.apply(StatesChanged(session.states.defined("chase", "calm, flute")))
    assert session.states.at(2 * BAR)[-1].direction == "furious, drums"


def test_in_a_loop_a_change_comes_at_its_turn_when_its_sync_point_lies_behind_it():
    looped = a_session().apply(LoopChanged(Loop(0, 2 * BAR), 0.0))
    assert asked(looped, BAR + 100.0, StateAsked("chase", When.MARKER)).states.turns() == (2 * BAR,)
    assert asked(looped, BAR + 100.0, StateAsked("chase", When.BEAT)).states.turns() == (BAR + 960,)
    assert asked(looped, 2 * BAR - 500.0, VaryAsked(When.BAR)).variations[-1].first_bar == 0
    assert names(turned(asked(looped, BAR + 100.0, StateAsked("chase", When.MARKER))), 0) == ["chase"]


def test_a_state_that_has_come_in_a_loop_holds_from_the_start_of_its_next_turn_on():
    session = asked(a_session().apply(LoopChanged(Loop(4 * BAR, 6 * BAR), 0.0)), 100.0, StateAsked("chase", When.NOW))
    assert names(session, 0) == []
    assert names(turned(session), 0) == ["chase"]
    assert turned(session).states.changes == ()
    assert turned(turned(session)) == turned(session)


def test_a_held_state_has_one_turn_less_to_go_each_turn_and_then_is_over():
    session = asked(a_session().apply(LoopChanged(Loop(0, 2 * BAR), 0.0)), 100.0, StateAsked("chase", hold_bars=4))
    seen = [session.states.turns()]
    for _ in range(3):
        session = turned(session)
        seen.append(session.states.turns())
    assert seen == [(BAR, 5 * BAR), (3 * BAR,), (BAR,), ()]


def test_a_bridge_that_begins_where_a_loop_turns_is_heard_in_the_next_turn_and_the_state_after_it():
    looped = a_session().apply(LoopChanged(Loop(0, BAR), 0.0))
    session = asked(looped, 100.0, StateAsked("chase", When.END, bridge=True))
    bridging, after = turned(session), turned(turned(session))
    assert [(span.start, span.over) for span in bridging.states.spans()] == [(0, True), (BAR, False)]
    assert (names(after, 0), after.states.changes) == (["chase"], ())


def test_a_bar_that_is_let_go_by_the_end_of_a_loop_is_free_in_its_next_turn():
    looped = a_session().apply(LoopChanged(Loop(0, 2 * BAR), 0.0))
    session = asked(asked(looped, 100.0, FreezeAsked(True)), BAR + 100.0, FreezeAsked(False))
    assert session.let_go_at == 2 * BAR
    assert turned(session).frozen is None
    assert turned(asked(looped, 100.0, FreezeAsked(True))).frozen == Frozen(0, since=0)
