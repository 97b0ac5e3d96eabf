"""Another take of a take: what is asked is written anew, all else stays note for note, locked parts whatever is asked.

Bars are planned as they were, with what a note changes, so that hits stay hits; the model then writes the parts that
are to be others, and reads the rest.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from hitpoint.engine.composer import Composer
from hitpoint.engine.pages import Pages
from hitpoint.engine.routes import file_channels
from hitpoint.engine.take import TakeMusic
from hitpoint.engine.take_change import bars_meant, changed_session, possible
from hitpoint.engine.take_parts import Span, balanced, mean_pitch, moved_by_octaves, silenced, spans_of, spliced
from hitpoint.engine.written_parts import written_parts
from hitpoint.errors import ConfigError
from hitpoint.planner.context import request_for
from hitpoint.planner.ensemble import ensemble_of
from hitpoint.planner.passages import FOREVER
from hitpoint.planner.plan import plan_bar
from hitpoint.score.articulation import ArticulationMap
from hitpoint.score.direction_change import DirectionChange
from hitpoint.score.ensemble import instrument_in
from hitpoint.score.midi_score import KeyChange, MidiPart
from hitpoint.score.request import BarPlan, ComposedBar
from hitpoint.score.sections import players_of
from hitpoint.score.session import VariationAsked
from hitpoint.score.stem import DRUM_CHANNEL, INSTRUMENTS, Instrument
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.timeline import Timeline

ANSWERS_A_SEED = 1000
"""Answers that one seed is apart from the next: more variations of variations than a person makes. Our choice."""

LEAST_MOVE = 2.0
"""Semitones by which a part that is to be higher or lower moves at least, on the average. Our choice."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a take."""

    change: DirectionChange = field(default_factory=DirectionChange)
    """The note as understood; nothing for just another answer."""
    parts: tuple[str, ...] = ()
    """Names of parts; empty for all."""
    bars: tuple[int, ...] = ()
    """Indices of bars; empty for all, or where the note says."""
    seed: int | None = None
    """Of another answer. None gives the next one, or beside a note the same one, changed."""


@dataclass(frozen=True, slots=True)
class Varied:
    """What came of it."""

    music: TakeMusic
    not_applied: tuple[str, ...] = ()
    """What the note asks that can't be followed here, each with its reason."""


def vary(
    music: TakeMusic,
    wanted: Wanted,
    locked: Sequence[str],
    composer: Callable[[], Composer],
    progress: Callable[[int, int], None],
    of_sheet: bool = False,
    articulations: ArticulationMap | None = None,
) -> Varied:
    """Another take of `music`. The same wish gives the same notes. Blocks for a model step a note.

    locked: names of parts that stay, notes and controllers. composer: asked only where the model is to write.
    progress: told bars done, and in all. of_sheet: it is a cue of a sheet, whose map and length stay.
    Raises ConfigError where nothing would change.
    """
    load, refused, failed = cache(composer), list[str](), list[ConfigError]()
    stages = wanted.change.stages
    for change in stages:
        try:
            work = _Work(music, replace(wanted, change=change), frozenset(locked), of_sheet)
            varied = work.varied(load, progress, articulations)
        except ConfigError as error:
            failed.append(error)
            continue
        music = varied.music
        refused += varied.not_applied
    if len(failed) == len(stages):
        raise failed[-1]
    return Varied(music, tuple(dict.fromkeys([*refused, *map(str, failed)])))


