"""Holes in a page, filled from both sides.

Two ways to read the page. With holes: bars in their order with the parts of some taken out, whose answers follow after
all of it; what does not fit into one reading is written in several, left to right. Or, for a model that is weak at
that, bar by bar as a cue is written, the bars after the hole read before those that lead to it. Which is better is
measured for each bundle (`Bundle.fills_holes`). What is filled is read like the rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hitpoint.engine.drawing import draw_part
from hitpoint.engine.infill_page import SHORTEST_TICKS, Cell, Page
from hitpoint.inference.generate import Generator
from hitpoint.inference.model import Model, Sampling
from hitpoint.inference.sampler import NoiseSource
from hitpoint.planner.context import PAST_BARS
from hitpoint.score.breath import Breathing, breathing_of
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan
from hitpoint.tokens import encode, grid
from hitpoint.tokens.bar_grid import BarGrid, bar_grid
from hitpoint.tokens.grammar import MOST_NOTES
from hitpoint.tokens.limits import Allowed, LimitedGrammar, Limits, most_notes
from hitpoint.tokens.vocabulary import END, FIELD_BY_NAME

MOST_SLOTS = FIELD_BY_NAME["slot"].size
MOST_BARS = 8
"""Bars that are filled in one reading: as many as in training."""
MOST_LINES = 12
"""Parts that are read: as many as in training, so that several bars fit."""
ANSWER_SHARE = 0.4
"""Of the context, what answers are expected to fill at most; the rest is for reading."""
NEW_PART_NOTES = 8
"""Expected in each bar of a part that has none yet."""
LONGEST_WINDOW = 64
"""Bars read at most, where they are nearly empty."""

Rows = NDArray[np.int64]
LimitsOf = Callable[[Page, Cell], Limits]
"""What holds for a cell, as the page stands when its turn comes."""


class Infiller:
    """Fills holes with one model."""

    def __init__(self, model: Model, sampling: Sampling | None = None, holes: bool = True) -> None:
        """holes: whether the page is read with holes, or bar by bar."""
        self._holes = holes
        self._generator = Generator(model)
        self._context = model.context
        self._noise_size = sum(model.head_sizes)
        self._sampling = (sampling or Sampling()).fitting()

    def fill(
        self, page: Page, cells: Sequence[Cell], limits_of: LimitsOf, seed: str, progress: Callable[[int, int], None]
    ) -> None:
        """Write the cells onto the page. The same page, cells and seed give the same notes. Blocks for it all.

        progress: told cells done and cells in all.
        """
        waiting = sorted(cells)
        while waiting:
            most = most_notes(limits_of(page, waiting[0]))
            reading = (_Reading if self._holes else _BarReading)(page, waiting, self._context, most)
            self._generator.prompt(reading.rows())
            answered = 0
            for cell in reading.chunk:
                limits = limits_of(page, cell)
                if answered and self._generator.room < most_notes(limits) + 2:
                    break
                self._generator.append(reading.opening(cell))
                self._answer(page, cell, limits, seed)
                answered += 1
                progress(len(cells) - len(waiting) + answered, len(cells))
            waiting = waiting[answered:]

    def _answer(self, page: Page, cell: Cell, limits: Limits, seed: str) -> None:
        line = page.lines[cell.line]
        plan = replace(page.plans[cell.stretch], velocity=line.loudness)
        positions = bar_grid(plan)
        held = page.sounding_around(cell.line, cell.stretch)
        standing = page.standing_around(cell.line, cell.stretch)
        others = page.others_around(cell.line, cell.stretch)
        allowed = _free_keys(limits, standing, others, line.closed, positions)
        limits = replace(limits, allowed=allowed, velocities=line.velocities)
        breathing = _breathing(page, cell, plan, limits)
        grammar = LimitedGrammar(plan, line.part, positions, held, cell.must_play, limits, breathing)
        noise = NoiseSource(f"{seed}/{plan.bar.start}/{line.part.name}", self._noise_size)
        drawn = draw_part(self._generator, line.part, grammar, noise, self._sampling)
        latest = plan.bar.end if plan.cut_at is None else plan.cut_at
        notes = []
        for codes, met in zip(drawn, grammar.met, strict=True):
            if met is None:
                notes.append(_free_note(codes, positions, line.loudness, latest))
            elif not met.pitch_stays:
                source = met.note
                if met.length_stays:
                    notes.append(replace(source, pitch=codes[1]))
                else:
                    notes.append(replace(_free_note(codes, positions, line.loudness, latest), tick=source.tick))
        page.add(cell.line, notes if breathing is None else breathing.closed(notes))


def _breathing(page: Page, cell: Cell, plan: BarPlan, limits: Limits) -> Breathing | None:
    """The air of a part that is all ours in the bar. Where something of it stays, who wrote that has to breathe."""
    standing = page.standing_around(cell.line, cell.stretch)
    if limits.demands or any(note.tick >= plan.bar.start for note in standing):
        return None
    past = [one for one in page.plans[: cell.stretch] if one.bar.index >= plan.bar.index - PAST_BARS]
    first = past[0].bar.start if past else plan.bar.start
    before = page.before(cell.line, first, plan.bar.start)
    return breathing_of(plan, page.lines[cell.line].part, past, before)


def _free_note(codes: Sequence[int], positions: BarGrid, loudness: tuple[int, int], latest: int) -> Note:
    tick = positions.tick_at(codes[0])
    velocity = grid.velocity_of_class(codes[3]) if codes[3] >= 0 else loudness[0]
    duration = min(grid.duration_ticks(codes[2]), latest - tick)
    return Note(tick, codes[1], max(1, duration), min(loudness[1], max(loudness[0], velocity)))


def _free_keys(
    limits: Limits, standing: Sequence[Note], others: Sequence[Note], closed: frozenset[int], positions: BarGrid
) -> Allowed | None:
    """Without the keys that sound already because of what stands, or of others on the channel, and those that are
    closed."""
    if not standing and not others and not closed:
        return limits.allowed
    free = np.ones((END, 128), bool) if limits.allowed is None else limits.allowed.copy()
    free[:, sorted(closed)] = False
    ticks = np.array(positions.ticks)
    for note in standing:
        sounds = np.flatnonzero((note.tick < ticks) & (note.end > ticks))
        free[sounds, note.pitch] = False
    for note in others:
        sounds = np.flatnonzero((note.tick - SHORTEST_TICKS < ticks) & (note.end > ticks))
        free[sounds, note.pitch] = False
        for demand in limits.demands:
            if demand.length_stays and demand.note.tick < note.end and demand.note.end > note.tick:
                free[demand.position, note.pitch] = False
    return free


class _Reading:
    """What the model reads before it fills the first few of the waiting cells."""

    def __init__(self, page: Page, waiting: Sequence[Cell], context: int, most: int) -> None:
        self._page, self._waiting = page, {(cell.line, cell.stretch): cell for cell in waiting}
        self.chunk = self._first_cells(waiting, context)
        """Cells to be filled, in order."""
        expected = sum(self._expected(cell.line) for cell in self.chunk)
        # At the least, what the first cell may need: a row that opens it, its notes, and one to spare.
        self._room = context - 1 - max(most + 2, min(expected, int(context * ANSWER_SHARE)))
        self._lines = self._read_lines()
        while self._used() > self._room and self.chunk[0].stretch < self.chunk[-1].stretch:
            # Not even the holes' own bars fit: fewer of them at once.
            self.chunk = [cell for cell in self.chunk if cell.stretch < self.chunk[-1].stretch]
            self._lines = self._read_lines()
        self._first, self._last = self._window()
        inside = [cell for cell in waiting if self._first <= cell.stretch <= self._last]
        self.slots = {cell: slot for slot, cell in enumerate(inside[:MOST_SLOTS])}
        """The number of each hole."""

    def rows(self) -> Rows:
        """All of it."""
        bars = [self._bar(stretch) for stretch in range(self._first, self._last + 1)]
        return np.concatenate([encode.start_row(), *bars])

    def opening(self, cell: Cell) -> Rows:
        """The row that opens its answer."""
        return encode.fill_row(self._page.lines[cell.line].part, self.slots[cell])

    def _first_cells(self, waiting: Sequence[Cell], context: int) -> list[Cell]:
        chunk: list[Cell] = []
        expected = 0
        for cell in waiting[:MOST_SLOTS]:
            expected += self._expected(cell.line)
            apart = bool(chunk) and cell.stretch > chunk[-1].stretch + 1
            far = bool(chunk) and cell.stretch >= chunk[0].stretch + MOST_BARS
            if chunk and (apart or far or expected > context * ANSWER_SHARE):
                break
            chunk.append(cell)
        return chunk

    def _expected(self, line: int) -> int:
        """Rows that an answer of this part may take."""
        notes = self._page.lines[line].standing
        if not notes:
            return NEW_PART_NOTES + 1
        bars = {note.tick // self._page.plans[0].bar.ticks for note in notes}
        return min(MOST_NOTES, -(-len(notes) // len(bars))) + 2

    def _used(self) -> int:
        """Rows of the bars of the chunk."""
        stretches = range(self.chunk[0].stretch, self.chunk[-1].stretch + 1)
        return sum(self._size(stretch, self._lines) for stretch in stretches)

    def _read_lines(self) -> list[int]:
        """Lines to read: those with holes; then those that play most near by, as many as leave room for the bars."""
        page, first, last = self._page, self.chunk[0].stretch, self.chunk[-1].stretch
        holes = {cell.line for cell in self.chunk}
        near = range(max(0, first - 4), min(len(page.plans), last + 5))
        playing = {line: sum(bool(page.notes_in(line, stretch)) for stretch in near) for line in range(len(page.lines))}
        others = sorted((line for line in playing if line not in holes and playing[line]), key=lambda x: -playing[x])
        kept = others[: max(0, MOST_LINES - len(holes))]
        while True:
            lines = sorted((*holes, *kept))
            rows = sum(self._size(stretch, lines) for stretch in range(first, last + 1))
            if rows <= self._room or not kept:
                return lines
            kept.pop()

    def _window(self) -> tuple[int, int]:
        """The bars of the chunk and as many around them as fit, the nearest first."""
        first, last, used = self.chunk[0].stretch, self.chunk[-1].stretch, self._used()
        open_sides = {-1, 1}
        side = -1
        while open_sides and last - first < LONGEST_WINDOW:
            side = -side if -side in open_sides else side
            stretch = last + 1 if side > 0 else first - 1
            size = self._size(stretch, self._lines) if 0 <= stretch < len(self._page.plans) else self._room + 1
            if side not in open_sides or used + size > self._room:
                open_sides.discard(side)
                continue
            used += size
            first, last = (first, stretch) if side > 0 else (stretch, last)
        return first, last

    def _size(self, stretch: int, lines: Sequence[int]) -> int:
        return 1 + sum(self._cell_size(stretch, line) for line in lines)

    def _cell_size(self, stretch: int, line: int) -> int:
        if (line, stretch) in self._waiting:
            return 1
        notes = len(self._page.notes_in(line, stretch))
        return notes + 1 if notes else 0

    def _bar(self, stretch: int) -> Rows:
        plan = self._page.plans[stretch]
        rows = [encode.bar_row(plan)]
        for index in self._lines:
            line = self._page.lines[index]
            hole = self._waiting.get((index, stretch))
            if hole is None:
                notes = self._page.notes_in(index, stretch)
                rows.append(encode.written_rows(plan, line.part, notes, line.velocities))
            elif hole in self.slots:
                rows.append(encode.hole_row(line.part, self.slots[hole]))
        return np.concatenate(rows)


class _BarReading(_Reading):
    """The bars after the cell, those before it, and its own, which the cell's part ends."""

    def __init__(self, page: Page, waiting: Sequence[Cell], context: int, most: int) -> None:
        super().__init__(page, waiting, context, most)
        self.slots = {}

    def rows(self) -> Rows:
        """All of it."""
        own = self.chunk[0].stretch
        after, before = range(own + 1, self._last + 1), range(self._first, own + 1)
        return np.concatenate([encode.start_row(), *(self._bar(stretch) for stretch in (*after, *before))])

    def opening(self, cell: Cell) -> Rows:
        """The row that opens its answer."""
        return encode.part_row(self._page.plans[cell.stretch], self._page.lines[cell.line].part)

    def _first_cells(self, waiting: Sequence[Cell], context: int) -> list[Cell]:  # noqa: ARG002
        return [waiting[0]]
