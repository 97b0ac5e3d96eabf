import pytest

from hitpoint.errors import PortError
from hitpoint.scheduler.performance import (
    Cancel,
    Mute,
    Panic,
    Played,
    Route,
    Routing,
    Schedule,
    TempoChange,
    TransportChange,
)
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.score.midi_message import control_change, note_off, note_on, program_change
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Followed, Located, Started, Stopped
from hitpoint.timeline.tempo_map import TempoMap

STRINGS, BRASS = "Hitpoint strings", "Hitpoint brass"
BAR = 3840
# At 60 bpm a quarter note is a second, so that 960 ticks are.
SECOND = 960


def rolling(
    *notes: Note, offset_ms: float = 0.0, port_offsets: dict[str, float] | None = None, at: float = 10.0
) -> Scheduler:
    """One violin on channel 2, rolling from tick 0 at second 10, its programs already sent."""
    scheduler = Scheduler((STRINGS, BRASS), port_offsets)
    scheduler.apply(TempoChange(TempoMap.constant(60.0)), 0.0)
    scheduler.apply(Routing((Route("violin", STRINGS, 2, 40, offset_ms),)), 0.0)
    scheduler.apply(Schedule("violin", 0, 0, BAR, notes), 0.0)
    scheduler.apply(TransportChange(Started(at)), 0.0)
    scheduler.due(0.0, 0.0)
    return scheduler


def heard(scheduler: Scheduler, now: float, until: float) -> list[tuple[float, bytes]]:
    return [(round(message.at, 6), message.data) for message in scheduler.due(now, until)]


def test_a_note_is_struck_and_let_go_at_its_ticks() -> None:
    scheduler = rolling(Note(SECOND, 60, SECOND, 80))

    assert heard(scheduler, 10.0, 20.0) == [(11.0, note_on(2, 60, 80)), (12.0, note_off(2, 60))]


def test_nothing_is_due_before_the_next_due_time() -> None:
    scheduler = rolling(Note(SECOND, 60, SECOND, 80))

    assert scheduler.next_due() == 11.0
    assert heard(scheduler, 10.0, 11.0) == []
    assert heard(scheduler, 11.0, 11.001) == [(11.0, note_on(2, 60, 80))]
    assert scheduler.next_due() == 12.0


def test_at_one_tick_the_note_off_goes_first() -> None:
    scheduler = rolling(Note(0, 60, SECOND, 80), Note(SECOND, 60, SECOND, 90))

    assert heard(scheduler, 10.0, 11.5)[-2:] == [(11.0, note_off(2, 60)), (11.0, note_on(2, 60, 90))]


def test_a_key_struck_while_it_sounds_is_let_go_first() -> None:
    scheduler = rolling(Note(0, 60, 3 * SECOND, 80), Note(SECOND, 60, 3 * SECOND, 90))

    assert heard(scheduler, 10.0, 20.0) == [
        (10.0, note_on(2, 60, 80)),
        (11.0, note_off(2, 60)),
        (11.0, note_on(2, 60, 90)),
        (14.0, note_off(2, 60)),
    ]


def test_an_offset_moves_both_ends_of_a_note() -> None:
    scheduler = rolling(Note(SECOND, 60, SECOND, 80), offset_ms=-250.0, port_offsets={STRINGS: 0.05})

    assert heard(scheduler, 10.0, 20.0) == [(10.8, note_on(2, 60, 80)), (11.8, note_off(2, 60))]


def test_what_an_early_part_would_send_before_the_start_is_sent_at_it() -> None:
    scheduler = rolling(Note(0, 60, SECOND, 80), offset_ms=-250.0)

    assert heard(scheduler, 10.0, 20.0) == [(10.0, note_on(2, 60, 80)), (11.0, note_off(2, 60))]
    assert scheduler.counts.late == 0


def test_a_tempo_change_moves_what_is_queued_and_what_sounds() -> None:
    scheduler = rolling(Note(0, 60, 3 * SECOND, 80), Note(2 * SECOND, 62, SECOND, 80))
    heard(scheduler, 10.0, 11.0)

    scheduler.apply(TempoChange(TempoMap.constant(120.0)), 11.0)

    assert heard(scheduler, 11.0, 20.0) == [
        (11.5, note_on(2, 62, 80)),
        (12.0, note_off(2, 60)),
        (12.0, note_off(2, 62)),
    ]


def test_a_cancel_drops_what_is_queued_and_lets_what_sounds_end_by_itself() -> None:
    scheduler = rolling(Note(0, 60, 2 * SECOND, 80), Note(SECOND, 62, SECOND, 80))
    heard(scheduler, 10.0, 10.5)

    scheduler.apply(Cancel("violin", 1), 10.5)

    assert heard(scheduler, 10.5, 20.0) == [(12.0, note_off(2, 60))]


