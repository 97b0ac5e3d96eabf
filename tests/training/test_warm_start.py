"""A network begun from a bundle answers as the bundle does, in a vocabulary that has grown."""

import copy
from pathlib import Path

import numpy as np
import pytest

from fakes.older_bundle import older_bundle
from hitpoint.errors import ConfigError
from hitpoint.inference.bundle import Bundle, load_bundle
from hitpoint.inference.model import Sampling
from hitpoint.tokens import vocabulary

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

SMALL = Path(__file__).parents[2] / "models" / "small-2"


def bundle_of(network: object, folder: Path) -> Bundle:
    from hitpoint.training.export_onnx import graph_of

    shape = network.shape  # type: ignore[attr-defined]
    onnx.save(graph_of(network, None), folder / "model.onnx")  # type: ignore[arg-type]
    stored = vocabulary.as_json()
    return Bundle("x", folder, stored, shape.layers, shape.kv_heads, shape.per_head, shape.context, Sampling())


def shape(**changes: int) -> object:
    from hitpoint.training.network import Shape

    return Shape(**{"width": 128, "layers": 2, "feed_forward": 192, "head_width": 96, "context": 128, **changes})


def test_what_was_quantised_is_within_half_a_step_and_no_larger_than_processors_add() -> None:
    from hitpoint.training.onnx_graph import MOST_WEIGHT, quantise

    weight = np.random.default_rng(0).normal(size=(5, 300)).astype(np.float32)
    weight[2] = 0
    codes, scales = quantise(weight)
    assert np.abs(codes * scales[:, None] - weight).max() <= scales.max() / 2 + 1e-6
    assert np.abs(codes).max() == MOST_WEIGHT
    assert 2 * 255 * MOST_WEIGHT < 2**15


@pytest.mark.slow
@pytest.mark.parametrize("more_layers", [0, 2])
def test_a_network_begun_from_a_bundle_answers_as_it_does(tmp_path: Path, more_layers: int) -> None:
    from hitpoint.training.golden import answers, short_score
    from hitpoint.training.network import Network
    from hitpoint.training.warm_start import begin_from

    torch.manual_seed(1)
    first = Network(shape()).eval()
    bundle = bundle_of(first, tmp_path)
    torch.manual_seed(2)
    second = Network(shape(layers=2 + more_layers)).eval()
    begin_from(second, bundle)
    rows, targets = short_score()
    for theirs, ours in zip(answers(first, rows, targets), answers(second, rows, targets), strict=True):
        assert np.abs(theirs - ours).max() < 1e-5


@pytest.mark.slow
def test_a_bundle_of_the_first_vocabulary_can_be_begun_from_and_new_fields_say_nothing(tmp_path: Path) -> None:
    from hitpoint.training.golden import short_score
    from hitpoint.training.network import Network, Shape
    from hitpoint.training.warm_start import begin_from, compare_losses
    from hitpoint.training.windows import Window

    network, bundle = Network(Shape()).eval(), load_bundle(older_bundle(SMALL, tmp_path / "older-1"))
    begin_from(network, bundle)
    first = vocabulary.OFFSETS["harmony_1"]
    assert not network.embedding.weight[first:].any()
    rows, targets = short_score()
    rows[1, vocabulary.LAYOUT[vocabulary.Kind.BAR].index("harmony_1")] = first
    ours, theirs = compare_losses(network, bundle, [Window(rows, targets)])
    assert ours == pytest.approx(theirs, abs=0.1)


def test_a_bundle_of_another_width_is_told(tmp_path: Path) -> None:
    from hitpoint.training.network import Network
    from hitpoint.training.warm_start import begin_from

    bundle = bundle_of(Network(shape()), tmp_path)
    with pytest.raises(ConfigError, match="Choose a preset of the bundle's width"):
        begin_from(Network(shape(width=64)), bundle)


def test_a_start_that_answers_otherwise_is_refused(tmp_path: Path) -> None:
    from hitpoint.training.golden import short_score
    from hitpoint.training.network import Network
    from hitpoint.training.warm_start import check_start
    from hitpoint.training.windows import Window

    torch.manual_seed(1)
    network = Network(shape()).eval()
    bundle, other = bundle_of(network, tmp_path), copy.deepcopy(network)
    window = Window(*short_score())
    check_start(network, bundle, [window])
    with torch.no_grad():
        other.head_out[1].weight += 3 * torch.randn_like(other.head_out[1].weight)
    with pytest.raises(ConfigError, match="Begin without --from"):
        check_start(other, bundle, [window])
