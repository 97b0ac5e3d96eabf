"""Our own random numbers, so that the same request gives the same notes on every machine and in every NumPy.

Philox is counter-based: a key names an endless sequence, whatever was drawn before for others.
Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
"""

import threading
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from hitpoint.inference.model import Biases

STEPS_AHEAD = 16
"""Bits are taken for this many steps at a time: one call costs as much as one step's."""
STEPS_MADE = 4
"""Noise is made of them for this many: most parts of a bar need fewer than there are bits for."""


class _Bits(threading.local):
    """One generator a thread. Its state is set before each use: to make another costs more than a step's noise."""

    def __init__(self) -> None:
        self.philox = np.random.Philox(key=0)


_BITS = _Bits()


class NoiseSource:
    """Gumbel noise, one vector a step. Adding it to logits and taking the largest draws by their softmax."""

    def __init__(self, key: str, size: int) -> None:
        """key: names the sequence. size: length of each vector."""
        digest = blake2b(key.encode(), digest_size=16).digest()
        self._state = _BITS.philox.state | {
            "state": {"counter": np.zeros(4, np.uint64), "key": np.frombuffer(digest, "<u8").astype(np.uint64)},
            "buffer_pos": 4, "has_uint32": 0, "uinteger": 0,
        }  # fmt: skip
        self._size = size
        self._bits = np.zeros((0, size), np.uint32)
        self._block = np.zeros((0, size), np.float32)
        self._at = 0

    def next(self) -> Biases:
        """The next step's noise, float32, shape (size,)."""
        if self._at == len(self._block):
            if not len(self._bits):
                self._bits = self._draw()
            self._block, self._at = _gumbel(self._bits[:STEPS_MADE]), 0
            self._bits = self._bits[STEPS_MADE:]
        self._at += 1
        return np.asarray(self._block[self._at - 1])

    def _draw(self) -> NDArray[np.uint32]:
        philox = _BITS.philox
        philox.state = self._state
        # Raw bits are part of NumPy's promise, the distributions made of them are not; 32 bits an entry are plenty.
        raw = philox.random_raw(STEPS_AHEAD * self._size // 2 + 1).view(np.uint32)[: STEPS_AHEAD * self._size]
        self._state = philox.state
        return np.asarray(raw.reshape(STEPS_AHEAD, self._size))


def _gumbel(bits: NDArray[np.uint32]) -> Biases:
    uniform = (bits + 0.5) * 2.0**-32
    return np.asarray(-np.log(-np.log(uniform)), np.float32)
