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

    def __init__(
        self, bundle: Bundle, row_width: int | None = None, session: Any = None, cache: Cache | None = None
    ) -> None:
        """row_width, session, cache: as LoadedBundle; its own where none is given. Raises ModelError."""
        session = open_session(bundle) if session is None else session
        super().__init__(bundle, row_width, session, empty_cache(bundle, 1) if cache is None else cache)
        self._runs: dict[tuple[int, int], GraphRun] = {}

    @property
    def fewest_rows(self) -> int:
        """1; or 2 for a bundle that does not compute in whole numbers. Where a run of that reads an odd number, its
        last row goes through other kernels, and logits are up to 0.06 apart; runs of even numbers agree bit for bit."""
        return 1 if self._bundle.alike else 2

    def step(self, rows: Ids, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:
        """Read `rows` and draw what follows. Blocks: for one run of the graph."""
        self._check_room(len(rows))
        known = known_rows(self._bundle, rows)
        while len(known) > MOST_AT_ONCE + 1:  # two rows are left at least, for a bundle that asks for even numbers
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
