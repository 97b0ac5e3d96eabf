from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline


def test_markers_and_regions_are_in_time_order_whatever_order_the_host_gave() -> None:
    timeline = Timeline(markers=(Marker(5, "b"), Marker(1, "a")), regions=(Region(9, 10), Region(2, 3)))
    assert [marker.tick for marker in timeline.markers] == [1, 5]
    assert [region.start for region in timeline.regions] == [2, 9]


def test_markers_on_one_tick_keep_the_hosts_order() -> None:
    timeline = Timeline(markers=(Marker(5, "first"), Marker(1, "a"), Marker(5, "second")))
    assert [marker.name for marker in timeline.markers] == ["a", "first", "second"]


def test_timelines_are_equal_when_all_they_hold_is() -> None:
    assert Timeline(markers=(Marker(5, "b"),)) == Timeline(markers=(Marker(5, "b"),))
    assert Timeline(markers=(Marker(5, "b"),)) != Timeline(markers=(Marker(6, "b"),))


def test_a_timeline_becomes_another_by_what_a_host_would_tell() -> None:
    before = Timeline(markers=(Marker(5, "b"),))
    after = Timeline(TempoMap.constant(90), MeterMap.constant(3, 4), (Marker(6, "b"),), (Region(1, 2),))
    session = Session(before)
    for event in before.changes_to(after, 1.0):
        session = session.apply(event)
    assert session.timeline == after
    assert before.changes_to(before, 1.0) == ()
