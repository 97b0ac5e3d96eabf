"""A host whose bridge says where it is, now and then, on paper. Reports are true when sent and come late; some never.

    host = ReportingHost(every=1 / 15, delays=(0.006, 0.055))
    host.play(8.0)
    host.stop(1.0)
    for at, report in host.reports(): ...

Its own position is known at every second.
"""

from math import floor, inf
from random import Random

from hitpoint.scheduler.performance import HostAt


class ReportingHost:
    """Time passes in `play` and `stop` only. What changes is reported at once, and is never lost."""

    def __init__(
        self, every: float, delays: tuple[float, float], seed: int = 0, lost: float = 0.0, grain: float = 0.0
    ) -> None:
        """every: seconds between looks. delays: least and greatest, uniform. grain: it tells whole multiples of so
        many seconds only, when it has passed one."""
        self.now = 0.0
        self.seconds = 0.0
        self.rolls: list[tuple[float, float, float]] = []
        """Begun at, ended at, and where it began."""
        self._every, self._delays, self._lost, self._grain = every, delays, lost, grain
        self._random = Random(seed)
        self._look = self._random.uniform(0.0, every)
        self._reports: list[tuple[float, HostAt]] = []

    def play(self, seconds: float, heard: bool = True) -> None:
        """Roll for so long; heard: False loses all that is said meanwhile."""
        begun_at, begun = self.now, self.seconds
        if not self.rolls or self.rolls[-1][1] < begun_at:
            self._say(begun_at, begun, True)
        self.now += seconds
        self.seconds += seconds
        self.rolls.append((begun_at, self.now, begun))
        told = floor(begun / self._grain) if self._grain else None
        while self._look < self.now:
            if self._look >= begun_at:
                place = begun + self._look - begun_at
                if self._grain and floor(place / self._grain) == told:
                    pass
                elif heard and self._random.random() >= self._lost:
                    told = floor(place / self._grain) if self._grain else None
                    self._say(self._look, place if told is None else told * self._grain, True)
            # A tick comes when the host has time for it.
            self._look += self._every * self._random.uniform(0.95, 1.05)

    def stop(self, seconds: float) -> None:
        """Stand for so long, and say so."""
        self._say(self.now, self.seconds, False)
        self.now += seconds

    def locate(self, seconds: float) -> None:
        """Go elsewhere. What it says next tells."""
        self.seconds = seconds

    def reports(self) -> list[tuple[float, HostAt]]:
        """When each comes, and what it says, in order of coming."""
        return sorted(self._reports, key=lambda report: report[0])

    def seconds_at(self, at: float) -> float | None:
        """Where it was at a second; None when it stood."""
        for begun_at, ended_at, begun in self.rolls:
            if begun_at <= at < ended_at:
                return begun + at - begun_at
        return None

    def second_of(self, seconds: float, near: float) -> float:
        """When it was there, the time nearest to `near`; infinite when it never was."""
        times = [
            at
            for begun_at, ended_at, begun in self.rolls
            if begun_at - 0.2 <= (at := begun_at + seconds - begun) <= ended_at + 0.2
        ]
        return min(times, key=lambda at: abs(at - near), default=inf)

    def _say(self, at: float, seconds: float, rolling: bool) -> None:
        comes = at + self._random.uniform(*self._delays)
        if self._reports:
            # One after the other, as they are sent.
            comes = max(comes, self._reports[-1][0])
        self._reports.append((comes, HostAt(seconds, comes, rolling)))
