"""Runs that lines share with an index, followed from picked grams to where they end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitpoint.originality.grams import GRAM, SURE, WINNOW, Hashes, Steps, grams_of, picked, steps_of
from hitpoint.originality.index import Index, low_bytes
from hitpoint.originality.information import Bytes, Floats
from hitpoint.originality.lines import Ints, Line

AT_ONCE = 256
"""Grams looked up together, for memory's sake."""


@dataclass(frozen=True, slots=True)
class Run:
    """Notes of a line that stand in a piece of the index, too."""

    first: int
    """The note of the line that it begins with."""
    notes: int
    """How many; 9 or more."""
    piece: int
    """Number of the piece in the index."""
    bits: float
    """What those 9 of its notes carry that carry most (13 by pitch alone)."""
    long_bits: float
    """What those 13 of its notes carry that carry most; 0 when it is shorter."""
    pitch_only: bool = False
    """Whether its rhythm is another one."""


def shared_runs(index: Index, line: Line, excluded: NDArray[np.bool_] | None = None) -> list[Run]:
    """Runs that carry the bits to be told, by intervals and rhythm, and by intervals alone; one for each place.

    Those of 13 notes and more are found for sure, shorter ones by chance. excluded: pieces not to look at, by number.
    """
    steps = steps_of(line)
    grams = grams_of(steps)
    chosen = picked(grams.pitch)
    short, long, by_pitch = _bits(index, steps, GRAM), _bits(index, steps, SURE), _pitch_bits(index, steps)
    # What says too little wherever it stands is not looked up: scales have thousands of places.
    telling = _touched(short >= index.flag_bits, 1, len(short)) | _touched(long >= index.flag_bits, WINNOW, len(short))
    chosen = chosen[(telling | _touched(by_pitch >= index.pitch_bits, WINNOW, len(short)))[chosen]]
    if not len(chosen):
        return []
    pitch, whole = low_bytes(grams.pitch), low_bytes(grams.whole)
    own, places = _pairs(index, grams.pitch, chosen)
    if excluded is not None:
        allowed = ~excluded[index.piece_at(places)]
        own, places = own[allowed], places[allowed]
    both = index.whole_bytes[places] == whole[own]
    exact = _followed(own[both], places[both], [(pitch, index.pitch_bytes), (whole, index.whole_bytes)])
    loose = _followed(own, places, [(pitch, index.pitch_bytes)])
    short_best, long_best = _best(short, exact), _best(long, exact, WINNOW - 1)
    told = (short_best >= index.flag_bits) | (long_best >= index.flag_bits)
    runs = _as_runs(index, exact[told], short_best[told], long_best[told])
    best = _best(by_pitch, loose, WINNOW - 1)
    told = best >= index.pitch_bits
    return runs + _as_runs(index, loose[told], best[told], None)


def _touched(windows: NDArray[np.bool_], width: int, count: int) -> NDArray[np.bool_]:
    """Which of `count` grams lie in one of the windows of `width` grams that hold."""
    touched = np.zeros(count, bool)
    for offset in range(width):
        touched[offset : offset + len(windows)] |= windows
    return touched


def _pairs(index: Index, hashes: Hashes, chosen: Ints) -> tuple[Ints, Ints]:
    found = []
    for at in range(0, len(chosen), AT_ONCE):
        which, places = index.entries(hashes[chosen[at : at + AT_ONCE]])
        found.append((chosen[at + which], places))
    return np.concatenate([own for own, _ in found]), np.concatenate([places for _, places in found])


def _as_runs(index: Index, rows: Ints, bits: Floats, long_bits: Floats | None) -> list[Run]:
    pieces, long = index.piece_at(rows[:, 2]).tolist(), np.zeros(len(rows)) if long_bits is None else long_bits
    return [
        Run(first, grams + GRAM, piece, most, most_long, pitch_only=long_bits is None)
        for (first, grams, _), piece, most, most_long in zip(
            rows.tolist(), pieces, bits.tolist(), long.tolist(), strict=True
        )
    ]


def _followed(own: Ints, places: Ints, bytes_: list[tuple[Bytes, Bytes]]) -> Ints:
    """Rows of first gram, grams, place: each pair followed to both ends, pairs of one run once."""
    if not len(own):
        return np.zeros((0, 3), np.int64)
    order = np.lexsort((own, places - own))
    own, places = own[order], places[order]
    # Picked grams of one run overlap, so that what lies between them is shared, too.
    fresh = np.r_[True, (np.diff(places - own) != 0) | (np.diff(own) > WINNOW)]
    own, places = own[fresh], places[fresh]
    back, ahead = _reach(own, places, bytes_, -1), _reach(own, places, bytes_, 1)
    rows = np.column_stack([own - back, back + ahead + 1, places - back])
    return rows[np.unique(rows[:, 0] << 32 | rows[:, 2], return_index=True)[1]]


def _reach(own: Ints, places: Ints, bytes_: list[tuple[Bytes, Bytes]], direction: int) -> Ints:
    """How many more grams agree on one side."""
    reach = np.zeros(len(own), np.int64)
    alive = np.arange(len(own))
    step = 0
    while len(alive):
        step += direction
        mine, theirs = own[alive] + step, places[alive] + step
        inside = (mine >= 0) & (mine < len(bytes_[0][0])) & (theirs >= 0) & (theirs < len(bytes_[0][1]))
        alive, mine, theirs = alive[inside], mine[inside], theirs[inside]
        for query, indexed in bytes_:
            agree = query[mine] == indexed[theirs]
            alive, mine, theirs = alive[agree], mine[agree], theirs[agree]
        reach[alive] += 1
    return reach


def _bits(index: Index, steps: Steps, length: int) -> Floats:
    return index.information.bits(_windows(steps.intervals, length), _windows(steps.ratios, length))


def _pitch_bits(index: Index, steps: Steps) -> Floats:
    return index.information.pitch_bits(_windows(steps.intervals, SURE))


def _windows(values: Ints, length: int) -> Ints:
    if len(values) < length:
        return np.zeros((0, length), np.int64)
    return np.lib.stride_tricks.sliding_window_view(values, length)


def _best(bits: Floats, rows: Ints, fewer: int = 0) -> Floats:
    """The most bits of one window within each row, which has `fewer` windows less than grams; 0 where it has none."""
    best = np.zeros(len(rows))
    some = np.flatnonzero(rows[:, 1] > fewer)
    if len(some):
        first, count = rows[some, 0], rows[some, 1] - fewer
        ranges = np.column_stack([first, first + count]).ravel()
        best[some] = np.maximum.reduceat(np.append(bits, 0.0), ranges)[::2]
    return best
