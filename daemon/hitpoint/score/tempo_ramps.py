"""A tempo map for formats that know one kind of ramp: the other kind becomes a few short ones of theirs."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint

LARGEST_DRIFT = 0.001
"""Seconds by which the clock may differ from the map's at any tick, for each ramp of the other kind before it; a test
holds it to this."""

_PIECE_DRIFT = 2e-6
"""Seconds of it in a single piece. A ramp from 80 to 160 bpm in four bars has some fifty."""


def with_ramps(tempo_map: TempoMap, ramp: Ramp, at: Iterable[int] = ()) -> TempoMap:
    """The same tempi, with no ramps but of this kind, points at 0 and at all the ticks in `at`, and a step at last."""
    ticks = sorted({0, *(tick for tick in at if tick > 0), *(point.tick for point in tempo_map.points)})
    kinds = {point.tick: point.ramp for point in tempo_map.points[:-1]}
    kind, points = Ramp.STEP, []
    for here, there in pairwise((*ticks, ticks[-1] + 1)):
        kind = kinds.get(here, kind if here < tempo_map.points[-1].tick else Ramp.STEP)
        inner = _bent(tempo_map, ramp, here, there) if kind not in (Ramp.STEP, ramp) else iter((here,))
        points += [TempoPoint(tick, tempo_map.bpm_at(tick), Ramp.STEP if kind is Ramp.STEP else ramp) for tick in inner]
    return TempoMap(tuple(points))


def _bent(tempo_map: TempoMap, ramp: Ramp, start: int, end: int) -> Iterator[int]:
    """Where the pieces from start to end begin."""
    # A ramp arrives at the next point's tempo, so that it can be asked for there.
    ends = TempoPoint(0, tempo_map.bpm_at(start), ramp), TempoPoint(end - start, tempo_map.bpm_at(end))
    piece = TempoMap(ends)
    true = tempo_map.seconds_at(end) - tempo_map.seconds_at(start)
    if end - start == 1 or abs(piece.seconds_at(end - start) - true) <= _PIECE_DRIFT:
        yield start
    else:
        middle = (start + end) // 2
        yield from _bent(tempo_map, ramp, start, middle)
        yield from _bent(tempo_map, ramp, middle, end)
