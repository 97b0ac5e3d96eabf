"""Compose as control sees it: asked, answered, and met anew when either of the two was started again."""

import asyncio
from collections.abc import Callable

from hitpoint.engine.compose import Composed, ComposeFailed, ComposerReady
from hitpoint.engine.crew_pipes import Pipe
from hitpoint.engine.link import Link
from hitpoint.errors import ModelError
from hitpoint.score.request import BarRequest


class ComposeLink:
    """`answered` hears each answer, and ComposeFailed(None) when what was asked is lost. All on control's loop."""

    def __init__(
        self,
        answered: Callable[[Composed | ComposeFailed], None],
        trouble: Callable[[str], None],
    ) -> None:
        self._answered = answered
        self._trouble = trouble
        self._ready: asyncio.Future[ComposerReady] = asyncio.get_running_loop().create_future()
        self._link: Link | None = None
        self._waiting: BarRequest | None = None
        self._stopping = False

    def connect(self, pipe: Pipe) -> None:
        """Use a new pipe."""
        if self._link is not None:
            self._lost(self._link)
        self._link = link = Link(
            pipe, lambda message: self._take(link, message), lambda: self._lost(link), "hitpoint compose"
        )
        if self._waiting is not None:
            link.send(self._waiting)
            self._waiting = None

    async def ready(self) -> ComposerReady:
        """Wait until it can be asked. Raises ModelError when it can't be."""
        return await self._ready

    def ask(self, request: BarRequest) -> None:
        """Ask for a bar; the answer comes to `answered`. Who is asked while it is not there waits for the next."""
        if self._link is None:
            self._waiting = request
        else:
            self._link.send(request)

    def stop(self) -> None:
        """Expect no more of it: the supervisor ends it."""
        self._stopping = True

    def _take(self, link: Link, message: object) -> None:
        if link is not self._link:
            return
        match message:
            case ComposerReady() if not self._ready.done():
                self._ready.set_result(message)
            case ComposeFailed(None, reason) if not self._ready.done():
                self._ready.set_exception(ModelError(reason))
            case ComposeFailed(None, reason):
                self._trouble(reason)
            case Composed() | ComposeFailed():
                self._answered(message)

    def _lost(self, link: Link) -> None:
        if link is not self._link:
            return
        self._link = None
        if self._stopping:
            return
        if not self._ready.done():
            self._ready.set_exception(ModelError("the compose process ended at once. See `hitpoint doctor`."))
        elif self._ready.exception() is None:
            self._answered(ComposeFailed(None, "the compose process ended"))
            self._trouble("the compose process ended and is started again")
