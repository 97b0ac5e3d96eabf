"""The daemon on a real JACK server, and what others hear when a part of it, or the server, dies."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from end_to_end.daemon_process import running_daemon
from fakes.jack_server import JackServer, connections, running_jack_server, same_server_again
from fakes.patience import PATIENCE_SECONDS, until
from hitpoint.engine.bench_kill import VICTIMS, measure_kills

pytestmark = [pytest.mark.realtime, pytest.mark.daw]

STRINGS = "Hitpoint:Hitpoint strings"


def lines_of(server: JackServer, *command: str) -> list[str]:
    return subprocess.run(command, env=server.environment, capture_output=True, text=True).stdout.splitlines()


def connected(server: JackServer, program: str) -> bool:
    """Connect a program to the strings; True when it is."""
    lines_of(server, "jack_connect", STRINGS, f"{program}:input")
    return f"{program}:input" in connections(server, STRINGS)


def look_again() -> None:
    time.sleep(0.1)


@contextmanager
def program(name: str, server: JackServer) -> Iterator["subprocess.Popen[bytes]"]:
    """One that listens."""
    command = ["jack_midi_dump", "-a", name]
    with subprocess.Popen(
        command, env=server.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        try:
            yield running
        finally:
            # SIGTERM would kill it before it has left JACK, and jackd 1.9.21 then waits for it.
            running.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                running.wait(2.0)
            running.kill()


@pytest.mark.slow
@pytest.mark.usefixtures("server")
def test_no_note_hangs_longer_than_the_restart_and_the_music_resumes() -> None:
    figures = measure_kills(2)
    for victim in VICTIMS:
        assert figures[victim]["hanging"] == 0, figures
        assert figures[victim]["resumed"] == 2, figures
    assert figures["rolling_at_the_end"]
    assert figures["supervisor"]["hanging"] == 0
    assert figures["supervisor"]["with_processes_left"] == 0


@pytest.fixture
def server():
    with running_jack_server() as server:
        yield server


def test_a_play_that_was_killed_is_connected_as_it_was(server: JackServer, tmp_path: Path) -> None:
    with (
        running_daemon(tmp_path, "--output", "jack", environment=server.environment) as daemon,
        program("synth one", server),
        program("synth two", server) as second,
    ):
        until(lambda: connected(server, "synth one"), look_again)
        until(lambda: connected(server, "synth two"), look_again)
        # It looks twice a second who listens, and nobody can see that it has.
        time.sleep(2.0)
        # One of the two is gone when play comes back, and play has not seen it go: it is named, the other is connected.
        os.kill(daemon.status()["processes"]["play"], signal.SIGSTOP)
        second.send_signal(signal.SIGINT)
        # jackd 1.9.21 may first wait for an answer of the play that stands, as long as it waits for any client.
        second.wait(PATIENCE_SECONDS)
        daemon.kill("play")
        daemon.restarted("play")
        until(lambda: connections(server, STRINGS) == {"synth one:input"}, look_again)
        named = until(lambda: [one for one in daemon.status()["troubles"] if "again" in one and STRINGS in one])
        assert len(named) == 1
        assert "synth two:input" in named[0]
        assert daemon.interrupt()[0] == 0


def test_a_server_that_dies_is_waited_for_and_its_ports_and_programs_come_back(tmp_path: Path) -> None:
    arguments = ("--output", "jack", "--direction", "tense, strings", "--play")
    with (
        running_jack_server() as server,
        running_daemon(tmp_path, *arguments, environment=server.environment) as daemon,
    ):
        with program("synth", server):
            until(lambda: connected(server, "synth"), look_again)
            time.sleep(2.0)
        with same_server_again(server) as again:
            until(lambda: STRINGS in lines_of(again, "jack_lsp"), look_again)
            status = daemon.restarted("play")
            assert status["rolling"]
            assert sum("server" in trouble for trouble in status["troubles"]) <= 2
            with program("synth", again):
                until(lambda: connections(again, STRINGS) == {"synth:input"}, look_again)
            assert daemon.interrupt()[0] == 0
