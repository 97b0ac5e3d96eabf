"""A real `hitpoint run` in a process of its own, driven over OSC as a controller would."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

ANSWER_SECONDS = 5.0
RESTART_SECONDS = 15.0


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
        builder = OscMessageBuilder(address)
        for argument in arguments:
            builder.add_arg(argument)  # type: ignore[arg-type]
        self.controller.sendto(builder.build().dgram, ("127.0.0.1", self.said["osc_port"]))

    def ask(self, address: str) -> list[Any]:
        """The value of an address."""
        self.send(f"{address}/get")
        return self.hear(address)

    def hear(self, address: str) -> list[Any]:
        """The arguments of the next message from that address; others are passed over."""
        deadline = monotonic() + ANSWER_SECONDS
        while monotonic() < deadline:
            message = OscMessage(self.controller.recv(65536))
            if message.address == address:
                return list(message.params)
        raise AssertionError(f"no answer from {address}")

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = json.loads(self.ask("/hitpoint/status")[0])
        return status

    def kill(self, name: str) -> None:
        """Kill one of its processes, as the system does when memory runs out."""
        os.kill(self.status()["processes"][name], signal.SIGKILL)

    def restarted(self, name: str, times: int = 1) -> dict[str, Any]:
        """Wait until one was started again that often, and is ready. The status then."""
        deadline = monotonic() + RESTART_SECONDS
        while monotonic() < deadline:
            try:
                status = self.status()
            except (AssertionError, TimeoutError):
                continue  # Control itself is being started.
            # A control that has just come may not have been told yet who else there is.
            if status["restarts"].get(name, 0) >= times and status["restart_seconds"][name] is not None:
                return status
            sleep(0.05)
        raise AssertionError(f"{name} was not started again")

    def interrupt(self) -> tuple[int, str]:
        """Press Ctrl-C; exit status and what it said on stderr."""
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=15)
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
        controller.settimeout(ANSWER_SECONDS)
        try:
            assert line, f"it ended: {process.communicate(timeout=5)[1]}"
            yield RunningDaemon(process, json.loads(line), seconds, controller)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(10)
