"""The scripts inside hosts, as control sees them: whose project is followed, what they ask, what becomes of clips.

Order of trust: the hosts that the setting `follow` names, in its order; where it names none of them, the host whose
project changed last. It is said when another one speaks as well. What a map file says stands until a script tells its
project.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from pathlib import Path
from time import monotonic
from typing import Protocol, TypeVar

from hitpoint.engine.bridge_folder import BridgeFolder
from hitpoint.engine.bridge_socket import BridgeSocket, ScriptPosition
from hitpoint.engine.leader import LIVE
from hitpoint.errors import HitpointError, HostError, PortError
from hitpoint.hosts.clip_job import ClipAnswer, ClipJob, read_answer
from hitpoint.hosts.host_ask import HostAsk, read_ask
from hitpoint.hosts.host_snapshot import HOSTS, HostSnapshot, read_snapshot
from hitpoint.timeline.units import FrameRate

LOOK_SECONDS = 0.1
"""How often folders are looked at: a marker that is moved is to be followed within half a second."""
SOCKET_SECONDS = 0.015
"""How often the socket is: a lost datagram is to be made good, and the host followed, within a third of a second."""
OPEN_SECONDS = 5.0
"""How often it is tried to open it, where another program has its port."""
_Value = TypeVar("_Value")
_log = logging.getLogger("hitpoint")


class Bridge(Protocol):
    """A way to pass objects to and from one host's script."""

    def snapshot(self) -> bytes | None: ...
    def put(self, job: ClipJob) -> None: ...
    def answers(self) -> Iterator[bytes]: ...
    def asks(self) -> Iterator[bytes]: ...
    @property
    def waiting(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What has come from one host's script."""

    host: str
    """One of HOSTS."""
    what: HostSnapshot | ClipAnswer | HostAsk | HitpointError
    bridge: Bridge | None = None
    """By which way."""


@dataclass(frozen=True, slots=True)
class HostStatus:
    """What a status says of a host's script."""

    host: str
    """As people call it, with its version."""
    project: str
    bridge: str
    """The Hitpoint that the script came with."""
    leads: bool
    """True for the one whose timeline is followed."""
    seconds: float
    """Since its project changed last."""
    jobs: int
    """Clips that it has not answered yet."""


@dataclass(frozen=True, slots=True)
class _Seen:
    snapshot: HostSnapshot
    at: float


class HostBridges:
    """Process: control, on its loop; folders are read on another thread, as disks can be slow.

    hear: a project to be followed. asked, answered: what people want, and how clips ended. moved: where the host is
    that leads by the settings. trouble: in words.
    """

    def __init__(
        self,
        folders: Mapping[str, Sequence[Path]],
        open_socket: Callable[[], BridgeSocket] | None,
        follow: Sequence[str],
        frame_rate: FrameRate,
        hear: Callable[[HostSnapshot], None],
        asked: Callable[[HostAsk], None],
        answered: Callable[[ClipAnswer, str], None],
        moved: Callable[[ScriptPosition], None],
        trouble: Callable[[str], None],
    ) -> None:
        """folders: where each host's script may be, by host. open_socket: the way to Live's; None for none.
        follow: who is to lead, most trusted first; hosts may be among them."""
        self._folders = folders
        self._open_socket, self._open_at = open_socket, -inf
        self._socket: BridgeSocket | None = None
        self._order = tuple(host for host in follow if host in HOSTS)
        self._frame_rate = frame_rate
        self._hear, self._asked, self._answered = hear, asked, answered
        self._moved, self._trouble = moved, trouble
        self._bridges: dict[Path, tuple[str, Bridge]] = {}
        self._seen: dict[str, _Seen] = {}
        self._waiting: dict[str, int] = {}
        self._followed: str | None = None
        self._takes_clips: Bridge | None = None

    async def read(self) -> None:
        """Look at the folders: to be done again and again."""
        for told in await asyncio.to_thread(self._look):
            self.take(told, monotonic())

    def listen(self, now: float) -> None:
        """Hear what has come by the socket."""
        if self._socket is None:
            self._open(now)
        if (bridge := self._socket) is None:
            return
        bridge.look(now)
        for what in self._from(bridge):
            self.take(Told(LIVE, what, bridge), now)
        self._waiting[LIVE] = len(bridge.waiting)
        for position in bridge.positions():
            if LIVE in self._order:
                self._moved(position)

    def close(self) -> None:
        """Give the socket's port back."""
        if self._socket is not None:
            self._socket.close()

    def _open(self, now: float) -> None:
        if self._open_socket is None or now < self._open_at:
            return
        self._open_at = now + OPEN_SECONDS
        try:
            self._socket = self._open_socket()
        except PortError as error:
            # Who does not work with Live need not hear of it.
            _log.info("%s", error)
            if LIVE in self._order:
                self._trouble(str(error))

    async def give(self, job: ClipJob) -> str:
        """Have a job done by the host that is followed; the host's name comes back. Raises HitpointError."""
        bridge = self._takes_clips
        if bridge is None or self._followed is None:
            raise HostError("no DAW's script is there to take it. `hitpoint install --help` tells how to set one up.")
        host = HOSTS[self._followed]
        if isinstance(bridge, BridgeSocket):
            bridge.put(job)
        else:
            await asyncio.to_thread(bridge.put, job)
        return host

    @property
    def followed(self) -> str | None:
        """The host whose project is followed, of HOSTS; None before one has told it."""
        return self._followed

    def tells(self, host: str) -> bool:
        """True when that host's script has told its project."""
        return host in self._seen

    def status(self, now: float) -> tuple[HostStatus, ...]:
        """Every host that has told its project."""
        return tuple(
            HostStatus(
                f"{HOSTS[host]} {seen.snapshot.host_version}".rstrip(),
                seen.snapshot.project,
                seen.snapshot.bridge_version,
                host == self._followed,
                round(now - seen.at, 1),
                self._waiting.get(host, 0),
            )
            for host, seen in self._seen.items()
        )

    def take(self, told: Told, now: float) -> None:
        """Do what follows of what has come."""
        match told.what:
            case HostSnapshot() as snapshot:
                self._take_snapshot(snapshot, told.bridge, now)
            case HostAsk() as ask:
                try:
                    self._asked(ask)
                except HitpointError as error:
                    self._trouble(f"{HOSTS[told.host]} asks: {error}")
            case ClipAnswer() as answer:
                self._answered(answer, told.host)
            case error:
                self._trouble(str(error))

    def _take_snapshot(self, snapshot: HostSnapshot, bridge: Bridge | None, now: float) -> None:
        host, before = snapshot.host, self._seen.get(snapshot.host)
        if before is not None and replace(before.snapshot, serial=snapshot.serial) == snapshot:
            return
        self._seen[host] = _Seen(snapshot, now)
        if self._order and self._most_trusted() != host:
            return
        if self._followed not in (None, host):
            was, now_led = HOSTS[self._followed or host], HOSTS[host]
            self._trouble(f"{now_led}'s project has changed and is followed now, not {was}'s. Close one of the two.")
        self._followed, self._takes_clips = host, bridge
        self._hear(snapshot)

    def _most_trusted(self) -> str | None:
        """Of those that are named and have told their project; None before one has."""
        return next((host for host in self._order if host in self._seen), None)

    def _look(self) -> list[Told]:
        """Thread: another than the loop's; one at a time."""
        found: list[Told] = []
        for host, paths in self._folders.items():
            for path in paths:
                if path not in self._bridges and path.is_dir():
                    try:
                        self._bridges[path] = host, BridgeFolder(path)
                    except HostError as error:
                        found.append(Told(host, error))
        for host, bridge in list(self._bridges.values()):
            try:
                for one in self._from(bridge):
                    found.append(Told(host, one, bridge))
            except HitpointError as error:
                # Not before what has come already: that is on the disk no more.
                found.append(Told(host, error))
            self._waiting[host] = len(bridge.waiting)
        return found

    def _from(self, bridge: Bridge) -> Iterator[HostSnapshot | ClipAnswer | HostAsk | HitpointError]:
        data = bridge.snapshot()
        if data is not None:
            yield _read(partial(read_snapshot, data, self._frame_rate))
        for data in bridge.asks():
            yield _read(partial(read_ask, data))
        for data in bridge.answers():
            yield _read(partial(read_answer, data))


def _read(read: Callable[[], _Value]) -> _Value | HitpointError:
    try:
        return read()
    except HitpointError as error:
        return error
