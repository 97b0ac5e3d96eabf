"""The Markov baseline is a real model: its shares add up, and what it has seen it foretells."""

import numpy as np
import pytest

from fakes.small_corpus import write_corpus
from hitpoint.tokens.vocabulary import HEAD_SIZES
from hitpoint.training.augment import plain_variation
from hitpoint.training.bigram import Bigram
from hitpoint.training.corpus import Split
from hitpoint.training.dataset import Dataset, load, prepare
from hitpoint.training.markov import FIRST_PITCH, ORDER, Attribute, Markov, intervals
from hitpoint.training.windows import IGNORED, Window, WindowReader


@pytest.fixture(scope="module")
def train(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("corpus")
    prepare(write_corpus(folder / "corpus"), folder / "data", 1, lambda _done, _of: None)
    return load(folder / "data", Split.TRAIN)


@pytest.fixture
def window(train: Dataset) -> Window:
    variation = plain_variation(train.parts[train.piece_parts[1] : train.piece_parts[2]], False)
    return WindowReader(train, 1, variation, np.random.default_rng(0)).continuation(0, 400)


@pytest.mark.parametrize("before", [[], [1], [1, 2, 3, 1, 2], [9, 9, 9, 9, 9, 9]])
def test_shares_add_up_whatever_came_before(before: list[int]) -> None:
    model = Attribute([np.array([1, 2, 3, 1, 2, 3, 1, 2, 4])], 10)
    assert model.following(before).sum() == pytest.approx(1)
    assert (model.following(before) > 0).all()


def test_a_sequence_costs_what_its_steps_cost() -> None:
    model, stream = Attribute([np.array([1, 2, 3, 1, 2, 3, 1, 2, 4])], 10), [1, 2, 3, 3, 1]
    steps = [-np.log(model.following(stream[:i])[symbol]) for i, symbol in enumerate(stream)]
    assert model.nats(np.array(stream)) == pytest.approx(steps)


def test_a_long_pattern_is_known_by_heart_only_with_its_whole_context() -> None:
    pattern = [0, 0, 0, 0, 0, 1]
    model = Attribute([np.array(pattern * 40)], 2)
    assert len(pattern) == ORDER + 1
    assert model.following([0] * 5)[1] > 0.9
    assert model.following([1, 0, 0])[0] > 0.9


def test_it_beats_the_bigram_on_what_both_have_counted(train: Dataset, window: Window) -> None:
    guessing = (window.targets != IGNORED).sum(0) * np.log(HEAD_SIZES)
    found = Markov(train).nats(window)
    assert (found < guessing).all()
    assert found.sum() < Bigram(train).nats(window).sum()


def test_pitches_are_steps_so_that_any_key_is_the_same() -> None:
    tune = np.array([60, 64, 67, 72])
    assert intervals(tune)[1:].tolist() == intervals(tune + 5)[1:].tolist()
    assert intervals(tune)[0] == 60 - FIRST_PITCH + 128
