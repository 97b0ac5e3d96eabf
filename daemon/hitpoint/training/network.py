"""The network in PyTorch: a Llama-style decoder over rows, and four small heads that draw a note's attributes in turn.

Residual blocks of RMSNorm, grouped-query attention with rotary positions, and SwiGLU. Each head reads the last block's
answer plus what was drawn before it: position, then pitch, duration, velocity.
Source: Touvron et al. 2023 (arXiv:2302.13971); Ainslie et al. 2023 (arXiv:2305.13245).
"""

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from hitpoint.tokens.vocabulary import HEAD_SIZES, NOTHING, SIZE
from hitpoint.training.windows import IGNORED

NORM_EPSILON = 1e-5


@dataclass(frozen=True)
class Shape:
    """How large the network is."""

    width: int = 256
    layers: int = 4
    heads: int = 4
    kv_heads: int = 2
    feed_forward: int = 704
    head_width: int = 256
    """Of the hidden layer of each drawing head."""
    context: int = 1024
    """Rows it can read."""
    rotary_base: float = 10000.0

    @property
    def per_head(self) -> int:
        """Width of one attention head."""
        return self.width // self.heads


class Block(nn.Module):  # type: ignore[misc]
    """Attention, then SwiGLU, each beside the residual stream."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.shape = shape
        self.dropout = nn.Dropout(dropout)
        key_value = shape.kv_heads * shape.per_head
        self.norm1 = nn.RMSNorm(shape.width, eps=NORM_EPSILON)
        self.norm2 = nn.RMSNorm(shape.width, eps=NORM_EPSILON)
        self.qkv = nn.Linear(shape.width, shape.width + 2 * key_value, bias=False)
        self.out = nn.Linear(shape.width, shape.width, bias=False)
        self.gate_up = nn.Linear(shape.width, 2 * shape.feed_forward, bias=False)
        self.down = nn.Linear(shape.feed_forward, shape.width, bias=False)

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        """x: (B, T, width) → the same."""
        x = x + self.dropout(self.out(self._attend(self.norm1(x), cosine, sine)))
        gate, up = self.gate_up(self.norm2(x)).chunk(2, -1)
        return cast(Tensor, x + self.dropout(self.down(functional.silu(gate) * up)))

    def cached(self, x: Tensor, cosine: Tensor, sine: Tensor) -> tuple[Tensor, Tensor]:
        """The keys and values that later rows look back on, each (B, KV, T, D)."""
        _, key, value = self._queries_keys_values(self.norm1(x), cosine, sine)
        return key, value

    def _queries_keys_values(self, x: Tensor, cosine: Tensor, sine: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        per_head, kv_heads = self.shape.per_head, self.shape.kv_heads
        query, key, value = self.qkv(x).split([x.shape[-1], kv_heads * per_head, kv_heads * per_head], -1)
        query = _rotate(_heads(query, per_head), cosine, sine).to(value.dtype)  # (B, H, T, D)
        key = _rotate(_heads(key, per_head), cosine, sine).to(value.dtype)  # (B, KV, T, D)
        return query, key, _heads(value, per_head)

    def _attend(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        batch, steps, width = x.shape
        query, key, value = self._queries_keys_values(x, cosine, sine)
        shared = self.shape.heads // self.shape.kv_heads
        key, value = key.repeat_interleave(shared, 1), value.repeat_interleave(shared, 1)
        attended = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        return attended.transpose(1, 2).reshape(batch, steps, width)


class Network(nn.Module):  # type: ignore[misc]
    """Rows in, the next note's four attributes out."""

    def __init__(self, shape: Shape, dropout: float = 0.0) -> None:
        """dropout: the share of what each layer adds that is left out while it learns, at random."""
        super().__init__()
        self.shape = shape
        width = shape.width
        self.embedding = nn.Embedding(SIZE, width, padding_idx=NOTHING)
        self.blocks = nn.ModuleList(Block(shape, dropout) for _ in range(shape.layers))
        self.norm = nn.RMSNorm(width, eps=NORM_EPSILON)
        self.head_norms = nn.ModuleList(nn.RMSNorm(width, eps=NORM_EPSILON) for _ in HEAD_SIZES)
        self.head_hidden = nn.ModuleList(nn.Linear(width, shape.head_width, bias=False) for _ in HEAD_SIZES)
        self.head_out = nn.ModuleList(nn.Linear(shape.head_width, size, bias=False) for size in HEAD_SIZES)
        self.drawn = nn.ModuleList(nn.Embedding(size, width) for size in HEAD_SIZES[:-1])
        cosine, sine = rotary(shape)
        self.register_buffer("cosine", cosine, persistent=False)
        self.register_buffer("sine", sine, persistent=False)
        self.apply(_initialise)
        for block in self.blocks:  # the residual stream starts as wide as the embedding, whatever the depth
            for layer in (block.out, block.down):
                nn.init.normal_(layer.weight, std=0.02 / (2 * shape.layers) ** 0.5)
        with torch.no_grad():
            self.embedding.weight[NOTHING] = 0

    def hidden(self, rows: Tensor) -> Tensor:
        """rows: ids, (B, T, ROW_WIDTH) → what is known after each, (B, T, width)."""
        x, cosine, sine = self._begin(rows)
        for block in self.blocks:
            x = block(x, cosine, sine)
        return cast(Tensor, self.norm(x))

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def cache_peaks(self, rows: Tensor) -> dict[str, list[float]]:
        """The largest key and value of each layer over these rows, (B, T, ROW_WIDTH): what a cache in 8 bits holds."""
        x, cosine, sine = self._begin(rows)
        peaks: dict[str, list[float]] = {"key": [], "value": []}
        for block in self.blocks:
            for kept, of_layer in zip(block.cached(x, cosine, sine), peaks.values(), strict=True):
                of_layer.append(round(float(kept.abs().max()), 4))
            x = block(x, cosine, sine)
        return peaks

    def _begin(self, rows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What the first block reads."""
        x, steps = self.embedding(rows).sum(2), rows.shape[1]
        return x, self.cosine[:steps].to(x.dtype), self.sine[:steps].to(x.dtype)

    def logits(self, rows: Tensor, targets: Tensor) -> list[Tensor]:
        """For each attribute (B, T, values), given the rows up to here and the attributes drawn before it.

        targets: (B, T, 4); IGNORED counts as value 0.
        """
        z, out = self.hidden(rows), []
        for index in range(len(HEAD_SIZES)):
            hidden = functional.silu(self.head_hidden[index](self.head_norms[index](z)))
            out.append(self.head_out[index](hidden))
            if index < len(self.drawn):
                z = z + self.drawn[index](targets[..., index].clamp(min=0))
        return out

    def losses(self, rows: Tensor, targets: Tensor) -> Tensor:
        """Summed negative log likelihood of each attribute in nats, shape (4,); IGNORED targets cost nothing."""
        return torch.stack(
            [
                functional.cross_entropy(
                    logits.float().flatten(0, 1),
                    targets[..., index].flatten(),
                    ignore_index=IGNORED,
                    reduction="sum",
                )
                for index, logits in enumerate(self.logits(rows, targets))
            ]
        )


def rotary(shape: Shape) -> tuple[Tensor, Tensor]:
    """Cosines and sines of the rotary positions, each (context, per_head / 2)."""
    rates = shape.rotary_base ** (-torch.arange(0, shape.per_head, 2).float() / shape.per_head)
    angles = torch.outer(torch.arange(shape.context).float(), rates)
    return angles.cos(), angles.sin()


def _heads(x: Tensor, per_head: int) -> Tensor:
    """(B, T, H * D) → (B, H, T, D)."""
    return x.unflatten(-1, (-1, per_head)).transpose(1, 2)


def _rotate(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Half-split rotation, as GroupQueryAttention does it with rotary_interleaved=0."""
    first, second = x.chunk(2, -1)
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], -1)


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
