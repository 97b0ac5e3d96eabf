"""The daemon's clock, and any other clock told in its seconds.

There is one named domain, CLOCK_MONOTONIC. Others run beside it: JACK counts frames of a sound card that is never
quite at its nominal rate, and jackd2 stamps them with CLOCK_MONOTONIC_RAW. So nothing is assumed: pairs of readings
are taken as long as we run, and a line is laid through the latest.
"""

from collections import deque
from time import monotonic, sleep
from typing import Protocol

SAMPLES = 64
"""Pairs kept. Taken four a second they span 16 s: long enough to see drift, short enough to follow it."""
LARGEST_DRIFT = 0.002
"""2,000 parts in a million: no sound card is so far off, so a fit that says more has seen too little."""
LEAST_SPAN_SECONDS = 2.0
"""Below this the readings' own jitter would pass for drift."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> float:
        """Seconds, never running back."""

    def sleep(self, seconds: float) -> None:
        """Let that much time pass."""


class MonotonicClock:
    """The daemon's clock."""

    def now(self) -> float:
        """Seconds of CLOCK_MONOTONIC."""
        return monotonic()

    def sleep(self, seconds: float) -> None:
        """Sleep, to an absolute deadline. Source: Python 3.11, time.sleep: clock_nanosleep."""
        sleep(seconds)


class ClockFit:
    """Another clock in the daemon's seconds, and back. Nominally both run equally fast.

    Process: play. Before the first pair the two are taken to be the same.
    """

    def __init__(self) -> None:
        self._pairs: deque[tuple[float, float]] = deque(maxlen=SAMPLES)
        # One value, so that a reader on another thread never sees half of a new line.
        self._line = (0.0, 0.0, 1.0)

    def add(self, here: float, there: float) -> None:
        """Take in that the daemon's clock read `here` when the other read `there`, both in seconds."""
        self._pairs.append((here, there))
        count = len(self._pairs)
        mean_here = sum(pair[0] for pair in self._pairs) / count
        mean_there = sum(pair[1] for pair in self._pairs) / count
        self._line = (mean_here, mean_there, self._rate(mean_here, mean_there))

    def there_at(self, here: float) -> float:
        """What the other clock reads at second `here` of the daemon's."""
        mean_here, mean_there, rate = self._line
        return mean_there + (here - mean_here) * rate

    def here_at(self, there: float) -> float:
        """The daemon's second at which the other clock reads `there`. Inverse of `there_at`."""
        mean_here, mean_there, rate = self._line
        return mean_here + (there - mean_there) / rate

    def _rate(self, mean_here: float, mean_there: float) -> float:
        if self._pairs[-1][0] - self._pairs[0][0] < LEAST_SPAN_SECONDS:
            return 1.0
        # Least squares on the difference of the clocks: large numbers that are nearly equal would lose the drift.
        spread = sum((here - mean_here) ** 2 for here, _ in self._pairs)
        offset = mean_there - mean_here
        drift = sum((here - mean_here) * (there - here - offset) for here, there in self._pairs) / spread
        return 1.0 + max(-LARGEST_DRIFT, min(LARGEST_DRIFT, drift))
