"""What `hitpoint install` has done to one host's folder, kept so that it can be undone: one JSON file a folder.

It is written before anything is done, so that whatever dies half-way, what was there before is known.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from hitpoint.errors import HostError

LEDGER = 1
"""Version of the file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that is ours, or has lines of ours in it."""

    path: Path
    before: bytes | None
    """What was there before us; None for nothing."""
    ours: tuple[str, ...]
    """Digests of all that we may have left there, oldest first: a file with another one was changed by somebody."""
    edit: str = ""
    """Which edit put lines of ours in, by name; empty for a file that is wholly ours."""

    def is_ours(self, content: bytes | None) -> bool:
        """Whether this is what we left there, and nobody has changed it since."""
        return content is not None and digest(content) in self.ours


@dataclass(frozen=True, slots=True)
class Ledger:
    """All of one installation."""

    host: str
    resource: Path
    version: str
    """Of the Hitpoint whose scripts are installed."""
    entries: tuple[Entry, ...] = ()
    """In the order they were made."""
    folders: tuple[Path, ...] = ()
    """Those that were made for it, outermost first."""

    def entry(self, path: Path) -> Entry | None:
        """What is known of that file."""
        return next((entry for entry in self.entries if entry.path == path), None)

    def as_bytes(self) -> bytes:
        """As it is kept."""
        said = {
            "ledger": LEDGER,
            "host": self.host,
            "resource": str(self.resource),
            "version": self.version,
            "entries": [_written(entry) for entry in self.entries],
            "folders": [str(folder) for folder in self.folders],
        }
        return json.dumps(said, ensure_ascii=False, indent=1).encode()


def digest(content: bytes) -> str:
    """What tells one content from another."""
    return sha256(content).hexdigest()


def ledger_path(installs: Path, host: str, resource: Path) -> Path:
    """Where the ledger of that host's folder is kept."""
    return installs / f"{host}-{digest(str(resource).encode())[:12]}.json"


def read_ledger(path: Path, content: bytes | None) -> Ledger | None:
    """The ledger that a file holds; None for no file. Raises HostError for one that cannot be understood."""
    if content is None:
        return None
    try:
        said = json.loads(content)
        if said["ledger"] != LEDGER:
            raise HostError(f"{path} was written by another Hitpoint. Use that one, or delete the file.")
        entries, folders = tuple(map(_read, said["entries"])), tuple(map(Path, said["folders"]))
        return Ledger(said["host"], Path(said["resource"]), said["version"], entries, folders)
    except (ValueError, LookupError, TypeError) as error:
        raise HostError(f"{path} is broken: {error}. Delete it; then install again.") from error


def missing_folders(files: Iterable[Path]) -> tuple[Path, ...]:
    """The folders that these files need and that are not there, outermost first."""
    needed = {folder for file in files for folder in file.parents if not folder.exists()}
    return tuple(sorted(needed, key=lambda folder: len(folder.parts)))


def _written(entry: Entry) -> dict[str, Any]:
    before = None if entry.before is None else b64encode(entry.before).decode()
    return {"path": str(entry.path), "before": before, "ours": list(entry.ours), "edit": entry.edit}


def _read(said: dict[str, Any]) -> Entry:
    before = None if said["before"] is None else b64decode(said["before"], validate=True)
    return Entry(Path(said["path"]), before, tuple(said["ours"]), said["edit"])
