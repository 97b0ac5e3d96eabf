"""Changes in time on the stage: states, variations from a sync point on, and a frozen bar."""

from math import inf

import pytest

from fakes.stage import Sent, Stage
from hitpoint.errors import HostError
from hitpoint.planner.plan import plan_bar
from hitpoint.score.direction import parse
from hitpoint.score.ensemble import parts_for
from hitpoint.score.midi_message import is_note_off, is_note_on
from hitpoint.score.session import ControlMoved, Session
from hitpoint.score.state import States
from hitpoint.score.when import When
from hitpoint.score.wish import FreezeAsked, ReturnAsked, StateAsked, VaryAsked
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

BAR = 3840
BAR_SECONDS = 2.0
CUE = Marker(0, "1m01 calm, strings, D minor")
KNOWN = (("calm", "calm, harp, flute"), ("chase", "furious, brass, drums"))
CALM, CHASE = (frozenset(part.name for part in parts_for(parse(words))) for _, words in KNOWN)


def a_session(*markers: Marker, bpm: float = 120.0) -> Session:
    timeline = Timeline(TempoMap.constant(bpm), MeterMap(), markers or (CUE, Marker(40 * BAR, "END")))
    return Session(timeline, states=States(KNOWN))


def playing(*markers: Marker, seconds: float = 2.5, model: float = 0.1) -> Stage:
    stage = Stage(a_session(*markers), seconds_a_bar=model)
    stage.run(2.0)
    stage.play()
    stage.run(seconds)
    return stage


def ons(sent: list[Sent]) -> list[Sent]:
    return [one for one in sent if is_note_on(one.message.data)]


def parts_from(sent: list[Sent], start: int, end: float = inf) -> set[str]:
    return {one.message.part for one in ons(sent) if start - 1e-6 <= one.tick < end - 1e-6}


def sounding(stage: Stage) -> set[tuple[int, int, int]]:
    """What has been struck and not let go."""
    keys: set[tuple[int, int, int]] = set()
    for one in stage.sent:
        key = (one.message.port, one.message.data[0] & 15, one.message.data[1])
        if is_note_on(one.message.data):
            keys.add(key)
        elif is_note_off(one.message.data):
            keys.discard(key)
    return keys


def turns_of(stage: Stage) -> tuple[int, ...]:
    return stage.session.states.turns()


@pytest.mark.parametrize("when", [When.NOW, When.BEAT, When.BAR, When.MARKER])
@pytest.mark.parametrize("model", [0.05, inf])
def test_a_state_comes_in_together_at_its_tick_and_the_old_parts_are_out(when: When, model: float):
    stage = playing(CUE, Marker(3 * BAR + 777, "HIT door"), Marker(40 * BAR, "END"), model=model)
    stage.ask(StateAsked("chase", when))
    (tick,) = turns_of(stage)
    sent = stage.run(6.0)
    assert len({one.message.part for one in ons(sent) if abs(one.tick - tick) < 1e-6}) >= 2
    assert parts_from(sent, 0, tick) <= {"violin 1", "violin 2", "viola", "cello", "contrabass"}
    assert parts_from(sent, tick) <= CHASE
    assert parts_from(sent, tick + BAR)


def test_what_was_written_before_the_change_sounds_as_it_was_written():
    changed, unchanged = playing(), playing()
    changed.ask(StateAsked("chase", When.BEAT))
    (tick,) = turns_of(changed)
    heard = [
        [(one.tick, one.message.data) for one in ons(stage.run(2.0)) if one.tick < tick - 200]
        for stage in (changed, unchanged)
    ]
    assert heard[0] == heard[1]


def test_notes_of_the_old_state_end_at_the_turn():
    stage = playing()
    stage.ask(StateAsked("chase", When.BEAT))
    (tick,) = turns_of(stage)
    sent = stage.run(1.0)
    ended = [one.tick for one in sent if is_note_off(one.message.data) and one.message.part not in CHASE]
    assert ended
    assert max(ended) == pytest.approx(tick)


def test_a_state_returns_to_what_the_timeline_says_and_states_return_into_one_another():
    stage = playing()
    stage.ask(StateAsked("calm"))
    stage.run(3.0)
    stage.ask(StateAsked("chase"))
    assert parts_from(stage.run(4.0), turns_of(stage)[-1]) <= CHASE
    stage.ask(ReturnAsked())
    assert parts_from(stage.run(4.0), turns_of(stage)[-1]) <= CALM
    stage.ask(ReturnAsked())
    tick = turns_of(stage)[-1]
    assert "violin 1" in parts_from(stage.run(4.0), tick)
    with pytest.raises(HostError, match="return"):
        stage.ask(ReturnAsked())


