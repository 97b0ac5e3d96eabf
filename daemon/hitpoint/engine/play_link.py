"""Play as control sees it: told, heard, and met anew when either of the two was started again."""

import asyncio
from collections.abc import Callable

from hitpoint.engine.crew_link import Link
from hitpoint.engine.crew_pipes import Pipe
from hitpoint.errors import PortError
from hitpoint.scheduler.performance import Finished, FromPlay, Mute, Played, Ready, Refused, Routing, Shutdown, ToPlay
from hitpoint.scheduler.performance import Trouble as PlayTrouble

FAREWELL_SECONDS = 3.0
"""How long play may take to silence everything and say what it has played."""


class PlayLink:
    """`met` hears the readiness of each process that is met; `heard` all else. All on control's loop.

    Before Ready nothing is heard but what was meant for a control before this one.
    """

    def __init__(
        self,
        heard: Callable[[FromPlay], None],
        met: Callable[[Ready], None],
        trouble: Callable[[str], None],
    ) -> None:
        self._heard = heard
        self._met = met
        self._trouble = trouble
        self._ready: asyncio.Future[Ready] = asyncio.get_running_loop().create_future()
        self._link: Link | None = None
        self._greeted = False
        self._stopping = False
        self._ended = asyncio.Event()
        self._routing: Routing | None = None
        self._mute: Mute | None = None

    def connect(self, pipe: Pipe) -> None:
        """Use a new pipe."""
        if self._link is not None:
            self._lost(self._link)
        self._link = link = Link(
            pipe, lambda message: self._take(link, message), lambda: self._lost(link), "hitpoint play"
        )

    async def ready(self) -> Ready:
        """Wait until its ports are open. Raises PortError when they can't be."""
        return await self._ready

    def tell(self, message: ToPlay) -> None:
        """Send it a message; one to a process that is not there is lost, as it will be told everything."""
        if self._link is not None and self._greeted:
            self._link.send(message)

    def tell_who_plays(self, routing: Routing, silent: frozenset[str]) -> None:
        """Send the routes and the silent parts, where they have changed."""
        if routing != self._routing:
            self._routing = routing
            self.tell(routing)
        if self._mute is None or silent != self._mute.parts:
            self._mute = Mute(silent)
            self.tell(self._mute)

    async def stop(self) -> None:
        """Have it silence everything and end, and wait for its last words."""
        self._stopping = True
        if self._link is None:
            return
        self._link.send(Shutdown())
        try:
            await asyncio.wait_for(self._ended.wait(), FAREWELL_SECONDS)
        except TimeoutError:
            self._trouble("the play process does not end by itself")

    def _take(self, link: Link, message: FromPlay) -> None:
        if link is not self._link:
            return
        match message:
            case Ready():
                # The one before may have been told other parts than those of now, even if it is the same process.
                self._routing, self._mute, self._greeted = None, None, True
                if not self._ready.done():
                    self._ready.set_result(message)
                self._met(message)
            case Refused(text):
                if not self._ready.done():
                    self._ready.set_exception(PortError(text))
                self._trouble(text)
            case Finished():
                self._ended.set()
            case _ if self._greeted or isinstance(message, Played | PlayTrouble):
                self._heard(message)

    def _lost(self, link: Link) -> None:
        if link is not self._link:
            return
        self._link, self._greeted = None, False
        self._ended.set()
        if self._stopping:
            return
        if not self._ready.done():
            self._ready.set_exception(PortError("the play process ended at once. See `hitpoint doctor`."))
        elif self._ready.exception() is None:
            self._trouble("the play process ended and is started again")
