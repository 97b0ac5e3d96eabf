"""The straight line through what a host says of its position: where it is at any second, though every report is off.

Two kinds of reports. Time code is stamped a little early or late, so a line is laid through the middle. A report over
the network was true when it was sent and comes late, never early: the line is laid along the earliest ones. A host
plays its own timeline at speed 1, but for a hair; that is what both lean on.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf
from typing import NamedTuple, Protocol

from hitpoint.scheduler.clock_line import Jitter

MEMORY_REPORTS = 384
"""Of time code: three to four seconds. At 1 ms jitter the place is then sure to 0.1 ms (sd). Our choice."""
SPEED_SD = 0.002
"""How far from 1 a host's speed is taken to be before it is measured: sound cards and pull-downs are within. Our
choice."""
SIGMAS = 6.0
LEAST_BAND_SECONDS = 0.005
"""A stamp farther off than so many standard deviations, and than this, is not jitter. Our choice."""
ASSUMED_BAND_SECONDS = 0.08
"""The same while where the host is was only assumed."""
AGREEING_REPORTS = 8
"""So many stamps in a row must agree with each other that a host rolls, or has gone elsewhere: two frames of time
code. Our choice."""
SPEED_BAND = 0.3
"""Of the speed that they agree on, either side of 1: at 5 ms jitter eight quarter frames tell it to 0.08 (sd), and who
shuttles at twice the speed is far outside. Our choice."""

LATEST_SECONDS = 0.15
"""A report comes no later than this, but for a stall. Source: HOSTS 1.4 and 2.3, at most 0.1 s, and a margin."""
JUMP_SECONDS = 0.08
"""A report cannot come early, so one that is so far ahead of all others was sent from elsewhere. Our choice."""
FAR_SECONDS = 1.0
"""One that is so far behind was sent from elsewhere, too: nothing stalls for so long and then goes on. Our choice."""
SURE_SECONDS = 0.12
"""What is between the two must be said again after so long. Our choice."""
DELAYED_MEMORY_SECONDS = 10.0
"""How long an early report counts. Our choice: a sound card is off by 1 ms in it, at the worst."""
LATER_REPORTS = 8
LEAST_SPREAD_SECONDS = 1 / 15
BY_CHANCE = 1e-6
"""When so many reports in a row, or more, are so much later than the earliest that chance does it less often, with
delays as far apart as theirs or as a host's looks at itself, then the earliest was sent from a little elsewhere, or
the host is held up since: what was before counts no more. Our choice."""
FORGET = 0.0001
"""Seconds by which an early report counts less for each second of its age: sound cards are off by 100 parts in a
million. Our choice."""


@dataclass(frozen=True, slots=True)
class PositionLine:
    """A host that rolls, as a steady motion."""

    seconds: float
    """On the host's timeline, at `at`."""
    at: float
    """Second of the clock."""
    speed: float = 1.0
    """Seconds of the timeline in a second of the clock."""

    def seconds_at(self, at: float) -> float:
        """Where it is at a second of the clock."""
        return self.seconds + (at - self.at) * self.speed

    def second_of(self, seconds: float) -> float:
        """The second of the clock at which it is there. Inverse of `seconds_at`."""
        return self.at + (seconds - self.seconds) / self.speed


class Report(NamedTuple):
    """What a host said of its position."""

    seconds: float
    """On its timeline."""
    at: float
    """Second of the clock at which it was stamped."""


class Estimate(Protocol):
    """A line through reports."""

    silent_seconds: float
    """Without a word for so long, the host is silent; it may go on all the same."""
    stopped_seconds: float
    """After so long it has stopped."""

    @property
    def line(self) -> PositionLine | None:
        """Where the host is by all that is known; None while that is not enough."""
        ...

    @property
    def heard_at(self) -> float:
        """The second of the last report that was believed."""
        ...

    @property
    def locked(self) -> bool:
        """True once the line is as good as it soon gets."""
        ...

    @property
    def jitter(self) -> float:
        """How far reports lie apart, in seconds: standard deviation."""
        ...

    def assume(self, line: PositionLine) -> None:
        """It is there, as far as somebody else knows."""
        ...

    def restart(self) -> None:
        """The next report follows on none."""
        ...

    def take(self, report: Report) -> None:
        """Take in what a rolling host says."""
        ...

    def turn(self, seconds: float) -> None:
        """It is so many seconds farther back, without a break: it has turned in a loop of that length."""
        ...


