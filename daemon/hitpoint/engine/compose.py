"""The compose process: one thread that owns the model, takes requests one at a time and answers each.

It holds no state that matters: a request carries all it needs, so the process can be replaced at any moment.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from time import monotonic
from typing import Protocol

from hitpoint.engine.crew_pipes import End, Failed, Linked, Pipe, Post, Up, taken_over
from hitpoint.errors import HitpointError
from hitpoint.score.request import BarRequest, ComposedBar


@dataclass(frozen=True, slots=True)
class ComposerReady:
    """The model is loaded."""

    bundle: str
    """Its name and version."""


@dataclass(frozen=True, slots=True)
class UseModel:
    """Asked of compose: another model is to answer all that is asked after this."""

    bundle: Path
    """Its folder."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The answer to one request."""

    bar: int
    """Index of the bar."""
    bars: tuple[ComposedBar, ...]
    seconds: float
    """How long it took."""


@dataclass(frozen=True, slots=True)
class ComposeFailed:
    """A request that the model could not answer, or (bar None) a bundle that could not be loaded."""

    bar: int | None
    reason: str


Answer = ComposerReady | Composed | ComposeFailed
Compose = Callable[[BarRequest], tuple[ComposedBar, ...]]


def compose_main(post: Post, bundle: Path, guidance: float) -> None:
    """Serve requests from whichever control there is, until the supervisor is gone or says so. The process's life.

    guidance: as `load_model`, of every model that is used.
    """
    try:
        # Imported here because it brings the model runtime, which the other processes must never load.
        from hitpoint.engine.composer import Composer

        composer = Composer.load(bundle, guidance)
    except HitpointError as error:
        _say(post.links.get("control"), ComposeFailed(None, str(error)))
        post.say(Failed(str(error)))
        return
    _say(post.links.get("control"), ComposerReady(bundle.name))
    post.say(Up())
    _serve(post, bundle.name, composer, lambda folder: Composer.load(folder, guidance))


class _Writer(Protocol):
    """What answers requests."""

    def compose(self, request: BarRequest) -> tuple[ComposedBar, ...]:
        """As Composer.compose."""
        ...

    def read_ahead(self) -> None:
        """As Composer.read_ahead."""
        ...


def _serve(post: Post, name: str, composer: _Writer, load: Callable[[Path], _Writer]) -> None:
    """load: what composes with the bundle in a folder. Raises ModelError."""
    link = post.links.get("control")
    while True:
        ready = wait([post.down] if link is None else [post.down, link])
        if post.down in ready:
            try:
                message = post.down.recv()
                if isinstance(message, End):
                    return
                if isinstance(message, Linked):
                    # Another control, or the same by another pipe: what the old one asked nobody waits for.
                    link = taken_over(post.down)
                    _say(link, ComposerReady(name))
            except (EOFError, OSError):
                return
        elif link is not None:
            try:
                request = link.recv()
            except (EOFError, OSError):
                link = None
                continue
            if isinstance(request, UseModel):
                # The music goes on without: what is late meanwhile, the fallback writes.
                try:
                    composer = load(request.bundle)
                except HitpointError as error:
                    _say(link, ComposeFailed(None, str(error)))
                else:
                    name = request.bundle.name
                    _say(link, ComposerReady(name))
                continue
            _say(link, _answer(composer.compose, request))
            if not link.poll():
                composer.read_ahead()


def _say(link: Pipe | None, message: Answer) -> None:
    if link is not None:
        with suppress(OSError):
            link.send(message)


def _answer(compose: Compose, request: BarRequest) -> Answer:
    started = monotonic()
    try:
        bars = compose(request)
    except Exception as error:  # A fault in one bar must not end the music: the fallback writes it.
        return ComposeFailed(request.plan.bar.index, f"{type(error).__name__}: {error}")
    return Composed(request.plan.bar.index, bars, monotonic() - started)
