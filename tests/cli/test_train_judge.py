"""`hitpoint train judge`: what it refuses, and that it judges a bundle end to end without PyTorch."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hitpoint.cli.main import main
from hitpoint.cli.train_judge import KINDS, USUAL, CueWriter
from hitpoint.config.places import models_folder
from hitpoint.score.key_finder import find_keys
from hitpoint.training.judge import judge as judging
from hitpoint.training.judge.asked import Asked
from hitpoint.training.judge.measures import chroma_of
from hitpoint.training.judge.played import played_score

BUNDLE = models_folder() / "small-2"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--bundle", "no-such-bundle"], "no-such-bundle"),
        (["--bundle", str(BUNDLE), "--prompts", "0"], "--prompts 0"),
        (["--bundle", str(BUNDLE), "--seeds", "101"], "--seeds 101"),
        (["--bundle", str(BUNDLE), "--only", "moods, bars"], "' bars'"),
        (["--bundle", str(BUNDLE), "--data", "nowhere"], "nowhere"),
        (["--bundle", str(BUNDLE), "--only", "originality"], "hitpoint train index"),
        (["--bundle", str(BUNDLE), "--report", "nowhere/figures.md"], "--report"),
    ],
)
def test_what_cannot_be_judged_is_said_in_one_line(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "judge", *options]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert captured.err.count("\n") == 1


def test_it_offers_just_what_the_judge_can_do() -> None:
    assert (KINDS, USUAL) == (judging.KINDS, judging.USUAL)


def test_a_cue_is_written_as_render_writes_it(tmp_path: Path) -> None:
    prompt, file = "piano, C minor, 90 bpm", tmp_path / "rendered.mid"
    assert main(["render", prompt, "--bars", "4", "--seed", "2", "-o", str(file), "--json"]) == 0
    from hitpoint.score.midi_file import read_midi_file

    (tmp_path / "place").mkdir()
    written = CueWriter(BUNDLE, tmp_path / "place").write(Asked(prompt, 2, bars=4))
    rendered = read_midi_file(file)
    assert [(part.name, part.notes) for part in written.parts] == [(part.name, part.notes) for part in rendered.parts]
    assert written.timeline.tempo_map == rendered.timeline.tempo_map
    assert int(find_keys(chroma_of(played_score(written, 4))[None])[0][0]) == 1


@pytest.mark.slow
def test_a_bundle_is_judged_end_to_end_without_pytorch(tmp_path: Path) -> None:
    script = (
        "import sys; from hitpoint.cli.main import main\n"
        f"code = main(['train', 'judge', '--bundle', {str(BUNDLE)!r}, '--prompts', '2', '--seeds', '1',"
        " '--only', 'adherence,controls,bars',"
        f" '--report', {str(tmp_path / 'figures.md')!r}, '--json'])\n"
        "assert 'torch' not in sys.modules\n"
        "sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    assert done.stderr == ""
    assert figures["adherence"]["tempo_exact"]["share"] == figures["adherence"]["meter"]["share"] == 1
    assert figures["controls"]["intensity"]["velocity"]["rho"] > 0.9
    assert "moods" not in figures
    assert figures["bars"]["cues"]["empty"]["share"] < 0.5
    assert "| tempo as asked | 100.0% |" in (tmp_path / "figures.md").read_text(encoding="utf-8")
