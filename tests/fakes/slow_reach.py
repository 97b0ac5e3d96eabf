"""What a map can reach, looked for at every bar line of every length of the cue: an answer to compare a search with.

As `spotting.reach`, but from bar line to bar line, with nothing that stands for anything else and nothing kept.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import ceil

from hitpoint.spotting.bar_shapes import Shape, odd_cost, odd_shape
from hitpoint.spotting.polygon import Polygon, cut, hull, room, simple
from hitpoint.spotting.reach import Reached, _Node, _traced
from hitpoint.spotting.skeleton import Anchor, Task

_ODD_LENGTHS = (2, 3)
_KEPT_CHEAP = 1
_KEPT_WIDE = 1
_KEPT_WIDE_SHORT = 24
_SHORT = 100
_FARTHEST = 1.6


def slowly_reached(task: Task) -> tuple[Reached | None, int]:
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
    wide = sorted(nodes, key=lambda node: -room(node.polygon))[:most_wide]
    return [*cheap, *(node for node in wide if not any(node is one for one in cheap))]


def _bar(task: Task, node: _Node, shape: Shape, met_together: set[int]) -> Iterator[_Node]:
    """Every way of adding one bar: with no anchor in it, with the next one on one of its beats, and so on."""
    ratio = 1.0 + task.cap
    length = shape.length
    moved = [(seconds + length * x, x) for seconds, eighth in node.polygon for x in (eighth / ratio, eighth * ratio)]
    polygon = hull(moved)
    polygon = cut(polygon, 0.0, 1.0, task.wish * _FARTHEST)
    polygon = cut(polygon, 0.0, -1.0, -task.wish / _FARTHEST)
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
    left_out = cut(polygon, 1.0, 0.0, anchor.seconds + anchor.slack)
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
    return cut(cut(polygon, 1.0, -back, late), -1.0, back, -early)


def _node(task: Task, node: _Node, shape: Shape, polygon: Polygon, met: int, places: tuple[int, ...]) -> _Node:
    cost = node.cost + odd_cost(shape, task.base)
    return _Node(simple(polygon), node.place + shape.length, met, cost, shape, places, node)
