"""Whether this processor multiplies faster in bfloat16 than in float32."""

from time import perf_counter

import torch

SIZES = (1024, 256, 704)
RUNS = 5


def half_precision_pays() -> bool:
    """True where products of matrices take clearly less time in bfloat16. Blocks: for some tens of milliseconds."""
    return 1.2 * _seconds(torch.bfloat16) < _seconds(torch.float32)


def _seconds(kind: torch.dtype) -> float:
    rows, inside, columns = SIZES
    one, other = torch.ones(rows, inside, dtype=kind), torch.ones(inside, columns, dtype=kind)
    found = []
    for _ in range(RUNS):
        started = perf_counter()
        one @ other
        found.append(perf_counter() - started)
    return min(found)
