"""Finds a map by what can be reached, where mean tempi find none: exact in tempo and time, less choosy in its bars.

At a bar line the places one can be in are a convex polygon in (seconds since the start, seconds of an eighth in the
bar before): a bar of q eighths at x' leads from (T, x) to (T + q·x', x'), with x' as far from x as the cap allows, and
a hit in the bar cuts the polygon with a band. So a polygon that is not empty is proof, and going back through its
ancestors gives the tempi.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from hitpoint.spotting.bar_shapes import Shape, odd_cost, odd_shape
from hitpoint.spotting.skeleton import Anchor, Task

Point = tuple[float, float]
Polygon = list[Point]

_ODD_LENGTHS = (2, 3)
"""Eighths. Every longer bar can be cut into bars of two and three, which only gives the tempo more places to change."""
_MOST_CORNERS = 12
"""Corners beyond these are cut off: what is left can still be reached."""
_KEPT_CHEAP = 1
_KEPT_WIDE = 1
_KEPT_WIDE_SHORT = 24
"""Polygons kept at a bar line: those with the best bars, and those with most room; of these more where the cue is
short, where little time makes up for little room."""
_SHORT = 100
"""Eighths."""
_FARTHEST = 1.6
"""By what factor the tempo may leave the one wished for."""
_NEAR = 1e-9


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


def reach(task: Task) -> tuple[Reached | None, int]:
    """A map that meets every anchor, or None; and how many anchors were met together, from the first on."""
    start = _Node([(0.0, task.wish)], 0, 0, 0.0, None, (), None)
    lines: dict[int, dict[int, list[_Node]]] = {0: {0: [start]}}
    # How many anchors were met together, in the course of a bar too.
    met_together = {0}
    shapes = [task.base, *(shape for length in _ODD_LENGTHS if (shape := odd_shape(length, task.base)) is not None)]
    shapes = list(dict.fromkeys(shapes))
    last = ceil(task.anchors[-1].seconds * _FARTHEST / task.wish) + 16
    done: list[_Node] = []
    for place in range(last):
        if done and place > min(node.place for node in done) + task.base.length:
            break
        for met, nodes in lines.pop(place, {}).items():
            if met == len(task.anchors):
                done.extend(nodes)
                continue
            for node in _kept(nodes, _KEPT_WIDE_SHORT if last < _SHORT else _KEPT_WIDE):
                for shape in shapes:
                    for child in _bar(task, node, shape, met_together):
                        lines.setdefault(child.place, defaultdict(list))[child.met].append(child)
    if not done:
        return None, max(met_together)
    return _traced(task, min(done, key=lambda node: (node.cost, node.place))), len(task.anchors)


def _kept(nodes: Sequence[_Node], most_wide: int) -> list[_Node]:
    cheap = sorted(nodes, key=lambda node: node.cost)[:_KEPT_CHEAP]
    wide = sorted(nodes, key=lambda node: -_room(node.polygon))[:most_wide]
    return [*cheap, *(node for node in wide if not any(node is one for one in cheap))]


def _bar(task: Task, node: _Node, shape: Shape, met_together: set[int]) -> Iterator[_Node]:
    """Every way of adding one bar: with no anchor in it, with the next one on one of its beats, and so on."""
    ratio = 1.0 + task.cap
    length = shape.length
    moved = [(seconds + length * x, x) for seconds, eighth in node.polygon for x in (eighth / ratio, eighth * ratio)]
    polygon = _hull(moved)
    polygon = _cut(polygon, 0.0, 1.0, task.wish * _FARTHEST)
    polygon = _cut(polygon, 0.0, -1.0, -task.wish / _FARTHEST)
    yield from _placed(task, node, shape, polygon, node.met, 0, (), met_together)


def _placed(
    task: Task, node: _Node, shape: Shape, polygon: Polygon, met: int, first: int, places: tuple[int, ...],
    met_together: set[int],
) -> Iterator[_Node]:  # fmt: skip
    if not polygon:
        return
    length = shape.length
    if met == len(task.anchors):
        yield _node(task, node, shape, polygon, met, places)
        return
    anchor = task.anchors[met]
    # Not in this bar: then the bar's end is no later than the anchor's.
    left_out = _cut(polygon, 1.0, 0.0, anchor.seconds + anchor.slack)
    if left_out:
        yield _node(task, node, shape, left_out, met, places)
    for beat in range(first, length, shape.beat):
        # The beat comes at T' − (length − beat)·x'.
        back = float(length - beat)
        within = _band(polygon, back, anchor)
        if within:
            met_together.add(met + 1)
            there = (*places, node.place + beat)
            yield from _placed(task, node, shape, within, met + 1, beat + shape.beat, there, met_together)


def _band(polygon: Polygon, back: float, anchor: Anchor) -> Polygon:
    times = [seconds - back * eighth for seconds, eighth in polygon]
    early, late = anchor.seconds - anchor.slack, anchor.seconds + anchor.slack
    if min(times) > late or max(times) < early:
        return []
    return _cut(_cut(polygon, 1.0, -back, late), -1.0, back, -early)


def _node(task: Task, node: _Node, shape: Shape, polygon: Polygon, met: int, places: tuple[int, ...]) -> _Node:
    cost = node.cost + odd_cost(shape, task.base)
    return _Node(_simple(polygon), node.place + shape.length, met, cost, shape, places, node)


def _hull(points: Polygon) -> Polygon:
    """The corners of the smallest convex polygon around the points, anticlockwise."""
    ordered = sorted(set(points))
    if len(ordered) <= 2:
        return ordered
    return [*_half(ordered), *_half(ordered[::-1])]


def _half(ordered: Polygon) -> Polygon:
    chain: Polygon = []
    for point in ordered:
        while len(chain) >= 2 and _turn(chain[-2], chain[-1], point) <= 0.0:
            chain.pop()
        chain.append(point)
    return chain[:-1]


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _cut(polygon: Polygon, of_seconds: float, of_eighth: float, limit: float) -> Polygon:
    """What of the polygon has of_seconds·T + of_eighth·x ≤ limit."""
    over = [of_seconds * seconds + of_eighth * eighth - limit for seconds, eighth in polygon]
    if not polygon or max(over) <= 0.0:
        return polygon
    if min(over) > 0.0:
        return []
    kept: Polygon = []
    for index, point in enumerate(polygon):
        if over[index] <= 0.0:
            kept.append(point)
        following = (index + 1) % len(polygon)
        if (over[index] <= 0.0) != (over[following] <= 0.0):
            part = over[index] / (over[index] - over[following])
            other = polygon[following]
            kept.append((point[0] + part * (other[0] - point[0]), point[1] + part * (other[1] - point[1])))
    return list(dict.fromkeys(kept))


def _simple(polygon: Polygon) -> Polygon:
    while len(polygon) > _MOST_CORNERS:
        corners = len(polygon)
        areas = [abs(_turn(polygon[i - 1], polygon[i], polygon[(i + 1) % corners])) for i in range(corners)]
        polygon = [point for index, point in enumerate(polygon) if index != areas.index(min(areas))]
    return polygon


def _room(polygon: Polygon) -> float:
    area = abs(sum(_turn(polygon[0], a, b) for a, b in pairwise(polygon[1:]))) / 2.0
    tempi = [eighth for _, eighth in polygon]
    return area + 1e-6 * (max(tempi) - min(tempi))


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
        low, high = _section(node.before.polygon, seconds)
        low, high = max(low, eighth / ratio), min(high, eighth * ratio)
        eighth = min(max(eighth, low), high) if low <= high else (low + high) / 2.0
        node = node.before
    return Reached(tuple(bars[::-1]), tuple(eighths[::-1]), tuple(places))


def _section(polygon: Polygon, seconds: float) -> Point:
    """Least and greatest second coordinate of the polygon where the first is `seconds`."""
    found: list[float] = []
    for index, one in enumerate(polygon):
        other = polygon[(index + 1) % len(polygon)]
        if min(one[0], other[0]) - _NEAR <= seconds <= max(one[0], other[0]) + _NEAR:
            span = other[0] - one[0]
            if abs(span) <= _NEAR:
                found += [one[1], other[1]]
            else:
                part = min(1.0, max(0.0, (seconds - one[0]) / span))
                found.append(one[1] + part * (other[1] - one[1]))
    if not found:
        nearest = min(polygon, key=lambda point: abs(point[0] - seconds))
        found = [nearest[1]]
    return min(found), max(found)
