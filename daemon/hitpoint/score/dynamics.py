"""How loud: the one law from a level of intensity, 0 to 1, to velocities, and how the level goes on over the ticks.

The planner's windows, the scheduler's answer to a fader and the controllers of ports and files all follow it, so that
none says louder where another says softer.
"""

from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

SOFTEST_CENTRE, CENTRE_RISE = 35, 75
"""Velocity of a plain note at level 0, and how much is added up to level 1. Our choice."""
HALF_WINDOW = 12
LOUDEST_PLAIN = 112
"""An accent is louder than anything around it, whatever the intensity."""
SWELL = 0.09
"""How much of the level a phrase adds at its peak and takes away at its ends, at a level of 0.5; less towards 0 and 1,
where it would be lost. Our choice: 10 steps of a controller that goes from 20 to 127, 4 of one from 80 on."""
_SAME_TICK = 1e-3
"""Ticks within which a point is reached: seconds turned into ticks fall a hair before it or after."""


def velocity_window(level: float) -> tuple[int, int]:
    """Softest and loudest plain note at that level."""
    centre = round(SOFTEST_CENTRE + CENTRE_RISE * level)
    return max(1, centre - HALF_WINDOW), min(LOUDEST_PLAIN, centre + HALF_WINDOW)


def velocity_at(velocity: int, written: float, level: float) -> int:
    """The velocity at `level` of a note written for the level `written`; an accent stays as it is."""
    if velocity > LOUDEST_PLAIN:
        return velocity
    return min(LOUDEST_PLAIN, max(1, velocity + round(CENTRE_RISE * (level - written))))


class LevelPoint(NamedTuple):
    """A level from a tick on."""

    tick: int
    level: float
    """0 to 1; of a phrase −1 to 1."""


def _tick(point: LevelPoint) -> int:
    return point.tick


@dataclass(frozen=True, slots=True)
class Dynamics:
    """How strong the music is over a stretch of ticks."""

    steps: tuple[LevelPoint, ...]
    """What plain notes are written for, from each point to the next: bars. At least one."""
    curve: tuple[LevelPoint, ...]
    """What controllers follow: straight lines between points; two points at one tick are a step. At least one."""
    phrases: tuple[LevelPoint, ...] = ()
    """How far a phrase has swelled: −1 where one begins or ends, up to 1 at its peak, straight lines between. Empty for
    music without phrases. Only controllers follow it."""

    def step_at(self, tick: float) -> float:
        """The level of plain notes at `tick`; before the first point and after the last, theirs."""
        return self.steps[max(0, bisect_right(self.steps, tick, key=_tick) - 1)].level

    def level_at(self, tick: float) -> float:
        """The intensity's own level at `tick`; on a step, the one after it."""
        return _on(self.curve, tick)

    def expressed_at(self, tick: float) -> float:
        """The level of controllers at `tick`, 0 to 1: the intensity's, with the swell of the phrase."""
        level = _on(self.curve, tick)
        # More level is more, whatever the phrase: so the swell of a build never turns it round.
        return level + 4 * level * (1 - level) * SWELL * _on(self.phrases, tick) if self.phrases else level

    def moves_at(self, tick: float) -> bool:
        """True when the curve rises or falls right after `tick`."""
        return _moves(self.curve, tick)

    def swells_at(self, tick: float) -> bool:
        """True when the phrase rises or falls right after `tick`."""
        return _moves(self.phrases, tick)

    def next_point(self, tick: float) -> int | None:
        """The tick of the curve's first point after `tick`; None when there is none."""
        return _after(self.curve, tick)

    def next_turn(self, tick: float) -> int | None:
        """The tick at which a phrase begins, turns or ends next after `tick`; None when none does."""
        return _after(self.phrases, tick)


def _on(points: tuple[LevelPoint, ...], tick: float) -> float:
    place = bisect_right(points, tick + _SAME_TICK, key=_tick)
    if place == 0:
        return points[0].level
    before = points[place - 1]
    if place == len(points) or tick <= before.tick:
        return before.level
    after = points[place]
    return before.level + (after.level - before.level) * (tick - before.tick) / (after.tick - before.tick)


def _moves(points: tuple[LevelPoint, ...], tick: float) -> bool:
    place = bisect_right(points, tick + _SAME_TICK, key=_tick)
    return 0 < place < len(points) and points[place - 1].level != points[place].level


def _after(points: tuple[LevelPoint, ...], tick: float) -> int | None:
    place = bisect_right(points, tick + _SAME_TICK, key=_tick)
    return points[place].tick if place < len(points) else None
