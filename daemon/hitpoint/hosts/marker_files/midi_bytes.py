"""The meta events of a MIDI file, in exact time: seconds are fractions, so that no frame is lost to rounding.

Source: Standard MIDI Files 1.0. (`score.midi_file` reads music; it rounds places to 960 a quarter note.)
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from hitpoint.errors import HostError

MIDI_OPENING = b"MThd"
TEXT, TRACK_NAME, MARKER, CUE_POINT, END, TEMPO, SMPTE_OFFSET, METER = 0x01, 0x03, 0x06, 0x07, 0x2F, 0x51, 0x54, 0x58
_DATA_BYTES = {0x8: 2, 0x9: 2, 0xA: 2, 0xB: 2, 0xC: 1, 0xD: 1, 0xE: 2}
_DEFAULT_TEMPO = 500_000
"""Microseconds a quarter note where a file says nothing."""


@dataclass(frozen=True, slots=True)
class MetaEvent:
    """One meta event of any track."""

    tick: int
    kind: int
    data: bytes


@dataclass(frozen=True, slots=True)
class MetaFile:
    """What a MIDI file says beside its notes."""

    ticks_per_quarter: int
    events: tuple[MetaEvent, ...]
    """By tick, track by track where equal."""

    def seconds_at(self, ticks: list[int]) -> list[Fraction]:
        """When ticks, which must rise, are played."""
        tempi = [event for event in self.events if event.kind == TEMPO and len(event.data) == 3]
        seconds, here, tempo, found = Fraction(0), 0, _DEFAULT_TEMPO, []
        for tick in ticks:
            while tempi and tempi[0].tick <= tick:
                change = tempi.pop(0)
                seconds += Fraction((change.tick - here) * tempo, 1_000_000 * self.ticks_per_quarter)
                here, tempo = change.tick, int.from_bytes(change.data, "big")
            found.append(seconds + Fraction((tick - here) * tempo, 1_000_000 * self.ticks_per_quarter))
        return found


def read_meta(content: bytes, name: str) -> MetaFile:
    """The meta events of a file of type 0 or 1. Raises HostError naming the file."""
    try:
        kind, tracks, division = struct.unpack(">HHH", content[8:14])
        if content[:4] != MIDI_OPENING or kind > 1:
            raise HostError(f"{name} is no MIDI file of type 0 or 1. Export it as one.")
        if not division:
            raise HostError(f"{name} is a broken MIDI file: it has 0 ticks to a quarter note. Export it again.")
        if division & 0x8000:
            raise HostError(f"{name} counts SMPTE frames, not ticks of a beat. Export it with a musical time base.")
        events: list[MetaEvent] = []
        place = 8 + struct.unpack(">I", content[4:8])[0]
        for _ in range(tracks):
            length = struct.unpack(">I", content[place + 4 : place + 8])[0]
            track = content[place + 8 : place + 8 + length]
            if len(track) < length:
                raise IndexError
            if content[place : place + 4] == b"MTrk":
                events += _metas(track)
            place += 8 + length
    except (struct.error, IndexError) as error:
        raise HostError(f"{name} is a broken MIDI file: it ends too soon. Export it again.") from error
    return MetaFile(division, tuple(sorted(events, key=lambda event: event.tick)))


def _metas(track: bytes) -> Iterator[MetaEvent]:
    place, tick, status = 0, 0, 0
    while place < len(track):
        delta, place = _length(track, place)
        tick += delta
        if track[place] & 0x80:
            status, place = track[place], place + 1
        if status == 0xFF:
            kind = track[place]
            length, place = _length(track, place + 1)
            if place + length > len(track):
                raise IndexError
            yield MetaEvent(tick, kind, track[place : place + length])
            if kind == END:
                return
            place += length
        elif status in (0xF0, 0xF7):
            length, place = _length(track, place)
            place += length
        elif status >> 4 in _DATA_BYTES:
            place += _DATA_BYTES[status >> 4]
        else:
            raise IndexError


def _length(track: bytes, place: int) -> tuple[int, int]:
    value = 0
    while True:
        byte = track[place]
        value, place = value << 7 | byte & 0x7F, place + 1
        if not byte & 0x80:
            return value, place


def write_meta(file: MetaFile) -> bytes:
    """A file of type 1 whose only track has these events."""
    track, here = bytearray(), 0
    for event in (*file.events, MetaEvent(file.events[-1].tick, END, b"")):
        track += _varied(event.tick - here) + bytes((0xFF, event.kind)) + _varied(len(event.data)) + event.data
        here = event.tick
    head = MIDI_OPENING + struct.pack(">IHHH", 6, 1, 1, file.ticks_per_quarter)
    return head + b"MTrk" + struct.pack(">I", len(track)) + bytes(track)


def _varied(value: int) -> bytes:
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(value & 0x7F | 0x80)
    return bytes(reversed(parts))