def test_a_state_that_is_held_for_some_bars_returns_by_itself():
    stage = playing()
    stage.ask(StateAsked("chase", hold_bars=2))
    begins, ends = turns_of(stage)
    assert (begins, ends) == (2 * BAR, 4 * BAR)
    sent = stage.run(9.0)
    assert parts_from(sent, begins, ends) <= CHASE
    assert parts_from(sent, ends).isdisjoint(CHASE)
    assert "violin 1" in parts_from(sent, ends)


def test_in_a_bridge_both_play_and_then_only_the_new():
    stage = playing()
    stage.ask(StateAsked("chase", bridge=True))
    (tick,) = turns_of(stage)
    assert tick == 3 * BAR
    sent = stage.run(6.0)
    bridge = parts_from(sent, 2 * BAR, tick)
    assert bridge & CHASE
    assert bridge - CHASE
    assert parts_from(sent, tick) <= CHASE


def test_the_state_asked_for_last_takes_the_place_of_one_that_has_not_come():
    stage = playing()
    stage.ask(StateAsked("chase", When.MARKER))
    stage.ask(StateAsked("calm", When.BAR))
    assert turns_of(stage) == (2 * BAR,)
    assert parts_from(stage.run(6.0), 2 * BAR) <= CALM


def test_a_state_that_was_called_stays_wherever_the_host_goes():
    stage = playing()
    stage.ask(StateAsked("chase"))
    stage.run(3.0)
    for tick in (0, 20 * BAR + 100):
        stage.locate(tick)
        sent = stage.run(3.0)
        assert ons(sent)
        assert parts_from(sent, 0) <= CHASE


def test_a_state_that_had_not_come_comes_at_the_next_such_point_after_a_jump():
    stage = playing()
    stage.ask(StateAsked("chase"))
    stage.locate(10 * BAR + 500)
    assert turns_of(stage) == (11 * BAR,)
    sent = stage.run(4.0)
    assert parts_from(sent, 0, 11 * BAR).isdisjoint(CHASE)
    assert parts_from(sent, 11 * BAR) <= CHASE


