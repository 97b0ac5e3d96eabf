"""Windows drawn ahead by other processes: all different, the same ones each time, and no process left."""

import multiprocessing
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from fakes.small_corpus import write_corpus
from hitpoint.training.batches import BatchSource, Exercises
from hitpoint.training.corpus import Split
from hitpoint.training.dataset import Dataset, load, prepare

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.slow


def source(train: Dataset, worker: int) -> BatchSource:
    return BatchSource(train, 64, Exercises(), {}, (1, 0, worker))


@pytest.mark.parametrize("workers", [0, 2])
def test_batches_differ_from_each_other_and_not_from_time_to_time(tmp_path: Path, workers: int) -> None:
    from hitpoint.training.feeding import feed

    prepare(write_corpus(tmp_path / "c"), tmp_path / "data", 1, lambda _done, _of: None)
    train = load(tmp_path / "data", Split.TRAIN)
    once, again = (
        [rows for rows, _ in islice(feed(partial(source, train), 2, workers, pinned=False), 4)] for _ in range(2)
    )
    assert all(torch.equal(one, other) for one, other in zip(once, again, strict=True))
    assert len({tuple(rows.flatten().tolist()) for rows in once}) == 4
    assert not multiprocessing.active_children()
