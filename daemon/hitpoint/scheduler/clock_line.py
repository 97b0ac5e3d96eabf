"""The straight line through the latest clock pulses: where the master is, and how fast, though every stamp is off.

Few pulses follow a change of tempo fast, many pulses average the jitter away. So lines are laid through ever more of
them, and the longest is taken that does not contradict a shorter one: the rule of intersecting confidence intervals
(Source: Goldenshluger & Nemirovski 1997; Katkovnik 1999). No tempo change has to be told from jitter beforehand, and
there is no gain to switch: a steady-state Kalman filter would be either this sure or this quick. What is too sudden for
any line is clock_doubt's. Widths and windows were chosen by measurement: engine/bench_clock.py.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import sqrt
from statistics import median
from typing import NamedTuple

from hitpoint.timeline.tempo_map import FASTEST_BPM, SLOWEST_BPM
from hitpoint.timeline.units import CLOCK_PULSES_PER_QUARTER

MEMORY_PULSES = 192
"""Eight quarters: at 5 ms jitter the phase is then sure to 0.7 ms (sd). Longer ones gain little and cost time."""
WINDOWS = (8, 12, 16, 24, 32, 48, 64, 96, 128, MEMORY_PULSES)
"""How many pulses each line is laid through, besides all there are. With shorter ones than 8 the jitter itself looks
like a change now and then, and sudden changes need none: they are doubted."""
WIDTH = 2.0
"""Half of a place's confidence interval, in its standard deviations. Measured: at 1.6 the settled error is up to 1.4
times as great and ramps are followed a tenth better; at 2.5 it is no smaller."""
PERIOD_WIDTH = 2.5
"""Half of a period's: it carries us through silence, and is to change its mind rarely."""
SHORTEST_PERIOD = 60.0 / FASTEST_BPM / CLOCK_PULSES_PER_QUARTER
LONGEST_PERIOD = 60.0 / SLOWEST_BPM / CLOCK_PULSES_PER_QUARTER


class Pulse(NamedTuple):
    """A clock pulse as it was heard."""

    number: int
    """Which one of the song: 24 a quarter, 0 is the downbeat of the start."""
    at: float
    """Second of the clock at which it was stamped."""


class KnownPeriod(NamedTuple):
    """What is known of the tempo before the first pulse."""

    period: float
    """Seconds a pulse."""
    sd: float
    """How sure that is: standard deviation in seconds."""


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A steady motion in pulses."""

    index: float
    """Pulses, and parts of one, at `at`."""
    at: float
    """Second of the clock."""
    period: float
    """Seconds a pulse."""
    pulses: int
    """How many it was laid through; 0 when it is only assumed."""

    def index_at(self, at: float) -> float:
        """Pulses at second `at`."""
        return self.index + (at - self.at) / self.period

    def seconds_at(self, index: float) -> float:
        """The second at which it is there. Inverse of `index_at`."""
        return self.at + (index - self.index) * self.period


class _Fit(NamedTuple):
    late: float
    """Seconds from the latest stamp to where the line has that pulse."""
    variance: float
    """Of `late`, in variances of the jitter."""
    period: float
    spread: float
    """Of the pulses' numbers about their mean: the period's variance is the jitter's over this."""
    pulses: int


def lay_line(pulses: Sequence[Pulse], jitter: float, known: KnownPeriod) -> ClockLine:
    """The line through as many of the latest pulses as lie on one.

    pulses: at least one, in rising order. jitter: their standard deviation in seconds, above 0.
    known: counts as long as all pulses since the start are looked at.
    """
    place = tempo = first = next(fits := _fits(pulses, jitter, known))
    places, periods = _Overlap(), _Overlap()
    for fit in chain((first,), fits):
        if places.holds(fit.late, WIDTH * jitter * sqrt(fit.variance)):
            place = fit
        # A tempo needs more pulses than a place, and stays while a place is put right.
        if periods.holds(fit.period, PERIOD_WIDTH * jitter / sqrt(fit.spread)):
            tempo = fit
        if places.empty and periods.empty:
            break
    period = min(LONGEST_PERIOD, max(SHORTEST_PERIOD, tempo.period))
    return ClockLine(pulses[-1].number, pulses[-1].at + place.late, period, place.pulses)


