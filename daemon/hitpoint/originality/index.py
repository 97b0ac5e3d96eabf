"""The index as it is used: which grams there are, and in which piece. Hashes and ids; no notes.

Grams of all lines lie end to end, piece by piece; what a piece repeats is kept once. Of each gram two bytes are kept:
eight bits of its pitch hash and eight of the whole. The picked ones also have an entry in a table that leads from the
hash to their places. A run is found by the table and followed by the bytes, gram by gram, so that its length is exact
but for chance: it is told one note too long once in 256 times an end. A run that leads from a repeated passage into
something else may be told as two, of 13 notes or more each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hitpoint.originality.grams import WINNOW, Hashes
from hitpoint.originality.information import Bytes, Information
from hitpoint.originality.lines import Ints
from hitpoint.originality.sieve import may_hold, sieve_of

BUCKET_BITS, EXTRA_BITS = 18, 8
"""Bits of a picked gram's hash: those that choose its bucket, and those stored with its place."""
PLACE_BITS = 32 - EXTRA_BITS
MOST_GRAMS = 2**PLACE_BITS

MOST_LOOKED_AT = 4096
"""Places that a guard looks at for one note, so that none takes a millisecond. Our choice."""

BLOCK_MARGIN, FLAG_MARGIN, PITCH_MARGIN = 33.0, 18.0, 20.0
"""Bits that a run must carry beyond what chance explains in an index of its size: 13 notes to block, 9 or more to flag,
and 13 by pitch alone to flag. Calibrated on the 479 pieces of the valid split against the training pieces of other
collections: 5 of them (1.0 %) are blocked, three for hymns that both collections hold, and 80 (17 %) flagged."""

Words = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of an index."""

    id: str
    """The manifest's id, or the file's stem."""
    title: str = ""
    attribution: str = ""
    """What its licence asks to be shown."""
    group: str = ""
    """Pieces of one group are one work; its own id where nothing is known."""


@dataclass(frozen=True)
class Index:
    """A whole index, perhaps mapped from its file."""

    id: str
    """16 hex digits of its content."""
    pieces: tuple[Piece, ...]
    baseline: dict[str, Any]
    """How its own pieces compare with those of other works; empty when there are too few."""
    information: Information
    bucket_starts: Words
    """Offsets into `places`, shape (2**18 + 1,)."""
    places: Words
    """Of picked grams, by bucket: eight more bits of the hash, then the gram's place in 24 bits."""
    pitch_bytes: Bytes
    """Of each gram."""
    whole_bytes: Bytes
    piece_starts: Words
    """Offsets of the pieces' grams, one more than there are pieces."""

    @cached_property
    def chance_bits(self) -> float:
        """Bits that some place of the index is expected to share with any run."""
        return log2(max(2, len(self.pitch_bytes)))

    @cached_property
    def _sieve(self) -> bytes:
        return sieve_of(self.pitch_bytes, self.whole_bytes)

    @property
    def block_bits(self) -> float:
        """What 13 notes must carry to block."""
        return self.chance_bits + BLOCK_MARGIN

    @property
    def flag_bits(self) -> float:
        """What 9 or 13 notes must carry to flag, and 13 for a guard to refuse them."""
        return self.chance_bits + FLAG_MARGIN

    @property
    def pitch_bits(self) -> float:
        """What the intervals of 13 notes must carry to flag by themselves."""
        return self.chance_bits + PITCH_MARGIN

    def piece_at(self, places: Ints) -> Ints:
        """The numbers of the pieces that grams belong to."""
        return np.searchsorted(self.piece_starts, places, side="right") - 1

    def entries(self, hashes: Hashes) -> tuple[Ints, Ints]:
        """Pairs of (which of `hashes`, place in the index) whose pitch hashes agree in 34 bits."""
        buckets = (hashes >> np.uint64(64 - BUCKET_BITS)).astype(np.int64)
        first = self.bucket_starts[buckets].astype(np.int64)
        counts = self.bucket_starts[buckets + 1].astype(np.int64) - first
        which = np.repeat(np.arange(len(hashes)), counts)
        at = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
        found = self.places[at]
        extra = (hashes >> np.uint64(64 - BUCKET_BITS - EXTRA_BITS)).astype(np.uint32) & np.uint32(2**EXTRA_BITS - 1)
        agree = found >> np.uint32(PLACE_BITS) == extra[which]
        which, place = which[agree], (found[agree] & np.uint32(MOST_GRAMS - 1)).astype(np.int64)
        agree = self.pitch_bytes[place] == low_bytes(hashes)[which]
        return which[agree], place[agree]

    def may_hold(self, window: Sequence[tuple[int, int]]) -> bool:
        """False where `holds` is false for sure: a first answer in a microsecond. The first call makes the sieve."""
        return may_hold(self._sieve, window)

    def holds(self, window: Sequence[tuple[int, int]]) -> bool:
        """Whether five grams in a row (13 notes), given by their two hashes, stand somewhere in the index.

        Sure where it says no. For a gram with thousands of places the sieve answers: wrongly yes for 8 % at most.
        """
        ahead = min(range(WINNOW), key=lambda place: (window[place][0], -place))
        pitch = window[ahead][0]
        bucket = pitch >> 64 - BUCKET_BITS
        first, last = int(self.bucket_starts[bucket]), int(self.bucket_starts[bucket + 1])
        if first == last:
            return False
        extra = (pitch >> 64 - BUCKET_BITS - EXTRA_BITS & 2**EXTRA_BITS - 1) << PLACE_BITS
        bounds = np.array([extra, extra | MOST_GRAMS - 1], np.uint32)
        low, high = self.places[first:last].searchsorted(bounds).tolist()
        if low == high:
            return False
        if high - low > MOST_LOOKED_AT:
            return self.may_hold(window)
        starts = (self.places[first + low : first + high] & np.uint32(MOST_GRAMS - 1)).astype(np.int64) - ahead
        starts = starts[(starts >= 0) & (starts + WINNOW <= len(self.pitch_bytes))]
        for place, (pitch, whole) in enumerate(window):
            starts = starts[(self.pitch_bytes[starts + place] == pitch & 255)]
            starts = starts[self.whole_bytes[starts + place] == whole & 255]
            if not len(starts):
                return False
        return True


def low_bytes(hashes: Hashes) -> Bytes:
    """The eight bits of each hash that the index keeps of every gram."""
    return (hashes & np.uint64(255)).astype(np.uint8)
