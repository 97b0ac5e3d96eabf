"""Of several answers the one is kept that is most like the others."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.likeliest import Strike, likeliest, pitch_class_entropy


def line(*pitches: int) -> list[Strike]:
    """Quarter notes of one part."""
    return [(0, 960 * place, pitch) for place, pitch in enumerate(pitches)]


def test_the_answer_that_shares_most_notes_with_the_others_is_kept():
    answers = [line(60, 62, 64, 65), line(67, 69, 71, 72), line(60, 62, 64, 67), line(60, 62, 71, 67)]
    assert likeliest(answers) == 2


def test_what_strikes_elsewhere_or_in_another_part_is_not_the_same():
    later = [(part, tick + 10, pitch) for part, tick, pitch in line(60, 62)]
    other = [(1, tick, pitch) for _, tick, pitch in line(60, 62)]
    assert likeliest([later, other, line(60, 62), line(60, 62)]) == 2


def test_of_answers_as_like_the_others_the_one_is_kept_whose_pitch_classes_are_spread_as_theirs():
    even, usual, more = line(60, 60, 60, 60), line(62, 62, 64, 64), line(65, 67, 69, 71)
    assert [likeliest([even, usual, more]), likeliest([usual, more, even]), likeliest([more, even, usual])] == [1, 0, 2]


def test_what_is_not_wanted_again_is_kept_only_where_there_is_nothing_else():
    usual = line(60, 62)
    assert likeliest([usual, usual, line(60, 64)], {frozenset(usual)}) == 2
    assert likeliest([usual, usual], {frozenset(usual)}) == 0


def test_the_first_of_several_alike_is_kept():
    assert likeliest([line(60)]) == 0
    assert likeliest([line(60), line(62)]) == 0
    assert likeliest([[], [], []]) == 0
    assert likeliest([line(62), line(60), line(60)[::-1]]) == 1


def test_silence_is_kept_only_among_silence():
    assert likeliest([[], line(60, 62), line(60, 64)]) == 1
    assert likeliest([line(60, 62), [], []]) == 1


@given(seed=st.integers(0, 10**9), up=st.integers(-5, 5), later=st.integers(0, 9999))
def test_the_choice_is_the_same_in_every_key_and_at_every_place(seed: int, up: int, later: int):
    random = Random(seed)
    answers = [[(random.randrange(2), 240 * random.randrange(8), random.randrange(58, 64)) for _ in range(6)]
               for _ in range(5)]  # fmt: skip
    moved = [[(part, tick + later, pitch + up) for part, tick, pitch in answer] for answer in answers]
    assert likeliest(moved) == likeliest(answers)


def test_entropy_is_of_pitch_classes_in_bits():
    assert pitch_class_entropy([]) == 0
    assert pitch_class_entropy([60, 72, 48]) == 0
    assert pitch_class_entropy([60, 62, 64, 65]) == pytest.approx(2)
