"""`hitpoint render --sheet`: every cue of a spotting sheet, scored offline, a file each."""

import argparse
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hitpoint.cli.curve_options import DRAWN
from hitpoint.cli.model_options import chosen_settings
from hitpoint.cli.progress import Progress
from hitpoint.cli.reel_report import ReelReport
from hitpoint.cli.sheet_cue import cue_numbered, shared_numbers
from hitpoint.cli.take_keeper import keep_cue
from hitpoint.errors import ConfigError
from hitpoint.hosts.sheet import Sheet, SheetCue
from hitpoint.hosts.sheet_reader import read_sheet

if TYPE_CHECKING:
    # They bring the model runtime; the other ways of this command should not pay for it before they need it.
    from hitpoint.engine.job_crew import Outcome
    from hitpoint.engine.reel import CueTake
    from hitpoint.engine.reel_job import CueJob

KINDS = ("mid", "rpp", "dawproject")
MOST_JOBS = 256
DASK = "dask:"
SHEET_EXAMPLES = (
    "hitpoint render --sheet reel1.yaml -o cues",
    "hitpoint render --sheet reel1.yaml --cue 1m03 --cue 1m04 --stems --as .rpp -o cues",
    "hitpoint render --sheet season.yaml --jobs dask:tcp://scheduler:8786 -o cues",
)
EXIT_FAILED = 1
"""A cue failed, or its take could not be kept, and the others are written."""


def add_sheet_options(parser: argparse.ArgumentParser) -> None:
    """Declare --sheet and what goes with it."""
    group = parser.add_argument_group(
        "a whole reel",
        "Each cue has its own tempo_map of the sheet, else the map that `hitpoint tempomap`\n"
        "solves for its hits, else the tempo and metre of its prompt; a marker at its start,\n"
        "one a hit and one at its END. A cue's `curves` draw its bars; cues that name the same\n"
        "`motif` begin with the theme of the first. A cue's `key` is a key, or a name in the\n"
        "sheet's `key_plan`. Files are called by number and title; a character that some\n"
        "system refuses in a name becomes _.",
    )
    group.add_argument("--sheet", type=Path, metavar="SHEET.yaml", help="a spotting sheet, in place of a PROMPT")
    group.add_argument(
        "--cue", action="append", metavar="1m03", help="only this cue; may be given several times (default: all)"
    )
    group.add_argument(
        "--as", dest="kind", metavar="ENDING", help="what files to write: .mid (default), .rpp or .dawproject"
    )
    group.add_argument("--stems", action="store_true", help="a file a part besides")
    group.add_argument(
        "--jobs", metavar="N",
        help="cues written at once, in processes (default: one a core); or dask:ADDRESS, on a Dask cluster. The files\n"
        "are the same whatever it is",
    )  # fmt: skip


def refuse_sheet_options(arguments: argparse.Namespace) -> None:
    """Raises ConfigError for an option that means nothing without --sheet."""
    for name in ("cue", "kind", "stems", "jobs"):
        if getattr(arguments, name):
            option = {"kind": "as"}.get(name, name)
            raise ConfigError(f"--{option} goes with --sheet. Give a sheet, or leave it out.")


