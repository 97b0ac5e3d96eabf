"""Writes a file whole or not at all: whoever reads it meanwhile, or after a crash, finds the old one or the new one."""

import os
from pathlib import Path

from hitpoint.errors import ScoreError


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path`, over what is there. Raises ScoreError; then what was there is untouched."""
    # In the same folder, because a rename is only atomic within one file system.
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise ScoreError(f"{path} cannot be written: {error.strerror or error}. Choose another place.") from error
