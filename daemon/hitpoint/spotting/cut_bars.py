"""Cuts bars in two where the tempo must change more than the cap allows at the bar lines there are.

Every beat stays a beat, so that whatever the uncut bars allow the cut ones do, and more.
"""

import numpy as np

from hitpoint.spotting.bar_shapes import Shape, odd_shape
from hitpoint.spotting.bar_tempi import Floats
from hitpoint.spotting.skeleton import Skeleton, Task

_AROUND = 3
"""Bars on either side of a change that is too large."""


def cut_bars(task: Task, skeleton: Skeleton, eighths: Floats | None, round_: int) -> Skeleton:
    """The skeleton with its troubled bars in halves; all of them where there are no tempi, or from the second time."""
    count = len(skeleton.bars)
    troubled = np.ones(count, dtype=bool)
    if eighths is not None and round_ == 0:
        tempi = np.concatenate([[task.wish], eighths])
        over = np.abs(np.diff(np.log(tempi))) > 0.5 * np.log1p(task.cap)
        troubled = np.convolve(over, np.ones(2 * _AROUND + 1), mode="same")[:count] > 0.0
    bars = tuple(
        half for bar, cut in zip(skeleton.bars, troubled, strict=True) for half in _halves(bar, task.base, cut)
    )
    return Skeleton(bars, skeleton.places, skeleton.cost)


def _halves(bar: Shape, base: Shape, cut: bool) -> tuple[Shape, ...]:
    if not cut or bar.length < 4:
        return (bar,)
    # Halves of whole beats where there are some, longer first.
    first = (bar.length + 1) // 2
    if bar.beat == 2 and bar.length % 4 == 0:
        pair = odd_shape(first, base), odd_shape(bar.length - first, base)
    elif bar.beat == 2 and bar.length > 6:
        first = 2 * ((bar.length // 2 + 1) // 2)
        pair = odd_shape(first, base), odd_shape(bar.length - first, base)
    else:
        pair = odd_shape(first, base, 1), odd_shape(bar.length - first, base, 1)
    return (bar,) if pair[0] is None or pair[1] is None else (pair[0], pair[1])
