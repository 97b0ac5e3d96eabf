"""Metres and bars: where bar lines fall, and bar|beat|tick, which people count from 1|1|0."""

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from hitpoint.errors import HostError
from hitpoint.timeline.units import TICKS_PER_QUARTER

DENOMINATORS = (1, 2, 4, 8, 16, 32)
LARGEST_NUMERATOR = 64


@dataclass(frozen=True, slots=True)
class Meter:
    """A time signature. Raises HostError for one that no bar can be counted in."""

    numerator: int = 4
    """Beats in a bar, 1 to 64."""
    denominator: int = 4
    """The note that counts as a beat: 1, 2, 4, 8, 16 or 32."""

    def __post_init__(self) -> None:
        if not 1 <= self.numerator <= LARGEST_NUMERATOR or self.denominator not in DENOMINATORS:
            raise HostError(
                f"metre {self.numerator}/{self.denominator} cannot be counted. "
                f"Use 1 to {LARGEST_NUMERATOR} over one of {', '.join(map(str, DENOMINATORS))}."
            )

    @property
    def beat_ticks(self) -> int:
        """Ticks in a beat."""
        return 4 * TICKS_PER_QUARTER // self.denominator

    @property
    def bar_ticks(self) -> int:
        """Ticks in a whole bar."""
        return self.numerator * self.beat_ticks

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True, slots=True)
class MeterChange:
    """The metre from a tick on. A change inside a bar cuts that bar short: a bar line falls there."""

    tick: int
    """Ticks from the timeline's start, at least 0."""
    meter: Meter


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the timeline."""

    index: int
    """Counted from 0; people see index + 1."""
    start: int
    """Tick of its bar line."""
    end: int
    """Tick of the next bar line."""
    meter: Meter

    @property
    def ticks(self) -> int:
        """Its length."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class BarBeatTick:
    """A place as musicians say it: bars and beats from 1, ticks from 0."""

    bar: int
    beat: int
    tick: int

    def __str__(self) -> str:
        return f"{self.bar}|{self.beat}|{self.tick}"


@dataclass(frozen=True)
class MeterMap:
    """The metres of a whole timeline; before the first change its metre holds from tick 0.

    Raises HostError when changes are missing or out of order.
    """

    changes: tuple[MeterChange, ...] = (MeterChange(0, Meter()),)
    """At least one, in strictly rising ticks."""
    _starts: list[int] = field(init=False, repr=False, compare=False)
    _first_bars: list[int] = field(init=False, repr=False, compare=False)
    _meters: list[Meter] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.changes:
            raise HostError("the metre map is empty. Give it at least one time signature.")
        if self.changes[0].tick < 0:
            raise HostError(f"a metre change lies before the timeline's start, at tick {self.changes[0].tick}.")
        for earlier, later in pairwise(self.changes):
            if later.tick <= earlier.tick:
                raise HostError(f"metre changes at ticks {earlier.tick} and {later.tick} are out of order. Sort them.")
        starts = [0]
        first_bars = [0]
        meters = [self.changes[0].meter]
        for change in self.changes:
            if change.tick == starts[-1]:
                meters[-1] = change.meter
                continue
            bars = -(-(change.tick - starts[-1]) // meters[-1].bar_ticks)
            first_bars.append(first_bars[-1] + bars)
            starts.append(change.tick)
            meters.append(change.meter)
        object.__setattr__(self, "_starts", starts)
        object.__setattr__(self, "_first_bars", first_bars)
        object.__setattr__(self, "_meters", meters)

    @classmethod
    def constant(cls, numerator: int, denominator: int) -> "MeterMap":
        """One metre throughout."""
        return cls((MeterChange(0, Meter(numerator, denominator)),))

    def from_tick(self, tick: int, meter: Meter) -> "MeterMap":
        """The same with another metre from `tick` on, until the next change."""
        before = tuple(change for change in self.changes if change.tick < tick)
        if not before and tick > 0:
            before = (MeterChange(0, self.changes[0].meter),)
        after = (change for change in self.changes if change.tick > tick)
        return MeterMap((*before, MeterChange(tick, meter), *after))

    def bar_at(self, tick: int) -> Bar:
        """The bar in which `tick` lies; ticks before 0 lie in bar 0."""
        part = max(0, bisect_right(self._starts, tick) - 1)
        return self._bar(part, max(0, tick - self._starts[part]) // self._meters[part].bar_ticks)

    def bar(self, index: int) -> Bar:
        """Bar number `index`, counted from 0; negative ones are bar 0."""
        part = max(0, bisect_right(self._first_bars, index) - 1)
        return self._bar(part, max(0, index - self._first_bars[part]))

    def bars_between(self, start: int, end: int) -> tuple[Bar, ...]:
        """The bars that hold any tick of [start, end), in order."""
        if end <= start:
            return ()
        return tuple(self.bar(index) for index in range(self.bar_at(start).index, self.bar_at(end - 1).index + 1))

    def bar_beat_tick_at(self, tick: int) -> BarBeatTick:
        """How musicians say `tick`: 1|1|0 is the start."""
        bar = self.bar_at(tick)
        beat, rest = divmod(tick - bar.start, bar.meter.beat_ticks)
        return BarBeatTick(bar.index + 1, beat + 1, rest)

    def tick_at(self, place: BarBeatTick) -> int:
        """The tick of a bar|beat|tick. Inverse of `bar_beat_tick_at`."""
        bar = self.bar(place.bar - 1)
        return bar.start + (place.beat - 1) * bar.meter.beat_ticks + place.tick

    def _bar(self, part: int, offset: int) -> Bar:
        meter = self._meters[part]
        start = self._starts[part] + offset * meter.bar_ticks
        end = start + meter.bar_ticks
        if part + 1 < len(self._starts):
            end = min(end, self._starts[part + 1])
        return Bar(self._first_bars[part] + offset, start, end, meter)
