"""Ardour's session files, as Ardour saved them, against what Ardour itself says of them."""

import re
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.errors import HostError
from hitpoint.hosts.ardour import read_ardour_session
from hitpoint.timeline.meter import BarBeatTick
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import TICKS_PER_QUARTER, FrameRate

TRANSCRIPTS = Path(__file__).parents[1] / "transcripts" / "ardour"
FILM = TRANSCRIPTS / "film.ardour"
SAMPLE_RATE = 48_000
SUPERCLOCKS_PER_SECOND = 282_240_000
ARDOUR_TICKS = 1920


def _read(path: Path) -> Timeline:
    return read_ardour_session(path, FrameRate.named("24"))


def _answers(kind: str) -> list[list[str]]:
    lines = (TRANSCRIPTS / "film.answers.txt").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.split("\t")[0] == kind]


def _tick(quarters: str) -> float:
    whole, ticks = quarters.split(":")
    return int(whole) * TICKS_PER_QUARTER + int(ticks) * TICKS_PER_QUARTER / ARDOUR_TICKS


def _with(tmp_path: Path, old: str, new: str) -> Path:
    """The film's session with something else in its place."""
    text = FILM.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "changed.ardour"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["film", "ramps", "last_ramp"])
def test_every_tempo_falls_at_the_superclock_that_ardour_wrote_beside_it(name: str) -> None:
    file = TRANSCRIPTS / f"{name}.ardour"
    tempo_map = _read(file).tempo_map
    # Not the metres: Ardour leaves an old superclock beside a metre when the tempo before it changes.
    points = list(ElementTree.parse(file).iterfind("TempoMap/Tempos/Tempo"))
    assert len(points) >= 2
    for point in points:
        ours = tempo_map.seconds_at(_tick(point.attrib["quarters"]))
        assert ours == pytest.approx(int(point.attrib["sclock"]) / SUPERCLOCKS_PER_SECOND, abs=1e-6)


def test_a_tempo_that_begins_between_our_ticks_leaves_what_follows_in_time(tmp_path: Path) -> None:
    """Ardour counts twice as finely: rounded to a tick of ours, all that follows would be off by a part of one."""
    points = "".join(
        f'<Tempo quarters="{quarters}:1" npm="{npm}" enpm="{npm}" note-type="4" omega="0" sclock="0"/>'
        for quarters, npm in zip(range(1, 101), 50 * (30.0, 240.0), strict=True)
    )
    start = '<Tempo quarters="0:0" npm="120" enpm="120" note-type="4" omega="0" sclock="0"/>'
    file = tmp_path / "between.ardour"
    whole = ElementTree.fromstring(FILM.read_text(encoding="utf-8"))
    tempos = whole.find("TempoMap/Tempos")
    assert tempos is not None
    tempos.clear()
    tempos.extend(ElementTree.fromstring(f"<Tempos>{start}{points}</Tempos>"))
    file.write_bytes(ElementTree.tostring(whole))
    first, last = 0.5 * (1 + 1 / ARDOUR_TICKS), 0.25 * (1 - 1 / ARDOUR_TICKS)
    seconds = first + 50 * 2.0 + 49 * 0.25 + last
    assert _read(file).tempo_map.seconds_at(101 * TICKS_PER_QUARTER) == pytest.approx(seconds, abs=1e-6)


