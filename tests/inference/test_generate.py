"""A generator reads again only what changed, and always an even number of rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.fake_model import FakeModel
from hitpoint.inference.generate import Generator
from hitpoint.inference.model import Sampling
from hitpoint.tokens.grammar import NoteMasks
from hitpoint.tokens.vocabulary import HEAD_SIZES, ROW_WIDTH

NOISE = np.zeros(sum(HEAD_SIZES), np.float32)


def rows(*numbers: int) -> np.ndarray:
    """Rows told apart by a number."""
    return np.repeat(np.array(numbers, np.int64)[:, None], ROW_WIDTH, 1)


def masks() -> NoteMasks:
    """Everything is allowed."""
    first, *rest = HEAD_SIZES
    tables = tuple(np.zeros((2, size), np.float32) for size in rest)
    return NoteMasks(np.zeros(first, np.float32), np.zeros(first, np.int64), tables)  # type: ignore[arg-type]


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


def draw(generator: Generator) -> None:
    generator.draw(masks(), NOISE, Sampling())


def test_a_prompt_is_read_once(model: FakeModel) -> None:
    generator = Generator(model)
    generator.prompt(rows(1, 2, 3, 4))
    draw(generator)
    generator.append(rows(5))
    draw(generator)
    assert model.seen == [4, FakeModel().fewest_rows]
    assert model.length == 5


def test_what_two_prompts_share_is_not_read_again(model: FakeModel) -> None:
    generator = Generator(model)
    generator.prompt(rows(1, 2, 3, 4, 5, 6))
    draw(generator)
    generator.prompt(rows(1, 2, 3, 9, 9, 9, 9))
    draw(generator)
    assert model.seen == [6, 4]


@given(st.lists(st.lists(st.integers(1, 3), min_size=2, max_size=9), min_size=1, max_size=9))
def test_every_run_is_even_and_all_rows_are_read(prompts: list[list[int]]) -> None:
    model = FakeModel()
    generator = Generator(model)
    for prompt in prompts:
        generator.prompt(rows(*prompt))
        draw(generator)
        generator.append(rows(9))
        draw(generator)
        assert model.length == len(prompt) + 1
    assert all(count % FakeModel().fewest_rows == 0 for count in model.seen)


def test_the_same_prompt_again_reads_only_its_end(model: FakeModel) -> None:
    generator = Generator(model)
    for _ in range(2):
        generator.prompt(rows(1, 2, 3, 4))
        draw(generator)
    assert model.seen == [4, FakeModel().fewest_rows]


def test_a_shorter_prompt_forgets_the_rest(model: FakeModel) -> None:
    generator = Generator(model)
    generator.prompt(rows(1, 2, 3, 4, 5))
    draw(generator)
    generator.prompt(rows(1, 2, 3))
    draw(generator)
    assert model.length == 3
