"""A private JACK server for tests: its own name, dummy driver, no sound card, gone when the test is.

    with running_jack_server() as server:      # JACK_DEFAULT_SERVER points at it for us and for what we start
        subprocess.run(["jack_lsp"], env=server.environment)

Process: any. Two at once do not meet: every server has a name of its own while it runs. Names are few and used again
because libjack knows eight servers a machine and counts a killed one until another takes its name.
"""

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

START_SECONDS = 10.0
"""After this long a server that does not answer is taken for dead and started anew."""
ATTEMPTS = 4
"""The dummy driver now and then fails to start on a busy machine; the last two attempts do without real time."""
BURIAL_SECONDS = 1.0
REALTIME_PRIORITY = 70
CLIENT_TIMEOUT_MS = 5000
"""How long the server waits for a late client before it throws it out; 500 ms, the default, is short under load."""

NAMES = tuple(f"hitpoint-test-{number}" for number in range(1, 7))
"""libjack allows eight; two are for whoever else is on the machine."""


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
    with _own_name() as (name, holder):
        server, process = _start(name, period, sample_rate, realtime)
        holder.write(str(process.pid))
        holder.flush()
        with _stopped_after(process, server), _default_server(server.name):
            yield server


def connections(server: JackServer, port: str) -> set[str]:
    """The ports that one is connected with."""
    command = ["jack_lsp", "-c", port]
    listed = subprocess.run(command, env=server.environment, capture_output=True, text=True).stdout.splitlines()
    return {line.strip() for line in listed if line.startswith("   ")}


@contextmanager
def same_server_again(server: JackServer) -> Iterator[JackServer]:
    """Kill a server, and start another under its name, as a person does whose sound card was pulled."""
    os.kill(server.process_id, signal.SIGKILL)
    # Until it is buried its name counts as taken.
    os.waitpid(server.process_id, 0)
    again, process = _start(server.name, server.period, server.sample_rate, server.realtime)
    with _stopped_after(process, again):
        yield again


@contextmanager
def _stopped_after(process: subprocess.Popen[bytes], server: JackServer) -> Iterator[None]:
    try:
        yield
    finally:
        _stop(process)
        server.log.unlink(missing_ok=True)


@contextmanager
def _default_server(name: str) -> Iterator[None]:
    earlier = {name: os.environ.get(name) for name in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER")}
    os.environ.update({"JACK_DEFAULT_SERVER": name, "JACK_NO_START_SERVER": "1"})
    try:
        yield
    finally:
        for variable, value in earlier.items():
            if value is None:
                os.environ.pop(variable, None)
            else:
                os.environ[variable] = value


@contextmanager
def _own_name() -> Iterator[tuple[str, IO[str]]]:
    """One of NAMES that no other test holds, and where to write who holds it: the server's process id.

    The system lets go of it however this process ends. A killed server keeps its name until it is buried.
    """
    for name in NAMES:
        with (Path(tempfile.gettempdir()) / f"{name}.lock").open("a+") as holder:
            try:
                fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            holder.seek(0)
            if _buried(holder.read()):
                holder.truncate(0)
                yield name, holder
                return
    raise JackServerError(f"{len(NAMES)} test servers run already. Wait for them, or end them.")


def _buried(process_id: str) -> bool:
    """True when the server that had a name is gone; looked at for a moment because a killed one takes one to go."""
    deadline = time.monotonic() + BURIAL_SECONDS
    while process_id.isdigit() and Path("/proc", process_id).exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _start(name: str, period: int, sample_rate: int, realtime: bool) -> tuple[JackServer, subprocess.Popen[bytes]]:
    logs = []
    for attempt in range(ATTEMPTS):
        wanted = realtime and attempt < ATTEMPTS - 2
        log = Path(tempfile.gettempdir()) / f"{name}.log"
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
