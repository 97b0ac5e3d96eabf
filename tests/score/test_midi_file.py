"""MIDI files: what is written is what is read, and what cannot be read says so."""

import re
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import mido
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hitpoint.errors import ScoreError
from hitpoint.hosts.marker_files import midi_markers
from hitpoint.hosts.marker_files.marker_list import Source
from hitpoint.score.controls import SCALES, Key
from hitpoint.score.expression import ControllerMove
from hitpoint.score.file_part import parts_in
from hitpoint.score.midi_events import parse_events
from hitpoint.score.midi_file import read_midi_file, write_midi_file
from hitpoint.score.midi_score import KeyChange, MidiPart, MidiScore, key_of, playable, signature_of
from hitpoint.score.note import Note
from hitpoint.score.stem import Part, instrument_named
from hitpoint.score.tempo_steps import LARGEST_DRIFT, tempo_steps
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.timecode import frame_at
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
TICKS = st.integers(0, 400_000)
NOTES = st.builds(Note, TICKS, st.integers(0, 127), st.integers(1, 20_000), st.integers(1, 127))
PARTS = st.builds(
    MidiPart,
    NAMES,
    st.integers(0, 15),
    st.none() | st.integers(0, 127),
    st.lists(NOTES, min_size=1, max_size=12).map(lambda notes: playable(notes)),
)
POINTS = st.lists(
    st.builds(TempoPoint, TICKS, st.floats(20, 400), st.sampled_from(Ramp)),
    min_size=1,
    max_size=6,
    unique_by=lambda point: point.tick,
).map(lambda points: tuple(sorted(points, key=lambda point: point.tick)))
METERS = st.builds(Meter, st.integers(1, 13), st.sampled_from((1, 2, 4, 8, 16)))
CHANGES = st.lists(
    st.builds(MeterChange, TICKS, METERS), min_size=1, max_size=4, unique_by=lambda change: change.tick
).map(lambda changes: tuple(sorted(changes, key=lambda change: change.tick)))
MARKERS = st.lists(st.builds(Marker, TICKS, NAMES), max_size=8, unique=True).map(tuple)

several = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(path: Path, *parts: MidiPart, timeline: Timeline | None = None) -> MidiScore:
    """Write and read again."""
    write_midi_file(path, parts, timeline or Timeline())
    return read_midi_file(path)


def file_of(*tracks: bytes, kind: int = 1, division: int = 480) -> bytes:
    """A MIDI file made by hand."""
    header = b"MThd" + (6).to_bytes(4, "big") + b"".join(n.to_bytes(2, "big") for n in (kind, len(tracks), division))
    return header + b"".join(b"MTrk" + len(track).to_bytes(4, "big") + track for track in tracks)


END = bytes.fromhex("00ff2f00")


@several
@given(parts=st.lists(PARTS, max_size=4).map(tuple))
def test_parts_come_back_as_they_were_written(tmp_path: Path, parts: tuple[MidiPart, ...]) -> None:
    assert written(tmp_path / "a.mid", *parts).parts == parts


@several
@given(parts=st.lists(PARTS, max_size=4).map(tuple), points=POINTS, markers=MARKERS)
def test_what_is_written_has_the_bytes_that_mido_gives_its_messages(
    tmp_path: Path, parts: tuple[MidiPart, ...], points: tuple[TempoPoint, ...], markers: tuple[Marker, ...]
) -> None:
    write_midi_file(tmp_path / "a.mid", parts, Timeline(TempoMap(points), markers=markers), "title")
    mido.MidiFile(tmp_path / "a.mid").save(tmp_path / "b.mid")
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes()


def test_a_marker_before_the_timelines_start_is_written_at_it(tmp_path: Path) -> None:
    timeline = Timeline(markers=(Marker(-960, "pre-roll"), Marker(480, "1m01")))
    assert [marker.tick for marker in written(tmp_path / "a.mid", timeline=timeline).timeline.markers] == [0, 480]


