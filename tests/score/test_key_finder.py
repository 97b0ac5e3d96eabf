"""The key of notes: of scales that say it clearly, in every transposition; of none where nothing is clear."""

import numpy as np
import pytest

from hitpoint.score.key_finder import find_keys

MAJOR = np.array([4.0, 0, 1, 0, 3, 1, 0, 3, 0, 1, 0, 1])
MINOR = np.array([4.0, 0, 1, 3, 0, 1, 0, 3, 1, 0, 1, 0])


@pytest.mark.parametrize("tonic", range(12))
def test_c_major_and_a_minor_are_told_apart_in_every_transposition(tonic: int) -> None:
    keys, majorness = find_keys(np.stack([np.roll(MAJOR, tonic), np.roll(MINOR, tonic)]))
    assert keys.tolist() == [2 * tonic, 2 * tonic + 1]
    assert majorness[0] > 0 > majorness[1]


def test_silence_and_twelve_equal_pitch_classes_have_no_key() -> None:
    assert find_keys(np.stack([np.zeros(12), np.ones(12)]))[0].tolist() == [-1, -1]
