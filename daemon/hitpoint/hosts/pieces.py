"""Messages larger than a datagram, where datagrams get lost, doubled and out of order. Pure: no sockets, no clock.

A message is cut into pieces, all of them said again until the other side has it whole. bridge_scripts/PROTOCOL.md has
the rules; scripts inside hosts keep the same ones in their own modules.
"""

import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hitpoint.errors import HostError
from hitpoint.hosts.protocol import LARGEST_BYTES, PROTOCOL

PIECE_CHARACTERS = 4000
"""Of a message's text in one piece. All of them escaped, they still fit into a datagram."""
LARGEST_DATAGRAM = 8192
"""Bytes. macOS carries 9,216 (net.inet.udp.maxdgram)."""
AGAIN_SECONDS = 0.25
"""After which what was not acknowledged is said again. Our choice: a lost packet costs no more than that."""
MOST_PIECES = LARGEST_BYTES // PIECE_CHARACTERS
"""Of one message."""
MOST_UNFINISHED = 8
"""Messages whose pieces are kept; of more, the one that was begun first is forgotten and comes again."""
MOST_NAMES = 1000
"""Messages that are remembered, so that none is acted on twice."""

_NAME = re.compile(r"[A-Za-z0-9-]{1,80}")


def cut(name: str, data: bytes) -> tuple[bytes, ...]:
    """The datagrams of one message. data: JSON in UTF-8. Raises HostError when it is larger than scripts take."""
    text = data.decode()
    if not text.isascii():
        text = json.dumps(json.loads(text), separators=(",", ":"))
    count = max(1, -(-len(text) // PIECE_CHARACTERS))
    if count > MOST_PIECES:
        raise HostError(f"{len(text)} characters are too many for the host's script, which takes {LARGEST_BYTES}.")
    return tuple(
        _object(
            "piece",
            message=name,
            piece=number,
            of=count,
            text=text[number * PIECE_CHARACTERS : (number + 1) * PIECE_CHARACTERS],
        )
        for number in range(count)
    )


def received(name: str) -> bytes:
    """The datagram that says that a message is whole."""
    return _object("received", message=name)


@dataclass(slots=True)
class _Said:
    """A message that is not acknowledged yet."""

    datagrams: tuple[bytes, ...]
    next: int = 0
    """The piece that is said next."""
    again_at: float = float("-inf")
    """When it may be said (again)."""


class Outbox:
    """What is said until it is heard, in the order it was put."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Said] = {}

    def put(self, name: str, data: bytes) -> None:
        """Say a message from now on. Raises HostError when it is too large."""
        self._waiting[name] = _Said(cut(name, data))

    def drop(self, name: str) -> bool:
        """Say it no more: it was heard, or is wanted no more. True when it was being said."""
        return self._waiting.pop(name, None) is not None

    def due(self, now: float, most: int) -> list[bytes]:
        """What is to be sent now, at most so many datagrams; the rest is due at once at the next call.

        now: seconds of any clock that never runs back.
        """
        sent: list[bytes] = []
        for said in self._waiting.values():
            if said.again_at > now:
                continue
            pieces = said.datagrams[said.next : said.next + most - len(sent)]
            sent.extend(pieces)
            said.next += len(pieces)
            if said.next == len(said.datagrams):
                said.next, said.again_at = 0, now + AGAIN_SECONDS
            if len(sent) >= most:
                break
        return sent


@dataclass(slots=True)
class _Begun:
    """A message that is not whole yet."""

    of: int
    texts: dict[int, str]
    characters: int = 0


class Joiner:
    """Makes messages of their pieces, each told once. Holds LARGEST_BYTES characters at most, and MOST_NAMES names."""

    def __init__(self) -> None:
        self._begun: OrderedDict[str, _Begun] = OrderedDict()
        self._whole: OrderedDict[str, None] = OrderedDict()

    def take(self, piece: Mapping[str, Any]) -> bytes | None:
        """The message, in UTF-8, when this was the last piece of it that was missing.

        piece: of shape PIECE. Raises HostError for one that makes no sense; then it is as if it had not come.
        """
        name, number, of, text = piece["message"], int(piece["piece"]), int(piece["of"]), piece["text"]
        if _NAME.fullmatch(name) is None or not 0 <= number < of <= MOST_PIECES or len(text) > PIECE_CHARACTERS:
            raise HostError(f"the host's script sent piece {number} of {of} of {name[:40]!r}, which cannot be.")
        if name in self._whole:
            self._whole.move_to_end(name)
            return None
        begun = self._begun.setdefault(name, _Begun(of, {}))
        if begun.of != of:
            raise HostError(f"the host's script sent {name} in {begun.of} pieces, and then in {of}.")
        if number not in begun.texts:
            begun.texts[number] = text
            begun.characters += len(text)
        if len(begun.texts) < of:
            self._forget_old(name)
            return None
        del self._begun[name]
        self._whole[name] = None
        if len(self._whole) > MOST_NAMES:
            self._whole.popitem(last=False)
        return "".join(begun.texts[number] for number in range(of)).encode("utf-8", "replace")

    def has(self, name: str) -> bool:
        """True when the message was whole, so that it can be acknowledged."""
        return name in self._whole

    def _forget_old(self, keep: str) -> None:
        held = sum(begun.characters for begun in self._begun.values())
        for name in list(self._begun):
            if len(self._begun) <= MOST_UNFINISHED and held <= LARGEST_BYTES:
                return
            if name != keep:
                held -= self._begun.pop(name).characters


def _object(kind: str, **said: Any) -> bytes:
    return json.dumps({"protocol": PROTOCOL, "kind": kind, **said}, separators=(",", ":")).encode("ascii")