def run_sheet(arguments: argparse.Namespace) -> int:
    """Write the reel. Returns the exit status: EXIT_FAILED where a cue or its take failed."""
    _check(arguments)
    kind, jobs_wanted = _kind(arguments.kind), _jobs(arguments.jobs)
    settings = chosen_settings(arguments)
    sheet = read_sheet(arguments.sheet)
    cues = _cues(arguments.sheet, sheet, arguments.cue)
    for shared in shared_numbers(arguments.sheet, sheet):
        print(f"hitpoint: {shared} Files and takes are hard to tell apart until then.", file=sys.stderr)
    # Imported here because they bring the model runtime.
    from hitpoint.engine.reel_folder import ReelFolder
    from hitpoint.engine.reel_job import reel_jobs

    jobs = reel_jobs(sheet, cues, settings, arguments.seed, kind, arguments.stems, not arguments.no_take)
    folder = ReelFolder(arguments.output, arguments.force)
    report = ReelReport(arguments.sheet, jobs)
    progress = Progress("rendering")
    try:
        with closing(_outcomes(jobs, jobs_wanted, report, progress)) as outcomes:
            for outcome in outcomes:
                report.take(outcome, folder.keep, partial(keep_cue, arguments))
    except KeyboardInterrupt:
        progress.close()
        print(f"hitpoint: interrupted: {report.written} of {len(jobs)} cues are written, all whole", file=sys.stderr)
        raise
    progress.close()
    report.left_over = folder.left_over(report.files)
    report.tell(arguments.json)
    return EXIT_FAILED if report.failed or report.not_kept else 0


def _check(arguments: argparse.Namespace) -> None:
    if arguments.prompt is not None:
        raise ConfigError("a PROMPT and --sheet don't go together: a sheet's cues have their own. Leave one out.")
    for name in ("bars", "variations", *DRAWN):
        if getattr(arguments, name) is not None:
            where = "Draw it in the sheet, under the cue's `curves`." if name in DRAWN else "The sheet says how long."
            where = "Render again with another --seed." if name == "variations" else where
            raise ConfigError(f"--{name} doesn't go with --sheet. {where}")


def _kind(written: str | None) -> str:
    kind = (written or KINDS[0]).lower().lstrip(".")
    if kind not in KINDS:
        raise ConfigError(f"--as {written} is no kind of file we write. Give one of: .{', .'.join(KINDS)}.")
    return f".{kind}"


def _jobs(written: str | None) -> int | str:
    """How many processes, or the address of a Dask scheduler."""
    if written is None:
        return _cores()
    if written.startswith(DASK) and written != DASK:
        return written.removeprefix(DASK)
    if written.isdecimal() and written.isascii() and 1 <= int(written[:9]) <= MOST_JOBS:
        return int(written)
    raise ConfigError(f"--jobs {written} is no number from 1 to {MOST_JOBS}, nor dask:ADDRESS. Give one.")


def _cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cues(path: Path, sheet: Sheet, numbers: Sequence[str] | None) -> list[SheetCue]:
    if not numbers:
        return list(sheet.cues)
    wanted = [cue_numbered(path, sheet, number) for number in numbers]
    return [cue for cue in sheet.cues if cue in wanted]


def _outcomes(
    jobs: Sequence["CueJob"], wanted: int | str, report: ReelReport, progress: Progress
) -> Generator["Outcome[CueTake]", None, None]:
    from hitpoint.engine.dask_crew import do_on_dask
    from hitpoint.engine.job_crew import do_apart, do_here
    from hitpoint.engine.reel import write_cue

    # The longest first, so that none is left over at the end while other processes wait.
    order = sorted(range(len(jobs)), key=lambda place: -jobs[place].frames)
    ordered = [jobs[place] for place in order]
    weights = [max(1, job.frames) for job in ordered]
    shares = [0.0] * len(jobs)

    def share(place: int, done: float) -> None:
        shares[place] = done
        finished = sum(one == 1.0 for one in shares)
        amount = sum(weight * one for weight, one in zip(weights, shares, strict=True))
        progress.show(amount, sum(weights), f"{finished} of {len(jobs)} cues")

    def died(place: int, how: str) -> None:
        report.again(order[place], how)

    if isinstance(wanted, str):
        outcomes = do_on_dask(ordered, write_cue, wanted, share, died)
    elif min(wanted, len(jobs)) > 1:
        outcomes = do_apart(ordered, write_cue, min(wanted, len(jobs)), share, died)
    else:
        outcomes = do_here(ordered, write_cue, share)
    with closing(outcomes):
        for outcome in outcomes:
            share(outcome.place, 1.0)
            yield type(outcome)(order[outcome.place], outcome.answer, outcome.error)
