"""Finds a map by what can be reached, where mean tempi find none: exact in tempo and time, less choosy in its bars.

At a bar line the places one can be in are a convex polygon in (seconds since the start, seconds of an eighth in the
bar before): a bar of q eighths at x' leads from (T, x) to (T + q·x', x'), with x' as far from x as the cap allows, and
a hit in the bar cuts the polygon with a band. So a polygon that is not empty is proof, and going back through its
ancestors gives the tempi.

The search goes from anchor to anchor. What it finds up to one of them depends on no later one, so that after a hit is
given up it goes on from there. Where very many bar lines follow an anchor, some stand for all: how many eighths lie
before them matters little, their tempi and times do.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import heapify, heappop, heappush
from math import log, log1p

from hitpoint.spotting.bar_shapes import Shape, odd_cost, odd_shape
from hitpoint.spotting.polygon import Polygon, cut, hull, room, section, simple
from hitpoint.spotting.skeleton import Task

_ODD_LENGTHS = (2, 3)
"""Eighths. Every longer bar can be cut into bars of two and three, which only gives the tempo more places to change."""
_KEPT_CHEAP = 1
_KEPT_WIDE = 1
_KEPT_WIDE_SHORT = 24
"""Polygons kept at a bar line: those with the best bars, and those with most room; of these more where the cue is
short, where little time makes up for little room."""
_SHORT = 100
"""Eighths."""
_FARTHEST = 1.6
"""By what factor the tempo may leave the one wished for."""
_FEW = 100
"""Polygons after an anchor that are all followed."""
_ALIKE, _ALIKE_BARS = 0.12, 1.0
"""How far apart two tempi are that don't stand for each other: as a logarithm, and in bars that change as they may."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Bars with their tempi."""

    bars: tuple[Shape, ...]
    eighths: tuple[float, ...]
    """Seconds of an eighth in each."""
    places: tuple[int, ...]
    """Of each anchor: eighths from the cue's start."""


@dataclass(frozen=True, slots=True)
class _Node:
    polygon: Polygon
    place: int
    """Eighths from the start to this bar line."""
    met: int
    """How many anchors lie before it."""
    cost: float
    shape: Shape | None
    """Of the bar before."""
    places: tuple[int, ...]
    """Of the anchors in that bar."""
    before: "_Node | None"


@dataclass(slots=True)
class _Step:
    """What is reached from the bar lines after one anchor on."""

    onward: dict[int, list[_Node]] = field(default_factory=lambda: defaultdict(list))
    """The first bar lines after later ones, by how many anchors lie before them."""
    met_together: int = 0
    """How many anchors were met, in the course of a bar too."""


class Reach:
    """Answers for one task after another; where only later anchors differ from the last task's, it goes on from there.

    `tell` hears, while it goes on, how many anchors are done of how many.
    """

    def __init__(self, tell: Callable[[int, int], None] | None = None) -> None:
        self._tell = tell
        self._task: Task | None = None
        self._steps: list[_Step] = []

    def map_of(self, task: Task) -> tuple[Reached | None, int]:
        """A map that meets every anchor, or None; and how many anchors were met together, from the first on."""
        search = _Search(task)
        if self._task is not None:
            del self._steps[_unchanged(self._task, task) :]
        self._task = task
        while len(self._steps) < len(task.anchors):
            self._steps.append(search.step(self._reached(task, len(self._steps))))
            if self._tell is not None and self._steps[-1].onward:
                self._tell(len(self._steps), len(task.anchors))
        done = self._reached(task, len(task.anchors))
        if not done:
            return None, max(step.met_together for step in self._steps)
        last = min(node.place for node in done) + task.base.length
        best = min((node for node in done if node.place <= last), key=lambda node: (node.cost, node.place))
        return _traced(task, best), len(task.anchors)

    def _reached(self, task: Task, met: int) -> list[_Node]:
        """The first bar lines after so many anchors."""
        if met == 0:
            return [_Node([(0.0, task.wish)], 0, 0, 0.0, None, (), None)]
        return [node for step in self._steps for node in step.onward.get(met, ())]


def _unchanged(before: Task, task: Task) -> int:
    """How many steps are the same in both."""
    if replace(before, anchors=task.anchors) != task or _wide(before) != _wide(task):
        return 0
    pairs = zip(before.anchors, task.anchors, strict=False)
    same = next((index for index, (old, new) in enumerate(pairs) if old != new), None)
    if same is None:
        same = min(len(before.anchors), len(task.anchors))
    differing = [anchors[same].seconds for anchors in (before.anchors, task.anchors) if same < len(anchors)]
    if not differing:
        return same
    # A bar that begins before an anchor may have the ones after it in it, too.
    bar = task.base.length * task.wish * _FARTHEST
    anchors = task.anchors[:same]
    return sum(anchor.seconds + anchor.slack + bar < min(differing) - task.frame for anchor in anchors)


def _wide(task: Task) -> int:
    return _KEPT_WIDE_SHORT if task.anchors[-1].seconds * _FARTHEST / task.wish + 16 <= _SHORT else _KEPT_WIDE


