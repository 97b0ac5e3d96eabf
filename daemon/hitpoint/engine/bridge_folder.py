"""The folder through which a host's script and we pass objects, each in a file that is there whole or not at all.

REAPER's and Ardour's Lua have no sockets. In the folder:

    snapshot.json       the project, written by the script whenever it has changed
    jobs/NAME.json      to be done by the script; stays until it is answered, so that neither side's death loses it
    waiting             the names of those, one a line, for scripts that cannot list a folder
    answers/NAME.json   how a job ended
    asks/NAME.json      what a person asked for inside the host

The script remembers in the project which jobs it has done, so one that is found again is only answered again.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock
from time import time

from hitpoint.errors import HostError
from hitpoint.hosts.clip_job import ClipJob
from hitpoint.score.whole_file import write_whole

OLDEST_ASK_SECONDS = 30.0
"""What was asked longer ago, while no Hitpoint ran, is nobody's wish any more."""
MOST_AT_ONCE = 100
"""Files that are looked at in one go: a script gone wild must not keep control from its work."""
_Stamp = tuple[int, int]


class BridgeFolder:
    """Process: control. Touches the disk: call it on another thread than the loop's. `put` may be called while another
    thread looks at what has come."""

    def __init__(self, folder: Path) -> None:
        """Make what is missing of it. Raises HostError."""
        self.folder = folder
        self._seen: _Stamp | None = None
        self._listing = Lock()
        try:
            for name in ("jobs", "answers", "asks"):
                (folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HostError(f"{folder} cannot be made: {error.strerror or error}. Check the path.") from error
        if self.waiting:
            # Of a daemon before this one.
            self._list_waiting()

    def snapshot(self) -> bytes | None:
        """The project, where the script has told it anew; None where it has not."""
        path = self.folder / "snapshot.json"
        try:
            found = path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if stamp == self._seen:
                return None
            data = path.read_bytes()
        except OSError:
            return None
        self._seen = stamp
        return data

    def put(self, job: ClipJob) -> None:
        """Give the script a job, or the same again. Raises ScoreError when it cannot be written."""
        write_whole(self._job(job.job), job.as_bytes())
        self._list_waiting()

    @property
    def waiting(self) -> frozenset[str]:
        """Names of the jobs that are not answered yet, of this daemon or one before it."""
        return frozenset(path.stem for path in self._files("jobs"))

    def answers(self) -> Iterator[bytes]:
        """How jobs ended, each told once."""
        answered = self._files("answers")
        for path in answered:
            # The job first: an answer without one is thrown away, a job without one would be answered again.
            waited = self._job(path.stem).exists()
            self._job(path.stem).unlink(missing_ok=True)
            data = self._taken(path)
            if waited and data is not None:
                yield data
        if answered:
            self._list_waiting()

    def asks(self) -> Iterator[bytes]:
        """What people asked for, each told once; gone before it is told, as twice would be worse than never."""
        for path in self._files("asks"):
            with suppress(OSError):
                written_at = path.stat().st_mtime
                data = self._taken(path)
                if data is not None and time() - written_at <= OLDEST_ASK_SECONDS:
                    yield data

    def _list_waiting(self) -> None:
        # Looked for and written by one at a time: an older list over a newer one would hide a job.
        with self._listing:
            write_whole(self.folder / "waiting", "".join(f"{name}\n" for name in sorted(self.waiting)).encode())

    def _job(self, name: str) -> Path:
        return self.folder / "jobs" / f"{name}.json"

    def _files(self, name: str) -> list[Path]:
        with suppress(OSError):
            found = sorted(path for path in (self.folder / name).iterdir() if path.suffix == ".json")
            return found[:MOST_AT_ONCE]
        return []

    def _taken(self, path: Path) -> bytes | None:
        try:
            data = path.read_bytes()
            path.unlink()
        except OSError:
            # Windows: somebody still has it open. It is there the next time.
            return None
        return data
