"""The state as it is shown: versions of one value, and what differs between any of them and the last.

Nobody's slowness costs more than its own last version: what a client has not been told is worked out when it can take
more, and is the same text for all who were at the same version.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hitpoint.page.differences import difference


@dataclass(frozen=True, slots=True)
class Version:
    """The state at one time."""

    number: int
    origin: int
    """Counts who told it: a difference to another's state is of no use."""
    state: Mapping[str, Any]
    """Never changed: the next version is another value, which shares what is the same."""


class Board:
    """clock: seconds, the daemon's."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._texts: dict[int, str] = {}
        self._watchers: set[Callable[[], None]] = set()
        self.last = Version(0, 0, {})

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Have it called after every change. Returns what ends that."""
        self._watchers.add(watcher)
        return lambda: self._watchers.discard(watcher)

    def put(self, sections: Mapping[str, Any], anew: bool = False) -> None:
        """Put in new values for some of the state's fields.

        anew: another control tells them, so that all is to be told again.
        """
        last = self.last
        state = {**last.state, **sections}
        if state == last.state and not anew:
            return
        self.last = Version(last.number + 1, last.origin + anew, state)
        self._texts.clear()
        for watcher in tuple(self._watchers):
            watcher()

    def whole(self) -> str:
        """The last version as a message of its own."""
        return self._text(0, lambda: {"type": "state", "version": self.last.number, **self._now(), **self._state()})

    def change(self, seen: Version) -> str | None:
        """A message with what differs from `seen`, or with the whole where that is of no use; None for the same."""
        if seen.number == self.last.number:
            return None
        if seen.origin != self.last.origin:
            return self.whole()
        return self._text(seen.number, lambda: self._change(seen))

    def _change(self, seen: Version) -> dict[str, Any]:
        change = difference(seen.state, self.last.state)
        return {
            "type": "change",
            "from": seen.number,
            "version": self.last.number,
            **self._now(),
            "set": change.set,
            "gone": change.gone,
        }

    def _text(self, seen: int, made: Callable[[], dict[str, Any]]) -> str:
        if seen not in self._texts:
            self._texts[seen] = as_text(made())
        return self._texts[seen]

    def _now(self) -> dict[str, float]:
        return {"now": self._clock()}

    def _state(self) -> dict[str, Any]:
        return {"state": self.last.state}


def as_text(message: Mapping[str, Any]) -> str:
    """JSON in one line."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
