"""A list keeps its frames through every pair of formats, and what it loses is named."""

from collections import Counter

import pytest

from fakes.marker_lists import RATES, random_list
from hitpoint.errors import HostError
from hitpoint.hosts.marker_files.conversion import converted, read_list
from hitpoint.hosts.marker_files.formats import FORMATS, MarkerFormat, format_named
from hitpoint.hosts.marker_files.marker_list import CUE, HIT, ListedMarker, MarkerList, Source
from hitpoint.hosts.marker_files.open_timeline import says as is_otio
from hitpoint.timeline.units import FrameRate

try:
    import opentimelineio
except ImportError:
    opentimelineio = None

THERE = [known for known in FORMATS if known.name != "otio" or opentimelineio is not None]
FIELDS = ("name", "duration", "colour", "note", "detail")


def through(markers: MarkerList, to: MarkerFormat) -> tuple[MarkerList, set[str]]:
    """The list as it is read back from that format, and what was named as lost."""
    new = converted(markers, to)
    losses = {"colour" if loss.what.startswith("a colour") else loss.what for loss in new.losses}
    back = read_list(Source(to.name, new.content), to, markers.frame_rate)
    frames = [marker.frame for marker in markers.markers]
    assert sorted(marker.frame for marker in back.markers) == frames
    assert "marker" not in losses
    for field in FIELDS:
        before, after = (Counter((one.frame, getattr(one, field)) for one in each.markers) for each in (markers, back))
        assert before == after or field in losses, (to.name, field, before - after, after - before)
    assert back.title == markers.title or "title" in losses
    return back, losses


def check(seed: int) -> None:
    markers = random_list(seed)
    for first in THERE:
        middle, losses = through(markers, first)
        assert "name" not in losses or first.name == "resolve"
        for second in THERE:
            through(middle, second)


@pytest.mark.seeds(24, 12)
def test_no_marker_moves_through_any_pair_of_formats_and_losses_are_named(seeds):
    for seed in seeds:
        check(seed)


@pytest.mark.slow
@pytest.mark.seeds(100, 50)
def test_many_random_lists_through_every_pair_of_formats(seeds):
    for seed in seeds:
        check(seed)


@pytest.mark.parametrize("known", THERE, ids=lambda known: known.name)
def test_a_format_gives_its_own_lists_back_whole(known):
    for seed in range(40):
        once, _ = through(random_list(seed), known)
        again = converted(once, known)
        assert read_list(Source("x", again.content), known, once.frame_rate) == once
        assert {loss.what for loss in again.losses} <= {"frame rate"}


def test_every_rate_is_told_by_the_formats_that_state_it():
    for rate in map(FrameRate.named, RATES):
        markers = MarkerList((ListedMarker(100_000, "x"),), rate)
        for known in THERE:
            content = converted(markers, known).content
            if known.holds_rate or rate.drop_frame:
                assert read_list(Source("x", content), known, None) == read_list(Source("x", content), known, rate)
            else:
                with pytest.raises(HostError, match="--frame-rate"):
                    read_list(Source("x", content), known, None)


def test_a_rate_that_the_file_denies_is_refused():
    markers = MarkerList((ListedMarker(100_000, "x"),), FrameRate.named("25"))
    for name in ("protools", "midi", "sheet"):
        content = converted(markers, format_named(name)).content
        with pytest.raises(HostError, match=r"is at 25 .* says 24"):
            read_list(Source("x", content), format_named(name), FrameRate.named("24"))
    edl = converted(markers, format_named("resolve")).content
    with pytest.raises(HostError, match="non-drop"):
        read_list(Source("x", edl), format_named("resolve"), FrameRate.named("29.97df"))


def test_a_loss_names_its_markers():
    markers = MarkerList(
        tuple(ListedMarker(frame, f"no {frame}", colour="red") for frame in range(0, 120, 24)), FrameRate.named("24")
    )
    losses = {loss.what: loss for loss in converted(markers, format_named("protools")).losses}
    assert losses["colour"].markers == 5
    assert "no 0 (00:00:00:00), no 24 (00:00:01:00), no 48 (00:00:02:00) and 2 more" in losses["colour"].words


@pytest.mark.slow
def test_ten_thousand_markers_are_converted():
    markers = MarkerList(
        tuple(ListedMarker(frame * 3, f"静か {frame}", colour="blue") for frame in range(10_000)), FrameRate.named("25")
    )
    for known in THERE:
        through(markers, known)


def test_a_marker_past_midnight_is_refused():
    content = b"#,Name,Start,End,Length\nR1,late,23:59:59:00,24:00:10:00,\n"
    with pytest.raises(HostError, match="line 2"):
        read_list(Source("x.csv", content), format_named("reaper"), FrameRate.named("25"))
    content = b"#,Name,Start,End,Length\nM1,late,86401.0,,\n"
    with pytest.raises(HostError, match="after midnight"):
        read_list(Source("x.csv", content), format_named("reaper"), FrameRate.named("25"))


@pytest.mark.skipif(opentimelineio is not None, reason="OpenTimelineIO is installed")
def test_without_the_library_the_error_says_what_to_install():
    markers = MarkerList((ListedMarker(0, "x"),), FrameRate.named("25"))
    with pytest.raises(HostError, match=r"pip install 'hitpoint\[otio\]'"):
        converted(markers, format_named("otio"))
    assert is_otio('{"OTIO_SCHEMA": "Timeline.1"}')


def test_a_sheet_comes_back_from_a_list_with_all_its_keys():
    rate = FrameRate.named("29.97df")
    markers = MarkerList(
        (
            ListedMarker(107_892, "1m01 Door", 900, note="tense, 96 bpm", kind=CUE, detail='{motif: "a"}'),
            ListedMarker(108_000, "slams", kind=HIT, detail='{weight: "2", window: ["0", "1"]}'),
            ListedMarker(109_000, "Main Title 1", kind=CUE, detail='{number: "Main", title: "Title 1"}'),
        ),
        rate,
        "Reel 1",
        detail='{picture: "v3"}',
    )
    new = converted(markers, format_named("sheet"))
    assert new.losses == ()
    assert read_list(Source("x", new.content), format_named("sheet"), None) == markers
