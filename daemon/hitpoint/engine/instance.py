"""One daemon a person: a second would fight the first over its ports."""

import json
import os
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO

from hitpoint.errors import HostError


def default_lock_path() -> Path:
    """Where the running daemon leaves its mark."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    return runtime_folder() / f"hitpoint-{user}.lock"


def runtime_folder() -> Path:
    """For what lasts as long as the daemon runs: the user's runtime folder, else the temporary one."""
    # `su` and `sudo` may leave us another user's.
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    usable = runtime and Path(runtime).is_dir() and os.access(runtime, os.W_OK | os.X_OK)
    return Path(runtime) if runtime and usable else Path(tempfile.gettempdir())


class OnlyInstance:
    """Held while the daemon runs. The system lets go of it when the process dies, however it dies.

    Raises HostError on entry when another process holds it, naming that process, and when it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def __enter__(self) -> "OnlyInstance":
        try:
            file = open(self._path, "a+", encoding="utf-8")
        except OSError as error:
            raise HostError(f"{self._path} cannot be made: {error.strerror or error}. Check its folder.") from error
        if not _locked(file):
            file.seek(0)
            holder = _process_id(file.read())
            file.close()
            raise HostError(
                f"Hitpoint is already running{holder} (lock {self._path}). Stop it first: two fight over the ports."
            )
        file.seek(0)
        file.truncate()
        file.write(json.dumps({"pid": os.getpid()}))
        file.flush()
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _process_id(text: str) -> str:
    try:
        return f" as process {json.loads(text)['pid']}"
    except (ValueError, KeyError, TypeError):
        return ""


def _locked(file: IO[str]) -> bool:
    if sys.platform == "win32":
        import msvcrt

        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