def test_everything_can_be_cancelled_until_the_window_in_which_it_sounds() -> None:
    scheduler = rolling(*(Note(tick, 60, 9, 80) for tick in range(0, BAR, 96)))
    first = heard(scheduler, 10.0, 10.0053)

    scheduler.apply(Cancel(None, 0), 10.0053)

    assert first == [(10.0, note_on(2, 60, 80))]
    assert heard(scheduler, 10.0053, 20.0) == [(10.009375, note_off(2, 60))]


def test_a_bar_given_anew_replaces_the_old_one() -> None:
    scheduler = rolling(Note(SECOND, 60, 100, 80), Note(2 * SECOND, 60, 100, 80))
    heard(scheduler, 10.0, 11.5)

    scheduler.apply(Schedule("violin", 0, 0, BAR, (Note(SECOND, 65, 100, 80), Note(2 * SECOND, 65, 100, 80))), 11.01)

    assert heard(scheduler, 11.5, 12.05) == [(12.0, note_on(2, 65, 80))]


@pytest.mark.parametrize("cancelled", [False, True])
def test_what_has_just_been_sent_is_not_sent_again_when_its_bar_is_given_anew(cancelled: bool) -> None:
    note = Note(SECOND, 60, SECOND, 80)
    scheduler = rolling(note)
    heard(scheduler, 10.0, 11.01)
    if cancelled:
        scheduler.apply(Cancel(None, 0), 11.01)

    scheduler.apply(Schedule("violin", 0, 0, BAR, (note, Note(SECOND + 5, 62, 100, 80))), 11.01)

    assert heard(scheduler, 11.01, 20.0) == [(12.0, note_off(2, 60))]
    assert (scheduler.counts.sent, scheduler.counts.dropped) == (1, 0)


def test_what_a_faster_tempo_brings_back_is_not_sent_again_when_its_bar_is_given_anew() -> None:
    # The part is sent 0.5 s late. At second 2 its note of second 1.4 has sounded (at 1.9), that of 1.6 has not; at four
    # times the tempo the first lies 0.15 s back instead of 0.6 s, and so would be due at 2.35.
    notes = Note(round(1.4 * SECOND), 60, 60, 80), Note(round(1.6 * SECOND), 62, 60, 80)
    scheduler = rolling(*notes, offset_ms=500.0)
    assert note_on(2, 60, 80) in [data for _, data in heard(scheduler, 10.0, 12.0)]
    scheduler.apply(TempoChange(TempoMap.constant(240.0)), 12.0)
    scheduler.apply(Schedule("violin", 0, 0, BAR, notes), 12.0)
    assert [data for _, data in heard(scheduler, 12.0, 20.0) if data[0] == note_on(2, 60, 80)[0]] == [
        note_on(2, 62, 80)
    ]


def test_a_note_that_comes_a_little_late_is_sent_at_once_and_ends_on_time() -> None:
    scheduler = rolling()
    heard(scheduler, 10.0, 11.02)
    scheduler.apply(Schedule("violin", 1, BAR, 2 * BAR, ()), 11.02)
    scheduler.apply(Schedule("horn", 0, 0, BAR, (Note(SECOND, 60, SECOND, 80),)), 11.02)
    scheduler.apply(Routing((Route("horn", BRASS, 0, None),)), 11.02)

    assert heard(scheduler, 11.02, 20.0) == [(11.02, note_on(0, 60, 80)), (12.0, note_off(0, 60))]
    assert (scheduler.counts.late, scheduler.counts.dropped) == (1, 0)


def test_a_note_that_comes_too_late_is_left_out_whole_and_counted() -> None:
    scheduler = rolling()
    heard(scheduler, 10.0, 11.1)
    scheduler.apply(Routing((Route("horn", BRASS, 0, None),)), 11.1)
    scheduler.apply(Schedule("horn", 0, 0, BAR, (Note(SECOND, 60, SECOND, 80),)), 11.1)

    assert heard(scheduler, 11.1, 20.0) == []
    assert (scheduler.counts.sent, scheduler.counts.dropped) == (0, 1)


def test_notes_before_the_place_of_a_start_belong_to_another_roll() -> None:
    scheduler = rolling()
    scheduler.apply(TransportChange(Located(SECOND, 11.0)), 11.0)
    scheduler.apply(Schedule("violin", 0, 0, BAR, (Note(SECOND - 2, 60, 9, 80), Note(SECOND, 62, 9, 80))), 11.0)

    assert [data for _, data in heard(scheduler, 11.0, 11.005)] == [note_on(2, 62, 80)]
    assert scheduler.counts.dropped == 0


