"""Drawing step by step from a model, reading again only what changed. Ids in, ids out; it knows no music."""

import numpy as np

from hitpoint.inference.model import Biases, Ids, Masks, Model, Sampling


class Generator:
    """A model and the rows it has been given."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._rows = np.zeros((model.context, model.row_width), np.int64)
        self._count = 0
        self.steps = 0
        """Steps drawn since it was made."""
        self.rows_read = 0
        """Rows that went through the model since it was made."""

    @property
    def count(self) -> int:
        """Rows it has been given and not rolled back."""
        return self._count

    @property
    def room(self) -> int:
        """Rows that still fit."""
        return self._model.context - self._count

    def prompt(self, rows: Ids) -> None:
        """Begin anew with `rows`; what they share with the rows before stays in the cache."""
        shared = min(len(rows), self._model.length)
        same = (rows[:shared] == self._rows[:shared]).all(1)
        kept = shared if same.all() else int(same.argmin())
        self._model.roll_back(kept)
        self._rows[: len(rows)] = rows
        self._count = len(rows)

    def append(self, rows: Ids) -> None:
        """Rows that follow; they are read with the next draw."""
        self._rows[self._count : self._count + len(rows)] = rows
        self._count += len(rows)

    def draw(self, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:
        """What follows the last row."""
        if self._model.length >= self._count:  # all is read already: read the last row once more, for its answer
            self._model.roll_back(self._count - 1)
        unread = self._rows[self._model.length : self._count]
        self.steps += 1
        self.rows_read += len(unread)
        return self._model.step(unread, masks, noise, sampling)
