"""The baseline is a real model: its shares add up, and it beats guessing where notes repeat."""

import numpy as np
import pytest

from fakes.small_corpus import write_corpus
from hitpoint.tokens.vocabulary import HEAD_SIZES
from hitpoint.training.augment import plain_variation
from hitpoint.training.bigram import Bigram
from hitpoint.training.corpus import Split
from hitpoint.training.dataset import Dataset, load, prepare
from hitpoint.training.windows import IGNORED, WindowReader


@pytest.fixture(scope="module")
def train(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("corpus")
    prepare(write_corpus(folder / "corpus"), folder / "data", 1, lambda _done, _of: None)
    return load(folder / "data", Split.TRAIN)


def test_it_beats_guessing_on_what_it_has_counted(train: Dataset) -> None:
    window = WindowReader(
        train,
        1,
        plain_variation(train.parts[train.piece_parts[1] : train.piece_parts[2]], False),
        np.random.default_rng(0),
    ).continuation(0, 400)
    guessing = (window.targets != IGNORED).sum(0) * np.log(HEAD_SIZES)
    assert (Bigram(train).nats(window) < guessing).all()


def test_shares_add_up(train: Dataset) -> None:
    assert all(np.allclose(np.exp(table).sum(1), 1) for table in Bigram(train)._logs)
