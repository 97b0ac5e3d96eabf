"""Windows of a piece as the model reads them: rows of ids, and beside each row what comes next.

Two exercises: to continue, and to fill holes. A hole is a part of a bar that was taken out of its place; after all of
the context the answers follow in the order of their slots.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.stem import INSTRUMENTS, instrument_named
from hitpoint.tokens import grid
from hitpoint.tokens.rows import UNSAID, Rows, note_rows, row
from hitpoint.tokens.vocabulary import END, FIELD_BY_NAME, Kind
from hitpoint.training.augment import SAID_IN_BAR_SHARE, Variation
from hitpoint.training.dataset import BAR_CODES, Dataset

DRUMS = INSTRUMENTS.index(instrument_named("drums"))
IGNORED = -1
"""A target that is not learned."""
MOST_HOLES = FIELD_BY_NAME["slot"].size
KEY_COLUMN = BAR_CODES.index("key")

Targets = NDArray[np.int64]
"""Shape (steps, 4), in the order of DRAWN; IGNORED where nothing is drawn."""


@dataclass(frozen=True)
class Window:
    """A stretch of a piece."""

    rows: Rows
    targets: Targets


@dataclass(frozen=True)
class _Cell:
    """One part in one bar."""

    instrument: int
    desk: int
    density: int
    register: int
    notes: NDArray[np.int64]
    """Codes, shape (notes, 4)."""

    @property
    def steps(self) -> int:
        return 1 + len(self.notes)


class WindowReader:
    """Cuts windows out of one piece, varied."""

    def __init__(self, dataset: Dataset, piece: int, variation: Variation, random: np.random.Generator) -> None:
        self._dataset, self._variation, self._random = dataset, variation, random
        self._first_bar, self._last_bar = int(dataset.piece_bars[piece]), int(dataset.piece_bars[piece + 1])
        self._parts = dataset.parts[dataset.piece_parts[piece] : dataset.piece_parts[piece + 1]].astype(np.int64)
        self._velocities_known = bool(dataset.velocities_known[piece])

    @property
    def bars(self) -> int:
        """Bars in the piece."""
        return self._last_bar - self._first_bar

    def continuation(self, start: int, steps: int) -> Window:
        """From bar `start` on, at most `steps` rows."""
        pieces: list[tuple[Rows, Targets]] = [_unlearned(row(Kind.START))]
        used, bar = 1, start
        while used < steps and bar < self.bars:
            pieces.append(_unlearned(self._bar_row(bar)))
            pieces += [_opened(Kind.PART, cell) for cell in self._cells(bar)]
            used = sum(len(rows) for rows, _ in pieces)
            bar += 1
        return _joined(pieces, steps)

    def infill(self, start: int, steps: int) -> Window:
        """Bars from `start` on with holes in them, and the answers; at most `steps` rows."""
        bars, used = [], 1
        for bar in range(start, self.bars):
            cells = self._cells(bar)
            used += 1 + sum(cell.steps + 1 for cell in cells)
            if used > steps:
                break
            bars.append(cells)
        if not bars:
            return self.continuation(start, steps)
        taken = self._rectangle(bars)
        pieces = [_unlearned(row(Kind.START))]
        answers: list[tuple[Rows, Targets]] = []
        for offset, cells in enumerate(bars):
            pieces.append(_unlearned(self._bar_row(start + offset)))
            for index, cell in enumerate(cells):
                if (offset, index) in taken and len(answers) < MOST_HOLES:
                    pieces.append(_unlearned(_cell_row(Kind.HOLE, cell, len(answers))))
                    answers.append(_opened(Kind.FILL, cell, len(answers)))
                else:
                    pieces.append(_opened(Kind.PART, cell))
        return _joined(pieces + answers, steps)

    def _rectangle(self, bars: list[list[_Cell]]) -> set[tuple[int, int]]:
        """Some bars by some parts, as (bar, place within the bar)."""
        first = int(self._random.integers(len(bars)))
        last = int(self._random.integers(first, min(len(bars), first + 8)))
        players = sorted({(cell.instrument, cell.desk) for cells in bars[first : last + 1] for cell in cells})
        if not players:
            return set()
        chosen = self._random.permutation(len(players))[: self._random.integers(1, len(players) + 1)]
        taken = {players[index] for index in chosen}
        return {
            (bar, index)
            for bar in range(first, last + 1)
            for index, cell in enumerate(bars[bar])
            if (cell.instrument, cell.desk) in taken
        }

    def _bar_row(self, bar: int) -> Rows:
        codes = self._dataset.bars[self._first_bar + bar].astype(np.int64)
        if codes[KEY_COLUMN] != UNSAID:
            tonic, minor = divmod(int(codes[KEY_COLUMN]), 2)
            codes[KEY_COLUMN] = grid.key_class(tonic + self._variation.transposition, bool(minor))
        said = self._variation.bar_fields & (self._random.random(len(codes)) < SAID_IN_BAR_SHARE)
        said[:2] = True
        return row(Kind.BAR, {name: int(codes[i]) for i, name in enumerate(BAR_CODES) if said[i]})

    def _cells(self, bar: int) -> list[_Cell]:
        first, last = self._dataset.bar_cells[self._first_bar + bar : self._first_bar + bar + 2]
        number_of = {int(self._dataset.cells[cell, 0]): int(cell) for cell in range(first, last)}
        parts = self._variation.parts
        if self._variation.shuffled:
            parts = self._random.permutation(parts)
        return [
            self._cell(int(part), number_of.get(int(part)))
            for part in parts
            if int(part) in number_of or self._random.random() < self._variation.silent_share
        ]

    def _cell(self, part: int, number: int | None) -> _Cell:
        instrument, desk = (int(value) for value in self._parts[part])
        if number is None:
            density = 0 if self._variation.part_density_said else UNSAID
            return _Cell(instrument, desk, density, UNSAID, np.zeros((0, 4), np.int64))
        data, shift = self._dataset, 0 if instrument == DRUMS else self._variation.transposition
        notes = data.notes[data.cell_notes[number] : data.cell_notes[number + 1]].astype(np.int64)
        notes[:, 1] = np.clip(notes[:, 1] + shift, 0, 127)
        if not self._velocities_known:
            notes[:, 3] = UNSAID
        _, density, mean_pitch = (int(value) for value in data.cells[number])
        return _Cell(
            instrument,
            desk,
            density if self._variation.part_density_said else UNSAID,
            grid.register_class(mean_pitch + shift) if self._variation.part_register_said else UNSAID,
            notes,
        )


def _cell_row(kind: Kind, cell: _Cell, slot: int = UNSAID) -> Rows:
    return row(
        kind,
        {
            "instrument": cell.instrument,
            "desk": cell.desk,
            "part_density": cell.density,
            "part_register": cell.register,
            "slot": slot,
        },
    )


def _opened(kind: Kind, cell: _Cell, slot: int = UNSAID) -> tuple[Rows, Targets]:
    """A part and its notes; every row is asked for the note after it, the last one for END."""
    rows = np.concatenate([_cell_row(kind, cell, slot), note_rows(cell.instrument, cell.desk, cell.notes)])
    return rows, np.concatenate([cell.notes, [[END, IGNORED, IGNORED, IGNORED]]])


def _unlearned(rows: Rows) -> tuple[Rows, Targets]:
    return rows, np.full((len(rows), 4), IGNORED)


def _joined(pieces: list[tuple[Rows, Targets]], steps: int) -> Window:
    rows = np.concatenate([rows for rows, _ in pieces])[:steps]
    return Window(rows, np.concatenate([targets for _, targets in pieces])[:steps])
