import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.errors import HostError
from hitpoint.score.state import MOST_NESTED, MOST_STATES, HeldState, StateChange, States, called
from hitpoint.score.when import When

CALM, CHASE = HeldState("calm", "calm, strings"), HeldState("chase", "furious, drums")


def change(tick: int, *stack: HeldState, bridge_from: int | None = None) -> StateChange:
    return StateChange(tick, When.BAR, stack, bridge_from)


def holding(states: States, tick: int) -> str:
    stack = states.at(tick)
    return stack[-1].name if stack else ""


def test_a_state_is_defined_anew_and_taken_away():
    states = States().defined("chase", "furious").defined("calm", "calm").defined("chase", "tense")
    assert states.known == (("calm", "calm"), ("chase", "tense"))
    assert states.defined("calm", "").known == (("chase", "tense"),)


def test_what_holds_changes_at_the_tick_and_not_before():
    states = States().asked(change(100, CALM), 0)
    assert [holding(states, tick) for tick in (0, 99, 100, 1000)] == ["", "", "calm", "calm"]


def test_a_state_that_is_over_gives_way_to_the_one_below():
    held = HeldState("chase", "furious", 100, until=300)
    states = States(stack=(CALM,)).asked(change(100, CALM, held), 0)
    assert [holding(states, tick) for tick in (0, 100, 299, 300)] == ["calm", "chase", "chase", "calm"]
    assert states.turns() == (100, 300)


def test_states_that_are_over_together_are_left_together():
    stack = (CALM, HeldState("chase", "furious", until=300), HeldState("dream", "calm", until=400))
    assert [holding(States(stack=stack), tick) for tick in (0, 399, 400)] == ["dream", "dream", "calm"]


def test_the_change_asked_for_last_replaces_one_that_has_not_begun():
    states = States().asked(change(500, CALM), 0).asked(change(300, CHASE), 200)
    assert [one.tick for one in states.changes] == [300]
    late = States().asked(change(150, CALM), 0).asked(change(300, CHASE), 200)
    assert [one.tick for one in late.changes] == [150, 300]


def test_a_bridge_that_is_under_way_breaks_off_where_another_state_comes():
    states = States().asked(change(500, CALM, bridge_from=100), 0).asked(change(300, CHASE), 200)
    assert [(span.start, span.over) for span in states.spans()] == [(0, False), (100, True), (300, False)]
    assert holding(states, 500) == "chase"


def test_bars_before_a_change_do_not_foresee_it():
    states = States().asked(change(500, CALM, bridge_from=100), 0)
    assert [len(states.heard_by(tick)) for tick in (100, 101, 500, 501)] == [1, 2, 2, 3]


def test_what_holds_where_the_host_was_holds_everywhere_once_it_has_jumped():
    states = States().asked(change(100, CALM), 0).settled(200)
    assert holding(states, 0) == "calm"
    assert states.changes == ()


def test_a_state_that_is_called_again_takes_its_own_place_and_old_ones_are_forgotten():
    assert called((CALM, CHASE), HeldState("chase", "tense")) == (CALM, HeldState("chase", "tense"))
    stack: tuple[HeldState, ...] = ()
    for number in range(40):
        stack = called(stack, HeldState(str(number), "calm"))
    assert len(stack) == MOST_NESTED
    assert stack[-1].name == "39"


@given(st.lists(st.tuples(st.integers(1, 900), st.integers(0, 100), st.sampled_from((CALM, CHASE))), max_size=6))
def test_spans_rise_and_agree_with_what_holds(asked: list[tuple[int, int, HeldState]]):
    states, now = States(), 0
    for ahead, passed, state in asked:
        now += passed
        held = HeldState(state.name, state.direction, now + ahead, until=now + ahead + 50)
        states = states.asked(change(now + ahead, *called(states.at(now + ahead), held)), now)
    spans = states.spans()
    assert [span.start for span in spans] == sorted({span.start for span in spans})
    for span in spans:
        assert (span.state.name if span.state else "") == holding(states, span.start)


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_a_state_has_a_name_of_some_length(name: str):
    with pytest.raises(HostError, match="1 to 64 characters"):
        States().defined(name, "calm")


def test_there_are_only_so_many_states():
    states = States(tuple((f"{number:03}", "calm") for number in range(MOST_STATES)))
    assert states.defined("000", "tense").known[0] == ("000", "tense")
    with pytest.raises(HostError, match="Take one away"):
        states.defined("one more", "calm")
