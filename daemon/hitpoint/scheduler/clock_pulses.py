"""Numbers clock pulses as they arrive, and lays the line through them: lost and doubled ones leave it where it is."""

from collections import deque
from statistics import median

from hitpoint.scheduler.clock_doubt import SURE_PULSES, Doubt, sure, surprising
from hitpoint.scheduler.clock_line import (
    MEMORY_PULSES,
    ClockLine,
    Jitter,
    KnownPeriod,
    Pulse,
    lay_line,
)

SILENT_PULSES = 4.0
"""After so many without a word the master is silent. No tempo falls to a quarter from one pulse to the next."""
SILENT_SECONDS = 0.5
"""The same while the tempo is not known yet."""
_GUESS = 0.5
"""How sure a tempo is that nobody has measured: sd as a part of it."""
_HEARD = 0.05
"""The same of one that was heard for a few pulses,"""
_HEARD_LONG = 0.003
"""and of one that was heard for a quarter or more: it may have been moved while the master stood."""
_LONG_PULSES = 24
JOINING_PULSES = 24
"""A quarter is heard before pulses of a master that rolls already are numbered: the first of them may be old ones that
a driver kept back, and come all at once."""


class PulseTracker:
    """The master's motion in pulses of the song. Fed in the order of arrival; never raises."""

    def __init__(self, period: float) -> None:
        """period: seconds a pulse, a guess to begin with."""
        self._known = KnownPeriod(period, _GUESS * period)
        self._assumed: float | None = None
        """What was said last to be the tempo."""
        self._pulses: deque[Pulse] = deque(maxlen=MEMORY_PULSES)
        self._jitter = Jitter()
        self._doubt: Doubt | None = None
        self._joining: list[float] | None = None
        self._line = ClockLine(0.0, 0.0, period, 0)
        self._next = 0
        self._latest = float("-inf")

    @property
    def line(self) -> ClockLine:
        """Where the master is by all that is known; through 0 pulses before the first since `restart`."""
        return self._line

    @property
    def next_index(self) -> int:
        """The number of the next pulse, if none is lost."""
        if self._joining:
            return self._first_joined(self._joining) + len(self._joining)
        return self._next if self._doubt is None else self._doubt.next_index

    @property
    def measured(self) -> bool:
        """True once a tempo was heard, now or before the last restart."""
        return len(self._pulses) > 1 or self._known.sd < _GUESS * self._known.period

    @property
    def jitter(self) -> float:
        """Standard deviation of the stamps, in seconds."""
        return self._jitter.seconds

    def assume(self, period: float) -> None:
        """Seconds a pulse, a better guess; nothing to who has heard a tempo, until the place is told as well."""
        self._assumed = period
        # A single pulse tells no tempo either.
        if not self.measured:
            self._known = KnownPeriod(period, _GUESS * period)
            self._line = ClockLine(self._line.index, self._line.at, period, self._line.pulses)

    def restart(self, index: int) -> None:
        """The next pulse is number `index` of the song; the tempo is likely to be what it was."""
        if len(self._pulses) > 1:
            heard = _HEARD_LONG if self._line.pulses >= _LONG_PULSES else _HEARD
            self._known = KnownPeriod(self._line.period, heard * self._line.period)
        self._pulses.clear()
        self._jitter.restart()
        self._doubt = None
        self._joining = None
        self._line = ClockLine(index, self._line.at, self._line.period, 0)
        self._next = index

    def go_on(self, index: float, at: float) -> None:
        """It has been rolling all the time, and is at `index` at second `at`: pulses are numbered by what most of the
        first ones are nearest to, and until then it is taken to go on so.

        The tempo is what was heard for a quarter, else what is assumed: the first pulses may have come all at once.
        """
        heard_long = self._line.pulses >= _LONG_PULSES
        self.restart(0)
        period = self._line.period if heard_long or self._assumed is None else self._assumed
        if not heard_long:
            self._known = KnownPeriod(period, _HEARD * period)
        # As after a silence that was bridged: whoever says this knows it as well as we know then.
        self._line = ClockLine(index, at, period, SURE_PULSES)
        self._latest = float("-inf")
        self._joining = []

    def move(self, pulses: int) -> None:
        """All pulses so far, and those to come, have a number that is higher by this: a jump that keeps the beat."""
        moved = [Pulse(index + pulses, at) for index, at in self._pulses]
        self._pulses = deque(moved, maxlen=MEMORY_PULSES)
        self._next = self.next_index + pulses
        self._doubt = None
        line = self._line
        self._line = ClockLine(line.index + pulses, line.at, line.period, line.pulses)

    def silent(self, at: float) -> bool:
        """True when the master has said nothing for so long that it is not merely slow."""
        sure = self._line.pulses >= SURE_PULSES
        return at - self._latest > (SILENT_PULSES * self._line.period if sure else SILENT_SECONDS)

    def hear(self, at: float) -> None:
        """A pulse, stamped `at`. A stamp before the last one counts as that."""
        back = self._line.pulses >= SURE_PULSES and self.silent(at)
        at = self._latest = max(at, self._latest)
        self._jitter.add(at)
        if self._joining is not None:
            self._join(self._joining, at)
        elif back:
            self._come_back(at)
        elif self._doubt is not None:
            self._weigh(self._doubt, at)
        elif sure(self._line, self.jitter) and surprising(self._line, Pulse(self._next, at), self.jitter):
            self._doubt = Doubt(self._line, self._next - 1)
            self._weigh(self._doubt, at)
        else:
            self._take([Pulse(self._next, at)])

    def _join(self, heard: list[float], at: float) -> None:
        heard.append(at)
        if len(heard) < JOINING_PULSES:
            return
        self._joining = None
        first = self._first_joined(heard)
        numbered = [Pulse(first + number, at) for number, at in enumerate(heard) if first + number >= 0]
        # Those that came all at once say nothing of where it is.
        self._take([pulse for pulse in numbered if abs(self._line.index_at(pulse.at) - pulse.number) < 1.0])
        self._next = first + len(heard)

    def _first_joined(self, heard: list[float]) -> int:
        """The number of the first of these pulses, as most of them would have it."""
        return round(median(self._line.index_at(at) - number for number, at in enumerate(heard)))

    def _come_back(self, at: float) -> None:
        # The master went on meanwhile, as far as we can know: its pulse is the one nearest to where we are.
        self._doubt = None
        self._take([Pulse(max(self._next, round(self._line.index_at(at))), at)])

    def _weigh(self, doubt: Doubt, at: float) -> None:
        answer = doubt.add(at, self.jitter)
        if answer is None:
            return
        self._doubt = None
        if answer.slip is None:
            # What came before is of no more use.
            self._pulses.clear()
            self._known = KnownPeriod(self._line.period, _GUESS * self._line.period)
        self._take(doubt.pulses(answer.slip))
        # Not from the last that was taken: one that was left out counts, too.
        self._next = doubt.next_index + (answer.slip or 0)

    def _take(self, pulses: list[Pulse]) -> None:
        for pulse in pulses:
            self._pulses.append(pulse)
            self._next = pulse.number + 1
        if pulses:
            self._line = lay_line(self._pulses, self.jitter, self._known)
