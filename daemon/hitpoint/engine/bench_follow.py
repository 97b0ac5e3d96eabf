"""How well a host that says where it is in seconds is followed, on reports made here: beside jumping to each of them.

    python -m hitpoint.engine.bench_follow

Virtual time, many seeds. Errors are milliseconds between where the host is and where the scheduler is: what notes are
off by, but for the driver.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil, inf, isfinite
from random import Random
from struct import pack, unpack
from typing import Any

from hitpoint.engine.bench_clock import Errors, settled_after, spread
from hitpoint.engine.midi_ear import MidiEar
from hitpoint.engine.osc_hosts import OSC_SECONDS
from hitpoint.engine.position_leader import PositionLeader
from hitpoint.hosts.ableton_osc import PLACE_SECONDS
from hitpoint.hosts.midi_timecode import LABELS, QuarterFrame, TimecodeStart
from hitpoint.scheduler.performance import HostAt, TempoChange
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.score.midi_message import HeardMessage
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import FrameRate

SEEDS = 8
LOOK_SECONDS = 0.004
PLAY_SECONDS = 20.0
SETTLED_SECONDS = 4.0
"""From here on errors count as settled ones."""
CHANGE_SECONDS = 10.0
"""From here on, within SPAN_SECONDS, it locates, falls silent, or the tempo map is edited; and so far from its
timeline's start it begins: labels and beats stand anyhow to that."""
SPAN_SECONDS = 0.5
LOCATE_BY_SECONDS = (60.0, -6.0)
SILENCE_SECONDS = 2.0
BPM, EDITED_BPM = 97.5, 104.0
START_LABEL = "01:00:00:00"
_INPUT = "bench"


@dataclass(frozen=True, slots=True)
class Source:
    """What tells where the host is."""

    band_ms: float
    """It has settled when it stays within this."""
    rate: str = ""
    """Of its time code; empty for reports."""
    every: float = 0.0
    """Seconds between reports,"""
    delays: tuple[tuple[float, float], ...] = ()
    """whose delays are sums of even ones between these, in seconds."""
    least: float = 0.0
    """The least of them, where control knows it and takes it off."""
    bpm: float = BPM
    """Of the host."""
    quarters: bool = False
    """Places are carried as quarters, not as seconds; floats of 32 bits, either way."""
    asked: float = 0.0
    """Seconds between questions: the look after one answers it. 0 tells at every look."""


SOURCES = {
    **{f"time code {name}, jitter 1 ms": Source(1.0, name) for name in ("24", "25", "29.97df", "30")},
    # Source: HOSTS 1.4, 2.5 and 2.3.
    "REAPER, OSC alone": Source(15.0, every=1 / 15, delays=((0.0, 0.033), (0.006, 0.022)), least=0.006),
    # What a script in Live sees is as old as an audio buffer, at most 20 ms.
    "Live, script": Source(5.0, every=0.1, delays=((0.0, 0.02),)),
    **{
        f"AbletonOSC, {bpm:g} bpm": Source(
            5.0, every=0.1, delays=((0.0, 0.02), (0.0, 0.002)), bpm=bpm, quarters=True, asked=PLACE_SECONDS
        )
        for bpm in (97.5, 120.0)
    },
}
JITTER_SECONDS = 0.001


@dataclass(frozen=True, slots=True)
class Script:
    """What the host does from second 0 of the clock on: it rolls."""

    begins: float = 0.0
    """From that second of its timeline on."""
    changes: float = CHANGE_SECONDS
    """When it does what follows here."""
    moved: float = 0.0
    """Seconds by which it goes elsewhere."""
    silent: float = 0.0
    """For so many seconds from then on nothing is heard of it."""
    edited: bool = False
    """Then its tempo map is another one."""

    def seconds_at(self, at: float) -> float:
        """Where it is."""
        return at + self.begins + (self.moved if at >= self.changes else 0.0)

    def changed(self) -> float:
        """The second from which on all is as it was, but for what it did."""
        return self.changes + self.silent

    def varied(self, random: Random) -> "Script":
        """The same, at other moments."""
        changes = CHANGE_SECONDS + random.uniform(0.0, SPAN_SECONDS)
        return replace(self, begins=random.uniform(0.0, SPAN_SECONDS), changes=changes)

    def heard(self, at: float) -> bool:
        """False while nothing is heard."""
        return not self.changes <= at < self.changed()


