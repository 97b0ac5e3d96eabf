"""How much a run says: the bits it takes to tell it to someone who knows what usually follows what.

Scales, repeated notes, arpeggios and ostinati say little and are nobody's; a turn that few lines take says much.
The measure asks only for the run itself: which interval follows three, and which ratio follows three, was counted over
the index; what goes round in circles within the run costs one bit a step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hitpoint.originality.grams import WIDEST_RATIO, Steps
from hitpoint.originality.lines import Ints

WIDEST = 13
"""Semitones; wider intervals are told as one."""
INTERVALS, RATIOS = 2 * WIDEST + 1, 2 * WIDEST_RATIO + 1
ORDER = 3
"""Steps before that the model looks at."""
PARTS_OF_A_BIT = 8
"""How finely bits are stored."""
COPIED_BITS = 1.0
"""A step that repeats what the run did a few steps before, as the step before it did. Our choice."""
LONGEST_CIRCLE = 6
"""Steps after which a figure comes round. Our choice: Alberti basses, arpeggios and trills go round in 2 to 6."""

# A catalogue of a few pieces says little of what is usual. Per thousand, over the training split's lines.
_INTERVAL_PRIOR = (15, 17, 2, 4, 7, 7, 22, 4, 28, 31, 44, 115, 83, 262, 81, 94, 40, 29, 42, 4, 18, 8, 9, 4, 1, 18, 14)
_RATIO_PRIOR = (18, 12, 14, 47, 79, 13, 639, 15, 81, 28, 23, 11, 20)
_PRIOR_STEPS, _SHORTER_STEPS = 1000.0, 50.0
"""How many steps of counting the prior, and what a shorter past says, stand for. Our choice."""

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Information:
    """The model: what each value costs after 0, 1, 2 and 3 others, in eighths of a bit, laid end to end."""

    intervals: Bytes
    ratios: Bytes

    def bits(self, intervals: Ints, ratios: Ints) -> Floats:
        """Of runs of the same length, each array of shape (runs, steps). The first ratio does not count."""
        costs = _costs(self.intervals, INTERVALS, np.clip(intervals, -WIDEST, WIDEST) + WIDEST)
        costs[:, 1:] += _costs(self.ratios, RATIOS, ratios[:, 1:] + WIDEST_RATIO)
        return _without_circles(costs, intervals, ratios)

    def carries(self, least: float, intervals: Sequence[int], ratios: Sequence[int]) -> bool:
        """Whether `bits` of one run of four steps or more is `least` or more: for one run this is far quicker."""
        steps = [max(-WIDEST, min(WIDEST, interval)) + WIDEST for interval in intervals]
        costs = _costs_of_one(self._interval_bytes, INTERVALS, steps)
        timed = _costs_of_one(self._ratio_bytes, RATIOS, [ratio + WIDEST_RATIO for ratio in ratios[1:]])
        costs[1:] = [both + own for both, own in zip(costs[1:], timed, strict=True)]
        if sum(costs) < least * PARTS_OF_A_BIT:
            return False
        copied = int(COPIED_BITS * PARTS_OF_A_BIT)
        for lag in range(1, min(LONGEST_CIRCLE, len(costs) - 2) + 1):
            before = intervals[lag] == intervals[0]
            for place in range(lag + 1, len(costs)):
                same = intervals[place] == intervals[place - lag] and ratios[place] == ratios[place - lag]
                if same and before and costs[place] > copied:
                    costs[place] = copied
                before = same
        return sum(costs) >= least * PARTS_OF_A_BIT

    @cached_property
    def _interval_bytes(self) -> bytes:
        return self.intervals.tobytes()

    @cached_property
    def _ratio_bytes(self) -> bytes:
        return self.ratios.tobytes()

    def pitch_bits(self, intervals: Ints) -> Floats:
        """The same of the intervals alone."""
        costs = _costs(self.intervals, INTERVALS, np.clip(intervals, -WIDEST, WIDEST) + WIDEST)
        return _without_circles(costs, intervals, np.zeros_like(intervals))


class Counts:
    """What follows what, counted line by line."""

    def __init__(self) -> None:
        self._intervals = np.zeros((INTERVALS,) * (ORDER + 1))
        self._ratios = np.zeros((RATIOS,) * (ORDER + 1))

    def add(self, steps: Steps) -> None:
        """Count one line's steps."""
        _count(self._intervals, np.clip(steps.intervals, -WIDEST, WIDEST) + WIDEST)
        _count(self._ratios, steps.ratios[1:] + WIDEST_RATIO)

    def information(self) -> Information:
        """The model of all that was counted."""
        return Information(_tables(self._intervals, _INTERVAL_PRIOR), _tables(self._ratios, _RATIO_PRIOR))


def _costs_of_one(tables: bytes, values: int, steps: Sequence[int]) -> list[int]:
    """Eighths of a bit of each step; all numbers are Python's own, which is faster for so few."""
    pair = steps[0] * values + steps[1]
    place = pair * values + steps[2]
    two, three, cube = values, values + values**2, values**3
    costs = [tables[steps[0]], tables[two + pair], tables[three + place]]
    for step in steps[3:]:
        place = place % cube * values + step
        costs.append(tables[three + cube + place])
    return costs


def _costs(tables: Bytes, values: int, steps: Ints) -> Floats:
    """Bits of each step after up to three before it, shape as `steps`."""
    costs = np.zeros(steps.shape)
    for place in range(steps.shape[1]):
        order = min(place, ORDER)
        at = np.zeros(len(steps), np.int64)
        for value in range(place - order, place + 1):
            at = at * values + steps[:, value]
        costs[:, place] = tables[at + sum(values**shorter for shorter in range(1, order + 1))] / PARTS_OF_A_BIT
    return costs


def _without_circles(costs: Floats, intervals: Ints, ratios: Ints) -> Floats:
    """The sum of each run, where steps that go round cost little."""
    for lag in range(1, min(LONGEST_CIRCLE, costs.shape[1] - 2) + 1):
        same = intervals[:, lag:] == intervals[:, :-lag]
        same[:, 1:] &= ratios[:, lag + 1 :] == ratios[:, 1:-lag]
        again = same[:, 1:] & same[:, :-1]
        costs[:, lag + 1 :] = np.where(again, np.minimum(COPIED_BITS, costs[:, lag + 1 :]), costs[:, lag + 1 :])
    return np.asarray(costs.sum(1))


def _count(counts: Floats, values: Ints) -> None:
    if len(values) > ORDER:
        np.add.at(counts, tuple(values[place : len(values) - ORDER + place] for place in range(ORDER + 1)), 1)


def _tables(counts: Floats, prior: tuple[int, ...]) -> Bytes:
    usual = np.array(prior, float) / sum(prior)
    weight, tables = _PRIOR_STEPS, []
    for order in range(ORDER + 1):
        seen = counts.sum(tuple(range(ORDER - order)))
        usual = (seen + weight * usual) / (seen.sum(-1, keepdims=True) + weight)
        tables.append(np.clip(np.rint(-np.log2(usual) * PARTS_OF_A_BIT), 0, 255).astype(np.uint8).ravel())
        weight = _SHORTER_STEPS
    return np.concatenate(tables)
