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
    landings: dict[int, int] = {}
    following = 0
    for place, landing in sorted(enumerate(plan.landings), key=lambda item: item[1].tick):
        if landing.kind is LandingKind.STOP or not bar.start <= landing.tick < bar.end or following >= len(ticks):
            continue
        same = next((p for other, p in landings.items() if plan.landings[other].tick == landing.tick), None)
        nearest = (landing.tick - bar.start + POSITION_TICKS // 2) // POSITION_TICKS
        position = same if same is not None else min(len(ticks) - 1, max(following, nearest))
        ticks[position] = landing.tick
        landings[place] = position
        following = position + 1
    return BarGrid(tuple(ticks), landings)


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