@several
@given(changes=CHANGES, markers=MARKERS)
def test_metre_and_markers_come_back_tick_for_tick(
    tmp_path: Path, changes: tuple[MeterChange, ...], markers: tuple[Marker, ...]
) -> None:
    timeline = Timeline(meter_map=MeterMap(changes), markers=markers)
    again = written(tmp_path / "a.mid", timeline=timeline).timeline
    assert again.markers == timeline.markers
    for tick in range(0, 420_000, 977):
        assert again.meter_map.bar_at(tick) == timeline.meter_map.bar_at(tick)


@several
@given(points=POINTS, end=TICKS)
def test_the_files_clock_stays_within_a_millisecond_of_the_map(points: tuple[TempoPoint, ...], end: int) -> None:
    tempo_map = TempoMap(points)
    steps = tempo_steps(tempo_map, end)
    last = max(end, points[-1].tick)
    seconds = Fraction(0)
    for step, after in zip(steps, (*steps[1:], None), strict=True):
        stop = min(after.tick, last) if after else last
        for tick in (step.tick, (step.tick + stop) // 2, stop):
            clock = float(seconds + Fraction((tick - step.tick) * step.microseconds, 960_000_000))
            assert abs(clock - tempo_map.seconds_at(tick)) <= LARGEST_DRIFT
        seconds += Fraction((stop - step.tick) * step.microseconds, 960_000_000)


def test_an_hour_at_an_awkward_tempo_does_not_drift() -> None:
    tempo_map = TempoMap.constant(97.5)
    end = tempo_map.tick_at(3600)
    steps = tempo_steps(tempo_map, end)
    ticks = [*(step.tick for step in steps), end]
    clock = sum((there - here) * step.microseconds for here, there, step in zip(ticks, ticks[1:], steps, strict=False))
    assert clock / 960e6 == pytest.approx(3600, abs=LARGEST_DRIFT)


def test_a_plain_tempo_is_one_step_and_stays_itself_after_others() -> None:
    tempo_map = TempoMap((TempoPoint(0, 97.5), TempoPoint(38_400, 120.0)))
    assert [step.microseconds for step in tempo_steps(tempo_map, 100_000)] == [615_385, 500_000]


def test_after_a_ramp_the_tempo_is_exactly_its_end() -> None:
    tempo_map = TempoMap((TempoPoint(0, 80.0, Ramp.LINEAR_IN_BEATS), TempoPoint(15_360, 140.0)))
    steps = tempo_steps(tempo_map, 30_720)
    assert steps[-1].tick == 15_360
    assert steps[-1].microseconds == round(60e6 / 140)
    assert 30 < len(steps) < 200


def test_a_controller_moves_before_the_note_of_its_tick(tmp_path: Path) -> None:
    notes = (Note(0, 60, 480, 80), Note(480, 60, 480, 120))
    moves = (ControllerMove(0, 11, 90), ControllerMove(480, 11, 127))
    write_midi_file(tmp_path / "a.mid", [MidiPart("violin 1", 3, 40, notes, moves)], Timeline())
    kinds = [event.type for event in mido.MidiFile(tmp_path / "a.mid").tracks[1]]
    assert kinds[2:-1] == ["control_change", "note_on", "control_change", "note_off", "note_on", "note_off"]


def test_the_same_score_gives_the_same_bytes(tmp_path: Path) -> None:
    moves = (ControllerMove(0, 1, 64),)
    part = MidiPart.of(
        Part("violin 1", instrument_named("violin")), 0, [Note(960, 67, 480, 90), Note(0, 60, 480, 80)], moves
    )
    for name in ("a.mid", "b.mid"):
        write_midi_file(tmp_path / name, [part], Timeline(), "Reel 1", [KeyChange(0, Key(2, "minor"))])
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes()


def test_title_key_and_names_in_any_script_come_back(tmp_path: Path) -> None:
    part = MidiPart("violoncelle №2 · 大提琴", 3, 42, (Note(0, 48, 960, 70),))
    write_midi_file(tmp_path / "a.mid", [part], Timeline(), "Bobine 1 – été", [KeyChange(960, Key(2, "minor"))])
    score = read_midi_file(tmp_path / "a.mid")
    assert (score.title, score.parts, score.keys) == ("Bobine 1 – été", (part,), (KeyChange(960, Key(2, "minor")),))


@pytest.mark.parametrize(
    ("rate", "label", "stated"),
    [
        ("23.976", "01:02:03:23", 24),
        ("24", "00:00:00:01", 24),
        ("25", "10:59:59:24", 25),
        ("29.97", "01:01:00:00", 30),
        ("29.97df", "01:01:00;02", 29.97),
        ("30", "23:59:59:29", 30),
    ],
)
def test_the_timecode_at_its_start_is_in_the_file_and_found_again(
    tmp_path: Path, rate: str, label: str, stated: float
) -> None:
    frames = FrameRate.named(rate)
    timeline = Timeline(
        TempoMap.constant(120.0), markers=(Marker(1920, "HIT"),), frame_rate=frames, start_frame=frame_at(label, frames)
    )
    write_midi_file(tmp_path / "a.mid", [], timeline)
    [offset] = [event for event in mido.MidiFile(tmp_path / "a.mid").tracks[0] if event.type == "smpte_offset"]
    assert (offset.frame_rate, offset.time) == (stated, 0)
    assert [offset.hours, offset.minutes, offset.seconds, offset.frames] == [
        int(number) for number in re.split("[:;]", label)
    ]
    found = midi_markers.read(Source("a.mid", (tmp_path / "a.mid").read_bytes()), None)
    assert found.frame_rate == frames
    assert found.markers[0].frame == frame_at(label, frames) + round(frames.frames_in(1.0))


def test_a_region_becomes_a_marker_at_its_start_and_an_end(tmp_path: Path) -> None:
    timeline = Timeline(markers=(Marker(960, "HIT door"),), regions=(Region(0, 1920, "1m03 tense"),))
    markers = written(tmp_path / "a.mid", timeline=timeline).timeline.markers
    assert markers == (Marker(0, "1m03 tense"), Marker(960, "HIT door"), Marker(1920, "END 1m03 tense"))


def test_a_key_struck_while_it_sounds_ends_first() -> None:
    notes = (Note(0, 60, 960, 80), Note(480, 60, 960, 80), Note(480, 60, 100, 80))
    assert playable(notes) == (Note(0, 60, 480, 80), Note(480, 60, 960, 80))


@pytest.mark.parametrize("mode", sorted(SCALES))
@pytest.mark.parametrize("tonic", range(12))
def test_every_key_has_the_signature_of_its_scale(tonic: int, mode: str) -> None:
    key = Key(tonic, mode)
    assert key_of(signature_of(key)).scale == key.scale
    if mode in ("major", "minor"):
        assert key_of(signature_of(key)) == key


def test_any_resolution_is_rescaled_to_ours(tmp_path: Path) -> None:
    track = bytes.fromhex("00ff060348495400903c4060803c0060903c4060903c00") + END
    (tmp_path / "a.mid").write_bytes(file_of(track, kind=0, division=96))
    score = read_midi_file(tmp_path / "a.mid")
    assert score.timeline.markers == (Marker(0, "HIT"),)
    assert score.parts == (MidiPart("", 0, None, (Note(0, 60, 960, 64), Note(1920, 60, 960, 64))),)


def test_latin_1_names_of_older_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(file_of(b"\x00\xff\x06\x04\xe9t\xe9!" + END))
    assert read_midi_file(tmp_path / "a.mid").timeline.markers == (Marker(0, "été!"),)


def test_a_tracks_name_is_one_line_that_a_terminal_prints_and_does_not_obey(tmp_path: Path) -> None:
    name = b"Violin\x1b[31m\n2"
    content = file_of(b"\x00\xff\x03" + bytes([len(name)]) + name + bytes.fromhex("00903c408360803c40") + END)
    (tmp_path / "a.mid").write_bytes(content)
    assert read_midi_file(tmp_path / "a.mid").parts[0].name == "Violin [31m 2"
    assert parts_in(parse_events(content, "a"))[0].name == "Violin [31m 2"


def test_a_file_without_tempo_or_metre_has_the_standards(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(file_of(END))
    assert read_midi_file(tmp_path / "a.mid").timeline == Timeline()


@pytest.mark.parametrize("tempo", [None, 500_000, 400_000])
def test_a_tempo_that_is_stated_is_told_from_one_that_is_assumed(tmp_path: Path, tempo: int | None) -> None:
    stated = [] if tempo is None else [mido.MetaMessage("set_tempo", tempo=tempo)]
    mido.MidiFile(tracks=[mido.MidiTrack(stated)]).save(path := tmp_path / "a.mid")
    assert read_midi_file(path).tempo_stated == bool(stated)


def test_a_note_that_never_ends_ends_with_its_track(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(file_of(bytes.fromhex("00903c40") + b"\x83\x60\xff\x2f\x00"))
    assert read_midi_file(tmp_path / "a.mid").parts[0].notes == (Note(0, 60, 960, 64),)


def test_the_pictures_rate_is_the_readers_to_say(tmp_path: Path) -> None:
    write_midi_file(tmp_path / "a.mid", [], Timeline())
    assert read_midi_file(tmp_path / "a.mid", FrameRate.named("25")).timeline.frame_rate.name == "25"


BROKEN = {
    "is empty": b"",
    "not a MIDI file": b"RIFFnonsense",
    "broken MIDI file": file_of(END)[:-6],
    "type 2": file_of(END, kind=2),
    "SMPTE": file_of(END, division=0xE728),
    "0 ticks": file_of(END, division=0),
    "endless": file_of(bytes.fromhex("00ff5103000000") + END),
    "outside 10 to 1000": file_of(bytes.fromhex("00ff5103ffffff") + END),
    "metre 0/4": file_of(bytes.fromhex("00ff580400021808") + END),
}


@pytest.mark.parametrize("says", BROKEN)
def test_a_file_that_cannot_be_read_says_which_and_why(tmp_path: Path, says: str) -> None:
    path = tmp_path / "reel 1.mid"
    path.write_bytes(BROKEN[says])
    with pytest.raises(ScoreError, match=r"reel 1\.mid") as caught:
        read_midi_file(path)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@several
@given(content=st.binary(max_size=80), cut=st.integers(0, 80))
def test_no_bytes_whatever_break_the_reader(tmp_path: Path, content: bytes, cut: int) -> None:
    whole = file_of(content + END)
    (tmp_path / "a.mid").write_bytes(whole[: len(whole) - cut])
    with suppress(ScoreError):
        read_midi_file(tmp_path / "a.mid")


@pytest.mark.parametrize("places", [(14,), (14, 14), (-1,)])
def test_chunks_of_other_kinds_are_passed_over_wherever_they_lie(tmp_path: Path, places: tuple[int, ...]) -> None:
    whole = file_of(bytes.fromhex("00903c408360803c00") + END)
    content = whole
    for place in places:
        at = place if place >= 0 else len(content)
        content = content[:at] + b"XFIH" + (4).to_bytes(4, "big") + b"abcd" + content[at:]
    (tmp_path / "plain.mid").write_bytes(whole)
    (tmp_path / "foreign.mid").write_bytes(content)
    assert read_midi_file(tmp_path / "foreign.mid") == read_midi_file(tmp_path / "plain.mid")
    assert len(read_midi_file(tmp_path / "foreign.mid").parts) == 1


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ScoreError, match=r"nowhere\.mid cannot be read: No such file"):
        read_midi_file(tmp_path / "nowhere.mid")


def test_what_cannot_be_written_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    path.write_bytes(b"old")
    with pytest.raises(ScoreError, match="before the timeline's start"):
        write_midi_file(path, [MidiPart("flute", 0, 73, (Note(-1, 60, 10, 60),))], Timeline())
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.mid"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScoreError, match=r"nowhere/a\.mid cannot be written"):
        write_midi_file(tmp_path / "nowhere" / "a.mid", [], Timeline())
