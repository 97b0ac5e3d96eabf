"""Articulations are switched to live, before the notes that need them."""

from itertools import cycle

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.scheduler.performance import Mute, Panic, Route, Routing, Schedule, TempoChange, TransportChange
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.score.articulation import (
    ARTICULATIONS,
    LEAD_SECONDS,
    MARCATO,
    STACCATO,
    SUSTAIN,
    TREMOLO,
    Articulated,
    ArticulationMap,
    Switch,
)
from hitpoint.score.midi_message import control_change, note_off, note_on, program_change
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Started, Stopped
from hitpoint.timeline.tempo_map import TempoMap

PORT, BAR, SECOND = "Hitpoint strings", 3840, 960
MAP = ArticulationMap(
    "mine",
    {
        "violin": {
            SUSTAIN: Switch("key", 12),
            STACCATO: Switch("key", 13),
            MARCATO: Switch("program", 7),
            TREMOLO: Switch("cc", 32, 9),
        }
    },
)
ON, OFF = note_on(2, 12, 100), note_off(2, 12)


def scheduler_with(*articulations: str, known: ArticulationMap | None = MAP) -> Scheduler:
    """A violin on channel 2 with a note a second, each played so, rolling from second 10 on."""
    scheduler = Scheduler((PORT,), articulations=known)
    scheduler.apply(TempoChange(TempoMap.constant(60.0)), 0.0)
    scheduler.apply(Routing((Route("violin", PORT, 2, 40),)), 0.0)
    scheduler.apply(schedule(*articulations), 0.0)
    scheduler.apply(TransportChange(Started(10.0)), 0.0)
    return scheduler


def schedule(*articulations: str) -> Schedule:
    notes = tuple(Note(place * SECOND, 60, 480, 80) for place in range(len(articulations)))
    asked = tuple(Articulated(place * SECOND, name) for place, name in enumerate(articulations))
    return Schedule("violin", 0, 0, BAR, notes, articulations=asked)


def heard(scheduler: Scheduler, now: float, until: float) -> list[tuple[float, bytes]]:
    """What is sent, but for the notes and the part's own program."""
    found = [(round(one.at, 6), one.data) for one in scheduler.due(now, until)]
    return [(at, data) for at, data in found if data[1:2] != bytes([60]) and data != program_change(2, 40)]


def test_a_switch_comes_before_its_note_and_only_when_it_is_another() -> None:
    found = heard(scheduler_with(SUSTAIN, SUSTAIN, STACCATO, STACCATO), 9.0, 14.0)
    assert [data for _, data in found] == [ON, OFF, note_on(2, 13, 100), note_off(2, 13)]
    assert found[0][0] == 10.0, "before the start nothing is sent"
    assert found[2][0] == round(12.0 - LEAD_SECONDS, 6)


def test_at_one_moment_the_switch_goes_before_the_note() -> None:
    messages = [one.data for one in scheduler_with(SUSTAIN).due(10.0, 10.001)]
    assert messages.index(ON) < messages.index(note_on(2, 60, 80))


def test_programs_and_controllers_switch_too() -> None:
    found = [data for _, data in heard(scheduler_with(MARCATO, TREMOLO), 9.0, 12.0)]
    assert found == [program_change(2, 7), control_change(2, 32, 9)]


def test_a_switch_is_no_music() -> None:
    scheduler = scheduler_with(SUSTAIN, STACCATO)
    scheduler.due(9.0, 14.0)
    assert scheduler.counts.sent == 2
    (played,) = scheduler.take_played(14.0)
    assert {note.pitch for _, note in played.notes} == {60}


def test_a_keyswitch_that_is_down_is_let_go_at_a_stop_and_switched_to_again_at_the_next_start() -> None:
    scheduler = scheduler_with(SUSTAIN)
    assert heard(scheduler, 10.0, 10.01) == [(10.0, ON)]
    scheduler.apply(TransportChange(Stopped(0, 10.01)), 10.01)
    assert OFF in [data for _, data in heard(scheduler, 10.01, 10.02)]
    scheduler.apply(schedule(SUSTAIN, SUSTAIN), 10.02)
    scheduler.apply(TransportChange(Started(10.5)), 10.02)
    assert [data for _, data in heard(scheduler, 10.02, 12.0)] == [ON, OFF]


def test_after_a_panic_the_next_note_is_switched_to_anew() -> None:
    scheduler = scheduler_with(SUSTAIN, SUSTAIN)
    heard(scheduler, 10.0, 10.5)
    scheduler.apply(Panic(), 10.5)
    assert (round(11.0 - LEAD_SECONDS, 6), ON) in heard(scheduler, 10.5, 11.5)


def test_a_muted_part_is_not_switched() -> None:
    scheduler = scheduler_with(SUSTAIN, STACCATO)
    scheduler.apply(Mute(frozenset({"violin"})), 9.0)
    assert heard(scheduler, 9.0, 12.0) == []


def test_a_bar_that_is_written_anew_is_played_as_it_then_says() -> None:
    scheduler = scheduler_with(SUSTAIN, STACCATO, STACCATO)
    first = heard(scheduler, 10.0, 11.5)
    scheduler.apply(schedule(SUSTAIN, SUSTAIN, SUSTAIN), 11.5)
    assert [data for _, data in first] == [ON, OFF, note_on(2, 13, 100), note_off(2, 13)]
    assert [data for _, data in heard(scheduler, 11.5, 13.0)] == [ON, OFF]


def test_without_a_map_nothing_is_sent_but_notes() -> None:
    for known in (None, ArticulationMap()):
        assert heard(scheduler_with(SUSTAIN, STACCATO, known=known), 9.0, 14.0) == []


@given(
    st.lists(st.sampled_from(ARTICULATIONS), min_size=1, max_size=24),
    st.lists(st.floats(0.001, 0.7), min_size=1, max_size=12),
    st.sampled_from((0.0, -80.0, 45.0)),
    st.integers(24, 960),
)
def test_every_note_is_played_as_it_says_however_the_windows_fall(
    articulations: list[str], windows: list[float], offset_ms: float, step: int
) -> None:
    scheduler = Scheduler((PORT,), articulations=MAP)
    scheduler.apply(Routing((Route("violin", PORT, 2, 40, offset_ms),)), 0.0)
    notes = tuple(Note(place * step, 60, 10, 1 + place) for place in range(len(articulations)))
    asked = tuple(Articulated(note.tick, name) for note, name in zip(notes, articulations, strict=True))
    scheduler.apply(Schedule("violin", 0, 0, 24 * 960, notes, articulations=asked), 0.0)
    scheduler.apply(TransportChange(Started(10.0)), 0.0)
    selects = {switch.message(2): name for name, switch in MAP.entries["violin"].items()}
    now, last, current, found = 9.0, 0.0, "", list[str]()
    for window in cycle(windows):
        for message in scheduler.due(now, now + window):
            assert message.at >= last
            last, current = message.at, selects.get(message.data, current)
            if message.data[:2] == bytes((0x92, 60)):
                found.append(current)
        now += window
        if now > 24.0:
            break
    assert found == [name if name in MAP.entries["violin"] else SUSTAIN for name in articulations]
