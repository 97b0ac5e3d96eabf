"""Whether a day's work with each host leaves all as it was: hours on a virtual clock, as fast as they go.

Somebody rolls, stops, locates, loops and edits; the host says so in its own way, and a player follows. Its place is to
be the host's to the last, nothing may sound on or be struck twice, and memory is to be flat.
"""

import gc
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import ceil, inf
from multiprocessing import get_context
from random import Random
from statistics import median
from time import monotonic
from typing import Any

from hitpoint.engine.bench_clock import spread
from hitpoint.engine.bench_daemon import resident_mb
from hitpoint.engine.player import Player
from hitpoint.engine.virtual_bridges import AbletonOscTalk, LiveTalk, ReaperTalk, SnapshotTalk
from hitpoint.engine.virtual_daemon import VirtualDaemon
from hitpoint.engine.virtual_host import VirtualHost
from hitpoint.engine.virtual_talk import (
    RATE,
    START_LABEL,
    Act,
    ClockTalk,
    JackTalk,
    MapFileTalk,
    Talk,
    TimecodeTalk,
    project_of,
)
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.score.midi_message import PortMessage, is_note_off, is_note_on
from hitpoint.score.session import Session
from hitpoint.timeline.units import TICKS_PER_QUARTER

FRAMES, SAMPLE_RATE = 1024, 48_000
"""Of a cycle of JACK's. The largest that people work with: each costs as much as the next."""
BEGINS_SECONDS = 400_000.0
"""What the clock reads at first: a machine that has been on for days."""
DRIFT = 50e-6
"""So much faster the host's clock is than ours. Our choice: a cheap sound card beside a cheap mainboard."""
SAMPLE_SECONDS, HOUR_SECONDS = 1.0, 3600.0
SETTLED_SECONDS = 6.0
"""Its place is judged so long after it was put elsewhere; the follow bench tells how soon it is found."""
QUIET_SECONDS = 1.0
"""So long after a host has stopped nothing sounds."""


@dataclass
class Judge:
    """Holds what was sent, and where the music is, against the host."""

    notes: int = 0
    doubled: int = 0
    hung: int = 0
    """Keys that still sounded when the host had stood for long, and at the end."""
    ran_back: int = 0
    """Messages before one that had been sent."""
    medians: list[float] = field(default_factory=list)
    """Of the errors of each hour: milliseconds that the music is ahead of the host."""
    worst: list[float] = field(default_factory=list)
    """Of each hour, its 99th of 100 without sign."""
    _errors: list[float] = field(default_factory=list)
    _sounding: set[tuple[int, int, int]] = field(default_factory=set)
    _last_at: float = -inf

    def heard(self, messages: Sequence[PortMessage]) -> None:
        """These have been sent."""
        for message in messages:
            self.ran_back += message.at < self._last_at
            self._last_at = message.at
            key = message.port, message.data[0] & 15, message.data[1]
            if is_note_on(message.data):
                self.notes += 1
                self.doubled += key in self._sounding
                self._sounding.add(key)
            elif is_note_off(message.data):
                self._sounding.discard(key)

    def look(self, host: VirtualHost, tick: float) -> None:
        """Look at both where they are, once a second or so."""
        since = host.now - host.jumped_at
        if not host.rolling:
            if since > QUIET_SECONDS:
                self.hung += len(self._sounding)
                self._sounding.clear()
        elif since > SETTLED_SECONDS:
            self._errors.append(1000.0 * (host.seconds_of(tick / TICKS_PER_QUARTER) - host.seconds))

    def end_hour(self) -> None:
        """An hour is over."""
        if self._errors:
            self.medians.append(median(self._errors))
            self.worst.append(spread(abs(error) for error in self._errors)["p99"] or 0.0)
        self._errors.clear()


@dataclass(frozen=True, slots=True)
class Led:
    """One host, and who follows it."""

    lead: Callable[[Player], None]
    talks: Callable[[VirtualDaemon, VirtualHost, Random], tuple[Talk, ...]]
    by_quarter: bool = False
    """It stays at its quarter when its tempo changes."""
    jack: bool = False
    """Its clock is the port's, and the daemon's is another."""
    has_loop: bool = False
    """It tells its loop."""


def _live(daemon: VirtualDaemon, host: VirtualHost, random: Random) -> tuple[Talk, ...]:
    socket = SnapshotTalk(daemon, host, random, "live", "live")
    return socket, LiveTalk(host, random, socket)


HOSTS = {
    "MIDI time code": Led(
        lambda player: player.follow_positions(TimecodeStart(START_LABEL, RATE)),
        lambda daemon, host, random: (TimecodeTalk(daemon, host, random), MapFileTalk(daemon, host)),
    ),
    "MIDI clock": Led(
        lambda player: player.follow_clock(),
        lambda daemon, host, random: (ClockTalk(daemon, host, random),),
        by_quarter=True,
    ),
    "JACK transport": Led(
        lambda _: None,
        lambda daemon, host, _: (JackTalk(daemon, host, SAMPLE_RATE), MapFileTalk(daemon, host)),
        jack=True,
    ),
    "REAPER, OSC alone": Led(
        lambda player: player.follow_positions(),
        lambda daemon, host, random: (ReaperTalk(daemon, host, random, scripted=False),),
        has_loop=True,
    ),
    "REAPER with snapshot": Led(
        lambda player: player.follow_positions(),
        lambda daemon, host, random: (
            SnapshotTalk(daemon, host, random, "reaper", "reaper"),
            ReaperTalk(daemon, host, random, scripted=True),
        ),
        has_loop=True,
    ),
    "Live, script": Led(lambda player: player.follow_positions(), _live, by_quarter=True, has_loop=True),
    "AbletonOSC": Led(
        lambda player: player.follow_positions(),
        lambda daemon, host, random: (AbletonOscTalk(daemon, host, random),),
        by_quarter=True,
        has_loop=True,
    ),
    "Ardour": Led(
        lambda _: None,
        lambda daemon, host, random: (
            SnapshotTalk(daemon, host, random, "ardour", "jack"),
            JackTalk(daemon, host, SAMPLE_RATE),
        ),
        jack=True,
        has_loop=True,
    ),
}


