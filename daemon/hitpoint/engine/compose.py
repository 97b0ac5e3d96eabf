"""The compose process: one thread that owns the model, takes requests one at a time and answers each.

It holds no state that matters: a request carries all it needs, so the process can be replaced at any moment.
"""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic

from hitpoint.errors import HitpointError
from hitpoint.score.request import BarRequest, ComposedBar


@dataclass(frozen=True, slots=True)
class ComposerReady:
    """The model is loaded."""

    bundle: str
    """Its name and version."""


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


def compose_main(connection: Connection, bundle: Path) -> None:
    """Serve requests from `connection` until it closes or says None. The process's whole life; spawn target."""
    # Ctrl-C goes to the whole group; control decides when this process ends, by closing the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        # Imported here because it brings the model runtime, which the other processes must never load.
        from hitpoint.engine.composer import Composer

        composer = Composer.load(bundle)
    except HitpointError as error:
        connection.send(ComposeFailed(None, str(error)))
        return
    connection.send(ComposerReady(bundle.name))
    while True:
        try:
            request = connection.recv()
        except (EOFError, OSError):
            return
        if request is None:
            return
        connection.send(_answer(composer.compose, request))


def _answer(compose: Callable[[BarRequest], tuple[ComposedBar, ...]], request: BarRequest) -> Answer:
    started = monotonic()
    try:
        bars = compose(request)
    except Exception as error:  # A fault in one bar must not end the music: the fallback writes it.
        return ComposeFailed(request.plan.bar.index, f"{type(error).__name__}: {error}")
    return Composed(request.plan.bar.index, bars, monotonic() - started)
