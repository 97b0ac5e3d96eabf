"""`hitpoint takes make`: takes of a sheet's cues, or of one that the page hands over, without a file beside them."""

import argparse
import json
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hitpoint.cli.model_options import add_model_options, chosen_settings
from hitpoint.cli.progress import Progress
from hitpoint.cli.sheet_cue import shared_numbers
from hitpoint.cli.take_options import make_own_folder, takes_file
from hitpoint.errors import ConfigError, HitpointError
from hitpoint.hosts.sheet_reader import read_sheet

if TYPE_CHECKING:
    from hitpoint.engine.take import NewTake, TakeFacts

MOST_TAKES = 100
"""Of each cue. Our choice."""
SEEDS = 2**31
EXIT_FAILED = 1
"""A take failed, and the others are made."""

_Write = Callable[[Sequence[int], Callable[[float], None]], "Iterator[NewTake]"]
"""With seeds, and what is told how much is done: a take of each."""


def add_make_options(parser: argparse.ArgumentParser) -> None:
    """Declare what takes are made of."""
    parser.add_argument("--cue", action="append", metavar="1m03", help="only this cue; may be given several times")
    parser.add_argument("--count", type=int, default=1, metavar="N", help="so many takes of each (default 1)")
    parser.add_argument("--seed", type=int, metavar="S", help="of the first; the same seed gives the same takes")
    add_model_options(parser)
    # What the page's own process asks: the cue on standard input, what it was like, and that nobody asked for it.
    parser.add_argument("--handed-over", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--sign", default="", help=argparse.SUPPRESS)
    parser.add_argument("--no-step", action="store_true", help=argparse.SUPPRESS)


def make(arguments: argparse.Namespace) -> int:
    """Make takes, and remember each as soon as it is there. Returns the exit status: EXIT_FAILED where one failed."""
    if not 1 <= arguments.count <= MOST_TAKES:
        raise ConfigError(f"--count {arguments.count} is outside 1 to {MOST_TAKES}.")
    if arguments.sheet is None and not arguments.handed_over:
        raise ConfigError("takes are made of a sheet's cues. Give one with --sheet; `hitpoint render` takes words.")
    path = takes_file(arguments.takes, arguments.sheet)
    if arguments.takes is None and arguments.sheet is None:
        make_own_folder()
    first = secrets.randbelow(SEEDS) if arguments.seed is None else arguments.seed
    seeds = range(first, first + arguments.count)
    made: list[TakeFacts] = []
    failed: list[tuple[str, str]] = []
    progress = Progress("making")
    try:
        for cue, write in _wanted(arguments):
            try:
                for take in write(seeds, lambda done: progress.show(done, 1)):
                    made.append(_remembered(arguments, path, take))
            except HitpointError as error:
                # Another seed would fail as this one.
                failed.append((cue, str(error)))
    except KeyboardInterrupt:
        progress.close()
        kept = ", ".join(take.id for take in made) or "none"
        print(f"hitpoint: interrupted: takes that are made and kept: {kept}", file=sys.stderr)
        raise
    finally:
        progress.close()
    _tell(made, failed, arguments.json)
    return EXIT_FAILED if failed else 0


def _wanted(arguments: argparse.Namespace) -> Iterator[tuple[str, _Write]]:
    """Names of cues, and what writes each."""
    from hitpoint.engine.cue_text import cue_text
    from hitpoint.engine.take_make import cue_named, sheet_jobs, takes_of_sheet, takes_of_text

    settings = chosen_settings(arguments)
    if arguments.handed_over:
        text = cue_text(sys.stdin.buffer.read())
        yield text.cue, partial(takes_of_text, text, settings)
        return
    sheet = read_sheet(arguments.sheet)
    for shared in shared_numbers(arguments.sheet, sheet):
        print(f"hitpoint: {shared}", file=sys.stderr)
    cues = [cue_named(sheet, name) for name in arguments.cue] if arguments.cue else list(sheet.cues)
    for job in sheet_jobs(sheet, cues, settings, 0):
        yield job.called, partial(takes_of_sheet, job)


def _remembered(arguments: argparse.Namespace, path: Path, take: "NewTake") -> "TakeFacts":
    from hitpoint.engine.cue_text import SIGN
    from hitpoint.engine.take_store import TakeStore

    asked = {SIGN: arguments.sign} if arguments.sign else {}
    with TakeStore(path) as store:
        return store.remember(replace(take, asked=asked), "" if arguments.no_step else "make")


def _tell(made: "list[TakeFacts]", failed: list[tuple[str, str]], as_json: bool) -> None:
    if as_json:
        wrong = [{"cue": cue, "error": why} for cue, why in failed]
        print(json.dumps({"takes": [one.as_json() for one in made], "failed": wrong}, ensure_ascii=False))
        return
    for one in made:
        print(f"take {one.id} of {one.cue}: {one.bars} bars, {one.notes} notes")
    for cue, why in failed:
        print(f"{cue}: {why}", file=sys.stderr)
