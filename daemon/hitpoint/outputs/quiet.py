"""Keeps drivers' C libraries from writing to the terminal while ports are tried."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Send file descriptor 2 nowhere: libasound and libjack report there what we say ourselves, in one line.

    Process: play, while it starts and has one thread.
    """
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
