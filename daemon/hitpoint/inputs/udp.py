"""Opening UDP sockets, in one way for all."""

import socket
from contextlib import suppress

RECEIVE_BUFFER = 1 << 20
"""Bytes of packets that the system is asked to keep while nobody reads; it may give less."""


def open_udp(host: str, port: int) -> socket.socket:
    """A socket that is bound there and does not block. Raises OSError when it cannot be."""
    udp = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        udp.setblocking(False)
        with suppress(OSError):
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        udp.bind((host, port))
    except OSError:
        udp.close()
        raise
    return udp
