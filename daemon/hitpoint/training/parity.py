"""How far a bundle is from its network: what 8 bits a weight cost. No PyTorch is needed to run the bundle itself."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hitpoint.inference.model import Sampling
from hitpoint.inference.onnx_model import OnnxModel
from hitpoint.tokens.grammar import FORBIDDEN, NoteMasks
from hitpoint.tokens.rows import Rows
from hitpoint.tokens.vocabulary import DRAWN, HEAD_SIZES
from hitpoint.training.windows import IGNORED, Window

Reals = NDArray[np.float32]


def forced(target: NDArray[np.int64]) -> NoteMasks:
    """Masks that allow one note only; what is not learned counts as value 0, as in training."""
    tables = [np.full((1, size), FORBIDDEN, np.float32) for size in HEAD_SIZES]
    for table, value in zip(tables, target, strict=True):
        table[0, max(0, int(value))] = 0
    first, pitch, duration, velocity = tables
    return NoteMasks(first[0], np.zeros(HEAD_SIZES[0], np.int64), (pitch, duration, velocity))


def logits_of(model: OnnxModel, rows: Rows, targets: NDArray[np.int64]) -> list[Reals]:
    """The bundle's logits of each attribute after each row, shape (rows, values); rows are read as when playing."""
    noise, found = np.zeros(sum(HEAD_SIZES), np.float32), []
    for count in range(1, len(rows) + 1):
        first = max(0, count - 2)
        model.roll_back(first)
        model.step(rows[first:count], forced(targets[count - 1]), noise, Sampling(1.0, 1e-9))
        found.append(model.logits())
    return [np.stack(column) for column in zip(*found, strict=True)]


def compare(theirs: list[Reals], ours: list[Reals], targets: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """By attribute, where it is drawn: how often both find the same value likeliest, and nats between them."""
    same, nats = [], []
    for index in range(len(HEAD_SIZES)):
        drawn = targets[:, index] != IGNORED
        one, other = log_softmax(theirs[index][drawn]), log_softmax(ours[index][drawn])
        same.append((one.argmax(-1) == other.argmax(-1)).mean())
        nats.append((np.exp(one) * (one - other)).sum(-1).mean())
    return {"same_likeliest": np.array(same), "nats": np.array(nats)}


def parity(network: Any, model: OnnxModel, windows: list[Window]) -> dict[str, dict[str, float]]:
    """`compare` over the rows of all windows together."""
    from hitpoint.training.golden import answers

    theirs = [answers(network, window.rows, window.targets) for window in windows]
    ours = [logits_of(model, window.rows, window.targets) for window in windows]
    found = compare(
        [np.concatenate(column) for column in zip(*theirs, strict=True)],
        [np.concatenate(column) for column in zip(*ours, strict=True)],
        np.concatenate([window.targets for window in windows]),
    )
    return {
        what: {name: round(float(value), 6) for name, value in zip(DRAWN, values, strict=True)}
        for what, values in found.items()
    }


def log_softmax(logits: Reals) -> Reals:
    """Logarithms of the shares that logits stand for."""
    shifted = logits - logits.max(-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(-1, keepdims=True)))
