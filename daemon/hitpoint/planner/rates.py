"""How many times a quarter each part is asked to strike: what a bar's density means for who plays in it.

A model that is only told how dense a bar is keeps to it half-heartedly; told what each part does, it follows
(training/LOG.md). The same density gives the same part more in one phrase and less in another, and never less than a
smaller density gives it there.
"""

from collections.abc import Mapping, Sequence
from math import exp
from statistics import NormalDist

import numpy as np

from hitpoint.planner.seed import seed_of
from hitpoint.score.stem import Part

RATE_FIELD = "part_density"
"""The field of a model's vocabulary without which it hears nothing of this."""
TENTHS = (0.3, 0.35, 0.63, 0.88, 1.1, 1.3, 1.55, 1.85, 2.25, 3.0, 4.2, 4.8)
"""Onsets a quarter in the middle of each tenth of the training bars, with ends for the least and the most density.
Measured: what `training.calibration` found of the shipped corpus, through the formula of `training.labels`."""
PLACES = (0.0, *(0.05 + 0.1 * tenth for tenth in range(10)), 1.0)
OF_ROLE = {"bass": 0.9, "figure": 1.25}
"""How much more or less a role strikes than the mean of a bar, seen in the corpus."""
OF_INSTRUMENT = {
    "violin": 1.25, "viola": 1.05, "contrabass": 0.85, "bassoon": 0.85, "english horn": 0.65, "choir": 0.85,
    "trumpet": 0.8, "brass section": 0.7, "french horn": 0.7, "trombone": 0.65, "tuba": 0.65,
    "string ensemble": 0.8, "pizzicato strings": 0.85,
}  # fmt: skip
"""The same of instruments: brass strikes when strings run. Measured in 6,000 bars of the corpus, of seven parts or more
and among its busiest three tenths; what is not named is between 0.9 and 1.05 there, or not there."""
QUICKEST = {
    "piccolo": 9.0, "flute": 9.0, "oboe": 8.5, "english horn": 7.0, "clarinet": 8.0, "saxophone": 8.0, "bassoon": 8.5,
    "french horn": 6.3, "trumpet": 7.5, "trombone": 6.3, "tuba": 5.5, "brass section": 6.3, "bells": 6.0, "harp": 9.0,
    "organ": 8.5, "choir": 4.0, "violin": 11.5, "viola": 10.0, "cello": 10.0, "contrabass": 8.5,
    "string ensemble": 11.0, "pizzicato strings": 9.0, "synth pad": 9.0,
}  # fmt: skip
"""Onsets a second that a part is asked for at the most, however fast the music is: nine of ten bars of the corpus stay
below, where it has the instrument. Tuba, saxophone, bells, harp and choir: our choice."""
QUICKEST_OF_OTHERS = 12.0
MOST_OF_PAD = 0.45
"""A held sound has so many however dense the bar is: as the corpus has it."""
SPREAD = 0.35
"""Standard deviation of the logarithm, from part to part and bar to bar. Our choice: somewhat less than the corpus."""
OF_PHRASE, OF_BAR = 0.8, 0.6
"""How much of the spread is a whole phrase's, and how much a bar's own; their squares are 1 together."""


def rates_for(
    parts: Sequence[Part], roles: Mapping[str, str], density: float, bpm: float, phrase_seed: int, bar_seed: int
) -> tuple[tuple[str, float], ...]:
    """Parts by name, with onsets a quarter. Percussion is left to the model: a timpano is no drum set.

    density: 0 to 1. bpm: quarters a minute. roles: of parts by name; none for any. The seeds say where in the
    spread each part is.
    """
    mean = float(np.interp(density, PLACES, TENTHS))
    found = []
    for part in parts:
        role = roles.get(part.name)
        if part.instrument.drums or role == "percussion":
            continue
        name = part.instrument.name
        usual = mean * OF_ROLE.get(role or "", 1.0) * OF_INSTRUMENT.get(name, 1.0)
        rate = min(mean, MOST_OF_PAD) if role == "pad" else usual
        away = OF_PHRASE * _normal(phrase_seed, part.name) + OF_BAR * _normal(bar_seed, part.name)
        most = QUICKEST.get(name, QUICKEST_OF_OTHERS) * 60 / bpm
        found.append((part.name, round(min(rate * exp(SPREAD * away), most), 2)))
    return tuple(found)


def _normal(seed: int, name: str) -> float:
    """A normally distributed number that a part has by this seed."""
    return NormalDist().inv_cdf((seed_of(seed, "rate", name) + 0.5) / 2**64)
