"""A remembered take at a real daemon's JACK ports: on time, and over at once when the host starts."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from end_to_end.daemon_process import running_daemon
from fakes.jack_server import JackServer, connections, running_jack_server
from fakes.patience import PATIENCE_SECONDS, until
from fakes.takes import a_memory
from hitpoint.engine.take_store import TakeStore
from hitpoint.score.midi_message import is_note_on, pressed, released

pytestmark = [pytest.mark.realtime, pytest.mark.daw]

LOGGER = Path(__file__).parents[1] / "fakes" / "jack_logger.py"
PORTS = ("Hitpoint strings", "Hitpoint keys")
EARLY_SECONDS = 2.5
"""Of the take that are waited for."""


@pytest.fixture
def server() -> Iterator[JackServer]:
    with running_jack_server() as server:
        yield server


@contextmanager
def listening(server: JackServer) -> Iterator[list[tuple[float, int, bytes]]]:
    """Second, port and message of all that is heard; whole after the block."""
    command = [sys.executable, str(LOGGER), "Hitpoint", *PORTS]
    heard: list[tuple[float, int, bytes]] = []
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=server.environment
    ) as logger:
        assert logger.stdout is not None
        assert logger.stdout.readline() == "ready\n"
        # It connects by itself, a moment later.
        until(lambda: all(connections(server, f"Hitpoint:{port}") for port in PORTS))
        yield heard
        said, _ = logger.communicate("", timeout=PATIENCE_SECONDS)
    for frame, port, data in map(str.split, said.splitlines()):
        heard.append((int(frame) / server.sample_rate, int(port), bytes.fromhex(data)))


def post(address: str, said: object) -> Any:
    asked = urllib.request.Request(address, json.dumps(said).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=PATIENCE_SECONDS) as answer:
        return json.loads(answer.read())


def begun_at(address: str) -> float:
    """The second of our clock at which the take that is heard began; 0 where the page tells of none yet."""
    with urllib.request.urlopen(f"{address}/api/state", timeout=PATIENCE_SECONDS) as answer:
        return float(json.loads(answer.read())["state"].get("audition", {}).get("at", 0.0))


def test_a_take_is_heard_note_for_note_until_the_host_starts_and_nothing_hangs(
    tmp_path: Path, server: JackServer
) -> None:
    file = a_memory(tmp_path / "door.takes.db")
    with TakeStore(file) as store:
        one = store.all()[0].id
        score = store.music(one).score
    arguments = ("--takes", str(file), "--output", "jack")
    with running_daemon(tmp_path, *arguments, environment=server.environment) as daemon:
        address = daemon.until(lambda status: status["page"]["address"])["page"]["address"]
        with listening(server) as heard:
            asked = time.monotonic()
            assert post(f"{address}/api/takes/{one}/hear", {"second": 0.0}) == {"heard": one}
            begins = until(lambda: begun_at(address), lambda: time.sleep(0.05))
            time.sleep(max(0.0, begins + EARLY_SECONDS - time.monotonic()))
            daemon.send("/hitpoint/transport/play")
            daemon.until(lambda status: status["rolling"])
            started = time.monotonic()
            time.sleep(1.0)
            daemon.send("/hitpoint/transport/stop")
            daemon.until(lambda status: not status["rolling"])
            # What goes with it is on its way.
            time.sleep(0.5)
    struck = [(at, data[1]) for at, _, data in heard if is_note_on(data)]
    seconds = score.timeline.tempo_map.seconds_at
    written = sorted((seconds(note.tick), note.pitch) for part in score.parts for note in part.notes)
    begun = struck[0][0] - written[0][0]
    early = [(round(at - begun, 6), pitch) for at, pitch in struck if at - begun < EARLY_SECONDS - 0.5]
    wanted = [one for one in written if one[0] < EARLY_SECONDS - 0.5]
    assert [pitch for _, pitch in sorted(early)] == [pitch for _, pitch in wanted]
    # To the frame, but for what the start itself is rounded by.
    worst = max(abs(at - when) for (at, _), (when, _) in zip(sorted(early), wanted, strict=True))
    assert worst < 2.0 / server.sample_rate + 1e-6
    # What would have come after the start does not.
    assert all(at - begun < started - asked + 0.2 for at, _ in struck)
    down = set()
    for _, port, data in heard:
        if (key := pressed(data)) is not None:
            down.add((port, data[0] & 15, key))
        elif (key := released(data)) is not None:
            down.discard((port, data[0] & 15, key))
    assert down == set()
