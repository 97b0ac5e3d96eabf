"""One cue of a sheet, as the tempo finders need it; every mistake names the sheet."""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from hitpoint.config.document import did_you_mean
from hitpoint.engine.cue_maps import hit_list
from hitpoint.errors import ConfigError, ScoreError
from hitpoint.hosts.sheet import Sheet, SheetCue
from hitpoint.hosts.sheet_reader import read_sheet
from hitpoint.spotting.hit import HitList

_TOLD = 12
"""Numbers told in a message."""


def add_cue_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare SHEET.yaml, --cue and --json."""
    parser.add_argument("sheet", type=Path, metavar="SHEET.yaml", help="the spotting sheet")
    parser.add_argument("--cue", metavar="N", help="its number, as in 1m03; may be left out where there is one cue")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def cue_of(path: Path, number: str | None) -> tuple[Sheet, SheetCue]:
    """The sheet and the cue of that number. Raises HostError for a bad sheet, ConfigError for a cue it doesn't have."""
    sheet = read_sheet(path)
    if number is None and len(sheet.cues) == 1:
        return sheet, sheet.cues[0]
    numbers = [cue.number for cue in sheet.cues]
    if number is None:
        some = ", ".join(number or "(no number)" for number in numbers[:_TOLD])
        more = f" and {len(numbers) - _TOLD} more" if len(numbers) > _TOLD else ""
        raise ConfigError(f"{path} has {len(numbers)} cues. Say which with --cue: {some}{more}.")
    return sheet, cue_numbered(path, sheet, number)


def cue_numbered(path: Path, sheet: Sheet, number: str) -> SheetCue:
    """The cue of that number, upper and lower case alike. Raises ConfigError where there is none, or several."""
    found = [cue for cue in sheet.cues if cue.number.lower() == number.strip().lower()]
    if not found:
        raise ConfigError(f"{path} has no cue {number!r}.{did_you_mean(number, [cue.number for cue in sheet.cues])}")
    if len(found) > 1:
        raise ConfigError(f"{path} has {len(found)} cues {number!r}, in {_lines(found)}. Give each its own number.")
    return found[0]


def place_of(path: Path, cue: SheetCue) -> str:
    """Where a cue stands, for messages: the sheet, its line, and its number where it has one."""
    return f"{path} line {cue.line}, cue {cue.number}" if cue.number else f"{path} line {cue.line}"


def shared_numbers(path: Path, sheet: Sheet) -> Iterator[str]:
    """A sentence for each number that several cues have, with their lines; upper and lower case alike."""
    cues_of: defaultdict[str, list[SheetCue]] = defaultdict(list)
    for cue in sheet.cues:
        if cue.number:
            cues_of[cue.number.lower()].append(cue)
    for cues in cues_of.values():
        if len(cues) > 1:
            yield f"{path}: {len(cues)} cues are called {cues[0].number}, in {_lines(cues)}. Give each its own number."


def _lines(cues: Sequence[SheetCue]) -> str:
    lines = [str(line) for line in sorted(cue.line for cue in cues)]
    return f"lines {', '.join(lines[:-1])} and {lines[-1]}"


def hits_of(path: Path, sheet: Sheet, cue: SheetCue) -> HitList:
    """The cue's hits, in frames from its start. Raises ConfigError where it has none."""
    try:
        return hit_list(cue, sheet.frame_rate)
    except ScoreError as error:
        raise ConfigError(f"{place_of(path, cue)}: {error}") from error
