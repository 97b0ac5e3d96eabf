"""Laws of the grid: every class gives a value that gives the class again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.tokens import grid


@pytest.mark.parametrize("duration", range(len(grid.DURATIONS)))
def test_a_duration_class_round_trips(duration: int) -> None:
    assert grid.duration_class(grid.duration_ticks(duration)) == duration


@pytest.mark.parametrize("velocity", range(grid.VELOCITY_CLASSES))
def test_a_velocity_class_round_trips(velocity: int) -> None:
    assert grid.velocity_class(grid.velocity_of_class(velocity)) == velocity


@given(st.integers(1, 127))
def test_a_velocity_moves_by_two_at_most(velocity: int) -> None:
    assert abs(grid.velocity_of_class(grid.velocity_class(velocity)) - velocity) <= 2


def test_plain_and_dotted_values_and_triplets_are_exact() -> None:
    for quarters in (1 / 8, 1 / 6, 1 / 4, 1 / 3, 3 / 8, 1 / 2, 2 / 3, 3 / 4, 1, 1.5, 2, 3, 4, 6, 8):
        ticks = round(quarters * 960)
        assert grid.duration_ticks(grid.duration_class(ticks)) == ticks


@given(st.integers(1, 40_000), st.integers(1, 40_000))
def test_longer_notes_never_get_a_shorter_class(one: int, other: int) -> None:
    shorter, longer = sorted((one, other))
    assert grid.duration_class(shorter) <= grid.duration_class(longer)


@given(st.floats(0, 1), st.floats(-1, 1), st.floats(1, 1000), st.floats(0, 127))
def test_classes_stay_in_their_fields(level: float, signed: float, bpm: float, pitch: float) -> None:
    assert 0 <= grid.level_class(level) < grid.LEVEL_CLASSES
    assert 0 <= grid.signed_level_class(signed) < grid.LEVEL_CLASSES
    assert 0 <= grid.tempo_class(bpm) < grid.TEMPO_CLASSES
    assert 0 <= grid.register_class(pitch) < grid.REGISTER_CLASSES


def test_a_silent_part_has_density_class_zero_and_only_it() -> None:
    assert grid.part_density_class(0) == 0
    assert grid.part_density_class(0.1) == 1
    assert grid.part_density_class(50) == grid.PART_DENSITY_CLASSES - 1


@pytest.mark.parametrize("chord", range(grid.NO_CHORD))
def test_a_chord_class_round_trips(chord: int) -> None:
    found = grid.chord_of_class(chord)
    assert found is not None
    assert grid.chord_class(found) == chord


def test_no_chord_is_none() -> None:
    assert grid.chord_of_class(grid.NO_CHORD) is None


def test_a_strike_belongs_to_the_eighth_that_it_falls_in() -> None:
    assert [grid.hit_beat_class(tick) for tick in (0, 479, 480, 3839, 99_999)] == [0, 0, 1, 7, 15]
