"""The pipe to control, as a process that keeps time needs it: it never waits longer than it may, and never to send."""

import os
import select
import signal
import sys
from collections import deque
from contextlib import suppress
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

_POLL_SECONDS = 0.002
"""Where pipes cannot be waited for together with a wake-up (Windows), it is looked at this often."""
_MOST_UNSENT = 2000
"""If control reads nothing for so long, the oldest reports go."""


class Closed:
    """What is received when control has gone."""


class Mailbox:
    """Receives with a deadline; sends when the pipe has room. `say` and `wake` may be called from any thread."""

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection = connection
        self._unsent: deque[object] = deque(maxlen=_MOST_UNSENT)
        if sys.platform != "win32":
            self._woken, self._waker = os.pipe()
            for end in (self._woken, self._waker):
                os.set_blocking(end, False)

    def wake_on_signals(self) -> None:
        """Let a signal end `receive` early. Main thread only."""
        if sys.platform != "win32":
            signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)

    def say(self, message: object) -> None:
        """Queue a message for control; `flush` sends it."""
        self._unsent.append(message)

    @property
    def has_unsent(self) -> bool:
        """True when something waits for `flush`."""
        return bool(self._unsent)

    def wake(self) -> None:
        """End a `receive` that waits in another thread."""
        if sys.platform != "win32":
            with suppress(BlockingIOError):
                os.write(self._waker, b".")

    def receive(self, seconds: float) -> Any:
        """The next message, or None after that long or when woken; `Closed` when control has gone."""
        if not self._wait(seconds):
            return None
        try:
            return self._connection.recv()
        except (EOFError, OSError):
            return Closed()

    def flush(self) -> None:
        """Send what is queued, as far as control takes it at once."""
        while self._unsent and self._has_room():
            try:
                self._connection.send(self._unsent.popleft())
            except (BrokenPipeError, OSError):
                self._unsent.clear()

    def flush_all(self, seconds: float) -> None:
        """Send what is queued, waiting that long if need be: for the last words."""
        deadline = monotonic() + seconds
        while self._unsent and monotonic() < deadline:
            self.flush()
            if self._unsent:
                self._wait(_POLL_SECONDS)

    def _wait(self, seconds: float) -> bool:
        """True when a message can be received."""
        if sys.platform == "win32":
            return self._connection.poll(min(seconds, _POLL_SECONDS))
        # Not Connection.poll, which counts in whole milliseconds.
        pipe = self._connection.fileno()
        ready, _, _ = select.select([pipe, self._woken], [], [], max(0.0, seconds))
        if self._woken in ready:
            with suppress(BlockingIOError):
                os.read(self._woken, 4096)
        return pipe in ready

    def _has_room(self) -> bool:
        if sys.platform == "win32":
            return True
        return bool(select.select([], [self._connection], [], 0.0)[1])
