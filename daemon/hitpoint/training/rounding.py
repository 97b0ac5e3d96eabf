"""A network made ready to compute in whole numbers: evened out, and its ranges measured.

What goes into a layer has one scale for all of it, fixed for good. So a product of matrices is a sum of whole numbers,
which is the same in any order: notes depend neither on how rows are cut nor on what is read beside them. What some
channels have too much of is moved into the weights that read them, which changes nothing of what the network answers.
Source: Xiao et al. 2023, "SmoothQuant" (arXiv:2211.10438).
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from hitpoint.training.network import Network

SHARE_MOVED = 0.5
"""Of how far channels differ, on a scale of ratios. Measured on `valid`, nats a note after rounding: 0.35 1.5436, 0.5
1.5401, 0.65 1.5416, 0.8 1.5439; before 1.5379."""
LEVELS = 255
"""Steps between the least and the most that a layer reads."""
RATIOS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Shares of the range that was seen, of which the one is kept that is farthest from what goes in by the least."""
SAMPLED_ROWS = 1500
"""Rows that it is chosen by."""
LEAST = 1e-5

Calibration = tuple[Tensor, Tensor]
"""Rows that show what goes through a network, (B, T, ROW_WIDTH), and their targets, (B, T, 4)."""


@dataclass(frozen=True)
class Rounding:
    """How whole numbers stand for what goes through a network."""

    inputs: Mapping[str, tuple[float, int]]
    """Of each layer by its name: the scale of what goes in, and the whole number that stands for 0, 0 to LEVELS."""
    peaks: Mapping[str, Sequence[float]]
    """The largest key and value of each block, under `key` and `value`: what a cache in 8 bits holds."""


def evened(network: Network, rows: Tensor, targets: Tensor) -> Network:
    """A network that answers the same, whose layers read channels of like size. rows, targets: as Calibration."""
    even: Network = copy.deepcopy(network).eval()
    shape = network.shape
    sizes = {name: found.abs().amax(0) for name, found in _read(even, rows, targets).items()}
    group, first_value = shape.heads // shape.kv_heads, shape.width + shape.kv_heads * shape.per_head
    with torch.no_grad():
        for index, block in enumerate(even.blocks):
            _move(sizes[f"blocks.{index}.qkv"], block.qkv, block.norm1.weight)
            _move(sizes[f"blocks.{index}.gate_up"], block.gate_up, block.norm2.weight)
            # Values are read by all heads of a group, and alike.
            values = block.qkv.weight[first_value:]
            _move(sizes[f"blocks.{index}.out"], block.out, values, (shape.kv_heads, group, shape.per_head))
            _move(sizes[f"blocks.{index}.down"], block.down, block.gate_up.weight[shape.feed_forward :])
        for index, norm in enumerate(even.head_norms):
            _move(sizes[f"head_hidden.{index}"], even.head_hidden[index], norm.weight)
    return even


def rounding_of(network: Network, rows: Tensor, targets: Tensor) -> Rounding:
    """How to round it, by what goes through it for these rows."""
    inputs = {name: _range(found) for name, found in _read(network, rows, targets).items()}
    return Rounding(inputs, network.cache_peaks(rows))


def _layers(network: Network) -> Iterator[tuple[str, nn.Linear]]:
    return ((name, module) for name, module in network.named_modules() if isinstance(module, nn.Linear))


def _read(network: Network, rows: Tensor, targets: Tensor) -> dict[str, Tensor]:
    """What goes into each layer, (rows, channels)."""
    found: dict[str, list[Tensor]] = {name: [] for name, _ in _layers(network)}

    def keep(name: str) -> object:
        return lambda _, given: found[name].append(given[0].flatten(0, -2))

    hooks = [layer.register_forward_pre_hook(keep(name)) for name, layer in _layers(network)]
    with torch.no_grad():
        for row, target in zip(rows, targets, strict=True):
            network.logits(row[None], target[None])
    for hook in hooks:
        hook.remove()
    return {name: torch.cat(pieces) for name, pieces in found.items()}


def _move(size: Tensor, layer: nn.Linear, before: Tensor, heads: tuple[int, int, int] | None = None) -> None:
    """size: of what goes into each channel. before: the weights that the channels come from, by channel first; where
    `heads` (groups, heads of a group, width) are given, one for all heads of a group."""
    weight = layer.weight.abs().amax(0)
    if heads is not None:
        size, weight = (each.reshape(heads).amax(1).flatten() for each in (size, weight))
    scale = size.clamp(min=LEAST) ** SHARE_MOVED / weight.clamp(min=LEAST) ** (1 - SHARE_MOVED)
    scale /= scale.log().mean().exp()
    before /= scale.reshape(-1, *[1] * (before.ndim - 1))
    if heads is not None:
        groups, of_group, width = heads
        scale = scale.reshape(groups, 1, width).expand(groups, of_group, width).flatten()
    layer.weight *= scale


def _range(found: Tensor) -> tuple[float, int]:
    sample = found[:: max(1, len(found) // SAMPLED_ROWS)]
    low, high = min(0.0, float(found.min())), max(LEAST, float(found.max()))

    def rounded(ratio: float) -> tuple[float, float, int]:
        scale = ratio * (high - low) / LEVELS
        zero = round(-ratio * low / scale)
        said = ((sample / scale).round() + zero).clamp(0, LEVELS)
        return float((((said - zero) * scale - sample) ** 2).mean()), scale, zero

    _, scale, zero = min(rounded(ratio) for ratio in RATIOS)
    return scale, zero
