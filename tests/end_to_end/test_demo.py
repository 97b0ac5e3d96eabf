"""The main job as a person runs it: `hitpoint demo`, heard through real MIDI ports by somebody else.

What lands where is judged from what arrived, on JACK's own clock, by `reader` and arithmetic of this file's own.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

import pytest

from end_to_end.reader import PlayedNote, landing_error, landing_error_of, near_onsets, near_onsets_of, unpaired
from fakes.jack_server import running_jack_server
from fakes.patience import PATIENCE_SECONDS

pytestmark = [pytest.mark.realtime, pytest.mark.daw]

LOGGER = Path(__file__).parents[1] / "fakes" / "jack_logger.py"
STEMS = ("percussion", "strings", "brass", "winds", "keys")
QUARTER, BAR = 960, 3840


def demo_seconds(tick: float) -> float:
    """The demo's tempo map by hand: 96, from bar 5 108, from bar 9 evenly over the beats to 132 at bar 13."""
    seconds = min(tick, 4 * BAR) / QUARTER * 60 / 96
    seconds += max(0, min(tick, 8 * BAR) - 4 * BAR) / QUARTER * 60 / 108
    ramp = max(0, min(tick, 12 * BAR) - 8 * BAR) / QUARTER
    seconds += 16 * 60 / 24 * log(1 + 24 / 16 * ramp / 108)
    return seconds + max(0, tick - 12 * BAR) / QUARTER * 60 / 132


def demo_tick(seconds: float) -> int:
    """The nearest tick; inverse of `demo_seconds`, by halving."""
    low, high = 0.0, 200_000.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if demo_seconds(middle) < seconds else (low, middle)
    return round(low)


@dataclass(frozen=True)
class Demo:
    said: dict[str, Any]
    file: Path
    received: list[PlayedNote]
    """Ticks by this file's own arithmetic, counted from the first note's frame."""
    hanging: list[tuple[int, int, int]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    file = folder / "demo.mid"
    with running_jack_server() as server:
        environment = {**server.environment, "XDG_RUNTIME_DIR": str(folder), "XDG_CONFIG_HOME": str(folder)}
        ports = [f"Hitpoint {stem}" for stem in STEMS]
        logger = subprocess.Popen(
            [sys.executable, str(LOGGER), "Hitpoint", *ports],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        assert logger.stdout is not None
        assert logger.stdout.readline() == "ready\n"
        command = [sys.executable, "-m", "hitpoint.cli.main", "demo", "--json", "--ports", "jack", "-o", str(file)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        log_text, _ = logger.communicate(timeout=PATIENCE_SECONDS)
    assert done.returncode == 0, done.stderr
    notes, hanging = _notes(log_text, server.sample_rate)
    return Demo(json.loads(done.stdout), file, notes, hanging)


def _notes(log_text: str, rate: int) -> tuple[list[PlayedNote], list[tuple[int, int, int]]]:
    messages = [
        (int(frame), int(port), bytes.fromhex(data)) for frame, port, data in map(str.split, log_text.splitlines())
    ]
    first = min(frame for frame, _, data in messages if data[0] & 0xF0 == 0x90 and data[2])
    sounding: dict[tuple[int, int, int], tuple[int, int]] = {}
    notes = []
    for frame, port, data in messages:
        kind, key = data[0] & 0xF0, (port, data[0] & 15, data[1])
        if kind == 0x90 and data[2]:
            assert key not in sounding
            sounding[key] = (frame, data[2])
        elif kind in (0x80, 0x90) and key in sounding:
            start, velocity = sounding.pop(key)
            ticks = demo_tick((start - first) / rate), demo_tick((frame - first) / rate)
            notes.append(PlayedNote(STEMS[port], *ticks, key[1], key[2], velocity))
    return sorted(notes, key=lambda note: note[1:]), list(sounding)


def test_every_marker_is_met_within_a_tick_in_what_was_received(demo: Demo) -> None:
    assert len(demo.said["markers"]) == 5
    for marker in demo.said["markers"]:
        error = landing_error_of(demo.received, demo_seconds, marker["tick"], marker["name"])
        print(f"{marker['name']}: {error['error_ticks']} ticks, {error['error_ms']:+.4f} ms")
        assert abs(int(str(error["error_ticks"]))) <= 1


def test_every_marker_is_met_within_a_tick_in_the_file(demo: Demo) -> None:
    for marker in demo.said["markers"]:
        assert abs(landing_error(demo.file, marker["tick"])["error_ticks"]) <= 1  # type: ignore[arg-type]
        assert marker["error_ticks"] == 0


def test_nothing_else_strikes_near_a_marker(demo: Demo) -> None:
    for marker in demo.said["markers"]:
        assert near_onsets_of(demo.received, demo_seconds, marker["tick"]) == []
        assert near_onsets(demo.file, marker["tick"]) == []


def test_all_that_was_received_is_in_the_file_and_nothing_hangs(demo: Demo) -> None:
    assert demo.hanging == []
    assert unpaired(demo.file) == []
    assert len(demo.received) == demo.said["notes"]


def test_it_was_the_model_that_played(demo: Demo) -> None:
    assert demo.said["bars_by_model"] > 50
    assert demo.said["bars_by_fallback"] == 0
    assert len(demo.said["ports"]) > 1
    assert os.path.getsize(demo.file) > 1000
