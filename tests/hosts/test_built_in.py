import pytest

from hitpoint.errors import HostError
from hitpoint.hosts.actions import (
    Locate,
    LoopBars,
    Play,
    PutMarker,
    RemoveMarker,
    SetMeter,
    SetTempo,
    Stop,
    TransportAsked,
)
from hitpoint.hosts.built_in import START_LEAD_SECONDS, marked, moved
from hitpoint.score.session import Session
from hitpoint.timeline.host_event import Located, LoopChanged, Started, Stopped
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

BAR = 3840
DOOR, END = Marker(4000, "HIT door"), Marker(9000, "END")


def after(session: Session, asked: TransportAsked, now: float) -> Session:
    for event in moved(asked, session, now):
        session = session.apply(event)
    return session


def rolling(now: float = 0.0) -> Session:
    return Session(Timeline(markers=(DOOR, END))).apply(Started(now))


def test_it_starts_a_little_after_it_is_asked_and_only_when_it_stands() -> None:
    assert moved(Play(), Session(), 5.0) == (Started(5.0 + START_LEAD_SECONDS),)
    assert moved(Play(), rolling(), 5.0) == ()


def test_it_stops_where_it_is() -> None:
    assert moved(Stop(), rolling(), 1.0) == (Stopped(1920, 1.0),)
    assert moved(Stop(), Session(), 1.0) == ()


def test_a_place_is_told_in_bars_and_parts_of_one() -> None:
    assert moved(Locate(2.5), Session(), 1.0) == (Located(BAR + BAR // 2, 1.0),)


def test_a_loop_is_of_whole_bars_both_included() -> None:
    assert moved(LoopBars(2, 3), Session(), 1.0) == (LoopChanged(Loop(BAR, 3 * BAR), 1.0),)
    assert moved(LoopBars(None, None), Session(), 1.0) == (LoopChanged(None, 1.0),)


def test_who_stops_it_a_hair_before_the_turn_finds_it_at_the_loops_start() -> None:
    session = after(rolling(), LoopBars(1, 1), 0.5)
    assert moved(Stop(), session, 2.0 - 1e-4) == (Stopped(0, 2.0 - 1e-4),)


def test_another_tempo_holds_from_where_it_is_and_moves_nothing() -> None:
    session = after(rolling(), SetTempo(60.0), 1.0)
    assert session.transport.tick_at(1.0, session.timeline.tempo_map) == 1920
    assert session.transport.tick_at(2.0, session.timeline.tempo_map) == 1920 + 960
    assert session.timeline.tempo_map.bpm_at(0) == 120


def test_another_metre_holds_from_the_next_bar_line() -> None:
    session = after(rolling(), SetMeter(3, 4), 1.0)
    bars = session.timeline.meter_map
    assert [str(bars.bar(index).meter) for index in (0, 1)] == ["4/4", "3/4"]
    assert str(after(Session(), SetMeter(7, 8), 0.0).timeline.meter_map.bar(0).meter) == "7/8"
    with pytest.raises(HostError, match="cannot be counted"):
        moved(SetMeter(4, 5), rolling(), 1.0)


def test_a_marker_is_set_moved_and_taken_away_by_its_name() -> None:
    session = rolling()
    for event in marked(PutMarker("HIT reveal", 3.0), session):
        session = session.apply(event)
    assert session.timeline.markers == (DOOR, Marker(2 * BAR, "HIT reveal"), END)
    for event in marked(PutMarker("HIT door", 1.5), session):
        session = session.apply(event)
    assert session.timeline.markers[0] == Marker(BAR // 2, "HIT door")
    for event in marked(RemoveMarker("END"), session):
        session = session.apply(event)
    assert [marker.name for marker in session.timeline.markers] == ["HIT door", "HIT reveal"]
    with pytest.raises(HostError, match="no marker"):
        marked(RemoveMarker("END"), session)
