"""How well the clock follower follows, on stamps made here: beside the plain ways to do it, on the same stamps.

    python -m hitpoint.engine.bench_clock

Virtual time, normal jitter, many seeds; errors are milliseconds between where the master is and where we say it is.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from random import Random
from typing import Any, Protocol

from hitpoint.scheduler.clock_follower import ClockFollower
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.units import CLOCK_PULSES_PER_QUARTER, TICKS_PER_QUARTER

TEMPI = (97.5, 160.0)
JITTERS_MS = (1.0, 5.0)
SEEDS = 24
LOOK_SECONDS = 0.004
"""How often a follower is asked where the master is: between pulses, too."""
STAYS_SECONDS = 1.0
"""An error has settled when it stays within its band for so long."""
SETTLED_QUARTERS = 8
"""From here on errors count as settled ones."""
CHANGE_QUARTER = 16
"""Where the tempo jumps, the ramp or the silence begins, and from where a locate goes elsewhere."""
JUMP = 0.2
"""Of the tempo."""
RAMP_QUARTERS = 16
SILENCE_SECONDS = 2.0
LOCATED_QUARTER = 64.0
LOCATE_SECONDS = 0.1
"""How long the master stands while it locates."""
_TICKS_PER_PULSE = TICKS_PER_QUARTER // CLOCK_PULSES_PER_QUARTER


class Follower(Protocol):
    """What is compared."""

    def pulse(self, at: float) -> object:
        """Hear a pulse."""

    def locate(self, quarters: float, at: float) -> None:
        """The next pulse is there."""

    def position_at(self, at: float) -> float:
        """Quarters."""


class Measured(ClockFollower):
    """Ours, told of a locate as hosts do it."""

    def __init__(self) -> None:
        super().__init__()
        self.start(0.0)

    def locate(self, quarters: float, at: float) -> None:
        """Stop, song position, continue."""
        self.stop(at)
        self.song_position(quarters, at)
        self.resume(at)


class NaiveAverage:
    """The last pulse's place, and the mean interval of the latest 24: what most programs do. It may run back."""

    def __init__(self) -> None:
        self._next = 0.0
        self._stamps: list[float] = []
        self._period = 60.0 / 120.0 / CLOCK_PULSES_PER_QUARTER

    def locate(self, quarters: float, at: float) -> None:  # noqa: ARG002 - it is told less than it could know
        """The next pulse is there."""
        self._next = quarters * CLOCK_PULSES_PER_QUARTER
        self._stamps.clear()

    def pulse(self, at: float) -> None:
        """Hear a pulse."""
        self._next += 1.0
        self._stamps = [*self._stamps[-CLOCK_PULSES_PER_QUARTER:], at]
        if len(self._stamps) > 1:
            self._period = max(1e-6, (self._stamps[-1] - self._stamps[0]) / (len(self._stamps) - 1))

    def position_at(self, at: float) -> float:
        """Quarters."""
        return (self._next - 1.0 + (at - self._stamps[-1]) / self._period) / CLOCK_PULSES_PER_QUARTER


class LineOf24(NaiveAverage):
    """A straight line through the latest 24 pulses, come what may: the better of the simple ways. It may run back."""

    def position_at(self, at: float) -> float:
        """Quarters."""
        stamps = self._stamps[-CLOCK_PULSES_PER_QUARTER:]
        middle, mean = (len(stamps) - 1) / 2.0, sum(stamps) / len(stamps)
        spread = sum((place - middle) ** 2 for place in range(len(stamps)))
        product = sum((place - middle) * stamp for place, stamp in enumerate(stamps))
        period = max(1e-6, product / spread) if spread else self._period
        return (self._next - 1.0 - middle + (at - mean) / period) / CLOCK_PULSES_PER_QUARTER


FOLLOWERS: dict[str, Callable[[], Follower]] = {
    "follower": Measured,
    "naive_average_of_24": NaiveAverage,
    "line_through_24": LineOf24,
}


@dataclass(frozen=True)
class Script:
    """What the master does, from second 0 and tick 0."""

    tempo_map: TempoMap
    quarters: int = 40
    """How far it plays."""
    silence: tuple[float, float] = (0.0, 0.0)
    """From and until which second its pulses do not arrive; it plays on."""

    def stamps(self, jitter: float, random: Random) -> list[float]:
        """Its pulses as they are heard, in the order in which they are. jitter: seconds (sd)."""
        pulses = range(self.quarters * CLOCK_PULSES_PER_QUARTER)
        times = (self.tempo_map.seconds_at(pulse * _TICKS_PER_PULSE) for pulse in pulses)
        return sorted(at + random.gauss(0.0, jitter) for at in times if not self.silence[0] <= at < self.silence[1])


Errors = list[tuple[float, float]]
"""Second, and milliseconds that the follower is ahead of the master."""


def errors_of(tempo_map: TempoMap, follower: Follower, stamps: Sequence[float], began: float = 0.0) -> Errors:
    """Ask the follower, as it hears the stamps, where the master is. began: its quarter at second 0."""
    return list(_errors(tempo_map, follower, stamps, began))