class TimecodeEstimate:
    """Through the middle of stamps that are early or late by a driver's jitter. One thread uses it."""

    silent_seconds = 0.1
    """Ten quarter frames. Our choice."""
    stopped_seconds = 0.25
    """Six frames at 24: time code says nothing of a stop, it stops coming. Our choice, as short as freewheeling of
    machines is set."""
    _locked_reports = 48

    def __init__(self) -> None:
        self._jitter = Jitter()
        self._reports: deque[Report] = deque(maxlen=MEMORY_REPORTS)
        self._doubted: deque[Report] = deque(maxlen=AGREEING_REPORTS)
        self._sums = _Sums(Report(0.0, 0.0))
        self._taken = 0
        self.line: PositionLine | None = None
        self.heard_at = -inf

    @property
    def locked(self) -> bool:
        """True after half a second or so."""
        return len(self._reports) >= self._locked_reports

    @property
    def jitter(self) -> float:
        """Of the stamps."""
        return self._jitter.seconds

    def assume(self, line: PositionLine) -> None:
        """It is there, as far as somebody else knows."""
        self.restart()
        self.line, self.heard_at = line, line.at

    def restart(self) -> None:
        """The next report follows on none; what was learned of jitter stays."""
        self._reports.clear()
        self._doubted.clear()
        self._jitter.restart()
        self.line = None

    def take(self, report: Report) -> None:
        """Take in what a rolling host says."""
        self._jitter.add(report.seconds - report.at)
        if self.line is not None and self._is_near(self.line, report):
            self._doubted.clear()
            self._add((report,))
            return
        self._doubted.append(report)
        if len(self._doubted) == AGREEING_REPORTS and _steady(self._doubted):
            agreed = tuple(self._doubted)
            self._doubted.clear()
            self._reports.clear()
            self._add(agreed)

    def turn(self, seconds: float) -> None:
        """It has turned. Its stamps agree on that soon enough by themselves."""

    def _is_near(self, line: PositionLine, report: Report) -> bool:
        band = max(LEAST_BAND_SECONDS, SIGMAS * self.jitter)
        if not self._reports:
            band = max(band, ASSUMED_BAND_SECONDS)
        return abs(report.seconds - line.seconds_at(report.at)) <= band

    def _add(self, reports: Iterable[Report]) -> None:
        for report in reports:
            if not self._reports:
                self._sums = _Sums(report)
            elif len(self._reports) == MEMORY_REPORTS:
                self._sums.add(self._reports.popleft(), -1)
            self._reports.append(report)
            self._sums.add(report)
            self._taken += 1
            self.heard_at = max(self.heard_at, report.at)
        if self._taken % MEMORY_REPORTS < AGREEING_REPORTS:
            # Sums that are only ever mended would lose their last digits in hours.
            self._sums = _Sums(self._reports[-1])
            for report in self._reports:
                self._sums.add(report)
        self.line = self._sums.line((self.jitter / SPEED_SD) ** 2)


