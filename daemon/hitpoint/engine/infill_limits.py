"""What stays of a passage that is written anew: some of its notes, or its rhythm, contour, harmony or register."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hitpoint.engine.infill_page import Cell, Page
from hitpoint.score.keep import Keep
from hitpoint.score.note import Note
from hitpoint.score.stem import Instrument
from hitpoint.timeline.meter import Bar
from hitpoint.tokens.bar_grid import BarGrid, bar_grid
from hitpoint.tokens.grammar import free_pitches
from hitpoint.tokens.limits import Allowed, Demand, Limits
from hitpoint.tokens.vocabulary import END

THIRD = 4
"""Semitones that register may go beyond what stood there: a major third."""
MOST_DEMANDS = 160
"""In one bar of one part: more would leave the model nothing to read before. Our choice."""

PITCHES = np.arange(128)


def redrawn(notes: Sequence[Note], amount: float, seed: str) -> frozenset[Note]:
    """The notes to be written anew: that share of them, by lot. Those of a smaller amount are among them."""

    def lot(note: Note) -> bytes:
        return blake2b(f"{seed}/{note.tick}/{note.pitch}".encode(), digest_size=8).digest()

    return frozenset(sorted(notes, key=lot)[: round(amount * len(notes))])


@dataclass(frozen=True)
class Passage:
    """What stood in the bars that are written anew."""

    keep: Keep | None
    sources: Mapping[int, tuple[Note, ...]]
    """By line of the page: the notes of those bars, those that stay among them, in order."""
    heard: tuple[Note, ...] = ()
    """All of the file that has a pitch, in order: for the harmony."""
    counted: bool = False
    """Whether no more notes are written than are taken out: where only a share of them is."""

    def limits(self, page: Page, cell: Cell) -> Limits:
        """What holds for a cell."""
        bar, line = page.plans[cell.stretch].bar, page.lines[cell.line]
        positions = bar_grid(page.plans[cell.stretch])
        standing = {note for note in page.standing_around(cell.line, cell.stretch) if note.tick >= bar.start}
        own = self.sources.get(cell.line, ())
        source = [note for note in own if bar.start <= note.tick < bar.end]
        stays = [note for note in source if note in standing]
        if self.keep is Keep.RHYTHM:
            return Limits(_demands(source, standing, positions, True), only=True)
        if self.keep is Keep.CONTOUR:
            return Limits(self._contour(page, cell, standing, positions), only=True)
        allowed: Allowed | None = None
        if not line.part.instrument.drums:
            if self.keep is Keep.HARMONY:
                allowed = self._harmony(page, cell, positions)
            elif self.keep is Keep.REGISTER and own:
                allowed = np.broadcast_to(_register(own, line.part.instrument), (END, 128)).copy()
        most_new = None
        if self.counted:
            most_new = _most_new([note for note in source if note not in standing], bar, positions)
        return Limits(_distinct(_demands(stays, standing, positions, True)), allowed=allowed, most_new=most_new)

    def leaves_a_key(self, page: Page, cell: Cell) -> bool:
        """Whether what is kept leaves a key that the part may strike, anywhere in a cell."""
        plan = page.plans[cell.stretch]
        allowed = self.limits(page, cell).allowed
        able = free_pitches(page.lines[cell.line].part, plan)
        return allowed is None or bool((allowed[: len(bar_grid(plan).ticks)] & able).any())

    def _harmony(self, page: Page, cell: Cell, positions: BarGrid) -> Allowed:
        bar = page.plans[cell.stretch].bar
        near = [note for note in self.heard if note.tick < bar.end and note.end > bar.start]
        allowed = np.ones((END, 128), bool)
        ticks = np.array(positions.ticks)
        for start in range(bar.start, bar.end, bar.meter.beat_ticks):
            end = min(bar.end, start + bar.meter.beat_ticks)
            classes = _classes(near, start, end) or _classes(near, bar.start, bar.end)
            if classes:
                inside = np.flatnonzero((ticks >= start) & (ticks < end))
                allowed[inside] = np.isin(PITCHES % 12, sorted(classes))
        return allowed

    def _contour(self, page: Page, cell: Cell, standing: set[Note], positions: BarGrid) -> tuple[Demand, ...]:
        """The notes of the bar with, for the top of each chord, where it may lie so that all that follow can be met."""
        run = list(self._run(page, cell))
        chords = [chord for _, chord in run]
        tops = [max(chord, key=lambda note: note.pitch) for chord in chords]
        signs = [int(np.sign(after.pitch - before.pitch)) for before, after in pairwise(tops)]
        stays = set(page.lines[cell.line].standing)
        windows = _windows(tops, signs, stays, _keys(page, cell, tops))
        demands: list[Demand] = []
        before: int | None = None
        for place, (stretch, chord) in enumerate(run):
            if stretch < cell.stretch:
                ticks = {note.tick for note in chord}
                struck = [note.pitch for note in page.notes_in(cell.line, stretch) if note.tick in ticks]
                before = max(struck, default=None)
            elif stretch == cell.stretch:
                first = not demands
                rises = signs[place - 1] if place > 0 and not first else None
                window = windows[place]
                if first and place > 0 and before is not None:
                    window = _beside(window, before, signs[place - 1])
                made = _demands(chord, standing, positions, False)
                demands += made[:-1]
                demands.append(replace(made[-1], top=True, tops=window, rises=rises))
        return tuple(demands[:MOST_DEMANDS])

    def _run(self, page: Page, cell: Cell) -> Iterator[tuple[int, list[Note]]]:
        """Chords of the bars in a row that hold the cell's: index of the bar, and notes that share a position."""
        source = self.sources.get(cell.line, ())
        by_bar: dict[int, list[Note]] = {}
        place = 0
        for note in source:
            while note.tick >= page.plans[place].bar.end:
                place += 1
            by_bar.setdefault(place, []).append(note)
        first = last = cell.stretch
        while first - 1 in by_bar:
            first -= 1
        while last + 1 in by_bar:
            last += 1
        for stretch in range(first, last + 1):
            positions = bar_grid(page.plans[stretch])
            chords: dict[int, list[Note]] = {}
            for note in by_bar.get(stretch, ()):
                chords.setdefault(positions.position_at(note.tick), []).append(note)
            for position in sorted(chords):
                yield stretch, sorted(chords[position], key=lambda note: note.pitch)


