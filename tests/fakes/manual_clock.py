"""A clock that stands until it is told to go on."""


class ManualClock:
    """Time passes when somebody sleeps, and by a hair at every look, so that waiting for it ends."""

    LOOK_SECONDS = 1e-6

    def __init__(self, now: float = 0.0) -> None:
        self._now = now

    def now(self) -> float:
        """Seconds."""
        self._now += self.LOOK_SECONDS
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self._now += seconds
