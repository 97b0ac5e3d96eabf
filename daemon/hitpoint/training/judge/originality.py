"""Whether cues are the model's own: the longest runs they share with what it read, beside people's, and whether the
index that says so finds copies and nothing else."""

from collections.abc import Callable
from typing import Any

import numpy as np

from hitpoint.originality.catalogue import score_lines
from hitpoint.originality.verdict import BLOCK_NOTES, Report, Verdict, compare
from hitpoint.score.stem import DRUM_CHANNEL
from hitpoint.training.judge.asked import Asked, Tell, Write
from hitpoint.training.judge.excerpts import excerpts
from hitpoint.training.judge.false_alarms import false_alarms
from hitpoint.training.judge.planted import planted_copies
from hitpoint.training.judge.prompts import prompts
from hitpoint.training.judge.reference import Reference
from hitpoint.training.judge.shared_runs import shared

BARS = 16
"""Bars of a cue that is compared: enough for a tune. Our choice."""
PROMPTS_SEED = 17
"""Of the prompts; other ones than for adherence, by which thresholds may have been chosen."""
MOST_TOLD = 60
"""Cues with long runs that are told one by one."""

Progress = Callable[[int, int, str], None]


def originality(
    count: int, seeds: int, write: Write, tell: Tell, reference: Reference, progress: Progress
) -> dict[str, Any]:
    """Figures of `count` prompts with so many seeds each, and of the index itself where there is a corpus.

    tell: called for each cue. progress: pieces done, pieces in all, and what they are for.
    """
    index = reference.index
    figures: dict[str, Any] = {
        "index": {"id": index.id, "pieces": len(index.pieces)},
        "bars_of_a_cue": BARS,
        "people": _people(index.baseline),
    }
    if reference.train:
        figures["planted"] = planted_copies(reference, lambda done, of: progress(done, of, "planted copies"))
        figures["false_alarms"] = false_alarms(reference, lambda done, of: progress(done, of, "false alarms"))
        figures["excerpts"] = excerpts(reference, BARS, lambda done, of: progress(done, of, "excerpts of people's"))
    return figures | _cues(count, seeds, write, tell, reference)


def _people(baseline: dict[str, Any]) -> dict[str, Any]:
    """What the index says of its own pieces, counted as cues are; empty where it has too few."""
    if not baseline:
        return {}
    longest, runs = np.array(baseline["longest_runs"]), dict(baseline["longest_run_notes"])
    told = {name: value for name, value in baseline.items() if not name.startswith("longest_run")}
    shares = {"runs_of_13": longest >= BLOCK_NOTES, "above_people": longest > runs["p95"]}
    runs["max"] = int(longest.max())
    return told | {"longest_run_notes": runs} | {name: round(float(one.mean()), 4) for name, one in shares.items()}


def _cues(count: int, seeds: int, write: Write, tell: Tell, reference: Reference) -> dict[str, Any]:
    rows, notes, told = [], [], []
    for prompt in prompts(count, PROMPTS_SEED):
        row = []
        for seed in range(seeds):
            score = write(Asked(prompt.text, seed, bars=BARS))
            report = compare(reference.index, [line for _, line in score_lines(score)])
            notes.append(sum(len(part.notes) for part in score.parts if part.channel != DRUM_CHANNEL))
            if report.verdict is Verdict.BLOCK or report.longest >= BLOCK_NOTES:
                told.append({"prompt": prompt.text, "seed": seed, **_longest(reference, report)})
            row.append(report)
            tell()
        rows.append(row)
    p95 = reference.index.baseline["longest_run_notes"]["p95"] if reference.index.baseline else None
    return {"prompts": count, "cues": shared(rows, notes, p95), "long_runs": told[:MOST_TOLD]}


def _longest(reference: Reference, report: Report) -> dict[str, Any]:
    match = report.matches[0]
    piece = reference.index.pieces[match.run.piece]
    return {
        "run_notes": match.run.notes, "verdict": match.verdict.value, "source_id": piece.id, "title": piece.title
    }  # fmt: skip
