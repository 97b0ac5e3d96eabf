"""Jobs that go as they are told to: what a crew must survive. In a module, so that another process can load it."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from hitpoint.errors import ScoreError


class Told(NamedTuple):
    """A job."""

    name: str
    what: str = "answer"
    """answer, fail, break, die (always), die once, or wait."""
    folder: str = ""
    """Where it notes that it was begun."""


def do_as_told(job: Told, told: Callable[[float], None]) -> str:
    """The name and the process, or what the job says."""
    told(0.5)
    if job.folder:
        begun = Path(job.folder) / job.name
        first = not begun.exists()
        begun.touch()
        if job.what == "die" or (job.what == "die once" and first):
            os.kill(os.getpid(), signal.SIGKILL)
    if job.what == "fail":
        raise ScoreError(f"{job.name} can't\nbe done.")
    if job.what == "break":
        raise KeyError(job.name)
    if job.what == "wait":
        time.sleep(60)
    return job.name
