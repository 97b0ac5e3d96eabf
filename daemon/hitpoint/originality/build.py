"""Makes an index, piece by piece. The same pieces in the same order make the same index."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from hitpoint.errors import ScoreError
from hitpoint.originality.baseline import baseline_of
from hitpoint.originality.grams import WINNOW, Grams, grams_of, picked, steps_of
from hitpoint.originality.index import BUCKET_BITS, EXTRA_BITS, MOST_GRAMS, PLACE_BITS, Index, Piece, low_bytes
from hitpoint.originality.information import Counts
from hitpoint.originality.lines import Line

SAMPLED = 200
"""Pieces, evenly chosen, that the human-to-human baseline is made from. Our choice."""


class IndexBuilder:
    """Takes pieces, then gives the index."""

    def __init__(self, expected: int) -> None:
        """expected: how many pieces will come, about; it says which are kept for the baseline."""
        self._every = max(1, expected // SAMPLED)
        self._sampled: list[tuple[int, Sequence[Line]]] = []
        self._pieces: list[Piece] = []
        self._counts = Counts()
        self._starts = [0]
        self._pitch: list[np.ndarray] = []
        self._whole: list[np.ndarray] = []
        self._hashes: list[np.ndarray] = []
        self._places: list[np.ndarray] = []

    def add(self, piece: Piece, lines: Sequence[Line]) -> None:
        """One more piece. Raises ScoreError when the index is full."""
        if len(self._pieces) % self._every == 0:
            self._sampled.append((len(self._pieces), lines))
        self._pieces.append(piece)
        at, seen = self._starts[-1], set[int]()
        for line in lines:
            steps = steps_of(line)
            self._counts.add(steps)
            at = self._add_grams(grams_of(steps), at, seen)
        if at > MOST_GRAMS:
            raise ScoreError(f"the index is full at {piece.id}: it holds {MOST_GRAMS:,} places. Make several indexes.")
        self._starts.append(at)

    def _add_grams(self, grams: Grams, at: int, seen: set[int]) -> int:
        chosen = picked(grams.pitch)
        kept = _new_windows(grams, seen)
        moved = np.cumsum(kept) - 1 + at
        chosen = chosen[kept[chosen]]
        self._pitch.append(low_bytes(grams.pitch[kept]))
        self._whole.append(low_bytes(grams.whole[kept]))
        self._hashes.append((grams.pitch[chosen] >> np.uint64(64 - BUCKET_BITS - EXTRA_BITS)).astype(np.uint32))
        self._places.append(moved[chosen].astype(np.uint32))
        return at + int(kept.sum())

    def finish(self, progress: Callable[[int, int], None] | None = None) -> Index:
        """The index of all that was added, and its baseline. Raises ScoreError when nothing was.

        progress: called with sampled pieces compared, and how many there are. Blocks for some milliseconds a piece.
        """
        if self._starts[-1] == 0:
            raise ScoreError("there is no line of 9 notes or more to index. Give a folder with MIDI files.")
        hashes, places = np.concatenate(self._hashes), np.concatenate(self._places)
        order = np.lexsort((places, hashes))
        hashes, places = hashes[order], places[order]
        extra = (hashes & np.uint32(2**EXTRA_BITS - 1)) << np.uint32(PLACE_BITS)
        buckets = np.arange(2**BUCKET_BITS + 1, dtype=np.uint64) << np.uint64(EXTRA_BITS)
        index = Index(
            id="",
            pieces=tuple(self._pieces),
            baseline={},
            information=self._counts.information(),
            bucket_starts=np.searchsorted(hashes.astype(np.uint64), buckets).astype(np.uint32),
            places=extra | places,
            pitch_bytes=np.concatenate(self._pitch),
            whole_bytes=np.concatenate(self._whole),
            piece_starts=np.array(self._starts, np.uint32),
        )
        return replace(index, baseline=baseline_of(index, self._sampled, progress))


def _new_windows(grams: Grams, seen: set[int]) -> np.ndarray:
    """Which grams belong to 13 notes in a row that the piece has not had: repeats and doublings are kept once."""
    count = len(grams.whole)
    kept = np.zeros(count, bool)
    if count <= WINNOW:
        # Shorter than what is found for sure, so kept whatever it is.
        return ~kept
    ends = grams.whole[: count - WINNOW + 1] * np.uint64(0x9E3779B97F4A7C15) + grams.whole[WINNOW - 1 :]
    for place, window in enumerate(ends.tolist()):
        if window not in seen:
            seen.add(window)
            kept[place : place + WINNOW] = True
    return kept
