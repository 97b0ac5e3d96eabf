"""From a corpus to a bundle that composes: the whole pipeline on a made-up corpus, and what it says when misused."""

import json
from pathlib import Path

import pytest

from fakes.small_corpus import write_corpus
from hitpoint.cli.main import main
from hitpoint.engine.composer import Composer
from hitpoint.score.controls import Controls
from hitpoint.score.request import BarPlan, BarRequest
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.meter import MeterMap

pytest.importorskip("torch")
pytest.importorskip("onnx")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_corpus_becomes_a_bundle_that_composes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus, data, run, bundle = write_corpus(tmp_path / "c"), tmp_path / "data", tmp_path / "run", tmp_path / "tiny-1"
    assert main(["train", "prepare", "--corpus", str(corpus), "--data", str(data), "--workers", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["notes"]["train"] > 0
    fit = ["train", "fit", "--data", str(data), "--run", str(run), "--preset", "smoke", "--eager", "--json"]
    assert main([*fit, "--minutes", "0.03"]) == 0
    assert json.loads(capsys.readouterr().out)["valid"]["nats_per_step"] > 0
    assert main([*fit, "--minutes", "0.04", "--resume"]) == 0
    capsys.readouterr()
    assert main(["train", "evaluate", "--data", str(data), "--run", str(run), "--split", "test", "--json"]) == 0
    figures = capsys.readouterr().out
    assert json.loads(figures)["metre_only"]["nats_per_note"] < json.loads(figures)["uniform"]["nats_per_note"]
    (tmp_path / "figures.json").write_text(figures)
    export = ["train", "export", "--run", str(run), "--corpus", str(corpus), "-o", str(bundle)]
    assert main([*export, "--figures", str(tmp_path / "figures.json")]) == 0
    assert "Figures on `test`" in (bundle / "card.md").read_text()
    part = Part("cello", instrument_named("cello"))
    plan = BarPlan(MeterMap.constant(4, 4).bar(0), "1m01", Controls(), 120, (part,))
    assert Composer.load(bundle).compose(BarRequest(plan, ("cello",)))[0].notes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["prepare", "--corpus", "nowhere", "--data", "x"], "has no manifest.jsonl"),
        (["fit", "--data", "nowhere", "--run", "x"], "Run `hitpoint train prepare"),
        (["fit", "--data", "nowhere", "--run", "x", "--preset", "huge"], "no training preset is called 'huge'"),
        (["evaluate", "--data", "nowhere", "--run", "nowhere"], "Run `hitpoint train fit"),
    ],
)
def test_mistakes_are_one_line_and_exit_two(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["train", *arguments]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1
