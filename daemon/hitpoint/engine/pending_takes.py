"""Takes that people asked for and that are in no host yet, kept on disk: the death of a control loses and doubles none.

One file a take, there whole or not at all. First it holds what was asked; when the bars are written, the job takes its
place in one step; when a host has answered, it is gone. So there is never a take without its job or a second job for
it, and a job that is given again is done once, as scripts know the names of those that they have done.

A take belongs to the project for which it was asked: it waits until that one is open again, for a week at most.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from time import time

from hitpoint.errors import HitpointError, HostError
from hitpoint.hosts.actions import KeepTake
from hitpoint.hosts.clip_job import ClipJob, read_job
from hitpoint.score.whole_file import write_whole

OLDEST_SECONDS = 7 * 86400.0
"""What has waited for longer is nobody's wish any more. Our choice."""
VERSION = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a take is to go."""

    host: str
    """Of HOSTS."""
    project: str
    """As the host calls it; empty when it was never saved."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A take on its way."""

    name: str
    """No two have the same, of this run or another; in the order in which they were asked for."""
    place: Place
    what: KeepTake | ClipJob
    """What was asked; the job, once all is written."""


class PendingTakes:
    """Process: control. Touches the disk. All but `here` may be called on any thread, for different takes."""

    def __init__(self, folder: Path | None) -> None:
        """folder: None remembers nothing."""
        self._folder = folder
        self._last = 0
        """Milliseconds in the last name."""
        self.here: Place | None = None
        """The project that is followed; None before a host has told one."""
        self.left = _left_in(folder) if folder is not None else []
        """What a control before this one had not done, in the order in which it was asked for. To be taken out by
        whoever does it."""

    def ask(self, take: KeepTake) -> str:
        """Remember what was asked for the project that is open; the take's name comes back.

        Raises HitpointError when it cannot be written.
        """
        name = self.new_name()
        asked = {"first": take.first, "last": take.last, "parts": sorted(take.parts)}
        self._write(name, self.here, {"asked": asked})
        return name

    def new_name(self) -> str:
        """A name that no other take has."""
        # Rising, of one length, and never twice the same, though clocks are set back.
        self._last = max(int(time() * 1000), self._last + 1)
        return f"{self._last:012x}{token_hex(4)}"

    def ready(self, job: ClipJob) -> None:
        """The job takes the place of what was asked. Raises HitpointError when it cannot be written."""
        name = name_of(job.job)
        if name:
            self._write(name, self.here, {"job": json.loads(job.as_bytes())})

    def done(self, name: str) -> None:
        """It is in the host, or never will be."""
        if self._folder is not None and name:
            with suppress(OSError):
                self._path(name).unlink(missing_ok=True)

    def _write(self, name: str, place: Place | None, what: dict[str, object]) -> None:
        if self._folder is None or place is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HostError(f"{self._folder} cannot be made: {error.strerror or error}. Check the path.") from error
        said = {"hitpoint_take": VERSION, "host": place.host, "project": place.project, **what}
        write_whole(self._path(name), json.dumps(said, ensure_ascii=False).encode())

    def _path(self, name: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{name}.json"


def job_name(take: str, name: str) -> str:
    """What the job of a take is called, by which `name_of` finds it again."""
    return f"{take}-{name}"


def name_of(job: str) -> str:
    """The take's name in a job's; empty where it has none of ours, which may come from outside."""
    name = job.rpartition("-")[2]
    return name if len(name) == 20 and set(name) <= set("0123456789abcdef") else ""


def read_pending(folder: Path) -> list[Pending]:
    """All that waits, in the order in which it was asked for. What makes no sense is left out."""
    found = []
    for path in sorted(folder.glob("*.json")):
        with suppress(OSError, HitpointError):
            found.append(_read(path))
    return found


def _left_in(folder: Path) -> list[Pending]:
    for path in folder.glob(".*.unfinished"):
        # A control died over it.
        path.unlink(missing_ok=True)
    for path in folder.glob("*.json"):
        with suppress(OSError):
            if time() - path.stat().st_mtime > OLDEST_SECONDS:
                path.unlink()
    return read_pending(folder)


def _read(path: Path) -> Pending:
    try:
        said = json.loads(path.read_bytes())
        if said["hitpoint_take"] != VERSION:
            raise ValueError("it is of another Hitpoint")
        place = Place(str(said["host"]), str(said["project"]))
        if "job" in said:
            return Pending(path.stem, place, read_job(json.dumps(said["job"]).encode()))
        asked = said["asked"]
        parts = frozenset(str(part) for part in asked["parts"])
        return Pending(path.stem, place, KeepTake(int(asked["first"]), int(asked["last"]), parts))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise HostError(f"{path} is no take that waits ({error}). Remove it.") from error
