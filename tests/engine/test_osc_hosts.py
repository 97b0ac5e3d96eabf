import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from end_to_end.daemon_process import RunningDaemon, running_daemon
from fakes.ableton_osc import FakeAbletonOsc
from fakes.packets import message
from fakes.patience import until
from fakes.reaper_marks import Mark
from fakes.reaper_osc import FakeReaperOsc
from fakes.reaper_osc_stage import PATTERN
from fakes.reaper_surface import decode, unpack
from hitpoint.engine.osc_hosts import REAPER_LATE_SECONDS, OscHost, OscHostLink, osc_host
from hitpoint.hosts.reaper_osc import OUR_OSC_PORT, REAPER_OSC_PORT
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

MARKS = (Mark(1, "1m01 calm, strings", 0.0), Mark(2, "END", 16.0))


def a_host(follow: str, bpm: float = 120.0) -> OscHost:
    host = osc_host(follow, FrameRate.named("24"), lambda quarter: quarter * 60.0 / bpm)
    assert host is not None
    return host


class Studio:
    """REAPER with its surface and control's end of it, in virtual time."""

    def __init__(self, scripted: bool) -> None:
        self.moves: list[tuple[float, float, bool]] = []
        self.projects: list[tuple[Timeline, Loop | None]] = []
        self.troubles: list[str] = []
        self.reaper = FakeReaperOsc(PATTERN.read_text(encoding="utf-8"), self._carry)
        self.link = OscHostLink(
            a_host("reaper"), lambda *move: self.moves.append(move), lambda *told: self.projects.append(told),
            lambda: scripted, self.troubles.append, lambda: self.reaper.now,
        )  # fmt: skip
        self.reaper.start()
        self.reaper.edit(*MARKS)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * 50)):
            self.link.look(self.reaper.now, lambda address, said: self.reaper.receive(message(address, *said)))
            self.reaper.advance(0.02)

    def _carry(self, data: bytes, _: float) -> None:
        for one in unpack(data):
            said = decode(one)
            assert said is not None
            self.link.hear(said[0], list(said[1]), ("127.0.0.1", REAPER_OSC_PORT))


def test_a_reaper_without_the_script_has_its_markers_followed_and_it_is_said_once() -> None:
    studio = Studio(scripted=False)
    studio.run(3.0)
    assert [marker.name for marker in studio.projects[-1][0].markers] == ["1m01 calm, strings", "END"]
    studio.reaper.edit(MARKS[0], Mark(2, "END", 12.0))
    studio.run(1.0)
    assert studio.projects[-1][0].markers[1].tick == 24 * 960
    assert len(studio.troubles) == 1
    assert "hitpoint install reaper" in studio.troubles[0]


def test_a_project_with_more_markers_than_osc_tells_is_said_to_have_them() -> None:
    studio = Studio(scripted=False)
    studio.reaper.edit(*(Mark(number, f"m{number}", number / 2) for number in range(1, 200)))
    studio.run(6.0)
    assert len(studio.projects[-1][0].markers) == 128
    assert "first 128 markers" in studio.troubles[-1]
    studio.reaper.edit(*(Mark(number, f"n{number}", number / 2) for number in range(1, 300)))
    studio.run(6.0)
    assert studio.projects[-1][0].markers[0].name == "n1"
    assert len(studio.troubles) == 2


def test_where_the_script_tells_the_project_osc_tells_only_the_place() -> None:
    studio = Studio(scripted=True)
    studio.run(1.0)
    studio.reaper.play()
    studio.run(2.0)
    assert (studio.projects, studio.troubles) == ([], [])
    seconds, at, rolling = studio.moves[-1]
    assert rolling
    assert seconds == pytest.approx(1.95, abs=0.1)
    assert at == pytest.approx(studio.reaper.now - REAPER_LATE_SECONDS, abs=0.12)


