"""A place that only one of a note's wishes is about."""

from time import process_time

import pytest

from hitpoint.score.direction_change import DirectionChange, parse_change


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("not so dark, and lose the cellos in bars 2-3", ("valence +0.25", "− cello (bars 2-3)")),
        ("slower, and lose the brass in the first half", ("tempo × 0.9", "− brass (first half)")),
        ("Lose the drums, and please make it darker at the end", ("− drums", "valence −0.25 (end)")),
        ("Less busy. Also add a harp from bar 10.", ("density −0.25", "+ harp (from bar 10)")),
    ],
)  # fmt: skip
def test_a_place_is_that_of_its_own_wish_and_the_other_holds_everywhere(note: str, said: tuple[str, ...]) -> None:
    change = parse_change(note)
    assert change.in_words() == said
    assert [stage.place is None for stage in change.stages] == [True, False]


@pytest.mark.parametrize(
    "note",
    ["darker, less busy in bars 5-8", "darker and less busy in the second half",
     "it's too busy, thin it out in the middle",
     "in bars 5-8 it should be darker, and lose the cellos", "darker, and less busy at the end"],
)  # fmt: skip
def test_one_wish_of_several_things_has_one_place(note: str) -> None:
    change = parse_change(note)
    assert change.place is not None
    assert change.stages == (change,)


def test_what_is_said_of_the_whole_and_of_the_place_together_is_all_that_is_asked() -> None:
    change = parse_change("darker, and lose the cellos in bars 2-3")
    assert (change.control("valence"), change.drop) == (-0.25, ("cello",))
    whole, there = change.stages
    assert (whole.drop, there.controls) == ((), ())
    assert whole.within(change)
    assert not change.within(whole)
    assert DirectionChange().within(whole)


def test_a_note_of_nothing_but_such_wishes_takes_no_more_than_a_few_readings() -> None:
    def work(note: str) -> float:
        began = process_time()
        parse_change(note)
        return process_time() - began

    piece = "darker, and lose the cellos, "
    many, once = (piece * 300 + "and add a harp in bars 2-3", piece.replace(", and", " and") * 300 + "in bars 2-3")
    assert work(many) < 60 * max(0.001, work(once))
