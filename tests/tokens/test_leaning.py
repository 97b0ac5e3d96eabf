"""Laws of leanings: how far they go, and that a step of a control moves none of them back."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.controls import SCALES, Controls, Key
from hitpoint.score.register import home_key
from hitpoint.score.stem import INSTRUMENTS, Instrument, Part
from hitpoint.tokens.leaning import (
    CALM,
    CONTRARY,
    ENDING,
    HOME,
    MODE,
    MOST_OF_A_SECTION,
    NEAR,
    chord_nats,
    ending_nats,
    home_nats,
    key_nats,
)

instruments = st.sampled_from(INSTRUMENTS)
keys = st.builds(Key, st.integers(0, 11), st.sampled_from(sorted(SCALES)))
MOODS = np.linspace(-1, 1, 21).tolist()


def test_the_tenser_it_is_the_less_chords_bind_and_at_last_not_at_all() -> None:
    for beat in (0, 1):
        found = [chord_nats(tension)[beat] for tension in np.linspace(0, 1, 21).tolist()]
        assert found == sorted(found, reverse=True)
        assert found[-1] == 0
    assert chord_nats(None) == chord_nats(CALM)
    assert all(on_beat >= between for on_beat, between in map(chord_nats, (0.0, 0.5, 1.0)))


@given(instruments, st.integers(0, 3), st.floats(0, 1), st.booleans())
def test_keys_are_less_likely_the_further_from_home_and_all_are_possible(
    instrument: Instrument, desk: int, register: float, leads: bool
) -> None:
    nats = home_nats(Part("it", instrument, desk), register, leads)
    home = home_key(instrument, register, desk, leads)
    ordered = nats[np.argsort(abs(np.arange(128) - home), kind="stable")]
    assert (np.diff(ordered) <= 0).all()
    assert np.isfinite(nats).all()
    near = abs(np.arange(128) - home) <= NEAR
    assert not nats[near].any()
    many = instrument.polyphony > MOST_OF_A_SECTION
    assert nats.any() != many


@given(keys)
def test_a_brighter_mood_never_leans_further_to_the_minor_one_of_two_keys_with_the_same_notes(key: Key) -> None:
    minor = key.tonic if key.minor else (key.tonic + 9) % 12
    found = [key_nats(Controls(key=key, valence=valence)) for valence in MOODS]
    for darker, brighter in pairwise(found):
        for step, sign in ((0, -1), (7, -1), (3, 1), (10, 1)):
            keys_of = np.arange(128) % 12 == (minor + step) % 12
            assert (sign * (brighter - darker)[keys_of] >= -1e-6).all()


@given(keys)
def test_a_key_in_its_own_mood_is_left_as_it_is_and_in_the_other_leans_little_further_than_half_a_nat(key: Key) -> None:
    own = -1.0 if key.minor else 1.0
    assert not key_nats(Controls(key=key, valence=own)).any()
    assert abs(key_nats(Controls(key=key, valence=-own))).max() == pytest.approx(MODE + CONTRARY)


@given(keys)
def test_the_tenser_it_is_the_more_a_key_leans_to_its_own_root_and_fifth(key: Key) -> None:
    found = [key_nats(Controls(key=key, tension=tension)) for tension in np.linspace(0, 1, 21).tolist()]
    root, fifth = (np.array([nats[(key.tonic + step) % 12 + 60] for nats in found]) for step in (0, 7))
    assert (root == fifth).all()
    assert (np.diff(root) >= 0).all()
    assert not key_nats(Controls(key=key, tension=CALM)).any()
    assert root[-1] == pytest.approx(HOME)


def test_what_is_not_stated_leans_nowhere() -> None:
    key = Key(2, "minor")
    for controls in (Controls(), Controls(key=key), Controls(valence=0.4), Controls(tension=0.9)):
        assert not key_nats(controls).any()
    assert not ending_nats(Controls()).any()


def test_the_last_chord_leans_to_its_root() -> None:
    nats = ending_nats(Controls(key=Key(2, "minor")))
    assert (nats[2::12] == 0).all()
    assert nats[65] == nats[69] == -ENDING
