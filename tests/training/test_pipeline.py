"""From a corpus to a bundle that composes: the whole pipeline on a made-up corpus, and what it says when misused."""

import json
import signal
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
    fit = ["train", "fit", "--data", str(data), "--run", str(run), "--preset", "smoke", "--json"]
    assert main([*fit, "--minutes", "0.03"]) == 0
    assert json.loads(capsys.readouterr().out)["valid"]["nats_per_step"] > 0
    assert main([*fit, "--minutes", "0.04", "--resume"]) == 0
    capsys.readouterr()
    evaluate = ["train", "evaluate", "--data", str(data), "--run", str(run), "--split", "test", "--infill", "--json"]
    assert main([*evaluate, "--report", str(tmp_path / "report.md")]) == 0
    figures = capsys.readouterr().out
    assert json.loads(figures)["infill"]["1x1"]["model"]["pieces"] == 1
    assert "Markov of order 5" in (tmp_path / "report.md").read_text()
    assert json.loads(figures)["metre_only"]["nats_per_note"] < json.loads(figures)["uniform"]["nats_per_note"]
    (tmp_path / "figures.json").write_text(figures)
    export = ["train", "export", "--run", str(run), "--corpus", str(corpus), "-o", str(bundle)]
    assert main([*export, "--figures", str(tmp_path / "figures.json")]) == 0
    assert "Figures on `test`" in (bundle / "card.md").read_text()
    assert main(["train", "evaluate", "--data", str(data), "--bundle", str(bundle), "--split", "test", "--json"]) == 0
    of_bundle, of_run = json.loads(capsys.readouterr().out.splitlines()[-1]), json.loads(figures)
    assert of_bundle["metre_only"]["nats_per_note"] == pytest.approx(of_run["metre_only"]["nats_per_note"], abs=0.02)
    assert of_bundle["run"]["seed"] == of_run["run"]["seed"]
    part = Part("cello", instrument_named("cello"))
    plan = BarPlan(MeterMap.constant(4, 4).bar(0), "1m01", Controls(), 120, (part,))
    assert Composer.load(bundle).compose(BarRequest(plan, ("cello",)))[0].notes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["prepare", "--corpus", "nowhere", "--data", "x"], "has no manifest.jsonl"),
        (["fit", "--data", "nowhere", "--run", "x"], "Run `hitpoint train prepare"),
        (["fit", "--data", "nowhere", "--run", "x", "--preset", "huge"], "no training preset is called 'huge'"),
        (["fit", "--data", "x", "--run", "x", "--device", "abacus"], "cannot use the device 'abacus'"),
        (["fit", "--data", "x", "--run", "x", "--workers", "-1"], "Give 0 or more"),
        (["fit", "--data", "x", "--run", "x", "--from", "nowhere"], "no such model bundle"),
        (["fit", "--data", "x", "--run", "x", "--from", "x", "--resume"], "Give one of them"),
        (["evaluate", "--data", "nowhere", "--run", "nowhere"], "Run `hitpoint train fit"),
        (["evaluate", "--data", "nowhere"], "Give --run with a checkpoint, or --bundle"),
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


@pytest.mark.slow
def test_a_run_that_is_stopped_keeps_what_it_learned_and_goes_on(tmp_path: Path) -> None:
    from hitpoint.errors import ConfigError
    from hitpoint.training.dataset import prepare
    from hitpoint.training.presets import preset_named, shortened
    from hitpoint.training.train import CHECKPOINT, Run

    prepare(write_corpus(tmp_path / "c"), tmp_path / "data", 1, lambda _done, _of: None)
    preset = shortened(preset_named("smoke"), 5)
    run = Run(preset, "smoke", tmp_path / "data", tmp_path / "run", 1)

    def stop_at_once(_line: dict[str, object]) -> None:
        run.stopped = True

    run.fit(stop_at_once)
    assert (tmp_path / "run" / CHECKPOINT).is_file()
    again = Run(preset, "smoke", tmp_path / "data", tmp_path / "run", 1)
    again.resume()
    assert (again.step, again.rows, again.seconds) == (run.step, run.rows, pytest.approx(run.seconds, abs=0.1))
    other = Run(preset, "small", tmp_path / "data", tmp_path / "run", 1)
    with pytest.raises(ConfigError, match="its run has preset smoke"):
        other.resume()


@pytest.mark.slow
def test_a_run_begins_from_a_bundle(tmp_path: Path) -> None:
    from dataclasses import replace

    from hitpoint.inference.bundle import load_bundle
    from hitpoint.training.dataset import prepare
    from hitpoint.training.export_onnx import export
    from hitpoint.training.presets import preset_named
    from hitpoint.training.train import Run

    corpus = write_corpus(tmp_path / "c")
    prepare(corpus, tmp_path / "data", 1, lambda _done, _of: None)
    preset = replace(preset_named("smoke"), minutes=0.02)
    first = Run(preset, "smoke", tmp_path / "data", tmp_path / "run", 1)
    first.fit(lambda _line: None)
    export(tmp_path / "run", corpus, tmp_path / "tiny-1")
    # What it leaves out at random while it learns must not count as another answer.
    preset = replace(preset, dropout=0.5)
    second = Run(preset, "smoke", tmp_path / "data", tmp_path / "run-2", 2, begin=load_bundle(tmp_path / "tiny-1"))
    sums, counts = second.validate()
    known, _ = first.validate()
    assert sums.sum() / counts[1] == pytest.approx(known.sum() / counts[1], abs=0.1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_a_run_to_stop_and_the_next_one_is_nobodys(
    capfd: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    from types import SimpleNamespace

    from hitpoint.cli.train import _stopped_by_signals

    run, before = SimpleNamespace(stopped=False), signal.getsignal(number)
    with _stopped_by_signals(run):
        signal.raise_signal(number)
        assert run.stopped
        assert signal.getsignal(number) == before
        assert "after this step" in capfd.readouterr().err
    assert signal.getsignal(number) == before
