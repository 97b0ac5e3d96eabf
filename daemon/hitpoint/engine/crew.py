"""The processes that make up the daemon: started, linked with each other, watched, and started again when they die.

One of them, control, talks with all others; each pair has a pipe of its own. Control may also run in the process that
holds the crew (the demo's does): then it is given its post, and only the others are started and watched.
"""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

from hitpoint.engine.crew_pipes import End, Ending, Keep, Life, Pipe, Post, Roster, Up, hand_over, member_main
from hitpoint.engine.lives import Lives

CONTROL = "control"
"""The name of the one that talks with all."""
START_SECONDS = 60.0
"""Who is not ready by then hangs, and is ended. A slow disk, or much other work, takes a good part of it."""
END_SECONDS = 8.0
"""Who has not ended by then, when asked, is ended by force: control may take so long to write its files."""
KILL_SECONDS = 2.0

# A forked child would inherit sockets and threads; a spawned one starts clean on every system.
_CONTEXT = get_context("spawn")
_log = logging.getLogger("hitpoint")


@dataclass(frozen=True, slots=True)
class Duty:
    """What one process does."""

    name: str
    target: str
    """ "module:function", called with the Post and the arguments."""
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """A member has ended, told to who holds the crew."""

    status: int | None
    """Its exit status; negative for a signal."""
    restarts: bool
    """True when it will be started again."""


class _Member:
    """One process in all of its lives."""

    def __init__(self, duty: Duty) -> None:
        self.duty = duty
        self.process: BaseProcess | None = None
        self.down: Pipe | None = None
        self.up: Pipe | None = None
        self.kept: bytes | None = None
        self.lives = Lives()
        self.born = 0.0
        self.ready_at: float | None = None
        self.died_at: float | None = None
        self.restart_at: float | None = None
        self.restart_seconds: float | None = None
        self.was_ready = False

    @property
    def pid(self) -> int:
        return self.process.pid or 0 if self.process is not None else 0

    def life(self) -> Life:
        return Life(self.pid, self.lives.deaths, self.restart_seconds)


