"""What a loop sounds like at its turn."""

import pytest

from hitpoint.scheduler.performance import (
    Cancel,
    LoopChange,
    Mute,
    Played,
    Route,
    Routing,
    Schedule,
    TempoChange,
    TransportChange,
)
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.score.dynamics import Dynamics, LevelPoint
from hitpoint.score.expression import EXPRESSION, controller_value
from hitpoint.score.midi_message import control_change, is_note_on, note_off, note_on
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Followed, Located, Started, Stopped
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

PORT = "Hitpoint strings"
BAR = 3840
# At 60 bpm a quarter note is a second, so that 960 ticks are, and a bar is four.
SECOND = 960
LOOP = Loop(0, BAR)


def looping(
    *notes: Note, offset_ms: float = 0.0, loop: Loop | None = LOOP, tempo_map: TempoMap | None = None
) -> Scheduler:
    """One violin on channel 0, rolling from tick 0 at second 10, round the first bar."""
    scheduler = Scheduler((PORT,))
    scheduler.apply(TempoChange(tempo_map or TempoMap.constant(60.0)), 0.0)
    scheduler.apply(LoopChange(loop), 0.0)
    scheduler.apply(Routing((Route("violin", PORT, 0, None, offset_ms),)), 0.0)
    scheduler.apply(Schedule("violin", 0, 0, BAR, notes), 0.0)
    scheduler.apply(TransportChange(Started(10.0)), 0.0)
    return scheduler


def heard(scheduler: Scheduler, now: float, until: float) -> list[tuple[float, bytes]]:
    return [(round(message.at, 6), message.data) for message in scheduler.due(now, until)]


def struck(scheduler: Scheduler, now: float, until: float) -> list[tuple[float, int]]:
    return [(at, data[1]) for at, data in heard(scheduler, now, until) if is_note_on(data)]


def test_the_loop_plays_the_same_notes_each_turn_though_nobody_sends_them_again() -> None:
    scheduler = looping(Note(0, 60, 480, 80), Note(2 * SECOND, 62, 480, 80))

    assert struck(scheduler, 10.0, 24.0) == [
        (10.0, 60),
        (12.0, 62),
        (14.0, 60),
        (16.0, 62),
        (18.0, 60),
        (20.0, 62),
        (22.0, 60),
    ]


def test_the_turn_is_a_window_like_any_other() -> None:
    scheduler = looping(Note(0, 60, 480, 80), Note(3 * SECOND, 62, 480, 80))
    windows = [heard(scheduler, 10.0 + step / 8, 10.0 + (step + 1) / 8) for step in range(80)]

    assert [at for window in windows for at, data in window if is_note_on(data)] == [10.0, 13.0, 14.0, 17.0, 18.0]


def test_what_sounds_over_the_turn_ends_there_before_anything_is_struck() -> None:
    scheduler = looping(Note(0, 60, 480, 80), Note(3 * SECOND, 62, 3 * SECOND, 80))

    assert heard(scheduler, 13.0, 14.2) == [
        (13.0, note_on(0, 62, 80)),
        (14.0, note_off(0, 62)),
        (14.0, note_on(0, 60, 80)),
    ]


@pytest.mark.parametrize(("offset_ms", "turn"), [(-60.0, 13.94), (45.0, 14.045)])
def test_a_part_with_an_offset_turns_at_its_own_moment(offset_ms: float, turn: float) -> None:
    scheduler = looping(Note(0, 60, 480, 80), Note(3 * SECOND, 62, 3 * SECOND, 80), offset_ms=offset_ms)
    heard(scheduler, 10.0, 13.5)

    assert heard(scheduler, 13.5, 14.2) == [(turn, note_off(0, 62)), (turn, note_on(0, 60, 80))]


def test_a_ramp_in_the_loop_turns_at_the_exact_second_every_time() -> None:
    ramp = TempoMap((TempoPoint(0, 60.0, Ramp.LINEAR_IN_TIME), TempoPoint(BAR, 180.0)))
    scheduler = looping(Note(0, 60, 480, 80), tempo_map=ramp)

    # Four quarters at 120 on average.
    assert struck(scheduler, 10.0, 19.0) == [(10.0 + 2.0 * turn, 60) for turn in range(5)]


