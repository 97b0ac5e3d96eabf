"""What each part does in each bar, told from its notes and its neighbours'. A rule of thumb, the same for all music.

Drums are percussion. One sound through the bar is a pad (low ones too: a drone). What repeats itself from half to half
or from bar to bar, in rhythm and in intervals, is a figure. Of the others the lowest is the bass, the highest the
melody, the rest are inner. A part that is alone and plays chords does all of it, and nothing is said.
"""

import numpy as np
from numpy.typing import NDArray

from hitpoint.score.stem import INSTRUMENTS, instrument_named
from hitpoint.score.style import ROLES
from hitpoint.tokens import grid

DRUMS = INSTRUMENTS.index(instrument_named("drums"))
TIMPANI = INSTRUMENTS.index(instrument_named("timpani"))
UNSAID = -1
PAD_SHARE = 0.7
"""Share of its bar that a pad's one sound lasts at least. Our choice, as all numbers here."""
FEWEST_FIGURE_ONSETS = 4
HIGHEST_BASS = 62
"""Mean pitch above which the lowest part is not called a bass."""
MOST_CHORD = 1.5
"""Notes an onset above which a part that is alone plays chords, not a line."""

Ints = NDArray[np.int64]


def roles_of(cells: Ints, cell_notes: Ints, notes: Ints, instruments: Ints, lengths: Ints) -> Ints:
    """The role of each cell, as its place in ROLES or UNSAID.

    cells: bar and part of each, bars rising. cell_notes: where each cell's notes begin. notes: position, pitch and
    duration in positions, shape (notes, 3). instruments: of each part. lengths: of each bar, in positions.
    """
    if not len(cells):
        return np.zeros(0, np.int64)
    figures = _Figures(cells, cell_notes, notes, lengths)
    roles = np.full(len(cells), UNSAID)
    drums = np.isin(instruments[cells[:, 1]], (DRUMS, TIMPANI))
    roles[drums] = ROLES.index("percussion")
    for pitched in _by_bar(np.flatnonzero(~drums), cells[:, 0]):
        _place(roles, pitched, figures)
    return roles


def _by_bar(chosen: Ints, bar_of: Ints) -> list[list[int]]:
    """The chosen cells, bar by bar."""
    edges = np.flatnonzero(np.diff(bar_of[chosen])) + 1
    return [part.tolist() for part in np.split(chosen, edges) if len(part)]


def _place(roles: Ints, pitched: list[int], figures: "_Figures") -> None:
    """Give the pitched cells of one bar their roles."""
    if len(pitched) == 1:
        if figures.notes_an_onset[pitched[0]] <= MOST_CHORD:
            roles[pitched[0]] = ROLES.index("melody")
        return
    lines = []
    for cell in pitched:
        if figures.pads[cell]:
            roles[cell] = ROLES.index("pad")
        elif figures.repeats(cell):
            roles[cell] = ROLES.index("figure")
        else:
            roles[cell] = ROLES.index("inner")
            lines.append((float(figures.mean_pitch[cell]), cell))
    lines.sort()
    lowest = min(figures.mean_pitch[cell] for cell in pitched)
    if lines and lines[0][0] <= HIGHEST_BASS and (len(lines) > 1 or lines[0][0] == lowest):
        roles[lines.pop(0)[1]] = ROLES.index("bass")
    if lines:
        roles[lines[-1][1]] = ROLES.index("melody")


class _Figures:
    """What can be counted in each cell, and whether it repeats itself."""

    def __init__(self, cells: Ints, cell_notes: Ints, notes: Ints, lengths: Ints) -> None:
        self._cells, self._cell_notes, self._notes, self._lengths = cells, cell_notes, notes, lengths
        self._number_of = {(bar, part): number for number, (bar, part) in enumerate(cells.tolist())}
        self._shapes: dict[int, bytes] = {}
        first, count = cell_notes[:-1], np.diff(cell_notes)
        begins = np.zeros(len(notes), bool)
        begins[first] = True
        self.onsets = np.add.reduceat(begins | np.r_[True, np.diff(notes[:, 0]) != 0], first)
        self.notes_an_onset = count / self.onsets
        self.mean_pitch = np.add.reduceat(notes[:, 1], first) / count
        length = lengths[cells[:, 0]]
        self.pads = (
            (self.onsets == 1)
            & (notes[first, 0] <= length / 4)
            & (np.maximum.reduceat(notes[:, 2], first) >= PAD_SHARE * length)
            & (length >= 2 * grid.POSITIONS_PER_QUARTER)
        )
        """One onset, early, that lasts most of the bar."""

    def repeats(self, cell: int) -> bool:
        """The same figure as in the bar before or after, or twice in this bar; it may lie higher or lower."""
        if self.onsets[cell] < FEWEST_FIGURE_ONSETS:
            return False
        bar, part = self._cells[cell].tolist()
        beside = (self._number_of.get((bar + step, part)) for step in (-1, 1))
        if any(other is not None and self._shape(other) == self._shape(cell) for other in beside):
            return True
        own, half = self._own(cell), int(self._lengths[bar]) // 2
        return _shape(own[own[:, 0] < half], 0) == _shape(own[own[:, 0] >= half], half)

    def _shape(self, cell: int) -> bytes:
        if cell not in self._shapes:
            self._shapes[cell] = _shape(self._own(cell), 0)
        return self._shapes[cell]

    def _own(self, cell: int) -> Ints:
        return self._notes[self._cell_notes[cell] : self._cell_notes[cell + 1]]


def _shape(notes: Ints, start: int) -> bytes:
    """Rhythm and intervals, wherever they lie."""
    if not len(notes):
        return b""
    return np.column_stack([notes[:, 0] - start, notes[:, 1] - notes[0, 1]]).tobytes()
