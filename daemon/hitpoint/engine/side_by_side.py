"""Several pieces of work with one bundle, side by side where it answers alike beside others: eight takes are written in
little more than half the time that they need one after the other, and are the same to the byte."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from hitpoint.engine.composer import Composer, index_in
from hitpoint.engine.drawing import load_model
from hitpoint.engine.understood import understood_bundle
from hitpoint.inference.beside import beside
from hitpoint.inference.model import Model, Sampling
from hitpoint.originality.index import Index
from hitpoint.tokens.vocabulary import ROW_WIDTH

T = TypeVar("T")


def side_by_side(bundle: Path, guidance: float, works: Sequence[Callable[[Composer], T]]) -> Iterator[T]:
    """Do all works, each with a composer of the bundle in the folder `bundle`; otherwise as `models_beside`. Raises
    ModelError, and ConfigError for an index that cannot be read."""
    index = index_in(bundle)
    yield from models_beside(bundle, guidance, [partial(_composed, work, index) for work in works])


def models_beside(bundle: Path, guidance: float, works: Sequence[Callable[[Model, Sampling], T]]) -> Iterator[T]:
    """Do all works, each with a model of the bundle in the folder `bundle` that holds no rows, and how boldly it asks
    to draw. Yields what they return, in their order; what one raises ends them all. Blocks until the next is done.

    guidance: as `load_model`; guided, or of an older bundle, works are done one after the other. Raises ModelError when
    the bundle cannot be used.
    """
    if guidance > 0:
        model, sampling = load_model(bundle, guidance)
        for work in works:
            model.roll_back(0)
            yield work(model, sampling)
        return
    found = understood_bundle(bundle)
    yield from beside(found, ROW_WIDTH, [partial(_sampled, work, found.sampling) for work in works])


def _composed(work: Callable[[Composer], T], index: Index | None, model: Model, sampling: Sampling) -> T:
    return work(Composer(model, sampling, index))


def _sampled(work: Callable[[Model, Sampling], T], sampling: Sampling, model: Model) -> T:
    return work(model, sampling)
