"""Sync points: at which tick a change that was asked for takes place, so that it is heard in time with the music."""

from math import ceil

from hitpoint.planner.outline import outline_of
from hitpoint.planner.passages import FOREVER
from hitpoint.score.session import Session
from hitpoint.score.when import When

LEAD_SECONDS = 0.15
"""A sync point nearer than this is too near: notes must be written for it, and be with play in time."""


def sync_tick(session: Session, tick: float, when: When, lead_seconds: float = LEAD_SECONDS) -> int:
    """The first tick of that kind that is `lead_seconds` or more after the position `tick`. Pure.

    A standing transport needs no lead: there, the position itself counts as reached, and a sync point on it is taken.
    """
    return sync_point(session, earliest_tick(session, tick, lead_seconds), when)


def earliest_tick(session: Session, tick: float, lead_seconds: float = LEAD_SECONDS) -> int:
    """The first tick at which a change asked for at the position `tick` may take place. Pure."""
    if not session.transport.rolling:
        return max(0, round(tick))
    # Up to the next whole tick: a sync point that is a hair too near is too near.
    tempo_map = session.timeline.tempo_map
    return max(0, ceil(tempo_map.fractional_tick_at(tempo_map.seconds_at(tick) + lead_seconds)))


def sync_point(session: Session, earliest: int, when: When) -> int:
    """The first tick of that kind at `earliest` or after, whether the transport rolls or not. Pure."""
    match when:
        case When.NOW:
            return earliest
        case When.BEAT:
            return _beat(session, earliest)
        case When.BAR:
            return _bar(session, earliest)
        case When.MARKER:
            return _marker(session, earliest)
        case When.END:
            return _end(session, earliest)


def _bar(session: Session, earliest: int) -> int:
    bar = session.timeline.meter_map.bar_at(earliest)
    return bar.start if bar.start == earliest else bar.end


def _beat(session: Session, earliest: int) -> int:
    bar = session.timeline.meter_map.bar_at(earliest)
    beats = -(-(earliest - bar.start) // bar.meter.beat_ticks)
    return min(bar.end, bar.start + beats * bar.meter.beat_ticks)


def _marker(session: Session, earliest: int) -> int:
    timeline = session.timeline
    places = [marker.tick for marker in timeline.markers]
    places += [edge for region in timeline.regions for edge in (region.start, region.end)]
    meeting = next(outline_of(session).meetings_from(earliest), None)
    if meeting is not None:
        places.append(meeting.tick)
    return min((place for place in places if place >= earliest), default=_bar(session, earliest))


def _end(session: Session, earliest: int) -> int:
    for passage in outline_of(session).passages_in(earliest, earliest + 1):
        if passage.cue_end != FOREVER and passage.cue_end >= earliest:
            return passage.cue_end
    return _marker(session, earliest)
