"""Notes and controllers follow the dynamics, live."""

from itertools import pairwise

from hitpoint.scheduler.performance import Route, Routing, Schedule, TempoChange, TransportChange
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.score.dynamics import Dynamics, LevelPoint
from hitpoint.score.expression import EXPRESSION, ControllerMove, controller_value
from hitpoint.score.midi_message import CONTROL_CHANGE, control_change, is_note_on, note_on
from hitpoint.score.note import Note
from hitpoint.score.stem import DRUM_CHANNEL
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.tempo_map import TempoMap

STRINGS, DRUMS = "Hitpoint strings", "Hitpoint drums"
BAR = 3840
# At 60 bpm a quarter note is a second, so that 960 ticks are.
SECOND = 960


def level(value: float, *points: tuple[int, float]) -> Dynamics:
    """Steps at `value`; a curve through the points, else flat at the value, too."""
    curve = tuple(LevelPoint(*point) for point in points) or (LevelPoint(0, value),)
    return Dynamics((LevelPoint(0, value),), curve)


def rolling(dynamics: Dynamics, *notes: Note, written: float | None = 0.5, offset_ms: float = 0.0) -> Scheduler:
    """A violin on channel 2 and drums, rolling from tick 0 at second 10, with CC 11."""
    scheduler = Scheduler((STRINGS, DRUMS), controllers=(EXPRESSION,))
    scheduler.apply(TempoChange(TempoMap.constant(60.0)), 0.0)
    routes = (Route("violin", STRINGS, 2, None, offset_ms), Route("drums", DRUMS, DRUM_CHANNEL, None))
    scheduler.apply(Routing(routes), 0.0)
    scheduler.apply(dynamics, 0.0)
    scheduler.apply(Schedule("violin", 0, 0, BAR, notes, level=written), 0.0)
    scheduler.apply(TransportChange(Started(10.0)), 0.0)
    return scheduler


def heard(scheduler: Scheduler, now: float, until: float) -> list[tuple[float, bytes]]:
    return [(round(message.at, 6), message.data) for message in scheduler.due(now, until)]


def moves(found: list[tuple[float, bytes]]) -> list[tuple[float, int]]:
    return [(at, data[2]) for at, data in found if data[0] & 0xF0 == CONTROL_CHANGE]


def expression(value: float) -> bytes:
    return control_change(2, EXPRESSION, controller_value(EXPRESSION, value))


def test_a_move_is_heard_in_the_very_next_note_though_it_was_queued_before() -> None:
    scheduler = rolling(level(0.5), *(Note(tick * SECOND, 60, 10, 80) for tick in range(3)))
    first = heard(scheduler, 10.0, 10.5)
    scheduler.apply(level(0.7), 10.5)
    assert [data for _, data in first if is_note_on(data)] == [note_on(2, 60, 80)]
    assert [data for _, data in heard(scheduler, 10.5, 11.5) if is_note_on(data)] == [note_on(2, 60, 95)]


def test_notes_written_for_the_new_level_are_not_moved_twice() -> None:
    scheduler = rolling(level(0.5), Note(SECOND, 60, 10, 80))
    scheduler.apply(level(0.7), 10.0)
    scheduler.apply(Schedule("violin", 0, 0, BAR, (Note(SECOND, 60, 10, 95),), level=0.7), 10.2)
    assert note_on(2, 60, 95) in [data for _, data in heard(scheduler, 10.0, 12.0)]


def test_notes_that_are_to_stay_as_they_are_stay_so() -> None:
    scheduler = rolling(level(0.9), Note(SECOND, 60, 10, 50), written=None)
    assert note_on(2, 60, 50) in [data for _, data in heard(scheduler, 10.0, 12.0)]


def test_what_is_recorded_is_what_was_sent() -> None:
    scheduler = rolling(level(0.7), Note(SECOND, 60, 10, 80))
    scheduler.due(0.0, 12.0)
    (played,) = scheduler.take_played(12.0)
    assert played.notes == (("violin", Note(SECOND, 60, 10, 95)),)
    assert played.moves == (ControllerMove(0, EXPRESSION, controller_value(EXPRESSION, 0.7)),)


def test_the_first_value_comes_before_the_first_note_and_drums_have_none() -> None:
    scheduler = rolling(level(0.5), Note(0, 60, 10, 80))
    assert heard(scheduler, 9.95, 10.005) == [(9.95, expression(0.5)), (10.0, note_on(2, 60, 80))]


def test_a_step_moves_the_controller_on_its_tick_and_before_the_note_there() -> None:
    scheduler = rolling(level(0.2, (0, 0.2), (SECOND, 0.2), (SECOND, 1.0)), Note(SECOND, 60, 10, 120))
    assert heard(scheduler, 10.0, 11.005)[1:] == [(11.0, expression(1.0)), (11.0, note_on(2, 60, 120))]


def test_a_part_that_is_sent_early_has_its_controllers_as_early() -> None:
    dynamics = level(0.2, (0, 0.2), (SECOND, 0.2), (SECOND, 1.0))
    scheduler = rolling(dynamics, Note(SECOND, 60, 10, 120), offset_ms=-250.0)
    assert heard(scheduler, 10.0, 10.755)[1:] == [(10.75, expression(1.0)), (10.75, note_on(2, 60, 120))]