@pytest.mark.parametrize("event", [Stopped(2 * SECOND, 12.0), Located(0, 12.0)])
def test_a_stop_or_a_jump_silences_what_sounds_and_drops_the_rest(event: Stopped | Located) -> None:
    scheduler = rolling(Note(SECOND, 60, 2 * SECOND, 80), Note(3 * SECOND, 62, SECOND, 80))
    heard(scheduler, 10.0, 12.0)

    scheduler.apply(TransportChange(event), 12.0)

    assert heard(scheduler, 12.0, 30.0) == [(12.0, note_off(2, 60))]


def test_a_jump_told_ahead_is_silent_until_its_time() -> None:
    scheduler = rolling(Note(0, 60, BAR, 80))
    heard(scheduler, 10.0, 12.0)
    scheduler.apply(TransportChange(Located(SECOND, 12.5)), 12.0)
    scheduler.apply(Schedule("violin", 0, 0, BAR, (Note(SECOND, 62, SECOND, 80),)), 12.0)

    assert heard(scheduler, 12.0, 13.0) == [(12.0, note_off(2, 60)), (12.5, note_on(2, 62, 80))]


def test_being_where_one_should_be_silences_nothing() -> None:
    scheduler = rolling(Note(0, 60, 2 * SECOND, 80))
    heard(scheduler, 10.0, 11.0)

    scheduler.move(Followed(SECOND + 96.0, 11.0), 11.0)

    assert heard(scheduler, 11.0, 20.0) == [(11.9, note_off(2, 60))]


def test_a_muted_part_ends_at_once_and_its_notes_pass_in_silence() -> None:
    scheduler = rolling(Note(0, 60, 2 * SECOND, 80), Note(SECOND, 62, 100, 80), Note(3 * SECOND, 64, 100, 80))
    heard(scheduler, 10.0, 10.5)

    scheduler.apply(Mute(frozenset({"violin"})), 10.5)
    assert heard(scheduler, 10.5, 12.0) == [(10.5, note_off(2, 60))]
    scheduler.apply(Mute(frozenset()), 12.0)
    assert heard(scheduler, 12.0, 13.01) == [(13.0, note_on(2, 64, 80))]


def test_panic_ends_notes_and_resets_every_channel_ever_used() -> None:
    scheduler = rolling(Note(0, 60, 2 * SECOND, 80), Note(2 * SECOND, 62, 100, 80))
    scheduler.apply(Routing((Route("violin", BRASS, 0, None),)), 10.0)
    heard(scheduler, 10.0, 10.5)

    scheduler.apply(Panic(), 10.5)

    expected = [(1, note_off(0, 60))]
    for port, channel in ((0, 2), (1, 0)):
        expected += [(port, control_change(channel, controller, 0)) for controller in (64, 123, 120)]
    assert [(message.port, message.data) for message in scheduler.due(10.5, 11.0)] == expected
    assert heard(scheduler, 12.0, 12.01) == [(12.0, note_on(0, 62, 80))], "the music goes on"


def test_panic_ends_each_note_first_and_then_lifts_pedals_and_ends_all_on_each_channel() -> None:
    scheduler = Scheduler((STRINGS, BRASS))
    routes = (Route("violin", STRINGS, 0, None), Route("cello", STRINGS, 1, None), Route("horn", BRASS, 3, None))
    scheduler.apply(Routing(routes), 0.0)
    for part, pitches in (("violin", (60, 64)), ("cello", (48,)), ("horn", (50,))):
        scheduler.apply(Schedule(part, 0, 0, BAR, tuple(Note(0, pitch, BAR, 80) for pitch in pitches)), 0.0)
    scheduler.apply(TransportChange(Started(0.0)), 0.0)
    scheduler.due(0.0, 0.5)
    scheduler.apply(Panic(), 0.5)
    sent = scheduler.due(0.5, 0.6)
    ends = ((64, 0), (123, 0), (120, 0))  # pedal up, all notes off, all sound off
    assert [message.data for message in sent if message.port == 0] == [
        note_off(1, 48),
        note_off(0, 60),
        note_off(0, 64),
        *(control_change(channel, *end) for channel in (0, 1) for end in ends),
    ]
    assert [message.data for message in sent if message.port == 1] == [
        note_off(3, 50),
        *(control_change(3, *end) for end in ends),
    ]


def test_programs_are_sent_when_routed_and_at_every_start() -> None:
    scheduler = Scheduler((STRINGS,))
    routing = Routing((Route("violin", STRINGS, 0, 40), Route("cello", STRINGS, 1, None)))
    scheduler.apply(routing, 1.0)
    assert heard(scheduler, 1.0, 1.1) == [(1.0, program_change(0, 40))]

    scheduler.apply(routing, 2.0)
    assert heard(scheduler, 2.0, 2.1) == []
    scheduler.apply(TransportChange(Started(3.0)), 3.0)
    assert heard(scheduler, 3.0, 3.1) == [(3.0, program_change(0, 40))]


