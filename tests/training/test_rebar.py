"""Moved bar lines: the same notes at the same moments, and countdowns that still come true."""

import numpy as np
import pytest

from hitpoint.tokens import grid
from hitpoint.training.dataset import BAR_CODES, COLUMN
from hitpoint.training.rebar import Barring, codes_of, positions, stretches

FOUR, TWO, THREE = 7, 3, 5
"""Length codes of 4/4, 2/4 and 3/4."""


def bars(*lengths: int, hit: tuple[int, int] | None = None) -> np.ndarray:
    """Codes of bars over quarters. hit: the bar that strikes, and in which eighth."""
    codes = np.full((len(lengths), len(BAR_CODES)), -1)
    codes[:, COLUMN["length"]] = lengths
    codes[:, COLUMN["denominator"]] = grid.denominator_class(4)
    codes[:, 4:9] = np.arange(len(lengths))[:, None]
    codes[:, COLUMN["harmony_1"]], codes[:, COLUMN["harmony_2"]] = np.arange(2 * len(lengths)).reshape(-1, 2).T
    left = len(lengths) - 1 - np.arange(len(lengths))
    codes[:, COLUMN["to_end"]] = np.where(left < grid.COUNTDOWN_CLASSES, left, -1)
    if hit is not None:
        codes[: hit[0] + 1, COLUMN["to_hit"]] = np.arange(hit[0], -1, -1)
        codes[hit[0], COLUMN["hit_beat"]] = hit[1]
    return codes


def read(codes: np.ndarray, barring: Barring, name: str) -> list[int]:
    found = stretches(codes, barring)
    return [int(codes_of(codes, found, place)[COLUMN[name]]) for place in range(len(found))]


@pytest.mark.parametrize("barring", Barring)
@pytest.mark.parametrize("lengths", [(FOUR,) * 6, (TWO,) * 7, (TWO, TWO, THREE, TWO, TWO, TWO), (THREE,) * 4])
def test_the_whole_piece_is_read_once_and_lengths_add_up(barring: Barring, lengths: tuple[int, ...]) -> None:
    codes = bars(*lengths)
    found = stretches(codes, barring)
    spans = [positions(codes, stretch) for stretch in found]
    assert sum(last - first for first, last in spans) == sum(12 * (length + 1) for length in lengths)
    said = [12 * (length + 1) for length in read(codes, barring, "length")]
    assert said == [last - first for first, last in spans]


def test_pairs_of_two_four_become_four_four_and_the_odd_one_stays() -> None:
    assert read(bars(*(TWO,) * 5), Barring.PAIRED, "length") == [FOUR, FOUR, TWO]
    assert read(bars(*(TWO,) * 4), Barring.PAIRED, "harmony_1") == [0, 4]
    assert read(bars(*(TWO,) * 4), Barring.PAIRED, "harmony_2") == [2, 6]


def test_halves_of_four_four_become_two_four_and_other_metres_stay() -> None:
    assert read(bars(FOUR, FOUR, THREE), Barring.HALVED, "length") == [TWO] * 4 + [THREE]
    assert read(bars(FOUR, FOUR), Barring.HALVED, "harmony_2") == [0, 1, 2, 3]
    assert read(bars(THREE, THREE), Barring.HALVED, "length") == [THREE, THREE]


@pytest.mark.parametrize(("eighth", "counted", "beat"), [(0, [4, 3, 2, 1, 0], 0), (5, [5, 4, 3, 2, 1, 0], 1)])
def test_a_hit_is_counted_down_to_in_halves(eighth: int, counted: list[int], beat: int) -> None:
    codes = bars(*(FOUR,) * 4, hit=(2, eighth))
    assert read(codes, Barring.HALVED, "to_hit")[: len(counted)] == counted
    assert read(codes, Barring.HALVED, "hit_beat")[len(counted) - 1] == beat


def test_a_hit_is_counted_down_to_in_pairs() -> None:
    codes = bars(*(TWO,) * 6, hit=(3, 1))
    assert read(codes, Barring.PAIRED, "to_hit") == [1, 0, -1]
    assert read(codes, Barring.PAIRED, "hit_beat") == [-1, 5, -1]


def test_the_end_is_the_last_bar_however_it_is_barred() -> None:
    assert read(bars(*(FOUR,) * 3), Barring.HALVED, "to_end") == [5, 4, 3, 2, 1, 0]
    assert read(bars(*(TWO,) * 6), Barring.PAIRED, "to_end") == [2, 1, 0]
