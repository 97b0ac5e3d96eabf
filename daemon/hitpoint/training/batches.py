"""Batches of windows: which piece next, and short windows laid end to end so that no step is wasted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.tokens.vocabulary import ROW_WIDTH
from hitpoint.training.augment import draw_variation
from hitpoint.training.dataset import Dataset
from hitpoint.training.windows import IGNORED, Window, WindowReader

SHORT_WINDOW = 96
"""Rows of an empty start: a bar or two of a few parts. Our choice."""


@dataclass(frozen=True)
class Exercises:
    """What share of windows is which exercise; the others continue from anywhere."""

    infill: float = 0.25
    addition: float = 0.12
    """A whole part to be added to the others."""
    from_the_top: float = 0.1
    """Windows that begin where the piece does; of continuations only."""
    empty_start: float = 0.08
    """Short windows that begin with nothing before them, so that first bars are learned often."""


@dataclass(frozen=True)
class Batch:
    """What one training step reads."""

    rows: NDArray[np.int64]
    """Shape (windows, steps, ROW_WIDTH)."""
    targets: NDArray[np.int64]
    """Shape (windows, steps, 4)."""


class BatchSource:
    """Endless random batches of a split; the same seed gives the same ones."""

    def __init__(
        self, dataset: Dataset, steps: int, exercises: Exercises, weights: dict[str, float], seed: int | Sequence[int]
    ) -> None:
        self._dataset, self._steps, self._exercises = dataset, steps, exercises
        self._random = np.random.default_rng(seed)
        self._shares = np.cumsum(piece_shares(dataset, weights))

    def draw(self, windows: int) -> Batch:
        """The next batch."""
        rows = np.zeros((windows, self._steps, ROW_WIDTH), np.int64)
        targets = np.full((windows, self._steps, 4), IGNORED)
        for line in range(windows):
            used = 0
            while used < self._steps - 8:
                window = self._window(self._steps - used)
                rows[line, used : used + len(window.rows)] = window.rows
                targets[line, used : used + len(window.rows)] = window.targets
                used += len(window.rows)
        return Batch(rows, targets)

    def _window(self, steps: int) -> Window:
        random, data = self._random, self._dataset
        piece = min(int(np.searchsorted(self._shares, random.random())), len(data) - 1)
        parts = data.parts[data.piece_parts[piece] : data.piece_parts[piece + 1]]
        reader = WindowReader(data, piece, draw_variation(parts, random), random)
        anywhere, drawn, shares = int(random.integers(reader.bars)), random.random(), self._exercises
        if drawn < shares.infill:
            return reader.infill(anywhere, steps)
        drawn -= shares.infill
        if drawn < shares.addition:
            return reader.addition(anywhere, steps)
        drawn -= shares.addition
        if drawn < shares.empty_start:
            return reader.continuation(anywhere, min(steps, SHORT_WINDOW))
        return reader.continuation(0 if drawn < shares.empty_start + shares.from_the_top else anywhere, steps)


def piece_shares(dataset: Dataset, weights: dict[str, float]) -> NDArray[np.float64]:
    """How often each piece is drawn: sources by the root of their notes times their weight, pieces by their notes."""
    cells = dataset.bar_cells[dataset.piece_bars]
    notes = np.diff(dataset.cell_notes[cells]).astype(float)
    shares = np.zeros(len(dataset))
    for source in np.unique(dataset.sources):
        own = dataset.sources == source
        shares[own] = notes[own] / notes[own].sum() * notes[own].sum() ** 0.5 * weights.get(str(source), 1.0)
    return np.asarray(shares / shares.sum())
