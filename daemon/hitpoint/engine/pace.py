"""How long the model will take for its next answer, from how long it took for the last ones. Pure."""

from dataclasses import dataclass

READING_PARTS = 3
"""Before it writes, the model reads the bars before: that takes about as long as to write this many parts. Measured
with small-1: four parts 80 ms, one of them alone 35 ms."""
FIRST_GUESS_SECONDS = 0.1
"""A part, before anything was measured: a slow machine's. Too long a guess leaves one bar to the fallback, too short
a one makes the model write a bar for nothing."""
RISE, FALL = 0.5, 0.05
"""How much of a difference is believed at once: a machine that gets busy is late in the very next bar, one that gets
idle loses nothing by being trusted later."""
SPREADS = 4
"""Spreads above the usual that are still expected. Source: RFC 6298, which estimates round trips in the same way."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds a part, and how much they spread. `after` gives the next."""

    usual_seconds: float = FIRST_GUESS_SECONDS
    """A part, with its share of the reading."""
    spread_seconds: float = 0.0
    """How far from the usual an answer commonly lies."""
    parts: int = 0
    """Of the last answer; 0 while nothing was measured and the rest is a guess."""

    @property
    def expected_seconds(self) -> float:
        """How long another answer of as many parts as the last takes, on the safe side; 0 before the first."""
        return self.seconds_for(self.parts) if self.parts else 0.0

    def seconds_for(self, parts: int) -> float:
        """How long an answer of so many parts takes, on the safe side."""
        return (self.usual_seconds + SPREADS * self.spread_seconds) * (parts + READING_PARTS)

    def after(self, parts: int, seconds: float) -> "Pace":
        """The pace when an answer of so many parts has taken so long."""
        a_part = seconds / (parts + READING_PARTS)
        if not self.parts:
            return Pace(a_part, a_part / 2, parts)
        return Pace(
            _moved(self.usual_seconds, a_part),
            _moved(self.spread_seconds, abs(a_part - self.usual_seconds)),
            parts,
        )


def _moved(value: float, towards: float) -> float:
    return value + (towards - value) * (RISE if towards > value else FALL)