def test_a_tempo_change_in_the_third_turn_moves_what_is_left_of_it_and_the_next_turn() -> None:
    scheduler = looping(Note(0, 60, 480, 80), Note(2 * SECOND, 62, SECOND, 80))
    heard(scheduler, 10.0, 20.5)

    scheduler.apply(TempoChange(TempoMap.constant(120.0)), 20.5)

    assert heard(scheduler, 20.5, 22.0)[:2] == [(20.75, note_off(0, 62)), (21.25, note_on(0, 60, 80))]


def test_a_bar_that_is_over_is_for_the_next_turn_and_neither_late_nor_dropped() -> None:
    scheduler = looping(loop=Loop(0, 2 * BAR))
    heard(scheduler, 10.0, 15.0)

    scheduler.apply(Schedule("violin", 0, 0, BAR, (Note(SECOND, 65, 480, 80),)), 15.0)

    assert struck(scheduler, 15.0, 27.5) == [(19.0, 65), (27.0, 65)]
    assert (scheduler.counts.late, scheduler.counts.dropped) == (0, 0)


def test_a_bar_for_the_next_turn_leaves_this_one_as_it_is() -> None:
    scheduler = looping(Note(SECOND, 60, 480, 80), Note(3 * SECOND, 62, 480, 80))
    heard(scheduler, 10.0, 12.0)

    scheduler.apply(Schedule("violin", 0, 0, BAR, (Note(3 * SECOND, 65, 480, 80),), next_turn=True), 12.0)

    assert struck(scheduler, 12.0, 20.0) == [(13.0, 62), (17.0, 65)]


@pytest.mark.parametrize(("next_turn", "expected"), [(False, [21.0, 23.0]), (True, [23.0])])
def test_a_part_that_comes_in_in_a_later_turn_begins_in_it(next_turn: bool, expected: list[float]) -> None:
    scheduler = Scheduler((PORT,))
    scheduler.apply(TempoChange(TempoMap.constant(60.0)), 0.0)
    scheduler.apply(LoopChange(Loop(0, 2 * SECOND)), 0.0)
    scheduler.apply(TransportChange(Started(10.0)), 0.0)
    heard(scheduler, 10.0, 20.01)

    scheduler.apply(Routing((Route("violin", PORT, 0, None),)), 20.01)
    scheduler.apply(Schedule("violin", 0, 0, BAR, (Note(SECOND, 62, 240, 80),), next_turn=next_turn), 20.01)

    assert struck(scheduler, 20.01, 24.0) == [(at, 62) for at in expected]
    assert (scheduler.counts.late, scheduler.counts.dropped) == (0, 0)


@pytest.mark.parametrize(("next_turn", "expected"), [(False, [13.0]), (True, [17.0])])
def test_what_is_to_sound_once_sounds_in_its_turn_and_in_no_other(next_turn: bool, expected: list[float]) -> None:
    scheduler = looping()
    heard(scheduler, 10.0, 12.0)
    note = Note(3 * SECOND, 65, 480, 80)
    scheduler.apply(Schedule("violin", 0, 0, BAR, (note,), next_turn=next_turn, once=True), 12.0)

    assert struck(scheduler, 12.0, 40.0) == [(at, 65) for at in expected]


def test_what_is_to_sound_once_does_so_in_a_loop_that_is_set_around_it_too() -> None:
    scheduler = looping(loop=Loop(2 * BAR, 3 * BAR))
    scheduler.apply(Schedule("violin", 0, 0, BAR, (Note(3 * SECOND, 65, 480, 80),), once=True), 10.0)
    heard(scheduler, 10.0, 12.0)
    scheduler.apply(LoopChange(Loop(0, BAR)), 12.0)

    assert struck(scheduler, 12.0, 40.0) == [(13.0, 65)]


def test_a_bar_given_again_while_it_sounds_sounds_once_a_turn() -> None:
    notes = (Note(SECOND, 60, 480, 80), Note(2 * SECOND, 62, 480, 80))
    scheduler = looping(*notes)
    for turn in range(3):
        assert struck(scheduler, 10.0 + 4 * turn, 11.01 + 4 * turn) == [(11.0 + 4 * turn, 60)]
        scheduler.apply(Schedule("violin", 0, 0, BAR, notes), 11.01 + 4 * turn)
        assert struck(scheduler, 11.01 + 4 * turn, 14.0 + 4 * turn) == [(12.0 + 4 * turn, 62)]


