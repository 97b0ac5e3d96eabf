"""What as many bars of people's music share with other works: a fairer baseline for short cues than whole pieces."""

from collections.abc import Callable
from typing import Any

import numpy as np

from hitpoint.originality.build import SAMPLED
from hitpoint.originality.verdict import Report, compare
from hitpoint.tokens import grid
from hitpoint.training.corpus_index import lines_of_smf
from hitpoint.training.judge.reference import Reference, music_of
from hitpoint.training.judge.shared_runs import shared
from hitpoint.training.piece import piece_of
from hitpoint.training.smf import Smf, Track

DRAWN = 2 * SAMPLED
"""Pieces, evenly chosen, of which one excerpt each is compared. Our choice."""


def excerpts(reference: Reference, bars: int, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Figures of `shared`, of pieces of the index with pitched notes, their own work left out; by piece.

    A piece with fewer bars is taken whole. progress: called with pieces done, and how many there are.
    """
    random, total = np.random.default_rng(0), len(reference.train)
    chosen = range(0, total, max(1, total // DRAWN))
    rows: list[list[Report]] = []
    notes = []
    for done, number in enumerate(chosen, 1):
        excerpt = _excerpt(music_of(reference.train[number]), bars, random)
        lines = [] if excerpt is None else list(lines_of_smf(excerpt))
        if excerpt is not None and lines:
            rows.append([compare(reference.index, lines, reference.of_group(number))])
            notes.append(sum(len(track.notes) for track in excerpt.tracks if not track.drums))
        progress(done, len(chosen))
    baseline = reference.index.baseline
    return shared(rows, notes, baseline["longest_run_notes"]["p95"] if baseline else None) if rows else {}


def _excerpt(smf: Smf, bars: int, random: np.random.Generator) -> Smf | None:
    """So many bars from anywhere, those tracks that begin a note in them; None of a piece of unknown instruments."""
    piece = piece_of(smf)
    if piece is None:
        return None
    first = int(random.integers(max(0, piece.bars - bars) + 1))
    lines = piece.bar_starts[[first, min(piece.bars, first + bars)]]
    start, end = lines * smf.ticks_per_quarter / grid.POSITIONS_PER_QUARTER
    tracks = [
        Track(track.program, track.drums, [note for note in track.notes if start <= note[0] < end])
        for track in smf.tracks
    ]
    return Smf(smf.ticks_per_quarter, [track for track in tracks if track.notes])
