"""`hitpoint render`: a cue from a prompt, offline, to a MIDI file, a REAPER project or a DAWproject file."""

import argparse
import json
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from hitpoint.cli.asked_file import add_force
from hitpoint.cli.curve_options import EXAMPLES, add_curve_options, curves_of
from hitpoint.cli.model_options import add_model_options, chosen_settings
from hitpoint.cli.progress import Progress
from hitpoint.cli.render_sheet import SHEET_EXAMPLES, add_sheet_options, refuse_sheet_options, run_sheet
from hitpoint.cli.take_keeper import add_keep_options, keep_take
from hitpoint.config.places import bundle_folder, fields_read
from hitpoint.config.settings import OutputSettings
from hitpoint.errors import ConfigError
from hitpoint.score.direction import parse

MOST_BARS = 2000
MOST_VARIATIONS = 100


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "render",
        help="write a cue from a prompt, or all cues of a sheet, to MIDI files or projects",
        description="Write a cue from a prompt to a type-1 MIDI file: a named track a part, with\n"
        "tempo, metre and key; or, as the ending says, to a REAPER project or a DAWproject file.\n"
        "With --sheet: every cue of a spotting sheet, each to a file of its own in a folder.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(
            (
                'example: hitpoint render "tense, orchestral, 120 bpm, D minor" --bars 16 --seed 7 -o cue.mid',
                *(f"         {example}" for example in (*EXAMPLES, *SHEET_EXAMPLES)),
                "",
                "exit status: 0 all written; 1 a cue of the sheet failed, and the others are written;",
                "             2 a mistake, and nothing more is written",
            )
        ),
    )
    parser.add_argument("prompt", metavar="PROMPT", nargs="?", help="what it should be, in words")
    parser.add_argument("--bars", type=int, metavar="N", help="how many; the last one holds the final chord")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="same seed, same bytes (default 0)")
    parser.add_argument("--variations", type=int, metavar="K", help="K answers: OUT-1.mid … OUT-K.mid")
    parser.add_argument(
        "-o", "--output", required=True, type=Path, metavar="OUT.mid",
        help="where to write it: .mid, .rpp, .dawproject; with --sheet a folder",
    )  # fmt: skip
    add_force(parser)
    add_sheet_options(parser)
    add_keep_options(parser)
    add_curve_options(parser)
    add_model_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    if arguments.sheet is not None:
        return run_sheet(arguments)
    _check(arguments)
    settings = chosen_settings(arguments)
    direction = parse(arguments.prompt)
    written = _render_all(arguments, bundle_folder(settings.model.bundle), settings.model.guidance, settings.output)
    if arguments.json:
        print(json.dumps({"files": written, "unknown": list(direction.unknown), "flags": list(direction.flags)}))
        return 0
    for file in written:
        take = f", take {file['take']}" if file["take"] else ""
        print(f"{file['file']}: {file['bars']} bars, {file['parts']} parts, {file['notes']} notes{take}")
    resting = [name for name in written[0]["silent"] if all(name in file["silent"] for file in written)]
    if resting:
        print(f"note: {', '.join(resting)} {'rests' if len(resting) == 1 else 'rest'} throughout; more --intensity, "
              "more players")  # fmt: skip
    if direction.unknown:
        print(f"not understood: {', '.join(direction.unknown)}")
    for flag in direction.flags:
        print(f"note: {flag}")
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if arguments.prompt is None:
        raise ConfigError("there is nothing to render. Give a PROMPT, or a spotting sheet with --sheet.")
    refuse_sheet_options(arguments)
    if arguments.variations is None:
        arguments.variations = 1
    if arguments.bars is not None and not 1 <= arguments.bars <= MOST_BARS:
        raise ConfigError(f"--bars {arguments.bars} is outside 1 to {MOST_BARS}. Give a number of bars in that range.")
    if not 1 <= arguments.variations <= MOST_VARIATIONS:
        raise ConfigError(f"--variations {arguments.variations} is outside 1 to {MOST_VARIATIONS}.")
    if not arguments.output.parent.is_dir():
        raise ConfigError(f"{arguments.output.parent} is not a folder. Make it, or write elsewhere with -o.")


def _render_all(
    arguments: argparse.Namespace, bundle: Path, guidance: float, output: OutputSettings
) -> list[dict[str, Any]]:
    # Imported here because they bring the model runtime; other commands should not pay for it.
    from hitpoint.engine.composer import Composer
    from hitpoint.engine.render import file_kind, prompt_session, render, write
    from hitpoint.score.session import VariationAsked

    file_kind(arguments.output)
    session, bars = prompt_session(parse(arguments.prompt), arguments.bars, arguments.seed)
    session = replace(session, curves=curves_of(arguments, bars), model_reads=fields_read(str(bundle)))
    composer = Composer.load(bundle, guidance)
    written: list[dict[str, Any]] = []
    with closing(Progress("rendering")) as progress:
        for number in range(arguments.variations):
            show = partial(_show, progress, number * bars, bars * arguments.variations)
            parts = render(session, composer, bars, show, output.expression, output.articulations)
            path = _path(arguments.output, number, arguments.variations)
            write(path, session, parts, arguments.prompt, arguments.force)
            notes = sum(len(part.notes) for part in parts)
            take = keep_take(arguments, session, parts, bars, arguments.prompt, bundle, output.expression, guidance)
            silent = [part.name for part in parts if not part.notes]
            told = {"file": str(path), "bars": bars, "parts": len(parts), "notes": notes, "take": take}
            written.append({**told, "silent": silent})
            session = session.apply(VariationAsked(0, bars))
    return written


def _show(progress: Progress, before: int, of: int, done: int, _: int) -> None:
    progress.show(before + done, of)


def _path(output: Path, number: int, of: int) -> Path:
    return output if of == 1 else output.with_name(f"{output.stem}-{number + 1}{output.suffix}")
