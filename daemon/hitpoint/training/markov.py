"""A Markov model of order five for each part: each attribute foretold from the last five of its own part.

Pitches are foretold as intervals, positions with the ends of bars among them. Orders are blended after Witten and Bell
1991: a context seen with many different things trusts the shorter one more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.tokens.vocabulary import END, HEAD_SIZES
from hitpoint.training.dataset import Dataset
from hitpoint.training.windows import IGNORED, Window

ORDER = 5
MOST_NOTES = 5_000_000
"""Training notes that are counted, in whole pieces evenly chosen: more take minutes and change little."""
FIRST_PITCH = 64
"""What a part's first pitch is an interval from."""
SIZES = (HEAD_SIZES[0], 256, *HEAD_SIZES[2:])
"""Symbols of each attribute; pitches are intervals, 128 for none."""
MIX = np.uint64(0x9E3779B97F4A7C15)
"""Odd and far from regular: multiplies a context before the next symbol is added. Source: Knuth, TAOCP 3, 6.4."""

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Reals = NDArray[np.float64]


@dataclass(frozen=True)
class _Counts:
    """What followed contexts of one order."""

    contexts: Hashes
    totals: Reals
    kinds: Reals
    """How many different symbols followed."""
    pairs: Hashes
    counts: Reals


class Attribute:
    """One attribute's counts of all orders."""

    def __init__(self, streams: list[Ints], size: int) -> None:
        self._size = size
        symbols, contexts = _laid_out(streams, size)
        self._orders = [_counted(context, symbols) for context in contexts]

    def nats(self, stream: Ints) -> Reals:
        """What each symbol of a part costs, the part begun anew."""
        symbols, contexts = _laid_out([stream], self._size)
        return np.asarray(-np.log(self._shares(contexts, symbols)))

    def following(self, before: list[int]) -> Reals:
        """How likely each symbol is after these."""
        _, contexts = _laid_out([np.array([*before[-ORDER:], 0])], self._size)
        every = np.arange(self._size)
        return self._shares([np.repeat(context[-1:], self._size) for context in contexts], every)

    def _shares(self, contexts: list[Hashes], symbols: Ints) -> Reals:
        share = np.full(len(symbols), 1.0 / self._size)
        for counts, context in zip(self._orders, contexts, strict=True):
            total = _looked_up(counts.contexts, counts.totals, context)
            kinds = _looked_up(counts.contexts, counts.kinds, context)
            seen = _looked_up(counts.pairs, counts.counts, _paired(context, symbols))
            share = np.where(total > 0, (seen + kinds * share) / np.maximum(1e-9, total + kinds), share)
        return share


class Markov:
    """All four attributes."""

    def __init__(self, train: Dataset) -> None:
        streams = _streams_of(train)
        self.attributes = [Attribute(own, size) for own, size in zip(streams, SIZES, strict=True)]

    def nats(self, window: Window) -> Reals:
        """What the window costs, by attribute."""
        total = np.zeros(len(SIZES))
        for targets in parts_of(window).values():
            for column, stream in enumerate(streams_from(targets)):
                if len(stream):
                    total[column] += self.attributes[column].nats(stream).sum()
        return total


def parts_of(window: Window) -> dict[tuple[int, int], Ints]:
    """The targets of each part of a window, in order: what Markov calls its stream."""
    found: dict[tuple[int, int], list[Ints]] = {}
    asked = np.flatnonzero(window.targets[:, 0] != IGNORED)
    for place in asked.tolist():
        row = window.rows[place]
        found.setdefault((int(row[1]), int(row[2])), []).append(window.targets[place])
    return {part: np.array(targets) for part, targets in found.items()}


def streams_from(targets: Ints) -> list[Ints]:
    """The symbols of each attribute. targets: of one part, in order, END where a bar is over."""
    notes = targets[targets[:, 0] != END]
    velocities = notes[:, 3]
    return [targets[:, 0], intervals(notes[:, 1]), notes[:, 2], velocities[velocities != IGNORED]]


def intervals(pitches: Ints) -> Ints:
    """Steps from each pitch to the next, 128 for none, 0 to 255."""
    return np.asarray(pitches - np.concatenate([[FIRST_PITCH], pitches[:-1]]) + 128)


def _streams_of(train: Dataset) -> list[list[Ints]]:
    step = max(1, len(train.notes) // MOST_NOTES)
    found: list[list[Ints]] = [[] for _ in SIZES]
    for piece in range(0, len(train), step):
        first, last = train.bar_cells[train.piece_bars[piece : piece + 2]].tolist()
        part_of = train.cells[first:last, 0]
        for part in np.unique(part_of).tolist():
            targets = _part_targets(train, np.flatnonzero(part_of == part) + first)
            if not train.velocities_known[piece]:
                targets[:, 3] = IGNORED
            for own, stream in zip(found, streams_from(targets), strict=True):
                own.append(stream)
    return found


def _part_targets(train: Dataset, cells: Ints) -> Ints:
    """All notes of a part with an END after each bar."""
    rows: list[Ints] = []
    for cell in cells.tolist():
        rows.append(train.notes[train.cell_notes[cell] : train.cell_notes[cell + 1]].astype(np.int64))
        rows.append(np.array([[END, IGNORED, IGNORED, IGNORED]]))
    return np.concatenate(rows)


def _laid_out(streams: list[Ints], size: int) -> tuple[Ints, list[Hashes]]:
    """All symbols, and for each the hash of what came before it, for every order from 0 to ORDER."""
    gap = np.full(ORDER, size)
    padded = np.concatenate([part for stream in streams for part in (gap, stream)]) if streams else gap
    contexts = [np.zeros(len(padded), np.uint64)]
    for order in range(1, ORDER + 1):
        earlier = np.concatenate([np.full(order, size), padded[:-order]])
        contexts.append(_paired(contexts[-1], earlier))
    real = np.ones(len(padded), bool)
    starts = np.cumsum([0, *(ORDER + len(stream) for stream in streams)])[:-1]
    for place in range(ORDER):
        real[starts + place] = False
    return padded[real], [context[real] for context in contexts]


def _paired(context: Hashes, symbols: Ints) -> Hashes:
    mixed = (context + symbols.astype(np.uint64) + np.uint64(1)) * MIX
    return np.asarray(mixed ^ (mixed >> np.uint64(29)))


def _counted(context: Hashes, symbols: Ints) -> _Counts:
    pairs, first, counts = np.unique(_paired(context, symbols), return_index=True, return_counts=True)
    contexts, place = np.unique(context[first], return_inverse=True)
    return _Counts(
        contexts,
        np.bincount(place, counts, len(contexts)).astype(float),
        np.bincount(place, minlength=len(contexts)).astype(float),
        pairs,
        counts.astype(float),
    )


def _looked_up(keys: Hashes, values: Reals, wanted: Hashes) -> Reals:
    if not len(keys):
        return np.zeros(len(wanted))
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0.0)
