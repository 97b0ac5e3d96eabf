"""A bar asked for, a bar written: plans and pages in, notes out.

It joins tokens and inference and adds nothing of its own but what the model may read: as many of the bars before as it
can hold. The same request gives the same notes, whatever was asked before and whether parts are asked for together or
one after another; the cache only makes it faster. What a part says again of an earlier bar is not drawn, but held to
the same laws.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hitpoint.engine.drawing import PartGuard, draw_part, load_model
from hitpoint.errors import ScoreError
from hitpoint.inference.generate import Generator
from hitpoint.inference.model import Model, Sampling
from hitpoint.inference.sampler import NoiseSource
from hitpoint.originality.guard import CopyGuard
from hitpoint.originality.index import Index
from hitpoint.originality.index_file import INDEX, read_index
from hitpoint.score.breath import breathing_of
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, BarRequest, ComposedBar, WrittenBar
from hitpoint.score.stem import Part
from hitpoint.tokens import encode
from hitpoint.tokens.bar_grid import bar_grid, short_plans
from hitpoint.tokens.decode import ended_for_later, notes_of
from hitpoint.tokens.grammar import MOST_NOTES, PartGrammar

HISTORY_SHARE = 0.5
"""The share of the context that the bars before may fill; the rest is the bar's own."""
ALIGNED_BARS = 4
"""History begins at a bar whose index is a multiple of this, so that it starts anew every few bars and not at each."""
GUARDED_NOTES = 64
"""Notes of a part that the copy guard looks back on: 13 chords of four and what sounds over them. Our choice."""
RESTING_DENSITY = 0.15
"""Where less density is asked for, every part may rest."""

Rows = NDArray[np.int64]


