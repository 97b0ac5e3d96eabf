"""Compose as control sees it: started, asked, answered, and started again when it dies."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from hitpoint.engine.compose import Composed, ComposeFailed, ComposerReady, compose_main
from hitpoint.engine.supervisor import Worker
from hitpoint.errors import ModelError
from hitpoint.score.request import BarRequest

MOST_DEATHS = 3
"""Deaths in a row without an answer between. After as many it would die again; the fallback plays on alone."""


class ComposeProcess:
    """`answered` hears each answer, and ComposeFailed(None) when what was asked is lost. All on control's loop."""

    def __init__(
        self,
        bundle: Path,
        answered: Callable[[Composed | ComposeFailed], None],
        trouble: Callable[[str], None],
    ) -> None:
        self._bundle = bundle
        self._answered = answered
        self._trouble = trouble
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[ComposerReady] = self._loop.create_future()
        self._stopping = False
        self._deaths = 0
        self.restarts = 0
        """How often it was started again."""
        self._worker = self._started()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._worker.pid

    async def ready(self) -> ComposerReady:
        """Wait until it can be asked. Raises ModelError when it can't be."""
        return await self._ready

    def ask(self, request: BarRequest) -> None:
        """Ask for a bar; the answer comes to `answered`."""
        self._worker.send(request)

    async def stop(self) -> None:
        """End it."""
        self._stopping = True
        await asyncio.to_thread(self._worker.stop, None)

    def _started(self) -> Worker:
        return Worker("hitpoint compose", compose_main, (self._bundle,), self._heard, self._gone)

    def _heard(self, message: object) -> None:
        self._loop.call_soon_threadsafe(self._take, message)

    def _gone(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._mourn)

    def _take(self, message: object) -> None:
        match message:
            case ComposerReady() if not self._ready.done():
                self._ready.set_result(message)
            case ComposeFailed(None, reason) if not self._ready.done():
                self._ready.set_exception(ModelError(reason))
            case Composed() | ComposeFailed():
                self._deaths = 0
                self._answered(message)

    def _mourn(self) -> None:
        if self._stopping:
            return
        if not self._ready.done():
            self._ready.set_exception(ModelError("the compose process ended at once. See `hitpoint doctor`."))
        if self._ready.exception() is not None:
            return
        self._deaths += 1
        self._answered(ComposeFailed(None, "the compose process ended"))
        if self._deaths >= MOST_DEATHS:
            self._trouble("the compose process keeps ending: the fallback plays alone. Restart Hitpoint.")
            return
        self._trouble("the compose process ended and is started again")
        self.restarts += 1
        self._worker = self._started()