def measure_hosts(hours: float) -> dict[str, Any]:
    """A day with each host, one after the other, each in a process of its own. Blocks: for minutes per hour and host.

    place: milliseconds that the music was ahead of the host, by hours: medians, and the 99th of 100 without sign;
    their drift from the first hour to the last, and an hour of that. Then what may not be (hung, doubled, ran back,
    troubles), memory by hours with the last hour's against the second's, and how fast it went.
    """
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        return {name: pool.submit(measure_host, name, hours).result() for name in HOSTS}


def measure_host(name: str, hours: float, seed: str = "a day") -> dict[str, Any]:
    """The same for one of HOSTS, in this process."""
    began, led = monotonic(), HOSTS[name]
    day = _Day(led, f"{seed} {name}")
    memory: list[dict[str, float]] = []
    try:
        for hour in range(max(1, ceil(hours))):
            day.play_until(BEGINS_SECONDS + min(hours, hour + 1.0) * HOUR_SECONDS)
            day.judge.end_hour()
            memory.append(_memory())
        day.end()
    finally:
        day.daemon.close()
    judge, host = day.judge, day.host
    played, took = day.daemon.conductor.played, monotonic() - began
    second = memory[min(1, len(memory) - 1)]
    drift = judge.medians[-1] - judge.medians[0] if judge.medians else inf
    return {
        "hours": hours,
        "deeds": {deed.value: count for deed, count in host.deeds.items()},
        "place_median_ms": [round(one, 3) for one in judge.medians],
        "place_p99_ms": judge.worst,
        "drift_ms": round(drift, 3),
        "drift_ms_an_hour": round(drift / max(1, len(judge.medians) - 1), 4),
        "notes": judge.notes,
        "hung": judge.hung,
        "doubled": judge.doubled,
        "ran_back": judge.ran_back,
        "bars": played.bars,
        "late_bars": played.late,
        "resident_mb": [one["resident_mb"] for one in memory],
        "objects": [one["objects"] for one in memory],
        "resident_last_to_second": round(memory[-1]["resident_mb"] / second["resident_mb"], 4),
        "objects_last_to_second": round(memory[-1]["objects"] / second["objects"], 4),
        "troubles": day.daemon.troubles,
        "seconds_a_second": round(hours * HOUR_SECONDS / took),
    }


def _memory() -> dict[str, float]:
    gc.collect()
    return {"resident_mb": resident_mb(os.getpid()), "objects": len(gc.get_objects())}


class _Day:
    """A host, a person and a daemon, cycle by cycle."""

    def __init__(self, led: Led, seed: str) -> None:
        self._now = BEGINS_SECONDS
        self._cycles = count(1)
        speed, grain = (1.0, 1.0 / SAMPLE_RATE) if led.jack else (1.0 + DRIFT, 0.0)
        self.host = VirtualHost(self._now, speed, led.by_quarter, seed, grain)
        skew = DRIFT if led.jack else 0.0
        session = Session(project_of(self.host)[0])
        self.daemon = VirtualDaemon(
            session, self._now, led.lead, lambda at: at - skew * (at - BEGINS_SECONDS), led.has_loop
        )
        self.judge = Judge()
        self._talks = led.talks(self.daemon, self.host, Random(seed))
        self._coming: list[tuple[float, int, Act]] = []
        self._numbers = count()
        self._sample_at = self._now

    def play_until(self, second: float) -> None:
        """Let time pass."""
        while self._now < second:
            self._cycle(working=True)

    def end(self) -> None:
        """The person stops the host, and everything falls silent."""
        self._pass(self.host.end())
        until = self._now + 3.0 * QUIET_SECONDS
        while self._now < until:
            self._cycle(working=False)

    def _cycle(self, working: bool) -> None:
        self._pass(self.host.work() if working else None)

    def _pass(self, deed: Any) -> None:
        until = BEGINS_SECONDS + next(self._cycles) * FRAMES / SAMPLE_RATE
        stretches = self.host.go_on(until)
        for talk in self._talks:
            for at, act in talk.said(stretches, deed):
                heappush(self._coming, (at, next(self._numbers), act))
        while self._coming and self._coming[0][0] < until:
            at, _, act = heappop(self._coming)
            self._play(max(at, self._now))
            act(self._now)
        self._play(until)
        self.daemon.control()
        if until >= self._sample_at:
            self._sample_at += SAMPLE_SECONDS
            self.judge.look(self.host, self.daemon.tick)

    def _play(self, until: float) -> None:
        self.judge.heard(self.daemon.play(until))
        self._now = until
