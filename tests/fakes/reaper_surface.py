"""The wire of REAPER's OSC control surface: which patterns match, what is read, how messages are packed.

Written after REAPER SDK, csurf_osc.cpp, as HOSTS.md 1.2 to 1.4 have it.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fakes.reaper_pattern import PatternFile

LONGEST_MESSAGE = 1024
IMMEDIATE = struct.pack(">Q", 1)
Message = tuple[str, tuple[object, ...]]


class Match(NamedTuple):
    """What an incoming address means."""

    key: str
    flag: str
    slots: list[tuple[str, ...]]
    """What stood at the wildcards; several where commas did."""


class Addresses:
    """Looks up what comes in. Not played: `*` and `?` in incoming addresses."""

    def __init__(self, file: PatternFile) -> None:
        self._found = [
            (re.compile(re.escape(address).replace("@", r"([^/]+)")), key, flag)
            for key, patterns in file.patterns.items()
            for flag, address in patterns
        ]

    def match(self, address: str) -> Match | None:
        """None where no pattern fits."""
        for pattern, key, flag in self._found:
            found = pattern.fullmatch(address)
            if found is None:
                continue
            lists = [group.split(",") for group in found.groups()]
            if all(re.fullmatch(r"-?\d+|_\w+", one) for listed in lists for one in listed):
                count = max((len(listed) for listed in lists), default=1)
                filled = [listed * count if len(listed) == 1 else listed for listed in lists]
                return Match(key, flag, list(zip(*filled, strict=True)) or [()])
        return None


def encode(address: str, value: float | str) -> bytes:
    """A message as REAPER sends it: one float or one text."""
    if isinstance(value, str):
        return _text(address.encode()) + b",s\0\0" + _text(value.encode()[:512])
    return _text(address.encode()) + b",f\0\0" + struct.pack(">f", value)


def pack(messages: Sequence[bytes], max_packet: int) -> Iterator[bytes]:
    """As few packets as hold them in order. One that would be alone in a bundle goes bare."""
    packet: list[bytes] = []
    size = 16
    for message in messages:
        if packet and size + 4 + len(message) > max_packet:
            yield _packed(packet)
            packet, size = [], 16
        packet.append(message)
        size += 4 + len(message)
    if packet:
        yield _packed(packet)


def unpack(data: bytes) -> Iterator[bytes]:
    """The messages of a packet, bundles in bundles too; timetags are passed over."""
    if not data.startswith(b"#bundle\0"):
        yield data
        return
    place = 16
    while place + 4 <= len(data):
        (size,) = struct.unpack_from(">i", data, place)
        if size < 0 or place + 4 + size > len(data):
            return
        yield from unpack(data[place + 4 : place + 4 + size])
        place += 4 + size


def decode(data: bytes) -> Message | None:
    """A message of whole numbers, floats and texts; None for all else. Without type tags it has no arguments."""
    try:
        address, place = _read_text(data, 0)
        if place >= len(data):
            return address, ()
        tags, place = _read_text(data, place)
        arguments: list[object] = []
        for tag in tags[1:]:
            if tag == "s":
                text, place = _read_text(data, place)
                arguments.append(text)
            elif tag in "if":
                arguments.append(struct.unpack_from(">" + tag, data, place)[0])
                place += 4
            else:
                return None
        return address, tuple(arguments)
    except (ValueError, struct.error):
        return None


def _packed(messages: Sequence[bytes]) -> bytes:
    if len(messages) == 1:
        return messages[0]
    return b"#bundle\0" + IMMEDIATE + b"".join(struct.pack(">i", len(one)) + one for one in messages)


def _text(data: bytes) -> bytes:
    return data + b"\0" * (4 - len(data) % 4)


def _read_text(data: bytes, place: int) -> tuple[str, int]:
    end = data.index(b"\0", place)
    return data[place:end].decode(), place + (end - place) // 4 * 4 + 4
