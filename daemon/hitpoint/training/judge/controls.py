"""Whether the notes follow each control: rank correlations over a sweep of its values, all else the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.training.judge.asked import MEASURED, REGISTER, Asked, Tell, Write
from hitpoint.training.judge.measures import MEASURES
from hitpoint.training.judge.played import played_score
from hitpoint.training.judge.prompts import plain_prompts
from hitpoint.training.judge.statistics import correlation

LEVELS = 5
"""Values of a sweep, from the least to the greatest that may be asked for."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """One control gone through, and what should follow it."""

    name: str
    control: str
    measured: tuple[tuple[str, int], ...]
    """Names of measures, and 1 where more is expected of more, −1 where less is. Source of the directions: the studies
    that `training.labels` names."""
    keyed: bool = True
    """The prompts state a key."""


SWEEPS = (
    Sweep("intensity", "intensity", (("activity", 1), ("texture", 1), ("register", 1), ("velocity", 1))),
    Sweep("density", "density", (("activity", 1), ("texture", 1))),
    Sweep("register", REGISTER, (("register", 1),)),
    Sweep("tension", "tension", (("dissonance", 1), ("roughness", 1), ("chromatic", 1))),
    Sweep("valence", "valence", (("majorness", 1), ("register", 1), ("dissonance", -1)), keyed=False),
    Sweep("valence, key stated", "valence", (("majorness", 1), ("register", 1), ("dissonance", -1))),
    Sweep("arousal", "arousal", (("activity", 1), ("texture", 1), ("velocity", 1), ("legato", -1))),
)


def cues_of(prompts: int) -> int:
    """Cues that `controls` asks for."""
    return len(SWEEPS) * LEVELS * prompts


def controls(prompts: int, write: Write, tell: Tell) -> dict[str, Any]:
    """Figures by sweep and measure. prompts: in each sweep, each with a seed of its own."""
    return {sweep.name: _swept(sweep, prompts, write, tell) for sweep in SWEEPS}


def _swept(sweep: Sweep, prompts: int, write: Write, tell: Tell) -> dict[str, Any]:
    low, high = CONTROL_RANGES.get(sweep.control, (0.0, 1.0))
    values = np.linspace(low, high, LEVELS)
    found: dict[str, list[list[float]]] = {name: [] for name, _ in sweep.measured}
    for seed, prompt in enumerate(plain_prompts(prompts, 1, sweep.keyed)):
        cues = []
        for value in values.tolist():
            cues.append(played_score(write(Asked(prompt, seed, ((sweep.control, value),))), MEASURED))
            tell()
        for name, rows in found.items():
            rows.append(MEASURES[name].of(cues))
    return {name: _figure(values, found[name], sign, name) for name, sign in sweep.measured}


def _figure(values: Any, measured: Sequence[Sequence[float]], sign: int, name: str) -> dict[str, Any]:
    """With `expected`, the sign that the correlation should have."""
    figure = correlation(values, np.array(measured, float).reshape(-1, len(values)))
    return {"expected": sign, "as_labelled": MEASURES[name].as_labelled, **figure}
