"""306 prompts, written before the vocabulary and in two halves: the parser was mended by the first one alone."""

import pytest

from score.prompt_corpus import halves, measure, of_others, report

FIRST, SECOND = halves()


@pytest.mark.parametrize("half", [FIRST, SECOND], ids=["seen", "unseen"])
def test_what_prompts_state_is_read_exactly(half: list[dict[str, object]]) -> None:
    figures = measure(half)
    print(report(figures))
    assert figures.explicit_wrong == []


@pytest.mark.parametrize("half", [FIRST, SECOND], ids=["seen", "unseen"])
def test_the_players_that_prompts_name_are_read(half: list[dict[str, object]]) -> None:
    figures = measure(half)
    assert figures.f1 >= 0.95, (figures.missing, figures.made_up)


@pytest.mark.parametrize("half", [FIRST, SECOND], ids=["seen", "unseen"])
def test_nonsense_in_prompts_is_listed(half: list[dict[str, object]]) -> None:
    assert measure(half).unknown_wrong == []


def test_what_other_kinds_of_people_write_is_read_too() -> None:
    figures = measure(of_others())
    print(report(figures))
    assert figures.explicit_wrong == []
    assert figures.unknown_wrong == []
    assert figures.f1 >= 0.98, (figures.missing, figures.made_up)
    assert len(figures.moods_wrong) <= 2, figures.moods_wrong


def test_there_are_three_hundred_different_prompts() -> None:
    assert len({entry["say"] for entry in FIRST + SECOND}) >= 300


@pytest.mark.parametrize("half", [FIRST, SECOND], ids=["seen", "unseen"])
def test_moods_arcs_and_flags_are_right_nearly_always(half: list[dict[str, object]]) -> None:
    figures = measure(half)
    assert len(figures.moods_wrong) <= 0.05 * (figures.moods_right + len(figures.moods_wrong)), figures.moods_wrong
    assert len(figures.arcs_wrong) <= 1, figures.arcs_wrong
    assert len(figures.flags_wrong) <= 2, figures.flags_wrong
