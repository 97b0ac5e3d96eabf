"""Batches are full, repeatable, and weigh sources as told."""

import numpy as np
import pytest

from fakes.small_corpus import write_corpus
from hitpoint.tokens.vocabulary import NOTHING
from hitpoint.training.batches import BatchSource, Exercises, piece_shares
from hitpoint.training.corpus import Split
from hitpoint.training.dataset import Dataset, load, prepare


@pytest.fixture(scope="module")
def train(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("corpus")
    prepare(write_corpus(folder / "corpus"), folder / "data", 1, lambda _done, _of: None)
    return load(folder / "data", Split.TRAIN)


def test_the_same_seed_gives_the_same_batches(train: Dataset) -> None:
    one, other = (BatchSource(train, 128, Exercises(), {}, 3) for _ in range(2))
    for _ in range(3):
        assert (one.draw(2).rows == other.draw(2).rows).all()


def test_no_step_is_wasted(train: Dataset) -> None:
    batch = BatchSource(train, 256, Exercises(), {}, 0).draw(4)
    assert (batch.rows[:, :248, 0] != NOTHING).all()


def test_a_source_can_be_left_out(train: Dataset) -> None:
    shares = piece_shares(train, {"made_up": 0.0})
    assert shares[train.sources == "made_up"].sum() == 0
    assert np.isclose(shares.sum(), 1)
