"""Ears for OSC: one UDP socket that hears packets, answers their senders, and knows no addresses."""

import asyncio
import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic, thread_time
from typing import Any, cast

from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from hitpoint.errors import PortError
from hitpoint.inputs.packet_budget import PacketBudget, Sender
from hitpoint.inputs.udp import open_udp

LARGEST_PACKET = 65_536
AFTER_ERROR_SECONDS = 0.01
RECEIVE_SECONDS = 5e-6
"""About what it takes to receive a packet that is there."""

_KNOWN_TAGS = frozenset(b",ifsbhtdrmTFN[]")

Heard = Callable[[str, list[object], Sender], None]

_log = logging.getLogger("hitpoint")


class OscListener:
    """Hands every message heard to `heard(address, arguments, sender)`; bundles are flattened, time tags ignored.

    No host honours time tags, and waiting for one inside a handler would hold up all others (python-osc's
    `strict_timing`), so there is none here. Malformed packets are counted and go no further; so are those of who sends
    too many. Process: control, on its event loop.
    """

    def __init__(self, heard: Heard, udp: socket.socket | None = None) -> None:
        """udp: bound and not blocking; without one nothing is sent, and only what is given to `take` is heard."""
        self._heard = heard
        self._socket = udp
        self._budget = PacketBudget()
        self._serving: asyncio.Task[None] | None = None
        self.malformed = 0
        """Packets that were not OSC, or that could not be answered."""
        self.dropped = 0
        """Packets that were not read, because their sender sent too many."""

    @property
    def port(self) -> int:
        """The UDP port it listens on."""
        if self._socket is None:
            raise PortError("the OSC listener is not open.")
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Begin to listen, on the running loop. Only for one that has a socket."""
        udp = self._socket
        assert udp is not None
        self._serving = asyncio.get_running_loop().create_task(self._serve(udp))
        # Not by the task itself, which may be cancelled before it has begun; and not before it has let go.
        self._serving.add_done_callback(lambda _: udp.close())

    def take(self, data: bytes, sender: Sender) -> None:
        """Take in one packet, whoever sent it and however many."""
        try:
            messages = [message.message for message in OscPacket(data).messages]
            if not all(_KNOWN_TAGS.issuperset(_type_tags(message.dgram)) for message in messages):
                raise ValueError("an argument of a type that the library passes over, and reads the next one from")
        # The library raises struct.error, IndexError, RecursionError and more on bytes that are not OSC; whatever
        # strangers send must not reach further than here.
        except Exception:
            self.malformed += 1
            return
        for message in messages:
            self._heard(message.address, list(message), sender)

    def send(self, address: str, arguments: Sequence[object], to: Sender) -> None:
        """Send one message to `to`. Never blocks; a packet that cannot be sent is lost, as UDP's are."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.sendto(packet_of(address, arguments), to)

    def close(self) -> None:
        """Stop listening."""
        self._socket = None
        if self._serving is not None:
            self._serving.cancel()

    async def _serve(self, udp: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                data, address = await loop.sock_recvfrom(udp, LARGEST_PACKET)
            except OSError:
                # Windows tells here that an answer could not be delivered: its asker is gone, no trouble of ours.
                await asyncio.sleep(AFTER_ERROR_SECONDS)
                continue
            # Our own time: what other programs take meanwhile is not the sender's fault.
            began = thread_time()
            sender = address[0], address[1]
            if self._budget.admits(sender, monotonic()):
                self._take_guarded(data, sender)
                self._budget.charge(sender, thread_time() - began, monotonic())
            else:
                self.dropped += 1
            if rest := self._budget.rest(thread_time() - began + RECEIVE_SECONDS, monotonic()):
                await asyncio.sleep(rest)

    def _take_guarded(self, data: bytes, sender: Sender) -> None:
        try:
            self.take(data, sender)
        except Exception as error:
            # A mistake of ours in one answer must not make Hitpoint deaf.
            self.malformed += 1
            _log.warning(f"a packet could not be answered ({type(error).__name__}: {error}). Please report it.")


def _type_tags(message: bytes) -> bytes:
    """What a message says of its arguments; empty where it says nothing. Source: OSC 1.0, type tag string."""
    start = (message.index(0) // 4 + 1) * 4
    return message[start : message.find(0, start)] if start < len(message) else b""


def packet_of(address: str, arguments: Sequence[object], boolean_tags: bool = False) -> bytes:
    """One OSC message as it goes over the wire; numbers with parts have 32 bits. boolean_tags: T and F for switches."""
    builder = OscMessageBuilder(address)
    for argument in arguments:
        # REAPER drops a whole message for one boolean tag (T or F), so switches go out as 1 and 0.
        value = int(argument) if isinstance(argument, bool) and not boolean_tags else argument
        builder.add_arg(cast(Any, value))
    return builder.build().dgram


def _is_not_the_librarys(record: logging.LogRecord) -> bool:
    return record.module not in ("osc_message", "osc_bundle")


async def listen(host: str, port: int, heard: Heard) -> OscListener:
    """An open listener. Raises PortError when the port is taken or the address is not this machine's."""
    try:
        udp = open_udp(host, port)
    except OSError as error:
        raise PortError(
            f"OSC port {port} on {host} cannot be opened ({error.strerror or error}). Is another Hitpoint running? "
            "Stop it, or set another `osc.port`."
        ) from error
    # The library warns of every strange packet: in a flood the log would be full of it. They are counted here.
    logging.getLogger().addFilter(_is_not_the_librarys)
    listener = OscListener(heard, udp)
    listener.start()
    return listener
