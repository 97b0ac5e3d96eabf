"""REAPER's OSC surface, for `follow: reaper`: where it is, and its project where its script does not tell that."""

import asyncio
from collections.abc import Callable
from math import inf
from time import monotonic

from hitpoint.errors import PortError
from hitpoint.hosts.reaper_osc import OUR_OSC_PORT, REAPER_OSC_PORT, ReaperOsc
from hitpoint.inputs.osc_listener import OscListener, listen
from hitpoint.inputs.packet_budget import Sender
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

LOOK_SECONDS = 0.02
OPEN_SECONDS = 5.0
"""How often it is tried to open the port, where another program has it."""
LEAST_LATE_SECONDS = 0.006
"""What REAPER says is at least so old when it comes: its OSC thread sleeps so long between two looks.
Source: REAPER SDK, csurf_osc.cpp."""
_HOST = "127.0.0.1"


class ReaperLink:
    """Process: control, on its loop.

    moved: second on REAPER's timeline, when that was, and whether it rolls. project: what OSC alone can tell of it.
    scripted: whether REAPER's script tells the project. trouble: in words.
    """

    def __init__(
        self,
        frame_rate: FrameRate,
        moved: Callable[[float, float, bool], None],
        project: Callable[[Timeline, Loop | None], None],
        scripted: Callable[[], bool],
        trouble: Callable[[str], None],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._now = now
        self._reaper = ReaperOsc(frame_rate)
        self._moved, self._project, self._scripted, self._trouble = moved, project, scripted, trouble
        self._told: tuple[Timeline | None, Loop | None] = (None, None)
        self._warned = False

    async def run(self, port: int = OUR_OSC_PORT, reaper_port: int = REAPER_OSC_PORT) -> None:
        """Hear REAPER and ask it, for ever. Cancel it to end."""
        listener: OscListener | None = None
        open_at = -inf
        try:
            while True:
                if listener is None and self._now() >= open_at:
                    open_at = self._now() + OPEN_SECONDS
                    listener = await self._open(port)
                if listener is not None:
                    self.look(self._now(), lambda *said, to=listener: to.send(*said, (_HOST, reaper_port)))
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            if listener is not None:
                listener.close()

    def hear(self, address: str, arguments: list[object], _: Sender) -> None:
        """Take in a message from REAPER."""
        self._reaper.heard(address, arguments, self._now())
        self._tell_positions()

    def look(self, now: float, send: Callable[[str, tuple[object, ...]], None]) -> None:
        """Ask what is to be asked, and pass on what is known."""
        for address, arguments in self._reaper.messages(now):
            send(address, arguments)
        self._tell_positions()
        if self._scripted():
            return
        told = self._reaper.timeline(now), self._reaper.loop
        if told[0] is not None and told != self._told:
            self._told = told
            if not self._warned:
                self._warned = True
                self._trouble(
                    "REAPER's script does not run: its tempo at the playhead is taken for the whole project. "
                    "Run `hitpoint install reaper`."
                )
            self._project(told[0], told[1])

    async def _open(self, port: int) -> OscListener | None:
        try:
            return await listen(_HOST, port, self.hear)
        except PortError as error:
            self._trouble(f"REAPER cannot be heard: {error}")
            return None

    def _tell_positions(self) -> None:
        for position in self._reaper.positions():
            self._moved(position.seconds, position.at - LEAST_LATE_SECONDS, position.rolling)
