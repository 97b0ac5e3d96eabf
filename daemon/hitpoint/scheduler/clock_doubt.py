"""A pulse came where none was expected. Was it late, was one lost or doubled before it, or has the tempo changed?

One pulse cannot tell. So the line of before is kept until those that follow can: each answer is charged with how far
off they are by it.
"""

from math import sqrt
from typing import NamedTuple

from hitpoint.scheduler.clock_line import ClockLine, Pulse

SURPRISE = 3.0
"""In standard deviations of the jitter: farther off than this a pulse is looked at twice."""
SURELY_NOISE = 1.0 / 32.0
"""Of a pulse: with less jitter than this, that much counts as jitter, as masters round."""
SURE_PULSES = 8
"""A line through fewer cannot tell a lost pulse from another tempo, and is just followed."""
MOST_PULSES = 16
"""Then the best answer is taken: two thirds of a quarter. Fewer confuse a lost pulse with a tempo at 5 ms of jitter."""
MOSTLY = 0.6
"""So many of the pulses must be near the line for the others to be left out."""
SURE = 8.0
"""By so much (twice the logarithm of the odds) must an answer be better than the next."""
WORST = 9.0
"""The most a single pulse counts, so that one that is merely late cannot decide: three standard deviations."""
_NEW_TEMPO_COST = 18.0
"""It can fit anything, and makes us forget all pulses of before. Measured: at 9 jitter passed for a new tempo so often
that the settled error (p99, 1 ms of jitter) was 0.6 ms rather than 0.43; a jump of 20 % is followed no later for it."""
_SLIP_COST = 30.0
"""A cable that loses pulses is rare, and a slip that was none is never put right. Measured: at 22 two ramps in ten, at
160 bpm and 5 ms of jitter, were taken for a doubled pulse."""
SHORTEST_STRETCH, LONGEST_STRETCH = 0.4, 3.0
"""Of a pulse, by a new tempo. Beyond it a cable has stalled, and handed out at once what it kept back."""
_KINKS = (0, 1, 2)
"""How many pulses before the surprise the tempo may have changed without being noticed."""


class Answer(NamedTuple):
    """What the surprise was."""

    slip: int | None
    """Pulses that were lost (negative: that were too many) before the surprise; None when the tempo has changed."""
    cost: float
    holds: bool
    """True when the latest pulse is where it should be by this answer: as long as it is not, more may happen."""


class Doubt:
    """The pulses since a surprise, as stamped; nothing is known of their numbers but their order."""

    def __init__(self, line: ClockLine, last: int) -> None:
        """last: number of the pulse before the surprise; `line` is what was believed then."""
        self._line = line
        self._last = last
        self._jitter = 0.0
        self.stamps: list[float] = []

    def add(self, at: float, jitter: float) -> Answer | None:
        """Take in a pulse; `jitter` is as now estimated. Returns the answer once there is one."""
        self._jitter = noise_of(self._line, jitter)
        self.stamps.append(at)
        if len(self.stamps) < 2:
            return None
        best, second = sorted(self._answers(), key=lambda answer: answer.cost)[:2]
        settled = second.cost - best.cost >= SURE and best.holds
        return best if settled or len(self.stamps) >= MOST_PULSES else None

    def pulses(self, slip: int | None) -> list[Pulse]:
        """The pulses with the numbers they have by this answer; what is no pulse of the song by it is left out."""
        if slip is None:
            return [Pulse(self._last + 1 + place, at) for place, at in enumerate(self.stamps)]
        numbered = [Pulse(self._last + 1 + place + slip, at) for place, at in enumerate(self.stamps)]
        pulses = [pulse for pulse in numbered if pulse.number > self._last]
        near = [
            pulse for pulse in pulses if abs(pulse.at - self._line.seconds_at(pulse.number)) <= SURPRISE * self._jitter
        ]
        # When many are off it is the line that is: a slow ramp must not be taken for a series of accidents.
        return near if len(near) >= MOSTLY * len(pulses) else pulses

    @property
    def next_index(self) -> int:
        """The number the next pulse has, if nothing was lost."""
        return self._last + 1 + len(self.stamps)

    def _answers(self) -> list[Answer]:
        # In pulses: how far behind the line each came.
        late = [self._line.index_at(at) - (self._last + 1 + place) for place, at in enumerate(self.stamps)]
        slips = {-1, 0, 1, *(round(value) for value in late)}
        answers = [self._answer(slip, _SLIP_COST * (slip != 0), [value - slip for value in late]) for slip in slips]
        tempi = [self._answer(None, _NEW_TEMPO_COST, off) for kink in _KINKS if (off := _off_slope(late, kink))]
        return [*answers, *sorted(tempi, key=lambda answer: answer.cost)[:1]]

    def _answer(self, slip: int | None, cost: float, off: list[float]) -> Answer:
        scale = self._line.period / self._jitter
        costs = [min(WORST, (value * scale) ** 2) for value in off]
        return Answer(slip, cost + sum(costs), costs[-1] < WORST)


def _off_slope(late: list[float], kink: int) -> list[float] | None:
    """How far off each is by the tempo that fits them best; None when no music has it."""
    places = [place + 1 + kink for place in range(len(late))]
    slope = sum(place * value for place, value in zip(places, late, strict=True)) / sum(p * p for p in places)
    if not SHORTEST_STRETCH <= 1.0 + slope <= LONGEST_STRETCH:
        return None
    return [value - slope * place for place, value in zip(places, late, strict=True)]


def sure(line: ClockLine, jitter: float) -> bool:
    """True when the line foretells the next pulses well enough to count them by: to a sixth of one (sd)."""
    sd = jitter * sqrt(12.0 / max(1, line.pulses) ** 3) * MOST_PULSES
    return line.pulses >= SURE_PULSES and sd <= line.period / 6.0


def surprising(line: ClockLine, pulse: Pulse, jitter: float) -> bool:
    """True when the pulse is farther from the line than jitter explains."""
    return abs(pulse.at - line.seconds_at(pulse.number)) > SURPRISE * noise_of(line, jitter)


def noise_of(line: ClockLine, jitter: float) -> float:
    """What counts as jitter about this line, in seconds (sd)."""
    return max(jitter, SURELY_NOISE * line.period)
