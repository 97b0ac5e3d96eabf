"""`hitpoint train`: corpus → tokens → checkpoint → report → bundle, its index, adapted bundles, what bundles write.

Needs the extra `train`, except for the index and for judging."""

import argparse
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from hitpoint.cli import train_adapt
from hitpoint.cli.candidates import add_candidates_option, check_candidates
from hitpoint.cli.progress import Progress
from hitpoint.cli.train_judge import add_judge_options, judge_step
from hitpoint.errors import ConfigError
from hitpoint.score.whole_file import write_whole

STOPPING = b"\nending in good order after this step, in a minute or so; Ctrl-C again ends it at once\n"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its steps."""
    parser = subparsers.add_parser(
        "train",
        help="adapt a model to your own files, or train one: prepare, fit, evaluate, export, index, judge",
        description="Adapt a model to files of your own, or train one in five steps, and judge it. "
        "Needs `pip install 'hitpoint[train]'`.",
        epilog="example: hitpoint train adapt my-scores -o my-bundle",
    )
    steps = parser.add_subparsers(dest="step", metavar="STEP", required=True)
    adapt = _step(steps, "adapt", "adapt a model bundle to MIDI files of your own", "my-scores -o my-bundle")
    adapt.description = train_adapt.DESCRIPTION
    train_adapt.add_arguments(adapt)
    prepare = _step(steps, "prepare", "turn a corpus into codes", "--corpus corpus --data runs/data")
    prepare.add_argument("--corpus", type=Path, required=True, metavar="DIR", help="folder with manifest.jsonl")
    prepare.add_argument("--data", type=Path, required=True, metavar="DIR", help="where to write the codes")
    prepare.add_argument("--workers", type=int, default=2, metavar="N", help="processes to use (default 2)")
    fit = _step(steps, "fit", "train on prepared codes", "--data runs/data --run runs/small-2 --seed 1")
    fit.add_argument("--data", type=Path, required=True, metavar="DIR", help="prepared codes")
    fit.add_argument("--run", type=Path, required=True, metavar="DIR", dest="folder", help="where checkpoints go")
    fit.add_argument("--preset", default="base", metavar="NAME", help="small, large, base or smoke (default base)")
    fit.add_argument("--from", type=Path, metavar="DIR", dest="begin", help="begin from this bundle's weights")
    fit.add_argument("--seed", type=int, default=1, metavar="S", help="default 1")
    fit.add_argument("--minutes", type=float, metavar="M", help="train for so long instead of the preset's time")
    fit.add_argument("--threads", type=int, default=2, metavar="N", help="cores to use (default 2)")
    fit.add_argument("--device", default="cpu", metavar="D", help="cpu, cuda, or as PyTorch names it (default cpu)")
    fit.add_argument("--workers", type=int, default=0, metavar="N", help="processes that draw windows, for a GPU")
    fit.add_argument("--compile", action="store_true", help="compile the network first: faster on some processors")
    fit.add_argument(
        "--resume", action="store_true", help="take up the run where its checkpoint left it, after Ctrl-C or a crash"
    )
    evaluate = _step(steps, "evaluate", "measure a checkpoint, or a bundle", "--data runs/data --run runs/small-2")
    evaluate.add_argument("--data", type=Path, required=True, metavar="DIR", help="prepared codes")
    evaluate.add_argument("--run", type=Path, metavar="DIR", dest="folder", help="with a checkpoint")
    evaluate.add_argument("--split", choices=("valid", "test"), default="valid", help="test: once, at the end")
    evaluate.add_argument(
        "--bundle", type=Path, metavar="DIR", help="to compare with the checkpoint; without --run, to measure"
    )
    evaluate.add_argument("--threads", type=int, default=2, metavar="N", help="cores to use (default 2)")
    evaluate.add_argument("--pieces", type=int, metavar="N", help="only so many pieces, evenly chosen")
    evaluate.add_argument("--infill", action="store_true", help="also fill holes, beside two baselines: takes longer")
    add_candidates_option(evaluate, "with --infill: ")
    evaluate.add_argument("--report", type=Path, metavar="FILE", help="also write the figures as Markdown tables")
    export = _step(steps, "export", "write a model bundle", "--run runs/small-2 --corpus corpus -o models/small-2")
    export.add_argument("--run", type=Path, required=True, metavar="DIR", dest="folder", help="with a checkpoint")
    export.add_argument("--corpus", type=Path, required=True, metavar="DIR", help="for the list of its pieces")
    export.add_argument("--figures", type=Path, metavar="FILE", help="what `evaluate --json` printed, for the card")
    export.add_argument(
        "--judged", type=Path, action="append", default=[], metavar="FILE", help="what `judge --json` printed, likewise"
    )
    export.add_argument("--golden", type=Path, metavar="FILE", help="also keep PyTorch's answers, for the tests")
    export.add_argument("--float32", action="store_true", help="keep 32 bits a weight instead of 8")
    export.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="the bundle's folder")
    index = _step(steps, "index", "index what the model was trained on", "--corpus corpus -o models/small-2")
    index.add_argument("--corpus", type=Path, required=True, metavar="DIR", help="folder with manifest.jsonl")
    index.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="the bundle's folder")
    judge = _step(steps, "judge", "measure what a bundle writes", "--bundle models/small-2 --prompts 20")
    add_judge_options(judge)


def run(arguments: argparse.Namespace) -> int:
    """Do one step. Returns the exit status."""
    if arguments.step not in ("index", "judge"):
        _require_libraries()
    steps: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
        "adapt": _adapt, "prepare": _prepare, "fit": _fit, "evaluate": _evaluate, "export": _export, "index": _index,
        "judge": judge_step,
    }  # fmt: skip
    answer = steps[arguments.step](arguments)
    print(json.dumps(answer) if arguments.json else _for_people(answer))
    return 0


def _require_libraries() -> None:
    try:
        import onnx  # noqa: F401
        import torch  # noqa: F401
    except ImportError as error:
        raise ConfigError(f"training needs {error.name}. Install it with `pip install 'hitpoint[train]'`.") from error


def _step(
    steps: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, what: str, example: str
) -> argparse.ArgumentParser:
    parser = steps.add_parser(name, help=what, description=what, epilog=f"example: hitpoint train {name} {example}")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _adapt(arguments: argparse.Namespace) -> dict[str, Any]:
    return train_adapt.adapt(arguments, _stopped_by_signals)


def _prepare(arguments: argparse.Namespace) -> dict[str, Any]:
    from hitpoint.training.dataset import prepare

    if arguments.workers < 1:
        raise ConfigError(f"--workers {arguments.workers} is too few. Give 1 or more.")
    progress = Progress("preparing")
    notes = prepare(arguments.corpus, arguments.data, arguments.workers, progress.show)
    progress.close()
    return {"data": str(arguments.data), "notes": notes}


def _fit(arguments: argparse.Namespace) -> dict[str, Any]:
    import torch

    from hitpoint.inference.bundle import load_bundle
    from hitpoint.training.presets import preset_named, shortened
    from hitpoint.training.train import Run

    if arguments.begin and arguments.resume:
        raise ConfigError("--from begins a run and --resume goes on with one. Give one of them.")
    if arguments.workers < 0:
        raise ConfigError(f"--workers {arguments.workers} is too few. Give 0 or more.")
    torch.set_num_threads(arguments.threads)
    preset = shortened(preset_named(arguments.preset), arguments.minutes)
    progress, seen = Progress("training"), dict[str, Any]()
    begin = load_bundle(arguments.begin) if arguments.begin else None
    run = Run(
        preset,
        arguments.preset,
        arguments.data,
        arguments.folder,
        arguments.seed,
        arguments.compile,
        begin,
        arguments.device,
        arguments.workers,
    )
    if arguments.resume:
        run.resume()

    def report(line: dict[str, Any]) -> None:
        seen[line["what"]] = line
        progress.show(line["seconds"], preset.minutes * 60, f"step {line['step']}, {line['nats_per_step']:.2f} nats")

    with _stopped_by_signals(run):
        run.fit(report)
    progress.close()
    begun = {} if begin is None else {"began_at": dict(zip(("network", "bundle"), run.start_losses, strict=True))}
    return {"run": str(arguments.folder), "data": run.data_digest, **begun, **seen, "finished": not run.stopped}


@contextmanager
def _stopped_by_signals(run: Any) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the run after its step, with a checkpoint; a second one ends it at once."""

    def stop(number: int, _frame: object) -> None:
        run.stopped = True
        # Past Python's streams, in the midst of whose own work a signal may come.
        with suppress(OSError):
            os.write(2, STOPPING)
        signal.signal(number, before[signal.Signals(number)])

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _evaluate(arguments: argparse.Namespace) -> dict[str, Any]:
    import torch

    from hitpoint.inference.bundle import load_bundle
    from hitpoint.inference.onnx_model import OnnxModel
    from hitpoint.score.likeliest import CANDIDATES
    from hitpoint.tokens.vocabulary import ROW_WIDTH
    from hitpoint.training.bigram import Bigram
    from hitpoint.training.corpus import Split
    from hitpoint.training.dataset import load
    from hitpoint.training.evaluate import Baseline, evaluate, some_windows
    from hitpoint.training.infill_answers import bundle_of
    from hitpoint.training.infill_evaluation import evaluate_infill
    from hitpoint.training.markov import Markov
    from hitpoint.training.parity import parity
    from hitpoint.training.report import report
    from hitpoint.training.train import load_network
    from hitpoint.training.warm_start import network_of

    if arguments.folder is None and arguments.bundle is None:
        raise ConfigError("nothing to measure. Give --run with a checkpoint, or --bundle.")
    check_candidates(arguments.candidates)
    torch.set_num_threads(arguments.threads)
    bundle = load_bundle(arguments.bundle) if arguments.bundle else None
    network, made = load_network(arguments.folder) if bundle is None or arguments.folder else network_of(bundle)
    progress, split = Progress("evaluating"), Split(arguments.split)
    pieces, train = load(arguments.data, split), load(arguments.data, Split.TRAIN)
    markov = Markov(train)
    baselines: dict[str, Baseline] = {"markov": markov, "bigram": Bigram(train)}
    figures = evaluate(network, pieces, baselines, progress.show, arguments.pieces)
    progress.close()
    if arguments.infill:
        progress = Progress("filling holes")
        # A bundle fills as it comes; in whole numbers it writes side by side, which a checkpoint does not.
        candidates = arguments.candidates or CANDIDATES
        measured = nullcontext(bundle) if bundle is not None and arguments.folder is None else bundle_of(network)
        with measured as filling:
            figures["infill"] = evaluate_infill(filling, pieces, markov, progress.show, arguments.pieces, candidates)
        figures["candidates"] = candidates
        progress.close()
    if bundle is not None:
        model = OnnxModel(bundle, ROW_WIDTH)
        figures["bundle"] = parity(network, model, some_windows(pieces, network.shape.context))
    answer = {"split": split.value, "run": made, **figures}
    if arguments.report:
        write_whole(arguments.report, report(answer).encode())
    return answer


