"""How well holes are filled from context alone, by a network and by two baselines, over the pieces of a split."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hitpoint.training.dataset import Dataset
from hitpoint.training.infill_answers import MarkovFiller, NetworkFiller
from hitpoint.training.infill_tasks import SIZES, Fit, Notes, Task, copied, f1, fit, tasks_of
from hitpoint.training.markov import Markov
from hitpoint.training.network import Network

RESAMPLINGS = 1000
INTERVAL = (2.5, 97.5)
"""Percentiles of the bootstrap over pieces."""
FEWEST_PIECES = 10
"""Below it no interval is said."""

Filler = Callable[[Task], list[Notes] | None]
Progress = Callable[[int, int], None]


def evaluate_infill(
    network: Network, split: Dataset, markov: Markov, progress: Progress, pieces: int | None = None
) -> dict[str, Any]:
    """Figures by size of the hole ("bars x parts") and by who filled it. pieces: only so many, evenly chosen."""
    fillers: dict[str, Filler] = {
        "model": NetworkFiller(network).answers,
        "copy_previous_bar": copied,
        "markov": MarkovFiller(markov).answers,
    }
    chosen = np.unique(np.linspace(0, len(split) - 1, pieces or len(split)).astype(int)).tolist()
    figures: dict[str, Any] = {}
    for done, (bars, parts) in enumerate(SIZES):
        found: dict[str, list[Fit]] = {name: [] for name in fillers}
        for number, piece in enumerate(chosen):
            progress(done * len(chosen) + number, len(SIZES) * len(chosen))
            for task in tasks_of(split, piece, (bars, parts), seed=1):
                answers = {name: fill(task) for name, fill in fillers.items()}
                if all(answer is not None for answer in answers.values()):
                    for name, answer in answers.items():
                        found[name].append(fit(task, answer or []))
        figures[f"{bars}x{parts}"] = {name: _summary(fits) for name, fits in found.items()}
    return figures


def _summary(fits: list[Fit]) -> dict[str, Any]:
    """Of one filler at one size. One task a piece, so intervals are by piece."""
    if not fits:
        return {"pieces": 0}
    summary: dict[str, Any] = {
        "pieces": len(fits),
        "notes_f1": round(f1(fits), 4),
        "pitch_class_entropy_difference": round(float(np.mean([fit.entropy for fit in fits])), 4),
        "groove_similarity": round(float(np.mean([fit.groove for fit in fits])), 4),
    }
    if len(fits) >= FEWEST_PIECES:
        summary["notes_f1_interval_95"] = _interval(fits)
    return summary


def _interval(fits: list[Fit]) -> list[float]:
    counts: NDArray[Any] = np.array([(2 * fit.right, fit.written + fit.wanted) for fit in fits])
    picks = np.random.default_rng(0).integers(len(fits), size=(RESAMPLINGS, len(fits)))
    sums = counts[picks].sum(1)
    return [round(float(x), 4) for x in np.percentile(sums[:, 0] / np.maximum(1, sums[:, 1]), INTERVAL)]
