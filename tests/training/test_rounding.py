"""A network that is evened out answers the same, and what goes through it can be counted in whole numbers."""

import pytest

torch = pytest.importorskip("torch")


def uneven() -> tuple[object, object, object]:
    """A network some of whose channels are far larger than others, and what it reads."""
    from hitpoint.training.golden import short_score
    from hitpoint.training.network import Network, Shape

    torch.manual_seed(4)
    network = Network(Shape(width=64, layers=2, heads=4, kv_heads=2, feed_forward=96, head_width=48, context=64)).eval()
    with torch.no_grad():
        for block in network.blocks:
            block.norm1.weight[3] *= 30
            block.norm2.weight[5] *= 30
            block.gate_up.weight[96 + 7] *= 30
            block.qkv.weight[-2] *= 30
    rows, targets = (torch.from_numpy(part)[None] for part in short_score())
    return network, rows, targets


def test_what_is_evened_answers_the_same() -> None:
    from hitpoint.training.rounding import evened

    network, rows, targets = uneven()
    with torch.no_grad():
        before = network.logits(rows, targets)
        after = evened(network, rows, targets).logits(rows, targets)
        again = network.logits(rows, targets)
    for one, other, same in zip(before, after, again, strict=True):
        assert torch.allclose(one, other, atol=1e-4)
        assert torch.equal(one, same)


def test_what_is_evened_loses_less_by_rounding() -> None:
    from hitpoint.training.rounding import LEVELS, evened, rounding_of

    network, rows, targets = uneven()

    def coarsest(of: object) -> float:
        inputs = rounding_of(of, rows, targets).inputs
        assert len(inputs) == 2 * 4 + 4 * 2
        assert all(scale > 0 and 0 <= zero <= LEVELS for scale, zero in inputs.values())
        return max(scale for scale, _ in inputs.values())

    assert coarsest(evened(network, rows, targets)) < coarsest(network) / 3
