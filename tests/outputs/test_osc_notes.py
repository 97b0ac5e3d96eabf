import socket
from collections.abc import Iterator

import pytest
from pythonosc.osc_message import OscMessage

from fakes.patience import PATIENCE_SECONDS
from hitpoint.errors import PortError
from hitpoint.outputs.osc_notes import OscDialect, OscNotes
from hitpoint.score.midi_message import (
    CLOCK_PULSE,
    CLOCK_START,
    PortMessage,
    control_change,
    note_off,
    note_on,
    program_change,
    song_position,
)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(PATIENCE_SECONDS)
        yield udp


def heard(listener: socket.socket, dialect: OscDialect, data: bytes, late: float = 0.0) -> tuple[str, list[object]]:
    output = OscNotes(("Hitpoint strings",), listener.getsockname()[1], dialect=dialect)
    output.send(PortMessage(1.0, 0, data, "violin 1"), late)
    output.close()
    message = OscMessage(listener.recv(4096))
    return message.address, message.params


def test_a_note_says_its_part_and_how_late_it_is(listener: socket.socket) -> None:
    address, values = heard(listener, OscDialect.HITPOINT, note_on(3, 60, 80), late=0.0005)

    assert address == "/hitpoint/out/violin_1/note"
    assert values == [60, 80, 3, pytest.approx(0.5)]


def test_the_end_of_a_note_is_one_of_velocity_0(listener: socket.socket) -> None:
    assert heard(listener, OscDialect.HITPOINT, note_off(3, 60))[1][:3] == [60, 0, 3]


def test_a_controller_says_its_part_too(listener: socket.socket) -> None:
    assert heard(listener, OscDialect.HITPOINT, control_change(3, 11, 90))[0] == "/hitpoint/out/violin_1/cc"
    assert heard(listener, OscDialect.HITPOINT, control_change(3, 11, 90))[1][:3] == [11, 90, 3]


@pytest.mark.parametrize(
    ("data", "address", "value"),
    [
        (note_on(3, 60, 80), "/vkb_midi/3/note/60", 80),
        (note_off(3, 60), "/vkb_midi/3/note/60", 0),
        (control_change(2, 64, 0), "/vkb_midi/2/cc/64", 0),
        (program_change(1, 40), "/vkb_midi/1/program", 40),
    ],
)
def test_reaper_hears_its_virtual_keyboard(listener: socket.socket, data: bytes, address: str, value: int) -> None:
    assert heard(listener, OscDialect.REAPER, data) == (address, [value])


def test_what_has_no_word_is_left_out(listener: socket.socket) -> None:
    output = OscNotes(("Hitpoint strings",), listener.getsockname()[1])
    output.send(PortMessage(1.0, 0, program_change(1, 40), "violin"), 0.0)
    for clock in (CLOCK_START, CLOCK_PULSE, song_position(16383)):
        output.send(PortMessage(1.0, 1, clock, ""), 0.0)
    output.send(PortMessage(1.0, 0, note_on(0, 72, 1), "violin"), 0.0)
    output.close()

    assert OscMessage(listener.recv(4096)).params[0] == 72


def test_a_host_that_does_not_exist_is_said_in_one_line() -> None:
    with pytest.raises(PortError, match="nowhere"):
        OscNotes(("Hitpoint strings",), 9000, host="nowhere.invalid")
