"""Machine control is read as play, stop and places, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.timecode_master import CODES, label_bytes
from hitpoint.hosts import actions
from hitpoint.hosts.midi_machine_control import MachineSignal, as_asked, read_machine_control
from hitpoint.hosts.midi_timecode import FullFrame, TimecodeStart
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timecode import frame_at
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate


def message(*command: int) -> bytes:
    return bytes((0xF0, 0x7F, 0x10, 0x06, *command, 0xF7))


def place(label: str, rate: FrameRate) -> bytes:
    return message(0x44, 0x06, 0x01, *label_bytes(frame_at(label, rate), rate), 50)


@pytest.mark.parametrize(
    ("command", "signal"),
    [
        (0x01, MachineSignal.STOP),
        (0x02, MachineSignal.PLAY),
        (0x03, MachineSignal.PLAY),
        (0x09, MachineSignal.STOP),
        (0x04, None),
        (0x06, None),
    ],
)
def test_a_command_is_read(command: int, signal: MachineSignal | None) -> None:
    assert read_machine_control(message(command)) is signal


@pytest.mark.parametrize("name", list(CODES))
def test_a_place_is_bars_of_the_project(name: str) -> None:
    rate = FrameRate.named(name)
    timeline, start = Timeline(TempoMap.constant(120.0)), TimecodeStart("01:00:00:00", rate)
    read = read_machine_control(place("01:00:10:00", rate))
    assert isinstance(read, FullFrame)
    # Of what runs slower than its labels, ten labelled seconds last longer.
    seconds = start.seconds(read.quarters, read.labels)
    assert seconds == pytest.approx(10.0, abs=0.011)
    asked = as_asked(read, timeline, start)
    assert isinstance(asked, actions.Locate)
    assert asked.bar == pytest.approx(1.0 + seconds / 2.0, abs=0.001)


def test_what_lies_before_the_project_is_its_start() -> None:
    rate = FrameRate.named("25")
    read = read_machine_control(place("00:59:00:00", rate))
    assert read is not None
    assert as_asked(read, Timeline(), TimecodeStart("01:00:00:00", rate)) == actions.Locate(1.0)


def test_signals_are_asked_as_people_ask_them() -> None:
    start = TimecodeStart()
    assert as_asked(MachineSignal.PLAY, Timeline(), start) == actions.Play()
    assert as_asked(MachineSignal.STOP, Timeline(), start) == actions.Stop()


@given(st.binary(max_size=16))
def test_whatever_comes_it_never_raises(data: bytes) -> None:
    for sent in (
        data,
        b"\xf0\x7f" + data,
        b"\xf0\x7f\x7f\x06" + data + b"\xf7",
        b"\xf0\x7f\x7f\x06\x44\x06\x01" + data,
    ):
        read = read_machine_control(sent)
        if isinstance(read, FullFrame):
            as_asked(read, Timeline(), TimecodeStart())


@pytest.mark.parametrize(
    "data", [b"", b"\xf0\x7f\x7f\x06\x01", b"\xf0\x7e\x7f\x06\x01\xf7", b"\xf0\x7f\x7f\x07\x01\xf7"]
)
def test_what_is_cut_or_another_kind_is_nothing(data: bytes) -> None:
    assert read_machine_control(data) is None