class Composer:
    """Writes bars with one model."""

    def __init__(self, model: Model, sampling: Sampling | None = None, index: Index | None = None) -> None:
        """index: music of which no run is to be written again; without, nothing is guarded."""
        self._index = index
        self._generator = Generator(model)
        self._context = model.context
        self._noise_size = sum(model.head_sizes)
        self._sampling = sampling or Sampling()
        self._page: _Page | None = None
        self.notes_written = 0
        """Since it was made."""
        self.keys_refused = 0
        """By the copy guard, likewise."""

    @classmethod
    def load(cls, bundle: Path, guidance: float = 0.0) -> Self:
        """A composer with the bundle in the folder `bundle`, and with its index where it has one. guidance: as
        `load_model`. Raises ModelError or ConfigError when they cannot be used."""
        return cls(*load_model(bundle, guidance), index_in(bundle))

    @property
    def steps(self) -> int:
        """Steps that the model took since it was loaded: notes, and the end of each part."""
        return self._generator.steps

    def compose(self, request: BarRequest) -> tuple[ComposedBar, ...]:
        """The parts asked for, in the plan's order. Blocks: a model step for each note.

        Raises ScoreError when a part to write is not in the plan.
        """
        plan = request.plan
        unknown = sorted(set(request.write) - {part.name for part in plan.parts})
        if unknown:
            raise ScoreError(f"bar {plan.bar.index + 1} has no part {', '.join(unknown)}. Write parts of its plan.")
        page = self._page = _Page(request)
        for stretch, short in enumerate(short_plans(plan)):
            self._compose_stretch(request, short, stretch, page)
        return tuple(
            ComposedBar(part.name, plan.bar.index, plan.basis(part.name), tuple(page.notes[part.name]))
            for part in plan.parts
            if part.name in request.write
        )

    def read_ahead(self) -> None:
        """Read what the bar after the last one begins with, while nobody waits: every few bars that is all of its
        history. No answer depends on it. Blocks: for some 25 ms at most with the bundle that comes along."""
        if self._page is not None:
            past = _aligned(self._page.history_after(), int(self._context * HISTORY_SHARE))
            self._generator.prompt(np.concatenate([encode.start_row(), *past]))
            self._generator.read()
            self._page = None

    def _compose_stretch(self, request: BarRequest, plan: BarPlan, stretch: int, page: "_Page") -> None:
        said = self._said(request, plan, page)
        read = [part for part in plan.parts if part.name not in request.write and part.name not in said]
        # What comes back is read first, so that all others are written around it.
        rows = [encode.bar_row(plan), *said.values()]
        rows += [encode.written_rows(plan, part, page.notes[part.name]) for part in read]
        playing = any(len(own) for own in rows[1:])
        for part in plan.parts:
            if part.name not in request.write or part.name in said:
                continue
            must_play = not playing and _busy(plan)
            self._prompt(page.history(plan), [*rows, encode.part_row(plan, part)])
            notes = self._write_part(plan, part, stretch, page, must_play)
            playing = playing or bool(notes)
            page.notes[part.name] = ended_for_later([*page.notes[part.name], *notes], part.instrument.polyphony)
            self.notes_written += len(notes)
            # Later parts read what was kept of this one, as they would if it were given.
            rows.append(encode.written_rows(plan, part, [*page.kept_in(plan, part.name), *notes]))

    def _said(self, request: BarRequest, plan: BarPlan, page: "_Page") -> dict[str, Rows]:
        """Rows of the part that says something again, by its name; nothing where it can play nothing of it.

        It is found out anew where the part is given, so that the others read it in the same place.
        """
        line = request.said
        part = None if line is None else next((part for part in plan.parts if part.name == line.part), None)
        if line is None or part is None or not (notes := self._say(plan, part, page, line.notes)):
            return {}
        if part.name not in page.given:
            page.notes[part.name] = ended_for_later([*page.notes[part.name], *notes], part.instrument.polyphony)
            self.notes_written += len(notes) if part.name in request.write else 0
        return {part.name: encode.written_rows(plan, part, page.notes[part.name])}

    def _say(self, plan: BarPlan, part: Part, page: "_Page", line: Sequence[Note]) -> tuple[Note, ...]:
        """As much of a line as the part can play in this bar or stretch, by the laws of what is drawn; nothing where
        the part would miss what it has to strike."""
        pen = _Pen(plan, part, page)
        guard = self._guard(pen)
        said = []
        inside = [note for note in line if plan.bar.start <= note.tick < plan.bar.end]
        for codes in encode.drawn_codes(plan, part, inside):
            if pen.grammar.allows(codes[0], codes[1]) and (guard is None or not guard.refuses(codes)):
                said.append(pen.grammar.settled(codes))
                pen.grammar.take((codes[0], codes[1]))
                if guard is not None:
                    guard.take(codes)
        return pen.notes(said) if pen.grammar.may_end else ()

    def _write_part(self, plan: BarPlan, part: Part, stretch: int, page: "_Page", must_play: bool) -> tuple[Note, ...]:
        pen = _Pen(plan, part, page, must_play)
        begun = encode.drawn_codes(plan, part, page.kept_in(plan, part.name))
        if begun:
            # What stands of the part in this bar: it goes on from there.
            self._generator.append(np.concatenate([encode.note_row(part, codes) for codes in begun]))
            for position, pitch, _, _ in begun:
                pen.grammar.take((position, pitch))
        answer = plan.variation(part.name)
        noise = NoiseSource(f"{plan.seed}/{plan.bar.index}/{stretch}/{part.name}/{answer}", self._noise_size)
        guard = self._guard(pen)
        drawn = draw_part(self._generator, part, pen.grammar, noise, self._sampling, guard)
        self.keys_refused += guard.refused if guard is not None else 0
        return pen.notes(drawn)

    def _guard(self, pen: "_Pen") -> PartGuard | None:
        if self._index is None or pen.part.instrument.drums:
            return None
        heard = pen.before[-GUARDED_NOTES:]
        return PartGuard(CopyGuard(self._index, pen.part.instrument.polyphony > 1, heard), pen.positions)

    def _prompt(self, history: list[tuple[int, Rows]], own: list[Rows]) -> None:
        """Give the model as much as leaves room for one more part: the bar's own rows first, then the bars before."""
        room = self._context - 1 - (MOST_NOTES + 1)
        # A bar of very many parts: those written first are forgotten first, the bar row and the open part never.
        while sum(map(len, own)) > room and len(own) > 2:
            own = [own[0], *own[2:]]
        own_rows = sum(map(len, own))
        past = _aligned(history, min(int(self._context * HISTORY_SHARE), room - own_rows))
        self._generator.prompt(np.concatenate([encode.start_row(), *past, *own]))


def index_in(bundle: Path) -> Index | None:
    """The index of a bundle's training music, where it has one. Raises ConfigError when it cannot be read."""
    path = bundle / INDEX
    return read_index(path) if path.is_file() else None


