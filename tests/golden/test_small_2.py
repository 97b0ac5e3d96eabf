"""The bundle in the repository, run by onnxruntime, against what PyTorch answered when it was exported.

It computes in whole numbers of 7 and 8 bits, PyTorch in 32: logits may differ by MOST_LOGIT, distributions by MOST_KL
nats on average. The score is unlike music; over pieces of `valid` it is 0.003 nats.
"""

from pathlib import Path

import numpy as np
import pytest

from hitpoint.inference.bundle import load_bundle
from hitpoint.inference.model import Sampling
from hitpoint.inference.onnx_model import OnnxModel
from hitpoint.training.parity import compare, forced, logits_of

GOLDEN = Path(__file__).with_name("small-2.npz")
SMALL = Path(__file__).parents[2] / "models" / "small-2"
MOST_LOGIT = 2.0
MOST_KL = 0.01


@pytest.fixture(scope="module")
def golden() -> dict[str, np.ndarray]:
    """Rows, targets, and PyTorch's logits."""
    with np.load(GOLDEN) as stored:
        return dict(stored)


@pytest.fixture(scope="module")
def found(golden: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The bundle's logits of each attribute."""
    return logits_of(OnnxModel(load_bundle(SMALL)), golden["rows"], golden["targets"])


def test_logits_are_close(golden: dict[str, np.ndarray], found: list[np.ndarray]) -> None:
    for index, ours in enumerate(found):
        drawn = golden["targets"][:, index] >= 0
        assert np.abs(golden[f"logits_{index}"][drawn] - ours[drawn]).max() < MOST_LOGIT


def test_distributions_are_closer(golden: dict[str, np.ndarray], found: list[np.ndarray]) -> None:
    theirs = [golden[f"logits_{index}"] for index in range(len(found))]
    assert (compare(theirs, found, golden["targets"])["nats"] < MOST_KL).all()


def test_a_forced_note_is_the_one_drawn(golden: dict[str, np.ndarray]) -> None:
    model = OnnxModel(load_bundle(SMALL))
    drawn = model.step(golden["rows"][:4], forced(golden["targets"][3]), np.zeros(417, np.float32), Sampling())
    assert drawn.tolist() == golden["targets"][3].tolist()
