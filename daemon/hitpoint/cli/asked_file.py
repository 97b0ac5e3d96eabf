"""A file that a person asks a command to write: where it may be, and what happens to one that is there.

One rule for every command, which `score.whole_file.write_asked` keeps: another file that is there is left alone unless
`--force` is given; the very same one is no mistake; a pipe or a device is no file that could be lost.
"""

import argparse
import sys
from pathlib import Path
from typing import TextIO

from hitpoint.errors import ConfigError
from hitpoint.score.whole_file import STANDARD_OUTPUT, takes_bytes


def add_force(parser: argparse.ArgumentParser) -> None:
    """Declare `--force`."""
    parser.add_argument("--force", action="store_true", help="replace a file that differs; without, it is left alone")


def asked_path(words: str) -> Path:
    """The file that was named; `-` is standard output."""
    return STANDARD_OUTPUT if words == "-" else Path(words)


def check_place(output: Path, *sources: Path) -> None:
    """Raises ConfigError where `output` has no folder, or is one of the files it is made from, `--force` or not."""
    if any(output.exists() and source.exists() and output.samefile(source) for source in sources):
        raise ConfigError(f"{output} is what it is made from, and is kept. Write to another file.")
    if not (takes_bytes(output) or output.parent.is_dir()):
        raise ConfigError(f"{output.parent} is not a folder. Make it, or write elsewhere.")


def report_stream(output: Path) -> TextIO:
    """Where to say what was written: not among what goes to standard output."""
    return sys.stderr if output == STANDARD_OUTPUT else sys.stdout