class _Page:
    """What is written of a request so far, and how the bars before it read."""

    def __init__(self, request: BarRequest) -> None:
        self.notes: dict[str, list[Note]] = {part.name: [] for part in request.plan.parts}
        self.given = {given.part for given in request.given if given.part not in request.write}
        self._past_notes: dict[str, list[Note]] = {}
        for given in request.given:
            if given.part not in request.write and given.part in self.notes:
                self.notes[given.part] = list(given.notes)
        for written in request.past:
            for composed in written.parts:
                self._past_notes.setdefault(composed.part, []).extend(composed.notes)
        self._kept = {kept.part: kept.notes for kept in request.kept}
        self._past_plans = [written.plan for written in request.past]
        self._past = [rows for bar in request.past for rows in _written_rows(bar)]
        self._stretches = short_plans(request.plan)

    def history(self, plan: BarPlan) -> list[tuple[int, Rows]]:
        """Bars, and stretches of this one, before the plan's: index and rows."""
        own = [short for short in self._stretches if short.bar.start < plan.bar.start]
        return [*self._past, *((short.bar.index, _bar_rows(short, self.notes)) for short in own)]

    def history_after(self) -> list[tuple[int, Rows]]:
        """All bars up to this one, when it is written."""
        return [*self._past, *((short.bar.index, _bar_rows(short, self.notes)) for short in self._stretches)]

    def plans_before(self, plan: BarPlan) -> list[BarPlan]:
        """Of the bars before the plan's, then of the stretches of its own before it."""
        return [*self._past_plans, *(short for short in self._stretches if short.bar.start < plan.bar.start)]

    def kept_in(self, plan: BarPlan, part: str) -> list[Note]:
        """What stands of a part that is written in these bars or stretches already."""
        return [note for note in self._kept.get(part, ()) if plan.bar.start <= note.tick < plan.bar.end]

    def before(self, part: str) -> list[Note]:
        """What a part played before: in the bars before, then in this one as far as it is written."""
        return [*self._past_notes.get(part, ()), *self.notes[part]]

    def held(self, part: str, tick: int) -> list[Note]:
        """Notes of a part that began before `tick` and end after it."""
        notes = [*self._past_notes.get(part, ()), *self._kept.get(part, ()), *self.notes[part]]
        return [note for note in notes if note.tick < tick < note.end]


class _Pen:
    """Writes one part in one bar or stretch, by the laws that hold there for what is drawn and what is said again."""

    def __init__(self, plan: BarPlan, part: Part, page: _Page, must_play: bool = False) -> None:
        """must_play: as PartGrammar."""
        self.part = part
        self.positions = bar_grid(plan)
        earlier = (note for note in page.before(part.name) if note.tick < plan.bar.start)
        self.before = [*earlier, *page.kept_in(plan, part.name)]
        """What the part played before, and what stands of it in this bar."""
        self._plan, self._held = plan, page.held(part.name, plan.bar.start)
        self._breathing = breathing_of(plan, part, page.plans_before(plan), self.before)
        self.grammar = PartGrammar(plan, part, self.positions, self._held, must_play, self._breathing)

    def notes(self, codes: Sequence[tuple[int, ...]]) -> tuple[Note, ...]:
        """The notes of all codes that the grammar has settled; the part is over in this bar."""
        notes = notes_of(codes, self._plan, self.part, self.positions, self._held)
        return notes if self._breathing is None else self._breathing.closed(notes)


@lru_cache(maxsize=64)  # a bar is context for many that follow
def _written_rows(bar: WrittenBar) -> tuple[tuple[int, Rows], ...]:
    """A bar that has its notes, as the model reads it: index and rows, several times for a long one."""
    notes = {composed.part: composed.notes for composed in bar.parts}
    return tuple((short.bar.index, _bar_rows(short, notes)) for short in short_plans(bar.plan))


def _bar_rows(plan: BarPlan, notes: Mapping[str, Sequence[Note]]) -> Rows:
    """A bar and what its parts play, in the order of its plan."""
    parts = [encode.written_rows(plan, part, notes.get(part.name, ())) for part in plan.parts]
    return np.concatenate([encode.bar_row(plan), *parts])


def _aligned(history: list[tuple[int, Rows]], room: int) -> list[Rows]:
    """The last bars that fit, from a bar whose index is a multiple of ALIGNED_BARS if that leaves enough."""
    sizes = accumulate(len(rows) for _, rows in reversed(history))
    fitting = sum(1 for size in sizes if size <= room)
    kept = history[len(history) - fitting :]
    aligned = next((place for place, (bar, _) in enumerate(kept) if bar % ALIGNED_BARS == 0), 0)
    return [rows for _, rows in (kept[aligned:] if len(kept) - aligned > 1 else kept)]


def _busy(plan: BarPlan) -> bool:
    return plan.controls.density is None or plan.controls.density >= RESTING_DENSITY
