"""The position that is told: it goes after the line that was measured, smoothly, and never runs back."""

from dataclasses import dataclass

from hitpoint.scheduler.clock_line import ClockLine

SLOWEST = 0.5
"""Of the master's speed, when we are ahead of it and must wait."""
FASTEST = 2.0
"""Of the master's speed, when we are behind it."""
CATCH_UP_PULSES = 0.5
"""What is left of jitter is made good within half a pulse: before the next one, and too slowly to be a step."""


@dataclass(frozen=True, slots=True)
class Motion:
    """From `at` on a catch-up at constant speed until `met`, then along the line. Continuous, and always forward."""

    at: float
    """Second of the clock at which this motion began."""
    index: float
    """Pulses at `at`."""
    met: float
    """Second of the clock at which it is on the line."""
    line: ClockLine

    @classmethod
    def along(cls, line: ClockLine) -> "Motion":
        """On the line from its first moment."""
        return cls(line.at, line.index, line.at, line)

    @classmethod
    def towards(cls, line: ClockLine, at: float, index: float) -> "Motion":
        """From `index` pulses at second `at` to the line: in half a pulse, or as soon as the limits of speed allow."""
        ahead = line.index_at(at) - index
        most = (FASTEST - 1.0) if ahead > 0.0 else (SLOWEST - 1.0)
        return cls(at, index, at + line.period * max(CATCH_UP_PULSES, ahead / most), line)

    def steered(self, line: ClockLine, at: float) -> "Motion":
        """The same motion until `at`, from there on towards another line."""
        at = max(at, self.at)
        return Motion.towards(line, at, self.index_at(at))

    def index_at(self, at: float) -> float:
        """Pulses at second `at`; before the motion began: as if it had always been going to meet the line."""
        if at >= self.met:
            return self.line.index_at(at)
        return self.index + (at - self.at) * self._speed

    def seconds_at(self, index: float) -> float:
        """The second at which it is there. Inverse of `index_at`."""
        seconds = self.line.seconds_at(index)
        return seconds if seconds >= self.met else self.at + (index - self.index) / self._speed

    @property
    def _speed(self) -> float:
        """Pulses a second while catching up."""
        if self.met <= self.at:
            return 1.0 / self.line.period
        return (self.line.index_at(self.met) - self.index) / (self.met - self.at)
