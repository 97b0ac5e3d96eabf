from hitpoint.engine.telling_play import change_of, introduction
from hitpoint.engine.who_leads import WhoLeads
from hitpoint.scheduler.performance import Known, LoopChange, MeterChange, TempoChange, TransportChange
from hitpoint.score.session import ControlMoved, Session
from hitpoint.timeline.host_event import LoopChanged, MeterMapChanged, Started, TempoMapChanged
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.transport import Transport

IN_THREE, AT_90, LOOP = MeterMap.constant(3, 4), TempoMap.constant(90.0), Loop(0, 2880)
SESSION = Session().apply(MeterMapChanged(IN_THREE)).apply(TempoMapChanged(AT_90, 0.0)).apply(LoopChanged(LOOP, 0.0))
BUILT_IN = WhoLeads(("builtin",), AT_90)


def test_play_is_told_what_its_clock_needs_and_no_more() -> None:
    assert change_of(TempoMapChanged(AT_90, 1.0)) == TempoChange(AT_90)
    assert change_of(MeterMapChanged(IN_THREE)) == MeterChange(IN_THREE)
    assert change_of(LoopChanged(None, 1.0)) == LoopChange(None)
    assert change_of(ControlMoved("intensity", 0.5)) is None
    assert change_of(Started(1.0)) is None, "that is asked of it, and by another message"


def test_a_play_process_that_knows_nothing_is_told_everything_and_where_it_is_last() -> None:
    told = introduction(SESSION, None, BUILT_IN, 1.0)
    assert told[:3] == (MeterChange(IN_THREE), TempoChange(AT_90), LoopChange(LOOP))
    assert [type(message) for message in told[3:]] == [TransportChange]


def test_one_that_outlived_its_control_is_told_what_that_one_may_have_died_before_telling() -> None:
    same = Known(Transport(loop=LOOP), AT_90)
    assert introduction(SESSION, same, BUILT_IN, 1.0) == (MeterChange(IN_THREE),)
    other = Known(Transport(), TempoMap.constant(120.0))
    assert introduction(SESSION, other, BUILT_IN, 1.0) == (MeterChange(IN_THREE), TempoChange(AT_90), LoopChange(LOOP))
