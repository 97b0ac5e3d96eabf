"""`hitpoint infill`: some bars of some parts of a MIDI file written anew, or a new part written to it."""

import argparse
import json
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hitpoint.cli.candidates import add_candidates_option, check_candidates
from hitpoint.cli.model_options import add_model_options, chosen_settings
from hitpoint.cli.progress import Progress
from hitpoint.config.places import bundle_folder
from hitpoint.config.settings import Settings
from hitpoint.errors import ConfigError
from hitpoint.score.direction import parse
from hitpoint.score.keep import Keep

if TYPE_CHECKING:
    from hitpoint.engine.infill_file import OpenFile, Wanted

MOST_VARIATIONS = 100
MIDI_ENDINGS = (".mid", ".midi")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "infill",
        help="rewrite bars of parts of a MIDI file, or add a part",
        description="Write some bars of some parts of a MIDI file anew, or write a new part to it. "
        "Every other event stays as it was.",
        epilog="example: hitpoint infill cue.mid --bars 5-8 --parts strings --amount 0.6 -o cue-2.mid",
    )
    parser.add_argument("input", type=Path, metavar="IN.mid", help="the file to read")
    parser.add_argument("--bars", metavar="5-8", help='bars from 1: "5-8", "5", "3,5-6" (default with --add: all)')
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--parts", metavar="NAMES", help="tracks, instruments, sections or numbers: brass, 3, Violin I")
    what.add_argument("--add", metavar="PART", help='write a new part: "french horn"')
    parser.add_argument(
        "--amount",
        type=float,
        default=1.0,
        metavar="A",
        help="share of the notes to write anew, 0 to 1 (default 1: all, as many as fit); below 1 about as many are "
        "written as are taken out",
    )
    parser.add_argument("--keep", choices=[keep.value for keep in Keep], help="hold this one thing")
    parser.add_argument("--direction", default="", metavar="TEXT", help="key and mood in words")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="same seed, same bytes (default 0)")
    parser.add_argument("--variations", type=int, default=1, metavar="K", help="K answers: OUT-1.mid … OUT-K.mid")
    add_candidates_option(parser)
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="OUT.mid", help="where to write it")
    parser.add_argument("--force", action="store_true", help="replace files that differ, IN.mid among them")
    add_model_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    _check(arguments)
    settings = chosen_settings(arguments)
    answer = _infill(arguments, settings)
    if arguments.json:
        print(json.dumps(answer))
        return 0
    bars = arguments.bars or "all"
    for file in answer["files"]:
        print(f"{file['file']}: bars {bars} of {', '.join(answer['parts'])}, {file['notes']} notes written")
    if answer["unknown"]:
        print(f"not understood: {', '.join(answer['unknown'])}")
    return 0


def _check(arguments: argparse.Namespace) -> None:
    check_candidates(arguments.candidates)
    if not 0.0 <= arguments.amount <= 1.0:
        raise ConfigError(
            f"--amount {arguments.amount:g} is outside 0 to 1. Give 0 for the very same notes, 1 for new."
        )
    if not 1 <= arguments.variations <= MOST_VARIATIONS:
        raise ConfigError(f"--variations {arguments.variations} is outside 1 to {MOST_VARIATIONS}.")
    if arguments.parts is not None and arguments.bars is None:
        raise ConfigError("--parts needs the bars to rewrite. Give them with --bars 5-8.")
    if arguments.add is not None:
        if arguments.amount != 1.0:
            raise ConfigError("--amount is for notes that are there; a new part has none. Leave it out with --add.")
        if arguments.keep not in (None, Keep.HARMONY.value):
            raise ConfigError(
                f"--keep {arguments.keep} is of notes that are there; with --add only harmony can be kept."
            )
    output = arguments.output
    if output.suffix.lower() not in MIDI_ENDINGS:
        wrong = f": {output.suffix} is no MIDI file" if output.suffix else " has no ending"
        raise ConfigError(f"{output}{wrong}. End it in .mid.")
    if not output.parent.is_dir():
        raise ConfigError(f"{output.parent} is not a folder. Make it, or write elsewhere with -o.")
    paths = [_path(output, number, arguments.variations) for number in range(arguments.variations)]
    if not arguments.force and any(path.exists() and _same(path, arguments.input) for path in paths):
        raise ConfigError(f"{arguments.input} would be written over. Choose another -o, or say --force.")


def _same(path: Path, other: Path) -> bool:
    return other.exists() and path.samefile(other)


def _infill(arguments: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    # Imported here because they bring the model runtime; other commands should not pay for it.
    from dataclasses import replace

    from hitpoint.engine.infill_choice import infills
    from hitpoint.engine.infill_file import open_file
    from hitpoint.score.whole_file import write_asked

    bundle, guidance = bundle_folder(settings.model.bundle), settings.model.guidance
    file = open_file(arguments.input, settings.output.articulations)
    wanted = _wanted(arguments, file)
    names = [f"{arguments.seed}/{number}" if number else f"{arguments.seed}" for number in range(arguments.variations)]
    wishes, files, parts = [replace(wanted, seed=name) for name in names], [], tuple[str, ...]()
    with closing(Progress("writing")) as progress:
        show = partial(progress.show, of=1)
        answers = infills(file, wishes, bundle, guidance, arguments.candidates, show)
        for number, answer in enumerate(answers):
            path = _path(arguments.output, number, arguments.variations)
            write_asked([(path, answer.content)], arguments.force)
            files.append({"file": str(path), "notes": answer.notes})
            parts = answer.parts
    return {
        **files[0],
        "bars": [index + 1 for index in wanted.bars],
        "parts": list(parts),
        "seed": arguments.seed,
        "amount": arguments.amount,
        "keep": arguments.keep,
        "files": files,
        "unknown": list(wanted.direction.unknown),
    }


def _wanted(arguments: argparse.Namespace, file: "OpenFile") -> "Wanted":
    from hitpoint.engine.infill_file import Wanted
    from hitpoint.score.bar_choice import bars_in
    from hitpoint.score.file_part import chosen_parts, named_instrument

    count = len(file.bars)
    bars = tuple(range(count)) if arguments.bars is None else bars_in(arguments.bars, count)
    instrument = None if arguments.add is None else named_instrument(arguments.add)
    if arguments.add is not None and instrument is None:
        raise ConfigError(f"--add {arguments.add!r} is no instrument we know. Name one, such as french horn or cello.")
    parts = () if arguments.parts is None else chosen_parts(file.parts, arguments.parts)
    if arguments.parts is not None and not parts:
        raise ConfigError(f"{file.path} has no part {arguments.parts!r}. It has {_listed(file)}.")
    keep = None if arguments.keep is None else Keep(arguments.keep)
    return Wanted(bars, parts, instrument, arguments.amount, keep, parse(arguments.direction))


def _listed(file: "OpenFile") -> str:
    names: Sequence[str] = [str(part) for part in file.parts]
    return ", ".join(names)


def _path(output: Path, number: int, of: int) -> Path:
    return output if of == 1 else output.with_name(f"{output.stem}-{number + 1}{output.suffix}")
