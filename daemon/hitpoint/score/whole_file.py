"""Writes a file whole or not at all: whoever reads it meanwhile, or after our death, finds the old one or the new one.

A link stays one, and a file's rights stay; a pipe or a device is written into, not replaced. That the machine dies is
left to its file system: nothing here waits for a disk, as some who write keep time.

What a person made may stand where a command is to write: `write_asked` leaves it alone.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE
from threading import get_ident
from typing import IO

from hitpoint.errors import ScoreError

STANDARD_OUTPUT = Path("/dev/stdout")
"""Written to as it was opened for us: not every system has that name, and none opens a socket by it."""
_STANDARD_OUTPUT_NUMBER = 1
_OPEN_ALREADY = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/")


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path`, over what is there. Raises ScoreError; then what was there is untouched."""
    write_whole_together([(path, content)])


def write_whole_together(files: Sequence[tuple[Path, bytes]]) -> None:
    """Put several files where they belong, over what is there, once all of them are written.

    Raises ScoreError that names the one that can't be written, as when the disk is full; then none was touched.
    """
    into, whole = [], []
    for path, content in files:
        if takes_bytes(path):
            into.append((path, content))
        else:
            whole.append((path, content, _place(path)))
    try:
        for path, content, (place, unfinished) in whole:
            with _blaming(path):
                unfinished.write_bytes(content)
            # There may be no file yet, and not every file system has rights.
            with suppress(OSError):
                unfinished.chmod(S_IMODE(place.stat().st_mode))
        for path, _, (place, unfinished) in whole:
            with _blaming(path):
                os.replace(unfinished, place)
        for path, content in into:
            with _blaming(path), _opened(path) as stream:
                stream.write(content)
    finally:
        # Also when a person stops the program half-way.
        for *_, (_, unfinished) in whole:
            _remove(unfinished)


def write_asked(files: Sequence[tuple[Path, bytes]], force: bool, beside: Sequence[tuple[Path, bytes]] = ()) -> None:
    """As `write_whole_together`, but over another file that is there only with `force`.

    The very same one, and one without a byte in it, are not in the way. beside: what is written together with them,
    over what is there. Raises ScoreError; then none was touched.
    """
    new = [(path, content) for path, content in files if not _is(path, content, force)]
    write_whole_together([*new, *beside])


def _is(path: Path, content: bytes, force: bool) -> bool:
    """True when that very file is there already. Raises ScoreError for another, unless it may be replaced."""
    if takes_bytes(path):
        return False
    try:
        there = path.read_bytes()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ScoreError(f"{path} is in the way: {error.strerror or error}. Remove it.") from error
    if there and there != content and not force:
        raise ScoreError(f"{path} is there already, and differs. Give --force to replace it, or another name.")
    return there == content


def _place(path: Path) -> tuple[Path, Path]:
    """Where the file itself is, whatever leads to it, and what it is called while it is written."""
    place = Path(os.path.realpath(path))
    # In the same folder, because a rename is only atomic within one file system, and of a name that nobody else uses.
    return place, place.with_name(f".{place.name}.{os.getpid()}-{get_ident()}.unfinished")


def takes_bytes(path: Path) -> bool:
    """True for a pipe or a device, in which nothing stays, and for what was opened for us."""
    if path.as_posix().startswith(_OPEN_ALREADY):
        return True
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _opened(path: Path) -> IO[bytes]:
    if path == STANDARD_OUTPUT:
        return os.fdopen(os.dup(_STANDARD_OUTPUT_NUMBER), "wb")
    # After what is there, as a shell may have opened a file for it.
    return path.open("ab")


@contextmanager
def _blaming(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ScoreError(f"{path} cannot be written: {error.strerror or error}. Choose another place.") from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # A disk or folder that went away has told so already.
        return
