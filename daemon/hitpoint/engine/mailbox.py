"""The pipes of a process that keeps time: it never waits longer than it may to receive, and never to send.

There is one to control. A play process of the daemon has two more, from and to the supervisor: control may then die,
and the next one comes by a new pipe; only when the supervisor has gone, or says so, is it over.
"""

import os
import select
import signal
import sys
from collections import deque
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import Any

from hitpoint.engine.crew_pipes import End, Linked, Pipe, Post, taken_over
from hitpoint.scheduler.performance import Introduce, Played, Trouble

_POLL_SECONDS = 0.002
"""Where pipes cannot be waited for together with a wake-up (Windows), it is looked at this often."""
_MOST_UNSENT = 2000
"""If control reads nothing for so long, the oldest reports go."""
_LASTING = (Played, Trouble)
"""What the next control wants to hear too; all else is stale by then."""


class Closed:
    """What is received when it is over."""


class Mailbox:
    """Receives with a deadline; sends when the pipe has room. `say` and `wake` may be called from any thread.

    link: the pipe to control; None while there is no control. post: of a process that the supervisor watches; without
    one, control's end is ours.
    """

    def __init__(self, link: "Connection[Any, Any] | None", post: Post | None = None) -> None:
        self._link = link
        self._post = post
        self._unsent: deque[object] = deque(maxlen=_MOST_UNSENT)
        self._untold: deque[object] = deque(maxlen=_MOST_UNSENT)
        if sys.platform != "win32":
            self._woken, self._waker = os.pipe()
            for end in (self._woken, self._waker):
                os.set_blocking(end, False)

    def wake_on_signals(self) -> None:
        """Let a signal end `receive` early. Main thread only."""
        if sys.platform != "win32":
            signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)

    def say(self, message: object) -> None:
        """Queue a message for control; `flush` sends it. While there is no control, only what lasts is queued."""
        if self._link is not None or isinstance(message, _LASTING):
            self._unsent.append(message)

    def tell_supervisor(self, message: object) -> None:
        """Queue a message for the supervisor, where there is one; `flush` sends it."""
        if self._post is not None:
            self._untold.append(message)

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
        """The next message, or None after that long or when woken; `Closed` when it is over.

        Introduce comes first from a new control.
        """
        ready = self._wait(seconds)
        if self._post is not None and self._post.down in ready:
            return self._hear_supervisor(self._post.down)
        if self._link is None or self._link not in ready:
            return None
        try:
            return self._link.recv()
        except (EOFError, OSError):
            return self._control_gone()

    def flush(self) -> None:
        """Send what is queued, as far as it is taken at once."""
        if self._untold and self._post is not None and not _sent(self._untold, self._post.up):
            self._untold.clear()
        if self._unsent and self._link is not None and not _sent(self._unsent, self._link):
            self._control_gone()

    def flush_all(self, seconds: float) -> None:
        """Send what is queued, waiting that long if need be: for the last words."""
        deadline = monotonic() + seconds
        while (self._untold or (self._unsent and self._link is not None)) and monotonic() < deadline:
            self.flush()
            if self._unsent or self._untold:
                self._wait(_POLL_SECONDS)

    def close(self) -> None:
        """Close the pipe to control."""
        if self._link is not None:
            with suppress(OSError):
                self._link.close()

    def _hear_supervisor(self, down: Pipe) -> Introduce | Closed | None:
        try:
            message = down.recv()
            if isinstance(message, Linked):
                return self._meet(taken_over(down))
        except (EOFError, OSError):
            return Closed()
        return Closed() if isinstance(message, End) else None

    def _meet(self, link: Pipe) -> Introduce:
        self._control_gone()
        self._link = link
        return Introduce()

    def _control_gone(self) -> Closed | None:
        self.close()
        self._link = None
        waiting = _drained(self._unsent)
        if self._post is None:
            return Closed()
        self._unsent.extend(message for message in waiting if isinstance(message, _LASTING))
        return None

    def _wait(self, seconds: float) -> list[Any]:
        """The pipes that can be received from."""
        pipes = [pipe for pipe in (self._link, self._post.down if self._post is not None else None) if pipe is not None]
        if sys.platform == "win32":
            return wait(pipes, min(seconds, _POLL_SECONDS))
        # Not Connection.poll, which counts in whole milliseconds.
        waiting: list[Any] = [*pipes, self._woken]
        ready, _, _ = select.select(waiting, [], [], max(0.0, seconds))
        if self._woken in ready:
            with suppress(BlockingIOError):
                os.read(self._woken, 4096)
        return ready


def _sent(messages: deque[object], pipe: Pipe) -> bool:
    """Send as far as there is room. False when nobody reads any more."""
    while messages and _has_room(pipe):
        try:
            pipe.send(messages[0])
        except OSError:
            return False
        messages.popleft()
    return True


def _has_room(pipe: Pipe) -> bool:
    return sys.platform == "win32" or bool(select.select([], [pipe], [], 0.0)[1])


def _drained(messages: deque[object]) -> list[object]:
    """All of them, taken out one by one: another thread may be adding to them."""
    taken = []
    with suppress(IndexError):
        while True:
            taken.append(messages.popleft())
    return taken
