"""How late the notes of a daemon that plays come, heard by an ear of our own: runs in two ways, in turn."""

import json
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any

from hitpoint.errors import HostError

PAIRS = 5
RUN_SECONDS = 12.0
SETTLE_SECONDS = 8.0
"""Time for the first bars to be written, before anything is measured."""
LOOPBACK = "127.0.0.1"


def lateness(heard: list[float]) -> dict[str, float]:
    """The lateness of what is heard from now on, for RUN_SECONDS. Raises HostError where nothing is."""
    first = len(heard)
    sleep(RUN_SECONDS)
    ranked = sorted(heard[first:])
    if not ranked:
        raise HostError("the daemon played nothing while it was measured. Start it by hand to see why.")
    return {
        "p50_ms": ranked[len(ranked) // 2],
        "p99_ms": ranked[int(0.99 * len(ranked))],
        "worst_ms": ranked[-1],
        "messages": len(ranked),
    }


def medians(runs: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """The medians of all runs, and the worst of each."""
    figures = {key: round(median(run[key] for run in runs), 3) for key in ("p50_ms", "p99_ms", "worst_ms", "messages")}
    return {**figures, "worst_of_each_ms": [round(run["worst_ms"], 3) for run in runs]}


def ratio(runs: Sequence[Mapping[str, float]], to: Sequence[Mapping[str, float]], key: str) -> float:
    """Of the medians of a figure; 0 where there is nothing to hold it against."""
    one, other = (median(run[key] for run in some) for some in (runs, to))
    return round(one / other, 2) if other else 0.0


@contextmanager
def ear() -> Iterator[tuple[int, list[float]]]:
    """A port that notes can be sent to, and the lateness of each in ms, as it comes."""
    heard: list[float] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind((LOOPBACK, 0))

        def listen() -> None:
            # In Hitpoint's dialect the lateness is the last argument. An empty packet ends it.
            while data := udp.recv(2048):
                heard.append(struct.unpack(">f", data[-4:])[0])

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield udp.getsockname()[1], heard
        finally:
            udp.sendto(b"", udp.getsockname())
            thread.join()


@contextmanager
def playing_daemon(ear_port: int) -> Iterator[tuple[dict[str, Any], "subprocess.Popen[str]"]]:
    """A real `hitpoint run` that plays to the ear: what it said when it was ready, and its process.

    Raises HostError when it does not start.
    """
    command = [
        sys.executable,
        "-m",
        "hitpoint.cli.main",
        "run",
        "--output",
        "osc",
        "--osc-port",
        "0",
        "--page-port",
        "0",
        "--json",
    ]
    command += ["--direction", "tense, orchestral, 120 bpm", "--play"]
    with TemporaryDirectory() as runtime:
        # A lock of its own, so that a daemon at work is left in peace.
        environment = {**os.environ, "XDG_RUNTIME_DIR": runtime, "HITPOINT_OSC_NOTES": f"{LOOPBACK}:{ear_port}"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as daemon:
            assert daemon.stdout is not None
            line = daemon.stdout.readline()
            if not line:
                raise HostError("`hitpoint run` ended before it was ready. Start it by hand to see why.")
            try:
                yield json.loads(line), daemon
            finally:
                daemon.terminate()
                daemon.wait(10)
