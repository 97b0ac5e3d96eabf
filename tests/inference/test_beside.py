"""Works beside each other return what they return alone."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hitpoint.inference.beside import beside
from hitpoint.inference.bundle import load_bundle
from hitpoint.inference.generate import Generator
from hitpoint.inference.model import Model, Sampling
from hitpoint.inference.onnx_model import OnnxModel
from hitpoint.inference.sampler import NoiseSource
from hitpoint.tokens.grammar import NoteMasks
from hitpoint.tokens.vocabulary import HEAD_SIZES

BUNDLE = load_bundle(Path(__file__).parents[2] / "models" / "small-2")


def work(seed: int) -> Callable[[Model], list[int]]:
    """A few draws after rows of any ids; the first works take longest."""

    def draw(model: Model) -> list[int]:
        assert model.length == 0
        generator, noise = Generator(model), NoiseSource(str(seed), sum(HEAD_SIZES))
        generator.prompt(np.random.default_rng(seed).integers(0, BUNDLE.size, (6, BUNDLE.row_width)))
        first, *rest = HEAD_SIZES
        tables = tuple(np.zeros((1, size), np.float32) for size in rest)
        masks = NoteMasks(np.zeros(first, np.float32), np.zeros(first, np.int64), tables)  # type: ignore[arg-type]
        return [int(generator.draw(masks, noise.next(), Sampling())[0]) for _ in range(12 - seed)]

    return draw


@pytest.mark.parametrize("count", [1, 3, 11])
def test_works_are_done_in_order_and_as_each_is_alone(count: int) -> None:
    works = [work(seed) for seed in range(count)]
    assert list(beside(BUNDLE, BUNDLE.row_width, works)) == [own(OnnxModel(BUNDLE)) for own in works]