def test_a_ramp_is_followed_value_by_value_but_not_faster_than_every_20_ms() -> None:
    scheduler = rolling(level(0.0, (0, 0.0), (2 * SECOND, 1.0)))
    slow = moves(heard(scheduler, 10.0, 13.0))
    assert [value for _, value in slow] == list(range(80, 128))
    fast = rolling(level(0.0, (0, 0.0), (SECOND // 5, 1.0)))
    times = [at for at, _ in moves(heard(fast, 10.0, 11.0))]
    assert len(times) in (11, 12)
    assert all(after - before > 0.009 for before, after in pairwise(times[1:]))


def test_a_flood_of_moves_is_thinned_and_its_last_is_sent() -> None:
    scheduler = rolling(level(0.5))
    sent = moves(heard(scheduler, 10.0, 10.5))[1:]
    now = 10.5
    for place in range(1000):
        scheduler.apply(level(place / 1000), now)
        sent += moves(heard(scheduler, now, now + 0.001))
        now += 0.001
    sent += moves(heard(scheduler, now, now + 0.02))
    assert len(sent) <= 101
    assert sent[-1][1] == controller_value(EXPRESSION, 0.999)


def test_a_lone_move_is_followed_at_once() -> None:
    scheduler = rolling(level(0.5))
    heard(scheduler, 10.0, 10.5)
    scheduler.apply(level(0.9), 10.5)
    assert scheduler.next_due() <= 10.5
    assert heard(scheduler, 10.5, 10.501) == [(10.5, expression(0.9))]


def test_while_nothing_rolls_only_a_hand_on_the_fader_moves_anything() -> None:
    scheduler = rolling(level(0.5), Note(0, 60, 10, 80))
    heard(scheduler, 10.0, 10.5)
    scheduler.apply(TransportChange(Stopped(SECOND // 2, 10.5)), 10.5)
    scheduler.apply(level(0.5), 10.5)
    assert moves(heard(scheduler, 10.5, 11.0)) == []
    scheduler.apply(level(0.8), 11.0)
    assert moves(heard(scheduler, 11.0, 11.1)) == [(11.0, controller_value(EXPRESSION, 0.8))]
    scheduler.apply(TransportChange(Located(BAR, 11.1)), 11.1)
    scheduler.apply(level(0.1), 11.1)
    assert moves(heard(scheduler, 11.1, 12.0)) == []


def test_after_a_jump_nothing_of_the_old_place_moves_and_the_new_ones_value_is_there_before_its_notes() -> None:
    scheduler = rolling(level(0.2, (0, 0.2), (2 * SECOND, 1.0)))
    heard(scheduler, 10.0, 10.5)
    scheduler.apply(TransportChange(Located(BAR, 10.5)), 10.5)
    assert moves(heard(scheduler, 10.5, 11.0)) == []
    scheduler.apply(level(0.6), 11.0)
    scheduler.apply(Schedule("violin", 1, BAR, 2 * BAR, (Note(BAR + SECOND // 2, 60, 10, 80),), level=0.6), 11.0)
    assert heard(scheduler, 11.0, 11.005) == [(11.0, expression(0.6)), (11.0, note_on(2, 60, 80))]


def test_a_start_tells_every_value_again() -> None:
    scheduler = rolling(level(0.5))
    heard(scheduler, 10.0, 10.5)
    scheduler.apply(TransportChange(Stopped(SECOND // 2, 10.5)), 10.5)
    scheduler.apply(TransportChange(Started(11.0)), 10.6)
    assert heard(scheduler, 10.6, 10.7) == [(10.6, expression(0.5))]


def test_a_part_that_joins_while_it_plays_is_told_where_the_others_are() -> None:
    scheduler = rolling(level(0.5))
    heard(scheduler, 10.0, 10.5)
    routes = (Route("violin", STRINGS, 2, None), Route("viola", STRINGS, 3, None))
    scheduler.apply(Routing(routes), 10.5)
    assert heard(scheduler, 10.5, 10.6) == [(10.5, control_change(3, EXPRESSION, controller_value(EXPRESSION, 0.5)))]


def test_no_controller_moves_unless_asked_for() -> None:
    scheduler = Scheduler((STRINGS,))
    scheduler.apply(Routing((Route("violin", STRINGS, 2, None),)), 0.0)
    scheduler.apply(level(0.0, (0, 0.0), (SECOND, 1.0)), 0.0)
    scheduler.apply(TransportChange(Started(10.0)), 0.0)
    assert heard(scheduler, 0.0, 12.0) == []


def test_what_is_due_within_a_window_is_told_within_it_however_sums_are_rounded() -> None:
    scheduler = rolling(level(0.1, (0, 0.0), (1428, 1.0)))
    # 1428 ticks are 0.3 s at this tempo, to the last bits; so is the window, but for those.
    scheduler.apply(TempoChange(TempoMap.constant(297.5)), 0.0)
    due = scheduler.due(10.0, 10.3)
    assert due
    assert all(10.0 <= message.at < 10.3 for message in due)
