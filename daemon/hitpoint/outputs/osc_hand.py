"""A hand on a surface and an ear on the notes, over OSC, in a process of its own: what it hears a host would.

It sends one thing after another at random times, asks for something small in between, and stamps whatever comes back.
"""

import gc
import select
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from random import Random
from time import monotonic
from typing import Any

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

LOOPBACK = "127.0.0.1"
LARGEST_PACKET = 65_536


@dataclass(frozen=True, slots=True)
class Handling:
    """What the hand does."""

    port: int
    """Where the daemon listens."""
    address: str
    values: tuple[float | str, ...]
    """What is sent there, one after another."""
    wait_seconds: tuple[float, float]
    """Shortest and longest time from one to the next; a question comes somewhere between."""
    question: str
    """An address that is asked for."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class HeardOsc:
    """One packet that came."""

    at: float
    """Second of CLOCK_MONOTONIC."""
    address: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class HandReport:
    """Everything that was done and heard; times are seconds of CLOCK_MONOTONIC."""

    moves: tuple[float, ...]
    """When each value was sent."""
    questions: tuple[float, ...]
    """When each question was sent."""
    answers: tuple[HeardOsc, ...]
    """What came back to the hand."""
    notes: tuple[HeardOsc, ...]
    """What came to the ear."""


def osc_hand_main(connection: "Connection[Any, Any]", _: object) -> None:
    """Say the ear's port, wait for a Handling, do it, answer; until told None with a HandReport. Spawn target."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hand,
    ):
        for end in (ear, hand):
            end.bind((LOOPBACK, 0))
        connection.send(ear.getsockname()[1])
        # Whoever asked may be gone: then nobody wants an answer.
        with suppress(EOFError, BrokenPipeError):
            gc.disable()
            while (handling := connection.recv()) is not None:
                connection.send(_handle(handling, hand, ear))


def _handle(handling: Handling, hand: socket.socket, ear: socket.socket) -> HandReport:
    random, daemon = Random(handling.seed), (LOOPBACK, handling.port)
    moves: list[float] = []
    questions: list[float] = []
    heard: dict[socket.socket, list[tuple[float, bytes]]] = {hand: [], ear: []}
    for value in handling.values:
        wait = random.uniform(*handling.wait_seconds)
        moves.append(_send(hand, daemon, handling.address, [value]))
        _listen(heard, moves[-1] + wait * random.uniform(0.3, 0.7))
        questions.append(_send(hand, daemon, handling.question, []))
        _listen(heard, moves[-1] + wait)
    return HandReport(tuple(moves), tuple(questions), _read(heard[hand]), _read(heard[ear]))


def _send(hand: socket.socket, to: tuple[str, int], address: str, values: Sequence[float | str]) -> float:
    packet = OscMessageBuilder(address)
    for value in values:
        packet.add_arg(value)
    data = packet.build().dgram
    at = monotonic()
    hand.sendto(data, to)
    return at


def _listen(heard: dict[socket.socket, list[tuple[float, bytes]]], until: float) -> None:
    while (left := until - monotonic()) > 0.0:
        for ready in select.select(list(heard), [], [], left)[0]:
            # Read later: what reading a packet takes would make the next one's stamp late.
            heard[ready].append((monotonic(), ready.recv(LARGEST_PACKET)))


def _read(packets: Sequence[tuple[float, bytes]]) -> tuple[HeardOsc, ...]:
    messages = ((at, OscMessage(data)) for at, data in packets)
    return tuple(HeardOsc(at, message.address, tuple(message.params)) for at, message in messages)
