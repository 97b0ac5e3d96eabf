"""Other players for the same notes: so that ensembles of film music are heard more often than the corpus has them.

A part moves to an instrument that plays its kind of line, an octave higher or lower where that fits better. What does
not fit the other instrument's range, or strikes more notes at once than it can, stays where it is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.stem import INSTRUMENTS, instrument_named

REORCHESTRATED_SHARE = 0.45
"""Windows with other players."""
MOVED_SHARE = 0.6
"""Parts of such a window that move, where they can."""
LEANING = 5.0
"""How much likelier a part moves to the family that the window leans to."""
SHIFTS = (0, -12, 12, -24, 24)
"""Semitones that a part may move by; the first that fits."""
LAST_DESK = 3

WANTED = {
    "french horn": 2.0, "trombone": 2.0, "tuba": 2.0, "brass section": 2.0, "harp": 2.0, "string ensemble": 2.0,
    "synth pad": 1.5, "contrabass": 2.0, "english horn": 1.5, "pizzicato strings": 1.5,
}  # fmt: skip
"""Instruments that film asks for and the corpus has little of: how much likelier than others. Our choice."""

TOWARDS: dict[str, tuple[str, ...]] = {
    "piccolo": ("flute", "violin", "bells"),
    "flute": ("piccolo", "oboe", "violin", "clarinet"),
    "oboe": ("english horn", "flute", "clarinet", "trumpet", "violin"),
    "english horn": ("oboe", "clarinet", "viola", "french horn"),
    "clarinet": ("english horn", "flute", "viola", "violin", "french horn"),
    "saxophone": ("clarinet", "english horn", "french horn", "viola"),
    "bassoon": ("cello", "trombone", "tuba", "contrabass", "french horn"),
    "french horn": ("trombone", "trumpet", "cello", "viola", "brass section", "english horn"),
    "trumpet": ("french horn", "oboe", "violin", "brass section", "clarinet"),
    "trombone": ("french horn", "bassoon", "cello", "tuba", "brass section"),
    "tuba": ("contrabass", "bassoon", "trombone", "bass"),
    "brass section": ("string ensemble", "choir", "synth pad"),
    "bells": ("harp", "piano", "piccolo"),
    "harp": ("piano", "guitar", "pizzicato strings", "bells"),
    "guitar": ("harp", "pizzicato strings", "piano"),
    "piano": (
        "harp", "string ensemble", "synth pad", "choir", "organ", "bells", "brass section", "cello", "contrabass",
        "violin", "pizzicato strings",
    ),
    "harpsichord": ("harp", "piano", "pizzicato strings", "bells"),
    "organ": ("string ensemble", "synth pad", "choir", "brass section", "piano", "contrabass", "tuba"),
    "choir": (
        "string ensemble", "violin", "viola", "cello", "french horn", "trombone", "trumpet", "oboe", "clarinet",
        "english horn", "bassoon", "synth pad", "contrabass",
    ),
    "violin": ("viola", "flute", "oboe", "clarinet", "string ensemble", "piccolo", "trumpet"),
    "viola": ("violin", "clarinet", "english horn", "french horn", "cello", "string ensemble"),
    "cello": ("bassoon", "trombone", "french horn", "contrabass", "string ensemble", "bass"),
    "contrabass": ("tuba", "bassoon", "bass", "trombone", "synth pad"),
    "string ensemble": ("choir", "synth pad", "brass section", "organ"),
    "pizzicato strings": ("harp", "guitar", "bells"),
    "bass": ("contrabass", "tuba", "cello"),
    "synth lead": ("violin", "flute", "trumpet", "clarinet"),
    "synth pad": ("string ensemble", "choir", "organ", "brass section"),
}  # fmt: skip
"""Where a part may move to, by its instrument. Timpani and drums stay."""

_NUMBERS = {instrument.name: number for number, instrument in enumerate(INSTRUMENTS)}
_STEMS = tuple(dict.fromkeys(instrument.stem for instrument in INSTRUMENTS if instrument.stem not in ("drums", "bass")))

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Players:
    """Who plays the parts of a window."""

    instruments: Ints
    """Of each part, its place in INSTRUMENTS."""
    shifts: Ints
    """Semitones that each part is moved by, beside the window's transposition."""


def as_written(parts: Ints) -> Players:
    """The players of the score. parts: as in `Dataset.parts`."""
    return Players(parts[:, 0].astype(np.int64), np.zeros(len(parts), np.int64))


def other_players(parts: Ints, transposition: int, random: np.random.Generator) -> Players:
    """Some parts with other instruments. parts: as in `Dataset.parts`."""
    players = as_written(parts)
    leaning = _STEMS[int(random.integers(len(_STEMS)))]
    for number, (instrument, _, low, high, chord) in enumerate(parts.astype(int).tolist()):
        if random.random() >= MOVED_SHARE:
            continue
        found = [
            (name, shift)
            for name in TOWARDS.get(INSTRUMENTS[instrument].name, ())
            if (shift := _fitting(name, low + transposition, high + transposition, chord)) is not None
        ]
        if found:
            weight = np.array([_weight(name, leaning) for name, _ in found])
            name, shift = found[int(random.choice(len(found), p=weight / weight.sum()))]
            players.instruments[number], players.shifts[number] = _NUMBERS[name], shift
    return players


def desks_of(instruments: Ints) -> Ints:
    """First to fourth part of each instrument, in the order given."""
    seen: dict[int, int] = {}
    desks = []
    for instrument in instruments.tolist():
        desks.append(min(LAST_DESK, seen.get(instrument, 0)))
        seen[instrument] = seen.get(instrument, 0) + 1
    return np.array(desks, np.int64)


def _weight(name: str, leaning: str) -> float:
    return WANTED.get(name, 1.0) * (LEANING if instrument_named(name).stem == leaning else 1.0)


def _fitting(name: str, low: int, high: int, chord: int) -> int | None:
    """The shift with which the instrument can play keys from low to high; None when there is none."""
    instrument = instrument_named(name)
    if chord > instrument.polyphony:
        return None
    return next((s for s in SHIFTS if low + s >= instrument.low and high + s <= instrument.high), None)
