"""The MIDI clock master of jack_clock.py, as a test drives it."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from fakes.jack_server import JackServer
from fakes.patience import until

PROGRAM = Path(__file__).with_name("jack_clock.py")
PORT = "clock master:out"
PULSE, START, CONTINUE, STOP = "f8", "fa", "fb", "fc"

Script = Sequence[tuple[int, str]]
"""Frames since the last message, and bytes in hex."""


class Master:
    """Its process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def begin(self, script: Script) -> None:
        """Send from a while later on; `ended` is to follow."""
        assert self._process.stdin is not None
        self._process.stdin.write("".join(f"{frames} {data}\n" for frames, data in script) + "go\n")
        self._process.stdin.flush()

    def ended(self) -> None:
        """Wait until the last message has gone out."""
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "done\n"

    def send(self, script: Script) -> None:
        """Both."""
        self.begin(script)
        self.ended()


@contextmanager
def clock_master(server: JackServer) -> Iterator[Master]:
    """Runs until the block ends."""
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=server.environment,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield Master(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def connect(server: JackServer, source: str, sink: str) -> None:
    """Once both are there."""
    command = ["jack_connect", source, sink]
    until(lambda: subprocess.run(command, env=server.environment, capture_output=True).returncode == 0)


def pulses(bpm: float, count: int, jitter_ms: float = 0.0, rate: int = 48_000) -> list[tuple[int, str]]:
    """So many, the first one a pulse after what came before."""
    random, period = Random(1), 60.0 / bpm / 24 * rate
    frames = [round(number * period + random.gauss(0.0, jitter_ms * rate / 1000.0)) for number in range(1, count + 1)]
    frames = [max(frame, *frames[:place], 1) for place, frame in enumerate(frames)]
    return [(there - here, PULSE) for here, there in zip([0, *frames], frames, strict=False)]
