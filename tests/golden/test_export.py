"""A network with random weights: ONNX in float32 answers as PyTorch does, to 1e-4 of a logit."""

from pathlib import Path

import numpy as np
import pytest

from hitpoint.inference.bundle import Bundle
from hitpoint.inference.model import Sampling
from hitpoint.inference.onnx_model import OnnxModel
from hitpoint.tokens import vocabulary
from hitpoint.training.parity import logits_of

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

TOLERANCE = 1e-4


@pytest.mark.slow
@pytest.mark.parametrize(("whole_numbers", "tolerance"), [(False, TOLERANCE), (True, 0.2)])
def test_onnx_answers_as_pytorch(tmp_path: Path, whole_numbers: bool, tolerance: float) -> None:
    from hitpoint.training.export_onnx import graph_of
    from hitpoint.training.golden import answers, short_score
    from hitpoint.training.network import Network, Shape

    torch.manual_seed(3)
    shape = Shape(width=128, layers=3, heads=4, kv_heads=2, feed_forward=192, head_width=96, context=128)
    network = Network(shape).eval()
    rows, targets = short_score()
    measured_by = (torch.from_numpy(rows)[None], torch.from_numpy(targets)[None]) if whole_numbers else None
    onnx.save(graph_of(network, measured_by), tmp_path / "model.onnx")
    layers, kv_heads, per_head, context = shape.layers, shape.kv_heads, shape.per_head, shape.context
    stored = vocabulary.as_json()
    bundle = Bundle(
        "random", tmp_path, stored, layers, kv_heads, per_head, context, Sampling(), alike=whole_numbers
    )  # fmt: skip
    theirs, ours = answers(network, rows, targets), logits_of(OnnxModel(bundle), rows, targets)
    drawn = targets >= 0
    for index in range(len(vocabulary.HEAD_SIZES)):
        chosen = drawn[:, index]
        assert np.abs(theirs[index][chosen] - ours[index][chosen]).max() < tolerance
