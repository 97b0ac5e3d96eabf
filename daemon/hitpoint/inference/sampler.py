"""Our own random numbers, so that the same request gives the same notes on every machine and in every NumPy.

Philox is counter-based: a key names an endless sequence, whatever was drawn before for others.
Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
"""

from hashlib import blake2b

import numpy as np

from hitpoint.inference.model import Biases

STEPS_AHEAD = 16
"""Noise is made for this many steps at a time: one call costs as much as one step's."""


class NoiseSource:
    """Gumbel noise, one vector a step. Adding it to logits and taking the largest draws by their softmax."""

    def __init__(self, key: str, size: int) -> None:
        """key: names the sequence. size: length of each vector."""
        digest = blake2b(key.encode(), digest_size=16).digest()
        self._bits = np.random.Philox(key=np.frombuffer(digest, "<u8"))
        self._size = size
        self._block = np.zeros((0, size), np.float32)
        self._at = 0

    def next(self) -> Biases:
        """The next step's noise, float32, shape (size,)."""
        if self._at == len(self._block):
            self._block, self._at = self._draw(), 0
        self._at += 1
        return np.asarray(self._block[self._at - 1])

    def _draw(self) -> Biases:
        # Raw bits are part of NumPy's promise, the distributions made of them are not; 32 bits an entry are plenty.
        raw = self._bits.random_raw(STEPS_AHEAD * self._size // 2 + 1).view(np.uint32)[: STEPS_AHEAD * self._size]
        uniform = (raw.astype(np.float64) + 0.5) * 2.0**-32
        return (-np.log(-np.log(uniform))).astype(np.float32).reshape(STEPS_AHEAD, self._size)
