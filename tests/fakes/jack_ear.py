"""Hears what goes through JACK's MIDI ports, by JACK's own jack_midi_dump: nothing of ours in between.

with listening(server, {"strings": "Hitpoint:Hitpoint strings"}, tmp_path) as ear:
    ...
    assert ear.sounding() == []
"""

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from fakes.clock_master import connect
from fakes.jack_server import JackServer

_LINE = re.compile(r"\s*(\d+): ((?:[0-9a-f]{2} )+)")


class Heard(NamedTuple):
    """One message."""

    port: str
    """The name it was asked for by."""
    frame: int
    """Since its listener's start; listeners of different ports start apart."""
    data: bytes


class Ear:
    """What has been heard so far."""

    def __init__(self, logs: Mapping[str, Path]) -> None:
        self._logs = logs

    def heard(self) -> list[Heard]:
        """Every message, port by port, in its order."""
        return [
            Heard(port, int(match[1]), bytes.fromhex(match[2]))
            for port, log in self._logs.items()
            for match in map(_LINE.match, log.read_text().splitlines())
            if match is not None
        ]

    def sounding(self) -> list[tuple[str, int, int]]:
        """Port, channel and pitch of every note that has begun and not ended."""
        notes: dict[tuple[str, int, int], None] = {}
        for port, _, data in self.heard():
            kind, channel = data[0] & 0xF0, data[0] & 0x0F
            if kind == 0x90 and data[2] > 0:
                notes[port, channel, data[1]] = None
            elif kind in (0x80, 0x90):
                notes.pop((port, channel, data[1]), None)
        return list(notes)


@contextmanager
def listening(server: JackServer, ports: Mapping[str, str], folder: Path) -> Iterator[Ear]:
    """Listen to JACK ports; each with the name that it is to be known by here."""
    logs = {name: folder / f"heard {name}.txt" for name in ports}
    listeners = []
    try:
        for name, port in ports.items():
            listeners.append(_listener(server, name, logs[name]))
            connect(server, port, f"ear {name}:input")
        yield Ear(logs)
    finally:
        for listener in listeners:
            # SIGTERM would kill it before it has left JACK, and jackd 1.9.21 then waits for it, deaf, to its own end.
            listener.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                listener.wait(2.0)
            listener.kill()
            listener.wait()


def _listener(server: JackServer, name: str, log: Path) -> "subprocess.Popen[bytes]":
    assert shutil.which("jack_midi_dump"), "jack_midi_dump is not installed: apt-get install jackd2"
    with log.open("wb") as output:
        # A line at a time, or its last words stay in its buffer.
        command = ["stdbuf", "-oL", "jack_midi_dump", "-a", f"ear {name}"]
        return subprocess.Popen(command, env=server.environment, stdout=output, stderr=subprocess.DEVNULL)
