"""How strong the music is over some bars, as their plans say: in steps for notes, as a curve for controllers.

Rises are led up to over the bar before, as players do; falls come after the bar line, within a beat; where other music
comes in (a cue, a turn) the level is another at once. An accent has a peak of its own: out of silence, too, it is loud.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hitpoint.planner.intensity import PLAIN
from hitpoint.planner.phrases import Line, phrases_of
from hitpoint.score.dynamics import LOUDEST_PLAIN, Dynamics, LevelPoint
from hitpoint.score.request import BarPlan, LandingKind

ACCENT_LEVEL = 1.0
ACCENT_BEATS = 1.0
"""The time in which the level is back from an accent's peak, or down from a stronger bar's. Our choice."""


def dynamics_of(plans: Sequence[BarPlan], notes: Line = lambda *_: ()) -> Dynamics:
    """The dynamics of bars, given in order, as far as they reach; without any, plain ones. notes: what is written in
    them, as far as it is: the phrases breathe with it."""
    if not plans:
        plain = (LevelPoint(0, PLAIN),)
        return Dynamics(plain, plain)
    steps = tuple(LevelPoint(plan.bar.start, plan.controls.intensity or 0.0) for plan in plans)
    return Dynamics(steps, tuple(_with_peaks(_lines(plans), plans)), phrases_of(plans, notes))


def _lines(plans: Sequence[BarPlan]) -> tuple[LevelPoint, ...]:
    """The curve without its accents."""
    points = [LevelPoint(plans[0].bar.start, plans[0].level)]
    for before, plan in pairwise(plans):
        start = plan.bar.start
        if _enters(before, plan):
            points.append(LevelPoint(start, before.level))
        elif plan.level < before.level:
            points += [LevelPoint(start, before.level), LevelPoint(_beat_after(plan, start), plan.level)]
            continue
        points.append(LevelPoint(start, plan.level))
    return tuple(points)


def _enters(before: BarPlan, plan: BarPlan) -> bool:
    """True when what plays in the bar is not the music of the one before, grown."""
    turns = any(landing.kind in (LandingKind.ENTRANCE, LandingKind.TURN) for landing in plan.landings)
    return turns or plan.cue != before.cue or plan.bar.index != before.bar.index + 1


def _beat_after(plan: BarPlan, tick: int) -> int:
    return min(plan.bar.end - 1, tick + round(ACCENT_BEATS * plan.bar.meter.beat_ticks))


def _with_peaks(lines: tuple[LevelPoint, ...], plans: Sequence[BarPlan]) -> Iterator[LevelPoint]:
    """The curve with a peak at each accent; between the peak and its end the lines do not count."""
    base, place = Dynamics(lines, lines), 0
    peaks = [(landing.tick, plan) for plan in plans for landing in plan.landings if landing.velocity[0] > LOUDEST_PLAIN]
    for index, (tick, plan) in enumerate(peaks):
        end = max(tick + 1, _beat_after(plan, tick))
        if index + 1 < len(peaks):
            end = min(end, peaks[index + 1][0])
        while place < len(lines) and lines[place].tick < tick:
            yield lines[place]
            place += 1
        while place < len(lines) and lines[place].tick <= end:
            place += 1
        before = base.level_at(tick - 1) if tick > lines[0].tick else ACCENT_LEVEL
        yield LevelPoint(tick, before)
        yield LevelPoint(tick, ACCENT_LEVEL)
        yield LevelPoint(end, base.level_at(end))
    yield from lines[place:]
