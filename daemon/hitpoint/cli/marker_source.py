"""Reads a list of markers or cuts from disk."""

from pathlib import Path

from hitpoint.errors import HostError
from hitpoint.hosts.marker_files.marker_list import Source

LARGEST_BYTES = 64 * 2**20
"""No list of markers is near it: a film in place of its list is refused before it is read. Our choice."""


def read_source(path: Path) -> Source:
    """The file. Raises HostError naming it."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise HostError(f"{path} is larger than any list of markers. Give the list, not the media.")
        return Source(str(path), path.read_bytes())
    except OSError as error:
        raise HostError(f"{path} cannot be read: {error.strerror or error}. Check the path.") from error
