"""Holes to be filled in pieces of a split, and how well an answer fits; the same holes for all who fill them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.likeliest import pitch_class_entropy
from hitpoint.tokens import grid
from hitpoint.training.augment import plain_variation
from hitpoint.training.dataset import COLUMN, Dataset
from hitpoint.training.reading import Cell, PieceReader

SIZES = ((1, 1), (2, 1), (4, 1), (4, 2), (8, 1), (8, 3))
"""Bars by parts of the holes that are tried, from small to large."""
MARGIN_BARS = 4
"""Bars of context on either side, where the piece has them."""
GROOVE_STEP = grid.POSITIONS_PER_QUARTER // 4
"""Groove is compared on sixteenths."""

Notes = NDArray[np.int64]
"""Codes, shape (notes, 4)."""


@dataclass(frozen=True)
class Task:
    """One hole in one piece."""

    piece: int
    reader: PieceReader
    first: int
    """The first bar of context."""
    bars: list[list[Cell]]
    """All of it, as it is."""
    lengths: list[int]
    """Of each bar, in positions."""
    holes: list[tuple[int, int]]
    """Bar, from 0, and place in it; bar by bar."""

    def truth(self) -> list[Notes]:
        """What was taken out, hole by hole."""
        return [self.bars[bar][place].notes for bar, place in self.holes]


@dataclass(frozen=True)
class Fit:
    """How an answer compares with what was there."""

    right: int
    """Notes with the onset and the pitch of one that was there."""
    written: int
    wanted: int
    entropy: float
    """Bits between the entropies of the pitch-class histograms, none below 0."""
    groove: float
    """Share of sixteenths on which both begin a note, or neither does."""


def tasks_of(split: Dataset, piece: int, size: tuple[int, int], seed: int) -> Iterator[Task]:
    """At most one task of bars × parts in the piece; none where it is too short or has too few parts."""
    random = np.random.default_rng((seed, piece, *size))
    bars, parts = size
    columns = split.parts[split.piece_parts[piece] : split.piece_parts[piece + 1]]
    reader = PieceReader(split, piece, plain_variation(columns, False), random)
    if reader.bars < bars + 2:
        return
    start = int(random.integers(1, reader.bars - bars))
    first, last = max(0, start - MARGIN_BARS), min(reader.bars, start + bars + MARGIN_BARS)
    cells = [reader.cells(bar) for bar in range(first, last)]
    hole = range(start - first, start - first + bars)
    playing = sorted({cell.part for bar in hole for cell in cells[bar]})
    if len(playing) < parts:
        return
    chosen = {playing[i] for i in random.permutation(len(playing))[:parts].tolist()}
    holes = [(bar, place) for bar in hole for place, cell in enumerate(cells[bar]) if cell.part in chosen]
    begin, end = split.piece_bars[piece : piece + 2].tolist()
    lengths = (split.bars[begin:end, COLUMN["length"]].astype(int) + 1) * (grid.POSITIONS_PER_QUARTER // 2)
    yield Task(piece, reader, first, cells, lengths[first:last].tolist(), holes)


def copied(task: Task) -> list[Notes]:
    """The baseline: the part's bar before the hole again and again; without one the bar after it; else nothing."""
    first, last = task.holes[0][0], task.holes[-1][0]
    answers = []
    for bar, place in task.holes:
        part = task.bars[bar][place].part
        beside = [*range(first - 1, -1, -1), *range(last + 1, len(task.bars))]
        found = next((cell.notes for other in beside for cell in task.bars[other] if cell.part == part), None)
        answers.append(np.zeros((0, 4), np.int64) if found is None else found[found[:, 0] < task.lengths[bar]])
    return answers


def fit(task: Task, answers: list[Notes]) -> Fit:
    """How the answers to the task's holes fit."""
    right, same = 0, []
    for (bar, _), truth, answer in zip(task.holes, task.truth(), answers, strict=True):
        right += len(_onsets_and_pitches(truth) & _onsets_and_pitches(answer))
        one, other = _groove(truth, task.lengths[bar]), _groove(answer, task.lengths[bar])
        same.append(float((one == other).mean()))
    bits = [pitch_class_entropy(np.concatenate(notes)[:, 1].tolist()) for notes in (task.truth(), answers)]
    written = sum(len(_onsets_and_pitches(notes)) for notes in answers)
    wanted = sum(len(_onsets_and_pitches(notes)) for notes in task.truth())
    return Fit(right, written, wanted, abs(bits[0] - bits[1]), float(np.mean(same)))


def f1(fits: list[Fit]) -> float:
    """Over all notes of several answers: twice the right ones by all written and wanted."""
    return 2 * sum(fit.right for fit in fits) / max(1, sum(fit.written + fit.wanted for fit in fits))


def _onsets_and_pitches(notes: Notes) -> set[tuple[int, int]]:
    return {(position, pitch) for position, pitch in notes[:, :2].tolist()}


def _groove(notes: Notes, length: int) -> NDArray[np.bool_]:
    steps = np.zeros(max(1, -(-length // GROOVE_STEP)), bool)
    steps[np.minimum(len(steps) - 1, notes[:, 0] // GROOVE_STEP)] = True
    return steps
