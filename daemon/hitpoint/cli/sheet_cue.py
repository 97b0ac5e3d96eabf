"""One cue of a sheet, as the tempo finders need it; every mistake names the sheet."""

import argparse
from pathlib import Path

from hitpoint.config.document import did_you_mean
from hitpoint.errors import ConfigError, ScoreError
from hitpoint.hosts.sheet import Sheet, SheetCue
from hitpoint.hosts.sheet_reader import read_sheet
from hitpoint.spotting.hit import DEFAULT_WINDOW, Hit, HitList


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
        raise ConfigError(f"{path} has {len(numbers)} cues. Say which with --cue: {', '.join(numbers[:12])}.")
    found = [cue for cue in sheet.cues if cue.number.lower() == number.strip().lower()]
    if not found:
        raise ConfigError(f"{path} has no cue {number!r}.{did_you_mean(number, numbers)}")
    if len(found) > 1:
        raise ConfigError(f"{path} has {len(found)} cues {number!r}. Give each its own number.")
    return sheet, found[0]


def hits_of(path: Path, sheet: Sheet, cue: SheetCue) -> HitList:
    """The cue's hits, in frames from its start. Raises ConfigError where it has none."""
    hits = tuple(
        Hit(hit.frame - cue.start, hit.name, hit.weight, hit.window or DEFAULT_WINDOW, hit.locked) for hit in cue.hits
    )
    try:
        return HitList(hits, sheet.frame_rate, None if cue.end is None else cue.end - cue.start)
    except ScoreError as error:
        raise ConfigError(f"{path} cue {cue.number}: {error}") from error
