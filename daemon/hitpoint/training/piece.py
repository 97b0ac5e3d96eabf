"""A piece on the model's grid: bars, parts and notes as flat arrays, in the order the model writes them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.stem import INSTRUMENTS, instrument_for_program
from hitpoint.tokens import grid
from hitpoint.training.smf import Smf, Track

DESKS = 4
"""Parts of one instrument that the model tells apart; further ones share the last."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Piece:
    """One piece. Times are in positions, 24 a quarter, counted from the start."""

    bar_starts: Ints
    """Bar lines, one more than there are bars, so that bar i is [i, i + 1)."""
    denominators: Ints
    """Of each bar's metre."""
    tempi: NDArray[np.float64]
    """Quarter notes a minute at each bar line."""
    instruments: Ints
    """Of each part: its place in INSTRUMENTS."""
    desks: Ints
    """Of each part, 0 to 3."""
    notes: Ints
    """Shape (notes, 6): bar, part, position in the bar, pitch, duration in positions, velocity; sorted, no doubles."""

    @property
    def bars(self) -> int:
        """How many there are."""
        return len(self.denominators)

    @property
    def quarters(self) -> NDArray[np.float64]:
        """The length of each bar."""
        return np.diff(self.bar_starts) / grid.POSITIONS_PER_QUARTER


def piece_of(smf: Smf) -> Piece | None:
    """The piece in a file; None when no track is an instrument Hitpoint writes for."""
    tracks = [(track, number) for track in smf.tracks if (number := _instrument_of(track)) is not None]
    if not tracks:
        return None
    scale = grid.POSITIONS_PER_QUARTER / smf.ticks_per_quarter
    notes = np.concatenate([_notes_of(track, part, scale) for part, (track, _) in enumerate(tracks)])
    starts, denominators = _bar_lines(smf, scale, int(notes[:, 0].max()) + 1)
    bars = np.searchsorted(starts, notes[:, 0], side="right") - 1
    placed = np.column_stack([bars, notes[:, 1], notes[:, 0] - starts[bars], notes[:, 2:]])
    placed = placed[np.lexsort((-placed[:, 4], placed[:, 3], placed[:, 2], placed[:, 1], placed[:, 0]))]
    doubled = np.zeros(len(placed), bool)
    doubled[1:] = (placed[1:, :4] == placed[:-1, :4]).all(1)
    numbers = [number for _, number in tracks]
    return Piece(
        bar_starts=starts,
        denominators=denominators,
        tempi=_tempi(smf, scale, starts[:-1]),
        instruments=np.array(numbers),
        desks=np.array([min(DESKS - 1, numbers[:part].count(number)) for part, number in enumerate(numbers)]),
        notes=placed[~doubled],
    )


def _instrument_of(track: Track) -> int | None:
    instrument = instrument_for_program(track.program, track.drums)
    return None if instrument is None else INSTRUMENTS.index(instrument)


def _notes_of(track: Track, part: int, scale: float) -> Ints:
    """Rows of onset, part, pitch, duration, velocity; onsets and durations in positions."""
    onset, end, pitch, velocity = np.array(track.notes).T
    start = np.rint(onset * scale).astype(np.int64)
    duration = np.maximum(1, np.rint((end - onset) * scale)).astype(np.int64)
    return np.column_stack([start, np.full(len(start), part), pitch, duration, velocity])


def _bar_lines(smf: Smf, scale: float, end: int) -> tuple[Ints, Ints]:
    """Bar lines up to the first at or after `end`, and the bars' denominators; long bars are split evenly."""
    meters = sorted(smf.meters) or [(0, 4, 4)]
    if meters[0][0] > 0:
        meters.insert(0, (0, 4, 4))
    starts, denominators = [], []
    for index, (tick, numerator, denominator) in enumerate(meters):
        at = round(tick * scale)
        stop = min(end, round(meters[index + 1][0] * scale)) if index + 1 < len(meters) else end
        for length in _cycle(numerator, denominator, stop - at):
            starts.append(at)
            denominators.append(min(denominator, 32))
            at += length
    starts.append(max(end, starts[-1] + 1))
    return _closed(np.array(starts), np.array(denominators))


def _cycle(numerator: int, denominator: int, span: int) -> list[int]:
    """Lengths of bars that fill `span` positions; each fits the grid, a long bar becoming several."""
    whole = max(1, round(numerator * 4 * grid.POSITIONS_PER_QUARTER / denominator))
    pieces = -(-whole // grid.POSITIONS)
    cuts = np.diff(np.linspace(0, whole, pieces + 1).round().astype(int)).tolist()
    lengths: list[int] = []
    while span > 0:
        for cut in cuts:
            if span > 0:
                lengths.append(cut)
                span -= cut
    return lengths


def _closed(starts: Ints, denominators: Ints) -> tuple[Ints, Ints]:
    """The last bar keeps its metre's length where it can be known: that of the bar before it."""
    if len(starts) > 2:
        starts[-1] = max(starts[-1], min(starts[-2] + starts[-2] - starts[-3], starts[-2] + grid.POSITIONS))
    return starts, denominators


def _tempi(smf: Smf, scale: float, bar_lines: Ints) -> NDArray[np.float64]:
    tempi = sorted(smf.tempi) or [(0, 120.0)]
    ticks = np.array([tick * scale for tick, _ in tempi])
    at = np.maximum(0, np.searchsorted(ticks, bar_lines, side="right") - 1)
    return np.array([bpm for _, bpm in tempi])[at]
