"""MIDI files made by hand, byte by byte, with all that files may hold; and a plain reader that shares no code."""

from random import Random
from typing import NamedTuple

RESOLUTIONS = (24, 96, 480, 960, 1000)
PROGRAMS = (0, 40, 42, 48, 56, 60, 73, 120)


class PlainEvent(NamedTuple):
    """Track, tick, and the event with its status byte."""

    track: int
    tick: int
    data: bytes


def variable(number: int) -> bytes:
    """A number of variable length."""
    out = bytes((number & 0x7F,))
    while number > 0x7F:
        number >>= 7
        out = bytes((number & 0x7F | 0x80,)) + out
    return out


def meta(kind: int, content: bytes) -> bytes:
    """A meta event without its delta time."""
    return bytes((0xFF, kind)) + variable(len(content)) + content


def random_file(random: Random, foreign: bool = False) -> bytes:
    """Type 0 or 1, some tracks over a few bars: notes, some overlapping or unended, and everything beside them.

    foreign: with a chunk that is no track.
    """
    kind, resolution = random.choice((0, 1)), random.choice(RESOLUTIONS)
    meter = random.choice(((4, 2), (3, 2), (6, 3), (12, 1)))
    conductor = [
        (0, meta(0x58, bytes((*meter, 24, 8)))),
        (0, meta(0x51, (500_000).to_bytes(3, "big"))),
        (resolution * 5, meta(0x06, b"HIT door")),
        (resolution * 6, meta(0x51, (400_000).to_bytes(3, "big"))),
        (0, meta(0x03, b"title")),
    ]
    tracks = [_voice(random, resolution, channel) for channel in random.sample(range(12), random.randint(1, 4))]
    if kind == 0:
        tracks = [[*conductor, *(event for track in tracks for event in track if event[1][:2] != b"\xff\x03")]]
    else:
        tracks = [conductor, *tracks]
    header = b"".join(number.to_bytes(2, "big") for number in (kind, len(tracks), resolution))
    chunks = [b"MThd" + (6).to_bytes(4, "big") + header]
    if foreign:
        chunks.append(b"XYZ " + (3).to_bytes(4, "big") + b"abc")
    for events in tracks:
        content = _track(random, events)
        chunks.append(b"MTrk" + len(content).to_bytes(4, "big") + content)
    return b"".join(chunks)


def _voice(random: Random, resolution: int, channel: int) -> list[tuple[int, bytes]]:
    events = [
        (0, meta(0x03, random.choice((b"", b"Violin", "Flöte".encode(), b"Brass 1")))),
        (0, bytes((0xC0 | channel, random.choice(PROGRAMS)))),
        (0, bytes((0xB0 | channel, 7, 100))),
    ]
    for _ in range(random.randint(3, 60)):
        tick = random.choice((random.randrange(resolution * 24), random.randrange(24) * resolution))
        pitch = random.choice((random.randrange(128), random.randint(55, 79)))
        events.append((tick, bytes((0x90 | channel, pitch, random.randint(1, 127)))))
        if random.random() < 0.98:
            end = tick + random.choice((0, 1, resolution // 2, resolution, resolution * 5))
            events.append((end, bytes((random.choice((0x80, 0x90)) | channel, pitch, 0))))
    for _ in range(random.randint(0, 12)):
        other = random.choice(
            (
                bytes((0xB0 | channel, random.randrange(120), random.randrange(128))),
                bytes((0xE0 | channel, 0, random.randrange(128))),
                bytes((0xD0 | channel, random.randrange(128))),
                b"\xf0\x05\x7e\x7f\x09\x01\xf7",
                b"\xf7\x02\x01\x02",
                meta(0x60, b"unknown"),
                meta(0x05, "é".encode("latin-1")),
                meta(0x7F, bytes(range(200))),
            )
        )
        events.append((random.randrange(resolution * 24), other))
    return events


def _track(random: Random, events: list[tuple[int, bytes]]) -> bytes:
    out, clock, running = b"", 0, -1
    for tick, data in sorted(events, key=lambda event: event[0]):
        out += variable(tick - clock)
        clock = tick
        short = data[0] == running and random.random() < 0.7
        out += data[1:] if short else data
        running = data[0] if data[0] < 0xF0 else -1
    return out + variable(random.choice((0, 7))) + b"\xff\x2f\x00"


def plain_events(content: bytes) -> list[PlainEvent]:
    """Every event of every track."""
    found, at, track = [], 8 + int.from_bytes(content[4:8], "big"), 0
    while at < len(content):
        stop = at + 8 + int.from_bytes(content[at + 4 : at + 8], "big")
        if content[at : at + 4] == b"MTrk":
            found += _plain_track(content[at + 8 : stop], track)
            track += 1
        at = stop
    return found


def _plain_track(content: bytes, track: int) -> list[PlainEvent]:
    found, at, tick, running = [], 0, 0, b""

    def number(at: int) -> tuple[int, int]:
        value = content[at] & 0x7F
        while content[at] & 0x80:
            at += 1
            value = value * 128 + (content[at] & 0x7F)
        return value, at + 1

    while at < len(content):
        delta, at = number(at)
        tick += delta
        if content[at] & 0x80:
            running = content[at : at + 1] if content[at] < 0xF0 else running
            lead = content[at : at + 1]
            at += 1
        else:
            lead = running
        if lead[0] >= 0xF0:
            kind = content[at : at + 1] if lead == b"\xff" else b""
            size, body = number(at + len(kind))
            data = lead + kind + content[at + len(kind) : body + size]
            at = body + size
        else:
            size = 1 if lead[0] & 0xE0 == 0xC0 else 2
            data = lead + content[at : at + size]
            at += size
        found.append(PlainEvent(track, tick, data))
    return found
