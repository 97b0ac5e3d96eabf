"""How much cues, or excerpts of what people wrote, share with an index: the same figures of both."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from hitpoint.originality.verdict import BLOCK_NOTES, Report, Verdict
from hitpoint.training.judge.statistics import share


def shared(rows: Sequence[Sequence[Report]], notes: Sequence[int], most_of_people: float | None) -> dict[str, Any]:
    """Figures of music that was compared, intervals by row. rows: a row a prompt, or a piece.

    notes: pitched notes of each piece of music. most_of_people: the run that 95 % of people's pieces have at most.
    `flagged` counts what is blocked, too.
    """
    longest = np.array([[report.longest for report in row] for row in rows])
    verdicts = [[report.verdict for report in row] for row in rows]
    figures = {
        "count": int(longest.size),
        "notes_median": float(np.median(notes)),
        "longest_run_notes": {
            "max": int(longest.max()),
            "median": float(np.median(longest)),
            "p95": float(np.percentile(longest, 95)),
        },
        "runs_of_13": share((longest >= BLOCK_NOTES).astype(float)),
        "blocked": share(np.array([[one is Verdict.BLOCK for one in row] for row in verdicts])),
        "flagged": share(np.array([[one is not Verdict.CLEAR for one in row] for row in verdicts])),
        "pitch_only": share(np.array([[_by_pitch_only(report) for report in row] for row in rows])),
    }
    if most_of_people is not None:
        figures["above_people"] = share((longest > most_of_people).astype(float))
    return figures


def _by_pitch_only(report: Report) -> bool:
    return bool(report.matches) and all(match.run.pitch_only for match in report.matches)
