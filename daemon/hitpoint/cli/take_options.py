"""Which take memory a command means: a file that is named, the one beside a sheet, or the person's own."""

import argparse
from pathlib import Path

from hitpoint.config.places import kept_folder
from hitpoint.errors import ConfigError

ENDING = ".takes.db"
"""What a sheet's own take memory is called, after the sheet's name."""

_SHEETS = (".yaml", ".yml")


def add_take_options(parser: argparse.ArgumentParser) -> None:
    """Declare --takes and --sheet."""
    parser.add_argument("--takes", type=Path, metavar="FILE", help="the take memory (default: your own)")
    parser.add_argument("--sheet", type=Path, metavar="SHEET.yaml", help=f"the one beside this sheet: SHEET{ENDING}")


def takes_file(named: Path | None, sheet: Path | None = None) -> Path:
    """Where takes are kept: the file that is named, else beside the sheet, else in the person's own folder."""
    if named is not None:
        return named
    if sheet is not None:
        return sheet.with_name(f"{sheet.stem}{ENDING}")
    return kept_folder("takes.db")


def sheet_of(map_file: Path | None) -> Path | None:
    """The sheet that a map is; None where it is a host's or a sequencer's file."""
    return None if map_file is None or map_file.suffix.lower() not in _SHEETS else map_file


def takes_go_along(old: Path, new: Path) -> Path | None:
    """Copy the take memory beside the sheet `old` to `new`'s. Returns the copy; None where there is nothing to copy, or
    where that sheet has one. Raises HitpointError where it can't be done."""
    from hitpoint.engine.take_database import copy_database

    source, target = takes_file(None, old), takes_file(None, new)
    if not source.exists() or target.exists():
        return None
    copy_database(source, target)
    return target


def make_own_folder() -> None:
    """Have the person's own folder there. Raises ConfigError where it can't be made."""
    folder = kept_folder("takes.db").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be made: {error.strerror or error}. Name a file with --takes.") from error
