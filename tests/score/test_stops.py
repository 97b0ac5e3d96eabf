"""What fingers hold under a bow is what the checker says they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.note import Note
from hitpoint.score.playability import violations_of
from hitpoint.score.stem import INSTRUMENTS, instrument_named
from hitpoint.score.stops import bowed, fingers_hold, frets_hold


@given(st.sampled_from(("violin", "viola", "cello", "contrabass")), st.sets(st.integers(24, 100), max_size=3))
def test_fingers_hold_what_the_checker_lets_pass(name: str, keys: set[int]) -> None:
    instrument = instrument_named(name)
    inside = {key for key in keys if instrument.low <= key <= instrument.high}
    notes = [Note(0, key, 960, 80) for key in inside]
    assert fingers_hold(instrument, inside) == (violations_of(name, name, notes, lambda tick: tick / 1920) == [])


@given(st.lists(st.integers(40, 83), min_size=1, max_size=6))
def test_what_frets_hold_the_checker_lets_pass(keys: list[int]) -> None:
    guitar = instrument_named("guitar")
    notes = [Note(0, key, 960, 80) for key in set(keys)]
    if frets_hold(guitar, keys):
        assert violations_of("guitar", "guitar", notes, lambda tick: tick / 1920) == []
    assert frets_hold(guitar, keys[:1])
    assert frets_hold(guitar, (40, 47, 52, 56, 59, 64))  # E major, as it is first learned


def test_only_four_instruments_have_a_bow() -> None:
    assert [one.name for one in INSTRUMENTS if bowed(one)] == ["violin", "viola", "cello", "contrabass"]


@pytest.mark.parametrize(("name", "keys"), [("piano", (20, 100)), ("drums", (36, 38, 42)), ("violin", (60,))])
def test_who_has_no_bow_and_who_holds_one_key_may_hold_any(name: str, keys: tuple[int, ...]) -> None:
    assert fingers_hold(instrument_named(name), keys)
