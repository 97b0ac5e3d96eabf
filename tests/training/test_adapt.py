"""A bundle that goes on learning from a person's own files, and what it says when it can't."""

import gzip
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fakes.own_files import write_own_files
from fakes.small_corpus import write_corpus
from hitpoint.cli.main import main
from hitpoint.cli.train_adapt import place_of
from hitpoint.config.places import own_models_folder
from hitpoint.engine.composer import Composer
from hitpoint.errors import ConfigError
from hitpoint.score.controls import Controls
from hitpoint.score.request import BarPlan, BarRequest
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.meter import MeterMap

pytest.importorskip("torch")
pytest.importorskip("onnx")

SMALL = Path(__file__).parents[2] / "models" / "small-2"


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """So small a network waits for a second thread more than it gains."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that has learned nearly nothing."""
    from hitpoint.training.dataset import prepare
    from hitpoint.training.export_onnx import export
    from hitpoint.training.presets import preset_named
    from hitpoint.training.train import Run

    folder = tmp_path_factory.mktemp("tiny")
    corpus = write_corpus(folder / "c")
    prepare(corpus, folder / "data", 1, lambda _done, _of: None)
    Run(replace(preset_named("smoke"), minutes=0.01), "smoke", folder / "data", folder / "run", 1).fit(lambda _: None)
    export(folder / "run", corpus, folder / "tiny-1")
    return folder / "tiny-1"


def config_of(bundle: Path) -> dict[str, Any]:
    return dict(json.loads((bundle / "config.json").read_text()))


