"""Timelines that other programs wrote with OpenTimelineIO's own library."""

import pytest

from hitpoint.errors import HostError
from hitpoint.hosts.marker_files.conversion import read_list
from hitpoint.hosts.marker_files.formats import format_of_file
from hitpoint.hosts.marker_files.marker_list import REGION, MarkerList, Source
from hitpoint.timeline.units import FrameRate

otio = pytest.importorskip("opentimelineio", reason="the extra `otio` is not installed")


def time(frame: int, rate: float) -> "otio.opentime.RationalTime":
    return otio.opentime.RationalTime(frame, rate)


def timeline(*marker_rates: float, rate: float = 24000 / 1001) -> Source:
    """A clip of 100 frames from source frame 1000, after another of 50, with a marker on it and two on the timeline."""
    made = otio.schema.Timeline("Reel 1", global_start_time=time(86_400, rate))
    track = otio.schema.Track("V1")
    for first, length in ((0, 50), (1_000, 100)):
        span = otio.opentime.TimeRange(time(first, rate), time(length, rate))
        track.append(otio.schema.Clip(f"clip {first}", source_range=span))
    span = otio.opentime.TimeRange(time(1_010, rate), time(0, rate))
    track[1].markers.append(otio.schema.Marker("on the clip", span, "RED"))
    made.tracks.append(track)
    for place, own in enumerate(marker_rates or (rate,)):
        span = otio.opentime.TimeRange(time(5 + place, own), time(12, own))
        made.tracks.markers.append(otio.schema.Marker("静か", span))
    return Source("x.otio", otio.adapters.write_to_string(made, "otio_json").encode())


def read(source: Source, rate: str | None = None) -> MarkerList:
    return read_list(source, format_of_file(source), FrameRate.named(rate) if rate else None)


def test_markers_of_the_timeline_and_of_its_clips_are_read_where_they_are_seen():
    found = read(timeline())
    assert (found.frame_rate.name, found.title) == ("23.976", "Reel 1")
    assert [(one.frame, one.name, one.duration) for one in found.markers] == [
        (86_405, "静か", 12),
        (86_460, "on the clip", 0),
    ]
    assert found.markers[1].colour == "red"
    assert found.markers[0].kind == REGION


def trimmed(*places: int) -> Source:
    """A nested reel that shows frames 20 to 69 of itself, a clip from source frame 1000 in it, with markers there."""
    made = otio.schema.Timeline("Reel 1", global_start_time=time(86_400, 24))
    reel, track = otio.schema.Stack("reel 1a"), otio.schema.Track("V1")
    reel.source_range = otio.opentime.TimeRange(time(20, 24), time(50, 24))
    track.append(otio.schema.Clip("clip", source_range=otio.opentime.TimeRange(time(1_000, 24), time(100, 24))))
    for place in places:
        span = otio.opentime.TimeRange(time(place, 24), time(1, 24))
        track[0].markers.append(otio.schema.Marker(f"at {place}", span))
    reel.append(track)
    made.tracks.append(otio.schema.Track("V1"))
    made.tracks[0].append(reel)
    return Source("x.otio", otio.adapters.write_to_string(made, "otio_json").encode())


def test_markers_on_frames_that_were_trimmed_away_are_left_aside_and_named():
    found = read(trimmed(999, 1_019, 1_020, 1_069, 1_070, 1_100, 1_101))
    assert [(one.frame, one.name) for one in found.markers] == [(86_400, "at 1020"), (86_449, "at 1069")]
    assert found.remarks == ("left aside, as no clip shows their frames any more: at 999, at 1019, at 1070 and 2 more",)


def test_its_rate_says_nothing_of_labels_so_drop_frame_may_be_given():
    assert read(timeline(rate=30000 / 1001)).frame_rate.name == "29.97"
    assert read(timeline(rate=30000 / 1001), "29.97df").frame_rate.name == "29.97df"


@pytest.mark.parametrize(
    ("source", "rate", "says"),
    [
        (timeline(24, 25), None, "mixes the rates"),
        (timeline(rate=60), None, "60.0 frames a second"),
        (timeline(rate=24), "25", "is at 24"),
        (Source("x.otio", timeline().content[:300]), None, "broken"),
        (Source("x.otio", b'{"OTIO_SCHEMA": "Clip.1", "name": "x"}'), None, "no timeline"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_name(source, rate, says):
    with pytest.raises(HostError) as caught:
        read(source, rate)
    assert says in str(caught.value)
    assert "x.otio" in str(caught.value)
