"""A model without a network: draws evenly among what the masks allow. It holds the contract, not the music."""

import numpy as np

from hitpoint.errors import ModelError
from hitpoint.inference.model import Biases, Ids, Masks, Sampling
from hitpoint.tokens.vocabulary import END, HEAD_SIZES, ROW_WIDTH


class FakeModel:
    """Draws by the noise alone, so the same noise and masks give the same note."""

    def __init__(self, context: int = 512, end_bias: float = 2.0) -> None:
        """end_bias: added to END's share, in nats; higher for fewer notes."""
        self.context = context
        self.row_width = ROW_WIDTH
        self.head_sizes = HEAD_SIZES
        self.fewest_rows = 2
        self.length = 0
        self.seen: list[int] = []
        """Rows of each run."""
        self._end_bias = end_bias

    def roll_back(self, length: int) -> None:
        """Forget all rows from `length` on."""
        self.length = min(self.length, length)

    def step(self, rows: Ids, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:  # noqa: ARG002
        """Read `rows`, draw evenly among what is allowed."""
        assert rows.shape[1] == self.row_width
        assert len(rows) > 0
        if self.length + len(rows) > self.context:
            raise ModelError("the fake model is full")
        self.length += len(rows)
        self.seen.append(len(rows))
        first = masks.first.copy()
        first[END] += self._end_bias
        noises = np.split(noise, np.cumsum(HEAD_SIZES)[:-1])
        drawn = [int((first + noises[0]).argmax())]
        row = masks.row_of_first[drawn[0]]
        drawn += [int((table[row] + own).argmax()) for table, own in zip(masks.rest, noises[1:], strict=True)]
        return np.array(drawn)