Said = tuple[float, HostAt | HeardMessage]
"""When it comes, and what it is."""


def said_by(source: Source, script: Script, random: Random) -> list[Said]:
    """All that is heard, in order of coming."""
    said = _timecode(source, script, random) if source.rate else _reports(source, script, random)
    return sorted(((at, message) for at, message in said if script.heard(at)), key=lambda one: one[0])


def _timecode(source: Source, script: Script, random: Random) -> Iterator[Said]:
    rate = FrameRate.named(source.rate)
    quarter = 0.25 / float(rate.frames_per_second)
    start = 4 * frame_at(START_LABEL, rate)
    for begins, ends in ((0.0, script.changes), (script.changes, PLAY_SECONDS)):
        off = script.seconds_at(begins) - begins
        for number in range(ceil((begins + off) / quarter), ceil((ends + off) / quarter)):
            at = max(0.0, number * quarter - off + random.gauss(0.0, JITTER_SECONDS))
            yield at, HeardMessage(at, _INPUT, _piece(start + number, rate))


def _piece(quarters: int, rate: FrameRate) -> bytes:
    """A quarter frame of time code, whose labels begin on even frames."""
    label, piece = divmod(quarters, 8)
    hours, minutes, seconds, frames = map(int, label_at(2 * label, rate).replace(";", ":").split(":"))
    code = next(labels.code for labels in LABELS if labels.frame_rate(rate).name == rate.name)
    value = (frames, seconds, minutes, hours | code << 5)[piece // 2]
    return bytes((0xF1, piece << 4 | (value >> 4 if piece % 2 else value & 15)))


def _reports(source: Source, script: Script, random: Random) -> Iterator[Said]:
    look, asks, comes = random.uniform(0.0, source.every), random.uniform(0.0, source.asked), 0.0
    unit = 60.0 / source.bpm if source.quarters else 1.0
    while look < PLAY_SECONDS:
        sent = look + random.gauss(0.0, 0.002)
        answers = 0 if source.asked else 1
        while source.asked and asks <= sent:
            answers += 1
            # Control asks at the first of its own looks that finds it time.
            asks += ceil(source.asked / OSC_SECONDS - 1e-6) * OSC_SECONDS + random.uniform(0.0, 0.002)
        (carried,) = unpack("f", pack("f", script.seconds_at(sent) / unit))
        for _ in range(answers):
            comes = max(comes, sent + sum(random.uniform(*delay) for delay in source.delays))
            yield comes, HostAt(carried * unit, comes - source.least, rolling=True)
        look += source.every


class Led:
    """Ours: a scheduler that is led, and no driver."""

    def __init__(self, source: Source, tempo_map: TempoMap) -> None:
        start = TimecodeStart(START_LABEL, FrameRate.named(source.rate)) if source.rate else None
        self._scheduler = Scheduler(())
        self._scheduler.apply(TempoChange(tempo_map), 0.0)
        self._leader = PositionLeader(self._scheduler, lambda _: None, start)
        self._tempo_map = tempo_map
        self._ear = MidiEar()

    def hear(self, message: HostAt | HeardMessage, at: float) -> None:
        """Take it in at second `at`."""
        if isinstance(message, HostAt):
            self._leader.told(message, at)
            return
        for said in self._ear.timecode(message):
            self._leader.hear(said, message.at)
        self._leader.steer(at)

    def edit(self, tempo_map: TempoMap, at: float) -> None:
        """Another map is in force."""
        self._tempo_map = tempo_map
        self._leader.assume(tempo_map, at)

    def seconds_at(self, at: float) -> float | None:
        """Where it is on the host's timeline; None while it stands."""
        self._leader.steer(at)
        rolling = self._scheduler.rolling
        return self._tempo_map.seconds_at(self._scheduler.tick_at(at)) if rolling else None


class Jumping:
    """Goes to each report as it comes, and on from there: what is simplest. It runs back, and strikes notes twice."""

    def __init__(self, source: Source, _: TempoMap) -> None:
        self._start = TimecodeStart(START_LABEL, FrameRate.named(source.rate or "24"))
        self._ear = MidiEar()
        self._last: tuple[float, float] | None = None

    def hear(self, message: HostAt | HeardMessage, at: float) -> None:
        """Take it in at second `at`."""
        if isinstance(message, HostAt):
            self._last = (message.seconds, at)
            return
        for said in self._ear.timecode(message):
            if isinstance(said, QuarterFrame) and said.quarters is not None and said.labels is not None:
                self._last = (self._start.seconds(said.quarters, said.labels), at)

    def edit(self, tempo_map: TempoMap, at: float) -> None:
        """Its seconds are the host's, so it has nothing to do."""

    def seconds_at(self, at: float) -> float | None:
        """Where it is on the host's timeline."""
        return None if self._last is None else self._last[0] + at - self._last[1]


Follower = Led | Jumping
FOLLOWERS: dict[str, Callable[[Source, TempoMap], Follower]] = {"follower": Led, "jumps_to_each_report": Jumping}


def errors_of(follower: Follower, source: Source, script: Script, random: Random) -> Errors:
    """Second, and milliseconds that the follower is ahead; infinite while it stands."""
    said, errors = said_by(source, script, random), []
    told, edited = 0, not script.edited
    for number in range(int(PLAY_SECONDS / LOOK_SECONDS)):
        at = number * LOOK_SECONDS
        if not edited and at >= script.changes:
            edited = True
            follower.edit(TempoMap.constant(EDITED_BPM), at)
        while told < len(said) and said[told][0] <= at:
            follower.hear(said[told][1], said[told][0])
            told += 1
        seconds = follower.seconds_at(at)
        errors.append((at, inf if seconds is None else 1000.0 * (seconds - script.seconds_at(at))))
    return errors


def measure_following(seeds: int = SEEDS) -> dict[str, Any]:
    """All figures: milliseconds of error, seconds to settle. Blocks: for about two minutes."""
    return {
        name: {way: _measure(make, source, seeds) for way, make in FOLLOWERS.items()}
        for name, source in SOURCES.items()
    }


def _measure(make: Callable[[Source, TempoMap], Follower], source: Source, seeds: int) -> dict[str, Any]:
    tempo_map = TempoMap.constant(source.bpm)
    band = source.band_ms

    def runs(script: Script) -> list[tuple[Script, Errors]]:
        varied = [script.varied(Random(f"script {seed}")) for seed in range(seeds)]
        return [
            (script, errors_of(make(source, tempo_map), source, script, Random(seed)))
            for seed, script in enumerate(varied)
        ]

    def back(script: Script) -> dict[str, float | None]:
        return spread(settled_after(run, script.changed(), band) for script, run in runs(script))

    steady, silent = runs(Script()), runs(Script(silent=SILENCE_SECONDS))
    settled = [abs(error) for _, run in steady for at, error in run if at >= SETTLED_SECONDS and isfinite(error)]
    # While it stands, as after a quarter of a second without time code, it is nowhere.
    over = [
        max(abs(error) for at, error in run if script.changes <= at < script.changed() and isfinite(error))
        for script, run in silent
    ]
    forward, backward = LOCATE_BY_SECONDS
    return {
        "settled_error_ms": spread(settled),
        "band_ms": band,
        "locks_s": spread(settled_after(run, 0.0, band) for _, run in steady),
        "locate_forward_back_in_band_s": back(Script(moved=forward)),
        "locate_backward_back_in_band_s": back(Script(moved=backward)),
        "silence_worst_error_ms": spread(over),
        "after_silence_back_in_band_s": spread(settled_after(run, script.changed(), band) for script, run in silent),
        "map_edit_back_in_band_s": back(Script(edited=True)),
    }


if __name__ == "__main__":
    json.dump(measure_following(), sys.stdout, indent=2)
    print()
