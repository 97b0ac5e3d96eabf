"""What the engine asks of a model, whatever runs it. Ids in, ids out; this stage knows no music."""

from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Biases = NDArray[np.float32]
FITTING = 0.65
"""How boldly what is missing is drawn, of how boldly a bundle writes: 0.7 for a bundle that writes at 1.1. What comes
between things that stay is to fit them; at 1 it fits no better than a copy. Measured: training/LOG.md."""


class Masks(Protocol):
    """What one step may draw: biases, 0 for what is allowed and hugely negative for what is not."""

    @property
    def first(self) -> Biases:
        """For the first attribute, shape (its values,)."""
        ...

    @property
    def row_of_first(self) -> Ids:
        """Which row of `rest` holds when that value is drawn, shape (its values,)."""
        ...

    @property
    def rest(self) -> tuple[Biases, ...]:
        """For each further attribute, shape (rows, its values)."""
        ...


@dataclass(frozen=True, slots=True)
class Sampling:
    """How boldly to draw."""

    temperature: float = 1.1
    """Above 1 bolder, towards 0 the likeliest."""
    min_p: float = 0.02
    """Values less likely than this share of the likeliest are never drawn."""

    def fitting(self) -> Self:
        """How boldly to draw what is missing between things that stay."""
        return replace(self, temperature=FITTING * self.temperature)


class Model(Protocol):
    """One network with its cache."""

    @property
    def context(self) -> int:
        """Rows it can hold."""
        ...

    @property
    def row_width(self) -> int:
        """Ids in a row."""
        ...

    @property
    def head_sizes(self) -> tuple[int, ...]:
        """Values that each attribute is drawn from."""
        ...

    @property
    def fewest_rows(self) -> int:
        """1, or 2 where answers depend on how rows are cut unless runs are of even numbers of them."""
        ...

    @property
    def length(self) -> int:
        """Rows it holds now."""
        ...

    def roll_back(self, length: int) -> None:
        """Forget all rows from `length` on."""
        ...

    def step(self, rows: Ids, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:
        """Read `rows` and draw what follows the last of them.

        rows: shape (rows, row_width), at least one. noise: Gumbel, shape (sum of head_sizes,).
        Returns one value for each attribute. Raises ModelError when there is no room for the rows.
        """
        ...
