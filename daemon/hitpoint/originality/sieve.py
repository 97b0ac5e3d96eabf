"""A first answer, in a microsecond, to whether 13 notes in a row may stand in an index: no, or perhaps.

One bit for each window of five grams, found by a hash of the bytes that the index keeps of them. It is made when a
guard first asks, not stored: 16 MB, and perhaps is said to 8 % of new windows where the index is the largest.
"""

from collections.abc import Sequence

import numpy as np

from hitpoint.originality.grams import WINNOW
from hitpoint.originality.information import Bytes

SIEVE_BITS = 27
"""Of the hash. Our choice."""
_FACTOR, _WORD = 0x9E3779B97F4A7C15, 2**64 - 1


def sieve_of(pitch_bytes: Bytes, whole_bytes: Bytes) -> bytes:
    """The bits of all windows, eight a byte."""
    count = max(0, len(pitch_bytes) - WINNOW + 1)
    hashes = np.zeros(count, np.uint64)
    for place in range(WINNOW):
        both = whole_bytes[place : place + count].astype(np.uint64) << np.uint64(8)
        hashes = (hashes + (both | pitch_bytes[place : place + count])) * np.uint64(_FACTOR)
    hashes = np.sort((hashes >> np.uint64(64 - SIEVE_BITS)).astype(np.uint32))
    sieve = np.zeros(2 ** (SIEVE_BITS - 3), np.uint8)
    if count:
        at, bits = hashes >> np.uint32(3), (1 << (hashes & np.uint32(7))).astype(np.uint8)
        first = np.flatnonzero(np.r_[True, at[1:] != at[:-1]])
        sieve[at[first]] = np.bitwise_or.reduceat(bits, first)
    return sieve.tobytes()


def may_hold(sieve: bytes, window: Sequence[tuple[int, int]]) -> bool:
    """Whether a window of grams, given by their two hashes, may be in what the sieve was made of."""
    hashed = 0
    for pitch, whole in window:
        hashed = (hashed + ((whole & 255) << 8 | pitch & 255)) * _FACTOR & _WORD
    hashed >>= 64 - SIEVE_BITS
    return bool(sieve[hashed >> 3] >> (hashed & 7) & 1)
