"""How a rendering command remembers what it wrote."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hitpoint.cli.take_options import make_own_folder, takes_file
from hitpoint.errors import HitpointError

if TYPE_CHECKING:
    from hitpoint.engine.take import NewTake
    from hitpoint.score.midi_score import MidiPart
    from hitpoint.score.session import Session


def add_keep_options(parser: argparse.ArgumentParser) -> None:
    """Declare --takes and --no-take."""
    parser.add_argument(
        "--takes", type=Path, metavar="FILE", help="the take memory (default: your own, or beside the sheet)"
    )
    parser.add_argument("--no-take", action="store_true", help="do not remember it: nothing but the file is left")


def keep_take(
    arguments: argparse.Namespace,
    session: "Session",
    parts: "Sequence[MidiPart]",
    bars: int,
    prompt: str,
    bundle: Path,
    controllers: Sequence[int],
    guidance: float,
) -> str | None:
    """Remember what was rendered. Returns its id; None for --no-take.

    To be called once the file is written: where the take can't be kept, a HitpointError says that the file is there.
    """
    if arguments.no_take:
        return None
    # Imported here because it brings the planner; a command's help should not pay for it.
    from hitpoint.engine.rendered_take import rendered_take

    with _said():
        return _keep(
            arguments, rendered_take(session, parts, bars, prompt, bundle, controllers, guidance=guidance), None
        )


def keep_cue(arguments: argparse.Namespace, take: "NewTake") -> str:
    """Remember a cue, beside its sheet or where --takes says. Returns its id. Raises as `keep_take` does."""
    with _said():
        return _keep(arguments, take, arguments.sheet)


def _keep(arguments: argparse.Namespace, take: "NewTake", sheet: Path | None) -> str:
    from hitpoint.engine.take_store import TakeStore

    if arguments.takes is None and sheet is None:
        make_own_folder()
    with TakeStore(takes_file(arguments.takes, sheet)) as store:
        return store.remember(take).id


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except HitpointError as error:
        raise type(error)(
            f"the file is written, but its take is not kept: {error} Or render with --no-take."
        ) from error
