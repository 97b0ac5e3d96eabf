"""A map file that is edited while the music plays: what it says anew is taken in, as a host's own words would be."""

import asyncio
from pathlib import Path

from hitpoint.errors import HitpointError, HostError
from hitpoint.hosts.map_file import read_map
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

LOOK_SECONDS = 0.5
"""How often the file is looked at."""

_Stamp = tuple[int, int]
"""When it was written, in nanoseconds, and its size."""


class MapWatch:
    """Process: control. Made when the file has just been read."""

    def __init__(self, path: Path, frame_rate: FrameRate) -> None:
        self._path, self._frame_rate = path, frame_rate
        self._read = self._seen = self._stamp()

    async def changed(self) -> Timeline | None:
        """What the file says, where it has changed since it was read; None where it has not, or is not there.

        A file is read when it has been the same twice: before, it may only be half written. Raises HostError for one
        that cannot be read, once for each time it is written.
        """
        stamp, seen = self._stamp(), self._seen
        self._seen = stamp
        if stamp is None or stamp == self._read or stamp != seen:
            return None
        self._read = stamp
        try:
            return await asyncio.to_thread(read_map, self._path, self._frame_rate)
        except HitpointError as error:
            raise HostError(f"{error} The timeline stays as it was.") from error

    def _stamp(self) -> _Stamp | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
