"""A spotting sheet becomes a timeline whose markers are on the frame."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.errors import HostError
from hitpoint.hosts.sheet import Sheet, SheetCue, SheetHit, timeline_of
from hitpoint.hosts.sheet_reader import read_sheet
from hitpoint.timeline.meter import Meter
from hitpoint.timeline.units import FrameRate

SHEET = """\
title: The Door
frame_rate: "25"
cues:
  - number: 1m02
    start: "10:01:00:00"
    prompt: tense, brass, 132 bpm, 3/4
    hits:
      - {at: "10:01:12:13", name: reveal}
      - {at: "10:01:05:00", name: step, weight: 2, window: [0, 1]}
  - {number: 1m01, title: Calm, start: "10:00:10:00", end: "10:00:40:05", prompt: "calm, strings, 97.5 bpm, D minor"}
"""


def read(tmp_path: Path, text: str) -> Sheet:
    """A sheet from its text."""
    path = tmp_path / "door.yaml"
    path.write_text(text, encoding="utf-8")
    return read_sheet(path)


def test_cues_and_hits_are_read_in_time_order(tmp_path: Path) -> None:
    sheet = read(tmp_path, SHEET)
    assert [cue.number for cue in sheet.cues] == ["1m01", "1m02"]
    assert [hit.name for hit in sheet.cues[1].hits] == ["step", "reveal"]
    assert sheet.cues[0].end == sheet.cues[0].start + 30 * 25 + 5


def test_every_moment_becomes_a_marker_within_half_a_tick_of_its_frame(tmp_path: Path) -> None:
    timeline = timeline_of(read(tmp_path, SHEET))
    assert [marker.name for marker in timeline.markers] == [
        "1m01 calm, strings, 97.5 bpm, D minor",
        "END",
        "1m02 tense, brass, 132 bpm, 3/4",
        "HIT step",
        "HIT reveal",
    ]
    wanted = [10, 40.2, 60, 65, 72.52]
    for marker, seconds in zip(timeline.markers, wanted, strict=True):
        assert timeline.tempo_map.seconds_at(marker.tick) == pytest.approx(seconds, abs=0.5 * 60 / 97.5 / 960)


def test_a_hit_whose_name_says_so_already_is_said_once(tmp_path: Path) -> None:
    text = SHEET.replace("name: step", "name: HIT step").replace("name: reveal", "name: hit reveal")
    names = [marker.name for marker in timeline_of(read(tmp_path, text)).markers]
    assert names[-2:] == ["HIT step", "hit reveal"]


PLANNED = """
frame_rate: "25"
key_plan: {home: D minor, away: F major}
cues:
  - {number: 1m01, start: "10:00:00:00", end: "10:00:10:00", prompt: "calm, strings", key: home}
  - {number: 1m02, start: "10:00:20:00", end: "10:00:30:00", prompt: "tense, brass", key: away}
  - {number: 1m03, start: "10:00:40:00", end: "10:00:50:00", prompt: "calm, piano", key: E flat major}
  - {number: 1m04, start: "10:01:00:00", end: "10:01:10:00", prompt: "calm, piano, D minor", key: home}
  - {number: 1m05, start: "10:01:20:00", end: "10:01:30:00", prompt: "calm, piano, G minor"}
