"""The simplest model of the same steps: each attribute given the one of the note before in its part and bar."""

import numpy as np
from numpy.typing import NDArray

from hitpoint.tokens.vocabulary import END, HEAD_SIZES, OFFSETS, Kind
from hitpoint.training.dataset import Dataset
from hitpoint.training.windows import IGNORED, Window

SMOOTHING = 0.5
"""Added to each count."""


class Bigram:
    """Counts of what follows what, a table an attribute; the last row is for the first note of a bar."""

    def __init__(self, train: Dataset) -> None:
        first = np.zeros(len(train.notes) + 1, bool)
        first[train.cell_notes] = True
        self._logs = [self._table(train, column, size, first) for column, size in enumerate(HEAD_SIZES)]

    def nats(self, window: Window) -> NDArray[np.float64]:
        """What the window costs, by attribute."""
        before = np.full_like(window.targets, IGNORED)
        is_note = window.rows[1:, 0] == OFFSETS["kind"] + Kind.NOTE
        before[1:][is_note] = window.targets[:-1][is_note]
        total = np.zeros(len(HEAD_SIZES))
        for column, logs in enumerate(self._logs):
            wanted = window.targets[:, column]
            known = wanted != IGNORED
            context = before[known, column]
            total[column] = -logs[np.where(context == IGNORED, len(logs) - 1, context), wanted[known]].sum()
        return total

    @staticmethod
    def _table(train: Dataset, column: int, size: int, first: NDArray[np.bool_]) -> NDArray[np.float64]:
        notes = train.notes[:, column].astype(np.int64)
        inside, opening = ~first[1:-1], first[:-1]
        pairs = [notes[:-1][inside] * size + notes[1:][inside], size * size + notes[opening]]
        if size == END + 1:
            last = np.append(np.flatnonzero(first[1:-1]), len(notes) - 1)
            pairs.append(notes[last] * size + END)
        counts = np.bincount(np.concatenate(pairs), minlength=(size + 1) * size).reshape(size + 1, size) + SMOOTHING
        return np.asarray(np.log(counts / counts.sum(1, keepdims=True)))