def _demands(notes: Sequence[Note], standing: set[Note], positions: BarGrid, length_stays: bool) -> tuple[Demand, ...]:
    ordered = sorted((positions.position_at(note.tick), note.pitch, note.tick, note) for note in notes)
    made = [Demand(place, note, note in standing, length_stays or note in standing) for place, _, _, note in ordered]
    return tuple(made[:MOST_DEMANDS])


def _distinct(demands: Sequence[Demand]) -> tuple[Demand, ...]:
    """Two strikes of a key that fall on one position read as one."""
    found = {(demand.position, demand.note.pitch): demand for demand in reversed(demands)}
    return tuple(reversed(found.values()))


def _most_new(gone: Sequence[Note], bar: Bar, positions: BarGrid) -> NDArray[np.int64]:
    """As many as were taken out up to the end of the next beat: the beginning of a bar is not filled at the cost of
    its end, and still no place is bound to what stood there."""
    beat = bar.meter.beat_ticks
    out = np.sort(np.array([note.tick - bar.start for note in gone], np.int64) // beat)
    most = np.full(END, len(gone), np.int64)
    now = (np.array(positions.ticks) - bar.start) // beat
    most[: len(now)] = np.searchsorted(out, now + 1, side="right")
    return most


def _classes(notes: Sequence[Note], start: int, end: int) -> set[int]:
    return {note.pitch % 12 for note in notes if note.tick < end and note.end > start}


def _register(notes: Sequence[Note], instrument: Instrument) -> NDArray[np.bool_]:
    pitches = [note.pitch for note in notes]
    near = (min(pitches) - THIRD <= PITCHES) & (max(pitches) + THIRD >= PITCHES)
    return np.asarray(near & (instrument.low <= PITCHES) & (instrument.high >= PITCHES))


def _keys(page: Page, cell: Cell, tops: Sequence[Note]) -> list[int]:
    """Keys that the part may strike, and those that it struck, rising."""
    instrument, scale = page.lines[cell.line].part.instrument, page.plans[cell.stretch].scale
    inside = {
        pitch
        for pitch in range(instrument.low, instrument.high + 1)
        if not scale or instrument.drums or pitch % 12 in scale
    }
    return sorted(inside | {note.pitch for note in tops})


def _windows(
    tops: Sequence[Note], signs: Sequence[int], stays: set[Note], keys: Sequence[int]
) -> list[tuple[int, int]]:
    """Lowest and highest key of each top with which every later one still has one. Exact, from last to first."""
    windows: list[tuple[int, int]] = []
    place_of = {pitch: place for place, pitch in enumerate(keys)}
    low, high = 0, len(keys) - 1
    for index in range(len(tops) - 1, -1, -1):
        if index < len(tops) - 1:
            sign = signs[index]
            low, high = {1: (0, high - 1), 0: (low, high), -1: (low + 1, len(keys) - 1)}[sign]
        if tops[index] in stays:
            low = high = place_of[tops[index].pitch]
        windows.append((keys[max(0, low)], keys[min(len(keys) - 1, max(0, high))]))
    return windows[::-1]


def _beside(window: tuple[int, int], before: int, sign: int) -> tuple[int, int]:
    low, high = window
    if sign > 0:
        return max(low, before + 1), high
    if sign < 0:
        return low, min(high, before - 1)
    return before, before
