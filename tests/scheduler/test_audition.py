"""What a take at the ports may never do, for any windows, stops and starts."""

from dataclasses import replace
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.scheduler.audition import (
    BEGIN_SECONDS,
    LATEST_SECONDS,
    Audition,
    Auditioning,
    AuditionMessage,
    AuditionMore,
    AuditionOver,
)
from hitpoint.score.midi_message import PortMessage, control_change, note_off, note_on, pressed, released

PORT = "Hitpoint strings"
NOTES = st.lists(
    st.tuples(st.floats(0.0, 3.0), st.floats(0.01, 2.0), st.integers(60, 63), st.sampled_from([0, 1])), max_size=12
)
STEPS = st.lists(
    st.tuples(st.floats(0.001, 0.9), st.sampled_from(["go on", "go on", "stop", "roll", "begin"])), max_size=12
)


def audition(number: int, *notes: tuple[float, float, int, int], pedals: int = 1) -> Audition:
    events = [
        *((begin, 1, note_on(channel, pitch, 80)) for begin, _, pitch, channel in notes),
        *((begin + lasts, 0, note_off(channel, pitch)) for begin, lasts, pitch, channel in notes),
        *((begin, 1, control_change(channel, 64, 127)) for begin, _, _, channel in notes[:pedals]),
    ]
    messages = [AuditionMessage(at, PORT, data, "violin") for at, _, data in sorted(events)]
    return Audition(number, tuple(messages))


def still_down(sent: list[PortMessage]) -> set[tuple[int, int, int]]:
    down = set()
    for message in sent:
        channel = message.data[0] & 15
        if (key := pressed(message.data)) is not None:
            assert (message.port, channel, key) not in down or key > 127, "struck while it sounds"
            down.add((message.port, channel, key))
        elif (key := released(message.data)) is not None:
            down.discard((message.port, channel, key))
    return down


@given(NOTES, STEPS)
def test_nothing_hangs_nothing_is_struck_twice_and_time_never_runs_back(
    notes: list[tuple[float, float, int, int]], steps: list[tuple[float, str]]
) -> None:
    playing, now, sent = Auditioning((PORT,)), 10.0, list[PortMessage]()
    playing.begin(audition(1, *notes), now)
    for number, (seconds, do) in enumerate(steps, 2):
        if do == "stop":
            playing.stop()
        if do == "begin":
            playing.begin(audition(number, *notes), now)
        messages = playing.due(now, now + seconds, do == "roll")
        assert all(now <= message.at for message in messages)
        sent += messages
        now += seconds
    playing.stop()
    sent += playing.due(now, now + 0.001, False)
    assert still_down(sent) == set()
    assert [message.at for message in sent] == sorted(message.at for message in sent)
    over = [one.number for one in playing.take_over()]
    assert over == sorted(set(over))
    assert playing.next_due() == inf


def test_it_is_heard_at_its_times_and_says_when_it_is_over() -> None:
    playing = Auditioning(("another", PORT))
    playing.begin(audition(7, (0.5, 0.25, 60, 0), pedals=0), 10.0)
    assert playing.next_due() == 10.0 + BEGIN_SECONDS + 0.5
    sent = playing.due(10.0, 12.0, False)
    assert [(round(message.at, 3), message.port, message.data) for message in sent] == [
        (10.55, 1, note_on(0, 60, 80)),
        (10.8, 1, note_off(0, 60)),
    ]
    assert playing.take_over() == [AuditionOver(7)]


def test_once_the_host_rolls_all_of_it_ends_in_that_very_window() -> None:
    playing = Auditioning((PORT,))
    playing.begin(audition(1, (0.0, 9.0, 60, 0)), 10.0)
    playing.due(10.0, 10.5, False)
    assert {message.data for message in playing.due(10.5, 10.501, True)} == {note_off(0, 60), control_change(0, 64, 0)}
    assert playing.due(10.501, 30.0, True) == []
    assert playing.take_over() == [AuditionOver(1)]


def test_what_a_stalled_computer_has_missed_is_left_out() -> None:
    playing = Auditioning((PORT,))
    playing.begin(audition(1, (0.0, 0.3, 60, 0), (5.0, 1.0, 62, 0), pedals=0), 10.0)
    sent = playing.due(10.0 + LATEST_SECONDS + 5.0, 15.3, False)
    assert [message.data for message in sent] == [note_on(0, 62, 80)]


def test_what_is_told_later_is_played_in_its_place_and_only_of_what_is_heard() -> None:
    playing = Auditioning((PORT,))
    whole = audition(1, (0.0, 0.5, 60, 0), (1.0, 0.5, 62, 0), pedals=0)
    playing.begin(replace(whole, messages=whole.messages[:2], more=True), 10.0)
    sent = playing.due(10.0, 10.9, False)
    assert playing.take_over() == [], "there is more to come"
    assert playing.next_due() == inf
    playing.go_on(AuditionMore(7, whole.messages, False))
    playing.go_on(AuditionMore(1, whole.messages[2:], False))
    sent += playing.due(10.9, 20.0, False)
    assert [message.data for message in sent] == [message.data for message in whole.messages]
    assert playing.take_over() == [AuditionOver(1)]
