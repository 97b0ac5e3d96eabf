"""A bundle that goes on learning from a person's own files, on their own machine: `hitpoint train adapt`.

Pieces that are not learned say which weights are kept, those of the bundle among them. Weights are measured once more
as the bundle stores them, rounded. So by this measure the new bundle is better than the one it was begun from, or there
is none.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from torch import Tensor

from hitpoint.errors import ConfigError
from hitpoint.inference.bundle import CARD, CONFIG, MODEL, load_bundle
from hitpoint.originality.index_file import INDEX
from hitpoint.training.base_bundle import BaseBundle
from hitpoint.training.calibration import edges_in, write_levels
from hitpoint.training.card import adapted_card
from hitpoint.training.corpus import Split
from hitpoint.training.dataset import join, store
from hitpoint.training.export_onnx import FLOAT32, configuration, data_lines, write_bundle
from hitpoint.training.own_pieces import OwnPieces
from hitpoint.training.presets import Preset
from hitpoint.training.train import Report, Run
from hitpoint.training.warm_start import begin_from

PATIENCE = 4
"""Looks in a row that found nothing better, after which it ends. Our choice."""


@dataclass(frozen=True, slots=True)
class Adapted:
    """What came of it, in nats a step over windows of the pieces that only chose."""

    before: float
    after: float
    """With weights rounded as the bundle stores them, as are those before."""
    step: int
    """After which the weights that are kept were found."""
    steps: int
    """In all."""
    seconds: float


class Adaptation:
    """One run on own pieces, begun from a bundle. `work`: an empty folder of its own, for whatever it needs."""

    def __init__(self, pieces: OwnPieces, base: BaseBundle, preset: Preset, seed: int, work: Path) -> None:
        """Raises ConfigError when the bundle cannot be begun from."""
        self._pieces, self._base, self._work = pieces, base, work
        write_levels(work, edges_in(base.levels))
        for split, packs in ((Split.TRAIN, pieces.learned), (Split.VALID, pieces.held_out)):
            store(join(packs, edges_in(base.levels)), work, split)
        self.run = Run(replace(preset, shape=base.shape), "adapt", work, work / "run", seed, begin=base.bundle)
        self._best: Mapping[str, Tensor] = {}
        self._looks: list[tuple[float, int]] = []
        """Nats and step of each."""

    def fit(self, report: Report) -> Adapted:
        """Learn until the preset's minutes are over, nothing has become better for a while, or `run.stopped` is set.

        The network is then the best that was seen. Raises ConfigError when the bundle as it was is no worse.
        """
        self.run.fit(lambda line: self._heard(line, report))
        self.run.network.load_state_dict(self._best)
        (before, _), (after, step) = self._looks[0], min(self._looks)
        if step > 0:
            after = self._after_rounding()
        if after >= before:
            raise ConfigError(
                f"nothing was learned: {self._base.bundle.name} foretells the {len(self._pieces.held_out)} files that "
                f"were held back best as it is ({before:.3f} nats a step). Give more files of one kind, or more time."
            )
        return Adapted(before, after, step, self.run.step, round(self.run.seconds, 1))

    def write(self, folder: Path, found: Adapted) -> None:
        """Write the bundle; its name is the folder's."""
        base = self._base
        adapted = {
            "learned": len(self._pieces.learned), "held_out": len(self._pieces.held_out),
            "before": found.before, "after": found.after, "step": found.step,
        }  # fmt: skip
        index = base.bundle.folder / INDEX
        figures = adapted | {"steps": found.steps, "seconds": found.seconds, "seed": self.run.seed}
        card = adapted_card(folder.name, base.bundle.name, figures, index.is_file(), base.card)
        self._write(folder, {"adapted": adapted}, base.data + data_lines(self._pieces.entries), card)
        if index.is_file():
            shutil.copy(index, folder / INDEX)

    def _write(self, folder: Path, said: dict[str, Any], data: bytes, card: str) -> None:
        """said: what its configuration says beside what it says of every network."""
        run, base = self.run, self._base.config
        whole_numbers = base.get("weights") != FLOAT32
        # How boldly to draw, how holes are filled and what levels mean are the bundle's, which it stays in all else.
        config = base | configuration(run.network, whole_numbers, run.made()) | said
        write_bundle(folder, run.network, run.calibration() if whole_numbers else None, config, data, card)

    def _after_rounding(self) -> float:
        """Nats a step with the weights as a bundle stores them. The network stays as it is."""
        draft = self._work / "draft"
        self._write(draft, {}, b"", "")
        begin_from(self.run.network, load_bundle(draft))
        shutil.rmtree(draft)
        sums, counts = self.run.validate()
        self.run.network.load_state_dict(self._best)
        return round(float(sums.sum() / counts[0]), 4)

    def _heard(self, line: dict[str, Any], report: Report) -> None:
        if line["what"] == "valid":
            nats = line["nats_per_step"]
            if not self._looks or nats < min(self._looks)[0]:
                self._best = {name: weights.clone() for name, weights in self.run.network.state_dict().items()}
            self._looks.append((nats, line["step"]))
            best = self._looks.index(min(self._looks))
            if len(self._looks) - 1 - best >= PATIENCE:
                self.run.stopped = True
        report(line)


def is_bundle(folder: Path) -> bool:
    """True for a folder that holds a model bundle."""
    return all((folder / name).is_file() for name in (MODEL, CONFIG, CARD))
