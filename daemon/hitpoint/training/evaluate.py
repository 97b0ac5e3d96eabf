"""How well a checkpoint foretells pieces it has not seen: nats a note, by attribute and by source, beside baselines.

Two readings of the same windows: with only the metre said, and with all bar controls said. The controls are computed
from the very notes to be foretold, so the second figure is not comparable with other people's; it shows that the
controls are heard.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from hitpoint.tokens.vocabulary import DRAWN, HEAD_SIZES, ROW_WIDTH
from hitpoint.training.augment import plain_variation
from hitpoint.training.dataset import Dataset
from hitpoint.training.network import Network
from hitpoint.training.windows import IGNORED, Window, WindowReader

WINDOWS_EACH = 2
"""Windows read of each piece, evenly spread; each begins without context, as a cue does."""
BATCH = 8
RESAMPLINGS = 1000
INTERVAL = (2.5, 97.5)
"""Percentiles of the bootstrap over pieces."""

Reals = NDArray[np.float64]
Progress = Callable[[int, int], None]


class Baseline(Protocol):
    """A simpler model of the same steps."""

    def nats(self, window: Window) -> Reals:
        """What the window costs, by attribute."""
        ...


@dataclass(frozen=True)
class Scores:
    """What a split cost, piece by piece."""

    sources: NDArray[Any]
    nats: Reals
    """Shape (pieces, 4), summed."""
    counts: Reals
    """Shape (pieces, 4): how many of each attribute."""

    def summary(self) -> dict[str, Any]:
        """The figures for people."""
        by_source = {str(source): self._per_note(self.sources == source) for source in np.unique(self.sources)}
        everything = np.ones(len(self.sources), bool)
        return {
            "pieces": len(self.sources),
            "notes": int(self.counts[:, 1].sum()),
            "nats_per_note": self._per_note(everything),
            "interval_95": self._interval(),
            "nats_per_note_sources_alike": round(float(np.mean(list(by_source.values()))), 4),
            "by_attribute": {
                name: round(float(self.nats[:, i].sum() / max(1, self.counts[:, i].sum())), 4)
                for i, name in enumerate(DRAWN)
            },
            "by_source": by_source,
        }

    def _per_note(self, chosen: NDArray[np.bool_]) -> float:
        return round(float(self.nats[chosen].sum() / max(1, self.counts[chosen, 1].sum())), 4)

    def _interval(self) -> list[float]:
        random = np.random.default_rng(0)
        nats, notes = self.nats.sum(1), self.counts[:, 1]
        picks = random.integers(len(notes), size=(RESAMPLINGS, len(notes)))
        return [round(float(x), 4) for x in np.percentile(nats[picks].sum(1) / notes[picks].sum(1), INTERVAL)]


def evaluate(
    network: Network,
    split: Dataset,
    baselines: Mapping[str, Baseline],
    progress: Progress,
    pieces: int | None = None,
) -> dict[str, Any]:
    """All likelihoods of a split. baselines: by name, each made from `train`. pieces: only so many, evenly chosen."""
    chosen = np.unique(np.linspace(0, len(split) - 1, pieces or len(split)).astype(int)).tolist()
    context = network.shape.context
    done, total = 0, 2 * len(chosen)
    figures: dict[str, Any] = {}
    for name, said in (("metre_only", False), ("controls_said", True)):
        sums: dict[str, list[Reals]] = {name: [] for name in ("model", "uniform", *baselines)}
        counts = []
        for piece in chosen:
            windows = list(windows_of(split, piece, said, context))
            sums["model"].append(_model_nats(network, windows))
            for baseline, model in baselines.items():
                sums[baseline].append(sum((model.nats(window) for window in windows), np.zeros(4)))
            counts.append(sum(((window.targets != IGNORED).sum(0) for window in windows), np.zeros(4)))
            sums["uniform"].append(counts[-1] * np.log(HEAD_SIZES))
            done += 1
            progress(done, total)
        sources = split.sources[chosen]
        figures[name] = Scores(sources, np.array(sums["model"]), np.array(counts)).summary()
        for baseline in (*baselines, "uniform"):
            figures[baseline] = Scores(sources, np.array(sums[baseline]), np.array(counts)).summary()
    return figures


def windows_of(split: Dataset, piece: int, said: bool, context: int) -> Iterator[Window]:
    """The windows of a piece that are read, as it stands. said: with all bar controls, or with the metre only."""
    parts = split.parts[split.piece_parts[piece] : split.piece_parts[piece + 1]]
    reader = WindowReader(split, piece, plain_variation(parts, said), np.random.default_rng(0))
    for start in np.unique(np.linspace(0, reader.bars, WINDOWS_EACH, endpoint=False).astype(int)):
        yield reader.continuation(int(start), context)


def some_windows(split: Dataset, context: int, count: int = 8) -> list[Window]:
    """One window from each of `count` pieces, evenly chosen, controls said."""
    chosen = np.unique(np.linspace(0, len(split) - 1, count).astype(int)).tolist()
    return [next(windows_of(split, piece, True, context)) for piece in chosen]


def _model_nats(network: Network, windows: list[Window]) -> Reals:
    total, context = np.zeros(4), network.shape.context
    for first in range(0, len(windows), BATCH):
        some = windows[first : first + BATCH]
        rows = np.zeros((len(some), context, ROW_WIDTH), np.int64)
        targets = np.full((len(some), context, len(DRAWN)), IGNORED)
        for line, window in enumerate(some):
            rows[line, : len(window.rows)] = window.rows
            targets[line, : len(window.rows)] = window.targets
        with torch.no_grad():
            total += network.losses(torch.from_numpy(rows), torch.from_numpy(targets)).double().numpy()
    return total
