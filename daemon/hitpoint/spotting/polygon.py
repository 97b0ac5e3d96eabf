"""Convex polygons in the plane of (seconds since the start, seconds of an eighth): what can be reached at a bar line.

Corners go anticlockwise. A polygon may have shrunk to a line or a point; without corners there is nothing left.
"""

from itertools import pairwise

Point = tuple[float, float]
Polygon = list[Point]

_MOST_CORNERS = 12
"""Corners beyond these are cut off: what is left can still be reached."""
_NEAR = 1e-9


def hull(points: Polygon) -> Polygon:
    """The corners of the smallest convex polygon around the points."""
    ordered = sorted(set(points))
    if len(ordered) <= 2:
        return ordered
    return [*_half(ordered), *_half(ordered[::-1])]


def _half(ordered: Polygon) -> Polygon:
    chain = ordered[:1]
    bx, by = ordered[0]
    for x, y in ordered[1:]:
        while len(chain) >= 2:
            ax, ay = chain[-2]
            if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0.0:
                break
            chain.pop()
            bx, by = ax, ay
        chain.append((x, y))
        bx, by = x, y
    return chain[:-1]


def cut(polygon: Polygon, of_seconds: float, of_eighth: float, limit: float) -> Polygon:
    """What of the polygon has of_seconds·T + of_eighth·x ≤ limit."""
    over = [of_seconds * seconds + of_eighth * eighth - limit for seconds, eighth in polygon]
    if not polygon or max(over) <= 0.0:
        return polygon
    if min(over) > 0.0:
        return []
    kept: Polygon = []
    for point, off, other, further in zip(polygon, over, polygon[1:] + polygon[:1], over[1:] + over[:1], strict=True):
        if off <= 0.0:
            kept.append(point)
        if (off <= 0.0) != (further <= 0.0):
            part = off / (off - further)
            kept.append((point[0] + part * (other[0] - point[0]), point[1] + part * (other[1] - point[1])))
    return list(dict.fromkeys(kept))


def simple(polygon: Polygon) -> Polygon:
    """The polygon, or one inside it with fewer corners."""
    while len(polygon) > _MOST_CORNERS:
        corners = len(polygon)
        areas = [abs(_turn(polygon[i - 1], polygon[i], polygon[(i + 1) % corners])) for i in range(corners)]
        polygon = [point for index, point in enumerate(polygon) if index != areas.index(min(areas))]
    return polygon


def room(polygon: Polygon) -> float:
    """How much is in it: its area, and a little for the tempi it spans."""
    area = abs(sum(_turn(polygon[0], a, b) for a, b in pairwise(polygon[1:]))) / 2.0
    tempi = [eighth for _, eighth in polygon]
    return area + 1e-6 * (max(tempi) - min(tempi))


def section(polygon: Polygon, seconds: float) -> Point:
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


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
