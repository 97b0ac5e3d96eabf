import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.register import HOMES, highest_key, home_key
from hitpoint.score.stem import INSTRUMENTS, Instrument, instrument_named

instruments = st.sampled_from(INSTRUMENTS)
levels = st.floats(0, 1)


@given(instruments, levels)
def test_a_register_leaves_every_pitch_class_and_the_home_open(instrument: Instrument, level: float) -> None:
    highest = highest_key(instrument, level)
    assert highest - instrument.low >= 12
    for desk in range(4):
        for leads in (False, True):
            home = home_key(instrument, level, desk, leads)
            assert instrument.drums or instrument.low < home < highest <= instrument.high


@given(instruments, levels, levels)
def test_more_level_never_closes_a_key_nor_lowers_the_home(instrument: Instrument, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert highest_key(instrument, low) <= highest_key(instrument, high)
    for leads in (False, True):
        assert home_key(instrument, low, leads=leads) <= home_key(instrument, high, leads=leads)


@given(instruments, levels)
def test_who_leads_never_lies_lower(instrument: Instrument, level: float) -> None:
    assert instrument.drums or home_key(instrument, level, leads=True) >= home_key(instrument, level)


@given(instruments)
def test_at_the_top_and_without_a_register_all_is_open(instrument: Instrument) -> None:
    assert highest_key(instrument, 1.0) == highest_key(instrument, None) == instrument.high


@pytest.mark.parametrize("name", ["contrabass", "tuba", "bass", "timpani"])
def test_what_carries_the_ground_stays_there(name: str) -> None:
    instrument = instrument_named(name)
    assert home_key(instrument, 1.0) == home_key(instrument, 0.0) == home_key(instrument, 0.0, 1)


def test_every_instrument_has_a_home_and_a_second_desk_lies_below_the_first() -> None:
    assert set(HOMES) == {instrument.name for instrument in INSTRUMENTS}
    violin = instrument_named("violin")
    assert home_key(violin, 0.5, 1) < home_key(violin, 0.5)
