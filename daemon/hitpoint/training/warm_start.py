"""A network that begins where a bundle ended, although the vocabulary has grown since.

Fields that both know keep their embeddings, new ones begin with zeros: at first they say nothing. Layers that the
bundle does not have begin as if they were not there. So the network answers as the bundle does, until it has learned
more.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from hitpoint.errors import ConfigError
from hitpoint.inference.bundle import CONFIG, Bundle
from hitpoint.inference.onnx_model import OnnxModel
from hitpoint.tokens.older import differences
from hitpoint.tokens.vocabulary import DRAWN, ROW_WIDTH
from hitpoint.training.golden import answers
from hitpoint.training.network import Network, Shape
from hitpoint.training.parity import log_softmax, logits_of
from hitpoint.training.windows import IGNORED, Window

MOST_APART = 0.02
"""Nats a note that network and bundle may be apart: the bundle also rounds what goes through its layers to 8 bits."""
BLOCK = 128
"""Weights that shared a scale in bundles of a format before 3."""
GROWN = (".out.weight", ".down.weight")
"""What a layer adds to the stream; zero in one that is new."""

Reals = NDArray[np.float32]


def begin_from(network: Network, bundle: Bundle) -> None:
    """Fill the network with the bundle's weights. Raises ConfigError when it is of another shape."""
    stored = _constants(bundle)
    with torch.no_grad():
        for name, weights in network.state_dict().items():
            if name == "embedding.weight":
                weights.zero_()
                found = stored["embedding"]
                _check(name, (int(found.shape[1]),), tuple(weights.shape[1:]), bundle)
                # Ids of an older vocabulary mean the same in ours.
                weights[: bundle.size] = torch.from_numpy(found.copy())
                continue
            layer = name.split(".")
            if layer[0] == "blocks" and int(layer[1]) >= bundle.layers:
                if name.endswith(GROWN):
                    weights.zero_()
                continue
            found = _weights(stored, name, tuple(weights.shape))
            _check(name, found.shape, tuple(weights.shape), bundle)
            weights.copy_(torch.from_numpy(found))


def network_of(bundle: Bundle) -> tuple[Network, dict[str, Any]]:
    """The network whose weights a bundle holds, ready to evaluate, and how it was made. Its weights are those that were
    stored in 8 bits; what goes through its layers is not rounded. Raises ConfigError where it cannot be built."""
    config = json.loads((bundle.folder / CONFIG).read_text(encoding="utf-8"))
    try:
        network, made = Network(Shape(**config["shape"])), dict(config.get("run", {}))
    except TypeError as error:
        raise ConfigError(f"{bundle.folder / CONFIG}: `shape` is wrong ({error}). Export the bundle again.") from error
    begin_from(network, bundle)
    return network.eval(), made


def compare_losses(network: Network, bundle: Bundle, windows: list[Window]) -> tuple[float, float]:
    """Nats a note of the network and of the bundle on the same windows; what the bundle cannot read it is not told."""
    model, ours, theirs, notes = OnnxModel(bundle, ROW_WIDTH), 0.0, 0.0, 0
    for window in windows:
        ours += _nats(answers(network, window.rows, window.targets), window.targets)
        theirs += _nats(logits_of(model, window.rows, window.targets), window.targets)
        notes += int((window.targets[:, 1] != IGNORED).sum())
    return ours / max(1, notes), theirs / max(1, notes)


def check_start(network: Network, bundle: Bundle, windows: list[Window]) -> tuple[float, float]:
    """`compare_losses`. Raises ConfigError when they are more than MOST_APART from each other."""
    ours, theirs = compare_losses(network, bundle, windows)
    if abs(ours - theirs) > MOST_APART:
        raise ConfigError(
            f"{bundle.folder}: begun from it, the network costs {ours:.3f} nats a note, the bundle {theirs:.3f}. "
            "Begin without --from, or from another bundle."
        )
    return ours, theirs


def _nats(logits: list[Reals], targets: NDArray[np.int64]) -> float:
    total = 0.0
    for index in range(len(DRAWN)):
        drawn = targets[:, index] != IGNORED
        total -= float(log_softmax(logits[index][drawn])[np.arange(drawn.sum()), targets[drawn, index]].sum())
    return total


def _constants(bundle: Bundle) -> dict[str, Reals]:
    import onnx

    graph = onnx.load(str(bundle.model_path)).graph
    names = differences(bundle.vocabulary)
    if names:
        raise ConfigError(
            f"{bundle.folder} has another vocabulary: {', '.join(names)} differ. Begin without --from, or from another "
            "bundle."
        )
    return {constant.name: onnx.numpy_helper.to_array(constant) for constant in graph.initializer}


def _weights(stored: Mapping[str, Reals], name: str, shape: tuple[int, ...]) -> Reals:
    """A layer's weights as the network has them: (outputs, inputs) for a matrix."""
    if name in stored:
        return np.array(stored[name])
    if name.startswith("drawn."):
        return np.array(stored[f"drawn_{name.split('.')[1]}"])
    plain = name.removesuffix(".weight")
    scales = stored.get(f"{plain}.scales")
    if scales is None:
        return np.array(stored[plain].T)
    codes = stored[plain]
    if codes.dtype == np.int8:  # as `onnx_graph.quantise` stores it, the other way round
        return np.asarray(codes.T * scales[:, None], np.float32)
    return _of_blocks(codes, scales, shape[1])


def _of_blocks(codes: NDArray[Any], scales: Reals, columns: int) -> Reals:
    """A matrix of a bundle of a format before 3: (N, blocks, BLOCK), 128 for zero; scales (N, blocks), flat or not."""
    rows = codes.shape[0]
    blocks = (codes.reshape(rows, -1, BLOCK).astype(np.float32) - 128) * scales.reshape(rows, -1, 1)
    return np.asarray(blocks.reshape(rows, -1)[:, :columns], np.float32)


def _check(name: str, found: tuple[int, ...], wanted: tuple[int, ...], bundle: Bundle) -> None:
    if tuple(found) != tuple(wanted):
        raise ConfigError(
            f"{bundle.folder}: {name} is {'×'.join(map(str, found))}, the preset's network needs "
            f"{'×'.join(map(str, wanted))}. Choose a preset of the bundle's width, or begin without --from."
        )
