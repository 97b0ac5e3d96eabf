"""A bar's positions as ticks, bent so that every landing has a position of its own, exactly on its tick."""

from bisect import bisect_left
from dataclasses import dataclass, replace

from hitpoint.score.request import BarPlan, LandingKind
from hitpoint.timeline.meter import Bar
from hitpoint.tokens.grid import LONGEST_BAR_TICKS, POSITION_TICKS


@dataclass(frozen=True)
class BarGrid:
    """Where each position of a bar falls. `tick_at` and `position_at` are a round trip."""

    ticks: tuple[int, ...]
    """Of positions 0, 1 …, strictly rising, all inside the bar."""
    landings: dict[int, int]
    """Position of each landing that is struck, by its place in `plan.landings`."""

    def tick_at(self, position: int) -> int:
        """The tick of a position."""
        return self.ticks[position]

    def position_at(self, tick: int) -> int:
        """The position nearest to a tick."""
        after = bisect_left(self.ticks, tick)
        if after == 0:
            return 0
        if after == len(self.ticks):
            return after - 1
        return after if self.ticks[after] - tick < tick - self.ticks[after - 1] else after - 1


def bar_grid(plan: BarPlan) -> BarGrid:
    """The positions of a planned bar of at most LONGEST_BAR_TICKS."""
    bar = plan.bar
    ticks = list(range(bar.start, bar.end, POSITION_TICKS))
    struck = {
        index: landing.tick
        for index, landing in enumerate(plan.landings)
        if landing.kind is not LandingKind.STOP and bar.start <= landing.tick < bar.end
    }
    wanted = sorted(set(struck.values()))[: len(ticks)]
    places: dict[int, int] = {}
    following = 0
    for index, tick in enumerate(wanted):
        nearest = (tick - bar.start + POSITION_TICKS // 2) // POSITION_TICKS
        # As many places are left free as landings are still to come, also at the very end of the bar.
        place = min(len(ticks) - len(wanted) + index, max(following, nearest))
        ticks[place], places[tick] = tick, place
        following = place + 1
    return BarGrid(tuple(ticks), {index: places[tick] for index, tick in struck.items() if tick in places})


def short_plans(plan: BarPlan) -> tuple[BarPlan, ...]:
    """The plan itself, or, when its bar is longer than the grid, plans of its beats in equal groups that fit."""
    bar = plan.bar
    if bar.ticks <= LONGEST_BAR_TICKS:
        return (plan,)
    pieces = -(-bar.ticks // LONGEST_BAR_TICKS)
    beats = max(1, -(-bar.meter.numerator // pieces))
    length = min(beats * bar.meter.beat_ticks, LONGEST_BAR_TICKS)
    starts = range(bar.start, bar.end, length)
    return tuple(_cut(plan, start, min(start + length, bar.end)) for start in starts)


def _cut(plan: BarPlan, start: int, end: int) -> BarPlan:
    # All landings stay: notes of this stretch may have to end for one in the next.
    return replace(plan, bar=Bar(plan.bar.index, start, end, plan.bar.meter))
