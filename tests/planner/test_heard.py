from itertools import pairwise
from operator import itemgetter

from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.bar_checker import violations
from fakes.timelines import LAST_TICK, timelines
from hitpoint.planner.context import PAST_BARS
from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.heard import heard_outline
from hitpoint.planner.outline import outline_of
from hitpoint.planner.passages import FOREVER
from hitpoint.planner.plan import plan_bar
from hitpoint.planner.wishes import event_of
from hitpoint.score.request import BarPlan, LandingKind, WrittenBar
from hitpoint.score.session import Session
from hitpoint.score.state import States
from hitpoint.score.when import When
from hitpoint.score.wish import ReturnAsked, StateAsked
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

BAR = 3840
KNOWN = (("calm", "calm, harp, flute"), ("chase", "furious, brass, drums, E minor"))
CUE = Marker(0, "1m01 calm, strings, D minor")


def a_session(*markers: Marker) -> Session:
    return Session(Timeline(markers=markers or (CUE,)), states=States(KNOWN))


def called(session: Session, tick: float, name: str = "chase", **asked: bool) -> Session:
    return session.apply(event_of(session, tick, StateAsked(name, **asked)))


def plan_of(session: Session, index: int) -> BarPlan:
    plan = plan_bar(session, index)
    assert plan is not None
    return plan


def test_the_bars_before_a_change_stay_exactly_as_they_were():
    before = a_session(CUE, Marker(9 * BAR, "HIT door"))
    after = called(before, 4.0 * BAR)
    for index in range(4):
        assert plan_bar(after, index) == plan_bar(before, index)
    assert plan_bar(after, 4) != plan_bar(before, 4)


def test_a_state_says_who_plays_and_leaves_the_cues_key_unless_it_says_one():
    calm, chase = called(a_session(), 0.0, "calm"), called(a_session(), 0.0)
    assert {part.stem for part in plan_of(calm, 2).parts} == {"plucked", "winds"}
    assert str(plan_of(calm, 2).controls.key) == "D minor"
    assert str(plan_of(chase, 2).controls.key) == "E minor"


def test_a_turn_of_the_timeline_is_none_while_a_state_holds():
    session = called(a_session(CUE, Marker(4 * BAR, "tense, brass, strings")), 0.0)
    assert [landing.kind for landing in plan_of(session, 4).landings] == []


def test_the_last_chord_of_a_cue_is_the_first_of_a_state_that_comes_there():
    session = a_session(CUE, Marker(4 * BAR, "END"))
    session = session.apply(event_of(session, 100.0, StateAsked("chase", When.END)))
    (landing,) = plan_of(session, 4).landings
    assert landing.kind is LandingKind.TURN
    assert plan_bar(session, 5) is not None


def test_a_state_begins_again_after_a_cue_has_ended_and_rung_out():
    session = called(a_session(CUE, Marker(4 * BAR, "END")), 0.0)
    assert [plan_bar(session, index) is None for index in (4, 5, 6)] == [False, True, False]
    assert plan_of(session, 6).landings[0].kind is LandingKind.ENTRANCE


def test_the_rest_after_a_stop_stays_a_rest():
    session = called(a_session(CUE, Marker(4 * BAR + 960, "STOP"), Marker(12 * BAR, "END")), 0.0)
    before = a_session(CUE, Marker(4 * BAR + 960, "STOP"), Marker(12 * BAR, "END"))
    starts = [
        [passage.start for passage in outline.passages if 4 * BAR < passage.start < 12 * BAR]
        for outline in (heard_outline(session, FOREVER), outline_of(before))
    ]
    assert starts[0] == starts[1]


def test_a_state_from_its_start_counts_its_bars_and_reads_nothing_older():
    first, later = called(a_session(), 4.0 * BAR, from_start=True), called(a_session(), 9.0 * BAR, from_start=True)
    assert [plan_of(first, 4 + n).seed for n in range(4)] == [plan_of(later, 9 + n).seed for n in range(4)]
    assert [plan_of(first, 4 + n).past_from for n in range(3)] == [4, 4, 4]
    assert plan_of(called(a_session(), 4.0 * BAR), 5).cue == plan_of(a_session(), 5).cue


def test_in_a_bridge_everyone_plays_and_it_is_stronger_than_half_way():
    before = a_session()
    session = before.apply(event_of(before, 3.9 * BAR, StateAsked("chase", bridge=True)))
    bridge = plan_of(session, 4)
    stems = {part.stem for part in bridge.parts}
    assert {"strings", "brass"} <= stems
    calm, chase = plan_of(session, 3).controls.intensity, plan_of(session, 5).controls.intensity
    assert calm is not None
    assert chase is not None
    assert bridge.controls.intensity is not None
    assert bridge.controls.intensity >= (calm + chase) / 2


@settings(deadline=None, max_examples=60)
@given(
    timelines,
    st.lists(
        st.tuples(st.integers(0, LAST_TICK), st.sampled_from(When), st.sampled_from(("calm", "chase", ""))), max_size=4
    ),
    st.booleans(),
)
def test_no_bar_breaks_its_plan_and_passages_never_overlap(
    timeline: Timeline, asked: list[tuple[int, When, str]], from_start: bool
) -> None:
    session = Session(timeline, states=States(KNOWN))
    for tick, when, name in sorted(asked, key=itemgetter(0)):
        if name:
            session = session.apply(event_of(session, tick, StateAsked(name, when, from_start, bridge=tick % 2 == 0)))
        elif session.states.at(tick):
            session = session.apply(event_of(session, tick, ReturnAsked(when)))
    passages = heard_outline(session, FOREVER).passages
    for before, after in pairwise(passages):
        assert before.start < before.end <= after.start
    past: list[WrittenBar] = []
    for index in range(min(timeline.meter_map.bar_at(LAST_TICK).index, 40)):
        plan = plan_bar(session, index)
        if plan is not None:
            bars = tuple(fallback_bar(plan, part, past[-PAST_BARS:]) for part in plan.parts)
            assert violations(plan, bars) == []
            past.append(WrittenBar(plan, bars))
