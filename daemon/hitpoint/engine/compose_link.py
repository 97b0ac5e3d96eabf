"""Compose as control sees it: asked, answered, and met anew when either of the two was started again."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from hitpoint.engine.compose import Composed, ComposeFailed, ComposerReady, UseModel
from hitpoint.engine.crew_link import Link
from hitpoint.engine.crew_pipes import Pipe
from hitpoint.errors import ModelError
from hitpoint.score.request import BarRequest


class ComposeLink:
    """`answered` hears each answer, and ComposeFailed(None) when what was asked is lost. All on control's loop."""

    def __init__(
        self,
        answered: Callable[[Composed | ComposeFailed], None],
        trouble: Callable[[str], None],
        ready: Callable[[str], None] = lambda _: None,
    ) -> None:
        """ready: told which model, by its bundle's name, answers from now on: one that a new process begins with is
        not, while the one that was chosen is being loaded."""
        self._answered = answered
        self._trouble = trouble
        self._told_ready = ready
        self._used: Path | None = None
        self._asked: list[Path] = []
        """Those that are being loaded, one after another."""
        self._before: list[Path] = []
        """Of a new process: those that were chosen before the one that it loads, latest first. One after another they
        are gone back to where that one is broken."""
        self._answering: str | None = None
        """Name of the one that answers in this process; None before its first word."""
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
        self._answering = None
        used = [] if self._used is None else [self._used]
        if chosen := list(dict.fromkeys([*reversed(self._asked), *self._before, *used])):
            # A new process begins with the last; not with all, as one of them may be what the old one died of.
            model, *self._before = chosen
            self._asked = [model]
            link.send(UseModel(model))
        if self._waiting is not None:
            link.send(self._waiting)
            self._waiting = None

    async def ready(self) -> ComposerReady:
        """Wait until it can be asked. Raises ModelError when it can't be."""
        return await self._ready

    @property
    def model(self) -> Path | None:
        """The folder of the model that was chosen and answers; None where none was."""
        return self._used

    def use(self, model: Path) -> None:
        """Have another model answer; `ready` is told when it does, `trouble` when it can't and the one before stays."""
        self._asked.append(model)
        if self._link is not None:
            self._link.send(UseModel(model))

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
            case ComposerReady(name):
                first, self._answering = self._answering is None, name
                if self._asked and not first:
                    self._used = self._asked.pop(0)
                    self._before.clear()
                if not self._asked:
                    self._met(name)
            case ComposeFailed(None, reason):
                self._failed(reason)
            case Composed() | ComposeFailed():
                self._answered(message)

    def _failed(self, reason: str) -> None:
        """A bundle cannot be loaded: the process's own, or else one that was asked for."""
        if self._answering is None and not self._ready.done():
            self._ready.set_exception(ModelError(reason))
            return
        if self._answering is None:
            self._trouble(reason)
            return
        del self._asked[:1]
        if not self._asked and self._before:
            back = self._before.pop(0)
            self._trouble(f"{reason} {back.name} goes on.")
            self.use(back)
            return
        self._trouble(f"{reason} {self._answering} goes on.")
        if self._used is not None and self._used.name != self._answering:
            self._used = None
        if not self._asked:
            self._met(self._answering)

    def _met(self, name: str) -> None:
        if not self._ready.done():
            self._ready.set_result(ComposerReady(name))
        self._told_ready(name)

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
