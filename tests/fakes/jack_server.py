"""A private JACK server for tests: its own name, dummy driver, no sound card, gone when the test is.

    with running_jack_server() as server:      # JACK_DEFAULT_SERVER points at it for us and for what we start
        subprocess.run(["jack_lsp"], env=server.environment)

Process: any. Two at once do not meet: every server has a name of its own (libjack allows eight of them a machine).
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

START_SECONDS = 10.0
"""After this long a server that does not answer is taken for dead and started anew."""
ATTEMPTS = 4
"""The dummy driver now and then fails to start on a busy machine; the last two attempts do without real time."""
REALTIME_PRIORITY = 70
CLIENT_TIMEOUT_MS = 5000
"""How long the server waits for a late client before it throws it out; 500 ms, the default, is short under load."""

_numbers = count(1)


@dataclass(frozen=True)
class JackServer:
    """A running server."""

    name: str
    """What JACK_DEFAULT_SERVER says while it runs."""
    sample_rate: int
    """Frames a second."""
    period: int
    """Frames in a process cycle."""
    realtime: bool
    """False where the system did not allow it: figures of timing mean little then."""
    process_id: int
    log: Path
    """What the server printed: read it when a test fails."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a process that shall be its client."""
        return {**os.environ, "JACK_DEFAULT_SERVER": self.name, "JACK_NO_START_SERVER": "1"}


class JackServerError(RuntimeError):
    """No server could be started here; the message says why."""


@contextmanager
def running_jack_server(period: int = 256, sample_rate: int = 48_000, realtime: bool = True) -> Iterator[JackServer]:
    """A server with the dummy driver, which this process and its children find by default while the block runs.

    period: frames in a cycle. realtime: ask for it; see `JackServer.realtime` for what came of it.
    Raises JackServerError, with the server's log, when none starts: a host that can't start fails the test.
    """
    if shutil.which("jackd") is None:
        raise JackServerError("jackd is not installed. On Debian or Ubuntu: apt-get install jackd2")
    server, process = _start(period, sample_rate, realtime)
    earlier = {name: os.environ.get(name) for name in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER")}
    os.environ.update({"JACK_DEFAULT_SERVER": server.name, "JACK_NO_START_SERVER": "1"})
    try:
        yield server
    finally:
        _stop(process)
        server.log.unlink(missing_ok=True)
        for name, value in earlier.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _start(period: int, sample_rate: int, realtime: bool) -> tuple[JackServer, subprocess.Popen[bytes]]:
    logs = []
    for attempt in range(ATTEMPTS):
        wanted = realtime and attempt < ATTEMPTS - 2
        name = f"hitpoint-{os.getpid()}-{next(_numbers)}"
        log = Path(os.environ.get("TMPDIR", "/tmp")) / f"{name}.log"
        process = _launch(name, log, period, sample_rate, wanted)
        if _answers(name, process):
            return JackServer(name, sample_rate, period, wanted, process.pid, log), process
        _stop(process)
        logs.append(log.read_text(errors="replace"))
        log.unlink(missing_ok=True)
    raise JackServerError(f"jackd did not start in {ATTEMPTS} attempts. Its last words:\n{logs[-1]}")


def _launch(name: str, log: Path, period: int, sample_rate: int, realtime: bool) -> subprocess.Popen[bytes]:
    mode = ["-R", "-P", str(REALTIME_PRIORITY)] if realtime else ["--no-realtime"]
    driver = ["-d", "dummy", "-r", str(sample_rate), "-p", str(period)]
    with log.open("wb") as output:
        return subprocess.Popen(
            ["jackd", "-n", name, *mode, "-t", str(CLIENT_TIMEOUT_MS), *driver],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # or Ctrl-C in pytest kills it before its clients have closed
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )


def _die_with_parent() -> None:
    # A killed pytest must not leave a real-time server behind. Source: prctl(2), PR_SET_PDEATHSIG is 1.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


def _answers(name: str, process: subprocess.Popen[bytes]) -> bool:
    # jack_lsp, not a client of ours: libjack keeps threads and error handlers in a process that once failed to connect.
    environment = {**os.environ, "JACK_DEFAULT_SERVER": name, "JACK_NO_START_SERVER": "1"}
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _lists_ports(environment):
            return True
        time.sleep(0.05)
    return False


def _lists_ports(environment: dict[str, str]) -> bool:
    try:
        done = subprocess.run(["jack_lsp"], env=environment, capture_output=True, timeout=START_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
