"""Asks a running daemon one thing over OSC, or has it do one, and waits for what comes of it."""

import socket
from collections.abc import Sequence
from time import monotonic

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from hitpoint.errors import HostError
from hitpoint.inputs.osc_listener import packet_of

LARGEST_PACKET = 65_536
ANSWER_SECONDS = 5.0
"""That nobody is there is told at once; this is for one who is there and busy."""
ERROR = "/hitpoint/error"
_AFTER = "/hitpoint/cue/freeze"
"""Something small that is asked after what was told: packets of one sender are taken in their order."""


def ask(host: str, port: int, address: str, seconds: float = ANSWER_SECONDS) -> list[object]:
    """The value at `address`. Blocks for at most `seconds`. Raises HostError when nobody answers, or says no."""
    return _asked(host, port, (OscMessageBuilder(f"{address}/get").build().dgram,), address, seconds)


def tell(host: str, port: int, address: str, arguments: Sequence[object], seconds: float = ANSWER_SECONDS) -> None:
    """Have it done. Blocks likewise. Raises HostError with the daemon's own words when it says no."""
    after = OscMessageBuilder(f"{_AFTER}/get").build().dgram
    _asked(host, port, (packet_of(address, arguments), after), _AFTER, seconds)


def _asked(host: str, port: int, packets: Sequence[bytes], address: str, seconds: float) -> list[object]:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as asker:
        deadline = monotonic() + seconds
        try:
            # Connected, so that a closed port is told at once and strangers are not heard.
            asker.connect((host, port))
            for packet in packets:
                asker.send(packet)
            while (left := deadline - monotonic()) > 0.0:
                asker.settimeout(left)
                answer = _message_in(asker.recv(LARGEST_PACKET))
                if answer is not None and answer.address == ERROR:
                    raise HostError(" ".join(map(str, answer.params)))
                if answer is not None and answer.address == address:
                    return list(answer.params)
        except OSError:
            pass
    raise HostError(f"no Hitpoint answers on {host}:{port}. Start it with `hitpoint run`, or give its --osc-port.")


def _message_in(packet: bytes) -> OscMessage | None:
    """None for a packet that is no OSC: another program may have the port."""
    try:
        return OscMessage(packet)
    except Exception:  # of many kinds, by what is wrong with it
        return None
