"""Real processes that do nothing but live and die."""

import os
import signal
from collections.abc import Callable
from multiprocessing.context import SpawnProcess
from threading import Timer
from time import monotonic

import pytest

from fakes.patience import PATIENCE_SECONDS, until
from hitpoint.engine.crew import CONTROL, Crew, Duty, Gone
from hitpoint.engine.crew_pipes import Failed, Linked, Logged, Pipe, Roster, Up, taken_over

pytestmark = [pytest.mark.realtime]

MAIN = "fakes.crew_member:main"


class Watched:
    """A crew of play and compose with control in this process, and what was heard of them."""

    def __init__(self, *duties: Duty) -> None:
        self.heard: list[tuple[str, object]] = []
        self.crew = Crew(duties, lambda name, message: self.heard.append((name, message)))
        self.links: dict[str, Pipe] = {}
        self.roster = Roster()

    def until(self, done: Callable[[], object]) -> None:
        until(done, self.look)

    def look(self) -> None:
        """Be the supervisor for a moment, and control."""
        self.crew.turn(0.05)
        self.listen()

    def listen(self) -> None:
        """Be control: take what the supervisor says."""
        post = self.crew.post
        while post is not None and post.down.poll(0):
            message = post.down.recv()
            if isinstance(message, Linked):
                self.links[message.peer] = taken_over(post.down)
            elif isinstance(message, Roster):
                self.roster = message

    def said(self, kind: type, name: str) -> list[object]:
        return [message for who, message in self.heard if who == name and isinstance(message, kind)]

    @property
    def all_are_up(self) -> bool:
        return all(self.said(Up, name) for name in self.crew.lives())

    def end(self) -> None:
        for name in list(self.crew.lives()):
            self.crew.stop(name)


@pytest.fixture
def watched():
    watched = Watched(Duty("play", MAIN), Duty("compose", MAIN))
    watched.crew.start()
    watched.until(lambda: watched.all_are_up and len(watched.links) == 2)
    yield watched
    watched.end()


def asked(link: Pipe, word: str) -> object:
    link.send(word)
    assert link.poll(PATIENCE_SECONDS)
    return link.recv()


def test_members_are_linked_with_control(watched):
    assert asked(watched.links["play"], "hello") == "heard hello"
    assert asked(watched.links["compose"], "hello") == "heard hello"


def test_one_that_died_is_started_again_with_a_new_link_and_what_it_kept(watched):
    first, pid = watched.links["play"], watched.crew.lives()["play"].pid
    os.kill(pid, signal.SIGKILL)
    watched.until(lambda: len(watched.said(Up, "play")) == 2 and watched.links["play"] is not first)
    assert asked(watched.links["play"], "again") == "heard again"
    assert Gone(-signal.SIGKILL, True) in watched.said(Gone, "play")
    assert "kept b'life 0'" in [line.shown for line in watched.said(Logged, "play") if isinstance(line, Logged)]
    life = watched.roster.lives["play"]
    assert life.restarts == 1
    assert life.pid not in (0, pid)
    assert 0 < (life.restart_seconds or 0) < PATIENCE_SECONDS
    assert watched.crew.lives()["compose"].restarts == 0
    assert asked(watched.links["compose"], "still there") == "heard still there"


def test_a_crash_loop_of_one_leaves_the_other_alone(watched):
    for times in range(1, 4):
        watched.links["compose"].send("die")
        watched.until(lambda times=times: len(watched.said(Up, "compose")) == times + 1)
    assert watched.crew.lives()["play"].restarts == 0
    assert asked(watched.links["play"], "calm") == "heard calm"


def test_one_that_does_not_end_when_asked_is_ended(watched, monkeypatch):
    monkeypatch.setattr("hitpoint.engine.crew.END_SECONDS", 0.5)
    watched.links["play"].send("hang")
    pid = watched.crew.lives()["play"].pid
    began = monotonic()
    watched.end()
    assert monotonic() - began < PATIENCE_SECONDS
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_nobody_is_started_again_once_control_has_said_that_all_end():
    watched = Watched(Duty(CONTROL, MAIN, ("ends all",)), Duty("play", MAIN))
    watched.crew.start()
    # It says so after it has said that it is up: the one may be heard without the other.
    watched.until(lambda: watched.all_are_up and watched.crew._ending)
    os.kill(watched.crew.lives()["play"].pid, signal.SIGKILL)
    watched.until(lambda: watched.said(Gone, "play"))
    assert watched.said(Gone, "play") == [Gone(-signal.SIGKILL, False)]
    watched.end()


def test_a_fault_is_logged_with_its_place_and_without_its_words():
    watched = Watched(Duty("play", MAIN, ("breaks",)))
    watched.crew.start()
    watched.until(lambda: watched.said(Gone, "play"))
    fault = watched.said(Logged, "play")[1]
    assert isinstance(fault, Logged)
    assert "a secret" in fault.shown
    assert "crew_member.py" in fault.filed
    assert "ValueError" in fault.filed
    watched.end()


@pytest.mark.parametrize(("behaviour", "status"), [("fails", 0), ("dies", 3)])
def test_one_that_was_never_ready_is_told_and_not_started_again(behaviour, status):
    watched = Watched(Duty("play", MAIN, (behaviour,)))
    watched.crew.start()
    watched.until(lambda: watched.said(Gone, "play"))
    assert watched.said(Gone, "play") == [Gone(status, False)]
    assert watched.said(Failed, "play") == ([Failed("there is no such thing")] if behaviour == "fails" else [])
    watched.end()


def test_one_that_never_gets_ready_is_ended_and_that_is_said_once(monkeypatch, caplog):
    monkeypatch.setattr("hitpoint.engine.crew.START_SECONDS", 0.5)
    kill = SpawnProcess.kill
    # On a machine that is busy a death takes its time.
    monkeypatch.setattr(SpawnProcess, "kill", lambda process: Timer(0.3, kill, (process,)).start())
    watched = Watched(Duty("play", MAIN, ("hangs",)))
    watched.crew.start()
    with caplog.at_level("WARNING", "hitpoint"):
        while not watched.said(Gone, "play"):
            watched.crew.turn(0.0)
    assert [record.getMessage() for record in caplog.records] == ["play is not ready after 0.5 s and is ended"]
    watched.end()
