"""Where a stinger goes: to its sync point, and never into a clearance.

One that would strike there moves to the landing, and strengthens it, or out of the clearance to its next sync point.
"""

from dataclasses import dataclass
from math import ceil

from hitpoint.planner.outline import outline_of
from hitpoint.planner.passages import FOREVER
from hitpoint.planner.plan import plan_bar
from hitpoint.planner.sync import LEAD_SECONDS, earliest_tick, sync_point
from hitpoint.score.request import BarPlan, Landing, LandingKind
from hitpoint.score.session import Session
from hitpoint.score.stinger import Shape, StingerAsked
from hitpoint.score.when import When

MOST_TRIES = 64
"""Sync points looked at; where all are in clearances, there is no place."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stinger goes."""

    start: int
    """Tick of its first note."""
    goal: int
    """The sync point: a rise ends there, all others begin."""


def earliest_place(session: Session, tick: float) -> int:
    """The first tick at which one that is thrown in at the position `tick` may sound; in a loop, round its turn."""
    earliest, loop = earliest_tick(session, tick), session.transport.turning
    if loop is None or earliest < loop.end:
        return earliest
    tempo_map = session.timeline.tempo_map
    return ceil(session.transport.course(tempo_map).place_at(tempo_map.seconds_at(tick) + LEAD_SECONDS).tick)


def place_of(session: Session, asked: StingerAsked) -> Place | None:
    """Where it goes on this timeline: as it was asked, clear of landings. None where there is no place for it.

    In a loop, what would lie behind its end goes to the next turn: a place before the position is there. Where the
    loop holds no such sync point at all, it waits behind the loop for the host to leave it.
    """
    place, loop = _place_from(session, asked, asked.earliest), session.transport.turning
    if loop is None or (place is not None and place.goal < loop.end):
        return place
    again = _place_from(session, asked, loop.start)
    return again if again is not None and again.goal < loop.end else place


def _place_from(session: Session, asked: StingerAsked, first: int) -> Place | None:
    earliest = first
    if asked.stinger.shape is Shape.RISE and asked.when is When.NOW:
        earliest += asked.stinger.beats * beat_at(session, earliest)
    for _ in range(MOST_TRIES):
        goal, following = _clear(session, sync_point(session, earliest, asked.when))
        if goal is not None:
            start = _start(session, asked, goal, first)
            if start is not None:
                return Place(start, goal)
            following = goal + 1
        earliest = following
        if earliest >= FOREVER:
            break
    return None


def beat_at(session: Session, tick: int) -> int:
    """Ticks of the metre's beat at `tick`."""
    return session.timeline.meter_map.bar_at(tick).meter.beat_ticks


def plan_at(session: Session, tick: int) -> BarPlan | None:
    """The plan of the bar in which `tick` lies; None where nothing plays."""
    return plan_bar(session, session.timeline.meter_map.bar_at(tick).index)


def quiet_at(session: Session, tick: int) -> tuple[int, int] | None:
    """The span around `tick` in which only landings strike: a clearance, or the silence after a STOP."""
    plan = plan_at(session, tick)
    quiet = next((span for span in plan.quiet if span[0] <= tick <= span[1]), None) if plan is not None else None
    if quiet is not None:
        return quiet
    outline = outline_of(session)
    before = outline.meetings_in(0, tick + 1)[-1:]
    if outline.passages_in(tick, tick + 1) or not before or before[0].kind is not LandingKind.STOP:
        return None
    return tick, min((one.start for one in outline.passages if one.start > tick), default=FOREVER) - 1


def struck_at(plan: BarPlan | None, tick: int) -> Landing | None:
    """The landing at `tick` that parts strike."""
    return None if plan is None else next((one for one in plan.landings if one.tick == tick and one.parts), None)


def _clear(session: Session, tick: int) -> tuple[int | None, int]:
    """The tick itself, or the landing that it strengthens; else None, and the tick from which to look again."""
    span = quiet_at(session, tick)
    if span is None:
        return tick, tick
    plan = plan_at(session, tick)
    landings = () if plan is None else plan.landings
    struck = (landing.tick for landing in landings if landing.parts and tick <= landing.tick <= span[1])
    return next(struck, None), span[1] + 1


def _start(session: Session, asked: StingerAsked, goal: int, first: int) -> int | None:
    """A rise begins as many beats before its goal as it is long and as there is room for; None for less than half."""
    if asked.stinger.shape is not Shape.RISE:
        return goal
    beat, length = beat_at(session, goal), asked.stinger.beats
    beats = min(length, (goal - first) // beat)
    return None if 2 * beats < length else goal - beats * beat
