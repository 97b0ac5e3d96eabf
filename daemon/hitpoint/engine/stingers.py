"""The stingers that play holds, brought up to date with the session. No clock, no I/O.

The rule is the conductor's own: what play holds must be what the session asks for. A stinger has its place from the
timeline; when that changes before it has begun it is placed again, and from then on only its notes are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hitpoint.planner.plan import plan_bar
from hitpoint.planner.stinger import Figure, figure_at
from hitpoint.planner.stinger_place import Place, place_of
from hitpoint.planner.sync import earliest_tick
from hitpoint.scheduler.performance import Schedule
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan
from hitpoint.score.session import Session
from hitpoint.score.stinger import StingerAsked
from hitpoint.timeline.timeline import Timeline


@dataclass(frozen=True, slots=True)
class _Planned:
    """A stinger's figure, and what it was made for."""

    figure: Figure
    timeline: Timeline
    plans: tuple[BarPlan | None, ...]
    begun: bool = False


class Stingers:
    """Process: control."""

    def __init__(self) -> None:
        self._planned: dict[StingerAsked, _Planned] = {}
        self._held: dict[str, tuple[Note, ...]] = {}
        """By part: what play was given and has not been told to forget."""

    def clear(self) -> None:
        """Play holds nothing any more, and nothing is under way."""
        self._planned.clear()
        self._held.clear()

    def forget_play(self) -> None:
        """Play was started anew and holds nothing: it is given again what is still wanted."""
        self._held.clear()

    def begun(self, asked: StingerAsked) -> bool:
        """True when it sounds, or has; False for one that was asked just now."""
        return asked in self._planned and self._planned[asked].begun

    def step(self, session: Session, tick: float) -> tuple[list[Schedule], list[StingerAsked]]:
        """What play must be told at the position `tick`, and the stingers that are over or have no place any more."""
        planned = {asked: self._plan(session, asked, tick) for asked in session.stingers}
        self._planned = {asked: one for asked, one in planned.items() if one is not None}
        lines = _lines([one.figure for one in self._planned.values()])
        held, self._held = self._held, lines
        schedules = [
            _schedule(session, part, held.get(part, ()), lines.get(part, ()))
            for part in sorted(lines.keys() | held.keys())
            if lines.get(part) != held.get(part)
        ]
        return schedules, [asked for asked, one in planned.items() if one is None]

    def _plan(self, session: Session, asked: StingerAsked, tick: float) -> _Planned | None:
        """Its figure as it now should be; None when it is over, or has no place."""
        known = self._planned.get(asked)
        if known is None:
            return _planned(session, asked, place_of(session, asked))
        place = known.figure.place
        begun = known.begun or place.start <= tick
        # A loop that has turned leaves it behind as much as its end does.
        if begun and not place.start <= tick < known.figure.end:
            return None
        if known.timeline is session.timeline and known.plans == _plans(session, known.figure):
            return replace(known, begun=begun)
        return _planned(session, asked, place if begun else _moved(session, asked, place, tick), begun)


def _moved(session: Session, asked: StingerAsked, place: Place, tick: float) -> Place | None:
    """Where it goes on a timeline that has changed: no nearer than play can have it, unless it stays where it is."""
    moved, earliest = place_of(session, asked), earliest_tick(session, tick)
    if moved is None or moved == place or moved.start >= earliest:
        return moved
    return place_of(session, replace(asked, earliest=earliest))


def _planned(session: Session, asked: StingerAsked, place: Place | None, begun: bool = False) -> _Planned | None:
    if place is None:
        return None
    figure = figure_at(session, asked, place)
    return _Planned(figure, session.timeline, _plans(session, figure), begun)


def _plans(session: Session, figure: Figure) -> tuple[BarPlan | None, ...]:
    """The plans of the bars in which it strikes."""
    bars = session.timeline.meter_map.bars_between(figure.place.start, max(figure.end, figure.place.start + 1))
    return tuple(plan_bar(session, bar.index) for bar in bars)


def _lines(figures: Sequence[Figure]) -> dict[str, tuple[Note, ...]]:
    """What each part plays of them all. Who is in one and gets another to play turns to that, and back after it."""
    lines: dict[str, tuple[Note, ...]] = {}
    for figure in sorted(figures, key=lambda figure: figure.place.start):
        for part, notes in figure.notes:
            first, end = notes[0].tick, max(note.end for note in notes)
            others = lines.get(part.name, ())
            before = [
                replace(note, duration=min(note.duration, first - note.tick)) for note in others if note.tick < first
            ]
            lines[part.name] = (*before, *notes, *(note for note in others if note.tick >= end))
    return lines


def _schedule(session: Session, part: str, held: Sequence[Note], wanted: Sequence[Note]) -> Schedule:
    """Tell play of a part's line in place of the one it holds."""
    ticks = [note.tick for note in (*held, *wanted)]
    ends = {(note.tick, note.pitch): note.end for note in wanted}
    cuts = [end for note in held if (end := ends.get((note.tick, note.pitch), note.end)) < note.end]
    bar = session.timeline.meter_map.bar_at(min(ticks))
    return Schedule(part, bar.index, min(ticks), max(ticks) + 1, tuple(wanted), min(cuts, default=None))
