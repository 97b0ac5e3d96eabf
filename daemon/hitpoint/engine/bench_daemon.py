"""How long the whole daemon takes to be ready, and how much memory its processes hold."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from types import MappingProxyType
from typing import Any

from hitpoint.errors import HostError

STARTS = 5
SETTLE_SECONDS = 3.0
BARE_PYTHON = (sys.executable, "-c", "import numpy")
"""What to hold start-up against: the least that any program of this kind pays on the same machine."""


def measure_daemon() -> dict[str, Any]:
    """Start `hitpoint run` several times with no ports and stop it again.

    Returns seconds to ready (each), megabytes resident by process once its first bars are written, and the seconds
    that bare Python with numpy takes. Raises HostError when it does not start.
    """
    ready: list[float] = []
    memory: dict[str, float] = {}
    for _ in range(STARTS):
        seconds, memory = _start_once()
        ready.append(seconds)
    started = monotonic()
    subprocess.run(BARE_PYTHON, check=True)
    bare = monotonic() - started
    return {
        "ready_seconds": [round(seconds, 3) for seconds in sorted(ready)],
        "ready_seconds_max": round(max(ready), 3),
        "bare_python_seconds": round(bare, 3),
        "ratio_to_bare_python": round(max(ready) / bare, 2),
        "resident_mb": memory,
        "resident_mb_total": round(sum(memory.values()), 1),
    }


def _start_once() -> tuple[float, dict[str, float]]:
    started = monotonic()
    with running_daemon("--direction", "tense, orchestral", "--play") as said:
        seconds = monotonic() - started
        # A few bars on, so that the model has worked and its buffers are there.
        sleep(SETTLE_SECONDS)
        return seconds, {name: resident_mb(pid) for name, pid in said["processes"].items()}


@contextmanager
def running_daemon(*arguments: str, settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[dict[str, Any]]:
    """A real `hitpoint run` without ports; what it said when it was ready.

    settings: environment variables. Raises HostError when it does not start.
    """
    command = [sys.executable, "-m", "hitpoint.cli.main", "run", "--output", "null", "--osc-port", "0", "--json"]
    with TemporaryDirectory() as runtime:
        # A lock and a log of its own, so that a daemon at work is left in peace.
        environment = {**os.environ, **settings, "XDG_RUNTIME_DIR": runtime, "XDG_STATE_HOME": runtime}
        with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True, env=environment) as daemon:
            assert daemon.stdout is not None
            line = daemon.stdout.readline()
            try:
                if not line:
                    raise HostError("`hitpoint run` ended before it was ready. Start it by hand to see why.")
                yield json.loads(line)
            finally:
                daemon.terminate()
                daemon.wait(10)


def resident_mb(pid: int) -> float:
    """Resident memory of a process in MiB, pages shared with others counted in full."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        kilobytes = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    else:
        kilobytes = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True
        ).stdout.strip()
    return round(int(kilobytes) / 1024, 1)
