"""One training run: from prepared data to a checkpoint, resumable, stoppable at any time.

The learning rate follows the clock, not the step count, so that a run ends when it must on whatever machine it has.
Time in which the process was stopped does not count.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from io import BytesIO
from math import cos, pi
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from hitpoint.errors import ConfigError
from hitpoint.inference.bundle import Bundle
from hitpoint.tokens.vocabulary import DRAWN
from hitpoint.training.batches import Batch, BatchSource
from hitpoint.training.calibration import read_levels
from hitpoint.training.corpus import Split
from hitpoint.training.dataset import Dataset, load
from hitpoint.training.evaluate import some_windows
from hitpoint.training.feeding import Tensors, feed
from hitpoint.training.muon import Muon
from hitpoint.training.network import Network, Shape
from hitpoint.training.precision import half_precision_pays
from hitpoint.training.presets import Preset
from hitpoint.training.rounding import Calibration
from hitpoint.training.warm_start import begin_from, check_start

CHECKPOINT = "checkpoint.pt"
HISTORY = "history.jsonl"
CHECKPOINT_SECONDS = 120.0
CALIBRATED_BY = 8
"""Validation windows that a bundle's ranges are measured by: some 8,000 rows."""
LONGEST_STEP_SECONDS = 30.0
"""A step that took longer was stopped meanwhile; it counts as this long."""
CHECKED_WINDOWS = 6
"""Windows on which a network begun from a bundle is compared with it."""

Report = Callable[[dict[str, Any]], None]
Sums = NDArray[Any]
"""One number for each attribute."""