class DelayedEstimate:
    """Along the earliest of reports that were true when they were sent and come late. One thread uses it."""

    silent_seconds = 1.0
    stopped_seconds = 4.0
    """Hosts say when they stop. One whose windows are held by a dialog says nothing for seconds, and plays on.
    Source: HOSTS 2.1."""
    _locked_reports = LATER_REPORTS

    def __init__(self) -> None:
        self._reports: deque[Report] = deque()
        self._doubted: list[Report] = []
        self.line: PositionLine | None = None
        self.heard_at = -inf

    @property
    def locked(self) -> bool:
        """True after so many reports that one of them will have been early."""
        return len(self._reports) >= self._locked_reports

    @property
    def jitter(self) -> float:
        """Of the delays."""
        if len(self._reports) < 2:
            return 0.0
        offsets = [_offset(report) for report in self._reports]
        mean = sum(offsets) / len(offsets)
        return float((sum((offset - mean) ** 2 for offset in offsets) / len(offsets)) ** 0.5)

    def assume(self, line: PositionLine) -> None:
        """It is there, as far as somebody else knows."""
        self._anew((Report(line.seconds, line.at),))

    def restart(self) -> None:
        """The next report follows on none."""
        self._reports.clear()
        self._doubted.clear()
        self.line = None

    def take(self, report: Report) -> None:
        """Take in what a rolling host says."""
        ahead = inf if self.line is None else report.seconds - self.line.seconds_at(report.at)
        if ahead > JUMP_SECONDS or ahead < -FAR_SECONDS:
            self._anew((report,))
        elif ahead >= -LATEST_SECONDS:
            self._doubted.clear()
            self._add(report)
        elif self._agrees(report):
            self._anew(tuple(self._doubted))

    def turn(self, seconds: float) -> None:
        """It has turned: where it is then is known as well as before."""
        if self.line is not None:
            self._reports = deque(report._replace(seconds=report.seconds - seconds) for report in self._reports)
            self.line = replace(self.line, seconds=self.line.seconds - seconds)

    def _agrees(self, report: Report) -> bool:
        """True when what is doubted has been said again and again."""
        latest = _offset(report)
        self._doubted = [*(one for one in self._doubted if abs(_offset(one) - latest) <= LATEST_SECONDS), report]
        return report.at - self._doubted[0].at >= SURE_SECONDS

    def _anew(self, reports: tuple[Report, ...]) -> None:
        self.restart()
        for report in reports:
            self._add(report)

    def _add(self, report: Report) -> None:
        self._reports.append(report)
        self.heard_at = max(self.heard_at, report.at)
        while self._reports[0].at <= report.at - DELAYED_MEMORY_SECONDS:
            self._reports.popleft()
        offsets = [_offset(one) - FORGET * (report.at - one.at) for one in self._reports]
        elsewhere = _sent_from_elsewhere(offsets)
        for _ in range(elsewhere):
            self._reports.popleft()
        self.line = PositionLine(report.at + max(offsets[elsewhere:]), report.at)


def _offset(report: Report) -> float:
    return report.seconds - report.at


def _sent_from_elsewhere(offsets: list[float]) -> int:
    """How many of the first reports are such that all others come later than chance allows. offsets: how far the
    host is ahead of the clock, by each."""
    earliest = max(offsets)
    elsewhere, next_earliest, total = 0, -inf, 0.0
    for count, offset in enumerate(reversed(offsets), 1):
        next_earliest, total = max(next_earliest, offset), total + offset
        if next_earliest == earliest:
            break
        # Delays are even where a window looks now and then: the most is twice the mean.
        spread = max(LEAST_SPREAD_SECONDS, 2.0 * (next_earliest - total / count))
        gap = earliest - next_earliest
        if count >= LATER_REPORTS and (spread / (spread + gap)) ** count < BY_CHANCE:
            elsewhere = len(offsets) - count
    return elsewhere


def _steady(reports: Iterable[Report]) -> bool:
    """True when they tell of one motion, at about speed 1."""
    listed = tuple(reports)
    sums = _Sums(listed[0])
    for report in listed:
        sums.add(report)
    line = sums.line(0.0)
    off = max(abs(report.seconds - line.seconds_at(report.at)) for report in listed)
    return abs(line.speed - 1.0) <= SPEED_BAND and off <= LATEST_SECONDS


class _Sums:
    """Least squares of how far a host is ahead of the clock, over the clock; in seconds from one report on."""

    def __init__(self, origin: Report) -> None:
        self._origin = origin
        self._count, self._x, self._xx, self._y, self._xy = 0, 0.0, 0.0, 0.0, 0.0
        self._latest = origin.at

    def add(self, report: Report, times: int = 1) -> None:
        """Take it in; -1 times takes it out again."""
        x = report.at - self._origin.at
        y = report.seconds - self._origin.seconds - x
        self._count += times
        self._x, self._xx = self._x + times * x, self._xx + times * x * x
        self._y, self._xy = self._y + times * y, self._xy + times * x * y
        if times > 0:
            self._latest = report.at

    def line(self, weight: float) -> PositionLine:
        """weight: how much speed 1 is leant on, in square seconds of clock that were heard."""
        mean_x, mean_y = self._x / self._count, self._y / self._count
        spread = max(0.0, self._xx - self._x * mean_x) + weight
        slope = (self._xy - self._x * mean_y) / spread if spread > 0.0 else inf
        here = self._latest - self._origin.at
        ahead = mean_y + slope * (here - mean_x) if spread > 0.0 else mean_y
        line = PositionLine(self._origin.seconds + here + ahead, self._latest)
        return replace(line, speed=1.0 + slope)
