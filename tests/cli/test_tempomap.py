"""`hitpoint tempomap` on a sheet: what it tells, and what it writes."""

import codecs
import json
from pathlib import Path

import pytest

from hitpoint.cli.main import EXIT_MISTAKE, main
from hitpoint.hosts.map_file import read_map
from hitpoint.hosts.sheet_reader import read_sheet
from hitpoint.timeline.units import FrameRate

SHEET = """\
# Reel 1, picture v3
title: The Door
frame_rate: "24"
cues:
  - number: 1m01   # the house
    start: "01:00:00:00"
    end: "01:00:30:00"   # fade
    prompt: tense, 100 bpm, 3/4
    # spotted on Monday
    hits:
      - {at: "01:00:05:03", name: door, weight: 2}
      - {at: "01:00:11:15", name: fall}
      - {at: "01:00:11:17", name: echo, locked: false}
  - {number: 1m02, start: "01:01:00:00", hits: [{at: "01:01:07:07", name: end}]}   # short
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "reel.yaml"
    path.write_text(SHEET, encoding="utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict:
    assert main(["tempomap", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_json_says_where_tempo_metre_and_hits_are(sheet, capsys) -> None:
    said = told(capsys, sheet, "--cue", "1m01")
    assert said["unsolved"] == []
    assert list(said["events"][0]) == ["beat", "seconds", "bpm", "meter", "ramp"]
    assert (said["events"][0]["beat"], said["events"][0]["seconds"]) == (0, 0)
    assert [(hit["name"], hit["seconds"]) for hit in said["hits"]] == [
        ("door", 5.125), ("fall", 11.625), ("echo", round(11 + 17 / 24, 6))
    ]  # fmt: skip
    assert all(abs(hit["frames_off"]) <= 0.5 for hit in said["hits"] if hit["locked"])


def test_people_see_the_map_the_hits_and_what_cannot_be_met(sheet, capsys) -> None:
    sheet.write_text(SHEET.replace(", locked: false", ""), encoding="utf-8")
    assert main(["tempomap", str(sheet), "--cue", "1m01"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0].split() == ["bar", "beat", "seconds", "bpm", "metre"]
    assert "echo at 11.708 s can't be met" in out
    assert "unlock it" in out


def test_a_midi_file_has_the_map_and_a_marker_on_each_hits_frame(sheet, capsys, tmp_path) -> None:
    path = tmp_path / "1m01.mid"
    said = told(capsys, sheet, "--cue", "1m01", "-o", path)
    assert said["files"] == [str(path)]
    timeline = read_map(path, FrameRate.named("24"))
    places = {marker.name: timeline.tempo_map.seconds_at(marker.tick) for marker in timeline.markers}
    assert places["HIT door"] == pytest.approx(5.125, abs=0.001)
    assert places["END"] == pytest.approx(30, abs=0.001)
    beats = {hit["name"]: hit["beat"] for hit in said["hits"]}
    assert [marker.tick for marker in timeline.markers if marker.name == "HIT door"] == [beats["door"] * 960]
    assert str(timeline.meter_map.bar_at(0).meter) == said["events"][0]["meter"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("cue", ["1m01", "1m02"])
def test_the_sheet_gets_the_map_and_keeps_every_other_letter(sheet, capsys, line_end, cue) -> None:
    sheet.write_bytes(SHEET.replace("\n", line_end).encode())
    before = sheet.read_bytes().decode()
    said = told(capsys, sheet, "--cue", cue, "--write")
    after = sheet.read_bytes().decode()
    removed = [line for line in before.splitlines(True) if line not in after.splitlines(True)]
    assert removed == ([] if cue == "1m01" else [before.splitlines(True)[-1]])
    assert "# short" in after
    assert ("\r" in after) == (line_end == "\r\n")
    mapped = next(one for one in read_sheet(sheet).cues if one.number == cue).tempo_map
    assert mapped is not None
    assert [(event.quarters, event.bpm) for event in mapped.events] == [
        (event["beat"], event["bpm"]) for event in said["events"]
    ]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
@pytest.mark.parametrize("marked", [True, False])
def test_a_sheet_in_any_unicode_is_read_and_stays_in_it(sheet, capsys, mark, encoding, marked) -> None:
    mark = mark if marked else b""
    sheet.write_bytes(mark + SHEET.encode(encoding))
    told(capsys, sheet, "--cue", "1m02", "--write")
    after = sheet.read_bytes()
    assert after.startswith(mark)
    assert after[len(mark) :].decode(encoding).startswith(SHEET[: SHEET.index("hits: [{")])
    assert read_sheet(sheet).cues[1].tempo_map is not None


def test_a_map_written_again_takes_the_place_of_the_one_before(sheet, capsys) -> None:
    told(capsys, sheet, "--cue", "1m01", "--write")
    told(capsys, sheet, "--cue", "1m02", "--write")
    once = sheet.read_bytes()
    told(capsys, sheet, "--cue", "1m01", "--write")
    told(capsys, sheet, "--cue", "1m02", "--write")
    assert sheet.read_bytes() == once
    assert once.count(b"tempo_map") == 2


def test_the_daemon_plays_by_the_map_that_was_written(sheet, capsys) -> None:
    said = told(capsys, sheet, "--cue", "1m01", "--write")
    timeline = read_map(sheet, FrameRate.named("24"))
    start = timeline.markers[0].tick
    door = next(marker for marker in timeline.markers if marker.name == "HIT door")
    beat = next(hit["beat"] for hit in said["hits"] if hit["name"] == "door")
    assert door.tick - start == beat * 960
    for event in said["events"]:
        assert timeline.tempo_map.bpm_at(start + event["beat"] * 960) == event["bpm"]
        assert str(timeline.meter_map.bar_at(start + round(event["beat"] * 960)).meter) == event["meter"]


def test_ramps_are_written_read_and_played_and_said_where_there_are_none(sheet, capsys, tmp_path) -> None:
    said = told(capsys, sheet, "--cue", "1m01", "--ramps", "--write", "-o", tmp_path / "1m01.mid")
    assert any(event["ramp"] for event in said["events"])
    assert all(abs(hit["frames_off"]) <= 0.5 for hit in said["hits"] if hit["locked"])
    mapped = read_sheet(sheet).cues[0].tempo_map
    assert mapped is not None
    assert [event.ramp for event in mapped.events] == [event["ramp"] for event in said["events"]]
    for path in (sheet, tmp_path / "1m01.mid"):
        timeline = read_map(path, FrameRate.named("24"))
        door = next(marker for marker in timeline.markers if marker.name == "HIT door")
        at = timeline.tempo_map.seconds_at(door.tick) - timeline.tempo_map.seconds_at(timeline.markers[0].tick)
        assert at == pytest.approx(5.125, abs=0.5 / 24)
    assert main(["tempomap", str(sheet), "--cue", "1m01", "--ramps", "--cap", "0.01"]) == 0
    assert "No ramps here" in capsys.readouterr().out


def test_another_sheet_leaves_the_first_alone(sheet, capsys, tmp_path) -> None:
    told(capsys, sheet, "--cue", "1m02", "-o", tmp_path / "other.yaml")
    assert sheet.read_text() == SHEET
    assert read_sheet(tmp_path / "other.yaml").cues[1].tempo_map is not None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--cue", "1m9"], "no cue '1m9'"),
        (["--cue", "1m01", "--cap", "-1"], "reel.yaml line 5, cue 1m01: a cap of -1%"),
        ([], "2 cues. Say which with --cue: 1m01, 1m02."),
        (["--cue", "1m01", "-o", "map.wav"], "no kind of map"),
        (["--cue", "1m01", "-o", "/no/such/folder/map.mid"], "not a folder"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2_and_nothing_is_written(sheet, capsys, arguments, says) -> None:
    assert main(["tempomap", str(sheet), *arguments, "--write"]) == EXIT_MISTAKE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert says in captured.err
    assert sheet.read_text() == SHEET


def test_of_many_cues_the_first_are_told_and_the_others_counted(sheet, capsys) -> None:
    more = "".join(f'  - {{number: 2m{n:02}, start: "02:{n:02}:00:00"}}\n' for n in range(20))
    sheet.write_text(SHEET + more)
    assert main(["tempomap", str(sheet)]) == EXIT_MISTAKE
    assert "has 22 cues" in (said := capsys.readouterr().err)
    assert said.endswith("2m08, 2m09 and 10 more.\n")


def test_a_cue_without_a_number_is_named_by_its_line(sheet, capsys) -> None:
    sheet.write_text('frame_rate: "24"\ncues:\n  - {start: "01:00:00:00", prompt: calm}\n')
    assert main(["tempomap", str(sheet)]) == EXIT_MISTAKE
    assert "reel.yaml line 3: the cue has no hits" in capsys.readouterr().err


def test_a_cue_that_borrows_its_keys_is_refused_whole(sheet, capsys) -> None:
    shared = SHEET.replace("  - number: 1m01", "  - &house\n    number: 1m01")
    sheet.write_text(shared.replace("- {number: 1m02", "- {<<: *house, number: 1m02"), encoding="utf-8")
    before = sheet.read_bytes()
    assert main(["tempomap", str(sheet), "--cue", "1m02", "--write"]) == EXIT_MISTAKE
    assert sheet.read_bytes() == before
    assert len(capsys.readouterr().err.splitlines()) == 1
