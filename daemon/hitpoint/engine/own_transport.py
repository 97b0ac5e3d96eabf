"""What a person asks of our own transport: the built-in host's, or our place beside Link, which has none.

No clock, and nobody is told: what is to happen comes back as values.
"""

from hitpoint.engine.who_leads import WhoLeads
from hitpoint.errors import HostError
from hitpoint.hosts import actions, built_in
from hitpoint.hosts.midi_machine_control import as_asked, read_machine_control
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.scheduler.performance import TransportChange
from hitpoint.score.session import Session
from hitpoint.timeline.host_event import HostEvent, Located, Started, Stopped
from hitpoint.timeline.timeline import Timeline


def moved(
    asked: actions.TransportAsked, session: Session, leads: WhoLeads, now: float
) -> tuple[HostEvent | TransportChange, ...]:
    """What comes of it at second `now` of the clock: events that happen, and changes that play is to be asked for,
    which happen when it says so.

    Raises HostError when another leads, and for what cannot be.
    """
    if leads.is_link:
        return _beside_link(asked, session, leads.link_peers, now)
    if not leads.is_built_in:
        raise HostError(leads.refusal)
    if leads.moves_jack and isinstance(asked, actions.LoopBars) and asked.first is not None:
        raise HostError("JACK's transport has no loop, and output.transport is jack. Set it to own, or do without.")
    events = built_in.moved(asked, session, now)
    # The session moves when JACK does.
    return _asked_of_play(events) if leads.moves_jack else events


def asked_by(
    message: bytes, timeline: Timeline, leads: WhoLeads, timecode: TimecodeStart
) -> actions.TransportAsked | None:
    """What MIDI machine control asks of the built-in host; None for any other message, and where another leads, which
    hears its own. timecode: where the project begins."""
    asked = read_machine_control(message) if leads.is_built_in else None
    return None if asked is None else as_asked(asked, timeline, timecode)


def _beside_link(
    asked: actions.TransportAsked, session: Session, peers: int, now: float
) -> tuple[HostEvent | TransportChange, ...]:
    if isinstance(asked, actions.SetTempo) and peers:
        raise HostError("the tempo is the Link session's. Set it in any other program of the session.")
    events = built_in.moved(asked, session, now)
    if isinstance(asked, actions.Stop):
        # A start that waits for its bar line is to be taken back, too.
        tick = max(0.0, session.transport.tick_at(now, session.timeline.tempo_map))
        events = (Stopped(round(tick), now),)
    # It happens when the session's phase is that of the place.
    return _asked_of_play(events)


def _asked_of_play(events: tuple[HostEvent, ...]) -> tuple[HostEvent | TransportChange, ...]:
    """The same, with play asked for each that moves the transport."""
    moves = Started | Stopped | Located
    return tuple(TransportChange(event) if isinstance(event, moves) else event for event in events)