def lines_of(bundle: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in gzip.decompress((bundle / "data.jsonl.gz").read_bytes()).splitlines()]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_own_files_become_a_bundle_that_composes(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, output = write_own_files(tmp_path / "own"), tmp_path / "mine"
    (own / "broken.mid").write_bytes(b"MThd and no more")
    command = [
        "train",
        "adapt",
        str(own),
        "-o",
        str(output),
        "--bundle",
        str(tiny),
        "--minutes",
        "0.1",
        "--threads",
        "1",
        "--json",
    ]
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["nats_per_step"]["after"] < told["nats_per_step"]["before"]
    assert (told["learned"], len(told["held_out"]), len(told["skipped"])) == (5, 1, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "own"]
    base, ours = config_of(tiny), config_of(output)
    assert (ours["levels"], ours["sampling"], ours["run"]["begun_from"]) == (base["levels"], base["sampling"], "tiny-1")
    assert lines_of(output)[: len(lines_of(tiny))] == lines_of(tiny)
    assert [line["id"] for line in lines_of(output)[len(lines_of(tiny)) :]][:2] == ["cue-0.mid", "cue-2.mid"]
    assert (output / "card.md").read_text().endswith((tiny / "card.md").read_text())
    part = Part("cello", instrument_named("cello"))
    plan = BarPlan(MeterMap.constant(4, 4).bar(0), "1m01", Controls(), 120, (part,))
    assert Composer.load(output).compose(BarRequest(plan, ("cello",)))[0].notes
    assert main(command) == 2
    assert "is there already" in capsys.readouterr().err
    # Adapted once more, in its own place's stead.
    again = ["train", "adapt", str(own), "-o", str(output), "--bundle", str(output), "--minutes", "0.1", "--force"]
    assert main(again) == 2
    assert "is the bundle that is adapted" in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_that_is_stopped_keeps_the_best_so_far(tiny: Path, tmp_path: Path) -> None:
    adaptation = adaptation_of(tiny, tmp_path, minutes=10)
    looks: list[float] = []

    def stop(line: dict[str, Any]) -> None:
        if line["what"] == "valid":
            looks.append(line["nats_per_step"])
        adaptation.run.stopped |= line["step"] >= 3

    found = adaptation.fit(stop)
    assert found.steps == 3
    assert found.after < found.before
    assert nats(adaptation) == pytest.approx(min(looks), abs=1e-3)


@pytest.mark.slow
def test_what_it_tells_is_what_the_bundle_costs_that_it_writes(tiny: Path, tmp_path: Path) -> None:
    adaptation = adaptation_of(tiny, tmp_path / "first", minutes=10)

    def stop(line: dict[str, Any]) -> None:
        adaptation.run.stopped |= line["step"] >= 3

    found = adaptation.fit(stop)
    adaptation.write(tmp_path / "mine", found)
    assert nats(adaptation_of(tmp_path / "mine", tmp_path / "second")) == pytest.approx(found.after, abs=1e-4)


@pytest.mark.slow
def test_what_was_learned_and_is_lost_when_weights_are_rounded_is_no_bundle(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adaptation = adaptation_of(tiny, tmp_path, minutes=10)

    def stop(line: dict[str, Any]) -> None:
        adaptation.run.stopped |= line["step"] >= 3

    monkeypatch.setattr(adaptation, "_after_rounding", lambda: 100.0)
    with pytest.raises(ConfigError, match="nothing was learned"):
        adaptation.fit(stop)


@pytest.mark.slow
def test_it_ends_when_nothing_becomes_better_and_says_so(tiny: Path, tmp_path: Path) -> None:
    from hitpoint.training.adapt import PATIENCE

    # So fast that it unlearns at once what it learned.
    adaptation = adaptation_of(tiny, tmp_path, learning_rate=3.0, warm_up_steps=1, minutes=1.0, looks=1000)
    looks: list[float] = []

    def listen(line: dict[str, Any]) -> None:
        if line["what"] == "valid":
            looks.append(line["nats_per_step"])

    with pytest.raises(ConfigError, match="nothing was learned: tiny-1 foretells the 1 files"):
        adaptation.fit(listen)
    assert min(looks) == looks[0]
    # The last look is the one with which every run ends.
    assert looks.index(min(looks)) + PATIENCE in (len(looks) - 1, len(looks) - 2)
    assert adaptation.run.seconds < 50


@pytest.mark.slow
def test_an_index_comes_along_and_the_card_says_whose_it_is(tiny: Path, tmp_path: Path) -> None:
    base = Path(shutil.copytree(tiny, tmp_path / "indexed-1"))
    (base / "index.bin").write_bytes(b"an index")
    adaptation = adaptation_of(base, tmp_path / "other")
    adaptation.write(tmp_path / "mine", adaptation.fit(lambda _: None))
    assert (tmp_path / "mine" / "index.bin").read_bytes() == b"an index"
    assert "your own files are not in it" in (tmp_path / "mine" / "card.md").read_text()


def nats(adaptation: Any) -> float:
    """A step, over the windows that choose, as its network is now."""
    sums, counts = adaptation.run.validate()
    return float(sums.sum() / counts[0])


def adaptation_of(base: Path, folder: Path, **changes: float) -> Any:
    from hitpoint.training.adapt import Adaptation
    from hitpoint.training.base_bundle import read_base
    from hitpoint.training.own_pieces import read_folder
    from hitpoint.training.presets import preset_named

    (folder / "work").mkdir(parents=True)
    pieces = read_folder(write_own_files(folder / "own"), lambda _done, _of: None)
    preset = replace(preset_named("adapt"), **({"minutes": 0.1} | changes))  # type: ignore[arg-type]
    return Adaptation(pieces, read_base(base), preset, 1, folder / "work")


def without_levels(folder: Path) -> Path:
    bundle = Path(shutil.copytree(SMALL, folder / "older-1"))
    config = config_of(bundle)
    del config["levels"]
    (bundle / "config.json").write_text(json.dumps(config))
    return bundle


def with_broken_data(folder: Path) -> Path:
    bundle = Path(shutil.copytree(SMALL, folder / "broken-1"))
    (bundle / "data.jsonl.gz").write_bytes(b"no gzip")
    return bundle


@pytest.mark.parametrize(
    ("files", "bundle", "more", "message"),
    [
        (0, None, [], "0 of its 0 MIDI files can be learned from, and 3 are the fewest"),
        (2, None, [], "2 of its 2 MIDI files can be learned from"),
        (3, without_levels, [], "does not say under `levels` what its intensities mean"),
        (3, with_broken_data, [], "is damaged"),
        (3, None, ["--bundle", "nowhere"], "no model bundle 'nowhere'"),
        (3, None, ["--minutes", "0"], "--minutes 0 is too few"),
        (3, None, ["--threads", "0"], "--threads 0 is too few"),
        (3, None, ["-o", "small-2"], "a bundle that comes with Hitpoint is called small-2"),
        (3, None, ["-o", "./own"], "own is there already"),
        (3, None, ["-o", "./own", "--force"], "own is not a model bundle and is left as it is"),
        (3, None, ["-o", "own/cue-0.mid/x"], "cannot be written"),
    ],
)
def test_mistakes_are_one_line_and_exit_two_and_nothing_is_left(
    files: int,
    bundle: Callable[[Path], Path] | None,
    more: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    write_own_files(tmp_path / "own", files)
    base = SMALL if bundle is None else bundle(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert main(["train", "adapt", "own", "-o", "mine", "--bundle", str(base), *more]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_alone_goes_where_a_daemon_finds_it_and_a_path_where_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert place_of("mine") == own_models_folder() / "mine"
    assert place_of("./mine") == Path("mine")
    assert place_of(str(tmp_path / "mine")) == tmp_path / "mine"


def test_a_bundle_from_before_levels_were_kept_has_none() -> None:
    from hitpoint.training.export_onnx import configuration
    from hitpoint.training.network import Network
    from hitpoint.training.presets import preset_named

    network = Network(preset_named("smoke").shape)
    assert "levels" not in configuration(network, True, {"preset": "smoke"})
    config = configuration(network, True, {"preset": "smoke", "levels": {"intensity": [1.0]}})
    assert (config["levels"], config["run"]) == ({"intensity": [1.0]}, {"preset": "smoke"})
