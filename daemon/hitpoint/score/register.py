"""How high in its range an instrument plays: from a level, 0 to 1, to its keys.

Soft by design: a window that opens upwards, and a place in it to be at home. Every scale and chord has keys in it.
"""

from hitpoint.score.stem import Instrument

LOWEST_CEILING = 2 / 3
"""Share of an instrument's range that is open at level 0; at level 1 all of it is. Our choice."""
HOMES = {
    "piccolo": (76, 91), "flute": (74, 88), "oboe": (70, 81), "english horn": (56, 71), "clarinet": (64, 79),
    "saxophone": (63, 80), "bassoon": (47, 62), "french horn": (56, 71), "trumpet": (64, 78), "trombone": (48, 65),
    "tuba": (43, 43), "brass section": (46, 76), "timpani": (47, 47), "bells": (64, 88), "harp": (54, 75),
    "guitar": (50, 72), "piano": (54, 74), "harpsichord": (50, 73), "organ": (46, 66), "choir": (58, 74),
    "violin": (66, 82), "viola": (55, 69), "cello": (44, 60), "contrabass": (39, 39), "string ensemble": (50, 77),
    "pizzicato strings": (50, 77), "bass": (36, 36), "synth lead": (50, 74), "synth pad": (45, 72), "drums": (45, 60),
}  # fmt: skip
"""Mean pitches of an instrument's bars at level 0 and at level 1: about where eight of ten bars of the training music
lie, where it has enough (training/LOG.md). What carries the ground stays there, however strong the music."""
LEADING = {
    "piccolo": (78, 92), "flute": (77, 89), "oboe": (71, 82), "clarinet": (68, 81), "bassoon": (49, 66),
    "french horn": (60, 72), "trumpet": (66, 78), "trombone": (52, 67), "harp": (58, 80), "guitar": (54, 77),
    "piano": (58, 77), "organ": (52, 73), "choir": (62, 76), "violin": (68, 82), "viola": (57, 71), "cello": (50, 67),
    "string ensemble": (60, 82), "pizzicato strings": (60, 80), "synth lead": (54, 77), "synth pad": (52, 77),
}  # fmt: skip
"""The same where it has the melody, about as the training music has it then, and no higher than is played with ease for
long. Others stay at home."""
DESK = 5
"""Semitones that further desks lie below the first: in the training music 4 to 6 of violins, horns and oboes."""


def highest_key(instrument: Instrument, level: float | None) -> int:
    """The highest key that is open at that level; None opens all. Drums have keys, but no register."""
    if level is None or instrument.drums:
        return instrument.high
    share = LOWEST_CEILING + (1 - LOWEST_CEILING) * level
    return instrument.low + round(share * (instrument.high - instrument.low))


def home_key(instrument: Instrument, level: float, desk: int = 0, leads: bool = False) -> float:
    """The mean pitch of an instrument that plays where it is at home at that level of 0 to 1. desk: counted from 0.
    leads: it has the melody, which lies higher.
    """
    lowest, highest = HOMES[instrument.name]
    if leads:
        lowest, highest = LEADING.get(instrument.name, (lowest, highest))
    home = lowest + (highest - lowest) * level
    return max(instrument.low + 1.0, home - DESK) if desk and highest > lowest else home
