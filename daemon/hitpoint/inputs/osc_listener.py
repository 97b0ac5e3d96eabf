"""Ears for OSC: one UDP socket that hears packets, answers their senders, and knows no addresses."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from hitpoint.errors import PortError

Sender = tuple[str, int]
"""Address and port of who sent a packet."""


class OscListener(asyncio.DatagramProtocol):
    """Hands every message heard to `heard(address, arguments, sender)`; bundles are flattened, time tags ignored.

    No host honours time tags, and waiting for one inside a handler would hold up all others (python-osc's
    `strict_timing`), so there is none here. Malformed packets are counted and go no further.
    Process: control, on its event loop.
    """

    def __init__(self, heard: Callable[[str, list[object], Sender], None]) -> None:
        self._heard = heard
        self._transport: asyncio.DatagramTransport | None = None
        self.malformed = 0
        """Packets that were not OSC."""

    @property
    def port(self) -> int:
        """The UDP port it listens on."""
        if self._transport is None:
            raise PortError("the OSC listener is not open.")
        return int(self._transport.get_extra_info("sockname")[1])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Called by asyncio with every packet."""
        try:
            messages = [message.message for message in OscPacket(data).messages]
        # The library raises struct.error, IndexError, RecursionError and more on bytes that are not OSC; whatever
        # strangers send must not reach further than here.
        except Exception:
            self.malformed += 1
            return
        for message in messages:
            self._heard(message.address, list(message), (addr[0], addr[1]))

    def error_received(self, exc: Exception) -> None:
        """Called by asyncio when an answer could not be delivered: its asker is gone, which is no trouble of ours."""
        del exc

    def send(self, address: str, arguments: Sequence[object], to: Sender) -> None:
        """Send one message to `to`. Never blocks; a packet that cannot be sent is lost, as UDP's are."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(_packet(address, arguments), to)

    def close(self) -> None:
        """Stop listening."""
        if self._transport is not None:
            self._transport.close()


def _packet(address: str, arguments: Sequence[object]) -> bytes:
    builder = OscMessageBuilder(address)
    for argument in arguments:
        # REAPER drops a whole message for one boolean tag (T or F), so switches go out as 1 and 0.
        builder.add_arg(int(argument) if isinstance(argument, bool) else cast(Any, argument))
    return builder.build().dgram


async def listen(host: str, port: int, heard: Callable[[str, list[object], Sender], None]) -> OscListener:
    """An open listener. Raises PortError when the port is taken or the address is not this machine's."""
    loop = asyncio.get_running_loop()
    try:
        _, listener = await loop.create_datagram_endpoint(lambda: OscListener(heard), local_addr=(host, port))
    except OSError as error:
        raise PortError(
            f"OSC port {port} on {host} cannot be opened ({error.strerror or error}). Is another Hitpoint running? "
            "Stop it, or set another `osc.port`."
        ) from error
    return listener
