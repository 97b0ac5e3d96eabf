"""One cue of a host's timeline by itself, as if it were all there is: its own tempo, metre, hits and drawn curves, from
its entrance on. What is written to it lands on the same moments as in the whole.

Light: the page's process loads it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hitpoint.planner.seed import seed_of
from hitpoint.score.control_curve import BarPoint, ControlCurve
from hitpoint.score.cue import DEFAULT_BARS, Cue, HitPoint
from hitpoint.score.direction_tokens import CUE_NUMBER
from hitpoint.score.request import LandingKind
from hitpoint.score.session import Session
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import MeterChange, MeterMap
from hitpoint.timeline.tempo_map import TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline

_END = "END"
_NUMBERS = 10_000


@dataclass(frozen=True)
class CueAlone:
    """A cue that can be written."""

    session: Session
    """What its bars are planned from; its timeline begins where the cue enters."""
    timeline: Timeline
    """The same ticks, with the markers' own names."""
    bars: int
    """Up to the one in which its END falls."""


def cue_alone(whole: Timeline, direction: str, curves: Sequence[ControlCurve], cue: Cue, after: int | None) -> CueAlone:
    """The cue, cut out of `whole`.

    direction: what to play where no marker says anything. curves: drawn over the bars of the whole. after: the tick at
    which the next cue enters; None for the last. A cue that nothing ends gets its END: where its last bar before the
    next cue begins, else where its direction says, else after DEFAULT_BARS, and always after its last hit.
    """
    start, bars = cue.start, whole.meter_map
    end = cue.end if cue.end is not None else _end(bars, cue, after)
    points = [point for point in cue.hit_points if point.tick <= end]
    named = [Marker(point.tick - start, _name(point)) for point in points if point.name]
    if cue.end is None:
        named.append(Marker(end - start, _END))
    first = points[0]
    planned = [replace(named[0], name=_entrance(first.name)), *named[1:]] if first.name else named
    begins = None
    if whole.start_frame is not None:
        seconds = whole.tempo_map.seconds_at(start)
        begins = whole.start_frame + round(seconds * float(whole.frame_rate.frames_per_second))
    alone = Timeline(_tempo(whole.tempo_map, start, end), _metre(bars, start, end), (), (), whole.frame_rate, begins)
    bar = bars.bar_at(start).index
    moved = tuple(
        ControlCurve(curve.name, tuple(BarPoint(point.bar - bar, point.value) for point in curve.points))
        for curve in curves
    )
    session = Session(replace(alone, markers=tuple(planned)), direction=direction, curves=moved)
    count = alone.meter_map.bar_at(end - start).index + 1
    return CueAlone(session, replace(alone, markers=tuple(named)), count)


def _end(bars: MeterMap, cue: Cue, after: int | None) -> int:
    """The bar line on which a cue ends that nothing ends, so that its last bar holds its last chord."""
    latest = bars.bar_at(cue.hit_points[-1].tick).index + 1
    if after is not None:
        end = bars.bar_at(after - 1).start
        return end if end > cue.hit_points[-1].tick else after
    return bars.bar(max(latest, bars.bar_at(cue.start).index + (cue.direction.bars or DEFAULT_BARS) - 1)).start


def _name(point: HitPoint) -> str:
    # A region's end has the region's name, which would be heard as words of direction.
    if point.kind is LandingKind.END and not point.name.strip().upper().startswith(_END):
        return _END
    return point.name


def _entrance(name: str) -> str:
    """Words that enter a cue of its own: what is no cue by its number may be one by where it stands."""
    if re.search(CUE_NUMBER, name):
        return name
    # The same for the same words, so that the take stays the same.
    drawn = seed_of(name, "")
    return f"{drawn % _NUMBERS}m{drawn // _NUMBERS % _NUMBERS} {name}"


def _tempo(whole: TempoMap, start: int, end: int) -> TempoMap:
    # A ramp goes on as it would have: it is even from any place in it.
    holds = [point for point in whole.points if point.tick <= start] or [whole.points[0]]
    first = TempoPoint(0, whole.bpm_at(start), holds[-1].ramp)
    later = [point for point in whole.points if point.tick > start]
    # The one after the end is where a ramp inside leads to.
    needed = [point for place, point in enumerate(later) if place == 0 or later[place - 1].tick < end]
    return TempoMap((first, *(replace(point, tick=point.tick - start) for point in needed)))


def _metre(whole: MeterMap, start: int, end: int) -> MeterMap:
    bar = whole.bar_at(start)
    changes = [MeterChange(0, bar.meter)]
    if bar.start < start:
        changes.append(MeterChange(bar.end - start, whole.bar(bar.index + 1).meter))
    last = changes[-1].tick
    changes += [
        MeterChange(change.tick - start, change.meter)
        for change in whole.changes
        if last < change.tick - start and change.tick < end
    ]
    return MeterMap(tuple(changes))
