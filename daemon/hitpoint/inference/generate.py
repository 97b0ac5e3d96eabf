"""Drawing step by step from a model, reading again only what changed. Ids in, ids out; it knows no music."""

from dataclasses import dataclass

import numpy as np

from hitpoint.inference.model import Biases, Ids, Masks, Model, Sampling


@dataclass(frozen=True)
class _Open:
    """Masks that allow everything."""

    first: Biases
    row_of_first: Ids
    rest: tuple[Biases, ...]

    @classmethod
    def of(cls, sizes: tuple[int, ...]) -> "_Open":
        rest = tuple(np.zeros((1, size), np.float32) for size in sizes[1:])
        return cls(np.zeros(sizes[0], np.float32), np.zeros(sizes[0], np.int64), rest)


class Generator:
    """A model and the rows it has been given."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._rows = np.zeros((model.context, model.row_width), np.int64)
        self._count = 0
        self._open = _Open.of(model.head_sizes)
        self._silent = np.zeros(sum(model.head_sizes), np.float32)
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

    def read(self) -> None:
        """Read what was given, but for a last row that would have to be read by itself. Nothing is drawn of it."""
        behind = self._count - self._model.length
        behind -= behind % self._model.fewest_rows
        if behind > 0:
            self._read(self._model.length, self._model.length + behind, self._open, self._silent, Sampling())

    def draw(self, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:
        """What follows the last row; at least as many as the model reads at once were given."""
        # Where need be, rows before are read again: notes never depend on what happened to be in the cache.
        fewest = self._model.fewest_rows
        first = min(self._model.length, self._count - fewest)
        first -= (self._count - first) % fewest
        if first < 0:  # an odd number in all: the rows before the last by themselves, then the last two
            self._read(0, self._count - 1, masks, noise, sampling)
            first = self._count - fewest
        self.steps += 1
        return self._read(first, self._count, masks, noise, sampling)

    def _read(self, first: int, last: int, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:
        self._model.roll_back(first)
        self.rows_read += last - first
        return self._model.step(self._rows[first:last], masks, noise, sampling)
