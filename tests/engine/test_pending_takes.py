"""A control that dies anywhere, and is made again: what was asked of it is done once."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from time import time
from typing import Any

import pytest

from fakes.datagrams import Network
from fakes.snapshots import a_snapshot
from hitpoint import __version__
from hitpoint.engine import host_desk, pending_takes
from hitpoint.engine.bridge_socket import HITPOINT_PORT, SCRIPT_PORT, BridgeSocket
from hitpoint.engine.conductor import Conductor
from hitpoint.engine.host_desk import HostDesk, HostPlaces
from hitpoint.engine.keeping import Keeping
from hitpoint.engine.pending_takes import OLDEST_SECONDS, Pending, PendingTakes, Place, job_name, read_pending
from hitpoint.hosts.actions import KeepTake
from hitpoint.hosts.clip_job import ClipJob
from hitpoint.hosts.pieces import Joiner, cut
from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.horizon import Horizon
from hitpoint.planner.plan import plan_bar
from hitpoint.score.request import Source
from hitpoint.score.session import Session
from hitpoint.score.whole_file import write_whole
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

BARS = 16
LONG = 150
"""Steps of a life, of a few milliseconds each: threads write and remove files meanwhile."""
MARKERS = [
    {"id": "1", "quarter": 0.0, "name": "1m01 calm, strings"},
    {"id": "2", "quarter": 4.0 * BARS, "name": "END"},
]
LIVE = Place("live", "reel 3")


class Died(BaseException):
    """kill -9."""


class Script:
    """Live's, as PROTOCOL.md has it. Its set is never lost."""

    def __init__(self, network: Network, project: str = LIVE.project) -> None:
        self.socket = network.bind(SCRIPT_PORT)
        self.project = project
        self.applied: list[dict[str, Any]] = []
        self._known: set[str] = set()
        self._runs: set[str] = set()
        self._joiner = Joiner()
        self._messages = 0

    def run(self, answers: bool = True) -> None:
        """Do what was said."""
        with suppress(BlockingIOError):
            while True:
                said = json.loads(self.socket.recvfrom(10_000)[0])
                if said["kind"] == "received" and said["message"].count("-") == 1:
                    self._greet(said["message"])
                elif said["kind"] == "piece" and (whole := self._joiner.take(said)):
                    self._do(json.loads(whole), answers)

    def _greet(self, run: str) -> None:
        if run not in self._runs:
            self._runs.add(run)
            project = a_snapshot(
                host="live", project=self.project, bridge_version=__version__, markers=MARKERS, regions=[]
            )
            self._say(project)

    def _do(self, job: dict[str, Any], answers: bool) -> None:
        if job["job"] not in self._known:
            self._known.add(job["job"])
            self.applied.append(job)
        if answers:
            self._say({"protocol": 1, "kind": "answer", "job": job["job"], "error": "", "edited": []})

    def _say(self, what: dict[str, Any]) -> None:
        self._messages += 1
        for datagram in cut(f"live-1-{self._messages}", json.dumps(what).encode()):
            self.socket.sendto(datagram, ("127.0.0.1", HITPOINT_PORT))


