"""Clock bytes become events wherever they are cut, and a host that counts otherwise is found out."""

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.hosts.midi_clock import (
    ClockMessage,
    ClockSignal,
    MidiClockReader,
    PositionUnit,
    SongPosition,
    UnitDetector,
)


def read(*pieces: bytes) -> list[ClockMessage]:
    reader = MidiClockReader()
    return [message for piece in pieces for message in reader.read(piece)]


def test_every_signal_is_read() -> None:
    assert read(b"\xfa\xf8\xf8\xfc\xfb") == [
        ClockSignal.START,
        ClockSignal.PULSE,
        ClockSignal.PULSE,
        ClockSignal.STOP,
        ClockSignal.CONTINUE,
    ]


def test_song_position_has_its_low_seven_bits_first() -> None:
    assert read(b"\xf2\x10\x00", b"\xf2\x7f\x7f") == [SongPosition(16), SongPosition(16383)]


def test_a_pulse_inside_a_song_position_is_heard_and_does_not_break_it() -> None:
    assert read(b"\xf2\xf8\x05\xf8\x01") == [ClockSignal.PULSE, ClockSignal.PULSE, SongPosition(133)]


def test_notes_sysex_and_other_messages_pass_unheard() -> None:
    assert read(b"\x90\x3c\x40\xf0\x7e\x7f\xf7\xf1\x25\xf3\x05\xfe\xff\xf2\x90\x3c\x40\x3c") == []


@given(st.integers(0, 16383))
def test_song_position_is_read_as_sent(count: int) -> None:
    assert read(bytes((0xF2, count & 0x7F, count >> 7))) == [SongPosition(count)]


@given(st.lists(st.binary(max_size=12), max_size=12))
def test_where_bytes_are_cut_changes_nothing(pieces: list[bytes]) -> None:
    assert read(*pieces) == read(b"".join(pieces))


def test_units_tell_quarters() -> None:
    assert PositionUnit.SIXTEENTHS.quarters(SongPosition(96)) == 24.0
    assert PositionUnit.CLOCK_PULSES.quarters(SongPosition(96)) == 4.0


def test_ardours_positions_are_found_out_at_the_second_stop() -> None:
    detector = UnitDetector().sighted(SongPosition(96), 93)
    assert detector.unit is None
    detector = detector.sighted(SongPosition(192), 96)
    assert detector.unit is PositionUnit.CLOCK_PULSES
    assert detector.quarters(SongPosition(24)) == 1.0


def test_a_locate_between_two_stops_does_not_hide_ardours_unit() -> None:
    detector = UnitDetector().sighted(SongPosition(96), 96).moved(SongPosition(4800))
    assert detector.sighted(SongPosition(4896), 96).unit is PositionUnit.CLOCK_PULSES


def test_a_host_that_counts_sixteenths_is_believed_at_once() -> None:
    assert UnitDetector().sighted(SongPosition(16), 96).unit is PositionUnit.SIXTEENTHS
    assert UnitDetector().sighted(SongPosition(12), 75).unit is PositionUnit.SIXTEENTHS


def test_a_locate_by_hand_or_the_start_says_nothing() -> None:
    for count, place in ((600, 96), (0, 0), (0, 5), (6, 6)):
        assert UnitDetector().sighted(SongPosition(count), place).unit is None


def test_a_switch_that_is_set_stays() -> None:
    fixed = UnitDetector(PositionUnit.CLOCK_PULSES)
    assert fixed.sighted(SongPosition(17), 100).unit is PositionUnit.CLOCK_PULSES


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(-5, 5)), max_size=8))
def test_a_correct_host_that_is_not_moved_is_never_taken_for_ardour(stops: list[tuple[int, int]]) -> None:
    detector, begun = UnitDetector(), 0
    for sixteenths, late in stops:
        detector = detector.sighted(SongPosition(begun + sixteenths), max(0, 6 * sixteenths + late))
        begun += sixteenths
        assert detector.unit is not PositionUnit.CLOCK_PULSES