def test_live_is_followed_through_ableton_osc() -> None:
    moves: list[tuple[float, float, bool]] = []
    projects: list[tuple[Timeline, Loop | None]] = []
    live = FakeAbletonOsc(lambda address, said, _, __: link.hear(address, list(said), ("127.0.0.1", 11000)))
    link = OscHostLink(
        a_host("abletonosc", 97.5), lambda *move: moves.append(move), lambda *told: projects.append(told),
        lambda: False, lambda _: None, lambda: live.now,
    )  # fmt: skip
    live.values["tempo"] = 97.5
    live.cue_points = [["END", 32.0], ["1m01 calm, strings", 0.0]]

    def run(seconds: float) -> None:
        for _ in range(round(seconds * 50)):
            link.look(live.now, live.receive)
            live.advance(0.02)

    run(3.0)
    assert [marker.tick for marker in projects[-1][0].markers] == [0, 32 * 960]
    live.values["is_playing"] = True
    run(6.0)
    seconds, at, rolling = moves[-1]
    assert rolling
    assert seconds + live.now - at == pytest.approx(live.quarter * 60.0 / 97.5, abs=0.015)
    link.hear("/live/song/get/tempo", ["fast"], ("127.0.0.1", 11000))
    assert link.wild == 1


def test_who_leads_in_another_way_needs_no_osc() -> None:
    assert osc_host("live", FrameRate.named("24"), float) is None


@contextmanager
def running_reaper() -> Iterator[FakeReaperOsc]:
    """One on real ports, in real time; gone without a word after the block."""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", REAPER_OSC_PORT))
    udp.setblocking(False)
    reaper = FakeReaperOsc(
        PATTERN.read_text(encoding="utf-8"), lambda data, _: udp.sendto(data, ("127.0.0.1", OUR_OSC_PORT))
    )
    ended = Event()

    def run() -> None:
        began = time.monotonic() - reaper.now
        while not ended.is_set():
            try:
                reaper.receive(udp.recv(65536))
            except BlockingIOError:
                time.sleep(0.004)
            except ConnectionError:
                continue
            reaper.advance(max(0.0, time.monotonic() - began - reaper.now))

    reaper.start()
    reaper.edit(*MARKS)
    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield reaper
    finally:
        ended.set()
        thread.join()
        udp.close()


def seconds_of(place: str) -> float:
    """Of a place at 120 bpm in 4/4."""
    bar, beat, tick = map(int, place.split("|"))
    return ((bar - 1) * 4 + beat - 1 + tick / 960) * 0.5


def led_by(daemon: RunningDaemon, reaper: FakeReaperOsc) -> dict[str, Any]:
    """The status of a daemon that a REAPER leads, once it is where REAPER was while it was asked."""

    def look() -> dict[str, Any] | None:
        before = reaper.place
        status = daemon.status()
        led = status["rolling"] and status["leader"] == "REAPER"
        return status if led and before - 0.1 <= seconds_of(status["place"]) <= reaper.place + 0.1 else None

    return dict(until(look, lambda: time.sleep(0.05)))


@pytest.mark.realtime
def test_a_reaper_leads_a_real_daemon_by_osc(tmp_path: Path) -> None:
    with running_reaper() as reaper, running_daemon(tmp_path, "--follow", "reaper", "--output", "null") as daemon:
        until(lambda: len(daemon.ask("/hitpoint/markers")) == 8, lambda: time.sleep(0.05))
        reaper.play()
        until(lambda: reaper.place > 3.0)
        led_by(daemon, reaper)
        daemon.until(lambda status: status["clock"]["state"] == "locked")
        reaper.stop()
        daemon.until(lambda status: not status["rolling"])


@pytest.mark.realtime
def test_of_several_a_reaper_leads_while_it_is_there_and_then_the_built_in_host_does(tmp_path: Path) -> None:
    def near(status: dict[str, Any]) -> bool:
        (reaper,) = (source for source in status["sources"] if source["name"] == "reaper")
        return reaper["off_ms"] is not None and abs(reaper["off_ms"]) < 30.0

    with running_daemon(tmp_path, "--follow", "mtc,reaper", "--output", "null") as daemon:
        with running_reaper() as reaper:
            daemon.until(lambda status: status["leader"] == "REAPER")
            reaper.play()
            until(lambda: reaper.place > 3.0)
            led = led_by(daemon, reaper)
            daemon.until(near)
            # Who led is told to a play process that is new.
            daemon.kill("play")
            daemon.restarted("play")
            time.sleep(1.0)
            again = led_by(daemon, reaper)
            daemon.until(near)
        # It is gone while it plays: it is waited for, and then the music stops.
        gone = daemon.until(lambda status: not status["rolling"] and status["leader"] == "builtin")
        daemon.send("/hitpoint/transport/play")
        daemon.until(lambda status: status["rolling"])
    for status in (led, again):
        assert status["why"] == "midi time code was not heard yet: REAPER leads"
    assert "REAPER is silent for" in gone["why"]
