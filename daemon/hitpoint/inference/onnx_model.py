"""A bundle's model run row after row."""

import numpy as np

from hitpoint.errors import ModelError
from hitpoint.inference.bundle import Bundle
from hitpoint.inference.graph_run import GraphRun, empty_cache, known_rows, open_session
from hitpoint.inference.model import Biases, Ids, Masks, Sampling

KEPT_COUNT = 16
"""Runs of at most so many rows keep their arrays; longer prompts come in every length, each once."""
ALONE = np.ones((1, 1), np.float32)


class OnnxModel:
    """A loaded network with an empty cache."""

    fewest_rows = 2
    """Rows are to be given two at a time. Where a run reads an odd number, its last row goes through other kernels and
    differs in its last bits; runs of even numbers agree bit for bit, however the rows are cut. Measured with 8-bit
    weights on x86 with AVX-512: 262 µs a step instead of 199 µs; logits of the two kernels are up to 0.06 apart."""

    def __init__(self, bundle: Bundle, row_width: int | None = None) -> None:
        """row_width: ids in the rows that it is given, where that is more than the bundle's. Columns and ids that the
        bundle does not have are left out: its vocabulary is the beginning of the one in which rows are written."""
        self._bundle = bundle
        self._row_width = bundle.row_width if row_width is None else row_width
        self._session = open_session(bundle.model_path)
        self._length = 0
        self._cache = empty_cache(bundle, 1)
        self._runs: dict[tuple[int, int], GraphRun] = {}

    @property
    def context(self) -> int:
        """Rows it can hold."""
        return self._bundle.context

    @property
    def row_width(self) -> int:
        """Ids in a row that it is given."""
        return self._row_width

    @property
    def head_sizes(self) -> tuple[int, ...]:
        """Values that each attribute is drawn from."""
        return self._bundle.head_sizes

    @property
    def sampling(self) -> Sampling:
        """How boldly the bundle asks to draw."""
        return self._bundle.sampling

    @property
    def weight_bytes(self) -> int:
        """Size of its file: nearly all of it is read at every step, but the embeddings, a tenth of it."""
        return self._bundle.model_path.stat().st_size

    @property
    def length(self) -> int:
        """Rows it holds now."""
        return self._length

    def roll_back(self, length: int) -> None:
        """Forget all rows from `length` on."""
        self._length = min(self._length, length)

    def step(self, rows: Ids, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:
        """Read `rows` and draw what follows. Blocks: for one run of the graph."""
        count = len(rows)
        if self._length + count > self.context:
            raise ModelError(f"{self._bundle.name} holds {self.context} rows; {self._length + count} were asked for.")
        run = self._run(count, len(masks.rest[0]))
        drawn = run(known_rows(self._bundle, rows), masks, noise, sampling, self._length)
        self._length += count
        return np.asarray(drawn[0])

    def logits(self) -> tuple[Biases, ...]:
        """Of each attribute at the last one-row step, before masks and temperature."""
        return tuple(array[0] for array in self._last.logits)

    def _run(self, count: int, mask_rows: int) -> GraphRun:
        key = (count, mask_rows)
        run = self._runs.get(key)
        if run is None:
            run = GraphRun(self._session, self._bundle, self._cache, count, mask_rows, ALONE)
            if count <= KEPT_COUNT:
                self._runs[key] = run
        self._last = run
        return run
