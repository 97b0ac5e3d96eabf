"""Chords are heard from notes, and none is where none is clear."""

import numpy as np
import pytest

from hitpoint.score.chord import QUALITIES, Chord
from hitpoint.tokens import grid
from hitpoint.training.harmony import CHORDS, chord_classes, harmony_of, transposed
from hitpoint.training.piece import Piece, piece_of
from hitpoint.training.smf import Smf, Track

C_MAJOR = grid.key_class(0, False)


def heard(chroma: dict[int, float], bass: int = 128, key: int = -1) -> Chord | None:
    row = np.zeros((1, 12))
    for pitch_class, length in chroma.items():
        row[0, pitch_class % 12] += length
    return grid.chord_of_class(int(chord_classes(row, np.array([bass]), np.array([key]))[0]))


def piece_with(*chords: tuple[int, ...], length: int = 960, meter: tuple[int, int] = (4, 4)) -> Piece:
    """Each chord for `length` ticks of 480 a quarter, one after the other."""
    notes = [(i * length, (i + 1) * length, key, 80) for i, keys in enumerate(chords) for key in keys]
    found = piece_of(Smf(480, [Track(0, False, notes)], meters=[(0, *meter)]))
    assert found is not None
    return found


def names(piece: Piece, key: int = -1) -> list[list[str]]:
    pitched, keys = np.ones(len(piece.notes), bool), np.full(piece.bars, key)
    return [[str(grid.chord_of_class(code)) for code in bar] for bar in harmony_of(piece, pitched, keys).tolist()]


@pytest.mark.parametrize("chord", CHORDS, ids=str)
def test_every_chord_is_heard_as_itself(chord: Chord) -> None:
    assert heard(dict.fromkeys(chord.pitch_classes, 1.0), 36 + chord.root) == chord


@pytest.mark.parametrize("chord", CHORDS, ids=str)
def test_a_short_passing_note_changes_no_chord(chord: Chord) -> None:
    assert heard({**dict.fromkeys(chord.pitch_classes, 1.0), chord.root + 2: 0.2}, 36 + chord.root) == chord


def test_one_note_a_cluster_and_silence_are_no_chord() -> None:
    assert heard({0: 1.0}, 36) is None
    assert heard(dict.fromkeys(range(12), 1.0), 36) is None
    assert heard({}) is None


def test_an_open_fifth_is_what_the_key_makes_of_it_and_else_nothing() -> None:
    assert heard({0: 1.0, 7: 1.0}, 36, C_MAJOR) == Chord(0, "major")
    assert heard({2: 1.0, 9: 1.0}, 38, C_MAJOR) == Chord(2, "minor")
    assert heard({0: 1.0, 7: 1.0}, 36) is None


def test_a_minor_seventh_reads_as_minor_and_a_major_one_as_major() -> None:
    assert heard({2: 1.0, 5: 1.0, 9: 1.0, 0: 1.0}, 38, C_MAJOR) == Chord(2, "minor")
    assert heard({0: 1.0, 4: 1.0, 7: 1.0, 11: 0.7}, 36, C_MAJOR) == Chord(0, "major")


def test_each_half_of_a_bar_has_its_own_chord() -> None:
    piece = piece_with((48, 52, 55), (53, 57, 60), (55, 59, 62, 65), (48, 52, 55))
    assert names(piece) == [["C major", "F major"], ["G seventh", "C major"]]


def test_a_held_chord_sounds_on_through_every_half() -> None:
    piece = piece_with((48, 52, 55), (55, 59, 62), length=3840)
    assert names(piece)[:3] == [["C major"] * 2, ["C major"] * 2, ["G major"] * 2]


def test_three_beats_are_two_and_one() -> None:
    piece = piece_with(*[(48, 52, 55), (48, 52, 55), (55, 59, 62)] * 2, length=480, meter=(3, 4))
    assert names(piece) == [["C major", "G major"]] * 2


@pytest.mark.parametrize(("positions", "denominator", "half"), [(96, 4, 48), (72, 4, 48), (72, 8, 36), (108, 8, 72)])
def test_halves_fall_on_beats(positions: int, denominator: int, half: int) -> None:
    assert grid.second_half(positions, denominator) == half


def test_transposing_moves_the_root_and_keeps_what_is_none() -> None:
    codes = np.array([grid.chord_class(Chord(11, quality)) for quality in QUALITIES] + [grid.NO_CHORD, -1])
    moved = transposed(codes, 3).tolist()
    assert moved == [grid.chord_class(Chord(2, quality)) for quality in QUALITIES] + [grid.NO_CHORD, -1]
    assert (transposed(transposed(codes, 5), -5) == codes).all()
