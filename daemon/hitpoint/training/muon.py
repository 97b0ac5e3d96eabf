"""Muon in float32: each step of a matrix is made as large in every direction as in its largest.

PyTorch's own works in bfloat16, which takes a processor without bfloat16 instructions some twenty times as long.
Matrices of one shape are turned together: on a GPU a product of many small ones takes little longer than one.
Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"; step sizes as AdamW's after
Liu et al. 2025 (arXiv:2502.16982).
"""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Of the quintic iteration. Source: Jordan et al. 2024."""
ITERATIONS = 5
MOMENTUM = 0.95
AS_ADAMW = 0.2
"""Root mean square of AdamW's usual step. Source: Liu et al. 2025."""


class Muon(torch.optim.Optimizer):  # type: ignore[misc]
    """For matrices only; the learning rate is AdamW's."""

    def __init__(self, matrices: Iterable[Tensor], lr: float, weight_decay: float) -> None:
        super().__init__(matrices, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def step(self, closure: Any = None) -> None:  # noqa: ARG002
        """Move every matrix that has a gradient."""
        for group in self.param_groups:
            for alike in _by_shape(matrix for matrix in group["params"] if matrix.grad is not None):
                self._move(alike, group["lr"], group["weight_decay"])

    def _move(self, alike: list[Tensor], rate: float, decay: float) -> None:
        wanted = []
        for matrix in alike:
            state = self.state[matrix]
            if not state:
                state["momentum"] = torch.zeros_like(matrix)
            state["momentum"].lerp_(matrix.grad, 1 - MOMENTUM)
            wanted.append(matrix.grad.lerp(state["momentum"], MOMENTUM))
        for matrix, direction in zip(alike, orthogonal(torch.stack(wanted)), strict=True):
            matrix.mul_(1 - rate * decay)
            matrix.add_(direction, alpha=-rate * AS_ADAMW * max(matrix.shape) ** 0.5)


def _by_shape(matrices: Iterable[Tensor]) -> list[list[Tensor]]:
    found: dict[tuple[int, ...], list[Tensor]] = {}
    for matrix in matrices:
        found.setdefault(tuple(matrix.shape), []).append(matrix)
    return list(found.values())


def orthogonal(matrices: Tensor) -> Tensor:
    """Matrices with the same singular vectors and singular values near 1; shape (…, rows, columns)."""
    tall = matrices.shape[-2] > matrices.shape[-1]
    x = matrices.mT if tall else matrices
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    a, b, c = COEFFICIENTS
    for _ in range(ITERATIONS):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return x.mT if tall else x