def test_what_sounds_on_a_route_that_is_gone_is_ended_there() -> None:
    scheduler = rolling(Note(0, 60, BAR, 80))
    heard(scheduler, 10.0, 10.5)

    scheduler.apply(Routing((Route("violin", BRASS, 2, 41),)), 10.5)

    assert [(m.port, m.data) for m in scheduler.due(10.5, 11.0)] == [(0, note_off(2, 60)), (1, program_change(2, 41))]


def test_a_route_to_no_open_port_is_refused_and_the_others_hold() -> None:
    scheduler = rolling(Note(0, 60, 100, 80))

    with pytest.raises(PortError, match="Hitpoint choir"):
        scheduler.apply(Routing((Route("choir", "Hitpoint choir", 0, 52), Route("violin", STRINGS, 5, None))), 9.0)

    assert (10.0, note_on(5, 60, 80)) in heard(scheduler, 9.0, 11.0)


def test_what_was_played_is_told_as_it_was_played() -> None:
    scheduler = rolling(Note(0, 60, 480, 80), Note(SECOND, 62, BAR, 90))
    heard(scheduler, 10.0, 11.5)
    assert scheduler.take_played(11.5) == [Played(1, 0, 1440, (("violin", Note(0, 60, 480, 80)),))]

    scheduler.apply(TransportChange(Stopped(2 * SECOND, 12.0)), 12.0)

    assert scheduler.take_played(12.0) == [Played(1, 1440, 2 * SECOND, (("violin", Note(SECOND, 62, SECOND, 90)),))]


def test_every_start_and_jump_is_another_roll() -> None:
    scheduler = rolling()
    scheduler.apply(TransportChange(Located(BAR, 12.0)), 12.0)

    assert [(played.roll, played.start, played.end) for played in scheduler.take_played(13.0)] == [
        (1, 0, 2 * SECOND),
        (2, BAR, BAR + SECOND),
    ]


def test_the_lead_is_how_long_before_its_time_a_bar_came() -> None:
    scheduler = rolling()
    scheduler.apply(Schedule("violin", 1, BAR, 2 * BAR, (Note(BAR, 60, 100, 80),)), 13.6)

    assert scheduler.take_least_lead() == pytest.approx(0.4)
    assert scheduler.take_least_lead() is None


def test_the_first_note_of_a_start_sounds_though_its_bar_is_given_twice() -> None:
    # At this tempo the start's second and the note's differ in their last bits.
    scheduler = Scheduler((STRINGS, "Hitpoint brass"))
    scheduler.apply(Routing((Route("violin", STRINGS, 2, None),)), 10.0)
    scheduler.apply(TempoChange(TempoMap.constant(297.5)), 10.0)
    scheduler.apply(TransportChange(Located(1600, 10.0)), 10.0)
    scheduler.due(10.0, 10.25)
    scheduler.apply(TransportChange(Started(10.25)), 10.25)
    for _ in range(2):
        scheduler.apply(Schedule("violin", 0, 0, BAR, (Note(1600, 60, 100, 80),)), 10.25)

    assert heard(scheduler, 10.25, 10.3)[0] == (10.25, note_on(2, 60, 80))


def test_what_sounds_or_is_queued_before_a_cut_ends_there_and_later_notes_keep_their_length() -> None:
    scheduler = rolling(Note(0, 60, 5 * SECOND, 80), Note(SECOND, 62, 5 * SECOND, 80), Note(3 * SECOND, 64, SECOND, 80))
    heard(scheduler, 10.0, 10.5)
    scheduler.apply(Schedule("violin", 0, 2 * SECOND, 2 * SECOND, (), cut_at=2 * SECOND), 10.5)

    assert heard(scheduler, 10.5, 20.0) == [
        (11.0, note_on(2, 62, 80)),
        (12.0, note_off(2, 60)),
        (12.0, note_off(2, 62)),
        (13.0, note_on(2, 64, 80)),
        (14.0, note_off(2, 64)),
    ]


def test_a_cut_that_comes_late_ends_what_sounds_at_once() -> None:
    scheduler = rolling(Note(0, 60, 5 * SECOND, 80))
    heard(scheduler, 10.0, 11.0)
    scheduler.apply(Schedule("violin", 0, 0, 0, (), cut_at=SECOND // 2), 11.0)

    assert heard(scheduler, 11.0, 20.0) == [(11.0, note_off(2, 60))]
