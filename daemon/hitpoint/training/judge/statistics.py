"""Shares, rank correlations and their intervals: what is drawn again is whole prompts or pieces, never single cues."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLINGS = 1000
INTERVAL = (2.5, 97.5)
"""Percentiles of the bootstrap."""
FEWEST = 10
"""Prompts or pieces below which no interval is said."""
RULE = 3.0
"""Where all n agree, the true share may lie RULE / n away. Source: Hanley and Lippman-Hand 1983."""


def spearman(one: Floats, other: Floats) -> float:
    """The rank correlation, −1 to 1; 0 where one of them never changes."""
    ranks = [_ranks(np.ravel(values)) for values in (one, other)]
    first, second = (rank - rank.mean() for rank in ranks)
    spread = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum()) / spread if spread else 0.0


def _ranks(values: Floats) -> Floats:
    """Ties share the mean of their ranks."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[place.ravel()])


def share(right: Floats, of: Floats | None = None) -> dict[str, Any]:
    """Right ones over all, with an interval by row. right: a row a prompt. of: how many there are in each row."""
    count = np.asarray(right, float).reshape(len(right), -1)
    whole = np.ones_like(count) if of is None else np.asarray(of, float).reshape(len(of), -1)
    sums = np.column_stack([count.sum(1), whole.sum(1)])
    total = sums.sum(0)
    figure: dict[str, Any] = {"share": _round(total[0] / max(1e-9, total[1])), "count": int(total[0])}
    if len(sums) >= FEWEST:
        low, high = bootstrap(len(sums), lambda picks: float(np.divide(*np.maximum(sums[picks].sum(0), (0, 1e-9)))))
        if total[0] == total[1]:
            low = max(0.0, 1 - RULE / len(sums))
        elif total[0] == 0:
            high = min(1.0, RULE / len(sums))
        figure["interval_95"] = [_round(low), _round(high)]
    return figure


def bootstrap(rows: int, statistic: Callable[[NDArray[np.int64]], float]) -> tuple[float, float]:
    """The interval of a statistic of rows drawn again; the same for the same rows."""
    picks = np.random.default_rng(0).integers(rows, size=(RESAMPLINGS, rows))
    low, high = np.nanpercentile([statistic(one) for one in picks], INTERVAL)
    return float(low), float(high)


def correlation(asked: Floats, measured: Floats) -> dict[str, Any]:
    """How what was measured follows what was asked.

    asked: values, in rising order. measured: shape (prompts, values); prompts with a NaN are left out.
    `rho`: the mean of each prompt's own correlation; the interval is of it. `centred`: over all cues, each prompt's
    mean taken off, so that prompts that move further count for more. `pooled`: over all cues as they are.
    """
    whole = measured[~np.isnan(measured).any(1)]
    figure: dict[str, Any] = {"prompts": len(whole), "cues": whole.size}
    if not len(whole):
        return figure
    own = np.array([spearman(asked, row) for row in whole])
    said = np.broadcast_to(asked, whole.shape)
    figure["rho"] = _round(own.mean())
    if len(whole) >= FEWEST:
        figure["interval_95"] = [_round(end) for end in bootstrap(len(whole), lambda picks: float(own[picks].mean()))]
    figure["centred"] = _round(spearman(said, whole - whole.mean(1, keepdims=True)))
    figure["pooled"] = _round(spearman(said, whole))
    figure["means"] = [float(f"{value:.4g}") for value in whole.mean(0)]
    return figure


def _round(value: float) -> float:
    return round(float(value), 4)
