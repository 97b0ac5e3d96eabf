"""Child processes and the pipes to them."""

import threading
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

# A forked child would inherit control's sockets and threads; a spawned one starts clean on every system.
_CONTEXT = get_context("spawn")


class Worker:
    """One child process. What it sends arrives at `heard`, on a thread of this process that only reads its pipe.

    `gone` is called on that thread when the process has ended, for whatever reason.
    """

    def __init__(
        self,
        name: str,
        target: Callable[..., None],
        arguments: tuple[Any, ...],
        heard: Callable[[Any], None],
        gone: Callable[[], None],
    ) -> None:
        self._connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=target, args=(theirs, *arguments), name=name, daemon=True)
        self._process.start()
        # With its end closed here, the child's death reads as the end of the pipe.
        theirs.close()
        self._heard = heard
        self._gone = gone
        self._reader = threading.Thread(target=self._read, name=f"{name} reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid or 0

    @property
    def alive(self) -> bool:
        """True while the process runs."""
        return self._process.is_alive()

    def send(self, message: object) -> None:
        """Queue `message` for it. A message to a process that has gone is lost: `gone` says so."""
        try:
            self._connection.send(message)
        except (BrokenPipeError, OSError):
            return

    def stop(self, farewell: object, seconds: float = 3.0) -> None:
        """Send `farewell`, wait for it to end, and end it by force if it will not."""
        # Closing the pipe would not do: our own reader, blocked on it, keeps it open.
        self.send(farewell)
        self._process.join(seconds)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(seconds)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _read(self) -> None:
        connection: Connection = self._connection
        while True:
            try:
                message = connection.recv()
            except (EOFError, OSError):
                break
            self._heard(message)
        self._gone()
