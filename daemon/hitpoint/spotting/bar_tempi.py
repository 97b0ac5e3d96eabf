"""A tempo for each bar of a skeleton, so that every anchor is on its beat and the tempo changes as little as it can.

In seconds of an eighth note everything is linear: an anchor is a sum of bars, a change of tempo a difference.
First one tempo a gap, as a person would write it. Where that makes a step one would hear, a tempo a bar, the sum of
squared changes being least; where even that leaves the cap, the largest change is brought down by weighing large
changes more, again and again.
"""

import numpy as np
from numpy.typing import NDArray

from hitpoint.spotting.skeleton import Skeleton, Task

HEARD_STEP = 0.02
"""A change of tempo that is heard as one. Our choice, near the smallest that listeners tell apart."""
_AWAY = 1e-3
"""How a bar's distance from the wish counts beside a change, an eighth long: settles what the hits leave open."""
_ROUNDS = 12
_LARGEST_WEIGHT = 1e4
_EXACT = 1e-6
"""Seconds within which an equation counts as solved."""

Floats = NDArray[np.float64]


def bar_tempi(task: Task, skeleton: Skeleton) -> Floats | None:
    """Seconds of an eighth in each bar, the change of tempo as small as could be made, perhaps above the cap.

    None where the anchors leave no tempi at all.
    """
    lengths = np.array([bar.length for bar in skeleton.bars], dtype=np.float64)
    starts = np.concatenate([[0.0], np.cumsum(lengths)])
    plain = _one_a_gap(task, skeleton, lengths, starts)
    if plain is not None and change_from(plain, task.wish) <= min(HEARD_STEP, task.cap):
        return plain
    smooth = _smooth(task, skeleton, lengths, starts)
    found = [eighths for eighths in (smooth, plain) if eighths is not None]
    return min(found, key=lambda eighths: change_from(eighths, task.wish), default=None)


def largest_change(eighths: Floats) -> float:
    """The largest change of tempo from a bar to the next, as a part of it."""
    ratios = eighths[1:] / eighths[:-1]
    return float(np.maximum(ratios, 1.0 / ratios).max() - 1.0) if len(ratios) else 0.0


def change_from(eighths: Floats, wish: float) -> float:
    """The same, with the step from the tempo wished for to the first bar's."""
    return largest_change(np.concatenate([[wish], eighths])) if eighths.min() > 0 else np.inf


def _one_a_gap(task: Task, skeleton: Skeleton, lengths: Floats, starts: Floats) -> Floats | None:
    """A new tempo at the first bar line on or after each hit."""
    eighths = np.full(len(lengths), task.wish)
    first, clock = 0, 0.0
    # `clock` is the time at bar line `first`; all bars before it have their tempi.
    for anchor, place in zip(task.anchors, skeleton.places, strict=True):
        if place <= starts[first] or anchor.seconds <= clock:
            # It lies in a bar that the hit before has settled.
            return None
        bar = int(np.searchsorted(starts, place, side="left"))
        eighths[first:] = (anchor.seconds - clock) / (place - starts[first])
        clock += eighths[first] * (starts[bar] - starts[first])
        first = bar
    return eighths


def _smooth(task: Task, skeleton: Skeleton, lengths: Floats, starts: Floats) -> Floats | None:
    places = np.array(skeleton.places, dtype=np.float64)
    # How much of each bar lies before each anchor: (A, B).
    before = np.clip(places[:, None] - starts[None, :-1], 0.0, lengths[None, :])
    targets = np.array([anchor.seconds for anchor in task.anchors]) / task.wish
    count, held = len(lengths), len(targets)
    weights = np.ones(count)
    best: Floats | None = None
    least = np.inf
    away = _AWAY * lengths
    for _ in range(_ROUNDS):
        # Least Σ weight·change² + away·distance², each anchor being met: the changes make a matrix of three diagonals.
        diagonal = weights + np.append(weights[1:], 0.0) + away
        right = np.column_stack([away, before.T])
        right[0, 0] += weights[0]
        solved = _three_diagonals(diagonal, -weights[1:], right)
        free, pulled = solved[:, 0], solved[:, 1:]
        try:
            pull = np.linalg.solve(before @ pulled, targets - before @ free) if held else np.zeros(0)
        except np.linalg.LinAlgError:
            return best
        found = free + pulled @ pull
        if not found.min() > 0.0 or np.abs(before @ found - targets).max(initial=0.0) * task.wish > _EXACT:
            return best
        change = np.abs(np.diff(np.log(np.concatenate([[1.0], found]))))
        if change.max() < least:
            least, best = float(change.max()), found * task.wish
        if least <= np.log1p(task.cap):
            break
        weights *= np.clip((change / change.mean()) + 0.2, 0.2, 5.0)
        weights = np.clip(weights / weights.mean(), 1.0 / _LARGEST_WEIGHT, _LARGEST_WEIGHT)
    return best


def _three_diagonals(diagonal: Floats, beside: Floats, right: Floats) -> Floats:
    """Solves for every column of `right` a symmetric system, `beside` being what stands next to the diagonal."""
    solved = right.copy()
    pivots = diagonal.tolist()
    sides = beside.tolist()
    for row in range(1, len(pivots)):
        factor = sides[row - 1] / pivots[row - 1]
        pivots[row] -= factor * sides[row - 1]
        solved[row] -= factor * solved[row - 1]
    solved[-1] /= pivots[-1]
    for row in range(len(pivots) - 2, -1, -1):
        solved[row] = (solved[row] - sides[row] * solved[row + 1]) / pivots[row]
    return solved
