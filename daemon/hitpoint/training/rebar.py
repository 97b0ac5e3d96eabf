"""Bar lines moved: two bars of 2/4 read as one of 4/4, one of 4/4 as two of 2/4, so that metre is heard as a choice.

Only bars of the piece's commonest metre move, and only where positions are exact; all others stay.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from hitpoint.tokens import grid
from hitpoint.tokens.rows import UNSAID
from hitpoint.training.dataset import COLUMN
from hitpoint.training.labels import LEVELS

PAIRED_SHARE, HALVED_SHARE = 0.08, 0.08
"""Windows in which bars are joined, and cut. Our choice."""
EIGHTH = grid.POSITIONS_PER_QUARTER // 2
QUARTER_BEATS = grid.denominator_class(4)

Ints = NDArray[np.int64]


class Barring(Enum):
    """Where bar lines fall."""

    AS_WRITTEN = "as written"
    PAIRED = "paired"
    HALVED = "halved"


AS_WRITTEN = Barring.AS_WRITTEN


def draw_barring(random: np.random.Generator) -> Barring:
    """How a window is barred."""
    drawn = random.random()
    if drawn < PAIRED_SHARE:
        return Barring.PAIRED
    return Barring.HALVED if drawn < PAIRED_SHARE + HALVED_SHARE else Barring.AS_WRITTEN


@dataclass(frozen=True, slots=True)
class Stretch:
    """A bar as it is read: one bar of the piece, two of them, or half of one."""

    first: int
    """Of the piece's bars, from 0."""
    count: int = 1
    half: int | None = None
    """0 or 1 for half of the bar."""


def stretches(codes: Ints, barring: Barring) -> list[Stretch]:
    """The bars as they are read. codes: of the piece's bars, as in `Dataset.bars`."""
    if barring is Barring.AS_WRITTEN:
        return [Stretch(bar) for bar in range(len(codes))]
    lengths, beats = codes[:, COLUMN["length"]], codes[:, COLUMN["denominator"]]
    common = int(np.bincount(lengths).argmax())
    eighths = common + 1
    movable = (lengths == common) & (beats == QUARTER_BEATS)
    if barring is Barring.PAIRED and 2 * eighths <= grid.LENGTH_CLASSES and eighths % 2 == 0:
        return _paired(movable)
    if barring is Barring.HALVED and eighths % 4 == 0:
        halves = [
            [Stretch(bar, 1, 0), Stretch(bar, 1, 1)] if movable[bar] else [Stretch(bar)] for bar in range(len(codes))
        ]
        return [stretch for pair in halves for stretch in pair]
    return [Stretch(bar) for bar in range(len(codes))]


def _paired(movable: NDArray[np.bool_]) -> list[Stretch]:
    found, bar = [], 0
    while bar < len(movable):
        count = 2 if bar + 1 < len(movable) and movable[bar] and movable[bar + 1] else 1
        found.append(Stretch(bar, count))
        bar += count
    return found


def positions(codes: Ints, stretch: Stretch) -> tuple[int, int]:
    """First and last-but-one position of a stretch in its first bar's count; two bars count on."""
    length = (int(codes[stretch.first, COLUMN["length"]]) + 1) * EIGHTH
    if stretch.half is not None:
        return stretch.half * length // 2, (stretch.half + 1) * length // 2
    return 0, stretch.count * length


def codes_of(codes: Ints, all_stretches: list[Stretch], place: int) -> Ints:
    """The codes of a stretch, made from those of its bars."""
    stretch = all_stretches[place]
    said = codes[stretch.first].astype(np.int64)
    if stretch.count == 1 and stretch.half is None:
        return _counted(said, codes, all_stretches, place)
    eighths = int(said[COLUMN["length"]]) + 1
    if stretch.half is not None:
        said[COLUMN["length"]] = eighths // 2 - 1
        said[COLUMN["harmony_1"]] = said[COLUMN["harmony_2"]] = said[COLUMN[f"harmony_{stretch.half + 1}"]]
    else:
        second = codes[stretch.first + 1].astype(np.int64)
        said[COLUMN["length"]] = 2 * eighths - 1
        said[COLUMN["harmony_2"]] = second[COLUMN["harmony_1"]]
        for level in LEVELS:
            said[COLUMN[level]] = (said[COLUMN[level]] + second[COLUMN[level]]) // 2
    return _counted(said, codes, all_stretches, place)


def _counted(said: Ints, codes: Ints, all_stretches: list[Stretch], place: int) -> Ints:
    """Countdowns in stretches instead of bars. Where bars are as written, nothing changes."""
    if len(all_stretches) == len(codes):
        return said
    stretch = all_stretches[place]
    last = stretch.first + stretch.count - 1
    for name in ("to_hit", "to_end"):
        bars = [(bar, int(codes[bar, COLUMN[name]])) for bar in range(stretch.first, last + 1)]
        target = next((bar + left for bar, left in bars if left != UNSAID), None)
        said[COLUMN[name]] = UNSAID if target is None else _left(codes, all_stretches, place, target, name)
    said[COLUMN["hit_beat"]] = UNSAID
    if said[COLUMN["to_hit"]] == 0:
        hit = next(bar for bar in range(stretch.first, last + 1) if codes[bar, COLUMN["to_hit"]] == 0)
        first, _ = positions(codes, stretch)
        before = (hit - stretch.first) * (int(codes[stretch.first, COLUMN["length"]]) + 1) - first // EIGHTH
        said[COLUMN["hit_beat"]] = int(codes[hit, COLUMN["hit_beat"]]) + before
    return said


def _left(codes: Ints, all_stretches: list[Stretch], place: int, target: int, name: str) -> int:
    """Stretches from this one to the one in which bar `target` strikes or is the last; UNSAID when it is not near."""
    for left, stretch in enumerate(all_stretches[place : place + grid.COUNTDOWN_CLASSES]):
        if stretch.first <= target < stretch.first + stretch.count and (
            stretch.half is None or _struck_half(codes, target, name) == stretch.half
        ):
            return left
    return UNSAID


def _struck_half(codes: Ints, bar: int, name: str) -> int:
    if name == "to_end":
        return 1
    return int(int(codes[bar, COLUMN["hit_beat"]]) >= (int(codes[bar, COLUMN["length"]]) + 1) // 2)
