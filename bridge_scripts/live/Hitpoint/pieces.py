"""Cutting, repeating and joining messages, by the rules of bridge_scripts/PROTOCOL.md. No sockets and no Live here."""

import json
from collections import OrderedDict

PROTOCOL = 1
PIECE_CHARACTERS = 4000
LARGEST_DATAGRAM = 8192
MOST_CHARACTERS = 16 * 1024 * 1024
MOST_PIECES = MOST_CHARACTERS // PIECE_CHARACTERS
MOST_UNFINISHED = 8
MOST_NAMES = 1000
AGAIN_SECONDS = 0.25


def written(said):
    """An object as the bytes of one datagram."""
    return json.dumps(said, separators=(",", ":")).encode("ascii")


def received(name):
    """What says that a message is whole."""
    return written({"protocol": PROTOCOL, "kind": "received", "message": name})


def cut(name, said):
    """The datagrams of one message, which is an object."""
    text = json.dumps(said, separators=(",", ":"))
    count = -(-len(text) // PIECE_CHARACTERS)
    return [
        written(
            {
                "protocol": PROTOCOL,
                "kind": "piece",
                "message": name,
                "piece": number,
                "of": count,
                "text": text[number * PIECE_CHARACTERS : (number + 1) * PIECE_CHARACTERS],
            }
        )
        for number in range(count)
    ]


class Said:
    """A message that is not acknowledged yet."""

    def __init__(self, datagrams):
        self.datagrams = datagrams
        self.next = 0
        self.again_at = None
        """When it is said again; None until it was said once."""


class Outbox:
    """What is said until it is heard, in the order it was put. Of more than `most` messages the oldest is forgotten."""

    def __init__(self, most=200):
        self._most = most
        self._waiting = OrderedDict()

    def put(self, name, said):
        """Say a message from now on."""
        self._waiting[name] = Said(cut(name, said))
        while len(self._waiting) > self._most:
            self._waiting.popitem(last=False)

    def drop(self, name):
        """Say it no more."""
        self._waiting.pop(name, None)

    def is_new(self, name):
        """True while a message was not yet said as a whole."""
        said = self._waiting.get(name)
        return said is not None and said.again_at is None

    def due(self, now, most, again):
        """What is to be sent now, at most so many datagrams. again: False says nothing a second time."""
        sent = []
        for said in self._waiting.values():
            if said.again_at is not None and (not again or said.again_at > now):
                continue
            pieces = said.datagrams[said.next : said.next + most - len(sent)]
            sent.extend(pieces)
            said.next += len(pieces)
            if said.next == len(said.datagrams):
                said.next = 0
                said.again_at = now + AGAIN_SECONDS
            if len(sent) >= most:
                break
        return sent


class Joiner:
    """Makes messages of their pieces, each told once."""

    def __init__(self):
        self._begun = OrderedDict()
        self._whole = OrderedDict()

    def take(self, piece):
        """The message, as text, when this was the last piece of it that was missing; else None.

        Raises ValueError, KeyError or TypeError for what is no piece.
        """
        name, number, of, text = piece["message"], int(piece["piece"]), int(piece["of"]), piece["text"]
        if not isinstance(name, str) or not isinstance(text, str) or len(text) > PIECE_CHARACTERS:
            raise ValueError("no piece")
        if not 0 <= number < of <= MOST_PIECES or not 0 < len(name) <= 80:
            raise ValueError("no piece")
        if name in self._whole:
            self._whole.move_to_end(name)
            return None
        count, texts = self._begun.setdefault(name, (of, {}))
        if count != of:
            raise ValueError("no piece")
        texts[number] = text
        if len(texts) < of:
            self._forget_old(name)
            return None
        del self._begun[name]
        self._whole[name] = None
        if len(self._whole) > MOST_NAMES:
            self._whole.popitem(last=False)
        return "".join(texts[number] for number in range(of))

    def has(self, name):
        """True when the message was whole."""
        return name in self._whole

    def _forget_old(self, keep):
        held = sum(len(texts) for _, texts in self._begun.values())
        for name in list(self._begun):
            if len(self._begun) <= MOST_UNFINISHED and held <= MOST_PIECES:
                return
            if name != keep:
                held -= len(self._begun.pop(name)[1])
