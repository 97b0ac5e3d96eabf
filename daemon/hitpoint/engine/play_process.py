"""Play as control sees it: started, told, heard, and started again when it dies, with what it must know.

The table of sounding notes belongs to control, so that a play process that died is followed by one that knows what
still sounds and ends it first.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from hitpoint.engine.play import PlaySettings, play_main
from hitpoint.engine.supervisor import Worker
from hitpoint.errors import PortError
from hitpoint.scheduler.performance import FromPlay, Mute, Ready, Refused, Routing, Shutdown, ToPlay
from hitpoint.scheduler.sounding import SoundingTable

SHORTEST_LIFE_SECONDS = 1.0
"""A process that dies sooner is started again only after this long, so that a broken driver is not hammered."""


class PlayProcess:
    """`heard` hears all but the readiness; `started_anew` is called whenever a new process has opened its ports and
    knows nothing yet. All on control's loop."""

    def __init__(
        self,
        settings: PlaySettings,
        heard: Callable[[FromPlay], None],
        started_anew: Callable[[], None],
        trouble: Callable[[str], None],
    ) -> None:
        self._table = SoundingTable(len(settings.ports))
        self._settings = replace(settings, sounding=self._table.name)
        self._heard_by = heard
        self._started_anew = started_anew
        self._trouble = trouble
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[Ready] = self._loop.create_future()
        self._stopping = False
        self._routing: Routing | None = None
        self._mute = Mute(frozenset())
        self.restarts = 0
        """How often it was started again."""
        self._start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._worker.pid

    async def ready(self) -> Ready:
        """Wait until its ports are open. Raises PortError when they can't be."""
        return await self._ready

    def tell(self, message: ToPlay) -> None:
        """Send it a message."""
        self._worker.send(message)

    def tell_who_plays(self, routing: Routing, silent: frozenset[str]) -> None:
        """Send the routes and the silent parts, where they have changed."""
        if routing != self._routing:
            self._routing = routing
            self.tell(routing)
        if silent != self._mute.parts:
            self._mute = Mute(silent)
            self.tell(self._mute)

    async def stop(self) -> None:
        """Silence everything and end it."""
        self._stopping = True
        await asyncio.to_thread(self._worker.stop, Shutdown())
        # What its reader thread has handed over is taken in before its last words count as heard.
        await asyncio.sleep(0)
        self._table.close()
        self._table.unlink()

    def _start(self) -> None:
        self._born = monotonic()
        self._worker = Worker("hitpoint play", play_main, (self._settings,), self._heard, self._gone)

    def _heard(self, message: FromPlay) -> None:
        self._loop.call_soon_threadsafe(self._take, message)

    def _gone(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._mourn)

    def _take(self, message: FromPlay) -> None:
        match message:
            case Ready():
                self._routing, self._mute = None, Mute(frozenset())
                if not self._ready.done():
                    self._ready.set_result(message)
                self._started_anew()
            case Refused(text):
                if not self._ready.done():
                    self._ready.set_exception(PortError(text))
                self._trouble(text)
            case _:
                self._heard_by(message)

    def _mourn(self) -> None:
        if self._stopping:
            return
        if not self._ready.done():
            self._ready.set_exception(PortError("the play process ended at once. See `hitpoint doctor`."))
        if self._ready.exception() is not None:
            return
        self._trouble("the play process ended and is started again")
        self.restarts += 1
        wait = 0.0 if monotonic() - self._born > SHORTEST_LIFE_SECONDS else SHORTEST_LIFE_SECONDS
        self._loop.call_later(wait, self._start_again)

    def _start_again(self) -> None:
        if not self._stopping:
            self._start()