"""


def test_a_key_plan_gives_cues_their_keys(tmp_path: Path) -> None:
    sheet = read(tmp_path, PLANNED)
    assert [str(cue.key) for cue in sheet.cues] == ["D minor", "F major", "Eb major", "D minor", "None"]
    names = [marker.name for marker in timeline_of(sheet).markers if marker.name != "END"]
    assert names[:2] == ["1m01 calm, strings, D minor", "1m02 tense, brass, F major"]
    moved = read(tmp_path, PLANNED.replace("home: D minor", "home: A minor").replace("piano, D minor", "piano"))
    assert [str(cue.key) for cue in moved.cues][::3] == ["A minor", "A minor"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("key: away", "key: hone", r"line 6: key 'hone' is neither a key nor a name in the key_plan"),
        ("home: D minor", "home: blue", r"line 3: home in the key_plan is no key"),
        ("home: D minor", "home: D minor strings", r"line 3: home in the key_plan is no key"),
        ("{home: D minor, away: F major}", "D minor", r"line 3: key_plan must give keys their names"),
        ("key: E flat major", "key: 'E flat minor, 96 bpm'", r"line 7: key 'E flat minor, 96 bpm' is neither"),
        ("piano, D minor", "piano, C minor", r"line 8: key is D minor, and the prompt says C minor\. Leave one"),
        ('"tense, brass"', '"tense, brass, minor"', r"line 6: key is F major, and the prompt says minor"),
    ],
)  # fmt: skip
def test_a_key_that_cannot_be_meant_is_named_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in PLANNED
    with pytest.raises(HostError, match=says):
        read(tmp_path, PLANNED.replace(old, new))


def test_a_cue_brings_its_tempo_and_metre_and_starts_on_a_bar_line(tmp_path: Path) -> None:
    timeline = timeline_of(read(tmp_path, SHEET))
    second = timeline.markers[2].tick
    assert timeline.tempo_map.bpm_at(second - 1) == 97.5
    assert timeline.tempo_map.bpm_at(second) == 132
    bar = timeline.meter_map.bar_at(second)
    assert (bar.start, bar.meter) == (second, Meter(3, 4))
    assert timeline.frame_rate.name == "25"


@given(
    gaps=st.lists(st.integers(1, 5_000), min_size=2, max_size=8),
    tempi=st.lists(st.integers(40, 240), min_size=8, max_size=8),
    rate=st.sampled_from(["23.976", "24", "25", "29.97", "29.97df", "30"]),
)
def test_however_many_cues_no_marker_drifts_from_its_frame(gaps: list[int], tempi: list[int], rate: str) -> None:
    frame_rate = FrameRate.named(rate)
    cues, frame = [], 0
    for gap, bpm in zip(gaps, tempi, strict=False):
        frame += gap
        cues.append(SheetCue("", "", frame, None, f"{bpm} bpm", (SheetHit(frame + gap, "x"),)))
        frame += gap
    timeline = timeline_of(Sheet("", frame_rate, tuple(cues)))
    wanted = sorted(frame for cue in cues for frame in (cue.start, cue.hits[0].frame))
    for marker, at in zip(timeline.markers, wanted, strict=True):
        error = timeline.tempo_map.seconds_at(marker.tick) - float(at / frame_rate.frames_per_second)
        assert abs(error) <= 0.5 * 60 / 40 / 960 + 1e-9


def test_timecode_without_quotes_is_no_number_of_base_60(tmp_path: Path) -> None:
    sheet = read(tmp_path, "frame_rate: 24\ncues:\n  - {start: 10:00:00:00}\n")
    assert sheet.cues[0].start == 10 * 3600 * 24


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = """\
frame_rate: 26
titel: x
cues:
  - {number: 1m01, start: "00:00:10:00", end: "00:00:05:00"}
  - {number: 1m02, end: "00:00:05:00"}
  - {number: 1m03, start: "00:01:00:99"}
  - {number: 1m04, start: "00:02:00:00", hits: [{at: "00:01:00:00"}, {nam: x}]}
"""
    with pytest.raises(HostError) as caught:
        read(tmp_path, text)
    told = str(caught.value)
    for said in (
        "door.yaml",
        "line 1: frame rate '26'",
        "line 2: 'titel' is no key of a sheet. Did you mean 'title'?",
        "line 4: the cue ends before it starts",
        "line 5: start is missing",
        "line 6: start '00:01:00:99' does not exist",
        "line 7: the hit at 00:01:00:00 lies outside its cue",
        "line 7: 'nam' is no key of a hit. Did you mean 'name'?",
        "line 7: at is missing",
    ):
        assert said in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: frame_rate is missing"),
        ("\n# x\ntitle: x\ncues: [{start: '00:00:00:00'}]\n", "line 3: frame_rate is missing"),
        ("frame_rate: 24\n", "line 1: it has no cues"),
        ("frame_rate: 24\ncues:\n", "line 2: it has no cues"),
        ("frame_rate: 24\ncues: soon\n", "cues must be a list"),
        ("frame_rate: 24\ncues: [1, 2]\n", "cues must be a list"),
        ("frame_rate: [24]\ncues: [{start: '00:00:00:00'}]\n", "frame_rate must be text"),
        ("frame_rate: 24\ncues: [{start: '00:00:01;00'}]\n", "drop-frame"),
        (
            "frame_rate: 24\ncues:\n- {start: '00:00:00:00', end: '00:00:09:00'}\n- {number: 1m, start: '00:00:05:00'}",
            "line 4: cue 1m starts at 00:00:05:00, before the cue of line 3 ends",
        ),
    ],
)
def test_what_cannot_be_followed_says_why(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(HostError) as caught:
        read(tmp_path, text)
    assert says in str(caught.value)
    assert "door.yaml" in str(caught.value)


def test_a_missing_sheet_is_the_hosts_mistake(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"gone\.yaml cannot be read"):
        read_sheet(tmp_path / "gone.yaml")


MAPPED = """\
frame_rate: "24"
cues:
  - number: 1m01
    start: "00:00:10:05"
    end: "00:00:20:00"
    prompt: 100 bpm
    hits: [{at: "00:00:12:05", name: door, weight: 2.5, window: [0, 3], locked: yes}]
    tempo_map:
      - {beat: 0, seconds: 0, bpm: 120, meter: 3/4}
      - {beat: 3, seconds: 1.5, bpm: 118, meter: 5/8}
      - {beat: 5.5, bpm: 121.5}
      - {beat: 500, bpm: 60, meter: 2/4}
  - {number: 1m02, start: "00:00:20:00", prompt: 5/4 80-90 bpm}
