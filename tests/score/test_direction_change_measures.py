"""What the music is measured by, and which way it is wanted for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.direction_change_measures import measure_at
from hitpoint.score.direction_change_spelling import spelled_out
from hitpoint.score.direction_tokens import tokenise


def way(text: str) -> float | None:
    measure = measure_at(spelled_out(tokenise(text)), 0)
    return None if measure is None else measure.way


@pytest.mark.parametrize(
    "text",
    [
        "it's more triumphant than it should be", "busier than it needs to be", "it's slower than the temp",
        "it's twice as busy as it needs to be", "it has twice the notes it needs", "the music is sadder than she is",
    ],
)  # fmt: skip
def test_what_is_more_than_it_should_be_is_wanted_less(text: str) -> None:
    assert way(text) == -1


@pytest.mark.parametrize(
    "text",
    [
        "it's less scary than it should be", "the temp was sadder than this", "it's half as loud as it should be",
        "this is nowhere near as tense as the picture", "it's as cheerful as a tax audit",
        "it has all the tension of a wet lettuce", "it's more joyful than that",
    ],
)  # fmt: skip
def test_what_falls_short_is_wanted_more(text: str) -> None:
    assert way(text) == 1


@pytest.mark.parametrize(
    "text", ["sadder than this", "it should be sadder than that", "more wistful than tragic", "sad"]
)
def test_a_wish_and_two_feelings_measure_nothing(text: str) -> None:
    assert way(text) is None


@given(st.text(max_size=100))
def test_any_text_can_be_measured(text: str) -> None:
    tokens = spelled_out(tokenise(text))
    for place in range(len(tokens)):
        measure = measure_at(tokens, place)
        assert measure is None or abs(measure.way) == 1
