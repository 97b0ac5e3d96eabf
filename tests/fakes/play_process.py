"""A real play process, spoken to through its pipe."""

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

from fakes.patience import PATIENCE_SECONDS
from hitpoint.engine.play import play_main
from hitpoint.engine.play_settings import PlaySettings


class PlayProcess:
    """`tell` it, `hear` it."""

    def __init__(self, connection: "Connection[Any, Any]", process: BaseProcess) -> None:
        self.connection = connection
        self.process = process

    def tell(self, *messages: object) -> None:
        """Send messages."""
        for message in messages:
            self.connection.send(message)

    def hear(self, *kinds: type) -> Any:
        """Wait for the next message of one of the kinds; others are passed over. Play may say things for ever."""
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            assert self.connection.poll(max(0.0, deadline - monotonic())), f"play did not say {kinds}"
            message = self.connection.recv()
            if isinstance(message, kinds):
                return message

    def ended(self) -> int | None:
        """Wait for its end. Its exit status; negative for a signal."""
        self.process.join(PATIENCE_SECONDS)
        return self.process.exitcode


@contextmanager
def running_play(settings: PlaySettings) -> Iterator[PlayProcess]:
    """Start one; afterwards it is gone, one way or the other."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=play_main, args=(there, settings), daemon=True)
    process.start()
    there.close()
    try:
        yield PlayProcess(here, process)
    finally:
        here.close()
        process.join(PATIENCE_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
