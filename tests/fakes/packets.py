"""OSC packets as nobody should send them: noise, damaged and misused ones, and bundles of all these."""

import random
import re
import struct
from collections.abc import Iterator

from pythonosc.osc_message_builder import OscMessageBuilder

from hitpoint.hosts.commands import COMMANDS, Argument, Command, Kind

NAMES = ("strings", "violin_1", "impact", "rise", "", "x" * 300, "静か", "{part}", "..", "calm")
TYPE_TAGS = "ifsbhtdScrmTFNI[]"
TEXTS = ("", "tense, brass", "now", "beat", "bar", "marker", "end", "\0", "x" * 11_000, "calm to furious, strings, 9/8")
NUMBERS = (0, 1, -1, 0.5, 2**31 - 1, -(2**31), 1e300, float("nan"), float("inf"), 1_000_000, 65535)


def packets(seed: int) -> Iterator[bytes]:
    """Without end, always the same for a seed."""
    source = random.Random(seed)
    kinds = (right, right, misused, misused, damaged, damaged, damaged, mistyped, noise, bundle)
    while True:
        yield source.choice(kinds)(source)


def right(source: random.Random) -> bytes:
    """What Hitpoint understands, in range."""
    command = source.choice(COMMANDS)
    given = [_in_range(argument, source) for argument in command.arguments]
    needed = sum(not argument.optional for argument in command.arguments)
    return message(_address(command, source), *given[: source.randint(needed, len(given))])


def misused(source: random.Random) -> bytes:
    """A right address with any arguments."""
    given = [source.choice([*TEXTS, *NUMBERS, True, False, b"blob", None]) for _ in range(source.randrange(5))]
    return message(_address(source.choice(COMMANDS), source), *given)


def damaged(source: random.Random) -> bytes:
    """A right packet with bytes changed, lost, put in, or cut off."""
    data = bytearray(right(source))
    for _ in range(source.randint(1, 6)):
        place = source.randrange(len(data) + 1)
        match source.randrange(4):
            case 0:
                data[place : place + 1] = source.randbytes(1)
            case 1:
                del data[place : place + source.randrange(1, 8)]
            case 2:
                data[place:place] = source.randbytes(source.randrange(1, 8))
            case 3:
                del data[place:]
    return bytes(data)


def mistyped(source: random.Random) -> bytes:
    """Type tags of all kinds over bytes of none."""
    tags = "," + "".join(source.choices(TYPE_TAGS, k=source.randrange(12)))
    return _text(_address(source.choice(COMMANDS), source)) + _text(tags) + source.randbytes(4 * source.randrange(16))


def noise(source: random.Random) -> bytes:
    """Anything, perhaps begun like OSC."""
    return source.choice((b"", b"#bundle\0", b"/hitpoint/")) + source.randbytes(source.randrange(200))


def bundle(source: random.Random, depth: int = 0) -> bytes:
    """Bundles in bundles, with sizes that may lie."""
    data = b"#bundle\0" + struct.pack(">Q", 1)
    for _ in range(source.randrange(4)):
        inner = source.choice((right, misused, damaged, bundle) if depth < 40 else (right,))
        element = inner(source, depth + 1) if inner is bundle else inner(source)
        size = len(element) if source.random() < 0.9 else source.randrange(-5, 2**31 - 1)
        data += struct.pack(">i", size) + element
    return data


def message(address: str, *arguments: object) -> bytes:
    """A message as a sender builds it."""
    builder = OscMessageBuilder(address)
    for argument in arguments:
        if isinstance(argument, int) and not isinstance(argument, bool) and not -(2**31) <= argument < 2**31:
            builder.add_arg(argument, "h")
        elif isinstance(argument, float):
            builder.add_arg(argument, "d" if abs(argument) > 1e38 else "f")
        else:
            builder.add_arg(argument)
    return builder.build().dgram


def _address(command: Command, source: random.Random) -> str:
    address = re.sub(r"\{\w+\}", lambda _: source.choice(NAMES), command.address)
    return address + ("/get" if source.random() < 0.2 else "")


def _in_range(argument: Argument, source: random.Random) -> object:
    match argument.kind:
        case Kind.TEXT:
            return source.choice(argument.words or TEXTS[:2])
        case Kind.SWITCH:
            return source.random() < 0.5
        case Kind.WHOLE:
            return source.randint(int(argument.low), int(min(argument.high, argument.low + 50)))
        case Kind.NUMBER:
            return source.uniform(argument.low, min(argument.high, argument.low + 50))


def _text(text: str) -> bytes:
    data = text.encode() + b"\0"
    return data + bytes(-len(data) % 4)
