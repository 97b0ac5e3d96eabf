"""The notes of a cue or a piece as flat arrays, so that what was written and what people wrote are measured alike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.midi_score import MidiPart, MidiScore
from hitpoint.score.stem import DRUM_CHANNEL, INSTRUMENTS, Instrument, instrument_for_program
from hitpoint.timeline.units import TICKS_PER_QUARTER
from hitpoint.tokens import grid
from hitpoint.training.dataset import COLUMN, Dataset

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

BAR, PART, ONSET, PITCH, DURATION, VELOCITY = range(6)
"""Columns of `Played.notes`."""


@dataclass(frozen=True)
class Played:
    """Notes by bar and part. Times are in ticks."""

    notes: Ints
    """Shape (notes, 6): bar, part, onset from the bar line, pitch, duration, velocity; sorted in that order."""
    bar_starts: Ints
    """Bar lines, one more than there are bars."""
    instruments: tuple[Instrument | None, ...]
    """Of each part; None for one that is not in the table."""

    @property
    def bars(self) -> int:
        """How many there are."""
        return len(self.bar_starts) - 1

    @property
    def pitched(self) -> Ints:
        """The notes that are no drums, in the same order."""
        drums = [
            part for part, instrument in enumerate(self.instruments) if instrument is not None and instrument.drums
        ]
        return self.notes[~np.isin(self.notes[:, PART], drums)]

    def before(self, bar: int) -> "Played":
        """Only the bars before the one of that index."""
        kept = self.notes[self.notes[:, BAR] < bar]
        return Played(kept, self.bar_starts[: bar + 1], self.instruments)


def played_score(score: MidiScore, bars: int) -> Played:
    """The first `bars` bars of a file."""
    meter_map = score.timeline.meter_map
    starts = np.array([meter_map.bar(index).start for index in range(bars + 1)])
    rows = [
        (note.tick, part, note.pitch, note.duration, note.velocity)
        for part, one in enumerate(score.parts)
        for note in one.notes
        if note.tick < starts[-1]
    ]
    tick, part, pitch, duration, velocity = np.array(rows, np.int64).reshape(-1, 5).T
    bar = np.searchsorted(starts, tick, side="right") - 1
    notes = np.column_stack([bar, part, tick - starts[bar], pitch, duration, velocity])
    return Played(_sorted(notes), starts, tuple(map(_instrument, score.parts)))


def played_piece(split: Dataset, piece: int) -> Played:
    """A piece of prepared data, on its grid."""
    bars = slice(int(split.piece_bars[piece]), int(split.piece_bars[piece + 1]))
    ticks = (split.bars[bars, COLUMN["length"]].astype(np.int64) + 1) * (TICKS_PER_QUARTER // 2)
    offsets = split.bar_cells[bars.start : bars.stop + 1]
    cells = np.arange(offsets[0], offsets[-1])
    first, last = split.cell_notes[offsets[0]], split.cell_notes[offsets[-1]]
    of_cell = np.repeat(cells, np.diff(split.cell_notes[offsets[0] : offsets[-1] + 1]))
    codes = split.notes[first:last].astype(np.int64)
    bar = np.searchsorted(offsets, of_cell, side="right") - 1
    durations = np.array(grid.DURATIONS) * grid.POSITION_TICKS
    notes = np.column_stack(
        [
            bar, split.cells[of_cell, 0], codes[:, 0] * grid.POSITION_TICKS, codes[:, 1], durations[codes[:, 2]],
            4 * codes[:, 3] + 2,
        ]
    )  # fmt: skip
    parts = split.parts[split.piece_parts[piece] : split.piece_parts[piece + 1]]
    return Played(_sorted(notes), np.r_[0, np.cumsum(ticks)], tuple(INSTRUMENTS[int(row[0])] for row in parts))


def _sorted(notes: Ints) -> Ints:
    return notes[np.lexsort(notes.T[::-1])]


def _instrument(part: MidiPart) -> Instrument | None:
    return instrument_for_program(part.program or 0, drums=part.channel == DRUM_CHANNEL)
