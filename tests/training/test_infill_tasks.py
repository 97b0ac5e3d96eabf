"""Holes are the same for all who fill them, and a perfect answer is called one."""

from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from fakes.small_corpus import write_corpus
from hitpoint.inference.bundle import load_bundle
from hitpoint.training.corpus import Split
from hitpoint.training.dataset import Dataset, load, prepare
from hitpoint.training.infill_answers import BundleFiller, MarkovFiller
from hitpoint.training.infill_tasks import Task, copied, f1, fit, tasks_of
from hitpoint.training.markov import Markov

BUNDLE = load_bundle(Path(__file__).parents[2] / "models" / "small-2")
SIZES = [(1, 1), (2, 2), (4, 3)]


@pytest.fixture(scope="module")
def train(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("corpus")
    prepare(write_corpus(folder / "corpus"), folder / "data", 1, lambda _done, _of: None)
    return load(folder / "data", Split.TRAIN)


def only(train: Dataset, size: tuple[int, int], seed: int = 0) -> Task:
    (task,) = tasks_of(train, 1, size, seed)
    return task


@pytest.mark.parametrize("size", SIZES)
def test_a_hole_is_as_large_as_asked_and_has_context_before_it(train: Dataset, size: tuple[int, int]) -> None:
    task = only(train, size)
    assert len({bar for bar, _ in task.holes}) == size[0]
    assert len({task.bars[bar][place].part for bar, place in task.holes}) == size[1]
    assert min(bar for bar, _ in task.holes) > 0


@pytest.mark.parametrize("size", SIZES)
def test_the_truth_fits_perfectly_and_silence_does_not(train: Dataset, size: tuple[int, int]) -> None:
    task = only(train, size)
    best = fit(task, task.truth())
    assert (f1([best]), best.entropy, best.groove) == (1.0, 0.0, 1.0)
    silent = fit(task, [np.zeros((0, 4), np.int64) for _ in task.holes])
    assert f1([silent]) == 0
    assert silent.groove < 1


def test_a_wrong_pitch_keeps_the_groove_and_loses_the_note(train: Dataset) -> None:
    task = only(train, (1, 1))
    moved = [notes + np.array([0, 1, 0, 0]) for notes in task.truth()]
    assert fit(task, moved).groove == 1
    assert fit(task, moved).right == 0


def test_the_bar_before_is_copied(train: Dataset) -> None:
    task = only(train, (2, 1))
    bar, place = task.holes[0]
    part = task.bars[bar][place].part
    before = next(cell.notes for cell in task.bars[bar - 1] if cell.part == part)
    assert [answer.tolist() for answer in copied(task)] == [before.tolist()] * 2


def test_the_same_seed_gives_the_same_holes(train: Dataset) -> None:
    assert only(train, (2, 2), 5).holes == only(train, (2, 2), 5).holes
    assert len({tuple(only(train, (2, 2), seed).holes) for seed in range(8)}) > 1


def test_too_large_a_hole_is_no_task(train: Dataset) -> None:
    assert list(tasks_of(train, 1, (50, 1), 0)) == []
    assert list(tasks_of(train, 1, (1, 9), 0)) == []


def test_a_bundle_answers_each_task_alike_whatever_is_answered_beside_it(train: Dataset) -> None:
    tasks, filler = [only(train, size) for size in SIZES], BundleFiller(BUNDLE, 3)
    together = list(filler.answers(tasks))
    alone = list(chain.from_iterable(filler.answers([task]) for task in tasks))
    for task, one, other in zip(tasks, together, alone, strict=True):
        assert one is not None
        assert other is not None
        assert [notes.tolist() for notes in one] == [notes.tolist() for notes in other]
        assert len(one) == len(task.holes)
        assert 0 <= fit(task, one).groove <= 1


def test_a_task_that_does_not_fit_the_context_is_not_answered(train: Dataset) -> None:
    assert list(BundleFiller(replace(BUNDLE, context=100), 2).answers([only(train, (1, 1))])) == [None]


def test_markov_answers_rise_and_stay_in_their_bars(train: Dataset) -> None:
    filler = MarkovFiller(Markov(train))
    tasks = [only(train, size) for size in SIZES]
    for task, answers in zip(tasks, filler.answers(tasks), strict=True):
        assert len(answers) == len(task.holes)
        for (bar, _), notes in zip(task.holes, answers, strict=True):
            assert (np.diff(notes[:, 0]) >= 0).all()
            assert (notes[:, 0] < task.lengths[bar]).all()
