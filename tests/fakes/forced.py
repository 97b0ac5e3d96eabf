"""Teacher forcing through masks: only the right answer is allowed, and the logits tell what was thought of it."""

import numpy as np

from hitpoint.inference.model import Sampling
from hitpoint.inference.onnx_model import OnnxModel
from hitpoint.tokens.grammar import FORBIDDEN, NoteMasks
from hitpoint.tokens.vocabulary import HEAD_SIZES


def forced(target: np.ndarray) -> NoteMasks:
    """Masks that allow one note only; what is not learned counts as value 0, as in training."""
    tables = [np.full((1, size), FORBIDDEN, np.float32) for size in HEAD_SIZES]
    for table, value in zip(tables, target, strict=True):
        table[0, max(0, int(value))] = 0
    first, *rest = tables
    return NoteMasks(first[0], np.zeros(HEAD_SIZES[0], np.int64), tuple(rest))  # type: ignore[arg-type]


def logits_of(model: OnnxModel, rows: np.ndarray, targets: np.ndarray) -> list[np.ndarray]:
    """The logits of each attribute after each row, shape (rows, values); rows are read as they are when playing."""
    noise, found = np.zeros(sum(HEAD_SIZES), np.float32), []
    for count in range(1, len(rows) + 1):
        model.roll_back(max(0, count - 2))
        model.step(rows[max(0, count - 2) : count], forced(targets[count - 1]), noise, Sampling(1.0, 1e-9))
        found.append([logits.copy() for logits in model.logits()])
    return [np.stack(column) for column in zip(*found, strict=True)]