def _errors(
    tempo_map: TempoMap, follower: Follower, stamps: Sequence[float], began: float
) -> Iterator[tuple[float, float]]:
    looks = 0
    for stamp, until in zip(stamps, (*stamps[1:], stamps[-1]), strict=True):
        follower.pulse(stamp)
        looks = max(looks, int(stamp / LOOK_SECONDS) + 1)
        while (at := looks * LOOK_SECONDS) < until:
            tick = (follower.position_at(at) - began) * TICKS_PER_QUARTER
            yield at, 1000.0 * (tempo_map.seconds_at(tick) - at)
            looks += 1


def measure_clock(seeds: int = SEEDS) -> dict[str, Any]:
    """All figures: milliseconds of error, seconds to settle. Blocks: for about a minute."""
    return {
        f"{bpm:g} bpm, jitter {jitter:g} ms": {
            name: _measure(make, bpm, jitter, seeds) for name, make in FOLLOWERS.items()
        }
        for bpm in TEMPI
        for jitter in JITTERS_MS
    }


def _measure(make: Callable[[], Follower], bpm: float, jitter: float, seeds: int) -> dict[str, Any]:
    band = 1.0 if jitter <= 1.0 else 3.0
    quarter = 60.0 / bpm
    changed = CHANGE_QUARTER * quarter
    silence = (changed, changed + SILENCE_SECONDS)

    def runs(script: Script) -> list[Errors]:
        noise = jitter / 1000.0
        return [errors_of(script.tempo_map, make(), script.stamps(noise, Random(seed))) for seed in range(seeds)]

    steady = runs(Script(TempoMap.constant(bpm)))
    silent = runs(Script(TempoMap.constant(bpm), silence=silence))
    faster, slower = (runs(Script(_jump(bpm, factor))) for factor in (1.0 + JUMP, 1.0 - JUMP))
    ramp = runs(Script(_ramp(bpm)))
    located = [_located(make(), bpm, jitter / 1000.0, Random(seed)) for seed in range(seeds)]
    return {
        "settles_within_1_ms_s": spread(settled_after(run, 0.0, 1.0) for run in steady),
        f"settles_within_{band:g}_ms_s": spread(settled_after(run, 0.0, band) for run in steady),
        "settled_error_ms": spread(_absolute(steady, SETTLED_QUARTERS * quarter)),
        "jump_band_ms": band,
        "jump_faster_back_in_band_s": spread(settled_after(run, changed, band) for run in faster),
        "jump_slower_back_in_band_s": spread(settled_after(run, changed, band) for run in slower),
        "jump_worst_error_ms": spread(max(_absolute([run], changed)) for run in (*faster, *slower)),
        "locate_back_in_band_s": spread(settled_after(run, 0.0, band) for run in located),
        "silence_worst_error_ms": spread(max(_absolute([run], *silence), default=0.0) for run in silent),
        "after_silence_error_ms": spread(_absolute(silent, silence[1] + quarter, silence[1] + 2.0 * quarter)),
        "ramp_error_ms": spread(_absolute(ramp, changed, changed + RAMP_QUARTERS * quarter / (1.0 + JUMP))),
    }


def _jump(bpm: float, factor: float) -> TempoMap:
    return TempoMap((TempoPoint(0, bpm), TempoPoint(CHANGE_QUARTER * TICKS_PER_QUARTER, factor * bpm)))


def _ramp(bpm: float) -> TempoMap:
    begins = CHANGE_QUARTER * TICKS_PER_QUARTER
    ends = begins + RAMP_QUARTERS * TICKS_PER_QUARTER
    rising = TempoPoint(begins, bpm, Ramp.LINEAR_IN_BEATS)
    return TempoMap((TempoPoint(0, bpm), rising, TempoPoint(ends, (1.0 + JUMP) * bpm)))


def _located(follower: Follower, bpm: float, jitter: float, random: Random) -> Errors:
    """Errors from the first pulse at the new place on; second 0 is that pulse's."""
    stamps = Script(TempoMap.constant(bpm), CHANGE_QUARTER).stamps(jitter, random)
    begins = stamps[-1] + LOCATE_SECONDS
    for at in stamps:
        follower.pulse(at - begins)
    follower.locate(LOCATED_QUARTER, -LOCATE_SECONDS / 2.0)
    after = Script(TempoMap.constant(bpm), CHANGE_QUARTER)
    return errors_of(after.tempo_map, follower, after.stamps(jitter, random), LOCATED_QUARTER)


def settled_after(errors: Errors, since: float, band: float) -> float:
    """Seconds from `since` until the error first stays within the band; infinite when it never does."""
    begun: float | None = None
    for at, error in errors:
        if at < since:
            continue
        if abs(error) > band:
            begun = None
        elif begun is None:
            begun = at
        if begun is not None and at - begun >= STAYS_SECONDS:
            return begun - since
    return float("inf")


def spread(values: Iterable[float]) -> dict[str, float | None]:
    """Median, 99th of 100 and greatest; None is never."""
    ranked = sorted(values)
    places = {"p50": len(ranked) // 2, "p99": int(len(ranked) * 0.99), "max": len(ranked) - 1}
    return {name: round(ranked[at], 3) if isfinite(ranked[at]) else None for name, at in places.items()}


def _absolute(runs: Iterable[Errors], since: float, until: float = float("inf")) -> list[float]:
    return [abs(error) for run in runs for at, error in run if since <= at < until]


if __name__ == "__main__":
    json.dump(measure_clock(), sys.stdout, indent=2)
    print()
