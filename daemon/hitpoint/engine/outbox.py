"""A pipe to a process that may be slow, or stopped: who sends never waits, and nothing grows meanwhile.

Of what is the case now only the last word counts, so that there is one of each. What must not be lost is queued, up to
a number that only a dead reader lets it come to.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from hitpoint.engine.crew_pipes import Pipe

MOST_QUEUED = 4096
"""Beyond it the oldest go: nobody has read for long."""


class Outbox:
    """Sends through `pipe` on a thread of its own.

    made: the message of the last word on each thing, and of what was queued; None for nothing to send.
    """

    def __init__(self, pipe: Pipe, made: Callable[[dict[str, Any], list[Any]], object], name: str) -> None:
        self._pipe = pipe
        self._made = made
        self._latest: dict[str, Any] = {}
        self._queued: deque[Any] = deque(maxlen=MOST_QUEUED)
        self._news = threading.Condition()
        self._closed = False
        threading.Thread(target=self._send, name=f"{name} writer", daemon=True).start()

    def put(self, latest: Mapping[str, Any], queued: Any = None) -> None:
        """Have it sent: the last word on some things, each in place of the one before; and what is to be queued."""
        with self._news:
            self._latest.update(latest)
            if queued is not None:
                self._queued.append(queued)
            self._news.notify()

    def close(self) -> None:
        """Send no more."""
        with self._news:
            self._closed = True
            self._news.notify()

    def _send(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._latest or self._queued or self._closed)
                if self._closed:
                    return
                latest, self._latest = self._latest, {}
                queued = list(self._queued)
                self._queued.clear()
            try:
                self._pipe.send(self._made(latest, queued))
            except OSError:
                return