def _export(arguments: argparse.Namespace) -> dict[str, Any]:
    from hitpoint.training.export_onnx import export
    from hitpoint.training.golden import write_golden
    from hitpoint.training.train import load_network

    figures = _read_figures(arguments.figures) if arguments.figures else None
    judged = [_read_figures(path) for path in arguments.judged]
    export(arguments.folder, arguments.corpus, arguments.output, not arguments.float32, figures, judged)
    if arguments.golden:
        write_golden(load_network(arguments.folder)[0], arguments.golden)
    size = sum(file.stat().st_size for file in arguments.output.iterdir())
    return {"bundle": str(arguments.output), "bytes": size}


def _index(arguments: argparse.Namespace) -> dict[str, Any]:
    from hitpoint.originality.index_file import INDEX, write_index
    from hitpoint.training.corpus_index import index_corpus

    if not arguments.output.is_dir():
        raise ConfigError(f"{arguments.output} is not a folder. Give the bundle's folder with -o.")
    progress = Progress("indexing")
    index = write_index(arguments.output / INDEX, index_corpus(arguments.corpus, progress.show))
    progress.close()
    path = arguments.output / INDEX
    return {"index": str(path), "id": index.id, "pieces": len(index.pieces), "bytes": path.stat().st_size}


def _read_figures(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, TypeError, ValueError) as error:
        raise ConfigError(f"{path} holds no figures ({error}). Write them with --json.") from error


def _for_people(answer: dict[str, Any], indent: str = "") -> str:
    lines = []
    for name, value in answer.items():
        nested = isinstance(value, dict)
        lines.append(f"{indent}{name.replace('_', ' ')}:" + ("" if nested else f" {value}"))
        if nested:
            lines.append(_for_people(value, indent + "  "))
    return "\n".join(lines)
