"""What people share with people: pieces of an index against the rest of it, other works only.

A verdict means little without it: in one tradition half of all tunes share nine notes with another.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from hitpoint.originality.index import Index
from hitpoint.originality.lines import Line
from hitpoint.originality.verdict import Verdict, compare

FEWEST = 10
"""Pieces below which shares say nothing."""


def baseline_of(
    index: Index, sampled: Sequence[tuple[int, Sequence[Line]]], progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """`pieces`, `flagged` and `blocked` (shares), `longest_run_notes` (median, p95), `longest_runs` (each, rising).

    sampled: numbers of pieces in the index, and their lines. Empty when there are fewer than FEWEST.
    """
    if len(sampled) < FEWEST:
        return {}
    groups = np.array([piece.group or piece.id for piece in index.pieces])
    longest, verdicts = [], []
    for done, (number, lines) in enumerate(sampled, 1):
        report = compare(index, lines, groups == groups[number])
        longest.append(report.longest)
        verdicts.append(report.verdict)
        if progress is not None:
            progress(done, len(sampled))
    return {
        "pieces": len(sampled),
        "flagged": round(1 - verdicts.count(Verdict.CLEAR) / len(sampled), 4),
        "blocked": round(verdicts.count(Verdict.BLOCK) / len(sampled), 4),
        "longest_run_notes": {"median": float(np.median(longest)), "p95": float(np.percentile(longest, 95))},
        "longest_runs": sorted(longest),
    }


def share_below(baseline: dict[str, Any], notes: int) -> float | None:
    """The share of people's pieces whose longest run is shorter than `notes`; None without a baseline."""
    longest = baseline.get("longest_runs")
    return sum(run < notes for run in longest) / len(longest) if longest else None
