"""`hitpoint tempo` on a sheet."""

import json
from pathlib import Path

import pytest

from hitpoint.cli.main import EXIT_MISTAKE, main

SHEET = """\
frame_rate: "24"
cues:
  - number: 1m01
    start: "01:00:00:00"
    end: "01:00:30:00"
    prompt: tense, 100 bpm
    hits:
      - {at: "01:00:05:03", name: door, window: [0, 2]}
      - {at: "01:00:11:15", name: fall, weight: 3}
  - {number: 1m02, start: "01:01:00:00"}
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "reel.yaml"
    path.write_text(SHEET, encoding="utf-8")
    return path


def test_every_tempo_has_a_result_with_a_figure_for_each_hit(sheet, capsys) -> None:
    assert (
        main(["tempo", str(sheet), "--cue", "1m01", "--bpm", "100:104", "--step", "0.5", "--offset", "6", "--json"])
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert sorted(result["bpm"] for result in told["results"]) == [100 + 0.5 * step for step in range(9)]
    best = told["results"][0]
    assert list(best) == [
        "bpm", "start_offset_frames", "frames_off", "mean_abs_frames", "max_abs_frames", "hits", "near", "miss"
    ]  # fmt: skip
    beat = 24 * 60 / best["bpm"]
    for frame, off in zip((123, 279), best["frames_off"], strict=True):
        beats = (frame + off - best["start_offset_frames"]) / beat
        assert beats == pytest.approx(round(beats), abs=1e-5)


def test_people_see_the_best_ten(sheet, capsys) -> None:
    assert main(["tempo", str(sheet), "--cue", "1m01", "--bpm", "80:140"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["bpm", "start", "hits", "near", "miss", "mean", "max", "door", "fall"]
    assert len(lines) == 12
    assert lines[-1] == "231 more with --json"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--cue", "1m3"], "no cue '1m3'. There are: 1m01, 1m02"),
        ([], "Say which with --cue: 1m01, 1m02"),
        (["--cue", "1m02"], "no hits"),
        (["--cue", "1m01", "--bpm", "140:80"], "--bpm 140:80"),
        (["--cue", "1m01", "--bpm", "fast"], "--bpm has 'fast'"),
        (["--cue", "1m01", "--bpm", "nan:inf"], "--bpm has 'nan'"),
        (["--cue", "1m01", "--step", "0"], "--step 0"),
        (["--cue", "1m01", "--step", "1/0"], "--step has"),
        (["--cue", "1m01", "--offset", "-3"], "--offset -3"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(sheet, capsys, arguments, says) -> None:
    assert main(["tempo", str(sheet), *arguments]) == EXIT_MISTAKE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert says in captured.err


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ('end: "00:59:00:00"', "line 3: the cue ends before it starts"),
        ('end: "01:00:06:00"', "line 9: the hit at 01:00:11:15 lies outside its cue"),
    ],
)
def test_a_cue_that_cannot_be_is_told_with_its_line(sheet, capsys, wrong, says) -> None:
    sheet.write_text(SHEET.replace('end: "01:00:30:00"', wrong), encoding="utf-8")
    assert main(["tempo", str(sheet), "--cue", "1m01"]) == EXIT_MISTAKE
    assert says in capsys.readouterr().err
