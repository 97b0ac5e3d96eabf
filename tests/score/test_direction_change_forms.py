"""Forms of the table's words: each is written once, and its comparatives and opposites follow."""

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.direction_change_forms import forms_of, opposites_of, with_forms
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_words import MOST_WORDS

WORDS = st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9), min_size=1, max_size=5).map(tuple)


def said(phrase: str) -> set[str]:
    return {" ".join(form) for form in forms_of(tuple(phrase.split()))}


def test_one_word_brings_its_comparative_its_noun_and_its_adverb() -> None:
    assert {"grimmer", "grimness", "grimly"} <= said("grim")
    assert {"gloomier", "gloominess", "gloomily"} <= said("gloomy")
    assert {"serener", "serenely"} <= said("serene")


def test_a_phrase_brings_whoever_it_is_done_to() -> None:
    assert {"creeps us out", "creep me out", "creeping them out", "creep the audience out"} <= said("creep us out")
    assert {"calm this down", "calm everything down", "calm it right down"} <= said("calm it down")
    assert {"break our hearts", "breaking their hearts"} <= said("break my hearts")


def test_what_is_missing_goes_the_other_way() -> None:
    assert ("joyless",) in set(opposites_of(("joy",)))
    table = change_table().controls
    assert table["merciful",] == {"valence": 1}
    assert table["unromantic",] == {"valence": -1}


def test_what_the_table_writes_holds_against_every_form() -> None:
    known = {("lighter",)}
    assert with_forms({("light",): 1, ("lightly",): 2}, known)["lightly",] == 2
    assert ("lighter",) not in with_forms({("light",): 1}, known)


@given(WORDS)
def test_a_form_is_never_longer_than_a_phrase_may_be(phrase: tuple[str, ...]) -> None:
    for form in forms_of(phrase):
        assert form != phrase
        assert len(form) <= MOST_WORDS
