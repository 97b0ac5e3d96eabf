"""The last few things that went wrong, as people are told them."""

import logging
from collections import deque
from collections.abc import Iterable

MOST_TROUBLES = 20

_log = logging.getLogger("hitpoint")


class Troubles:
    """Process: control."""

    def __init__(self, before: Iterable[str] = ()) -> None:
        """before: those of a control before this one."""
        self._last = deque(before, maxlen=MOST_TROUBLES)

    @property
    def last(self) -> tuple[str, ...]:
        """Newest last."""
        return tuple(self._last)

    def tell(self, text: str, error: Exception | None = None) -> None:
        """Log one that is new, and have it the newest. error: what raised it, for the log."""
        if text in self._last:
            # What goes wrong again and again is told once, and must not crowd out all else.
            self._last.remove(text)
        else:
            _log.warning("%s", text, exc_info=error)
        self._last.append(text)
