"""A MIDI file as the events it is made of, each with its own bytes, so that what is not changed stays as it was.

Nothing is understood here but where an event begins and ends: unknown meta events, system exclusive, controllers and
foreign chunks pass through as they came. A track that is not touched keeps its very bytes.
Source: Standard MIDI Files 1.0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from struct import pack, unpack
from typing import NamedTuple

from hitpoint.errors import ScoreError

META, END_OF_TRACK = 0xFF, 0x2F
_SYSTEM_EXCLUSIVE = (0xF0, 0xF7)
_SYSTEM_DATA = {0xF1: 1, 0xF2: 2, 0xF3: 1}
"""Data bytes of system common messages; the others have none. They do not belong in files, but some have them."""
_HEADER_BYTES = 14
_CHUNK_HEAD = 8


class Event(NamedTuple):
    """One event of a track. A named tuple: a file has tens of thousands."""

    tick: int
    """From the start, in the file's own resolution."""
    data: bytes
    """All of it with its status byte, but not its delta time."""

    @property
    def ends_track(self) -> bool:
        """True for the meta event that has to be the last."""
        return self.data[:2] == bytes((META, END_OF_TRACK))


@dataclass(frozen=True)
class Track:
    """One track of a file."""

    events: tuple[Event, ...]
    content: bytes | None = None
    """The chunk as it was read; None once its events are others."""

    def as_bytes(self) -> bytes:
        """The chunk's content."""
        return self.content if self.content is not None else _written(self.events)


@dataclass(frozen=True)
class MidiEvents:
    """A whole file. Raises nothing by itself; `parse_events` makes it."""

    header: bytes
    """The header chunk's content: format, number of tracks, resolution, and whatever follows."""
    chunks: tuple[Track | bytes, ...]
    """In the file's order; chunks that are no tracks as they came, with their heads."""

    @property
    def format(self) -> int:
        """0, 1 or 2."""
        return int(unpack(">H", self.header[:2])[0])

    @property
    def ticks_per_quarter(self) -> int:
        """The file's own resolution."""
        return int(unpack(">H", self.header[4:6])[0])

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks alone."""
        return tuple(chunk for chunk in self.chunks if isinstance(chunk, Track))

    def with_events(self, changed: Mapping[int, Sequence[Event]]) -> "MidiEvents":
        """The same with other events in some tracks, named by their index; all other tracks keep their bytes."""
        chunks, index = list(self.chunks), 0
        for place, chunk in enumerate(chunks):
            if isinstance(chunk, Track):
                if index in changed:
                    chunks[place] = Track(tuple(changed[index]))
                index += 1
        return replace(self, chunks=tuple(chunks))

    def with_track(self, events: Iterable[Event]) -> "MidiEvents":
        """The same with one more track after the last."""
        last = max(place for place, chunk in enumerate(self.chunks) if isinstance(chunk, Track))
        chunks = (*self.chunks[: last + 1], Track(tuple(events)), *self.chunks[last + 1 :])
        count = unpack(">H", self.header[2:4])[0] + 1
        return MidiEvents(self.header[:2] + pack(">H", count) + self.header[4:], chunks)

    def as_bytes(self) -> bytes:
        """The file."""
        chunks = (c if isinstance(c, bytes) else _chunk(b"MTrk", c.as_bytes()) for c in self.chunks)
        return _chunk(b"MThd", self.header) + b"".join(chunks)


def parse_events(content: bytes, name: str) -> MidiEvents:
    """The events of a file's bytes. name: for errors. Raises ScoreError where it breaks off or makes no sense."""
    if len(content) < _HEADER_BYTES or content[:4] != b"MThd":
        raise ScoreError(f"{name} is not a MIDI file: it does not begin with MThd. Give one that ends in .mid.")
    at = _CHUNK_HEAD + unpack(">L", content[4:8])[0]
    header, chunks = content[_CHUNK_HEAD:at], list[Track | bytes]()
    while at < len(content):
        kind, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "big")
        stop = at + _CHUNK_HEAD + length
        if kind == b"MTrk":
            inside = content[at + _CHUNK_HEAD : stop]
            try:
                chunks.append(Track(tuple(_events(inside, length)), inside))
            except (IndexError, ValueError) as error:
                number = sum(isinstance(chunk, Track) for chunk in chunks) + 1
                raise ScoreError(
                    f"{name} is a broken MIDI file: track {number} breaks off. Export it again."
                ) from error
        else:
            chunks.append(content[at:stop])
        at = stop
    if not any(isinstance(chunk, Track) for chunk in chunks):
        raise ScoreError(f"{name} has no tracks. Export it again.")
    return MidiEvents(header, tuple(chunks))


def _events(content: bytes, length: int) -> Iterable[Event]:
    if len(content) < length:
        raise ValueError("shorter than it says")
    at, tick, status = 0, 0, 0
    while at < length:
        delta, at = _number(content, at)
        tick += delta
        first = at
        if content[at] >= 0x80:
            lead = content[at]
            at += 1
            head = content[first:at]
        else:
            lead, head = status, bytes((status,))
        body = at
        if lead == META or lead in _SYSTEM_EXCLUSIVE:
            size, at = _number(content, at + (lead == META))
            at += size
        elif lead >= 0xF0:
            at += _SYSTEM_DATA.get(lead, 0)
        elif lead >= 0x80:
            status = lead
            at += 1 if lead & 0xF0 in (0xC0, 0xD0) else 2
        else:
            raise ValueError("data without a status")
        if at > length:
            raise IndexError(at)
        yield Event(tick, head + content[body:at])


def _number(content: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where the next byte is."""
    value = 0
    while True:
        byte = content[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at


@lru_cache(maxsize=1024)  # times between events are few, and come again and again
def variable_length(number: int) -> bytes:
    """A number as files have it: seven bits a byte, the highest first."""
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(number & 0x7F | 0x80)
    return bytes(reversed(out))


def _written(events: Iterable[Event]) -> bytes:
    out, clock, status = bytearray(), 0, 0
    for tick, data in events:
        out += variable_length(tick - clock)
        # Running status: a message of a channel leaves out a status that is the same as the last one's.
        out += data if data[0] != status else data[1:]
        clock, status = tick, data[0] if data[0] < _SYSTEM_EXCLUSIVE[0] else 0
    return bytes(out)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + pack(">L", len(content)) + content
