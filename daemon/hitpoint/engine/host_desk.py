"""Control's dealings with the scripts inside hosts: projects that are followed, takes that go into them."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic

from hitpoint import __version__
from hitpoint.engine.bridge_socket import BridgeSocket, ScriptPosition
from hitpoint.engine.host_bridges import LOOK_SECONDS, SOCKET_SECONDS, HostBridges, HostStatus
from hitpoint.engine.kept_takes import KeptTakes
from hitpoint.engine.leader import LIVE
from hitpoint.engine.osc_hosts import OSC_SECONDS, OscHostLink, osc_host
from hitpoint.engine.pending_takes import PendingTakes, Place, name_of
from hitpoint.engine.repeated import repeat
from hitpoint.errors import HitpointError, HostError
from hitpoint.hosts.clip_job import ClipAnswer, ClipJob
from hitpoint.hosts.host_ask import HostAsk
from hitpoint.hosts.host_snapshot import HOSTS, HostSnapshot
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

_log = logging.getLogger("hitpoint")


@dataclass(frozen=True, slots=True)
class HostPlaces:
    """Where hosts' scripts are met, and where what they are given is remembered."""

    folders: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    """That they may share with us, by host of HOSTS; none for a host that is not to be heard."""
    takes: Path | None = None
    """None remembers nothing."""
    live: bool = False
    """True to hear Ableton Live's script."""


class HostDesk:
    """Process: control, on its loop."""

    def __init__(
        self,
        places: HostPlaces,
        follow: Sequence[str],
        frame_rate: FrameRate,
        seconds_of: Callable[[float], float],
        project: Callable[[Timeline, Loop | None], None],
        asked: Callable[[HostAsk], None],
        moved: Callable[[str, float, float, bool], None],
        trouble: Callable[[str], None],
    ) -> None:
        """follow: who leads the transport, most trusted first. seconds_of: of a place in quarters, as the session has
        it. project: a timeline and a loop to be followed. asked: what people want. moved: the host that leads, or may,
        the second on its timeline, when that was, and whether it rolls. trouble: in words."""
        self._project, self._moved, self._trouble = project, moved, trouble
        self._seconds_of = seconds_of
        self._takes = None if places.takes is None else KeptTakes(places.takes)
        self.pending = PendingTakes(None if places.takes is None else places.takes / "pending")
        """What was asked for and is in no host yet."""
        self._listens = places.live
        self._told_old: set[str] = set()
        self._told_by_osc: set[str] = set()
        self._giving: set[asyncio.Task[None]] = set()
        self._bridges = HostBridges(
            places.folders,
            BridgeSocket if places.live else None,
            follow,
            frame_rate,
            self._hear_project,
            asked,
            self._answered,
            self._script_moved,
            trouble,
        )
        self._osc = tuple(
            OscHostLink(
                host, partial(moved, name), partial(self._hear_osc, name), partial(self._is_told, name), trouble
            )
            for name in follow
            if (host := osc_host(name, frame_rate, seconds_of)) is not None
        )
        self._follow = tuple(follow)

    async def run(self) -> None:
        """Hear hosts, for ever. Cancel it to end."""
        works = [repeat(LOOK_SECONDS, self._bridges.read, self._trouble)]
        if self._listens:
            works.append(repeat(SOCKET_SECONDS, self._listen, self._trouble))
        works += [repeat(OSC_SECONDS, link.work, self._trouble) for link in self._osc]
        try:
            await asyncio.gather(*works)
        finally:
            self._bridges.close()
            for link in self._osc:
                link.close()

    def status(self, now: float) -> tuple[HostStatus, ...]:
        """Every host that has told its project."""
        return self._bridges.status(now)

    def check(self) -> None:
        """Raises HostError when no host's script is there to take a clip."""
        if self._bridges.followed is None:
            raise HostError("no DAW's script is there to take it. `hitpoint install --help` tells how to set one up.")

    def give(self, job: ClipJob) -> None:
        """Remember a take, and have the host that is followed write it; troubles are told later."""
        self._start(self._give(job))

    async def _give(self, job: ClipJob) -> None:
        try:
            if self._takes is not None:
                await asyncio.to_thread(self._takes.keep, job)
            await asyncio.to_thread(self.pending.ready, job)
            host = await self._bridges.give(job)
            _log.info("take %s of %d parts given to %s", job.take, len(job.clips), host)
        except HitpointError as error:
            self._trouble(f"take {job.take} could not be kept: {error}")
            await asyncio.to_thread(self.pending.done, name_of(job.job))

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._giving.add(task)
        task.add_done_callback(self._giving.discard)

    def _hear_project(self, snapshot: HostSnapshot) -> None:
        if snapshot.bridge_version != __version__ and snapshot.host not in self._told_old:
            self._told_old.add(snapshot.host)
            self._trouble(
                f"{HOSTS[snapshot.host]}'s script is of Hitpoint {snapshot.bridge_version[:20]}, not {__version__}. "
                f"Run `hitpoint install {snapshot.host}`, and start the script anew."
            )
        self.pending.here = Place(snapshot.host, snapshot.project)
        self._give_again(self.pending.here)
        place = self._follow.index(snapshot.host) if snapshot.host in self._follow else len(self._follow)
        if not self._told_by_osc.intersection(self._follow[:place]):
            self._project(snapshot.timeline, snapshot.loop)

    def _hear_osc(self, host: str, timeline: Timeline, loop: Loop | None) -> None:
        self._told_by_osc.add(host)
        self._project(timeline, loop)

    def _give_again(self, place: Place) -> None:
        """What a control before this one gave and has heard no answer to. What was done is answered, not done again."""
        again = [one for one in self.pending.left if one.place == place and isinstance(one.what, ClipJob)]
        if again:
            self.pending.left = [one for one in self.pending.left if one not in again]
            self._start(self._give_in_order([one.what for one in again if isinstance(one.what, ClipJob)]))

    async def _give_in_order(self, jobs: Sequence[ClipJob]) -> None:
        for job in jobs:
            await self._give(job)

    async def _listen(self) -> None:
        self._bridges.listen(monotonic())

    def _script_moved(self, position: ScriptPosition) -> None:
        self._moved(LIVE, self._seconds_of(position.quarter), position.received_at, position.rolling)

    def _is_told(self, host: str) -> bool:
        """True when a script has told the project of a host that is trusted as much, or more."""
        return any(self._bridges.tells(name) for name in self._follow[: self._follow.index(host) + 1])

    def _answered(self, answer: ClipAnswer, host: str) -> None:
        if answer.error:
            self._trouble(f"{HOSTS[host]} could not write take {answer.job.partition('-')[0]}: {answer.error}")
        self._start(self._finish(answer, host))

    async def _finish(self, answer: ClipAnswer, host: str) -> None:
        await self._keep_edited(answer, host)
        # Last: an answer is had again by giving the job again.
        await asyncio.to_thread(self.pending.done, name_of(answer.job))

    async def _keep_edited(self, answer: ClipAnswer, host: str) -> None:
        for clip in answer.edited:
            if self._takes is None:
                continue
            try:
                version = await asyncio.to_thread(self._takes.edited, clip)
            except (HitpointError, OSError) as error:
                self._trouble(f"what was edited of take {clip.take} in {HOSTS[host]} could not be kept: {error}")
                continue
            self._trouble(
                f"{clip.part} of take {clip.take} was edited in {HOSTS[host]} ({version.share:.0%} of its notes): it "
                f"was left as it is there, and is kept as version {version.number}."
            )
