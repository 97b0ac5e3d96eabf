"""How high in its range an instrument plays: from a level, 0 to 1, to its keys.

Soft by design: a window that opens upwards, and a place in it to be at home. Every scale and chord has keys in it.
"""

from hitpoint.score.stem import Instrument

LOWEST_CEILING = 2 / 3
"""Share of an instrument's range that is open at level 0; at level 1 all of it is. Our choice."""
HOME = (0.35, 0.65)
"""Where in its range an instrument is at home at level 0 and at level 1. Our choice: the middle third."""
HIGHEST_GROUND = 62
"""Instruments that go no higher carry the ground, however strong the music: they do not rise with it."""


def highest_key(instrument: Instrument, level: float | None) -> int:
    """The highest key that is open at that level; None opens all. Drums have keys, but no register."""
    if level is None or instrument.drums:
        return instrument.high
    share = LOWEST_CEILING + (1 - LOWEST_CEILING) * level
    return instrument.low + round(share * (instrument.high - instrument.low))


def home_key(instrument: Instrument, level: float) -> float:
    """The mean pitch of an instrument that plays where it is at home at that level of 0 to 1."""
    rise = 0.0 if instrument.high <= HIGHEST_GROUND else level
    share = HOME[0] + (HOME[1] - HOME[0]) * rise
    return instrument.low + share * (instrument.high - instrument.low)
