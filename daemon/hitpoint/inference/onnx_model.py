"""A bundle's model run row after row."""

from typing import Any

import numpy as np

from hitpoint.inference.bundle import Bundle
from hitpoint.inference.graph_run import Cache, GraphRun, empty_cache, known_rows, mask_room, open_session
from hitpoint.inference.loaded_bundle import LoadedBundle
from hitpoint.inference.model import Biases, Ids, Masks, Sampling

MOST_AT_ONCE = 32
"""Rows read in one run; measured over 270 of them: 21.4 ms, with all in one 24.4, with 10 each 24.3."""
ALONE = np.ones((1, 1), np.float32)


class OnnxModel(LoadedBundle):
    """A loaded network with an empty cache."""

    fewest_rows = 2
    """Rows are to be given two at a time. Where a run reads an odd number, its last row goes through other kernels and
    differs in its last bits; runs of even numbers agree bit for bit, however the rows are cut. Measured with 8-bit
    weights on x86 with AVX-512: 262 µs a step instead of 199 µs; logits of the two kernels are up to 0.06 apart."""

    def __init__(
        self, bundle: Bundle, row_width: int | None = None, session: Any = None, cache: Cache | None = None
    ) -> None:
        """row_width, session, cache: as LoadedBundle; its own where none is given. Raises ModelError."""
        session = open_session(bundle.model_path) if session is None else session
        super().__init__(bundle, row_width, session, empty_cache(bundle, 1) if cache is None else cache)
        self._runs: dict[tuple[int, int], GraphRun] = {}

    def step(self, rows: Ids, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:
        """Read `rows` and draw what follows. Blocks: for one run of the graph."""
        self._check_room(len(rows))
        known = known_rows(self._bundle, rows)
        while len(known) > MOST_AT_ONCE + 1:  # the last run has two rows at least
            self._read(known[:MOST_AT_ONCE], masks, noise, sampling)
            known = known[MOST_AT_ONCE:]
        return np.asarray(self._read(known, masks, noise, sampling)[0])

    def _read(self, rows: Ids, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:
        count = len(rows)
        drawn = self._run(count, mask_room(masks))(rows, masks, noise, sampling, self._length)
        self._length += count
        return drawn

    def logits(self) -> tuple[Biases, ...]:
        """Of each attribute at the last step, before masks and temperature."""
        return tuple(array[0].copy() for array in self._last.logits)

    def _run(self, count: int, mask_rows: int) -> GraphRun:
        key = (count, mask_rows)
        run = self._runs.get(key)
        if run is None:
            run = self._runs[key] = GraphRun(self._session, self._bundle, self._cache, count, mask_rows, ALONE)
        self._last = run
        return run
