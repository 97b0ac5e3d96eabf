"""One piece, varied: its bars and its parts as rows of codes, before any exercise is made of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.stem import INSTRUMENTS, instrument_named
from hitpoint.tokens import grid
from hitpoint.tokens.rows import UNSAID, Rows, row
from hitpoint.tokens.vocabulary import Kind
from hitpoint.training.augment import ALWAYS_SAID, SAID_IN_BAR_SHARE, Variation
from hitpoint.training.dataset import BAR_CODES, COLUMN, Dataset
from hitpoint.training.harmony import transposed
from hitpoint.training.orchestrate import desks_of
from hitpoint.training.rebar import AS_WRITTEN, Stretch, codes_of, positions, stretches

DRUMS = INSTRUMENTS.index(instrument_named("drums"))
HARMONY = [COLUMN["harmony_1"], COLUMN["harmony_2"]]
FIXED = [COLUMN[name] for name in ALWAYS_SAID]


@dataclass(frozen=True)
class Cell:
    """One part in one bar."""

    part: int
    """Within its piece."""
    instrument: int
    desk: int
    density: int
    register: int
    role: int
    notes: NDArray[np.int64]
    """Codes, shape (notes, 4)."""

    @property
    def steps(self) -> int:
        """Rows that it takes."""
        return 1 + len(self.notes)


class PieceReader:
    """The bars of one piece under one variation."""

    def __init__(self, dataset: Dataset, piece: int, variation: Variation, random: np.random.Generator) -> None:
        self.variation, self.random = variation, random
        self._dataset = dataset
        self._first_bar, last = int(dataset.piece_bars[piece]), int(dataset.piece_bars[piece + 1])
        self._codes = dataset.bars[self._first_bar : last].astype(np.int64)
        self._stretches = stretches(self._codes, variation.barring)
        self._instruments = variation.players.instruments
        self._desks = np.zeros(len(self._instruments), np.int64)
        in_order = np.sort(variation.parts)
        self._desks[in_order] = desks_of(self._instruments[in_order])
        self._velocities_known = bool(dataset.velocities_known[piece])

    @property
    def bars(self) -> int:
        """Bars in the piece, as it is read."""
        return len(self._stretches)

    def bar_row(self, bar: int) -> Rows:
        """Opens the bar, with what is said of it."""
        codes = codes_of(self._codes, self._stretches, bar)
        shift = self.variation.transposition
        key = int(codes[COLUMN["key"]])
        if key != UNSAID:
            codes[COLUMN["key"]] = grid.key_class(key // 2 + shift, bool(key % 2))
        codes[HARMONY] = transposed(codes[HARMONY], shift)
        said = self.variation.bar_fields & (self.random.random(len(codes)) < SAID_IN_BAR_SHARE)
        said[FIXED] = True
        return row(Kind.BAR, {name: int(codes[i]) for i, name in enumerate(BAR_CODES) if said[i]})

    def cells(self, bar: int, with_rests_of: int | None = None) -> list[Cell]:
        """The parts of a bar in the order they are opened. with_rests_of: a part that is there even where it rests."""
        stretch = self._stretches[bar]
        numbers = self._numbers(stretch)
        parts = self.variation.parts
        if self.variation.shuffled:
            parts = self.random.permutation(parts)
        found = []
        for part in parts.tolist():
            own = self._notes_of(numbers.get(part, []), stretch)
            silent_too = part == with_rests_of or self.random.random() < self.variation.silent_share
            if len(own) or silent_too:
                found.append(self._cell(part, own, numbers.get(part, []), stretch))
        return found

    def _numbers(self, stretch: Stretch) -> dict[int, list[tuple[int, int]]]:
        """For each part, its cells in the stretch: number, and which of the bars it is."""
        numbers: dict[int, list[tuple[int, int]]] = {}
        data = self._dataset
        for place in range(stretch.count):
            first, last = data.bar_cells[self._first_bar + stretch.first + place :][:2].tolist()
            for offset, part in enumerate(data.cells[first:last, 0].tolist()):
                numbers.setdefault(part, []).append((first + offset, place))
        return numbers

    def _notes_of(self, numbers: list[tuple[int, int]], stretch: Stretch) -> NDArray[np.int64]:
        if not numbers:
            return np.zeros((0, 4), np.int64)
        data, found = self._dataset, []
        first, last = positions(self._codes, stretch)
        for number, place in numbers:
            notes = data.notes[data.cell_notes[number] : data.cell_notes[number + 1]].astype(np.int64)
            if place:
                notes[:, 0] += last // 2
            found.append(notes)
        notes = found[0] if len(found) == 1 else np.concatenate(found)
        if stretch.half is not None:
            notes = notes[(notes[:, 0] >= first) & (notes[:, 0] < last)]
            notes[:, 0] -= first
        return notes

    def _cell(self, part: int, notes: NDArray[np.int64], numbers: list[tuple[int, int]], stretch: Stretch) -> Cell:
        variation, instrument, desk = self.variation, int(self._instruments[part]), int(self._desks[part])
        if not len(notes):
            density = 0 if variation.part_density_said else UNSAID
            return Cell(part, instrument, desk, density, UNSAID, UNSAID, notes)
        shift = 0 if instrument == DRUMS else variation.transposition + int(variation.players.shifts[part])
        notes[:, 1] = np.clip(notes[:, 1] + shift, 0, 127)
        if not self._velocities_known:
            notes[:, 3] = UNSAID
        _, density, mean_pitch, role = (int(value) for value in self._dataset.cells[numbers[0][0]])
        if variation.barring is not AS_WRITTEN:
            first, last = positions(self._codes, stretch)
            onsets = len(np.unique(notes[:, 0]))
            density = grid.part_density_class(onsets * grid.POSITIONS_PER_QUARTER / (last - first))
            mean_pitch = round(float(notes[:, 1].mean())) - shift
        return Cell(
            part,
            instrument,
            desk,
            density if variation.part_density_said else UNSAID,
            grid.register_class(mean_pitch + shift) if variation.part_register_said else UNSAID,
            role if variation.part_role_said else UNSAID,
            notes,
        )
