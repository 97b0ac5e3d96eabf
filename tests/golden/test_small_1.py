"""The bundle in the repository, run by onnxruntime, against what PyTorch answered when it was exported.

Its weights have 8 bits, PyTorch's had 32: logits may differ by MOST_LOGIT, distributions by MOST_KL nats on average.
"""

from pathlib import Path

import numpy as np
import pytest

from fakes.forced import forced, logits_of
from hitpoint.inference.bundle import load_bundle
from hitpoint.inference.model import Sampling
from hitpoint.inference.onnx_model import OnnxModel

GOLDEN = Path(__file__).with_name("small-1.npz")
SMALL = Path(__file__).parents[2] / "models" / "small-1"
MOST_LOGIT = 0.5
MOST_KL = 0.002


@pytest.fixture(scope="module")
def differences() -> list[np.ndarray]:
    """Of each attribute, both sides' logits where it is drawn: shape (2, rows, values)."""
    golden = np.load(GOLDEN)
    found = logits_of(OnnxModel(load_bundle(SMALL)), golden["rows"], golden["targets"])
    drawn = golden["targets"] >= 0
    return [np.stack([golden[f"logits_{i}"][drawn[:, i]], found[i][drawn[:, i]]]) for i in range(4)]


def test_logits_are_close(differences: list[np.ndarray]) -> None:
    assert all(np.abs(ours - theirs).max() < MOST_LOGIT for theirs, ours in differences)


def test_distributions_are_closer(differences: list[np.ndarray]) -> None:
    for theirs, ours in (map(log_softmax, both) for both in differences):
        assert (np.exp(theirs) * (theirs - ours)).sum(-1).mean() < MOST_KL


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Logarithms of the shares that logits stand for."""
    shifted = logits - logits.max(-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(-1, keepdims=True)))


def test_a_forced_attribute_is_the_one_drawn() -> None:
    golden = np.load(GOLDEN)
    model = OnnxModel(load_bundle(SMALL))
    drawn = model.step(golden["rows"][:4], forced(golden["targets"][3]), np.zeros(417, np.float32), Sampling())
    assert drawn.tolist() == golden["targets"][3].tolist()
