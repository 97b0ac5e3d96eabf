"""The stingers that play holds, brought up to date with the session. No clock, no I/O.

The rule is the conductor's own: what play holds must be what the session asks for. A stinger has its place from the
timeline; when that changes before it has begun it is placed again, and from then on only its notes are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hitpoint.planner.plan import plan_bar
from hitpoint.planner.stinger import Figure, figure_at
from hitpoint.planner.stinger_place import Place, earliest_place, place_of
from hitpoint.scheduler.performance import Schedule
from hitpoint.score.breath import breath_of, rested_before, rested_by
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan
from hitpoint.score.session import Session
from hitpoint.score.stinger import StingerAsked
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.timeline import Timeline


@dataclass(frozen=True, slots=True)
class _Planned:
    """A stinger's figure, and what it was made for."""

    figure: Figure
    timeline: Timeline
    loop: Loop | None
    plans: tuple[BarPlan | None, ...]
    begun: bool = False
    next_turn: bool = False
    """It lies behind the position: the loop must turn before it comes."""


class Stingers:
    """Process: control."""

    def __init__(self) -> None:
        self._planned: dict[StingerAsked, _Planned] = {}
        self._held: dict[StingerAsked, _Planned] = {}
        """What play was given."""
        self._tick = 0.0

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
        if self._turned(session, tick):
            # Play begins the turn by itself with what waited for it.
            self._planned = {asked: replace(one, next_turn=False) for asked, one in self._planned.items()}
            self._held = {asked: replace(one, next_turn=False) for asked, one in self._held.items()}
        planned = {asked: self._plan(session, asked, tick) for asked in session.stingers}
        over = [asked for asked, one in planned.items() if one is None]
        # What is over is not taken back: a part that sounds later than it is written has some of it to come.
        held = [one for asked, one in self._held.items() if asked not in over]
        self._planned = {asked: one for asked, one in planned.items() if one is not None}
        self._held = dict(self._planned)
        now = list(self._planned.values())
        return _schedules(session, held, now, False) + _schedules(session, held, now, True), over

    def _turned(self, session: Session, tick: float) -> bool:
        """True when the loop has turned since the last step: the host itself, when it goes by a hair, is never so far
        behind."""
        loop, before = session.transport.turning, self._tick
        self._tick = tick
        return loop is not None and before - tick > (loop.end - loop.start) / 2

    def _plan(self, session: Session, asked: StingerAsked, tick: float) -> _Planned | None:
        """Its figure as it now should be; None when it is over, or has no place."""
        known = self._planned.get(asked)
        if known is None:
            return _planned(session, asked, place_of(session, asked), tick)
        place, end = known.figure.place, known.figure.end
        begun = known.begun or (place.start <= tick and not known.next_turn)
        # A loop that has turned leaves it behind as much as its end does.
        if begun and not place.start <= tick < end:
            return None
        same_way = begun or known.loop == session.transport.turning
        if same_way and known.timeline is session.timeline and known.plans == _plans(session, known.figure):
            return replace(known, begun=begun)
        return _planned(session, asked, place if begun else _moved(session, asked, place, tick), tick, begun)


def _moved(session: Session, asked: StingerAsked, place: Place, tick: float) -> Place | None:
    """Where it goes on a timeline that has changed: no nearer than play can have it, unless it stays where it is."""
    moved, earliest = place_of(session, asked), earliest_place(session, tick)
    if moved is None or moved == place or moved.start >= earliest:
        return moved
    return place_of(session, replace(asked, earliest=earliest))


def _planned(
    session: Session, asked: StingerAsked, place: Place | None, tick: float, begun: bool = False
) -> _Planned | None:
    if place is None:
        return None
    figure, loop = figure_at(session, asked, place), session.transport.turning
    next_turn = not begun and loop is not None and place.start < tick
    return _Planned(figure, session.timeline, loop, _plans(session, figure), begun, next_turn)


def _plans(session: Session, figure: Figure) -> tuple[BarPlan | None, ...]:
    """The plans of the bars in which it strikes."""
    bars = session.timeline.meter_map.bars_between(figure.place.start, max(figure.end, figure.place.start + 1))
    return tuple(plan_bar(session, bar.index) for bar in bars)


def _lines(session: Session, figures: Sequence[Figure]) -> dict[str, tuple[Note, ...]]:
    """What each part plays of them all. Who is in one and gets another to play turns to that, and back after it; who
    blows takes breath both times."""
    tempo_map = session.timeline.tempo_map
    lines: dict[str, tuple[Note, ...]] = {}
    for figure in sorted(figures, key=lambda figure: figure.place.start):
        for part, notes in figure.notes:
            first, end = notes[0].tick, max(note.end for note in notes)
            others = lines.get(part.name, ())
            before = [
                replace(note, duration=min(note.duration, first - note.tick)) for note in others if note.tick < first
            ]
            after = [note for note in others if note.tick >= end]
            if breath_of(part.instrument) is not None:
                before = list(rested_before(before, first, tempo_map))
                after = [note for note in after if rested_by(tempo_map, note.tick) >= end]
            lines[part.name] = (*before, *notes, *after)
    return lines


def _schedules(session: Session, held: Sequence[_Planned], now: Sequence[_Planned], next_turn: bool) -> list[Schedule]:
    """What makes of the lines that play holds, for this turn of a loop or the next, those that it should."""
    before = _lines(session, [one.figure for one in held if one.next_turn == next_turn])
    after = _lines(session, [one.figure for one in now if one.next_turn == next_turn])
    return [
        _schedule(session, part, before.get(part, ()), after.get(part, ()), next_turn)
        for part in sorted(before.keys() | after.keys())
        if before.get(part) != after.get(part)
    ]


def _schedule(session: Session, part: str, held: Sequence[Note], wanted: Sequence[Note], next_turn: bool) -> Schedule:
    """Tell play of a part's line in place of the one it holds. It sounds once, whatever turns."""
    ticks = [note.tick for note in (*held, *wanted)]
    start, end = min(ticks), max(ticks) + 1
    ends = {(note.tick, note.pitch): note.end for note in wanted}
    cuts = [off for note in held if (off := ends.get((note.tick, note.pitch), note.end)) < note.end]
    bar = session.timeline.meter_map.bar_at(start).index
    cut_at = min(cuts, default=None)
    return Schedule(part, bar, start, end, tuple(wanted), cut_at, next_turn=next_turn, once=True)
