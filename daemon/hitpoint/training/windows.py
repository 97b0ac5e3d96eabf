"""Windows of a piece as the model reads them: rows of ids, and beside each row what comes next.

Three exercises: to continue, to fill holes, and to add a part. A hole is a part of a bar that was taken out of its
place; after all of the context the answers follow in the order of their slots. To add a part is to fill it in all bars,
its rests too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.tokens.rows import UNSAID, Rows, note_rows, row
from hitpoint.tokens.vocabulary import END, FIELD_BY_NAME, Kind
from hitpoint.training.augment import Variation
from hitpoint.training.dataset import Dataset
from hitpoint.training.reading import Cell, PieceReader

IGNORED = -1
"""A target that is not learned."""
MOST_HOLES = FIELD_BY_NAME["slot"].size
MOST_BARS_OF_HOLES = 8
"""Bars in a row that have holes, but where a whole part is taken out."""

Targets = NDArray[np.int64]
"""Shape (steps, 4), in the order of DRAWN; IGNORED where nothing is drawn."""


@dataclass(frozen=True)
class Window:
    """A stretch of a piece."""

    rows: Rows
    targets: Targets


class WindowReader:
    """Cuts windows out of one piece, varied."""

    def __init__(self, dataset: Dataset, piece: int, variation: Variation, random: np.random.Generator) -> None:
        self._reader, self._random = PieceReader(dataset, piece, variation, random), random

    @property
    def bars(self) -> int:
        """Bars in the piece, as it is read."""
        return self._reader.bars

    def continuation(self, start: int, steps: int) -> Window:
        """From bar `start` on, at most `steps` rows."""
        pieces: list[tuple[Rows, Targets]] = [_unlearned(row(Kind.START))]
        used, bar = 1, start
        while used < steps and bar < self.bars:
            own = [_unlearned(self._reader.bar_row(bar))]
            own += [opened(Kind.PART, cell) for cell in self._reader.cells(bar)]
            used += sum(len(rows) for rows, _ in own)
            pieces += own
            bar += 1
        return _joined(pieces, steps)

    def infill(self, start: int, steps: int) -> Window:
        """Bars from `start` on with holes in them, and the answers; at most `steps` rows."""
        bars = self._whole_bars(start, steps)
        return self._with_holes(start, bars, self._rectangle(bars), steps)

    def addition(self, start: int, steps: int) -> Window:
        """Bars from `start` on without one of their parts, and then that part, rests included."""
        part = self._part_to_add(start)
        bars = self._whole_bars(start, steps, part)[:MOST_HOLES]
        column = {(bar, i) for bar, cells in enumerate(bars) for i, cell in enumerate(cells) if cell.part == part}
        return self._with_holes(start, bars, column, steps)

    def _whole_bars(self, start: int, steps: int, with_rests_of: int | None = None) -> list[list[Cell]]:
        """As many bars as fit with a hole in the place of every part."""
        bars, used = [], 1
        for bar in range(start, self.bars):
            cells = self._reader.cells(bar, with_rests_of)
            used += 1 + sum(cell.steps + 1 for cell in cells)
            if used > steps:
                break
            bars.append(cells)
        return bars

    def _with_holes(self, start: int, bars: list[list[Cell]], taken: set[tuple[int, int]], steps: int) -> Window:
        if not bars:
            return self.continuation(start, steps)
        pieces = [_unlearned(row(Kind.START))]
        answers: list[tuple[Rows, Targets]] = []
        for offset, cells in enumerate(bars):
            pieces.append(_unlearned(self._reader.bar_row(start + offset)))
            for index, cell in enumerate(cells):
                if (offset, index) in taken and len(answers) < MOST_HOLES:
                    pieces.append(_unlearned(cell_row(Kind.HOLE, cell, len(answers))))
                    answers.append(opened(Kind.FILL, cell, len(answers)))
                else:
                    pieces.append(opened(Kind.PART, cell))
        return _joined(pieces + answers, steps)

    def _rectangle(self, bars: list[list[Cell]]) -> set[tuple[int, int]]:
        """Some bars by some parts, as (bar, place within the bar)."""
        if not bars:
            return set()
        first = int(self._random.integers(len(bars)))
        last = int(self._random.integers(first, min(len(bars), first + MOST_BARS_OF_HOLES)))
        players = sorted({cell.part for cells in bars[first : last + 1] for cell in cells})
        if not players:
            return set()
        chosen = self._random.permutation(len(players))[: self._random.integers(1, len(players) + 1)]
        taken = {players[index] for index in chosen}
        return {
            (bar, index)
            for bar in range(first, last + 1)
            for index, cell in enumerate(bars[bar])
            if cell.part in taken
        }  # fmt: skip

    def _part_to_add(self, start: int) -> int | None:
        """One of the parts that play in the first bar; None where none does."""
        playing = [cell.part for cell in self._reader.cells(start) if len(cell.notes)]
        return playing[int(self._random.integers(len(playing)))] if playing else None


def cell_row(kind: Kind, cell: Cell, slot: int = UNSAID) -> Rows:
    """Opens a part, stands for one that is missing, or opens the answer."""
    return row(
        kind,
        {
            "instrument": cell.instrument,
            "desk": cell.desk,
            "part_density": cell.density,
            "part_register": cell.register,
            "role": cell.role,
            "slot": slot,
        },
    )


def opened(kind: Kind, cell: Cell, slot: int = UNSAID) -> tuple[Rows, Targets]:
    """A part and its notes; every row is asked for the note after it, the last one for END."""
    rows = np.concatenate([cell_row(kind, cell, slot), note_rows(cell.instrument, cell.desk, cell.notes)])
    return rows, np.concatenate([cell.notes, [[END, IGNORED, IGNORED, IGNORED]]])


def _unlearned(rows: Rows) -> tuple[Rows, Targets]:
    return rows, np.full((len(rows), 4), IGNORED)


def _joined(pieces: list[tuple[Rows, Targets]], steps: int) -> Window:
    rows = np.concatenate([rows for rows, _ in pieces])[:steps]
    return Window(rows, np.concatenate([targets for _, targets in pieces])[:steps])
