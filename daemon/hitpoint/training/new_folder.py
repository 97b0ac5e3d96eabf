"""A folder that appears whole or not at all: it is filled beside its place and renamed."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hitpoint.errors import ConfigError


@contextmanager
def workshop(place: Path) -> Iterator[Path]:
    """An empty folder beside `place`, gone afterwards. Raises ConfigError where none can be made, or filled."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        # In the same folder, because a rename is only atomic within one file system.
        folder = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".unfinished", dir=place.parent))
    except OSError as error:
        raise ConfigError(f"{place} cannot be written: {error.strerror or error}. Choose another place.") from error
    try:
        yield folder
    except OSError as error:
        raise ConfigError(f"{place} cannot be written: {error.strerror or error}. Choose another place.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_room(place: Path, needed: int) -> None:
    """Raises ConfigError where fewer bytes than `needed` are free: better before an hour's work than after it."""
    folder = next(folder for folder in place.absolute().parents if folder.is_dir())
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ConfigError(
            f"{folder} has {free / 1e6:,.0f} MB free, and the work on {place.name} takes {needed / 1e6:,.0f} MB. "
            "Make room, or choose another place."
        )


def check_place(place: Path, force: bool, is_ours: Callable[[Path], bool]) -> None:
    """Raises ConfigError where something is in the way. force: what `is_ours` may be replaced."""
    if not os.path.lexists(place):
        return
    if not force:
        raise ConfigError(f"{place} is there already. Choose another name, or replace it with --force.")
    if place.is_symlink() or not place.is_dir() or not is_ours(place):
        raise ConfigError(f"{place} is not a model bundle and is left as it is. Choose another name.")


def put(folder: Path, place: Path) -> None:
    """Put a finished folder at its place, instead of what is there. Raises ConfigError; then what was there stays.

    folder: in a `workshop` of that place.
    """
    earlier = folder.with_name(folder.name + ".earlier")
    moved = False
    try:
        if place.exists():
            place.rename(earlier)
            moved = True
        folder.rename(place)
    except OSError as error:
        if moved:
            earlier.rename(place)
        raise ConfigError(f"{place} cannot be written: {error.strerror or error}. Choose another place.") from error
