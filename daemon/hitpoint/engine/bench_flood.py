"""What a flood of packets does to the notes of a daemon that plays: runs without and with one, in turn."""

import json
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from random import Random
from subprocess import Popen
from time import monotonic, sleep
from typing import Any

from hitpoint.engine.bench_ear import LOOPBACK, PAIRS, SETTLE_SECONDS, ear, lateness, medians, playing_daemon, ratio
from hitpoint.errors import HostError
from hitpoint.inputs.osc_asker import ask

TRIES = 20
"""Asked this often before a daemon counts as one that answers no more: in a flood, packets are lost."""
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
    with ear() as (ear_port, heard), playing_daemon(ear_port) as (said, daemon):
        osc_port = int(said["osc_port"])
        with _subscriber_that_never_reads(osc_port):
            return _flooded(osc_port, heard, daemon)


def _flooded(osc_port: int, heard: list[float], daemon: "Popen[str]") -> dict[str, Any]:
    sleep(SETTLE_SECONDS)
    before = _state(osc_port)
    quiet, flooded, sent = [], [], 0
    for _ in range(PAIRS):
        quiet.append(lateness(heard))
        with _flood(osc_port) as counts:
            flooded.append(lateness(heard))
        sent += counts[0]
    after, status = _state(osc_port), _status(osc_port)
    return {
        "quiet": medians(quiet),
        "flooded": medians(flooded),
        "p99_ratio": ratio(flooded, quiet, "p99_ms"),
        "worst_ratio": ratio(flooded, quiet, "worst_ms"),
        "packets_sent": sent,
        "packets_rejected": status["rejected_packets"],
        "packets_dropped": status["dropped_packets"],
        "crashes": int(daemon.poll() is not None) + sum(status["restarts"].values()),
        "state_changed": before != after,
        "bars_by_model": status["bars_by_model"],
        "bars_by_fallback": status["bars_by_fallback"],
    }


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
