"""What control makes of who leads: what it tells people, play, and the plan."""

import pytest

from hitpoint.engine.who_leads import WhoLeads
from hitpoint.scheduler.performance import ClockHeard, LeaderHeard, LedBy, SourceHeard, TransportChange
from hitpoint.timeline.host_event import Located, Started
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.transport import Transport, TransportState

OWN = TempoMap.constant(120.0)


def led_by(leader: str, *above: SourceHeard) -> LeaderHeard:
    return LeaderHeard(leader, 1.0, True, (*above, SourceHeard(leader, "locked", 0.0, 0.0, 0.1)), 2.0)


def hearing(leads: WhoLeads, planned: TempoMap, bpm: float) -> TempoMap:
    """The same tempo for two seconds; what is planned by in the end."""
    for half in range(5):
        planned = leads.heard_clock(ClockHeard("locked", 1.0, bpm, 0.5, 1.0 + half / 2), planned, 0.0) or planned
    return planned


@pytest.mark.parametrize("name", ["midi", "link"])
def test_the_tempo_of_one_that_leads_no_more_is_given_up_and_one_that_stays_is_kept(name: str) -> None:
    leads = WhoLeads(("reaper", "midi", "link"), OWN)
    leads.heard(led_by(name), OWN)
    planned = hearing(leads, OWN, 100.0)
    assert planned == TempoMap.constant(100.0)
    assert leads.own_tempo(planned) is OWN
    assert leads.heard(led_by(name), planned) == ("", None)
    why, tempo_map = leads.heard(led_by("reaper"), planned)
    assert why == "REAPER leads: nobody is trusted more"
    assert tempo_map is OWN


def test_a_play_process_that_knows_nothing_is_told_who_led_where_several_may_and_else_where_it_is() -> None:
    rolling = Transport(TransportState.ROLLING, 960.0, 0.0)
    several, alone, jack = (WhoLeads(follow, OWN) for follow in (("mtc", "reaper"), ("midi",), ("jack",)))
    several.heard(led_by("reaper", SourceHeard("mtc", "silent", 3.2, None, 0.0)), OWN)
    tempo_map, told = several.introduction(rolling, OWN, 1.0)
    assert tempo_map is OWN
    [led] = told
    assert isinstance(led, LedBy)
    assert (led.leader, [type(move) for move in led.moves]) == ("reaper", [Located, Started])

    planned = hearing(alone, OWN, 97.5)
    tempo_map, told = alone.introduction(rolling, planned, 1.0)
    assert tempo_map == TempoMap.constant(97.5), "a clock is followed more closely than its tempo is planned by"
    assert [type(message) for message in told] == [TransportChange, TransportChange]
    assert jack.introduction(rolling, OWN, 1.0)[1] == [], "JACK tells itself"


def test_who_would_drive_another_ones_transport_is_told_why_not() -> None:
    leads = WhoLeads(("reaper", "mtc"), OWN)
    assert leads.is_built_in, "until play tells, the one that is always there"
    leads.heard(led_by("mtc", SourceHeard("reaper", "silent", 3.2, None, 0.0)), OWN)
    assert not leads.is_built_in
    assert leads.refusal == (
        "midi time code leads the transport (REAPER is silent for 3.2 s: midi time code leads). "
        "Use its own play, stop, locate and loop."
    )
    assert leads.status(4.0)["leads_seconds"] == 3.0
    assert WhoLeads(("reaper", "link"), OWN).is_link
