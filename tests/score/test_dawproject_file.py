"""DAWproject files, read back by a reader that knows nothing of what wrote them, and holds them to the schema."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.dawproject_reader import ReadProject, read_dawproject
from fakes.scores import parts as random_parts
from fakes.timelines import timelines
from hitpoint.errors import ScoreError
from hitpoint.score.dawproject_file import dawproject_content
from hitpoint.score.midi_score import MidiPart, markers_of, playable
from hitpoint.score.note import Note
from hitpoint.score.tempo_ramps import LARGEST_DRIFT
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory):
    return tmp_path_factory.mktemp("dawproject") / "cue.dawproject"


def written(path, parts, timeline, title="") -> ReadProject:
    path.write_bytes(dawproject_content(path.name, parts, timeline, title))
    return read_dawproject(path)


@given(st.lists(random_parts, max_size=4), timelines)
def test_tracks_and_notes_come_back_on_their_ticks(path, parts: list[MidiPart], timeline: Timeline) -> None:
    read = written(path, parts, timeline)
    assert [track.name for track in read.tracks] == [part.name for part in parts]
    for track, part in zip(read.tracks, parts, strict=True):
        assert track.notes == sorted(
            (note.tick, note.pitch, note.duration, note.velocity, part.channel) for note in playable(part.notes)
        )
        assert track.controllers == sorted(tuple(move) for move in part.moves)


@given(timelines)
def test_tempo_metre_and_markers_come_back(path, timeline: Timeline) -> None:
    read = written(path, [], timeline)
    tempi = {tick: (bpm, even) for tick, bpm, even in read.tempi}
    for point in timeline.tempo_map.points[:-1]:
        assert tempi[point.tick] == (pytest.approx(point.bpm), point.ramp is not Ramp.STEP)
    clock = TempoMap(
        tuple(TempoPoint(tick, bpm, Ramp.LINEAR_IN_BEATS if even else Ramp.STEP) for tick, bpm, even in read.tempi)
    )
    ramps = sum(point.ramp is Ramp.LINEAR_IN_TIME for point in timeline.tempo_map.points)
    assert abs(clock.seconds_at(70_000) - timeline.tempo_map.seconds_at(70_000)) <= 1e-6 + ramps * LARGEST_DRIFT
    changes = timeline.meter_map.changes
    meters = {0: changes[0].meter, **{change.tick: change.meter for change in changes}}
    assert read.meters == [(tick, meter.numerator, meter.denominator) for tick, meter in meters.items()]
    assert read.markers == [(max(0, marker.tick), marker.name) for marker in markers_of(timeline)]


@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_any_name_gets_through(path, name: str) -> None:
    read = written(path, [MidiPart(name, 0, 0)], Timeline(markers=(Marker(0, name),)), name)
    expected = "".join(
        letter if ord(letter) >= 32 or letter in "\t\n\r" else " "
        for letter in name.encode("utf-8", "replace").decode().replace("\ufffe", " ").replace("\uffff", " ")
    )
    if "?" not in expected:
        assert read.tracks[0].name == read.markers[0][1] == expected


def test_the_same_score_gives_the_same_bytes_whenever_it_is_written() -> None:
    parts = [MidiPart("cello", 3, 42, (Note(0, 48, 960, 80),))]
    one, other = (dawproject_content(name, parts, Timeline(), "title") for name in ("a.dawproject", "b.dawproject"))
    assert one == other
    with ZipFile(BytesIO(one)) as archive:
        assert {inside.date_time for inside in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_note_before_the_start_is_said() -> None:
    parts = [MidiPart("cello", 0, 42, (Note(-5, 48, 960, 80),))]
    with pytest.raises(ScoreError, match="'cello'"):
        dawproject_content("x.dawproject", parts, Timeline())
