"""The judge's own key finder: every key is found, and its relative and parallel are told apart."""

import numpy as np
import pytest

from fakes.made_cues import MAJOR, MINOR, in_key, made_score
from hitpoint.score import key_finder
from hitpoint.score.controls import Key
from hitpoint.training.judge.key import ALBRECHT, TEMPERLEY, find_key, kinship, majorness
from hitpoint.training.judge.measures import chroma_of
from hitpoint.training.judge.played import played_score


@pytest.mark.parametrize("profiles", [ALBRECHT, TEMPERLEY])
def test_music_that_dwells_on_a_triad_is_in_its_key(profiles: np.ndarray) -> None:
    for key in (Key(tonic, mode) for tonic in range(12) for mode in ("major", "minor")):
        notes = in_key(key.tonic, MINOR if key.minor else MAJOR)
        assert find_key(chroma_of(played_score(made_score({"violin": notes}), 8)), profiles) == key


def test_c_major_and_a_minor_are_told_apart_by_what_is_dwelt_on() -> None:
    same_seven = (0, 2, 3, 5, 7, 8, 10)
    major, minor = (chroma_of(played_score(made_score({"piano": notes}), 8))
                    for notes in (in_key(0), in_key(9, same_seven)))  # fmt: skip
    assert (major > 0).tolist() == (minor > 0).tolist()
    assert (find_key(major), find_key(minor)) == (Key(0, "major"), Key(9, "minor"))
    assert majorness(major) > 0 > majorness(minor)


def test_it_shares_no_profile_with_the_labels() -> None:
    own = [profile for profiles in (ALBRECHT, TEMPERLEY) for profile in profiles]
    for theirs in (key_finder.MAJOR, key_finder.MINOR):
        assert all(abs(np.corrcoef(theirs, profile)[0, 1]) < 0.99 for profile in own)


def test_silence_has_no_key() -> None:
    assert find_key(np.zeros(12)) is None
    assert np.isnan(majorness(np.zeros(12)))


def test_a_wrong_key_is_called_by_how_near_it_lies() -> None:
    c_major = Key(0, "major")
    found = {
        Key(0, "major"): "same", Key(9, "minor"): "relative", Key(0, "minor"): "parallel", Key(7, "major"): "fifth",
        Key(4, "minor"): "other", None: "none",
    }  # fmt: skip
    assert {key: kinship(c_major, key) for key in found} == found
    assert kinship(Key(9, "minor"), c_major) == "relative"
