"""What comes of what a person asks of our own transport, by who leads."""

import pytest

from hitpoint.engine.own_transport import asked_by, moved
from hitpoint.engine.who_leads import WhoLeads
from hitpoint.errors import HostError
from hitpoint.hosts import actions
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.scheduler.performance import ClockHeard, TransportChange
from hitpoint.score.midi_message import note_on
from hitpoint.score.session import Session
from hitpoint.timeline.host_event import Located, LoopChanged, Started, Stopped, TempoMapChanged
from hitpoint.timeline.tempo_map import TempoMap

STANDS = Session()
ROLLS = STANDS.apply(Located(1920, 0.0)).apply(Started(0.0))
AT_120 = TempoMap.constant(120.0)


def led_by(name: str, moves_jack: bool = False) -> WhoLeads:
    return WhoLeads((name,), AT_120, moves_jack)


def kinds(asked: actions.TransportAsked, session: Session, leads: WhoLeads) -> list[type]:
    """What comes of it; of what play is asked for, the event itself after the asking."""
    found: list[type] = []
    for move in moved(asked, session, leads, 1.0):
        found += [TransportChange, type(move.event)] if isinstance(move, TransportChange) else [type(move)]
    return found


def test_the_built_in_host_does_at_once_what_it_is_asked() -> None:
    assert kinds(actions.Play(), STANDS, led_by("builtin")) == [Started]
    assert kinds(actions.Stop(), ROLLS, led_by("builtin")) == [Stopped]
    assert kinds(actions.LoopBars(1, 2), ROLLS, led_by("builtin")) == [LoopChanged]


def test_where_jack_is_moved_play_is_asked_and_there_is_no_loop() -> None:
    jack = led_by("builtin", moves_jack=True)
    assert kinds(actions.Play(), STANDS, jack) == [TransportChange, Started]
    assert kinds(actions.SetTempo(90.0), STANDS, jack) == [TempoMapChanged]
    assert kinds(actions.LoopBars(None, None), STANDS, jack) == [LoopChanged]
    with pytest.raises(HostError, match="no loop"):
        moved(actions.LoopBars(1, 2), STANDS, jack, 1.0)


def test_beside_link_a_start_that_still_waits_is_taken_back_by_a_stop() -> None:
    link = led_by("link")
    assert kinds(actions.Stop(), STANDS, led_by("builtin")) == []
    assert kinds(actions.Stop(), STANDS, link) == [TransportChange, Stopped]
    # A second at 120 a minute is two quarters.
    assert moved(actions.Stop(), ROLLS, link, 1.0) == (TransportChange(Stopped(1920 + 2 * 960, 1.0)),)


def test_a_tempo_is_refused_while_others_are_in_the_link_session() -> None:
    link = led_by("link")
    assert kinds(actions.SetTempo(90.0), STANDS, link) == [TempoMapChanged]
    link.heard_clock(ClockHeard("stopped", 0.0, 90.0, 0.0, 1.0, peers=1), AT_120, 0.0)
    with pytest.raises(HostError, match="Link session"):
        moved(actions.SetTempo(80.0), STANDS, link, 1.0)
    assert kinds(actions.Locate(3.0), STANDS, link) == [TransportChange, Located]


def test_where_another_leads_its_own_transport_is_pointed_to() -> None:
    with pytest.raises(HostError, match=r"midi clock leads the transport\. Use its own play"):
        moved(actions.Play(), STANDS, led_by("midi"), 1.0)


def test_machine_control_asks_the_built_in_host_and_no_other() -> None:
    play, timeline, start = b"\xf0\x7f\x7f\x06\x02\xf7", STANDS.timeline, TimecodeStart()
    assert asked_by(play, timeline, led_by("builtin"), start) == actions.Play()
    assert asked_by(play, timeline, led_by("midi"), start) is None
    assert asked_by(note_on(0, 60, 90), timeline, led_by("builtin"), start) is None
