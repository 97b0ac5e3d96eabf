"""Who and what a note says is to stay as it is."""

from time import process_time

import pytest

from hitpoint.score.direction_change import parse_change
from hitpoint.score.direction_change_kept import kept_apart
from hitpoint.score.direction_tokens import tokenise


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("don't touch the brass", ("= brass",)),
        ("darker, but don't touch the brass", ("valence −0.25", "= brass")),
        ("darker without touching the brass", ("valence −0.25", "= brass")),
        ("everything softer except the cello", ("intensity −0.25", "= cello")),
        ("everything quieter apart from the piano", ("intensity −0.25", "= piano")),
        ("sadder, but not the strings", ("valence −0.25", "= strings")),
        ("make it darker but leave the strings and the harp alone", ("valence −0.25", "= strings", "= harp")),
        ("the brass is perfect, leave it alone; the rest should be calmer", ("arousal −0.25", "= brass")),
        ("everything except the drums an octave higher", ("register +1 octaves", "= drums")),
        ("sadder, but the piano must stay as it is", ("valence −0.25", "= piano")),
        ("thin out everything but the piano", ("density −0.25", "= piano")),
        ("the drums are perfect, don't change a thing there, but the rest is too dark", ("valence +0.25", "= drums")),
        ("the piano stays exactly the same, everything else darker", ("valence −0.25", "= piano")),
    ],
)
def test_players_who_are_to_stay_are_named_and_nothing_else_is_read_into_it(note: str, said: tuple[str, ...]) -> None:
    assert parse_change(note).in_words() == said


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("mute everyone except the cello", ("only cello",)),
        ("keep the strings the same, drop everything else", ("only strings",)),
        ("keep everything but the oboe", ("− oboe",)),
        ("use a clarinet, but not an oboe", ("+ clarinet",)),
        ("keep the piano, but softer", ("softer piano",)),
        ("I love the harp, make it darker", ("valence −0.25",)),
        ("don't touch the tempo, but make it darker", ("valence −0.25",)),
    ],
)
def test_who_is_all_that_plays_or_is_to_be_other_is_not_kept(note: str, said: tuple[str, ...]) -> None:
    change = parse_change(note)
    assert (change.in_words(), change.keep) == (said, ())


def test_bars_that_are_praised_and_left_alone_stay() -> None:
    change = parse_change("the first four bars are perfect, leave them alone; the rest brighter")
    assert change.in_words() == ("valence +0.25 (all but the first 4 bars)",)
    change = parse_change("softer everywhere except the last two bars")
    assert change.in_words() == ("intensity −0.25 (all but the last 2 bars)",)
    assert change.place is not None
    assert change.place.bars(8) == range(6)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("all but the last two bars softer", "intensity −0.25 (all but the last 2 bars)"),
        ("everything but the last bar louder", "intensity +0.25 (all but the last bar)"),
        ("everything but the first bar should be darker", "valence −0.25 (all but the first bar)"),
        ("I like it all but the last bar is too loud", "intensity −0.25 (last bar)"),
        ("everything is great but the last two bars are too loud", "intensity −0.25 (last 2 bars)"),
    ],
)
def test_all_but_some_bars_are_the_others(note: str, said: str) -> None:
    assert parse_change(note).in_words() == (said,)


def test_bars_in_the_middle_that_cannot_be_kept_are_told() -> None:
    change = parse_change("bars 2-4 are perfect, leave them alone; the rest brighter")
    assert change.in_words() == ("valence +0.25",)
    assert "bars 2-4 would not stay as it is" in change.flags[0]


def test_only_to_keep_somebody_is_something_and_moves_nothing() -> None:
    change = parse_change("don't touch the brass")
    assert (change.changes_something, change.moves_something) == (True, False)
    assert change.keeps("trumpet")
    assert not change.keeps("violin")


@pytest.mark.parametrize("piece", ["and the flute ", "everything except the ", "leave the flute and the oboe and "])
def test_who_stays_is_found_in_time_that_grows_as_the_note_does(piece: str) -> None:
    def work(characters: int) -> float:
        tokens = tokenise((piece * characters)[:characters])
        began = process_time()
        kept_apart(tokens)
        return process_time() - began

    # Eight times the text; going over all of it again and again would be 64 times the work.
    assert work(9_999) < 24 * max(0.001, *(work(1_250) for _ in range(3)))