class _Work:
    def __init__(self, music: TakeMusic, wanted: Wanted, locked: frozenset[str], of_sheet: bool) -> None:
        self._music, place = music, wanted.change.place
        named = set(wanted.bars) or set(range(music.bars))
        self._bars = sorted(named if place is None else named & set(bars_meant(music, place)))
        if not self._bars:
            raise ConfigError("the bars that are named and those of the note have none in common. Name others.")
        if self._bars[0] >= music.bars_to_end:
            raise ConfigError(
                f"the cue ends in bar {music.bars_to_end}, and its last chord rings after it. Name bars before."
            )
        self._old = {part.name: part for part in music.score.parts}
        self._locked = locked | {name for name in self._old if wanted.change.keeps(instrument_in(name))}
        self._free = {name for name in self._old if not wanted.parts or name in wanted.parts} - self._locked
        self._meant = {name for name in self._free if wanted.change.is_for(instrument_in(name))}
        if wanted.change.of and not self._meant:
            raise ConfigError(f"{', '.join(wanted.change.of)}: there is no such part here that may change.")
        self._whole = len(self._bars) == music.bars
        stays = set(self._old) - self._free
        self._change, refused = possible(wanted.change, music, self._whole, stays, of_sheet)
        changed = changed_session(music, self._change, self._bars)
        self._session, self._count, self._new_from = changed.session, changed.bars, changed.new_from
        there = {instrument_in(name) for name in self._old}
        absent = [name for name in wanted.change.keep if not there & set(players_of(name))]
        self._refused = (*refused, *changed.not_applied, *(f"{name}: it has no part to be kept" for name in absent))
        self._known = {part.name: part for part in (*ensemble_of(music.session), *ensemble_of(self._session))}
        self._plain = not wanted.change.moves_something
        self._answer = 0
        if self._plain or wanted.seed is not None:
            self._answer = ANSWERS_A_SEED * (wanted.seed or 0)
            for first, last in _runs(self._bars):
                asked = VariationAsked(first, last, frozenset(self._meant), self._meter_map.bar(first).start)
                self._session = self._session.apply(asked)

    @property
    def _meter_map(self) -> MeterMap:
        return self._session.timeline.meter_map

    def varied(
        self,
        composer: Callable[[], Composer],
        progress: Callable[[int, int], None],
        articulations: ArticulationMap | None,
    ) -> Varied:
        cells, parts = self._cells(), dict(self._old)
        if any(cells.values()):
            for name, part in self._written(cells, composer(), progress, articulations).items():
                spans = self._spans(name, cells)
                if name not in parts:
                    parts[name] = replace(part, channel=_free_channel(parts.values(), part))
                elif spans:
                    parts[name] = spliced(parts[name], part, spans)
        parts = self._by_hand(parts, spans_of(self._bars, self._meter_map))
        ordered = tuple(sorted(parts.values(), key=self._place))
        old = self._music
        if (self._session.timeline, ordered) == (old.session.timeline, old.score.parts):
            said = "; ".join(self._refused) or "ask for something else, or give another --seed"
            raise ConfigError(f"nothing would change: {said}.")
        score = replace(old.score, timeline=self._file_timeline(), parts=ordered, keys=self._keys())
        return Varied(TakeMusic(score, self._session, self._count, old.controllers), self._refused)

    def _file_timeline(self) -> Timeline:
        """The new timeline; where a sheet's markers have names of their own in the file they keep them."""
        planned, file = self._session.timeline, self._music.score.timeline
        own = file.markers != self._music.session.timeline.markers
        same_ticks = [marker.tick for marker in planned.markers] == [marker.tick for marker in file.markers]
        return replace(planned, markers=file.markers) if own and same_ticks else planned

    def _place(self, part: MidiPart) -> tuple[int, int]:
        known = self._known.get(part.name)
        return (len(INSTRUMENTS), 0) if known is None else (INSTRUMENTS.index(known.instrument), known.desk)

    def _spans(self, name: str, cells: dict[int, set[str]]) -> tuple[Span, ...]:
        """Where a part is another."""
        spans = spans_of([bar for bar, names in cells.items() if name in names], self._meter_map)
        if self._new_from is None:
            return spans
        # What lay beyond the end is gone, too.
        start = self._meter_map.bar(self._new_from).start
        return (*(span for span in spans if span[1] <= start), (start, FOREVER))

    def _cells(self) -> dict[int, set[str]]:
        """Parts to be written anew, by bar."""
        change, cells = self._change, dict[int, set[str]]()
        anew = self._plain or bool(change.controls) or self._fraction != 0.0 or self._rekeyed
        joining = {part.name for part in ensemble_of(self._session)} - set(self._old)
        leaving = self._leaving()
        for bar in range(self._count):
            names: set[str] = set()
            if bar in self._bars or bar >= self._music.bars:
                names |= (self._meant - leaving if anew else set()) | joining
            if self._new_from is not None and bar >= self._new_from:
                names |= self._free - leaving
            cells[bar] = names
        return cells

    @property
    def _rekeyed(self) -> bool:
        return self._change.key is not None or self._change.mode is not None

    @property
    def _fraction(self) -> float:
        octaves = self._change.register or 0.0
        return 0.0 if octaves == int(octaves) else octaves

    def _written(
        self,
        cells: dict[int, set[str]],
        composer: Composer,
        progress: Callable[[int, int], None],
        articulations: ArticulationMap | None,
    ) -> dict[str, MidiPart]:
        session, bars, pages = self._session, self._count, Pages()
        plans: list[BarPlan] = []
        for bar in range(bars if self._new_from is None else self._new_from):
            pages.keep(self._as_written(bar, cells[bar]))
        for bar in range(bars):
            plan = self._plan(bar, cells)
            if plan is not None:
                plans.append(plan)
                write = tuple(part.name for part in plan.parts if part.name in cells[bar])
                if write:
                    pages.keep(composer.compose(request_for(session, plan, write, pages.written)))
            progress(bar + 1, bars)
        end = session.timeline.meter_map.bar(bars).start
        found = written_parts(session, pages, plans, end, self._music.controllers, articulations)
        return {part.name: part for _, part in found}

    def _plan(self, index: int, cells: dict[int, set[str]]) -> BarPlan | None:
        plan = plan_bar(self._session, index)
        if plan is None:
            return None
        if self._fraction and index in self._bars:
            plan = replace(plan, register=min(1.0, max(0.0, (plan.register or 0.0) + self._fraction)))
        if self._answer:
            answers = ((name, plan.variation(name) + self._answer) for name in cells[index])
            plan = replace(plan, variations=tuple(sorted({**dict(plan.variations), **dict(answers)}.items())))
        following = cells.get(index + 1)
        if following is not None and cells[index] - following:
            # What comes after stands: notes of ours do not sound into it.
            plan = replace(plan, cut_at=min(plan.bar.end, plan.cut_at or plan.bar.end))
        return plan

    def _as_written(self, index: int, anew: set[str]) -> list[ComposedBar]:
        """What stands in a bar and stays."""
        bar = self._meter_map.bar(index)
        return [
            ComposedBar(name, index, "", tuple(n for n in part.notes if bar.start <= n.tick < bar.end))
            for name, part in self._old.items()
            if name not in anew
        ]

    def _leaving(self) -> set[str]:
        change = self._change
        out = {player for name in change.drop for player in players_of(name)}
        stay = {player for name in change.only for player in players_of(name)}
        return {
            name
            for name in set(self._old) - self._locked
            if (one := self._known.get(name)) is not None
            and (one.instrument.name in out or (change.only and one.instrument.name not in stay))
        }

    def _by_hand(self, parts: dict[str, MidiPart], spans: tuple[Span, ...]) -> dict[str, MidiPart]:
        change = self._change
        octaves = int(change.register or 0.0) if not self._fraction else 0
        leaving = self._leaving()
        for name in list(parts):
            part, known = parts[name], self._known.get(name)
            if name in leaving:
                if self._whole:
                    del parts[name]
                else:
                    parts[name] = silenced(part, spans)
                continue
            if known is None or (name in self._old and name not in self._free):
                continue
            stays = name in self._old and name not in self._meant
            if octaves and not stays:
                part = moved_by_octaves(part, known.instrument, octaves, spans)
            elif self._fraction and name in self._meant:
                part = self._surely_moved(part, known.instrument, spans)
            for louder, names in ((False, change.softer), (True, change.louder)):
                if any(known.instrument.name in players_of(one) for one in names):
                    part = balanced(part, louder, spans)
            parts[name] = part
        return parts

    def _surely_moved(self, part: MidiPart, instrument: Instrument, spans: tuple[Span, ...]) -> MidiPart:
        """A part that was written for another register, or, where the model stayed where it was, by an octave."""
        way = 1 if self._fraction > 0 else -1
        old = self._old[part.name]
        before, after = mean_pitch(old, spans), mean_pitch(part, spans)
        if before is None or after is None or (after - before) * way >= LEAST_MOVE:
            return part
        return moved_by_octaves(old, instrument, way, spans)

    def _keys(self) -> tuple[KeyChange, ...]:
        if not self._rekeyed:
            return self._music.score.keys
        first = plan_bar(self._session, 0)
        key = None if first is None else first.controls.key
        return () if key is None else (KeyChange(0, key),)


def _runs(bars: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for bar in bars:
        if runs and bar == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], bar)
        else:
            runs.append((bar, bar))
    return runs


def _free_channel(parts: Iterable[MidiPart], part: MidiPart) -> int:
    """A channel that no other part has; where all are taken, the one it came with."""
    if part.channel == DRUM_CHANNEL:
        return part.channel
    taken = {one.channel for one in parts}
    channels = file_channels()
    return next((channel for _ in range(15) if (channel := next(channels)) not in taken), part.channel)
