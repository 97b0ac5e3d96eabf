"""How often the index blocks music that its pieces did not come from: `test` pieces against other collections."""

from collections.abc import Callable
from typing import Any

import numpy as np

from hitpoint.originality.verdict import Report, Verdict, compare
from hitpoint.training.judge.reference import Reference, lines_of_entries
from hitpoint.training.judge.statistics import share

MOST_MATCHES = 3
"""Of a blocked piece, the longest that are told: each with another piece of the index."""


def false_alarms(reference: Reference, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Shares blocked and flagged of the `test` pieces that have lines, and the blocked ones by name: what two
    collections both hold is no false alarm, and only a person can tell. By piece.

    progress: called with pieces done, and how many there are.
    """
    sources = {entry.source: reference.of_source(entry.source) for entry in reference.test}
    verdicts, told = [], []
    for done, (entry, lines) in enumerate(zip(reference.test, lines_of_entries(reference.test), strict=True), 1):
        if lines:
            report = compare(reference.index, lines, sources[entry.source])
            verdicts.append(report.verdict)
            if report.verdict is Verdict.BLOCK:
                told.append({"id": entry.id, "title": entry.title, "shares": _matches(reference, report)})
        progress(done, len(reference.test))
    if not verdicts:
        return {}
    return {
        "pieces": len(verdicts),
        "without_lines": len(reference.test) - len(verdicts),
        "blocked": share(np.array([verdict is Verdict.BLOCK for verdict in verdicts])),
        "flagged": share(np.array([verdict is not Verdict.CLEAR for verdict in verdicts])),
        "blocked_pieces": told,
    }


def _matches(reference: Reference, report: Report) -> list[dict[str, Any]]:
    """The longest blocked run with each piece of the index."""
    longest: dict[int, dict[str, Any]] = {}
    for match in report.matches:
        piece = reference.index.pieces[match.run.piece]
        if match.verdict is Verdict.BLOCK and match.run.piece not in longest:
            longest[match.run.piece] = {
                "source_id": piece.id, "title": piece.title, "run_notes": match.run.notes,
                "bits": round(match.run.long_bits, 1),
            }  # fmt: skip
    return list(longest.values())[:MOST_MATCHES]