def test_what_is_cancelled_comes_in_no_later_turn() -> None:
    scheduler = looping(Note(0, 60, 480, 80), Note(2 * SECOND, 62, 480, 80))
    heard(scheduler, 10.0, 13.0)

    scheduler.apply(Cancel("violin", SECOND), 13.0)

    assert struck(scheduler, 13.0, 23.0) == [(14.0, 60), (18.0, 60), (22.0, 60)]


def test_a_loop_set_while_it_rolls_keeps_what_is_still_to_come() -> None:
    scheduler = looping(Note(0, 60, 480, 80), Note(2 * SECOND, 62, 480, 80), loop=None)
    heard(scheduler, 10.0, 11.0)

    scheduler.apply(LoopChange(LOOP), 11.0)

    assert struck(scheduler, 11.0, 19.0) == [(12.0, 62), (16.0, 62)]


def test_a_loop_taken_off_rolls_on_past_its_end() -> None:
    scheduler = looping(Note(0, 60, 480, 80))
    scheduler.apply(Schedule("violin", 1, BAR, 2 * BAR, (Note(BAR, 65, 480, 80),)), 0.0)
    assert struck(scheduler, 10.0, 15.0) == [(10.0, 60), (14.0, 60)]

    scheduler.apply(LoopChange(None), 15.0)

    assert struck(scheduler, 15.0, 25.0) == [(18.0, 65)]
    assert scheduler.tick_at(19.0) == pytest.approx(BAR + SECOND)


def test_a_loop_that_ends_before_the_position_is_not_turned_in() -> None:
    scheduler = looping(Note(3 * SECOND, 62, 480, 80))
    heard(scheduler, 10.0, 12.0)

    scheduler.apply(LoopChange(Loop(0, SECOND)), 12.0)

    assert struck(scheduler, 12.0, 20.0) == [(13.0, 62)]


def test_a_part_that_had_turned_early_goes_on_when_the_loop_is_taken_off_before_the_turn() -> None:
    scheduler = looping(Note(0, 60, SECOND, 80), offset_ms=-200.0)
    scheduler.apply(Schedule("violin", 1, BAR, 2 * BAR, (Note(BAR + SECOND, 65, 480, 80),)), 0.0)
    assert struck(scheduler, 13.0, 13.9) == [(13.8, 60)]

    scheduler.apply(LoopChange(None), 13.9)

    assert heard(scheduler, 13.9, 20.0) == [
        (14.8, note_off(0, 60)),
        (14.8, note_on(0, 65, 80)),
        (15.3, note_off(0, 65)),
    ]


def test_a_start_in_the_middle_of_the_loop_plays_its_beginning_from_the_first_turn_on() -> None:
    scheduler = Scheduler((PORT,))
    scheduler.apply(TempoChange(TempoMap.constant(60.0)), 0.0)
    scheduler.apply(LoopChange(LOOP), 0.0)
    scheduler.apply(Routing((Route("violin", PORT, 0, None),)), 0.0)
    scheduler.apply(TransportChange(Located(2 * SECOND, 1.0)), 1.0)
    scheduler.apply(Schedule("violin", 0, 0, BAR, (Note(SECOND, 60, 480, 80), Note(3 * SECOND, 62, 480, 80))), 1.0)
    scheduler.apply(TransportChange(Started(10.0)), 9.0)

    assert struck(scheduler, 10.0, 17.5) == [(11.0, 62), (13.0, 60), (15.0, 62), (17.0, 60)]


@pytest.mark.parametrize("event", [Stopped(SECOND, 19.0), Located(5 * BAR, 19.0)])
def test_a_stop_or_a_jump_forgets_the_loops_notes(event: Stopped | Located) -> None:
    scheduler = looping(Note(0, 60, 3 * SECOND, 80))
    heard(scheduler, 10.0, 19.0)

    scheduler.apply(TransportChange(event), 19.0)
    assert heard(scheduler, 19.0, 30.0) == [(19.0, note_off(0, 60))]

    scheduler.apply(TransportChange(Located(0, 30.0)), 30.0)
    scheduler.apply(TransportChange(Started(30.0)), 30.0)
    assert struck(scheduler, 30.0, 50.0) == []


