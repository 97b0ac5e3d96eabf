"""A bundle's model, pulled towards what it is asked: it draws from how its answer differs from its answer unasked.

Two rows side by side read the same notes, one with the controls and one without. Logits are
unasked + (1 + guidance) × (asked − unasked); each note that is drawn is read by both. Source: Ho and Salimans 2022,
"Classifier-free diffusion guidance" (arXiv:2207.12598); of sequences, Sanchez et al. 2023 (arXiv:2306.17806).
"""

from collections.abc import Sequence

import numpy as np

from hitpoint.errors import ModelError
from hitpoint.inference.bundle import Bundle
from hitpoint.inference.graph_run import NOTHING, GraphRun, empty_cache, known_rows, mask_room, open_session
from hitpoint.inference.loaded_bundle import LoadedBundle
from hitpoint.inference.model import Biases, Ids, Masks, Sampling
from hitpoint.inference.onnx_model import OnnxModel

ASKED = 0
"""Of the two rows."""


class GuidedModel(LoadedBundle):
    """A loaded network with two empty caches."""

    fewest_rows = 1
    """The last row is read side by side. The runtime reads several after others for one cache only: so do the rows
    before it, each side by itself, but of a bundle that does not answer alike so and so, which reads all one by one."""

    def __init__(self, bundle: Bundle, row_width: int, guidance: float, controls: Sequence[tuple[int, int]]) -> None:
        """row_width: as LoadedBundle. guidance: above 0. controls: first and last ids of what is left unsaid in the
        other row. Raises ModelError for a bundle whose graph cannot mix."""
        if not bundle.mixes:
            raise ModelError(
                f"{bundle.name} is of an older kind that cannot be guided. Export it again, or set model.guidance to 0."
            )
        super().__init__(bundle, row_width, open_session(bundle), empty_cache(bundle, 2))
        self._mix = np.array([[1 + guidance, -guidance]] * 2, np.float32)
        self._is_control = np.zeros(bundle.size, bool)
        for first, last in controls:
            self._is_control[first : last + 1] = True
        self._runs: dict[int, GraphRun] = {}
        self._sides = [
            OnnxModel(
                bundle, row_width, self._session, {name: kept[side : side + 1] for name, kept in self._cache.items()}
            )
            for side in range(2)
        ]

    def roll_back(self, length: int) -> None:
        """Forget all rows from `length` on."""
        super().roll_back(length)
        for side in self._sides:
            side.roll_back(length)

    def step(self, rows: Ids, masks: Masks, noise: Biases, sampling: Sampling) -> Ids:
        """Read `rows` and draw what follows. Blocks: for a run of the graph for each row."""
        self._check_room(len(rows))
        asked = known_rows(self._bundle, rows)
        both = np.stack([asked, np.where(self._is_control[asked], NOTHING, asked)])
        run, first = self._run(mask_room(masks)), 0
        if self._bundle.alike and len(rows) > 1:
            first = len(rows) - 1
            for side, ahead in zip(self._sides, both[:, :first], strict=True):
                side.step(ahead, masks, noise, sampling)
            self.advance(first)
        for place in range(first, len(rows)):
            drawn = run(both[:, place : place + 1], masks, noise, sampling, self._length)
            for model in (self, *self._sides):
                model.advance(1)
        return np.asarray(drawn[ASKED])

    def _run(self, mask_rows: int) -> GraphRun:
        if mask_rows not in self._runs:
            self._runs[mask_rows] = GraphRun(self._session, self._bundle, self._cache, 1, mask_rows, self._mix)
        return self._runs[mask_rows]
