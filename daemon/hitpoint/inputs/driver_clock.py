"""When a message really came, from a driver that tells only how long after the last one.

A callback can be late but never early, so the messages that were handed over fastest tell how the driver's clock and
ours lie; the others are stamped by theirs.
"""

from collections import deque

MEMORY_SECONDS = 2.0
"""A hundred pulses at 120 bpm, one of which came at once; two clocks drift apart by 0.2 ms at most in it."""


class DriverClock:
    """One driver port's. One thread uses it."""

    def __init__(self) -> None:
        self._driver = 0.0
        # Arrival and the clocks' difference, rising: what a later and smaller one has made useless is gone.
        self._differences: deque[tuple[float, float]] = deque()

    def stamp(self, delta: float, arrived: float) -> float:
        """The second at which it came, `arrived` at the latest. delta: seconds since the last one, by the driver."""
        self._driver += max(0.0, delta)
        difference = arrived - self._driver
        while self._differences and self._differences[-1][1] >= difference:
            self._differences.pop()
        self._differences.append((arrived, difference))
        while arrived - self._differences[0][0] > MEMORY_SECONDS:
            self._differences.popleft()
        return self._driver + self._differences[0][1]
