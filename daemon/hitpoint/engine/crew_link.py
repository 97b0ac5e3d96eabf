"""A pipe to another process of the crew, as an asyncio program has it."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hitpoint.engine.crew_pipes import Linked, Pipe, taken_over


@dataclass(frozen=True)
class LinkedTo:
    """The supervisor has handed over a pipe."""

    peer: str
    """Name of the member at its other end."""
    pipe: Pipe


class Link:
    """What comes through the pipe arrives at `heard`, and its end at `gone`: both on the loop, in order.

    A thread waits for it: no event loop can wait for pipes on every system.
    """

    def __init__(self, pipe: Pipe, heard: Callable[[Any], None], gone: Callable[[], None], name: str) -> None:
        self._pipe = pipe
        self._heard = heard
        self._gone = gone
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, name=f"{name} reader", daemon=True).start()

    def send(self, message: object) -> None:
        """Queue a message. One to a process that has gone is lost: `gone` says so."""
        try:
            self._pipe.send(message)
        except OSError:
            return

    def _read(self) -> None:
        while True:
            try:
                message = self._pipe.recv()
                if isinstance(message, Linked):
                    # Here, because the pipe follows on this one: both must be read by one thread.
                    message = LinkedTo(message.peer, taken_over(self._pipe))
            except (EOFError, OSError):
                break
            self._on_loop(self._heard, message)
        self._on_loop(self._gone)

    def _on_loop(self, call: Callable[..., None], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(call, *arguments)
        except RuntimeError:
            # The loop is closed: nobody listens any more.
            return
