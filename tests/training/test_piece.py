"""A file on the grid: bars where its metres say, notes where they were."""

from pathlib import Path

import numpy as np
import pytest

from fakes.small_corpus import write_piece
from hitpoint.score.chord import Chord
from hitpoint.score.stem import INSTRUMENTS
from hitpoint.tokens import grid
from hitpoint.training.labels import labels_of
from hitpoint.training.piece import Piece, piece_of
from hitpoint.training.smf import Smf, Track, read_smf


@pytest.fixture
def piece(tmp_path: Path) -> Piece:
    write_piece(tmp_path / "piece.mid")
    found = piece_of(read_smf(tmp_path / "piece.mid"))
    assert found is not None
    return found


def test_parts_bars_and_positions_are_right(piece: Piece) -> None:
    assert [INSTRUMENTS[number].name for number in piece.instruments] == ["violin", "cello", "piano"]
    assert piece.bar_starts.tolist() == [96 * bar for bar in range(9)]
    violin = piece.notes[(piece.notes[:, 0] == 1) & (piece.notes[:, 1] == 0)]
    assert violin[:, 2].tolist() == list(range(0, 96, 12))
    assert set(violin[:, 4]) == {12}


def test_desks_count_parts_of_one_instrument() -> None:
    tracks = [Track(52, False, [(0, 480, 60, 80)]) for _ in range(6)]
    found = piece_of(Smf(480, tracks))
    assert found is not None
    assert found.desks.tolist() == [0, 1, 2, 3, 3, 3]


def test_bars_longer_than_the_grid_are_split_evenly() -> None:
    found = piece_of(Smf(480, [Track(40, False, [(0, 480 * 24, 60, 80)])], meters=[(0, 6, 2)]))
    assert found is not None
    assert np.diff(found.bar_starts).max() <= 192
    long = piece_of(Smf(480, [Track(40, False, [(480 * 23, 480 * 24, 60, 80)])], meters=[(0, 12, 4)]))
    assert long is not None
    assert set(np.diff(long.bar_starts)[:3]) == {144}


def test_sound_effects_alone_are_no_piece() -> None:
    assert piece_of(Smf(480, [Track(120, False, [(0, 480, 60, 80)])])) is None


def test_labels_know_the_key_the_end_and_louder_from_softer(piece: Piece, tmp_path: Path) -> None:
    labels = labels_of(piece, True, True)
    assert set(labels.key) == {0}
    assert labels.to_end.tolist() == [7, 6, 5, 4, 3, 2, 1, 0]
    write_piece(tmp_path / "loud.mid", velocity=120)
    loud = piece_of(read_smf(tmp_path / "loud.mid"))
    assert loud is not None
    assert (labels_of(loud, True, True).levels[:, 0] > labels.levels[:, 0]).all()


def test_a_sudden_tutti_is_a_hit_and_is_counted_down_to() -> None:
    soft = [(1920 * bar, 1920 * bar + 1900, 60, 40) for bar in range(12)]
    loud = [(1920 * 6 + 120 * i, 1920 * 6 + 120 * i + 100, 48 + i, 120) for i in range(16)]
    found = piece_of(Smf(480, [Track(40, False, soft), Track(42, False, loud)]))
    assert found is not None
    assert labels_of(found, True, True).to_hit.tolist()[:7] == [6, 5, 4, 3, 2, 1, 0]


@pytest.mark.parametrize(("offset", "eighth"), [(0, 0), (240, 1), (960, 4)])
def test_a_hit_is_found_in_the_eighth_in_which_all_strike(offset: int, eighth: int) -> None:
    soft = [(1920 * bar, 1920 * bar + 1900, 60, 40) for bar in range(12) if bar != 6]
    start = 1920 * 6 + offset
    loud = [(start, start + 900, 48 + i, 120) for i in range(12)]
    found = piece_of(Smf(480, [Track(40, False, [*soft, (start, start + 900, 72, 120)]), Track(42, False, loud)]))
    assert found is not None
    labels = labels_of(found, True, True)
    assert labels.to_hit[6] == 0
    assert labels.hit_beat.tolist() == [eighth if bar == 6 else -1 for bar in range(12)]


def test_labels_know_the_chords_of_both_halves(piece: Piece) -> None:
    said = {grid.chord_of_class(code) for code in labels_of(piece, True, True).harmony.ravel().tolist()}
    assert Chord(0, "major") in said