class _Search:
    """One task's bars."""

    def __init__(self, task: Task) -> None:
        self._task = task
        odd = (odd_shape(length, task.base) for length in _ODD_LENGTHS)
        shapes = dict.fromkeys([task.base, *(shape for shape in odd if shape is not None)])
        self._shapes = [(shape, odd_cost(shape, task.base)) for shape in shapes]
        self._wide = _wide(task)

    def step(self, start: Sequence[_Node]) -> _Step:
        """All that is reached from these bar lines until the next anchor is met."""
        found = _Step()
        lines: dict[int, list[_Node]] = defaultdict(list)
        for node in _standing(start, self._task) if self._wide == _KEPT_WIDE else start:
            lines[node.place].append(node)
        places = list(lines)
        heapify(places)
        while places:
            for node in _kept(lines.pop(heappop(places)), self._wide):
                for child in self._bars(node, found):
                    if child.met > node.met:
                        found.onward[child.met].append(child)
                    else:
                        if child.place not in lines:
                            heappush(places, child.place)
                        lines[child.place].append(child)
        return found

    def _bars(self, node: _Node, found: _Step) -> Iterator[_Node]:
        """Every way of adding one bar: with no anchor in it, with the next one on one of its beats, and so on."""
        ratio, wish = 1.0 + self._task.cap, self._task.wish
        tempi = [(seconds, x) for seconds, eighth in node.polygon for x in (eighth / ratio, eighth * ratio)]
        beyond = any(not wish / _FARTHEST <= x <= wish * _FARTHEST for _, x in tempi)
        for shape, cost in self._shapes:
            polygon = hull([(seconds + shape.length * x, x) for seconds, x in tempi])
            if beyond:
                polygon = cut(cut(polygon, 0.0, 1.0, wish * _FARTHEST), 0.0, -1.0, -wish / _FARTHEST)
            if polygon:
                place, whole = node.place + shape.length, node.cost + cost
                for left, met, places in self._placed(polygon, shape, node.place, node.met, 0, found):
                    yield _Node(simple(left), place, met, whole, shape, places, node)

    def _placed(
        self, polygon: Polygon, shape: Shape, start: int, met: int, first: int, found: _Step
    ) -> Iterator[tuple[Polygon, int, tuple[int, ...]]]:
        """What can be reached at a bar's end, how many anchors are met by then, and the places of those in the bar.

        first: the eighth of the bar from which on the next one may be.
        """
        anchors = self._task.anchors
        if met == len(anchors):
            yield polygon, met, ()
            return
        early, late = anchors[met].seconds - anchors[met].slack, anchors[met].seconds + anchors[met].slack
        # Not in this bar: then the bar's end is no later than the anchor's.
        left_out = cut(polygon, 1.0, 0.0, late)
        if left_out:
            yield left_out, met, ()
        if max(polygon)[0] < early:
            return
        for beat in range(first, shape.length, shape.beat):
            # The beat comes at T' − (length − beat)·x'.
            back = float(shape.length - beat)
            times = [seconds - back * eighth for seconds, eighth in polygon]
            soonest, latest = min(times), max(times)
            if soonest > late:
                return
            within = polygon if latest <= late else cut(polygon, 1.0, -back, late)
            within = [] if latest < early else within if soonest >= early else cut(within, -1.0, back, -early)
            if within:
                found.met_together = max(found.met_together, met + 1)
                for left, after, places in self._placed(within, shape, start, met + 1, beat + shape.beat, found):
                    yield left, after, (start + beat, *places)


def _standing(nodes: Sequence[_Node], task: Task) -> Sequence[_Node]:
    """Those that are followed: all of a few; of many, at each tempo that with the best bars and that with most room."""
    if len(nodes) <= _FEW:
        return nodes
    apart = max(1e-3, min(_ALIKE, _ALIKE_BARS * log1p(task.cap)))
    spans = []
    for node in nodes:
        tempi = [eighth for _, eighth in node.polygon]
        low, high = (int(log(eighth / task.wish) // apart) for eighth in (min(tempi), max(tempi)))
        spans.append({(node.place - node.places[-1], tempo) for tempo in range(low, high + 1)})
    standing: set[int] = set()
    cheap = sorted(range(len(nodes)), key=lambda index: (nodes[index].cost, nodes[index].place))
    wide = sorted(range(len(nodes)), key=lambda index: -room(nodes[index].polygon))
    for order in (cheap, wide):
        covered: set[tuple[int, int]] = set()
        for index in order:
            if not spans[index] <= covered:
                covered |= spans[index]
                standing.add(index)
    return [nodes[index] for index in sorted(standing)]


def _kept(nodes: list[_Node], most_wide: int) -> list[_Node]:
    if len(nodes) == 1:
        return nodes
    cheap = sorted(nodes, key=lambda node: node.cost)[:_KEPT_CHEAP]
    wide = sorted(nodes, key=lambda node: -room(node.polygon))[:most_wide]
    return [*cheap, *(node for node in wide if not any(node is one for one in cheap))]


def _traced(task: Task, last: _Node) -> Reached:
    """The tempi from the last bar back, each as near to the one after it as it can be."""
    count = len(last.polygon)
    seconds = sum(point[0] for point in last.polygon) / count
    eighth = sum(point[1] for point in last.polygon) / count
    bars: list[Shape] = []
    eighths: list[float] = []
    places: list[int] = []
    node = last
    while node.before is not None and node.shape is not None:
        bars.append(node.shape)
        eighths.append(eighth)
        places[:0] = node.places
        seconds -= node.shape.length * eighth
        ratio = 1.0 + task.cap
        low, high = section(node.before.polygon, seconds)
        low, high = max(low, eighth / ratio), min(high, eighth * ratio)
        eighth = min(max(eighth, low), high) if low <= high else (low + high) / 2.0
        node = node.before
    return Reached(tuple(bars[::-1]), tuple(eighths[::-1]), tuple(places))
