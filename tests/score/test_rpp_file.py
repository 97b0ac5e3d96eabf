"""REAPER projects, read back by a reader that knows nothing of what wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.rpp_reader import ReadProject, read_rpp
from fakes.scores import parts as random_parts
from fakes.timelines import timelines
from hitpoint.errors import ScoreError
from hitpoint.score.midi_score import MidiPart, playable
from hitpoint.score.note import Note
from hitpoint.score.rpp_file import rpp_content
from hitpoint.score.tempo_ramps import LARGEST_DRIFT
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.tempo_map import Ramp, TempoMap
from hitpoint.timeline.timeline import Timeline

some_parts = st.lists(random_parts, max_size=4)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory):
    return tmp_path_factory.mktemp("rpp") / "cue.rpp"


def written(path, parts, timeline, title="") -> ReadProject:
    path.write_bytes(rpp_content(path.name, parts, timeline, title))
    return read_rpp(path)


@given(some_parts, timelines)
def test_tracks_and_notes_come_back_on_their_ticks(path, parts: list[MidiPart], timeline: Timeline) -> None:
    read = written(path, parts, timeline)
    assert [track.name for track in read.tracks] == [part.name for part in parts]
    for track, part in zip(read.tracks, parts, strict=True):
        notes = [(note.tick, note.pitch, note.duration, note.velocity) for note in playable(part.notes)]
        assert track.notes == sorted(notes)
        assert track.controllers == [tuple(move) for move in part.moves]
        assert (track.item, track.program, track.channel) == (part.name, part.program, part.channel)


@given(timelines)
def test_tempo_and_metre_come_back(path, timeline: Timeline) -> None:
    read = written(path, [], timeline)
    tempo_map, changes = timeline.tempo_map, timeline.meter_map.changes
    tempi = {tick: (bpm, gradual) for tick, bpm, gradual in read.tempi}
    for point in tempo_map.points[:-1]:
        assert tempi[point.tick] == (pytest.approx(point.bpm, abs=1e-6), point.ramp is not Ramp.STEP)
    ramps = sum(point.ramp is Ramp.LINEAR_IN_BEATS for point in tempo_map.points)
    for tick in (*(point.tick for point in tempo_map.points), 70_000):
        drift = abs(read.seconds_at(tick) - tempo_map.seconds_at(tick))
        assert drift <= 1e-6 + ramps * LARGEST_DRIFT
    meters = {0: changes[0].meter, **{change.tick: change.meter for change in changes}}
    assert [meter[:3] for meter in read.meters] == [
        (tick, meter.numerator, meter.denominator) for tick, meter in meters.items()
    ]
    for tick, _, _, may_cut in read.meters[1:]:
        bar = timeline.meter_map.bar_at(tick - 1)
        assert may_cut == (bar.ticks < bar.meter.bar_ticks)


@given(timelines)
def test_markers_and_regions_come_back(path, timeline: Timeline) -> None:
    read = written(path, [], timeline)
    assert read.markers == [(max(0, marker.tick), marker.name) for marker in timeline.markers]
    assert sorted(read.regions) == sorted((region.start, region.end, region.name) for region in timeline.regions)


@given(st.text())
def test_any_name_gets_through_and_stays_on_its_line(path, name: str) -> None:
    timeline = Timeline(markers=(Marker(0, name), Marker(960, "after")))
    read = written(path, [MidiPart(name, 0, 0)], timeline, name)
    assert [marker for _, marker in read.markers][1:] == ["after"]
    expected = "".join(" " if ord(letter) < 32 or letter in "\x7f\x85\u2028\u2029" else letter for letter in name)
    if all(quote in expected for quote in "\"'`"):
        expected = expected.replace("`", "'")
    assert read.tracks[0].name == read.markers[0][1] == expected


def test_the_same_score_gives_the_same_bytes() -> None:
    parts = [MidiPart("cello", 3, 42, (Note(0, 48, 960, 80),))]
    one, other = (rpp_content(name, parts, Timeline(), "title") for name in ("a.rpp", "b.rpp"))
    assert one == other


@pytest.mark.parametrize(
    ("parts", "timeline", "says"),
    [
        ([MidiPart("cello", 0, 42, (Note(-5, 48, 960, 80),))], Timeline(), "'cello'"),
        ([], Timeline(TempoMap.constant(999.0)), "999 bpm"),
    ],
)
def test_what_reaper_cannot_hold_is_said(parts, timeline: Timeline, says: str) -> None:
    with pytest.raises(ScoreError, match=says):
        rpp_content("x.rpp", parts, timeline)


@given(some_parts, timelines)
def test_another_peoples_parser_reads_the_same_blocks(path, parts: list[MidiPart], timeline: Timeline) -> None:
    rpp = pytest.importorskip("rpp")
    path.write_bytes(rpp_content(path.name, parts, timeline))
    project = rpp.loads(path.read_text(encoding="utf-8"))
    assert project.tag == "REAPER_PROJECT"
    assert [track.find("NAME")[1] for track in project.findall("TRACK")] == [part.name for part in parts]
    assert len(project.findall("MARKER")) == len(timeline.markers) + 2 * len(timeline.regions)
    for track, part in zip(project.findall("TRACK"), parts, strict=True):
        events = track.find("ITEM").find("SOURCE").findall("E")
        assert sum(event[2].startswith("9") for event in events) == len(playable(part.notes))