"""


def test_a_cues_own_map_holds_from_its_start_until_the_next_cue(tmp_path: Path) -> None:
    timeline = timeline_of(read(tmp_path, MAPPED))
    start, door, _, after = (marker.tick for marker in timeline.markers)
    assert [timeline.tempo_map.bpm_at(start + ticks) for ticks in (0, 2880, 5279, 5280)] == [120, 118, 118, 121.5]
    bars = [timeline.meter_map.bar_at(start + ticks) for ticks in (0, 2880, 5280)]
    assert [(bar.start - start, str(bar.meter)) for bar in bars] == [(0, "3/4"), (2880, "5/8"), (5280, "5/8")]
    assert timeline.tempo_map.bpm_at(after + 960_000) == 85
    assert str(timeline.meter_map.bar_at(after + 960_000).meter) == "5/4"
    assert timeline.tempo_map.seconds_at(door) == pytest.approx(12 + 5 / 24, abs=0.0006)


@pytest.mark.parametrize("beat", ["8", "500"])
def test_a_ramp_goes_evenly_in_time_and_stops_where_the_next_cue_starts(tmp_path: Path, beat: str) -> None:
    text = MAPPED.replace("bpm: 121.5}", "bpm: 120, ramp: true}").replace(
        "beat: 500, bpm: 60", f"beat: {beat}, bpm: 180"
    )
    sheet = read(tmp_path, text)
    cue_map = sheet.cues[0].tempo_map
    assert cue_map is not None
    alone, timeline = cue_map.tempo_map, timeline_of(sheet)
    start, _, _, after = (marker.tick for marker in timeline.markers)
    for ticks in (5280, 6000, 7000, 8000, after - start - 2):
        assert timeline.tempo_map.bpm_at(start + ticks) == pytest.approx(alone.bpm_at(ticks))
        lasts = timeline.tempo_map.seconds_at(start + ticks) - timeline.tempo_map.seconds_at(start)
        assert lasts == pytest.approx(alone.seconds_at(ticks))
    assert (beat == "8") == (timeline.tempo_map.bpm_at(start + 7680) == 180)
    assert timeline.tempo_map.bpm_at(after + 960) == 85


def test_a_hit_that_a_map_puts_on_a_beat_is_on_its_very_tick(tmp_path: Path) -> None:
    text = MAPPED.replace("00:00:12:05", "00:00:11:05")
    start, door, *_ = (marker.tick for marker in timeline_of(read(tmp_path, text)).markers)
    assert door - start == 2 * 960


def test_what_a_hit_says_of_itself_is_read(tmp_path: Path) -> None:
    (hit,) = read(tmp_path, MAPPED).cues[0].hits
    assert (hit.weight, hit.window, hit.locked) == (2.5, (0.0, 3.0), True)
    (free,) = read(tmp_path, MAPPED.replace("locked: yes", "locked: false")).cues[0].hits
    assert not free.locked


@pytest.mark.parametrize(
    ("was", "wrong", "says"),
    [
        ("beat: 0, seconds: 0", "beat: 1", "line 9: tempo_map: the tempo map says nothing of the cue's start"),
        ("beat: 3, seconds: 1.5", "beat: 3, seconds: 1.7", "line 10: tempo_map says beat 3 comes at 1.7 s"),
        ("bpm: 118", "bpm: 1180000", "line 10: tempo_map bpm must be a number"),
        ("bpm: 118", "bpm: 1180", "tempo 1180 bpm"),
        ("5/8", "5/9", "line 10: tempo_map metre 5/9 cannot be counted"),
        ("5/8", "five", "line 10: tempo_map meter must be like 4/4"),
        ("beat: 5.5", "beat: 5.50003", "line 11: tempo_map beat 5.50003 is on no tick"),
        ("beat: 5.5", "beat: 2.5", "out of order"),
        ("beat: 5.5", "at: 5.5", "line 11: tempo_map has no key 'at'"),
        ("beat: 5.5, ", "", "line 11: tempo_map entry lacks its beat"),
        ("weight: 2.5", "weight: much", "line 7: weight must be a number"),
        ("[0, 3]", "[3]", "line 7: window must be two numbers"),
        ("locked: yes", "locked: perhaps", "line 7: locked must be true or false"),
    ],
)
def test_a_map_or_hit_that_cannot_be_is_told_with_its_line(tmp_path: Path, was: str, wrong: str, says: str) -> None:
    assert was in MAPPED
    with pytest.raises(HostError) as caught:
        read(tmp_path, MAPPED.replace(was, wrong, 1))
    assert says in str(caught.value)