class Life:
    """A control from its start to its death, as far as takes go. It writes other notes than the one before."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.conductor = Conductor(Session(seed=seed), Horizon())
        self.troubles: list[str] = []
        self.desk = HostDesk(
            HostPlaces({}, folder, live=True), "live", FrameRate.named("24"), float, lambda told, _: self._follow(told),
            lambda _: None, lambda *_: None, self.troubles.append,
        )  # fmt: skip
        self.keeping = Keeping((1,), self.desk.give, self.troubles.append, self.desk.pending)

    def _follow(self, timeline: Timeline) -> None:
        for event in self.conductor.session.timeline.changes_to(timeline, 0.0):
            self.conductor.apply(event)
        for index in range(BARS):
            plan = plan_bar(self.conductor.session, index)
            assert plan is not None
            bars = [fallback_bar(plan, part, (), Source.MODEL) for part in plan.parts]
            self.conductor.pages.keep(bars)


class Studio:
    """Lives one after the other, and the script that outlives them. deaths: chance of one in each step."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, deaths: float = 0.0, seed: int = 0) -> None:
        self.folder, self.random, self.deaths = folder, Random(seed), deaths
        self.network = Network()
        self.script = Script(self.network)
        self.accepted: Counter[int] = Counter()
        self.doubtful: Counter[int] = Counter()
        """It died while it took the ask in: it was remembered or not, and nobody was told."""
        self.lives = 0
        self._dead = False
        monkeypatch.setattr(host_desk, "BridgeSocket", lambda: BridgeSocket(open_socket=self.network.bind))
        monkeypatch.setattr(pending_takes, "write_whole", self._mortal(write_whole))
        unlink = Path.unlink
        monkeypatch.setattr(Path, "unlink", self._mortal(unlink))

    def live(self, steps: int, asks: Callable[[], int | None], answers: float = 0.7) -> Life:
        """One control, until it dies or has made so many steps. asks: the bar that is wanted now."""
        self.lives, self._dead = self.lives + 1, False
        life = Life(self.folder, self.lives)
        with suppress(Died):
            asyncio.run(self._run(life, steps, asks, answers))
        self._dead = False
        life.desk._bridges.close()
        return life

    async def _run(self, life: Life, steps: int, asks: Callable[[], int | None], answers: float) -> None:
        for step in range(steps):
            self.network.run(self.network.now + 0.1)
            life.desk._bridges.listen(self.network.now)
            if life.desk.pending.here is not None and (bar := asks()) is not None:
                self.doubtful[bar] += 1
                life.keeping.ask(life.conductor.session, KeepTake(bar, bar, frozenset({"cello"})))
                self.doubtful[bar] -= 1
                self.accepted[bar] += 1
            life.keeping.step(life.conductor)
            self.script.run(self.random.random() < answers)
            await asyncio.sleep(0.001 if step % 3 else 0.004)
            if self._dead:
                raise Died

    def _mortal(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def die_or_do(*arguments: Any, **named: Any) -> Any:
            if self._dead or self.random.random() < self.deaths / 2:
                self._dead = True
                raise Died
            done = work(*arguments, **named)
            if self.random.random() < self.deaths / 2:
                self._dead = True
                raise Died
            return done

        return die_or_do


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("seed", range(6))
def test_every_take_is_done_once_though_control_dies_anywhere(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = Studio(tmp_path, monkeypatch, deaths=0.15, seed=seed)
    random, wanted = studio.random, list(range(BARS)) * 2
    while wanted:
        studio.live(random.randrange(3, 14), lambda: wanted.pop() if wanted and random.random() < 0.6 else None)
    studio.deaths = 0.0
    studio.live(400 // 4, lambda: None, answers=1.0)
    done = Counter(int(job["clips"][0]["quarter"]) // 4 for job in studio.script.applied)
    assert studio.lives > 5
    for bar in range(BARS):
        assert studio.accepted[bar] <= done[bar] <= studio.accepted[bar] + studio.doubtful[bar], bar
    assert read_pending(tmp_path / "pending") == []


def test_a_take_that_waits_for_bars_is_kept_by_the_control_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = Studio(tmp_path, monkeypatch)
    first = PendingTakes(tmp_path / "pending")
    first.here = LIVE
    first.ask(KeepTake(3, 3, frozenset({"cello"})))
    studio.live(LONG, lambda: None)
    (job,) = studio.script.applied
    assert job["clips"][0]["quarter"] == 12.0
    studio.live(LONG, lambda: None, answers=1.0)
    assert len(studio.script.applied) == 1
    assert list((tmp_path / "pending").iterdir()) == []


def test_a_job_that_live_never_answered_is_given_again_and_done_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, bars = Studio(tmp_path, monkeypatch), [5]
    studio.live(LONG, lambda: bars.pop() if bars else None, answers=0.0)
    (left,) = read_pending(tmp_path / "pending")
    assert isinstance(left.what, ClipJob)
    assert len(studio.script.applied) == 1
    studio.live(LONG, lambda: None, answers=1.0)
    assert len(studio.script.applied) == 1
    assert read_pending(tmp_path / "pending") == []


def test_a_take_waits_until_its_own_project_is_open_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = Studio(tmp_path, monkeypatch)
    first = PendingTakes(tmp_path / "pending")
    first.here = LIVE
    for job in ("asked", "given"):
        name = first.ask(KeepTake(3, 3, frozenset({"cello"})))
        if job == "given":
            first.ready(ClipJob(job_name("7a", name), "7a", "", ()))
    studio.script.project = "reel 4"
    studio.live(LONG, lambda: None, answers=1.0)
    assert studio.script.applied == []
    assert len(read_pending(tmp_path / "pending")) == 2
    studio.script.project = LIVE.project
    studio.live(LONG, lambda: None, answers=1.0)
    assert len(studio.script.applied) == 2


def test_what_was_asked_is_read_back_as_it_was_and_in_its_order(tmp_path: Path) -> None:
    takes, place = PendingTakes(tmp_path), Place("reaper", "größe 静か")
    takes.here = place
    asked = [KeepTake(number, 9, frozenset({"viola", "größe"} if number % 2 else ())) for number in range(20)]
    names = [takes.ask(take) for take in asked]
    assert names == sorted(set(names))
    assert PendingTakes(tmp_path).left == [Pending(*one) for one in zip(names, [place] * 20, asked, strict=True)]


def test_the_same_take_asked_for_by_another_run_is_another_job(tmp_path: Path) -> None:
    names = set()
    for _ in range(3):
        takes = PendingTakes(tmp_path)
        takes.here = LIVE
        names.add(takes.ask(KeepTake(0, 3, frozenset())))
    assert len(names) == 3


def test_what_makes_no_sense_or_is_too_old_is_left_out(tmp_path: Path) -> None:
    takes = PendingTakes(tmp_path)
    takes.here = LIVE
    old, new = (takes.ask(KeepTake(0, 0, frozenset())) for _ in range(2))
    os.utime(tmp_path / f"{old}.json", (time() - OLDEST_SECONDS - 60.0,) * 2)
    for number, content in enumerate((b"", b"[]", b"{}", b'{"hitpoint_take": 2}', b"\xff", b'{"hitpoint_take": 1}')):
        (tmp_path / f"{number}.json").write_bytes(content)
    (tmp_path / ".x.json.123.unfinished").write_bytes(b"{")
    assert [one.name for one in PendingTakes(tmp_path).left] == [new]
    assert not (tmp_path / f"{old}.json").exists()
    assert not (tmp_path / ".x.json.123.unfinished").exists()


@pytest.mark.parametrize("job", ["7a-1", "../../7a", "7a-" + "." * 20, "7a", ""])
def test_a_job_of_nobody_here_leads_to_no_file(job: str, tmp_path: Path) -> None:
    takes = PendingTakes(tmp_path / "pending")
    takes.here = LIVE
    kept = takes.ask(KeepTake(0, 0, frozenset()))
    takes.done(pending_takes.name_of(job))
    assert [one.name for one in PendingTakes(tmp_path / "pending").left] == [kept]
