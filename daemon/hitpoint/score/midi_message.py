"""MIDI messages as bytes: the few that are sent, and what a port hears.

Source: MIDI 1.0 Detailed Specification 4.2, table II.
"""

from typing import NamedTuple

NOTE_OFF, NOTE_ON, CONTROL_CHANGE, PROGRAM_CHANGE = 0x80, 0x90, 0xB0, 0xC0
"""Status bytes; the channel, 0 to 15, is added."""

SUSTAIN_PEDAL, ALL_SOUND_OFF, ALL_NOTES_OFF = 64, 120, 123
"""Controllers."""
PEDAL = 128
"""Stands for the sustain pedal where keys, 0 to 127, are counted: it is pressed and let go as a key is, so that whoever
sees to it that no key hangs sees to the pedal too."""

CLOCK_PULSE, CLOCK_START, CLOCK_CONTINUE, CLOCK_STOP = b"\xf8", b"\xfa", b"\xfb", b"\xfc"
"""Whole messages. Source: MIDI 1.0, System Real-Time: the first pulse after a start or continue is that place."""
LAST_SONG_POSITION = (1 << 14) - 1
"""Sixteenths: there are 14 bits for them. Source: MIDI 1.0, Song Position Pointer."""
_SONG_POSITION = 0xF2


class PortMessage(NamedTuple):
    """One message on its way to a port. A named tuple: hundreds are made a second where time counts."""

    at: float
    """Second of the port's clock at which it is due."""
    port: int
    """Index among the open ports."""
    data: bytes
    part: str
    """Name of the part it belongs to; empty for none."""


class HeardMessage(NamedTuple):
    """One message that came in at a port. A named tuple for the same reason: a clock sends fifty a second."""

    at: float
    """Second of the port's clock at which it came, by the driver's stamp."""
    port: str
    """Name of the input."""
    data: bytes
    """Whole as a rule; not checked."""


def note_on(channel: int, pitch: int, velocity: int) -> bytes:
    """Strike a key. velocity: 1 to 127, as 0 would end it."""
    return bytes((NOTE_ON | channel, pitch, velocity))


def note_off(channel: int, pitch: int) -> bytes:
    """Let a key go."""
    return bytes((NOTE_OFF | channel, pitch, 0))


def control_change(channel: int, controller: int, value: int) -> bytes:
    """Move a controller, 0 to 127."""
    return bytes((CONTROL_CHANGE | channel, controller, value))


def program_change(channel: int, program: int) -> bytes:
    """Choose a sound, 0 to 127."""
    return bytes((PROGRAM_CHANGE | channel, program))


def song_position(sixteenths: int) -> bytes:
    """Where a continue will go on, from the song's start; behind the last place that can be said, that one."""
    count = min(LAST_SONG_POSITION, max(0, sixteenths))
    return bytes((_SONG_POSITION, count & 0x7F, count >> 7))


def silence(channel: int) -> tuple[bytes, ...]:
    """What ends whatever may still sound on a channel: pedal up, all notes off, all sound off."""
    return (
        control_change(channel, SUSTAIN_PEDAL, 0),
        control_change(channel, ALL_NOTES_OFF, 0),
        control_change(channel, ALL_SOUND_OFF, 0),
    )


def press(channel: int, key: int, velocity: int) -> bytes:
    """Strike a key, or press the pedal."""
    return control_change(channel, SUSTAIN_PEDAL, 127) if key == PEDAL else note_on(channel, key, velocity)


def let_go(channel: int, key: int) -> bytes:
    """Let a key or the pedal go."""
    return control_change(channel, SUSTAIN_PEDAL, 0) if key == PEDAL else note_off(channel, key)


def pressed(data: bytes) -> int | None:
    """The key that a message strikes, PEDAL for the pedal; None for any other message."""
    if is_note_on(data):
        return data[1]
    return PEDAL if _moves_pedal(data) and data[2] >= 64 else None


def released(data: bytes) -> int | None:
    """The key that a message lets go, PEDAL for the pedal; None for any other message."""
    if is_note_off(data):
        return data[1]
    return PEDAL if _moves_pedal(data) and data[2] < 64 else None


def _moves_pedal(data: bytes) -> bool:
    # Source: MIDI 1.0, controllers 64 to 69 are switches: off below 64.
    return data[0] & 0xF0 == CONTROL_CHANGE and data[1] == SUSTAIN_PEDAL


def is_note_on(data: bytes) -> bool:
    """True for a note-on that sounds: one of velocity 0 is a note-off."""
    return data[0] & 0xF0 == NOTE_ON and data[2] > 0


def is_note_off(data: bytes) -> bool:
    """True for a note-off of either kind."""
    return data[0] & 0xF0 == NOTE_OFF or (data[0] & 0xF0 == NOTE_ON and data[2] == 0)