class _Overlap:
    """What confidence intervals have in common; empty for good once two of them have nothing."""

    def __init__(self) -> None:
        self._low, self._high = float("-inf"), float("inf")

    @property
    def empty(self) -> bool:
        return self._low > self._high

    def holds(self, value: float, half: float) -> bool:
        """True when there is still something in common after this interval."""
        self._low, self._high = max(self._low, value - half), min(self._high, value + half)
        return not self.empty


def _fits(pulses: Sequence[Pulse], jitter: float, known: KnownPeriod) -> Iterator[_Fit]:
    """Least squares, from the shortest line to the longest; the very first pulses lean on what is known."""
    last = pulses[-1]
    count, sum_x, sum_xx, sum_y, sum_xy = 0, 0, 0, 0.0, 0.0
    for number, at in reversed(pulses):
        x, y = number - last.number, at - last.at
        count, sum_x, sum_xx, sum_y, sum_xy = count + 1, sum_x + x, sum_xx + x * x, sum_y + y, sum_xy + x * y
        whole = count == len(pulses)
        if count > 1 and (whole or count in WINDOWS):
            mean_x, mean_y = sum_x / count, sum_y / count
            spread, product = sum_xx - sum_x * mean_x, sum_xy - sum_x * mean_y
            yield _fit(count, mean_x, mean_y, spread, product)
        if whole and count < MEMORY_PULSES:
            mean_x, mean_y = sum_x / count, sum_y / count
            weight = (jitter / known.sd) ** 2
            spread, product = sum_xx - sum_x * mean_x + weight, sum_xy - sum_x * mean_y + weight * known.period
            yield _fit(count, mean_x, mean_y, spread, product)


def _fit(count: int, mean_x: float, mean_y: float, spread: float, product: float) -> _Fit:
    period = product / spread
    return _Fit(mean_y - period * mean_x, 1.0 / count + mean_x * mean_x / spread, period, spread, count)


JITTER_PULSES = 48
"""Two quarters: enough for a median that is right within a fifth, few enough to notice a worse cable."""
JITTER_BEFORE = 0.001
"""Seconds (sd), until enough pulses were heard: what most masters keep. Source: Ableton, MIDI fact sheet."""
_SEEDS = 4
LEAST_JITTER = 0.00002
"""Half of a sample at 24 kHz: stamps are never taken for surer."""


class Jitter:
    """How far stamps lie from where they should: standard deviation, from what is left when tempo is taken away."""

    def __init__(self) -> None:
        # Of three pulses in a row: the middle one against the mean of its neighbours. Steady tempo drops out, a change
        # spoils one or two of them, a lost pulse likewise, and a median does not mind those.
        self._bends = deque([JITTER_BEFORE / _SD_OF_MEDIAN] * _SEEDS, maxlen=JITTER_PULSES)
        self._latest: deque[float] = deque(maxlen=3)
        self.seconds = JITTER_BEFORE

    def add(self, at: float) -> None:
        """Take in the next stamp."""
        self._latest.append(at)
        if len(self._latest) == 3:
            before, middle, after = self._latest
            self._bends.append(abs(after - 2.0 * middle + before))
            self.seconds = max(LEAST_JITTER, median(self._bends) * _SD_OF_MEDIAN)

    def restart(self) -> None:
        """The next pulse follows on none; what was learned stays."""
        self._latest.clear()


_SD_OF_MEDIAN = 1.0 / (0.6745 * sqrt(6.0))
"""Of a normal distribution: its median lies at 0.6745 sd, and a bend has the variance 1 + 4 + 1."""
