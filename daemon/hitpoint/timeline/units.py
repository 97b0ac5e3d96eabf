"""The units of musical and picture time. Ticks are integers; seconds are made only at the edge."""

from dataclasses import dataclass
from fractions import Fraction

from hitpoint.errors import ConfigError

TICKS_PER_QUARTER = 960
"""Ticks in a quarter note, everywhere in Hitpoint."""

CLOCK_PULSES_PER_QUARTER = 24
"""MIDI clock messages in a quarter note. Source: MIDI 1.0, System Real-Time."""


@dataclass(frozen=True, slots=True)
class FrameRate:
    """A picture rate: exact frames a second, and whether its labels drop frames."""

    name: str
    """As people write it: "24", "23.976", "29.97df"."""
    frames_per_second: Fraction
    """Exact: 23.976 is 24000/1001."""
    drop_frame: bool = False
    """True when labels skip two numbers a minute (SMPTE 12M). The rate itself does not change."""

    def frames_in(self, seconds: float) -> float:
        """How many frames `seconds` of picture last; fractional and signed."""
        return seconds * float(self.frames_per_second)

    @classmethod
    def named(cls, name: str) -> "FrameRate":
        """The rate that people call `name`. Raises ConfigError for any other."""
        try:
            return _RATES[str(name).strip().lower()]
        except KeyError:
            known = ", ".join(_RATES)
            raise ConfigError(f"frame rate {name!r} is not one of {known}. Give one of those.") from None


_RATES = {
    rate.name: rate
    for rate in (
        FrameRate("23.976", Fraction(24000, 1001)),
        FrameRate("24", Fraction(24)),
        FrameRate("25", Fraction(25)),
        FrameRate("29.97", Fraction(30000, 1001)),
        FrameRate("29.97df", Fraction(30000, 1001), drop_frame=True),
        FrameRate("30", Fraction(30)),
    )
}
