"""Other players play the same notes, and only such that can."""

import numpy as np
import pytest

from hitpoint.score.stem import INSTRUMENTS, instrument_named
from hitpoint.training.orchestrate import TOWARDS, WANTED, as_written, desks_of, other_players

NUMBER = {instrument.name: number for number, instrument in enumerate(INSTRUMENTS)}


def parts(*said: tuple[str, int, int, int]) -> np.ndarray:
    return np.array([(NUMBER[name], 0, low, high, chord) for name, low, high, chord in said], np.uint8)


@pytest.mark.parametrize("seed", range(60))
def test_what_moves_stays_in_range_and_can_be_struck(seed: int) -> None:
    random = np.random.default_rng(seed)
    written = parts(("violin", 60, 90, 1), ("piano", 36, 84, 5), ("choir", 48, 67, 1), ("drums", 36, 50, 3))
    players = other_players(written, 3, random)
    for (own, _, low, high, chord), number, shift in zip(
        written.astype(int).tolist(), players.instruments.tolist(), players.shifts.tolist(), strict=True
    ):
        if number == own:
            assert shift == 0
            continue
        instrument = INSTRUMENTS[number]
        assert instrument.low <= low + 3 + shift
        assert high + 3 + shift <= instrument.high
        assert chord <= instrument.polyphony
        assert shift % 12 == 0


def test_drums_and_timpani_never_move() -> None:
    written = parts(("drums", 36, 50, 3), ("timpani", 40, 50, 1))
    for seed in range(20):
        players = other_players(written, 0, np.random.default_rng(seed))
        assert players.instruments.tolist() == as_written(written).instruments.tolist()


def test_the_tables_name_instruments_that_there_are() -> None:
    for name in {*TOWARDS, *WANTED, *(other for others in TOWARDS.values() for other in others)}:
        assert instrument_named(name)


def test_parts_of_one_instrument_are_numbered_and_the_fifth_shares_the_fourth_desk() -> None:
    assert desks_of(np.array([7, 7, 3, 7, 7, 7])).tolist() == [0, 1, 0, 2, 3, 3]
