from hypothesis import given
from hypothesis import strategies as st

from hitpoint.planner.sync import LEAD_SECONDS, earliest_tick, sync_point, sync_tick
from hitpoint.score.session import Session
from hitpoint.score.when import When
from hitpoint.timeline.host_event import Located, Started
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

BAR = 3840
METERS = MeterMap((MeterChange(0, Meter(4, 4)), MeterChange(2 * BAR, Meter(7, 8))))
MARKERS = (Marker(0, "1m01 calm, strings"), Marker(5000, "HIT door"), Marker(30_000, "END"))


def a_session(*, rolling: bool = True, markers: tuple[Marker, ...] = MARKERS, bpm: float = 120.0) -> Session:
    regions = (Region(20_000, 25_000, "wind"),) if markers else ()
    session = Session(Timeline(TempoMap.constant(bpm), METERS, markers, regions))
    return session.apply(Started(0.0)) if rolling else session.apply(Located(0, 0.0))


def test_the_next_beat_is_of_the_metre_in_force():
    assert sync_tick(a_session(), 100.0, When.BEAT) == 960
    assert sync_tick(a_session(), 2 * BAR + 10.0, When.BEAT) == 2 * BAR + 480
    assert sync_tick(a_session(), 2 * BAR + 6 * 480 - 200.0, When.BEAT) == 2 * BAR + 7 * 480


def test_a_beat_that_is_too_near_is_left_to_the_one_after():
    # 150 ms at 120 bpm are 288 ticks.
    assert sync_tick(a_session(), 960 - 288.0, When.BEAT) == 960
    assert sync_tick(a_session(), 960 - 287.0, When.BEAT) == 1920


def test_while_it_stands_the_place_itself_is_taken():
    assert sync_tick(a_session(rolling=False), 3840.0, When.BAR) == 3840
    assert sync_tick(a_session(rolling=False), 1000.0, When.NOW) == 1000


def test_the_next_marker_may_be_a_region_and_is_a_bar_line_where_none_comes():
    assert sync_tick(a_session(), 0.0, When.MARKER) == 5000
    assert sync_tick(a_session(), 5000.0, When.MARKER) == 20_000
    assert sync_tick(a_session(markers=()), 100.0, When.MARKER) == BAR


def test_the_end_is_the_cues_own_and_else_the_next_marker():
    assert sync_tick(a_session(), 6000.0, When.END) == 20_000
    assert sync_tick(a_session(markers=(Marker(0, "1m01 calm"), Marker(9000, "END"))), 100.0, When.END) == 9000
    assert sync_tick(a_session(markers=()), 100.0, When.END) == BAR


@given(st.floats(0.0, 50_000.0), st.sampled_from(When), st.floats(20.0, 400.0))
def test_a_sync_point_is_never_nearer_than_the_lead(tick: float, when: When, bpm: float):
    session = a_session(bpm=bpm)
    seconds = session.timeline.tempo_map.seconds_at
    found = sync_tick(session, tick, when)
    assert seconds(found) - seconds(tick) >= LEAD_SECONDS - 1e-6
    assert sync_point(session, earliest_tick(session, tick), when) == found
    assert sync_point(session, found, when) == found or when is When.END
    if when is When.BEAT:
        bar = METERS.bar_at(found)
        assert (found - bar.start) % bar.meter.beat_ticks == 0
    if when is When.BAR:
        assert METERS.bar_at(found).start == found
