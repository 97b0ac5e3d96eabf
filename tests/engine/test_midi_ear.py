"""Clock is heard from one port, controllers from all, and a flood from none."""

from hypothesis import given
from hypothesis import strategies as st

from fakes.timecode_master import pieces_of
from hitpoint.engine.midi_ear import (
    CLOCK_SILENT_SECONDS,
    LONGEST_MESSAGE,
    MOST_CLOCK_A_SECOND,
    MOST_CLOCK_AT_ONCE,
    MOST_OTHERS_A_SECOND,
    MOST_OTHERS_AT_ONCE,
    TIMECODE_SILENT_SECONDS,
    MidiEar,
)
from hitpoint.hosts.midi_clock import ClockSignal, SongPosition
from hitpoint.hosts.midi_machine_control import MachineSignal
from hitpoint.hosts.midi_timecode import QuarterFrame
from hitpoint.score.midi_message import HeardMessage
from hitpoint.timeline.units import FrameRate

PULSE, POSITION = b"\xf8", b"\xf2\x05\x01"


def test_clock_is_heard_and_not_passed_on() -> None:
    ear = MidiEar()
    for data, message in ((PULSE, ClockSignal.PULSE), (POSITION, SongPosition(133))):
        assert ear.clock(HeardMessage(1.0, "in", data)) == (message,)
        assert not ear.is_for_control(HeardMessage(1.0, "in", data))


def test_a_song_position_that_comes_in_pieces_is_heard_from_each_port_for_itself() -> None:
    ear = MidiEar()
    assert ear.clock(HeardMessage(1.0, "in", b"\xf2\x05")) == ()
    assert ear.clock(HeardMessage(1.0, "other", b"\x07")) == ()
    assert ear.clock(HeardMessage(1.0, "in", b"\x01")) == (SongPosition(133),)


def test_another_port_leads_only_after_the_first_has_fallen_silent() -> None:
    ear = MidiEar()
    assert ear.clock(HeardMessage(1.0, "in", PULSE))
    assert not ear.clock(HeardMessage(1.1, "other", PULSE))
    silent = 1.1 + CLOCK_SILENT_SECONDS
    assert ear.clock(HeardMessage(silent, "other", PULSE))
    assert not ear.clock(HeardMessage(silent, "in", PULSE))


def test_a_flood_is_passed_over_and_counted() -> None:
    ear = MidiEar()
    seconds, a_second = 2, 20_000
    stamps = [number / a_second for number in range(seconds * a_second)]
    faders = sum(ear.is_for_control(HeardMessage(at, "in", b"\xb0\x01\x02")) for at in stamps)
    pulses = sum(len(ear.clock(HeardMessage(at, "in", PULSE))) for at in stamps)
    assert faders <= seconds * MOST_OTHERS_A_SECOND + MOST_OTHERS_AT_ONCE + 1
    assert pulses <= seconds * MOST_CLOCK_A_SECOND + MOST_CLOCK_AT_ONCE + 1
    assert ear.passed_over == 2 * len(stamps) - faders - pulses


def test_the_fastest_clock_there_is_and_two_hands_on_faders_are_heard_whole() -> None:
    ear = MidiEar()
    for number in range(4000):
        assert ear.clock(HeardMessage(number / 400, "in", PULSE))
        assert ear.is_for_control(HeardMessage(number / 400, "in", b"\xb0\x01\x02"))
    assert ear.passed_over == 0


def test_time_code_is_heard_from_one_port_and_counted_anew_after_a_silence() -> None:
    rate = FrameRate.named("25")
    pieces = [piece for frame in range(1000, 1008, 2) for piece in pieces_of(frame, rate)]
    ear = MidiEar()
    heard = [ear.timecode(HeardMessage(number / 100, "in", piece)) for number, piece in enumerate(pieces)]
    assert all(heard)
    assert not ear.timecode(HeardMessage(0.33, "other", pieces[0]))
    (said,) = ear.timecode(HeardMessage(0.33 + TIMECODE_SILENT_SECONDS, "in", pieces[0]))
    assert said == QuarterFrame()


def test_machine_control_is_heard_with_time_code_and_other_messages_are_not() -> None:
    ear = MidiEar()
    assert ear.timecode(HeardMessage(0.0, "in", b"\xf0\x7f\x7f\x06\x01\xf7")) == (MachineSignal.STOP,)
    for data in (b"\x90\x40\x40", PULSE, b"", b"\xf0\x7d\x01\xf7"):
        assert ear.timecode(HeardMessage(0.1, "in", data)) == ()


@given(st.lists(st.tuples(st.floats(0.0, 10.0), st.binary(max_size=2 * LONGEST_MESSAGE)), max_size=60))
def test_what_control_is_told_begins_with_a_status_byte_and_is_short(script: list[tuple[float, bytes]]) -> None:
    ear = MidiEar()
    for at, data in script:
        heard = HeardMessage(at, "in", data)
        ear.clock(heard)
        if ear.is_for_control(heard):
            assert data[0] >= 0x80
            assert len(data) <= LONGEST_MESSAGE
