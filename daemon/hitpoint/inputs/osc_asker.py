"""Asks a running daemon one thing over OSC and waits for the answer."""

import socket
from time import monotonic

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from hitpoint.errors import HostError

LARGEST_PACKET = 65_536


def ask(host: str, port: int, address: str, seconds: float = 1.0) -> list[object]:
    """The value at `address`. Blocks for at most `seconds`. Raises HostError when nobody answers."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(seconds)
        deadline = monotonic() + seconds
        try:
            # Connected, so that a closed port is told at once and strangers are not heard.
            asker.connect((host, port))
            asker.send(OscMessageBuilder(f"{address}/get").build().dgram)
            while monotonic() < deadline:
                message = OscMessage(asker.recv(LARGEST_PACKET))
                if message.address == address:
                    return list(message.params)
        except OSError:
            pass
    raise HostError(f"no Hitpoint answers on {host}:{port}. Start it with `hitpoint run`, or give its --osc-port.")
