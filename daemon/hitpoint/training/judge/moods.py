"""Whether the notes alone tell one mood from its opposite: tempo is stated, and velocity is never looked at.

Twice: as the moods are planned, and with the intensity held at one level in both, so that neither loudness nor the
number of parts that play can tell them apart for the model either.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hitpoint.training.judge.asked import MEASURED, Asked, Tell, Write
from hitpoint.training.judge.measures import MEASURES
from hitpoint.training.judge.played import played_score
from hitpoint.training.judge.prompts import STEADY
from hitpoint.training.judge.statistics import share

BPM = 100
HELD = 0.5
"""The intensity of both moods where it is held."""
WAYS = {"as_planned": (), "intensity_held": (("intensity", HELD),)}

MAJOR, HIGH, BUSY, LEGATO, CONSONANT = (
    ("majorness", 1), ("register", 1), ("activity", 1), ("legato", 1), ("dissonance", -1),
)  # fmt: skip
CALM = ("activity", -1)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two moods, and how the notes of the first differ from those of the second."""

    first: str
    second: str
    documented: tuple[tuple[str, int], ...]
    """Names of measures, and 1 where the first mood has more. Source: Gabrielsson and Lindström 2010, Gabrielsson 2014
    and Juslin's table of cues: mode, register and consonance for valence, onsets and articulation for arousal."""


PAIRS = (
    Pair("happy", "sad", (MAJOR, HIGH, BUSY)),
    Pair("calm", "furious", (CALM, LEGATO, CONSONANT)),
    Pair("tender", "menacing", (MAJOR, HIGH, CONSONANT)),
    Pair("joyful", "sorrowful", (MAJOR, HIGH, BUSY)),
    Pair("peaceful", "frantic", (CALM, LEGATO, CONSONANT)),
    Pair("triumphant", "tragic", (MAJOR, HIGH, CONSONANT)),
    Pair("serene", "terrifying", (MAJOR, CALM, CONSONANT)),
    Pair("hopeful", "despairing", (MAJOR, HIGH, CONSONANT)),
)


def cues_of(seeds: int) -> int:
    """Cues that `moods` asks for."""
    return len(WAYS) * len(PAIRS) * 2 * seeds


def moods(seeds: int, write: Write, tell: Tell) -> dict[str, Any]:
    """Figures by way and pair. seeds: for each pair; each has an ensemble of its own, the same in all pairs."""
    return {way: _way(seeds, held, write, tell) for way, held in WAYS.items()}


def _way(seeds: int, held: tuple[tuple[str, float], ...], write: Write, tell: Tell) -> dict[str, Any]:
    measured = np.zeros((len(PAIRS), seeds, len(MEASURES), 2))
    for place, pair in enumerate(PAIRS):
        for seed in range(seeds):
            cues = []
            for mood in (pair.first, pair.second):
                prompt = f"{mood}, {STEADY[seed % len(STEADY)]}, {BPM} bpm"
                cues.append(played_score(write(Asked(prompt, seed, held)), MEASURED))
                tell()
            measured[place, seed] = [measure.of(cues) for measure in MEASURES.values()]
    return verdicts(measured)


def verdicts(measured: NDArray[np.float64]) -> dict[str, Any]:
    """Shares of seeds in which a pair differs as documented.

    measured: shape (pairs, seeds, measures, 2), in the order of PAIRS and MEASURES, NaN where nothing was to measure.
    A pair differs as documented where its documented differences, each in standard deviations of all that was measured,
    add up to that direction: cues add (Eerola, Friberg and Bresin 2013).
    """
    names, spread = list(MEASURES), np.array([_spread(measured[:, :, place]) for place in range(len(MEASURES))])
    differences = np.nan_to_num(measured[..., 0] - measured[..., 1]) / np.where(spread > 0, spread, 1)[None, None]
    figures: dict[str, Any] = {}
    right = np.zeros(measured.shape[:2])
    for place, pair in enumerate(PAIRS):
        signs = np.array([dict(pair.documented).get(name, 0) for name in names])
        right[place] = (differences[place] * signs).sum(1) > 0
        figures[f"{pair.first}/{pair.second}"] = {
            "documented": share(right[place]),
            **{name: _one(differences[place, :, names.index(name)], sign) for name, sign in pair.documented},
        }
    # What is drawn again are seeds: all pairs of a seed share its ensemble and tonic.
    return {"all": share(right.T), **figures}


def _spread(values: NDArray[np.float64]) -> float:
    said = values[~np.isnan(values)]
    return float(said.std()) if len(said) else 0.0


def _one(differences: NDArray[np.float64], sign: int) -> dict[str, Any]:
    """Of one measure alone."""
    return {"expected": sign, "share": round(float((differences * sign > 0).mean()), 4)}
