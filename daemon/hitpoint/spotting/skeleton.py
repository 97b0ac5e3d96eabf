"""Which beat each hit gets, and how the bars lie: the shortest path over the hits.

A layer is a hit; a state is its place in its bar and how many eighths lie between it and the hit before, from which
follows the mean tempo there. What a step costs is what an ear minds: odd bars, a heavy hit off the bar line, a tempo
that changes or leaves the one wished for. Tempi are means here; `bar_tempi` gives each bar its own.
"""

from dataclasses import dataclass
from math import inf, log, log1p

from hitpoint.spotting.bar_shapes import Shape, Way, ways

OFF_THE_LINE = 0.6
"""What a hit of weight 1 costs on a beat inside a bar; half-way through the bar half of that. So a hit of weight 2 is
worth an odd bar, and one of weight 1 is not."""
_STEP = 0.012
"""Change of tempo from a bar to the next, as a logarithm, that costs as much as an odd bar."""
_CHANGE = 0.06
"""The same from one gap to the next, however many bars it is spread over."""
_DRIFT = 0.10
"""The same away from the tempo wished for."""
_FREE = 0.5
"""What passing a free hit of weight 1 by two frames or more costs."""
_FREE_FRAMES = 2.0
_MEANS_MAY_JUMP = 4.0
"""How much further than the cap mean tempi may be apart: bars can be cut, and a hit inside a bar gives way."""
_MOST_BEATS_TRIED = 5
_MOST_HALVES_TRIED = 3
_HALVES_BELOW = 40
"""Eighths in a gap from which on half a beat more or less no longer helps."""
_HOPELESS = 30.0
"""A state that costs this much more than the best one is given up."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A moment that must be on a beat: one locked hit, or some within a frame."""

    seconds: float
    """From the cue's start."""
    slack: float
    """Seconds by which the beat may be off."""
    weight: float


@dataclass(frozen=True, slots=True)
class FreeHit:
    """A moment that may be passed by."""

    seconds: float
    weight: float


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be solved."""

    anchors: tuple[Anchor, ...]
    """After the cue's start, in time order."""
    free: tuple[FreeHit, ...]
    end: float
    """Seconds that the bars must cover."""
    wish: float
    """Seconds of an eighth note."""
    base: Shape
    cap: float
    """Largest change of tempo from a bar to the next, as a part of it."""
    frame: float
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Bars without tempi."""

    bars: tuple[Shape, ...]
    places: tuple[int, ...]
    """Of each anchor: eighths from the cue's start."""
    cost: float


@dataclass(frozen=True, slots=True)
class _State:
    cost: float
    log_eighth: float
    """Logarithm of the mean seconds of an eighth since the hit before."""
    bars: int
    """In that gap, at least 1."""
    open_bar: Shape
    phase: int
    gap: int
    way: Way | None
    before: "_State | None"


def skeletons(task: Task, most: int) -> list[Skeleton]:
    """Up to `most` of them, the cheapest first; none where no tempo anywhere near can count the gaps."""
    start = _State(0.0, log(task.wish), 1, task.base, 0, 0, None, None)
    layer = [start]
    seconds = 0.0
    for anchor in task.anchors:
        layer = _next_layer(task, layer, anchor, seconds)
        seconds = anchor.seconds
        if not layer:
            return []
    layer.sort(key=lambda state: (state.cost, state.gap, state.phase))
    return [_built(task, state) for state in layer[:most]]


def _next_layer(task: Task, layer: list[_State], anchor: Anchor, seconds: float) -> list[_State]:
    best: dict[tuple[int, int, int], _State] = {}
    limit = log1p(task.cap)
    cheapest = inf
    length = anchor.seconds - seconds
    first = layer[0].before is None
    for gap in _gaps(length, task):
        log_eighth = log(length / gap)
        bars = max(1, gap // task.base.length)
        own = ((log_eighth - log(task.wish)) / _DRIFT) ** 2 * min(1.0, bars / 4) + _passed(task, seconds, length, gap)
        for state in layer:
            change = abs(log_eighth - state.log_eighth)
            spread = max(1.0, (bars + (1 if first else state.bars)) / 2)
            if change > limit * spread * _MEANS_MAY_JUMP:
                continue
            cost = state.cost + own + (change / spread / _STEP) ** 2 * 0.3 + (change / _CHANGE) ** 2
            if cost > cheapest + _HOPELESS:
                continue
            for way in ways(task.base, state.open_bar, state.phase, gap):
                open_bar = way.bars[-1] if way.bars else way.reshaped or state.open_bar
                total = cost + way.cost + _off_the_line(way.phase, open_bar, anchor.weight)
                key = way.phase, gap, open_bar.length * 3 + open_bar.beat if way.phase else 0
                if key not in best or total < best[key].cost:
                    best[key] = _State(total, log_eighth, bars, open_bar, way.phase, gap, way, state)
                    cheapest = min(cheapest, total)
    return [state for state in best.values() if state.cost <= cheapest + _HOPELESS]


def _gaps(length: float, task: Task) -> list[int]:
    """How many eighths may lie in a gap of so many seconds: whole beats first, then halves where they help."""
    wanted = length / task.wish
    step = task.base.beat
    near = max(1, round(wanted / step))
    beats = [count * step for count in range(max(1, near - _MOST_BEATS_TRIED), near + _MOST_BEATS_TRIED + 1)]
    beats.sort(key=lambda gap: abs(log(gap / wanted)))
    found = beats[:_MOST_BEATS_TRIED]
    if step > 1 and wanted < _HALVES_BELOW:
        around = max(1, round(wanted))
        others = [gap for gap in range(max(1, around - step * 2), around + step * 2 + 1) if gap % step]
        others.sort(key=lambda gap: abs(log(gap / wanted)))
        found += others[:_MOST_HALVES_TRIED]
    return [gap for gap in found if 0.5 <= gap / wanted <= 2.0]


def _off_the_line(phase: int, bar: Shape, weight: float) -> float:
    if phase == 0:
        return 0.0
    return OFF_THE_LINE * weight * (0.5 if 2 * phase == bar.length else 1.0)


def _passed(task: Task, seconds: float, length: float, gap: int) -> float:
    """What passing by the free hits in a gap costs, at its mean tempo."""
    beat = length / gap * task.base.beat
    cost = 0.0
    for hit in task.free:
        if seconds < hit.seconds < seconds + length:
            into = (hit.seconds - seconds) / beat
            frames = abs(into - round(into)) * beat / task.frame
            cost += _FREE * hit.weight * min(1.0, (frames / _FREE_FRAMES) ** 2)
    return cost


def _built(task: Task, last: _State) -> Skeleton:
    path: list[_State] = []
    state: _State | None = last
    while state is not None and state.way is not None:
        path.append(state)
        state = state.before
    bars: list[Shape] = []
    places: list[int] = []
    place = 0
    for step in reversed(path):
        assert step.way is not None
        if step.way.reshaped is not None:
            bars[-1] = step.way.reshaped
        bars.extend(step.way.bars)
        place += step.gap
        places.append(place)
    tail = max(0.0, task.end - (task.anchors[-1].seconds if task.anchors else 0.0))
    eighth = task.wish if last.before is None else 2.718281828459045**last.log_eighth
    covered = sum(bar.length for bar in bars)
    while not bars or covered <= place or (covered - place) * eighth < tail:
        bars.append(task.base)
        covered += task.base.length
    return Skeleton(tuple(bars), tuple(places), last.cost)
