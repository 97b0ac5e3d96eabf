"""What a flood of packets does to the notes of a daemon that plays: runs without and with one, in turn."""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

from hitpoint.errors import HostError
from hitpoint.inputs.osc_asker import ask

PAIRS = 5
RUN_SECONDS = 12.0
SETTLE_SECONDS = 8.0
"""Time for the first bars to be written, before anything is measured."""
TRIES = 20
"""Asked this often before a daemon counts as one that answers no more: in a flood, packets are lost."""
LOOPBACK = "127.0.0.1"
KEPT = ("control/intensity", "control/density", "control/tension", "cue/generate", "part/strings/mute",
        "part/strings/lock")  # fmt: skip
"""What must be after a flood as it was before."""


def measure_flood() -> dict[str, Any]:
    """Play to an ear of our own, quiet and flooded in turn. Blocks: for some minutes.

    The flood is one process that sends as fast as it can: noise, what is refused, and what is right; beside it a
    subscriber that never reads. Returns how late notes were handed over in milliseconds (p50, p99, the worst of each
    run), the ratios of the medians of flooded to quiet runs, and whether anything broke or changed.
    Raises HostError when the daemon does not start.
    """
    with (
        _ear() as (ear_port, heard),
        _daemon(ear_port) as (osc_port, daemon),
        _subscriber_that_never_reads(osc_port),
    ):
        sleep(SETTLE_SECONDS)
        before = _state(osc_port)
        runs: dict[str, list[dict[str, float]]] = {"quiet": [], "flooded": []}
        sent = 0
        for _ in range(PAIRS):
            runs["quiet"].append(_run(heard))
            with _flood(osc_port) as counts:
                runs["flooded"].append(_run(heard))
            sent += counts[0]
        after, status = _state(osc_port), _status(osc_port)
        crashes = int(daemon.poll() is not None) + sum(status["restarts"].values())
    return {
        **{way: _figures(figures) for way, figures in runs.items()},
        "p99_ratio": _ratio(runs, "p99_ms"),
        "worst_ratio": _ratio(runs, "worst_ms"),
        "packets_sent": sent,
        "packets_rejected": status["rejected_packets"],
        "packets_dropped": status["dropped_packets"],
        "crashes": crashes,
        "state_changed": before != after,
        "bars_by_model": status["bars_by_model"],
        "bars_by_fallback": status["bars_by_fallback"],
    }


def _run(heard: list[float]) -> dict[str, float]:
    """The lateness of what is heard from now on, for RUN_SECONDS."""
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


def _figures(runs: Sequence[dict[str, float]]) -> dict[str, Any]:
    """The medians of all runs, and the worst of each."""
    figures = {key: round(median(run[key] for run in runs), 3) for key in ("p50_ms", "p99_ms", "worst_ms", "messages")}
    return {**figures, "worst_of_each_ms": [round(run["worst_ms"], 3) for run in runs]}


def _ratio(runs: dict[str, list[dict[str, float]]], key: str) -> float:
    quiet, flooded = (median(run[key] for run in runs[way]) for way in ("quiet", "flooded"))
    return round(flooded / quiet, 2) if quiet else 0.0


@contextmanager
def _ear() -> Iterator[tuple[int, list[float]]]:
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
def _daemon(ear_port: int) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    command = [sys.executable, "-m", "hitpoint.cli.main", "run", "--output", "osc", "--osc-port", "0", "--json"]
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
                yield int(json.loads(line)["osc_port"]), daemon
            finally:
                daemon.terminate()
                daemon.wait(10)


@contextmanager
def _subscriber_that_never_reads(osc_port: int) -> Iterator[None]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(packet("/hitpoint/subscribe"), (LOOPBACK, osc_port))
        yield


@contextmanager
def _flood(osc_port: int) -> Iterator[list[int]]:
    """Flood the port meanwhile. Afterwards the list holds how many packets were sent."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_flood_main, args=(there, osc_port), daemon=True)
    process.start()
    here.recv()
    counts: list[int] = []
    try:
        yield counts
    finally:
        here.send(None)
        counts.append(here.recv())
        process.join()


def _flood_main(connection: Any, osc_port: int) -> None:
    """Spawn target."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    packets, sent = flood_packets(), 0
    connection.send(None)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        while not connection.poll():
            for data in packets:
                udp.sendto(data, (LOOPBACK, osc_port))
            sent += len(packets)
    connection.send(sent)


def flood_packets() -> list[bytes]:
    """Noise, what is cut off, what is refused, what asks, and what sets a value that is set already."""
    source = Random(1)
    right = packet("/hitpoint/control/density", 0.5)
    return [
        *(source.randbytes(source.randrange(1, 200)) for _ in range(20)),
        # In its address: a message without arguments is a right one, and gives the control back to the cue.
        *(right[:length] for length in (5, 17, 23)),
        *(packet(f"/hitpoint/{word}", 0.5) for word in ("nothing", "part//mute/x", "control/loudness")),
        *(packet("/hitpoint/control/intensity", value) for value in (7.0, -1.0, float("nan"))),
        *(packet(f"/hitpoint/{place}/get") for place in (*KEPT, "transport", "status")),
        *[right] * 4,
    ]


def packet(address: str, *numbers: float) -> bytes:
    """An OSC message with floats."""
    return _padded(address) + _padded("," + "f" * len(numbers)) + struct.pack(f">{len(numbers)}f", *numbers)


def _padded(text: str) -> bytes:
    data = text.encode() + b"\0"
    return data + bytes(-len(data) % 4)


def _state(osc_port: int) -> dict[str, list[object]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(packet("/hitpoint/control/density", 0.5), (LOOPBACK, osc_port))
    return {place: _asked(osc_port, f"/hitpoint/{place}") for place in KEPT}


def _status(osc_port: int) -> dict[str, Any]:
    status: dict[str, Any] = json.loads(str(_asked(osc_port, "/hitpoint/status")[0]))
    return status


def _asked(osc_port: int, address: str) -> list[object]:
    deadline = monotonic() + TRIES
    while True:
        try:
            return ask(LOOPBACK, osc_port, address)
        except HostError:
            if monotonic() > deadline:
                raise
