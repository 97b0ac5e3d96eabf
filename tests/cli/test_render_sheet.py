"""`hitpoint render --sheet`: the files of a reel, and what is told of it."""

import json
from pathlib import Path

import mido
import pytest

from fakes.dawproject_reader import read_dawproject
from fakes.rpp_reader import read_rpp
from hitpoint.cli.main import EXIT_MISTAKE, main
from hitpoint.cli.render_sheet import EXIT_FAILED

SHEET = """\
title: The Door
frame_rate: "24"
cues:
  - number: 1m01
    title: "The House: a/b"
    start: "01:00:00:00"
    end: "01:00:05:00"
    motif: door
    prompt: calm, violin, piano, 100 bpm, D minor
    hits: [{at: "01:00:03:03", name: door slams}]
  - {number: 1m02, start: "01:00:10:00", end: "01:00:15:00", motif: door, prompt: "violin, piano, 96 bpm"}
"""
NO_PROMPT = '  - {number: 1m03, start: "01:01:00:00", end: "01:01:05:00"}\n'


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "reel.yaml"
    path.write_text(SHEET, encoding="utf-8")
    return path


def outcome(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of `hitpoint render`, in one process."""
    status = main(["render", *map(str, arguments), "--jobs", "1"])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_each_cue_gets_a_file_with_its_map_a_marker_a_hit_and_its_music(sheet, capsys, tmp_path) -> None:
    status, out, err = outcome(capsys, "--sheet", sheet, "-o", tmp_path / "cues", "--json")
    assert (status, err) == (0, "")
    said = json.loads(out)
    assert [Path(cue["file"]).name for cue in said["cues"]] == ["1m01 The House_ a_b.mid", "1m02.mid"]
    assert said["failed"] == []
    first, second = said["cues"]
    (hit,) = first["hits"]
    assert (hit["name"], hit["at"], hit["frame"], hit["stop"]) == ("door slams", "01:00:03:03", 86475, False)
    assert abs(hit["frames_off"]) < 0.03
    assert (first["tempo"], second["tempo"], second["hits"]) == ("solved", "prompt", [])
    file = mido.MidiFile(first["file"])
    markers = [message.text for message in file.tracks[0] if message.type == "marker"]
    assert markers == ["1m01 calm, violin, piano, 100 bpm, D minor", "HIT door slams", "END"]
    assert file.tracks[0][0].name == "1m01 The House: a/b"
    assert [track.name for track in file.tracks[1:]] == ["piano", "violin 1"]
    notes = sum(message.type == "note_on" for track in file.tracks for message in track)
    assert notes == first["notes"] > 0


def test_people_see_a_table_and_what_became_of_a_motif(sheet, capsys, tmp_path) -> None:
    _, out, _ = outcome(capsys, "--sheet", sheet, "-o", tmp_path / "cues")
    lines = out.splitlines()
    assert lines[0].split() == ["file", "bars", "notes", "tempo", "hits", "met", "furthest", "off", "take"]
    assert "1m01: motif door: begins here" in lines
    assert any(line.startswith("1m02: motif door: ") and "of 1m01 on" in line for line in lines)
    assert lines[-1] == "2 of 2 cues written; 1 of 1 hits within a frame, 1 within two"


def test_each_cue_is_remembered_beside_the_sheet_and_comes_back_byte_for_byte(sheet, capsys, tmp_path) -> None:
    _, out, _ = outcome(capsys, "--sheet", sheet, "-o", tmp_path / "cues", "--json")
    cues = json.loads(out)["cues"]
    for cue in cues:
        again = tmp_path / "again.mid"
        assert main(["takes", "render", cue["take"], "--sheet", str(sheet), "-o", str(again)]) == 0
        assert again.read_bytes() == Path(cue["file"]).read_bytes()
        again.unlink()
    capsys.readouterr()
    assert main(["takes", "list", "--sheet", str(sheet), "--json"]) == 0
    listed = {take["id"]: take["cue"] for take in json.loads(capsys.readouterr().out)["takes"]}
    assert listed == {cue["take"]: cue["number"] for cue in cues}


def test_who_wants_no_take_gets_none(sheet, capsys, tmp_path) -> None:
    _, out, _ = outcome(capsys, "--sheet", sheet, "-o", tmp_path / "cues", "--no-take", "--json")
    assert [cue["take"] for cue in json.loads(out)["cues"]] == [None, None]
    assert not (tmp_path / "reel.takes.db").exists()


def test_one_cue_is_what_it_is_among_all(sheet, capsys, tmp_path) -> None:
    outcome(capsys, "--sheet", sheet, "-o", tmp_path / "all")
    status, out, _ = outcome(capsys, "--sheet", sheet, "--cue", "1M02", "-o", tmp_path / "one", "--json")
    assert (status, [cue["number"] for cue in json.loads(out)["cues"]]) == (0, ["1m02"])
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["1m02.mid"]
    assert (tmp_path / "one" / "1m02.mid").read_bytes() == (tmp_path / "all" / "1m02.mid").read_bytes()


def test_a_cue_has_as_many_bars_as_its_take(sheet, capsys, tmp_path) -> None:
    _, out, _ = outcome(capsys, "--sheet", sheet, "--cue", "1m02", "-o", tmp_path / "x", "--json")
    (cue,) = json.loads(out)["cues"]
    assert main(["takes", "show", cue["take"], "--sheet", str(sheet), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["bars"] == cue["bars"]


def test_a_cue_whose_take_cannot_be_kept_is_written_and_counted(sheet, capsys, tmp_path) -> None:
    (tmp_path / "reel.takes.db").mkdir()
    status, out, err = outcome(capsys, "--sheet", sheet, "--cue", "1m02", "-o", tmp_path / "x")
    assert status == EXIT_FAILED
    assert "1 of 1 cues written, 1 of them not kept as takes" in out
    assert "cue 1m02: the file is written, but its take is not kept" in err
    assert (tmp_path / "x" / "1m02.mid").exists()
    _, out, _ = outcome(capsys, "--sheet", sheet, "--cue", "1m02", "-o", tmp_path / "x", "--json")
    said = json.loads(out)
    assert ([cue["take"] for cue in said["cues"]], said["failed"]) == ([None], [])
    assert [one["number"] for one in said["not_kept"]] == ["1m02"]


def test_cues_of_one_number_are_pointed_at_and_get_files_of_their_own(sheet, capsys, tmp_path) -> None:
    sheet.write_text(SHEET.replace('1m01\n    title: "The House: a/b"', "1M02"), encoding="utf-8")
    status, _, err = outcome(capsys, "--sheet", sheet, "-o", tmp_path / "x")
    assert status == 0
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == ["1M02.mid", "1m02 (2).mid"]
    assert err.startswith(f"hitpoint: {sheet}: 2 cues are called 1M02, in lines 4 and 10. Give each its own number.")
    status, _, err = outcome(capsys, "--sheet", sheet, "--cue", "1m02", "-o", tmp_path / "x")
    assert (status, err) == (
        EXIT_MISTAKE, f"hitpoint: {sheet} has 2 cues '1m02', in lines 4 and 10. Give each its own number.\n"
    )  # fmt: skip


def test_a_cue_that_fails_is_one_line_and_the_others_are_written(sheet, capsys, tmp_path) -> None:
    sheet.write_text(SHEET + NO_PROMPT, encoding="utf-8")
    status, out, err = outcome(
        capsys, "--sheet", sheet, "--cue", "1m02", "--cue", "1m03", "-o", tmp_path / "x", "--json"
    )
    assert status == EXIT_FAILED
    said = json.loads(out)
    assert [cue["number"] for cue in said["cues"]] == ["1m02"]
    assert [(cue["number"], cue["error"][:20]) for cue in said["failed"]] == [("1m03", "it has no prompt: no")]
    line = 1 + SHEET.count("\n")
    assert err.startswith(f"hitpoint: {sheet} line {line}, cue 1m03: it has no prompt")
    assert len(err.splitlines()) == 1


def test_a_file_that_differs_is_left_alone_unless_forced(sheet, capsys, tmp_path) -> None:
    render = ("--sheet", sheet, "--cue", "1m02", "-o", tmp_path)
    assert outcome(capsys, *render)[0] == 0
    written = (tmp_path / "1m02.mid").read_bytes()
    assert outcome(capsys, *render)[0] == 0
    status, _, err = outcome(capsys, *render, "--seed", 5)
    assert status == EXIT_FAILED
    assert "1m02.mid is there already, and differs. Give --force" in err
    assert (tmp_path / "1m02.mid").read_bytes() == written
    assert outcome(capsys, *render, "--seed", 5, "--force")[0] == 0
    assert (tmp_path / "1m02.mid").read_bytes() != written


@pytest.mark.parametrize("kind", ["mid", ".rpp", "dawproject"])
def test_stems_are_the_cues_parts_one_by_one(sheet, capsys, tmp_path, kind) -> None:
    status, out, _ = outcome(
        capsys, "--sheet", sheet, "--cue", "1m02", "--stems", "--as", kind, "-o", tmp_path, "--json"
    )
    assert status == 0
    cue = json.loads(out)["cues"][0]
    ending = "." + kind.lstrip(".")
    assert [Path(path).name for path in cue["stems"]] == [f"1m02 - piano{ending}", f"1m02 - violin 1{ending}"]
    notes = [_notes(Path(path)) for path in (cue["file"], *cue["stems"])]
    assert notes[0] == cue["notes"] == sum(notes[1:])


def _notes(path: Path) -> int:
    if path.suffix == ".rpp":
        return sum(len(track.notes) for track in read_rpp(path).tracks)
    if path.suffix == ".dawproject":
        return sum(len(track.notes) for track in read_dawproject(path).tracks)
    return sum(message.type == "note_on" for track in mido.MidiFile(path).tracks for message in track)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--cue", "1m9"], "has no cue '1m9'"),
        (["--as", "wav"], "--as wav is no kind of file"),
        (["--jobs", "0"], "--jobs 0"),
        (["--jobs", "dask:"], "--jobs dask:"),
        (["--bars", "3"], "--bars doesn't go with --sheet"),
        (["--variations", "2"], "--variations doesn't go with --sheet"),
        (["--tension", "0.5"], "Draw it in the sheet"),
        (["calm"], "a PROMPT and --sheet don't go together"),
        (["-o", "reel.yaml"], "reel.yaml is a file, not a folder"),
        (["-o", "no/such/folder"], "no/such is not a folder"),
        (["--sheet", "gone.yaml"], "gone.yaml cannot be read"),
        (["--sheet", "overlapping.yaml"], "1m02 starts at 01:00:04:00, before cue 1m01 of line 4 ends"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2_and_nothing_is_written(
    sheet, capsys, tmp_path, monkeypatch, arguments, says
) -> None:
    monkeypatch.chdir(tmp_path)
    overlapping = SHEET.replace('"01:00:10:00"', '"01:00:04:00"')
    (tmp_path / "overlapping.yaml").write_text(overlapping, encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    assert main(["render", "--sheet", str(sheet), "-o", "cues", *arguments]) == EXIT_MISTAKE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert says in captured.err
    assert sorted(tmp_path.iterdir()) == before


def test_a_stem_that_an_earlier_render_left_is_named_and_stays(sheet, capsys, tmp_path) -> None:
    arguments = ("--sheet", sheet, "--stems", "-o", tmp_path / "cues")
    _, first, _ = outcome(capsys, *arguments)
    assert "earlier render" not in first
    sheet.write_text(SHEET.replace('"violin, piano, 96 bpm"', '"violin, 96 bpm"'), encoding="utf-8")
    status, out, _ = outcome(capsys, *arguments, "--cue", "1m02", "--force")
    assert status == 0
    (line,) = [line for line in out.splitlines() if "earlier render" in line]
    assert line.startswith("1m02 - piano.mid is of an earlier render, and nobody plays it now")
    assert (tmp_path / "cues" / "1m02 - piano.mid").exists()
    _, out, _ = outcome(capsys, *arguments, "--json")
    assert [Path(path).name for path in json.loads(out)["left_over"]] == ["1m02 - piano.mid"]


@pytest.mark.parametrize("option", [["--cue", "1m01"], ["--stems"], ["--jobs", "2"], ["--as", "rpp"]])
def test_what_goes_with_a_sheet_is_refused_without_one(capsys, tmp_path, option) -> None:
    assert main(["render", "calm", *option, "-o", str(tmp_path / "x.mid")]) == EXIT_MISTAKE
    assert f"{option[0]} goes with --sheet" in capsys.readouterr().err


def test_without_prompt_and_sheet_there_is_nothing_to_render(capsys, tmp_path) -> None:
    assert main(["render", "-o", str(tmp_path / "x.mid")]) == EXIT_MISTAKE
    assert "nothing to render" in capsys.readouterr().err
