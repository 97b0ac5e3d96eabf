"""A short score and what PyTorch answers to it, kept beside the tests: the runtime must go on answering the same."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from hitpoint.tokens.rows import Rows, note_rows, row
from hitpoint.tokens.vocabulary import END, HEAD_SIZES, Kind
from hitpoint.training.network import Network
from hitpoint.training.windows import IGNORED

BARS = 3
PLAYERS = ((20, 0, 74), (22, 0, 50), (29, 0, 36))
"""Instrument, desk, first pitch: a violin, a cello, drums."""


def short_score() -> tuple[Rows, NDArray[np.int64]]:
    """Rows and targets of a few bars that need no corpus."""
    rows, targets = [row(Kind.START)], [np.full((1, 4), IGNORED)]
    for bar in range(BARS):
        rows.append(row(Kind.BAR, {"length": 7, "denominator": 2, "tempo": 10, "key": 5, "intensity": 2 + 3 * bar}))
        targets.append(np.full((1, 4), IGNORED))
        for instrument, desk, pitch in PLAYERS:
            notes = np.array([[12 * i, pitch + (5 * i + bar) % 12, 11, 16 + 2 * i] for i in range(3 + bar)])
            rows += [row(Kind.PART, {"instrument": instrument, "desk": desk}), note_rows(instrument, desk, notes)]
            targets.append(np.concatenate([notes, [[END, IGNORED, IGNORED, IGNORED]]]))
    return np.concatenate(rows), np.concatenate(targets)


def answers(network: Network, rows: Rows, targets: NDArray[np.int64]) -> list[NDArray[np.float32]]:
    """PyTorch's logits of each attribute at every row, float32, shape (rows, values)."""
    with torch.no_grad():
        found = network.logits(torch.from_numpy(rows)[None], torch.from_numpy(targets)[None])
    return [answer[0].float().numpy() for answer in found]


def write_golden(network: Network, path: Path) -> None:
    """Keep the short score and the network's answers to it."""
    rows, targets = short_score()
    found = {f"logits_{index}": answer for index, answer in enumerate(answers(network, rows, targets))}
    assert len(found) == len(HEAD_SIZES)
    np.savez_compressed(path, allow_pickle=False, rows=rows, targets=targets, **found)
