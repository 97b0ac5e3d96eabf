"""Several pieces of work with one bundle, side by side where it answers alike beside others."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from hitpoint.inference.bundle import Bundle
from hitpoint.inference.lanes import Lanes
from hitpoint.inference.onnx_model import OnnxModel

MOST_BESIDE = 8
"""Pieces of work at once. Our choice: with more, a step takes longer by nearly as much as it writes more."""

T = TypeVar("T")


def beside(bundle: Bundle, row_width: int, works: Sequence[Callable[[OnnxModel], T]]) -> Iterator[T]:
    """Do all works, each with a model of the bundle that holds no rows. Yields what they return, in their order; what
    one raises ends them all. Blocks until the next is done.

    row_width: as LoadedBundle. Of an older bundle, works are done one after the other. Raises ModelError when it cannot
    be run.
    """
    if len(works) < 2 or not bundle.alike:
        model = OnnxModel(bundle, row_width)
        for work in works:
            model.roll_back(0)
            yield work(model)
        return
    lanes = Lanes(bundle, row_width, min(MOST_BESIDE, len(works)))
    done: dict[int, T] = {}
    following = 0
    for number, result in lanes.run(works):
        done[number] = result
        while following in done:
            yield done.pop(following)
            following += 1
