"""Processes that benches run beside what they measure."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from hitpoint.errors import PortError

if TYPE_CHECKING:
    from hitpoint.outputs.jack_transport import JackTransport

SPAWN = get_context("spawn")


@contextmanager
def child(target: Callable[..., None], argument: object) -> Iterator["Connection[Any, Any]"]:
    """A process that runs `target(pipe, argument)`, by our end of its pipe; afterwards it has ended."""
    here, there = SPAWN.Pipe()
    process = SPAWN.Process(target=target, args=(there, argument), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join(3.0)
        if process.is_alive():
            process.kill()


@contextmanager
def listening(sources: Sequence[str]) -> Iterator["Connection[Any, Any]"]:
    """A JACK client that listens to ports: send it anything, and it answers with HeardAll."""
    from hitpoint.outputs.jack_ear import jack_ear_main

    with child(jack_ear_main, tuple(sources)) as ear:
        ear.recv()
        yield ear


def jack_transport(name: str) -> "JackTransport":
    """A client that moves JACK's transport. Raises PortError when there is no server, or no JACK at all."""
    try:
        from hitpoint.outputs.jack_transport import JackTransport
    except (ImportError, OSError) as error:
        raise PortError("this bench needs the extra: pip install 'hitpoint[jack]', and libjack.") from error
    return JackTransport(name)
