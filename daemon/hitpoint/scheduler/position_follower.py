"""Follows a host that says where it is in seconds: whether it rolls, and where it is at any second of the clock.

Pure: no I/O, no threads, no look at a clock. What the transport must do about it is told by whoever moves it.
"""

from math import inf

from hitpoint.scheduler.clock_follower import ClockState
from hitpoint.scheduler.position_line import (
    JUMP_SECONDS,
    LATEST_SECONDS,
    DelayedEstimate,
    Estimate,
    PositionLine,
    Report,
    TimecodeEstimate,
)


class PositionFollower:
    """One thread uses it. Every call is told its second of one clock."""

    def __init__(self, delayed: bool) -> None:
        """delayed: reports are true when sent and come late; else they are stamped a little early or late."""
        self.delayed = delayed
        self._estimate: Estimate = DelayedEstimate() if delayed else TimecodeEstimate()
        self._place: float | None = None
        self._stirred_at = -inf

    @property
    def line(self) -> PositionLine | None:
        """The host's motion by all that is known; None while it stands. It changes with a report."""
        return self._estimate.line

    @property
    def rolling(self) -> bool:
        """True from when enough reports agree that it rolls until it stops or falls silent."""
        return self._estimate.line is not None

    @property
    def place(self) -> float | None:
        """Where it stands, in seconds of its timeline; None while it rolls, or when nobody knows."""
        return None if self.rolling else self._place

    @property
    def jitter_ms(self) -> float:
        """Standard deviation of the reports."""
        return 1000.0 * self._estimate.jitter

    def state_at(self, at: float) -> ClockState:
        """How well the host is followed at second `at`."""
        if not self.rolling:
            return ClockState.STOPPED
        if at - self._estimate.heard_at > self._estimate.silent_seconds:
            return ClockState.FREEWHEELING
        return ClockState.LOCKED if self._estimate.locked else ClockState.LOCKING

    def hear(self, seconds: float, at: float, rolling: bool = True, loop_seconds: float = inf) -> None:
        """The host says that it is there.

        loop_seconds: how long the loop is that it may turn in: a jump of just that is none.
        """
        if not rolling:
            self.stand(seconds)
            return
        self.look(at)
        line = self._estimate.line
        if line is not None and -LATEST_SECONDS <= seconds - (line.seconds_at(at) - loop_seconds) <= JUMP_SECONDS:
            self._estimate.turn(loop_seconds)
        self._estimate.take(Report(seconds, at))

    def stir(self, at: float) -> None:
        """The host has said something that tells no place: it has not stopped."""
        self._stirred_at = max(self._stirred_at, at)

    def stand(self, seconds: float | None = None) -> None:
        """The host has stopped: there, or where it was heard of last."""
        line = self._estimate.line
        if seconds is None and line is not None:
            seconds = line.seconds_at(self._estimate.heard_at)
        self._place = self._place if seconds is None else seconds
        self._estimate.restart()

    def go_on(self, seconds: float, at: float) -> None:
        """The host has been rolling before it was heard, and is there at second `at`."""
        self._estimate.assume(PositionLine(seconds, at))

    def look(self, at: float) -> None:
        """Nothing more was heard until second `at`: after too long, the host has stopped."""
        heard_at = self._estimate.heard_at
        # A host that is there but nowhere is waited for, too, but not for ever.
        latest = max(heard_at, min(self._stirred_at, heard_at + self._estimate.stopped_seconds))
        if self.rolling and at - latest > self._estimate.stopped_seconds:
            self.stand()
