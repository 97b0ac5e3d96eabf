"""`hitpoint sheet cues`: the cue sheet for performing-rights organisations, from a spotting sheet."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from hitpoint.cli.asked_file import add_force, asked_path, check_place, report_stream
from hitpoint.config.document import did_you_mean
from hitpoint.errors import ConfigError
from hitpoint.hosts.royalty_sheet import GIVEN, royalty_sheet
from hitpoint.hosts.sheet_reader import read_sheet
from hitpoint.score.whole_file import write_asked

_Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_EXAMPLE = (
    'example: hitpoint sheet cues reel1.yaml --set company="Lantern Films" --set writer="Ada Klein"\n'
    '         --set "writer pro=GEMA" --set "writer share=100" --set usage=BI -o reel1-cues.csv'
)


def add_cues_action(actions: _Actions) -> None:
    """Declare the action."""
    parser = actions.add_parser(
        "cues",
        help="write the cue sheet for performing-rights organisations",
        description="Write the cue sheet that performing-rights organisations are sent, as CSV. Timings come from the\n"
        "sheet's timecode. What the sheet does not say is left empty and named, unless --set says it:\n"
        f"{', '.join(GIVEN[:8])};\nof every cue {', '.join(GIVEN[8:])}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EXAMPLE,
    )
    parser.add_argument("sheet", type=Path, metavar="SHEET.yaml", help="the spotting sheet")
    parser.add_argument("-o", "--output", required=True, type=asked_path, metavar="CUES.csv", help="where to write it")
    parser.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help="what the sheet does not say; may be repeated"
    )
    add_force(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(do=write_cues)


def write_cues(arguments: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    output = arguments.output
    check_place(output, arguments.sheet)
    sheet = read_sheet(arguments.sheet)
    made = royalty_sheet(sheet, _all_given(arguments.set))
    write_asked([(output, made.content)], arguments.force)
    for line in (*made.remarks, *made.missing):
        print(line, file=sys.stderr)
    report = report_stream(output)
    if arguments.json:
        said = {
            "file": str(output),
            "cues": len(sheet.cues),
            "missing": list(made.missing),
            "remarks": list(made.remarks),
        }
        print(json.dumps(said, ensure_ascii=False), file=report)
    else:
        print(f"{output}: {len(sheet.cues)} cues", file=report)
    return 0


def _all_given(said: Iterable[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for words in said:
        name, value = _given(words)
        if name in given:
            raise ConfigError(
                f"--set {name} is given twice. Say it once, several people as in --set 'writer=A. Klein / B. Roth'."
            )
        given[name] = value
    return given


def _given(words: str) -> tuple[str, str]:
    field, equals, value = words.partition("=")
    name = " ".join(field.lower().replace("_", " ").split())
    if not equals:
        raise ConfigError(f"--set {words[:60]!r} has no value. Write it as in --set 'writer=Ada Klein'.")
    if name not in GIVEN:
        raise ConfigError(f"--set {words[:60]!r} names no field.{did_you_mean(name, list(GIVEN))}")
    return name, value.strip()
