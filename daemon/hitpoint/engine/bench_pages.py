"""What many open pages do to the notes of a daemon that plays, and how soon a page's wish is done and seen on another.

The pages are sockets that hear what a browser hears and show nothing: browsers would measure this machine's.
"""

import base64
import json
import os
import selectors
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from hitpoint.engine.bench_ear import PAIRS, SETTLE_SECONDS, ear, lateness, medians, playing_daemon, ratio
from hitpoint.errors import HostError

PAGES, STALLED = 20, 5
"""Pages that are open, and those of them that never read."""
MOVES = 200
MOVE_SECONDS = 0.05
PATIENCE_SECONDS = 5.0
STALLED_BUFFER = 4096
"""Bytes that the system keeps for a page that never reads: as little as it lets us."""


def measure_pages() -> dict[str, Any]:
    """Play to an ear of our own, without pages and with, in turn; then move a control on one page and see it on one.

    Returns how late notes were handed over in milliseconds (p50, p99, the worst of each run), the ratios of the medians
    with pages to those without, and the milliseconds until a move was answered and until another page heard of it,
    while all are open. Blocks: for some minutes. Raises HostError when the daemon does not start.
    """
    with ear() as (ear_port, heard), playing_daemon(ear_port) as (said, daemon):
        place = urlsplit(str(said["page"]["address"]))
        host, port = str(place.hostname), int(place.port or 80)
        sleep(SETTLE_SECONDS)
        alone, watched = [], []
        for _ in range(PAIRS):
            alone.append(lateness(heard))
            with _open_pages(host, port):
                watched.append(lateness(heard))
        with _open_pages(host, port):
            answered, seen = _moves(host, port)
        ended = daemon.poll() is not None
    return {
        "pages": PAGES,
        "stalled": STALLED,
        "without": medians(alone),
        "with": medians(watched),
        "p99_ratio": ratio(watched, alone, "p99_ms"),
        "worst_ratio": ratio(watched, alone, "worst_ms"),
        "moves": len(seen),
        "answered_ms": _spread(answered),
        "seen_ms": _spread(seen),
        "crashes": int(ended),
    }


def _spread(seconds: list[float]) -> dict[str, float]:
    found = np.array(seconds) * 1000
    return {
        "p50": round(float(np.percentile(found, 50)), 2),
        "p99": round(float(np.percentile(found, 99)), 2),
        "max": round(float(found.max()), 2),
    }


def _moves(host: str, port: int) -> tuple[list[float], list[float]]:
    """Seconds until each move was answered, and until another page heard of it."""
    answered, seen = [], []
    with Page(host, port) as hand, Page(host, port) as eye:
        for page in (hand, eye):
            page.until(lambda message: message["type"] == "state")
        for number in range(MOVES):
            value = round(0.2 + 0.6 * (number % 97) / 97, 4)
            asked = monotonic()
            hand.say({"id": number, "do": "/hitpoint/control/density", "args": [value]})
            hand.until(lambda message, number=number: message.get("id") == number)
            answered.append(monotonic() - asked)
            eye.until(lambda message, value=value: message.get("set", {}).get("/controls/density") == value)
            seen.append(monotonic() - asked)
            # What else comes meanwhile is heard, as a browser hears it.
            until = monotonic() + MOVE_SECONDS
            while monotonic() < until:
                hand.drain(0.01)
                eye.drain(0.01)
    return answered, seen


@contextmanager
def _open_pages(host: str, port: int) -> Iterator[None]:
    """PAGES pages, held open by a process of their own meanwhile."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_pages_main, args=(there, host, port), daemon=True)
    process.start()
    if not here.poll(PATIENCE_SECONDS * 2) or here.recv() != PAGES:
        process.kill()
        raise HostError("the pages could not be opened. Start `hitpoint run` by hand to see why.")
    try:
        yield
    finally:
        here.send(None)
        process.join()


def _pages_main(connection: Any, host: str, port: int) -> None:
    """Spawn target."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pages = [Page(host, port, stalled=number < STALLED) for number in range(PAGES)]
    connection.send(len(pages))
    with selectors.DefaultSelector() as selector:
        for page in pages[STALLED:]:
            selector.register(page.socket, selectors.EVENT_READ, page)
        while not connection.poll():
            for key, _ in selector.select(0.05):
                if not key.data.socket.recv(65536):
                    selector.unregister(key.data.socket)
    for page in pages:
        page.socket.close()


class Page:
    """A WebSocket to the page's server (RFC 6455), without extensions. Opens at once, or raises HostError."""

    def __init__(self, host: str, port: int, stalled: bool = False) -> None:
        """stalled: it will never read."""
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if stalled:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, STALLED_BUFFER)
        # As browsers do: what is small is sent at once.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(PATIENCE_SECONDS)
        self.socket.connect((host, port))
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            "GET /api/socket HTTP/1.1", f"Host: {host}:{port}", f"Origin: http://{host}:{port}", "Upgrade: websocket",
            "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
        ]  # fmt: skip
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self._heard = b""
        while b"\r\n\r\n" not in self._heard:
            self._hear()
        head, self._heard = self._heard.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise HostError(f"the page was refused: {head.splitlines()[0].decode(errors='replace')}.")

    def __enter__(self) -> "Page":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def say(self, message: dict[str, Any]) -> None:
        """Send one."""
        self.socket.sendall(text_frame(json.dumps(message).encode(), os.urandom(4)))

    def until(self, wanted: Any) -> dict[str, Any]:
        """Hear messages up to the one that is wanted. Raises HostError when it does not come."""
        deadline = monotonic() + PATIENCE_SECONDS
        while monotonic() < deadline:
            message = self._next()
            if message is None:
                self._hear()
            elif wanted(message):
                return message
        raise HostError("the page's server did not answer. Start `hitpoint run` by hand to see why.")

    def drain(self, seconds: float) -> None:
        """Hear what comes within that time."""
        self.socket.settimeout(seconds)
        try:
            self._hear()
        except HostError:
            pass
        finally:
            self.socket.settimeout(PATIENCE_SECONDS)

    def _hear(self) -> None:
        try:
            data = self.socket.recv(65536)
        except TimeoutError:
            raise HostError("the page's server says nothing. Start `hitpoint run` by hand to see why.") from None
        if not data:
            raise HostError("the page's server closed. Start `hitpoint run` by hand to see why.")
        self._heard += data

    def _next(self) -> dict[str, Any] | None:
        """The next message that was heard whole; None where there is none."""
        frame, self._heard = first_frame(self._heard)
        return None if frame is None else json.loads(frame)


def text_frame(text: bytes, mask: bytes) -> bytes:
    """A text as a client sends it. mask: 4 bytes."""
    length = len(text)
    size = bytes([0x80 | length]) if length < 126 else b"\xfe" + struct.pack(">H", length)
    return b"\x81" + size + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(text))


def first_frame(heard: bytes) -> tuple[bytes | None, bytes]:
    """The text of the first whole frame that has one, and what comes after; None and all of it where there is none."""
    while len(heard) >= 2:
        length, at = heard[1] & 0x7F, 2
        if length == 126 and len(heard) >= 4:
            length, at = struct.unpack(">H", heard[2:4])[0], 4
        elif length == 127 and len(heard) >= 10:
            length, at = struct.unpack(">Q", heard[2:10])[0], 10
        elif length >= 126:
            break
        if len(heard) < at + length:
            break
        opcode, payload, heard = heard[0] & 0x0F, heard[at : at + length], heard[at + length :]
        if opcode == 1:
            return payload, heard
    return None, heard