class Crew:
    """`heard` is told what a member says to the supervisor (but Keep), and Gone when it has ended.

    duties: control's among them, unless it runs in this process and takes `post`. One thread calls `turn`.
    """

    def __init__(self, duties: Sequence[Duty], heard: Callable[[str, object], None]) -> None:
        self._heard = heard
        self._members = {duty.name: _Member(duty) for duty in duties}
        self._ending = False
        self.post: Post | None = None
        """Control's, when it runs in this process."""
        self._local_down: Pipe | None = None
        if CONTROL not in self._members:
            self._local_down, down = _CONTEXT.Pipe()
            # What a control in this very process would say to a supervisor, nobody needs to hear.
            up, self._unheard = _CONTEXT.Pipe()
            self.post = Post(down, up)

    def lives(self) -> dict[str, Life]:
        """How each lives, by name."""
        return {name: member.life() for name, member in self._members.items()}

    def start(self) -> None:
        """Start all. Control, which has most to load, comes first."""
        for name in sorted(self._members, key=lambda name: name != CONTROL):
            self._start(self._members[name])

    def turn(self, seconds: float, woken: Sequence[Any] = ()) -> None:
        """Wait up to that long for something to happen, and do what is to be done about it.

        woken: what else ends the waiting, when it can be read from.
        """
        waiting: list[Any] = [*woken]
        waiting += [member.up for member in self._members.values() if member.up is not None]
        waiting += [member.process.sentinel for member in self._members.values() if member.process is not None]
        if self._local_down is not None:
            waiting.append(self._unheard)
        wait(waiting, min(seconds, self._next_start()))
        if self._local_down is not None and any(isinstance(message, Ending) for message in _said(self._unheard)):
            self._ending = True
        for member in self._members.values():
            self._hear(member)
            if member.process is not None and not member.process.is_alive():
                self._mourn(member)
        for member in self._members.values():
            self._look_after(member)

    def stop(self, name: str) -> None:
        """Ask one to end, wait for it, and end it by force if it will not. From now on nobody is started again."""
        self._ending = True
        member = self._members[name]
        if member.process is None:
            return
        _send(member.down, End())
        deadline = monotonic() + END_SECONDS
        while member.process is not None and monotonic() < deadline:
            self.turn(deadline - monotonic())
        self._force(member)

    def kill(self) -> None:
        """End all by force, without waiting; `turn` finds them gone. Safe in a signal handler."""
        self._ending = True
        for member in self._members.values():
            if member.process is not None:
                member.process.kill()

    def _start(self, member: _Member) -> None:
        name = member.duty.name
        theirs: dict[str, Pipe] = {}
        for peer in self._peers(name):
            down, process_id = self._address(peer)
            # One that is dead will be given its pipe, and so will this one, when it is started.
            if down is not None:
                theirs[peer], other = _CONTEXT.Pipe()
                hand_over(down, name, other, process_id)
        member.down, down = _CONTEXT.Pipe()
        up, member.up = _CONTEXT.Pipe()
        post = Post(down, up, theirs, member.lives.deaths, member.kept)
        member.process = _CONTEXT.Process(
            target=member_main, args=(member.duty.target, post, member.duty.arguments), name=name, daemon=True
        )
        member.born, member.ready_at, member.restart_at = monotonic(), None, None
        member.process.start()
        # With their ends closed here, a death reads as the end of a pipe.
        for pipe in (down, up, *theirs.values()):
            pipe.close()
        self._call_the_roll()

    def _peers(self, name: str) -> list[str]:
        return [peer for peer in self._members if peer != CONTROL] if name == CONTROL else [CONTROL]

    def _address(self, name: str) -> tuple[Pipe | None, int]:
        """Where to hand pipes to a member, None while it is dead, and its process."""
        if name == CONTROL and self._local_down is not None:
            return self._local_down, os.getpid()
        return self._members[name].down, self._members[name].pid

    def _hear(self, member: _Member) -> None:
        for message in _said(member.up):
            match message:
                case Keep(content):
                    member.kept = content
                case Ending():
                    self._ending = True
                case Up():
                    self._take_in(member)
                    self._heard(member.duty.name, message)
                case _:
                    self._heard(member.duty.name, message)

    def _take_in(self, member: _Member) -> None:
        member.ready_at = monotonic()
        member.was_ready = True
        if member.died_at is not None:
            member.restart_seconds = round(member.ready_at - member.died_at, 3)
            member.died_at = None
            _log.info("%s is ready again after %g s", member.duty.name, member.restart_seconds)
        self._call_the_roll()

    def _mourn(self, member: _Member) -> None:
        assert member.process is not None
        # Its last words came before its end.
        self._hear(member)
        status = member.process.exitcode
        member.process.close()
        for pipe in (member.down, member.up):
            if pipe is not None:
                pipe.close()
        member.process = member.down = member.up = None
        now = monotonic()
        restarts = member.was_ready and not self._ending
        member.restart_seconds = None
        if restarts:
            member.lives = member.lives.died(0.0 if member.ready_at is None else now - member.ready_at)
            member.restart_at = now + member.lives.wait_seconds
            # One that dies again before it was ready has been away since the first of these deaths.
            member.died_at = member.died_at or now
        member.ready_at = None
        self._call_the_roll()
        self._heard(member.duty.name, Gone(status, restarts))

    def _look_after(self, member: _Member) -> None:
        now = monotonic()
        if self._ending:
            return
        if member.restart_at is not None and now >= member.restart_at:
            self._start(member)
        elif member.process is not None and member.ready_at is None and now > member.born + START_SECONDS:
            _log.warning("%s is not ready after %g s and is ended", member.duty.name, START_SECONDS)
            # Said and done once: its end takes its time.
            member.born = inf
            member.process.kill()

    def _next_start(self) -> float:
        starts = [member.restart_at for member in self._members.values() if member.restart_at is not None]
        if self._ending:
            starts = []
        return max(0.0, min(starts, default=inf) - monotonic())

    def _call_the_roll(self) -> None:
        down, _ = self._address(CONTROL)
        _send(down, Roster(self.lives()))

    def _force(self, member: _Member) -> None:
        for end in ("terminate", "kill"):
            if member.process is None:
                return
            getattr(member.process, end)()
            member.process.join(KILL_SECONDS)
            if not member.process.is_alive():
                self._mourn(member)


def _said(pipe: Pipe | None) -> list[object]:
    """What has come through a pipe, without waiting."""
    messages: list[object] = []
    try:
        while pipe is not None and not pipe.closed and pipe.poll(0):
            messages.append(pipe.recv())
    except (EOFError, OSError):
        pass
    return messages


def _send(pipe: Pipe | None, message: object) -> None:
    if pipe is not None:
        try:
            pipe.send(message)
        except OSError:
            return
