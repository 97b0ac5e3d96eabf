"""REAPER's real scripts, under real Lua in a made-up REAPER, and a real daemon, in real time, through a real folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import monotonic, sleep

import pytest

from end_to_end.daemon_process import RunningDaemon, running_daemon
from fakes.patience import PATIENCE_SECONDS, until
from fakes.reaper_app import DEFER_HZ, SCRIPTS, ReaperApp
from fakes.reaper_project import Place

pytestmark = pytest.mark.realtime

MARKERS = (Place(1, "{1}", 0.0, "1m01 calm, strings, D minor"), Place(2, "{2}", 16.0, "END"))


class Reaper:
    """An app that runs by itself, 30 times a second; what a person does in it is done between two ticks."""

    def __init__(self, app: ReaperApp) -> None:
        self._app, self._orders, self._ended = app, list[tuple[Callable[[ReaperApp], None], Event]](), Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def do(self, order: Callable[[ReaperApp], None]) -> None:
        done = Event()
        self._orders.append((order, done))
        assert done.wait(PATIENCE_SECONDS)

    def end(self) -> None:
        self._ended.set()
        self._thread.join()
        self._app.check()

    def _run(self) -> None:
        behind = monotonic() - self._app.now
        while not self._ended.is_set():
            sleep(1 / DEFER_HZ)
            while self._orders:
                order, done = self._orders.pop(0)
                order(self._app)
                done.set()
            self._app.now = monotonic() - behind
            self._app.tick()


@contextmanager
def reaper_and_daemon(folder: Path, *arguments: str) -> Iterator[tuple[Reaper, RunningDaemon]]:
    settings, resource = folder / "settings.yaml", folder / "REAPER"
    resource.mkdir()
    settings.write_text(f"bridges: {{reaper: {resource}, ardour: 'off', live: false}}\n")
    app = ReaperApp(resource)
    for marker in MARKERS:
        app.project.put(marker)
    app.run(SCRIPTS / "hitpoint_bridge.lua")
    reaper = Reaper(app)
    try:
        with running_daemon(folder, "--config", str(settings), "--output", "null", *arguments) as daemon:
            until(lambda: len(daemon.ask("/hitpoint/markers")) == 8)
            yield reaper, daemon
    finally:
        reaper.end()


def test_a_marker_edit_is_in_the_plan_within_half_a_second(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with reaper_and_daemon(tmp_path) as (reaper, daemon):
        seconds = []
        for number in range(12):
            name = f"HIT {number}"
            reaper.do(
                lambda app, number=number, name=name: app.project.put(
                    Place(9 + number, f"{{{number}}}", 2.0 + number, name)
                )
            )
            began = monotonic()
            until(lambda name=name: name in daemon.ask("/hitpoint/markers"))
            seconds.append(monotonic() - began)
        status = daemon.status()
    record_property("slowest_seconds", max(seconds))
    print(f"marker edit to plan: median {median(seconds):.3f} s, slowest {max(seconds):.3f} s")
    # The machine may be held up at some of them.
    assert median(seconds) <= 0.5
    assert status["hosts"][0]["leads"]
    assert status["troubles"] == []


def test_a_take_is_written_by_the_model_and_kept_on_tracks_with_one_undo_step(tmp_path: Path) -> None:
    with reaper_and_daemon(tmp_path) as (reaper, daemon):
        app = reaper._app
        before = [track.name for track in app.project.tracks]
        reaper.do(lambda app: app.run(SCRIPTS / "hitpoint_keep.lua"))
        until(lambda: app.project.steps[app.project.step][0].startswith("Hitpoint: keep take"))
        daemon.until(lambda status: status["hosts"][0]["jobs"] == 0)
        names: list[str] = []
        # Between two of its cycles: in the midst of one a take is half there.
        reaper.do(lambda app: names.extend(track.name for track in app.project.tracks))
        notes = sum(len(item.held.notes) for item in app.project.items)
        reaper.do(lambda app: app.project.undo())
        left = [track.name for track in app.project.tracks]
    assert {"violin 1", "cello"} <= set(names)
    assert notes > 20
    assert left == before, "one undo takes it all away"
