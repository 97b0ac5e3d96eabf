"""`hitpoint train adapt`: a bundle that goes on learning from a person's own MIDI files, on their own machine."""

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from hitpoint.cli.progress import Progress
from hitpoint.config.load import load_settings
from hitpoint.config.places import bundle_folder, bundle_names, own_models_folder
from hitpoint.errors import ConfigError

MOST_ROOM = 15
"""Times the model's own size that adapting takes: two checkpoints, one of them in the making, and the bundle."""
DESCRIPTION = (
    "Have a bundle go on learning from MIDI files of your own. Nothing leaves this machine. About one file in five is "
    "not learned but chooses what is kept. Ctrl-C ends it with the best so far, after the step begun; a second one at "
    "once, with nothing."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="MIDI files; folders within are read too")
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="NAME",
        help="the new bundle, found by that name from then on; or a path",
    )
    parser.add_argument("--config", type=Path, metavar="F", help="settings file")
    parser.add_argument(
        "--bundle",
        metavar="B",
        help="begin from this one (default: `model.bundle` of the settings, small-2 as it comes)",
    )
    parser.add_argument(
        "--minutes", type=float, metavar="M",
        help="learn until so long is over, and end the step begun (default 5); reading and looking before, and "
        "choosing and writing after, take up to a minute more",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="default 1")
    parser.add_argument("--threads", type=int, default=2, metavar="N", help="cores to use (default 2)")
    parser.add_argument("--force", action="store_true", help="replace a bundle that is there")


def adapt(
    arguments: argparse.Namespace, stopped_by_signals: Callable[[Any], AbstractContextManager[None]]
) -> dict[str, Any]:
    """Do it. stopped_by_signals: has a run end in good order while the context lasts."""
    import torch

    from hitpoint.training.adapt import Adaptation, is_bundle
    from hitpoint.training.base_bundle import read_base
    from hitpoint.training.new_folder import check_place, check_room, put, workshop
    from hitpoint.training.own_pieces import read_folder
    from hitpoint.training.presets import preset_named, shortened

    _check(arguments)
    output = place_of(arguments.output)
    check_place(output, arguments.force, is_bundle)
    named = {} if arguments.bundle is None else {"model.bundle": arguments.bundle}
    base = read_base(bundle_folder(load_settings(arguments.config, named).model.bundle))
    if output.resolve() == base.bundle.folder.resolve():
        raise ConfigError(f"{output} is the bundle that is adapted. Choose another name.")
    check_room(output, MOST_ROOM * base.bundle.model_path.stat().st_size)
    torch.set_num_threads(arguments.threads)
    progress = Progress("reading")
    pieces = read_folder(arguments.folder, progress.show)
    progress.close()
    preset, progress = shortened(preset_named("adapt"), arguments.minutes), Progress("adapting")
    held_out = [""]

    def show(line: dict[str, Any]) -> None:
        if line["what"] == "valid":
            held_out[0] = f", held back {line['nats_per_step']:.3f} nats"
        progress.show(line["seconds"], preset.minutes * 60, f"step {line['step']}{held_out[0]}")

    with workshop(output) as work:
        adaptation = Adaptation(pieces, base, preset, arguments.seed, work)
        try:
            with stopped_by_signals(adaptation.run):
                found = adaptation.fit(show)
        finally:
            progress.close()
        folder = work / output.name
        adaptation.write(folder, found)
        put(folder, output)
    return {
        "bundle": str(output),
        "adapted_from": base.bundle.name,
        "learned": len(pieces.learned),
        "held_out": [entry.id for entry, _ in pieces.held_out],
        "skipped": list(pieces.skipped),
        "nats_per_step": {"before": found.before, "after": found.after},
        "kept_step": found.step,
        "steps": found.steps,
        "seconds": found.seconds,
    }


def _check(arguments: argparse.Namespace) -> None:
    if arguments.minutes is not None and not arguments.minutes > 0:
        raise ConfigError(f"--minutes {arguments.minutes:g} is too few. Give 5, or at least a part of one.")
    if arguments.threads < 1:
        raise ConfigError(f"--threads {arguments.threads} is too few. Give 1 or more.")
    # Bundles that come with Hitpoint are found by name first: one's own of that name never would be.
    if (name := Path(arguments.output).name) in bundle_names():
        raise ConfigError(f"a bundle that comes with Hitpoint is called {name}. Choose another name.")


def place_of(output: str) -> Path:
    """Where a bundle goes: a name alone among a person's own bundles, where a daemon finds it; a path there."""
    if not output or output in (".", "..") or "/" in output or "\\" in output:
        return Path(output).expanduser()
    return own_models_folder() / output
