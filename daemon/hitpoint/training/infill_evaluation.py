"""How well holes are filled from context alone, by a bundle and by two baselines, over the pieces of a split."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hitpoint.inference.bundle import Bundle
from hitpoint.score.likeliest import CANDIDATES
from hitpoint.training.dataset import Dataset
from hitpoint.training.infill_answers import BundleFiller, MarkovFiller
from hitpoint.training.infill_tasks import SIZES, Fit, Notes, Task, copied, f1, fit, tasks_of
from hitpoint.training.markov import Markov

RESAMPLINGS = 1000
INTERVAL = (2.5, 97.5)
"""Percentiles of the bootstrap over pieces."""
FEWEST_PIECES = 10
"""Below it no interval is said."""

Filler = Callable[[Sequence[Task]], Iterable[list[Notes] | None]]
Progress = Callable[[int, int], None]


def evaluate_infill(
    bundle: Bundle,
    split: Dataset,
    markov: Markov,
    progress: Progress,
    pieces: int | None = None,
    candidates: int = CANDIDATES,
) -> dict[str, Any]:
    """Figures by size of the hole ("bars x parts") and by who filled it. pieces: only so many, evenly chosen.
    candidates: answers of the bundle to each hole, of which the likeliest is kept."""
    fillers: dict[str, Filler] = {
        "model": BundleFiller(bundle, candidates).answers,
        "copy_previous_bar": partial(map, copied),
        "markov": MarkovFiller(markov).answers,
    }
    chosen = np.unique(np.linspace(0, len(split) - 1, pieces or len(split)).astype(int)).tolist()
    figures: dict[str, Any] = {}
    for done, (bars, parts) in enumerate(SIZES):
        tasks = [task for piece in chosen for task in tasks_of(split, piece, (bars, parts), seed=1)]
        found: dict[str, list[Fit]] = {name: [] for name in fillers}
        for number, (task, *answers) in enumerate(zip(tasks, *(fill(tasks) for fill in fillers.values()), strict=True)):
            progress(done * len(tasks) + number, len(SIZES) * len(tasks))
            if all(answer is not None for answer in answers):
                for name, answer in zip(fillers, answers, strict=True):
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