class Run:
    """A network on its way from random weights to a checkpoint."""

    def __init__(
        self,
        preset: Preset,
        name: str,
        data: Path,
        folder: Path,
        seed: int,
        compile_it: bool = False,
        begin: Bundle | None = None,
        device: str = "cpu",
        workers: int = 0,
    ) -> None:
        """begin: a bundle of the preset's width to begin from; None begins from random weights. device: as PyTorch
        names it. workers: processes that draw windows, 0 for this one.

        Raises ConfigError when data are missing, or the network does not answer as the bundle it began from.
        """
        torch.manual_seed(seed)
        self.preset, self.name, self.seed, self._folder = preset, name, seed, folder
        self._device, self._workers = _device(device), workers
        folder.mkdir(parents=True, exist_ok=True)
        self.network = Network(preset.shape, preset.dropout)
        train, valid = load(data, Split.TRAIN), load(data, Split.VALID)
        self.data_digest, self._levels = train.digest(), read_levels(data)
        self._train = train
        self._validation = _fixed_batch(valid, preset)
        self._losses = torch.compile(self.network.losses) if compile_it else self.network.losses
        self._half_precision = self._device.type != "cpu" or half_precision_pays()
        self.step, self.seconds, self.rows = 0, 0.0, 0
        self.stopped = False
        """Set from a signal handler: the run saves itself and ends after the step it is in."""
        self.begun_from = None if begin is None else begin.name
        if begin is not None:
            begin_from(self.network, begin)
            # With what is left out at random it would not answer as the bundle does.
            self.network.eval()
            self.start_losses: tuple[float, float] = check_start(
                self.network, begin, some_windows(valid, preset.shape.context, CHECKED_WINDOWS)
            )
            self.network.train()
        self.network.to(self._device)
        self._optimisers = _optimisers(self.network, preset)

    def fit(self, report: Report) -> None:
        """Train until the preset's minutes are over. report: called with each line of the history."""
        saved = validated = self.seconds
        look_seconds = self.preset.minutes * 60 / self.preset.looks
        batches = feed(self._source_of(), self.preset.windows, self._workers, self._device.type != "cpu")
        sums, counts = self._nothing(), self._nothing()
        if self.step == 0:
            self._note(report, "valid", *self.validate())
        while self.seconds < self.preset.minutes * 60 and not self.stopped:
            began = time.monotonic()
            losses, drawn = self._train_step(batches)
            sums, counts = sums + losses, counts + drawn
            if self.step % self.preset.report_steps == 0:
                self._note(report, "train", _numbers(sums), _numbers(counts))
                sums, counts = self._nothing(), self._nothing()
            self.seconds += min(LONGEST_STEP_SECONDS, time.monotonic() - began)
            if self.seconds - validated > look_seconds:
                began = time.monotonic()
                self._note(report, "valid", *self.validate())
                self.seconds += time.monotonic() - began
                validated = self.seconds
            if self.seconds - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = self.seconds
        self._note(report, "valid", *self.validate())
        self.save()

    def validate(self) -> tuple[Sums, Sums]:
        """Summed losses on the fixed validation windows, and how many of each attribute there are."""
        sums = self._nothing()
        self.network.eval()
        with torch.no_grad(), self._autocast():
            for rows, targets in zip(*self._pieces(self._validation), strict=True):
                sums += self._losses(rows.to(self._device), targets.to(self._device))
        self.network.train()
        return _numbers(sums), (self._validation.targets >= 0).sum((0, 1))

    def save(self) -> None:
        """Write the checkpoint whole or not at all."""
        state = {
            "shape": asdict(self.preset.shape),
            "network": self.network.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self._optimisers],
            "run": self.made(),
            # Ids and codes fit into 16 bits.
            "calibration": tuple(part.to(torch.int16) for part in self.calibration()),
        }
        partial, content = self._folder / (CHECKPOINT + ".partial"), BytesIO()
        # Not straight to the file: what torch says of a full disk is no OSError.
        torch.save(state, content)
        partial.write_bytes(content.getbuffer())
        partial.replace(self._folder / CHECKPOINT)

    def made(self) -> dict[str, Any]:
        """How the network was made, up to here; `levels` are where its data's tenths lie."""
        return {
            "preset": self.name,
            "seed": self.seed,
            "data": self.data_digest,
            "step": self.step,
            "rows": self.rows,
            "seconds": round(self.seconds, 1),
            "source_weights": self.preset.source_weights,
            "exercises": asdict(self.preset.exercises),
            "begun_from": self.begun_from,
            "precision": "bfloat16" if self._half_precision else "float32",
            "levels": self._levels,
        }

    def calibration(self) -> Calibration:
        """The windows that show what goes through the network, where they come to the processor."""
        rows, targets = (
            torch.from_numpy(part[:CALIBRATED_BY]) for part in (self._validation.rows, self._validation.targets)
        )
        return rows, targets

    def resume(self) -> None:
        """Take up the run where its checkpoint left it; the windows drawn from here on are other ones."""
        state = _read_checkpoint(self._folder)
        made = (state["run"]["preset"], state["run"]["data"])
        if made != (self.name, self.data_digest):
            raise ConfigError(
                f"{self._folder}: its run has preset {made[0]} and data {made[1]}, not {self.name} and "
                f"{self.data_digest}. Resume with the same, or give another --run."
            )
        self.network.load_state_dict(state["network"])
        self.begun_from = state["run"]["begun_from"]
        for optimiser, stored in zip(self._optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(stored)
        self.step, self.seconds, self.rows = (state["run"][key] for key in ("step", "seconds", "rows"))

    def _source_of(self) -> Callable[[int], BatchSource]:
        """What each worker draws from, from here on."""
        return partial(_source, self._train, self.preset, (self.seed, self.step))

    def _train_step(self, batches: Iterator[Tensors]) -> Tensors:
        """Summed losses of one step, and how many of each attribute were drawn: where the network is, shape (4,)."""
        given = [next(batches) for _ in range(self.preset.gathered)]
        losses, counts = self._nothing(), self._nothing()
        drawn = max(1, sum(int((targets[..., 0] >= 0).sum()) for _, targets in given))
        for rows, targets in given:
            self.rows += rows.shape[0] * rows.shape[1]
            there = rows.to(self._device, non_blocking=True), targets.to(self._device, non_blocking=True)
            with self._autocast():
                found = self._losses(*there)
            (found.sum() / drawn).backward()
            losses += found.detach()
            counts += (there[1] >= 0).sum((0, 1))
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        rate = self.preset.learning_rate * rate_share(self.preset, self.step, self.seconds)
        for optimiser in self._optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        self.step += 1
        return losses, counts

    def _nothing(self) -> Tensor:
        return torch.zeros(4, device=self._device)

    def _autocast(self) -> Any:
        return torch.autocast(self._device.type, torch.bfloat16, enabled=self._half_precision)

    def _pieces(self, batch: Batch) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        windows = self.preset.windows
        return torch.from_numpy(batch.rows).split(windows), torch.from_numpy(batch.targets).split(windows)

    def _note(self, report: Report, what: str, sums: Sums, counts: Sums) -> None:
        line: dict[str, Any] = {"what": what, "step": self.step, "seconds": round(self.seconds, 1), "rows": self.rows}
        line |= {name: round(float(sums[i] / max(1, counts[i])), 4) for i, name in enumerate(DRAWN)}
        line["nats_per_step"] = round(float(sums.sum() / max(1, counts[0])), 4)
        with (self._folder / HISTORY).open("a", encoding="utf-8") as history:
            history.write(json.dumps(line) + "\n")
        report(line)


def rate_share(preset: Preset, step: int, seconds: float) -> float:
    """Which share of the learning rate holds now: a short rise, a plateau, a half cosine to nothing."""
    warm = min(1.0, (step + 1) / preset.warm_up_steps)
    left = 1 - seconds / (preset.minutes * 60)
    return warm * (1 if left > preset.decay_share else (1 - cos(pi * max(0.0, left) / preset.decay_share)) / 2)


def load_network(folder: Path) -> tuple[Network, dict[str, Any]]:
    """The network of a run's checkpoint, ready to evaluate, and how it was made. Raises ConfigError without one."""
    state = _read_checkpoint(folder)
    network = Network(Shape(**state["shape"]))
    network.load_state_dict(state["network"])
    return network.eval(), state["run"]


def load_calibration(folder: Path) -> Calibration:
    """The windows of a run's checkpoint that show what goes through the network. Raises ConfigError without any."""
    kept = _read_checkpoint(folder).get("calibration")
    if kept is None:
        raise ConfigError(
            f"{folder} is from an older version. Go on with it for a moment: `hitpoint train fit --resume`."
        )
    rows, targets = kept
    return rows.long(), targets.long()


def _read_checkpoint(folder: Path) -> dict[str, Any]:
    path = folder / CHECKPOINT
    if not path.is_file():
        raise ConfigError(f"{path} is missing. Run `hitpoint train fit --run {folder}` first.")
    return dict(torch.load(path, map_location="cpu", weights_only=True))


def _device(name: str) -> torch.device:
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ConfigError(f"PyTorch cannot use the device {name!r}. Give cpu, or cuda where it sees a GPU.") from error
    if device.type == "cuda":
        torch.set_float32_matmul_precision("high")
    return device


def _source(train: Dataset, preset: Preset, seeds: tuple[int, ...], worker: int) -> BatchSource:
    return BatchSource(train, preset.shape.context, preset.exercises, preset.source_weights, (*seeds, worker))


def _numbers(sums: Tensor) -> Sums:
    return np.asarray(sums.double().cpu().numpy())


def _optimisers(network: Network, preset: Preset) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside, AdamW for what touches ids and for the norms.

    Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks".
    """
    inside = [p for p in network.blocks.parameters() if p.ndim == 2] + [x.weight for x in network.head_hidden]
    chosen = {id(p) for p in inside}
    others = [p for p in network.parameters() if id(p) not in chosen]
    rate, decay = preset.learning_rate, preset.weight_decay
    return [
        Muon(inside, lr=rate, weight_decay=decay),
        torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True),
    ]


def _fixed_batch(valid: Dataset, preset: Preset) -> Batch:
    """The same windows of the validation split at every look."""
    source = BatchSource(valid, preset.shape.context, preset.exercises, preset.source_weights, seed=0)
    return source.draw(preset.validation_windows)
