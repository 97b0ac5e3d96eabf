"""A real `hitpoint run` in a process of its own, driven over OSC as a controller would."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from fakes.patience import PATIENCE_SECONDS, until

ASK_AGAIN_SECONDS = 2.0
"""A packet is lost where control is just being started, or has been asked too much."""
LOOK_SECONDS = 0.05


@dataclass
class RunningDaemon:
    """One that has said it is ready."""

    process: "subprocess.Popen[str]"
    said: dict[str, Any]
    """What it printed when ready."""
    started_seconds: float
    """From its start to that."""
    controller: socket.socket

    def send(self, address: str, *arguments: object) -> None:
        """Have something done. What was told before is forgotten: `hear` hears what comes from here on."""
        self.controller.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                self.controller.recv(65536)
        self.controller.sendto(_packet(address, *arguments), ("127.0.0.1", self.said["osc_port"]))

    def ask(self, address: str) -> list[Any]:
        """The value of an address."""
        deadline = monotonic() + PATIENCE_SECONDS
        # A socket of its own for each question: what comes late is no answer to the next.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.settimeout(ASK_AGAIN_SECONDS)
            while monotonic() < deadline:
                asker.sendto(_packet(f"{address}/get"), ("127.0.0.1", self.said["osc_port"]))
                with suppress(TimeoutError):
                    answer = OscMessage(asker.recv(65536))
                    assert answer.address == address, answer.params
                    return list(answer.params)
                assert self.process.poll() is None, f"it has ended with status {self.process.returncode}"
        raise AssertionError(f"no answer from {address}")

    def hear(self, address: str) -> list[Any]:
        """The arguments of the next message from that address; others are passed over."""
        deadline = monotonic() + PATIENCE_SECONDS
        while (left := deadline - monotonic()) > 0.0:
            self.controller.settimeout(left)
            message = OscMessage(self.controller.recv(65536))
            if message.address == address:
                return list(message.params)
        raise AssertionError(f"nothing is heard from {address}")

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = json.loads(self.ask("/hitpoint/status")[0])
        return status

    def until(self, holds: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Its status, once it is so."""
        status: dict[str, Any] = {}

        def look() -> object:
            status.update(self.status())
            return holds(status)

        try:
            until(look, lambda: sleep(LOOK_SECONDS))
        except AssertionError as error:
            raise AssertionError(f"it does not come, the status is {status}") from error
        return status

    def kill(self, name: str) -> None:
        """Kill one of its processes, as the system does when memory runs out."""
        os.kill(self.status()["processes"][name], signal.SIGKILL)

    def restarted(self, name: str, times: int = 1) -> dict[str, Any]:
        """Wait until one was started again that often, and is ready. The status then."""
        # A control that has just come may not have been told yet who else there is.
        return self.until(
            lambda status: status["restarts"].get(name, 0) >= times and status["restart_seconds"][name] is not None
        )

    def interrupt(self) -> tuple[int, str]:
        """Press Ctrl-C; exit status and what it said on stderr."""
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode, errors


@contextmanager
def running_daemon(
    runtime: Path, *arguments: str, environment: dict[str, str] | None = None
) -> Iterator[RunningDaemon]:
    """Start it, wait until it is ready, end it afterwards however the test went.

    runtime: a folder for its lock, so that tests and a person's own daemon do not meet.
    """
    command: Sequence[str] = [sys.executable, "-m", "hitpoint.cli.main", "run", "--osc-port", "0", "--json", *arguments]
    folders = dict.fromkeys(("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), str(runtime))
    # Any port for the page, likewise.
    environment = {"HITPOINT_PAGE_PORT": "0", **(environment or os.environ), **folders}
    started = monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=runtime
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    seconds = monotonic() - started
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as controller, process:
        controller.bind(("127.0.0.1", 0))
        try:
            assert line, f"it ended: {process.communicate(timeout=PATIENCE_SECONDS)[1]}"
            yield RunningDaemon(process, json.loads(line), seconds, controller)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(PATIENCE_SECONDS)


def _packet(address: str, *arguments: object) -> bytes:
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)  # type: ignore[arg-type]
    return builder.build().dgram
