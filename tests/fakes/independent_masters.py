"""Other people's programs that lead by JACK, or that read a clock: klick, jack_midi_clock and jack_mclk_dump."""

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fakes.clock_master import connect
from fakes.jack_server import JackServer
from fakes.patience import until

CLOCK = "jack_midi_clock:mclk_out"
RESYNC_SECONDS = 0.2
"""Between its song position and its continue; its own choice is 2 s."""


@contextmanager
def klick(server: JackServer, bars: Sequence[tuple[int, float]], folder: Path) -> Iterator[None]:
    """A metronome that is JACK's timebase master. bars: how many of 4/4, and their tempo in bpm."""
    tempi = folder / "klick tempi.txt"
    tempi.write_text("".join(f"{count} {bpm:g}\n" for count, bpm in bars))
    with _running(server, "klick", "klick", "-T", "-f", str(tempi)):
        _wait_for_port(server, "klick:out")
        yield


@contextmanager
def midi_clock(server: JackServer) -> Iterator[None]:
    """Makes MIDI clock of JACK's transport and the timebase master's tempo, at CLOCK."""
    with _running(server, "jack-midi-clock", "jack_midi_clock", "-d", f"{RESYNC_SECONDS:g}"):
        _wait_for_port(server, CLOCK)
        yield


@dataclass(frozen=True)
class ReadClock:
    """What jack_mclk_dump has read."""

    tempi: tuple[float, ...]
    """In bpm, after each pulse, as it smooths them."""
    apart: tuple[int, ...]
    """Frames between pulses."""
    events: tuple[str, ...]
    """start, continue and stop, in order."""


class ClockReader:
    """`read` is to be called when it has ended."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def read(self) -> ReadClock:
        """Everything."""
        text = self._log.read_text(errors="replace")
        return ReadClock(
            tuple(map(float, re.findall(r"flt: *([0-9.]+)\[BPM\]", text))),
            tuple(map(int, re.findall(r"dt: *([0-9]+)\[sm\]", text))),
            tuple(re.findall(r"EVENT \(0x..\) (\w+)", text)),
        )


@contextmanager
def clock_reader(server: JackServer, port: str, folder: Path) -> Iterator[ClockReader]:
    """Reads a MIDI clock at a port while the block runs."""
    log = folder / "clock reader.txt"
    with log.open("wb") as output:
        # A line at a time, or its last words stay in its buffer.
        command = ("stdbuf", "-oL", "jack_mclk_dump", "-n")
        with _running(server, "jack-midi-clock", *command, stdout=output.fileno()):
            _wait_for_port(server, "jack_mclk_dump:mclk_in")
            connect(server, port, "jack_mclk_dump:mclk_in")
            yield ClockReader(log)


@contextmanager
def _running(server: JackServer, package: str, *command: str, stdout: int = subprocess.DEVNULL) -> Iterator[None]:
    assert shutil.which(command[0] if command[0] != "stdbuf" else command[2]), f"apt-get install {package}"
    process = subprocess.Popen(command, env=server.environment, stdout=stdout, stderr=subprocess.DEVNULL)
    with process:
        try:
            yield
            assert process.poll() is None, f"{command} ended by itself"
        finally:
            # By SIGTERM they would be dead before they have left JACK, which then waits for them.
            process.send_signal(signal.SIGINT)
            try:
                process.wait(2.0)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for_port(server: JackServer, port: str) -> None:
    until(lambda: port in _ports(server))


def _ports(server: JackServer) -> list[str]:
    return subprocess.run(["jack_lsp"], env=server.environment, capture_output=True, text=True).stdout.splitlines()
