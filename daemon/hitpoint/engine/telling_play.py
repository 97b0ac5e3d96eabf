"""What play is told of the host: what changes there, and all of it when play is met."""

from hitpoint.engine.who_leads import WhoLeads
from hitpoint.scheduler.performance import Known, LoopChange, MeterChange, TempoChange, ToPlay
from hitpoint.score.session import Event, Session
from hitpoint.timeline.host_event import LoopChanged, MeterMapChanged, TempoMapChanged


def change_of(event: Event) -> ToPlay | None:
    """What of the host's timeline, or its loop, is another after `event`; None for nothing that concerns play."""
    match event:
        case TempoMapChanged(tempo_map):
            return TempoChange(tempo_map)
        case MeterMapChanged(meter_map):
            return MeterChange(meter_map)
        case LoopChanged(loop):
            return LoopChange(loop)
    return None


def introduction(session: Session, known: Known | None, leads: WhoLeads, now: float) -> tuple[ToPlay, ...]:
    """What to tell a play process that is met at second `now` of the clock, in order.

    known: what it has been told by a control before this one; None where it must be told everything.
    """
    timeline, transport = session.timeline, session.transport
    meters = MeterChange(timeline.meter_map)
    if known is None:
        tempo_map, place = leads.introduction(transport, timeline.tempo_map, now)
        return meters, TempoChange(tempo_map), LoopChange(transport.loop), *place
    # What the control before us knew, but may have died before telling.
    tempo = (TempoChange(timeline.tempo_map),) if known.tempo_map != timeline.tempo_map else ()
    loop = (LoopChange(transport.loop),) if known.transport.loop != transport.loop else ()
    return meters, *tempo, *loop