def test_a_mute_lasts_over_the_turn_and_ends_with_itself() -> None:
    scheduler = looping(Note(0, 60, 480, 80), Note(2 * SECOND, 62, 480, 80))
    scheduler.apply(Mute(frozenset({"violin"})), 10.0)
    assert struck(scheduler, 10.0, 15.0) == []
    scheduler.apply(Mute(frozenset()), 15.0)
    assert struck(scheduler, 15.0, 19.0) == [(16.0, 62), (18.0, 60)]


def test_being_corrected_at_the_turn_strikes_nothing_twice_and_leaves_nothing_out() -> None:
    scheduler = looping(Note(0, 60, 480, 80), Note(SECOND, 62, 480, 80), Note(4 * SECOND - 24, 64, 24, 80))
    first = struck(scheduler, 10.0, 14.01)
    # The host turned 10 ms after us, and 10 ms before us.
    scheduler.move(Followed(0.0, 14.01), 14.01)
    second = struck(scheduler, 14.01, 18.0)
    scheduler.move(Followed(0.0, 18.0), 18.0)

    assert first == [(10.0, 60), (11.0, 62), (13.975, 64), (14.0, 60)]
    assert second == [(15.01, 62), (17.985, 64)]
    assert struck(scheduler, 18.0, 19.5) == [(18.0, 60), (19.0, 62)]


def test_every_turn_is_another_roll_for_the_recorder() -> None:
    scheduler = looping(Note(0, 60, SECOND, 80), Note(3 * SECOND, 62, 2 * SECOND, 80))
    for second in range(10, 20):
        heard(scheduler, second, second + 1.0)

    bar = (("violin", Note(0, 60, SECOND, 80)), ("violin", Note(3 * SECOND, 62, SECOND, 80)))
    assert scheduler.take_played(20.0) == [
        Played(1, 0, BAR, bar),
        Played(2, 0, BAR, bar),
        Played(3, 0, 2 * SECOND, bar[:1]),
    ]


def test_what_an_early_part_plays_before_the_turn_belongs_to_the_next_roll() -> None:
    scheduler = looping(Note(0, 60, 48, 80), offset_ms=-100.0)
    heard(scheduler, 10.0, 14.0)
    note = ("violin", Note(0, 60, 48, 80))

    assert [played.notes for played in scheduler.take_played(13.99)] == [(note,)]
    assert [(played.roll, played.notes) for played in scheduler.take_played(14.5)] == [(1, ()), (2, (note,))]


def test_turns_of_a_tick_are_played_for_as_long_as_it_takes() -> None:
    scheduler = looping(Note(0, 60, 480, 80), loop=Loop(0, 1))

    assert len(struck(scheduler, 10.0, 11.0)) == 960
    assert not [data for at, data in heard(scheduler, 11.0, 11.0) if is_note_on(data)]


def test_controllers_follow_the_curve_anew_in_every_turn() -> None:
    scheduler = Scheduler((PORT,), controllers=(EXPRESSION,))
    scheduler.apply(TempoChange(TempoMap.constant(60.0)), 0.0)
    scheduler.apply(LoopChange(LOOP), 0.0)
    scheduler.apply(Routing((Route("violin", PORT, 0, None),)), 0.0)
    steps = (LevelPoint(0, 0.0), LevelPoint(2 * SECOND, 0.0), LevelPoint(2 * SECOND, 1.0))
    scheduler.apply(Dynamics(steps[:1], steps), 0.0)
    scheduler.apply(TransportChange(Started(10.0)), 0.0)
    soft, loud = (control_change(0, EXPRESSION, controller_value(EXPRESSION, level)) for level in (0.0, 1.0))

    assert heard(scheduler, 10.0, 19.0) == [(10.0, soft), (12.0, loud), (14.0, soft), (16.0, loud), (18.0, soft)]
    scheduler.apply(TempoChange(TempoMap.constant(120.0)), 19.0)
    assert heard(scheduler, 19.0, 21.0) == [(19.5, loud), (20.5, soft)]


def test_what_had_to_wait_for_the_start_is_cut_where_all_others_are() -> None:
    scheduler = looping(Note(0, 60, 3 * SECOND, 80), offset_ms=-200.0, loop=None)
    assert struck(scheduler, 10.0, 10.5) == [(10.0, 60)], "it would have begun before"
    scheduler.apply(Schedule("violin", 0, SECOND, BAR, (), cut_at=SECOND), 10.5)
    assert heard(scheduler, 10.5, 12.0) == [(10.8, note_off(0, 60))]
