"""Where the tenths of each level lie: what makes intensity 7 mean the same in all that one bundle learned.

Measured on the training bars, kept beside the prepared data, and carried on in the configuration of the bundle.
"""

import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hitpoint.errors import ConfigError
from hitpoint.training.labels import LEVELS

CALIBRATION = "calibration.json"
"""Of prepared data, in their folder."""
EDGES = 9
"""Between ten classes."""

Array = NDArray[Any]
Levels = dict[str, list[float]]
"""For each of LEVELS the edges between its classes, rising."""


def edges_of(levels: Array, weight: Array) -> Array:
    """Edges between the tenths of each level, shape (5, 9). levels: (bars, 5), raw; weight: (bars,)."""
    return np.stack([_weighted_tenths(column, weight) for column in levels.T])


def write_levels(folder: Path, edges: Array) -> None:
    """Keep the edges beside prepared data."""
    said = {level: edges[row].tolist() for row, level in enumerate(LEVELS)}
    (folder / CALIBRATION).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def read_levels(folder: Path) -> Levels:
    """The edges beside prepared data. Raises ConfigError when they are not there."""
    try:
        return levels_in(json.loads((folder / CALIBRATION).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{folder / CALIBRATION} cannot be read ({error}). Prepare the corpus again.") from error


def levels_in(said: object) -> Levels:
    """What was written as JSON, checked. Raises ValueError for anything else."""
    if not isinstance(said, Mapping) or set(said) != set(LEVELS):
        raise ValueError(f"the edges of {', '.join(LEVELS)} are wanted")
    levels = {level: [float(edge) for edge in said[level]] for level in LEVELS}
    for level, edges in levels.items():
        if len(edges) != EDGES or not all(low <= high for low, high in pairwise(edges)):
            raise ValueError(f"{level} needs {EDGES} rising edges")
    return levels


def edges_in(levels: Levels) -> Array:
    """The same as one array, shape (5, 9), in the order of LEVELS."""
    return np.array([levels[level] for level in LEVELS], np.float64)


def _weighted_tenths(values: Array, weight: Array) -> Array:
    order = values.argsort()
    share = np.cumsum(weight[order]) / weight.sum()
    return values[order][np.searchsorted(share, np.arange(1, 10) / 10)]
