"""A whole daemon led by a MIDI clock on a real JACK server: markers are met, and how it is led is told."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from end_to_end import reader
from end_to_end.daemon_process import RunningDaemon, running_daemon
from fakes.clock_master import PORT, START, STOP, clock_master, connect, pulses
from fakes.jack_server import JackServer, running_jack_server
from hitpoint.score.midi_file import write_midi_file
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

pytestmark = [pytest.mark.realtime, pytest.mark.daw]

BAR = 3840
MARKERS = (Marker(0, "1m01 tense, strings, brass"), Marker(3 * BAR + 211, "HIT door"), Marker(6 * BAR, "END"))
MAP_BPM, CLOCK_BPM = 120.0, 150.0


@pytest.fixture
def server() -> Iterator[JackServer]:
    with running_jack_server() as server:
        yield server


def clock_that_is(daemon: RunningDaemon, state: str) -> dict[str, object]:
    """What is told of the clock, once it is in that state."""
    return dict(daemon.until(lambda status: status["clock"].get("state") == state)["clock"])


def test_a_daemon_plays_to_a_masters_clock_and_tells_how_it_is_led(tmp_path: Path, server: JackServer) -> None:
    record, map_file = tmp_path / "take.mid", tmp_path / "map.mid"
    write_midi_file(map_file, [], Timeline(TempoMap.constant(MAP_BPM), markers=MARKERS))
    arguments = ("--map", str(map_file), "--follow", "midi", "--output", "jack", "--record", str(record))
    with (
        running_daemon(tmp_path, *arguments, environment=server.environment) as daemon,
        clock_master(server) as master,
    ):
        assert daemon.said["inputs"] == ["Hitpoint in"]
        connect(server, PORT, "Hitpoint:Hitpoint in")
        # A standing master's clock, as Live sends it: its tempo is known before it starts.
        master.send(pulses(CLOCK_BPM, 5 * 24))
        assert clock_that_is(daemon, "stopped")["bpm"] == pytest.approx(CLOCK_BPM, rel=0.01)
        master.begin([(0, START), *pulses(CLOCK_BPM, 7 * 4 * 24), (10, STOP)])
        locked = clock_that_is(daemon, "locked")
        time.sleep(2.0)
        status = daemon.status()
        master.ended()
        clock_that_is(daemon, "stopped")
        ended = daemon.status()
        code, errors = daemon.interrupt()

    assert code == 0, errors
    assert (status["leader"], status["rolling"], ended["rolling"]) == ("midi clock", True, False)
    assert status["tempo_bpm"] == pytest.approx(CLOCK_BPM, rel=0.02), "what is planned by"
    assert locked["bpm"] == pytest.approx(CLOCK_BPM, rel=0.01)
    assert ended["place"] == "8|1|0"
    assert reader.unpaired(record) == []
    assert [reader.landing_error(record, marker.tick)["error_ticks"] for marker in MARKERS] == [0, 0, 0]


def test_a_play_process_that_dies_under_a_clock_goes_on_with_the_master(tmp_path: Path, server: JackServer) -> None:
    arguments = ("--direction", "calm, strings, 120 bpm", "--follow", "midi", "--output", "jack")
    with (
        running_daemon(tmp_path, *arguments, environment=server.environment) as daemon,
        clock_master(server) as master,
    ):
        connect(server, PORT, "Hitpoint:Hitpoint in")
        master.begin([(0, START), *pulses(CLOCK_BPM, 16 * 4 * 24), (10, STOP)])
        clock_that_is(daemon, "locked")
        time.sleep(1.0)
        daemon.kill("play")
        daemon.restarted("play")
        # Until what the one before has told of the clock is old.
        time.sleep(1.5)
        # Its input is connected again, too: without pulses it would be freewheeling.
        clock_that_is(daemon, "locked")
        master.ended()
        clock_that_is(daemon, "stopped")
        assert daemon.status()["place"] == "17|1|0"
