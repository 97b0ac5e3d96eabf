"""The page of a real daemon: its death touches nobody, and a browser finds it again where it was."""

import http.client
import json
import os
import signal
import socket
import time
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from end_to_end.daemon_process import RunningDaemon, running_daemon
from fakes.patience import PATIENCE_SECONDS, least, until

pytestmark = [pytest.mark.realtime]

GONE_SECONDS = 1.0
"""Within it a page has to show that the daemon is gone, and who asks has to be answered."""


def page_of(daemon: RunningDaemon) -> str:
    """HOST:PORT, as soon as it is served."""
    status = daemon.until(lambda status: status["page"]["address"])
    return str(status["page"]["address"]).removeprefix("http://")


def until_rolling(daemon: RunningDaemon) -> None:
    daemon.until(lambda status: status["rolling"])


def heard(viewer: ClientConnection, kind: str) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := deadline - time.monotonic()) > 0.0:
        message: dict[str, Any] = json.loads(viewer.recv(timeout=left))
        if message["type"] == kind:
            return message
    raise AssertionError(f"no {kind}")


def gone_or_anew(viewer: ClientConnection) -> dict[str, Any] | None:
    """None when it is told that control is gone; the whole state of the next one, where that came first."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := deadline - time.monotonic()) > 0.0:
        message: dict[str, Any] = json.loads(viewer.recv(timeout=left))
        if message["type"] == "state":
            return dict(message["state"])
        if message["type"] == "change" and not message["set"].get("/daemon/there", True):
            return None
    raise AssertionError("neither gone nor anew")


def state_of(viewer: ClientConnection) -> dict[str, Any]:
    """What a new client is told, as soon as the page knows it from control."""
    while not (state := heard(viewer, "state")["state"])["daemon"]["there"]:
        pass
    return dict(state)


def asked(viewer: ClientConnection, address: str, *arguments: object) -> dict[str, Any]:
    viewer.send(json.dumps({"id": 1, "do": address, "args": arguments}))
    return heard(viewer, "answer")


def seconds_to_hang_up(daemon: RunningDaemon, viewer: ClientConnection) -> float:
    """From the death of the page to the end of a viewer's connection."""
    daemon.kill("page")
    killed = time.monotonic()
    with suppress(ConnectionClosed):
        while time.monotonic() < killed + PATIENCE_SECONDS:
            viewer.recv(timeout=PATIENCE_SECONDS)
    return time.monotonic() - killed


def test_a_page_that_is_killed_comes_back_where_it_was_and_the_music_goes_on(tmp_path):
    with running_daemon(tmp_path, "--output", "null", "--direction", "tense, strings", "--play") as daemon:
        host = page_of(daemon)
        until_rolling(daemon)
        before, deaths = dict[str, Any](), 0

        def die() -> float:
            nonlocal deaths
            with connect(f"ws://{host}/api/socket") as viewer:
                before.update(state_of(viewer))
                assert asked(viewer, "/hitpoint/control/tension", 0.4)["ok"]
                seconds = seconds_to_hang_up(daemon, viewer)
            deaths += 1
            after = daemon.restarted("page", deaths)
            assert {**after["restarts"], "page": 0} == dict.fromkeys(("control", "compose", "play", "page"), 0)
            assert page_of(daemon) == host
            return seconds

        assert least(die, GONE_SECONDS) < GONE_SECONDS
        with connect(f"ws://{host}/api/socket") as viewer:
            state = state_of(viewer)
            assert state["controls"]["tension"] == 0.4
            assert state["transport"]["rolling"]
            assert state["timeline"] == before["timeline"]
        assert daemon.status()["rolling"]
        assert daemon.interrupt()[0] == 0


def test_a_page_shows_at_once_that_control_is_gone_and_goes_on_with_the_next(tmp_path):
    with running_daemon(tmp_path, "--output", "null", "--direction", "tense, strings") as daemon:
        with connect(f"ws://{page_of(daemon)}/api/socket") as viewer:
            state_of(viewer)

            def die() -> float:
                daemon.kill("control")
                killed = time.monotonic()
                told = gone_or_anew(viewer)
                seconds = time.monotonic() - killed
                # The next one may be there sooner than anything could be told or asked meanwhile.
                state = told if told is not None else state_of(viewer)
                assert state["direction"] == "tense, strings"
                return seconds

            assert least(die, GONE_SECONDS) < GONE_SECONDS
            assert asked(viewer, "/hitpoint/panic")["ok"]
        assert daemon.interrupt()[0] == 0


def test_what_is_asked_of_a_control_that_hangs_is_refused_and_the_next_one_does_it(tmp_path):
    with running_daemon(tmp_path, "--output", "null", "--direction", "tense, strings") as daemon:
        with connect(f"ws://{page_of(daemon)}/api/socket") as viewer:
            state_of(viewer)
            control = daemon.status()["processes"]["control"]

            def hang() -> float:
                os.kill(control, signal.SIGCONT)
                until(lambda: asked(viewer, "/hitpoint/panic")["ok"])
                os.kill(control, signal.SIGSTOP)
                stopped = time.monotonic()
                while heard(viewer, "change")["set"].get("/daemon/there", True):
                    pass
                return time.monotonic() - stopped

            assert least(hang, GONE_SECONDS) < GONE_SECONDS
            assert not asked(viewer, "/hitpoint/panic")["ok"]
            os.kill(control, signal.SIGKILL)
            state_of(viewer)
            assert asked(viewer, "/hitpoint/panic")["ok"]
        assert daemon.interrupt()[0] == 0


def test_a_page_that_is_stopped_slows_nobody(tmp_path):
    with running_daemon(tmp_path, "--output", "null", "--direction", "tense, strings", "--play") as daemon:
        page_of(daemon)
        until_rolling(daemon)
        pid = daemon.status()["processes"]["page"]
        os.kill(pid, signal.SIGSTOP)
        try:
            for value in range(400):
                daemon.send("/hitpoint/control/intensity", value / 400)
                time.sleep(0.005)

            def ask() -> float:
                # What was sent may have been too much for a machine that is slow.
                daemon.send("/hitpoint/control/intensity", 399 / 400)
                asked_at = time.monotonic()
                until(lambda: daemon.ask("/hitpoint/control/intensity") == [pytest.approx(399 / 400)])
                return time.monotonic() - asked_at

            assert least(ask, GONE_SECONDS) < GONE_SECONDS
        finally:
            os.kill(pid, signal.SIGCONT)
        assert daemon.status()["rolling"]


def test_where_the_port_is_taken_the_daemon_says_so_goes_on_and_takes_it_when_it_is_free(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with running_daemon(tmp_path, "--output", "null", "--page-port", str(port)) as daemon:
            told = f"the page's port {port} on 127.0.0.1 cannot be opened"
            daemon.until(lambda status: any(told in trouble for trouble in status["troubles"]))
            other.close()
            assert page_of(daemon) == f"127.0.0.1:{port}"
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
            connection.request("GET", "/api/state")
            assert connection.getresponse().status == 200
            connection.close()
            status, errors = daemon.interrupt()
            assert status == 0
            assert f"the page's port {port}" in errors
