"""Which take memory a command means: a file that is named, the one beside a sheet, or the person's own."""

import argparse
from pathlib import Path

from hitpoint.config.places import kept_folder

ENDING = ".takes.db"
"""What a sheet's own take memory is called, after the sheet's name."""


def add_take_options(parser: argparse.ArgumentParser) -> None:
    """Declare --takes and --sheet."""
    parser.add_argument("--takes", type=Path, metavar="FILE", help="the take memory (default: your own)")
    parser.add_argument("--sheet", type=Path, metavar="SHEET.yaml", help=f"the one beside this sheet: SHEET{ENDING}")


def takes_file(named: Path | None, sheet: Path | None = None) -> Path:
    """Where takes are kept: the file that is named, else beside the sheet, else in the person's own folder, which is
    made where it is not there."""
    if named is not None:
        return named
    if sheet is not None:
        return sheet.with_name(f"{sheet.stem}{ENDING}")
    path = kept_folder("takes.db")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
