"""Another client's ears, and its hand on JACK's transport, for the length of a test."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context

from fakes.patience import PATIENCE_SECONDS
from hitpoint.outputs.jack_ear import Heard, HeardAll, jack_ear_main
from hitpoint.outputs.jack_transport import JackTransport


@contextmanager
def ear(sources: Sequence[str]) -> Iterator[list[Heard]]:
    """What is heard is in the list after the block."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=jack_ear_main, args=(there, tuple(sources)), daemon=True)
    process.start()
    there.close()
    here.recv()
    heard: list[Heard] = []
    try:
        yield heard
        here.send(None)
        answer = here.recv()
        assert isinstance(answer, HeardAll)
        heard += answer.messages
    finally:
        process.join(PATIENCE_SECONDS)
        process.kill()


@contextmanager
def transport() -> Iterator[JackTransport]:
    """JACK's transport, moved by a client of the test's."""
    transport = JackTransport("test transport")
    yield transport
    transport.close()
