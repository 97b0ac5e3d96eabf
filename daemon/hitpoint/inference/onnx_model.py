"""A bundle's model run row after row."""

import numpy as np

from hitpoint.inference.bundle import Bundle
from hitpoint.inference.graph_run import GraphRun, known_rows
from hitpoint.inference.loaded_bundle import LoadedBundle
from hitpoint.inference.model import Biases, Ids, Masks, Sampling

KEPT_COUNT = 16
"""Runs of at most so many rows keep their arrays; longer prompts come in every length, each once."""
ALONE = np.ones((1, 1), np.float32)


class OnnxModel(LoadedBundle):
    """A loaded network with an empty cache."""

    fewest_rows = 2
    """Rows are to be given two at a time. Where a run reads an odd number, its last row goes through other kernels and
    differs in its last bits; runs of even numbers agree bit for bit, however the rows are cut. Measured with 8-bit
    weights on x86 with AVX-512: 262 µs a step instead of 199 µs; logits of the two kernels are up to 0.06 apart."""

    def __init__(self, bundle: Bundle, row_width: int | None = None) -> None:
        """row_width: as LoadedBundle."""
        super().__init__(bundle, row_width, 1)
        self._runs: dict[tuple[int, int], GraphRun] = {}

    def step(self, rows: Ids, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:
        """Read `rows` and draw what follows. Blocks: for one run of the graph."""
        count = len(rows)
        self._check_room(count)
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