def test_half_way_through_every_quarter_ardour_is_at_the_same_sample_bar_and_tempo() -> None:
    timeline = _read(FILM)
    for _, quarter, sample, place, bpm in _answers("Q"):
        tick = int(quarter) * TICKS_PER_QUARTER + TICKS_PER_QUARTER // 2
        # Ardour's answer is cut to the sample before.
        assert timeline.tempo_map.seconds_at(tick) * SAMPLE_RATE == pytest.approx(int(sample) + 0.5, abs=0.51)
        bar, beat, ticks = map(int, place.split("|"))
        assert timeline.meter_map.bar_beat_tick_at(tick) == BarBeatTick(bar, beat, ticks // 2)
        # Where one tempo gives way to the next, either is right.
        assert float(bpm) in [pytest.approx(timeline.tempo_map.bpm_at(at), abs=0.01) for at in (tick - 0.5, tick)]


def test_markers_lie_within_half_a_tick_of_where_ardour_has_them() -> None:
    timeline = _read(FILM)
    said = {name: (_tick(quarters), int(sample)) for _, name, sample, quarters, *_ in _answers("LOC")}
    assert [marker.name for marker in timeline.markers] == [
        "1m01 calm, strings, D minor",
        "HIT door slams",
        'Tür <knallt> & "Ende"',
        "HIT in the ramp",
        "tense, brass",
        "HIT reveal",
        "END",
    ]
    for marker in timeline.markers:
        tick, sample = said[marker.name]
        assert abs(marker.tick - tick) <= 1.0
        late = timeline.tempo_map.seconds_at(marker.tick) - sample / SAMPLE_RATE
        assert abs(late) <= 60 / 97 / TICKS_PER_QUARTER / 2 + 1 / SAMPLE_RATE


def test_ranges_are_regions_and_loops_are_nothing() -> None:
    regions = {region.name: (region.start, region.end) for region in _read(FILM).regions}
    assert regions == {"range1": (45234 // 2, 26308), "range2": (30 * 960, 31 * 960 + 4)}


def test_the_pictures_rate_is_the_sessions_and_what_it_has_none_for_is_the_callers(tmp_path: Path) -> None:
    assert _read(FILM).frame_rate.name == "25"
    other = _with(tmp_path, "timecode_25", "timecode_5994")
    assert read_ardour_session(other, FrameRate.named("29.97df")).frame_rate.name == "29.97df"


def test_a_ramp_with_nothing_after_it_is_a_constant_tempo_as_ardour_plays_it() -> None:
    tempo_map = _read(TRANSCRIPTS / "last_ramp.ardour").tempo_map
    assert tempo_map.bpm_at(1_000_000) == 100.0


def test_the_range_that_is_the_session_itself_is_no_region(tmp_path: Path) -> None:
    # Ardour writes it once something has been recorded.
    file = _with(tmp_path, 'flags="IsRangeMarker"', 'flags="IsSessionRange"')
    assert [region.name for region in _read(file).regions] == ["range2"]


def test_a_range_without_length_is_a_marker(tmp_path: Path) -> None:
    timeline = _read(_with(tmp_path, 'end="b52615"', 'end="b45234"'))
    assert [(marker.tick, marker.name) for marker in timeline.markers if marker.name == "range1"] == [(22617, "range1")]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<Session ", "<Nothing ", "broken session file"),
        ("</Session>", "", "broken session file"),
        ('encoding="UTF-8"', 'encoding="klingon"', "broken session file"),
        ('version="7002"', 'version="3002"', "Ardour before 7"),
        ('version="7002"', "", "version"),
        ("TempoMap superclocks-per-second", "TempoMap nothing", "superclocks-per-second"),
        ('superclocks-per-second="282240000"', 'superclocks-per-second="0"', "0 superclocks"),
        ('npm="112"', 'npm="fast"', "npm='fast'"),
        ('npm="112"', 'npm="nan"', "nan"),
        ('npm="112"', 'npm="112000"', "112000"),
        ('note-type="4"', 'note-type="0"', "type 0"),
        ('omega="2.9525699306644198e-10"', "", "omega"),
        ('divisions-per-bar="3"', 'divisions-per-bar="0"', "0/4"),
        ('quarters="16:0"', 'quarters="sixteen"', "sixteen"),
        ('quarters="16:0"', f'quarters="{"9" * 400}:0"', "quarter"),
        ('start="a588005880"', 'start="588005880"', "HIT door slams"),
        ('start="a588005880"', 'start="aaa"', "HIT door slams"),
        ('start="a588005880"', 'start=""', "HIT door slams"),
        ('start="a588005880"', f'start="a{"9" * 5000}"', "HIT door slams"),
        ("<MusicTimes/>", '<MusicTimes><MusicTime quarters="4:0"/></MusicTimes>', "BBT marker"),
    ],
)
def test_a_broken_session_is_one_error_that_names_the_file(tmp_path: Path, old: str, new: str, words: str) -> None:
    file = _with(tmp_path, old, new)
    with pytest.raises(HostError, match=r"changed\.ardour: .*" + re.escape(words)):
        _read(file)


def test_a_session_without_a_tempo_map_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "bare.ardour"
    file.write_text('<Session version="7002"/>')
    with pytest.raises(HostError, match="no tempo map"):
        _read(file)
    file.write_text('<Session version="7002"><TempoMap superclocks-per-second="1"/></Session>')
    with pytest.raises(HostError, match="empty"):
        _read(file)


def test_other_xml_and_no_file_at_all_are_errors(tmp_path: Path) -> None:
    file = tmp_path / "page.ardour"
    file.write_text("<html/>")
    with pytest.raises(HostError, match="no Ardour session"):
        _read(file)
    with pytest.raises(HostError, match="cannot be read"):
        _read(tmp_path / "missing.ardour")


@given(st.integers(0, FILM.stat().st_size), st.binary(max_size=8))
def test_a_damaged_file_is_read_or_refused_but_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, at: int, bytes_: bytes
) -> None:
    content = FILM.read_bytes()
    file = tmp_path_factory.mktemp("damaged") / "film.ardour"
    file.write_bytes(content[:at] + bytes_ + content[at + len(bytes_) :])
    with suppress(HostError):
        _read(file)
