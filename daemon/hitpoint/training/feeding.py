"""Batches drawn ahead of a run, by other processes where a GPU would wait for them."""

import signal
from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from hitpoint.training.batches import BatchSource

AHEAD = 4
"""Batches that each process keeps ready."""

Tensors = tuple[Tensor, Tensor]
"""Rows and targets of a `Batch`."""


def feed(source_of: Callable[[int], BatchSource], windows: int, workers: int, pinned: bool) -> Iterator[Tensors]:
    """Batches of `windows` windows for ever, the same ones for the same number of workers.

    source_of: what worker number 0, 1 … draws from. workers: 0 draws in this process, when a batch is asked for.
    pinned: in memory from which a GPU reads while it works. Worker processes end with the iterator.
    """
    stream = _Stream(source_of, windows)
    if not workers:
        return iter(DataLoader(stream, batch_size=None))
    loader = DataLoader(
        stream, None, num_workers=workers, prefetch_factor=AHEAD, pin_memory=pinned, worker_init_fn=_leave_signals
    )
    return iter(loader)


class _Stream(IterableDataset[Tensors]):  # type: ignore[misc]
    def __init__(self, source_of: Callable[[int], BatchSource], windows: int) -> None:
        super().__init__()
        self._source_of, self._windows = source_of, windows

    def __iter__(self) -> Iterator[Tensors]:
        worker = get_worker_info()
        source = self._source_of(0 if worker is None else worker.id)
        while True:
            batch = source.draw(self._windows)
            yield torch.from_numpy(batch.rows), torch.from_numpy(batch.targets)


def _leave_signals(_worker: int) -> None:
    """Ctrl-C is the run's to answer, which then ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
