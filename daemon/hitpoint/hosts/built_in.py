"""The host that Hitpoint has of its own: what a person asks of it, as the events that any host would tell. No clock.

Its timeline can be edited while it rolls: tempo, metre and markers, as in a DAW.
"""

from collections.abc import Iterable
from dataclasses import replace

from hitpoint.errors import HostError
from hitpoint.hosts import actions
from hitpoint.score.session import Session
from hitpoint.timeline.host_event import (
    HostEvent,
    Located,
    LoopChanged,
    MarkersChanged,
    MeterMapChanged,
    Started,
    Stopped,
    TempoMapChanged,
)
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import Meter

START_LEAD_SECONDS = 0.1
"""It starts this much after it is asked, so that the first notes are in play's hands on time."""


def moved(asked: actions.TransportAsked, session: Session, now: float) -> tuple[HostEvent, ...]:
    """What the transport does at second `now` of the clock. Raises HostError for a tempo or metre that cannot be."""
    rolling, timeline = session.transport.rolling, session.timeline
    tick = session.transport.whole_tick_at(now, timeline.tempo_map)
    match asked:
        case actions.Play() if not rolling:
            return (Started(now + START_LEAD_SECONDS),)
        case actions.Stop() if rolling:
            return (Stopped(tick, now),)
        case actions.Locate(bar):
            return (Located(_tick_of(session, bar), now + START_LEAD_SECONDS if rolling else now),)
        case actions.LoopBars(None, _):
            return (LoopChanged(None, now),)
        case actions.LoopBars(int(first), int(last)):
            loop = Loop(timeline.meter_map.bar(first - 1).start, timeline.meter_map.bar(last - 1).end)
            return (LoopChanged(loop, now),)
        case actions.SetTempo(bpm):
            return (TempoMapChanged(timeline.tempo_map.from_tick(tick, bpm), now),)
        case actions.SetMeter(numerator, denominator):
            here = timeline.meter_map.bar_at(tick)
            line = here.start if here.start == tick else here.end
            return (MeterMapChanged(timeline.meter_map.from_tick(line, Meter(numerator, denominator))),)
    return ()


def marked(asked: actions.MarkersAsked, session: Session) -> tuple[HostEvent, ...]:
    """How the markers change. A marker is known by its name; of several with one name the first is meant.

    Raises HostError for a name that no marker has.
    """
    markers = session.timeline.markers
    named = next((marker for marker in markers if marker.name == asked.name), None)
    others: Iterable[Marker] = (marker for marker in markers if marker is not named)
    match asked:
        case actions.PutMarker(name, bar):
            put = replace(named or Marker(0, name), tick=_tick_of(session, bar))
            return (MarkersChanged((*others, put), session.timeline.regions),)
        case actions.RemoveMarker(name):
            if named is None:
                raise HostError(f"there is no marker {name[:40]!r}. /hitpoint/markers/get lists those there are.")
            return (MarkersChanged(tuple(others), session.timeline.regions),)


def _tick_of(session: Session, bar: float) -> int:
    """The tick of a place in bars from 1, 2.5 being the middle of the second."""
    whole = session.timeline.meter_map.bar(int(bar) - 1)
    return whole.start + round((bar - int(bar)) * whole.ticks)
