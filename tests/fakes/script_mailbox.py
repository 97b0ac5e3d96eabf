"""A pipe whose messages come at times set beforehand, on a manual clock."""

from collections.abc import Sequence

from fakes.manual_clock import ManualClock
from hitpoint.engine.mailbox import Closed


class ScriptMailbox:
    """Hands out (second, message) pairs in order; after the last, control is gone. `said` is what was told."""

    has_unsent = False

    def __init__(self, clock: ManualClock, script: Sequence[tuple[float, object]]) -> None:
        self._clock = clock
        self._script = list(script)
        self.said: list[object] = []

    def say(self, message: object) -> None:
        """Remember it."""
        self.said.append(message)

    def wake(self) -> None:
        """Nobody sleeps."""

    def flush(self) -> None:
        """Everything is said at once."""

    def receive(self, seconds: float) -> object | None:
        """The next message if it comes in time; time passes."""
        if not self._script:
            return Closed()
        left = self._script[0][0] - self._clock.now()
        if left > seconds:
            self._clock.sleep(seconds)
            return None
        self._clock.sleep(max(0.0, left))
        return self._script.pop(0)[1]