def test_a_state_plays_as_a_cue_of_its_own_where_no_cue_does():
    stage = Stage(a_session(Marker(4 * BAR, "2m01 calm, strings"), Marker(6 * BAR, "END")), seconds_a_bar=0.05)
    stage.ask(StateAsked("chase"))
    stage.play()
    sent = stage.run(22.0)
    assert parts_from(sent, 0) <= CHASE
    assert {int(one.tick // BAR) for one in ons(sent)} >= {0, 1, 2, 3, 4, 5, 6, 9, 10}


def test_the_timelines_hits_are_met_in_a_state():
    hit = Marker(4 * BAR + 555, "HIT door")
    stage = playing(CUE, hit, Marker(40 * BAR, "END"))
    stage.ask(StateAsked("chase"))
    sent = stage.run(8.0)
    struck = [one for one in ons(sent) if abs(one.tick - hit.tick) < 1e-6]
    assert len({one.message.part for one in struck}) >= 2
    assert all(one.message.part in CHASE for one in struck)


def test_a_state_from_its_start_begins_the_same_way_each_time():
    stage = Stage(a_session(Marker(0, "1m01 calm, strings, D minor")), seconds_a_bar=0.02)
    stage.run(1.0)
    stage.play()
    heard = []
    for _ in range(2):
        stage.run(1.0)
        stage.ask(StateAsked("chase", from_start=True))
        tick = turns_of(stage)[-1]
        plan = plan_bar(stage.session, tick // BAR)
        assert plan is not None
        heard.append((plan.seed, plan.past_from * BAR - tick))
        stage.run(4.0)
        stage.ask(ReturnAsked())
        stage.run(4.0)
    assert heard[0] == heard[1] == (heard[0][0], 0)


def test_undo_calls_off_a_state_that_has_not_come_and_the_old_notes_sound_on():
    changed, unchanged = playing(), playing()
    changed.ask(StateAsked("chase", When.BEAT))
    changed.run(0.02)
    changed.undo()
    heard = [[(one.tick, one.message.data) for one in ons(stage.run(1.0))] for stage in (changed, unchanged)]
    assert [data for _, data in heard[0]] == [data for _, data in heard[1]][-len(heard[0]) :]
    assert changed.session.states.changes == ()


def test_undo_of_a_state_that_has_come_returns_at_the_next_bar():
    stage = playing()
    stage.ask(StateAsked("chase"))
    stage.run(2.5)
    stage.undo()
    tick = turns_of(stage)[-1]
    assert tick % BAR == 0
    assert parts_from(stage.run(4.0), tick).isdisjoint(CHASE)


def test_undo_of_something_else_leaves_the_state_alone():
    stage = playing()
    stage.ask(StateAsked("chase"))
    stage.apply(ControlMoved("tension", 0.9))
    stage.run(3.0)
    stage.undo()
    assert stage.session.controls.tension is None
    assert parts_from(stage.run(4.0), 0) <= CHASE


def test_a_state_that_nobody_defined_is_refused_by_name():
    stage = playing()
    with pytest.raises(HostError, match="finale"):
        stage.ask(StateAsked("finale"))


@pytest.mark.parametrize("model", [0.05, inf])
def test_a_variation_at_the_next_beat_changes_what_begins_there_and_nothing_before(model: float):
    changed, unchanged = playing(model=model), playing(model=model)
    changed.ask(VaryAsked(When.BEAT))
    tick = changed.session.variations[-1].first_tick
    assert tick % 960 == 0
    stages = (changed, unchanged)
    heard = [[(round(one.tick), one.message.data) for one in ons(stage.run(4.0))] for stage in stages]
    assert [note for note in heard[0] if note[0] < tick] == [note for note in heard[1] if note[0] < tick]
    assert [note for note in heard[0] if note[0] >= tick] != [note for note in heard[1] if note[0] >= tick]


def test_a_variation_of_one_part_leaves_the_others_alone_and_ends_at_the_next_marker():
    stage = playing(CUE, Marker(6 * BAR, "HIT door"), Marker(40 * BAR, "END"))
    stage.ask(VaryAsked(When.BEAT, frozenset({"cello"})))
    (asked,) = stage.session.variations
    assert (asked.first_bar, asked.last_bar, asked.parts) == (1, 5, {"cello"})


def test_a_frozen_bar_repeats_note_for_note_until_it_is_let_go():
    stage = playing()
    stage.ask(FreezeAsked(True))
    sent = ons(stage.run(7.5))
    bars = [
        sorted((round(one.tick) % BAR, one.message.part, one.message.data) for one in sent if one.tick // BAR == bar)
        for bar in (2, 3, 4)
    ]
    assert bars[0]
    assert bars[0] == bars[1] == bars[2]
    assert [row[0] for row in bars[0]] == sorted(
        note.tick - BAR
        for part in {row[1] for row in bars[0]}
        if (page := stage.conductor.pages.at(part, 1)) is not None
        for note in page.notes
    )
    stage.ask(FreezeAsked(False))
    stage.run(4.0)
    assert stage.session.frozen is None
    plan = plan_bar(stage.session, 7)
    assert plan is not None
    assert plan.repeats is None


def test_a_frozen_bar_meets_the_hits_of_the_timeline():
    hit = Marker(4 * BAR + 555, "HIT door")
    stage = playing(CUE, hit, Marker(40 * BAR, "END"))
    stage.ask(FreezeAsked(True))
    sent = stage.run(8.0)
    assert len({one.message.part for one in ons(sent) if abs(one.tick - hit.tick) < 1e-6}) >= 2
    assert not [one for one in ons(sent) if 0 < abs(one.tick - hit.tick) < 150]


def test_a_jump_stays_on_the_frozen_bar():
    stage = playing()
    stage.ask(FreezeAsked(True))
    stage.run(3.0)
    wanted = sorted(note.tick - BAR for note in stage.conductor.pages.at("violin 1", 1).notes)  # type: ignore[union-attr]
    stage.locate(20 * BAR)
    sent = [one for one in ons(stage.run(2.0)) if one.message.part == "violin 1" and one.tick < 21 * BAR]
    assert [round(one.tick) - 20 * BAR for one in sent] == wanted


def test_who_calls_a_state_lets_go_of_the_frozen_bar():
    stage = playing()
    stage.ask(FreezeAsked(True))
    stage.run(3.0)
    stage.ask(StateAsked("chase", When.BEAT))
    tick = turns_of(stage)[-1]
    sent = stage.run(4.0)
    assert parts_from(sent, tick) <= CHASE
    assert stage.session.frozen is None


def test_nothing_sounds_on_after_all_of_it():
    stage = playing()
    for wish in (StateAsked("chase", When.NOW), FreezeAsked(True), StateAsked("calm", When.BEAT, bridge=True)):
        stage.ask(wish)
        stage.run(2.7)
    stage.end()
    assert not sounding(stage)
