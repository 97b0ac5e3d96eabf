"""What a clause of a note is about: a wish, a complaint of the music, or what happens in the picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.direction_change import parse_change
from hitpoint.score.direction_change_beginnings import Clause
from hitpoint.score.direction_change_clauses import clause_at
from hitpoint.score.direction_change_joints import ends_at, joins_at
from hitpoint.score.direction_change_spelling import spelled_out
from hitpoint.score.direction_tokens import tokenise


def about(text: str, last: Clause | None = None) -> Clause:
    return clause_at(spelled_out(tokenise(text)), 0, last)


@pytest.mark.parametrize(
    "text",
    [
        "make it colder", "colder", "it should feel cold", "can it be colder", "I want it cold", "play it higher",
        "let's have it cold", "the opening could be cold", "give me some cold", "how about a cold opening",
        "joyful is the word", "where's the danger", "why not make it cold", "it's meant to be cold",
        "where did the warmth go",
        "shouldn't it be colder", "why isn't it colder", "colder without getting louder", "he's colder than this",
        "I'm missing the cold",
    ],
)  # fmt: skip
def test_what_is_asked_for_is_a_wish(text: str) -> None:
    assert about(text) is Clause.WISH


@pytest.mark.parametrize(
    "text",
    [
        "it's a bit cold", "it feels cold", "the opening sounds cold", "the strings are cold", "everything feels cold",
        "I'm falling asleep", "I keep nodding off", "why's it so cold", "you've given me a lullaby", "it chatters",
        "I think it's cold", "the client says it feels cold", "a bit sleepy, this", "terribly loud for a bedroom",
        "isn't it cold", "is it supposed to feel this cold", "how come it's so cold", "I don't believe she's cold",
        "we're not feeling the cold", "it's colder than I'd like", "still not cold", "kids will be scared by this",
        "it's the brass that is cold", "everyone feels the middle is cold", "I find it cold",
    ],
)  # fmt: skip
def test_what_is_said_of_the_music_is_a_complaint(text: str) -> None:
    assert about(text) is Clause.COMPLAINT


@pytest.mark.parametrize(
    "text",
    [
        "the danger is over", "so we can hear her breathe", "you cut the harp", "the bad guys win",
        "he's cold", "they're cold in there", "the fox is starving", "when the door slams", "it's a funeral",
        "this is a love scene", "nobody's in danger yet", "because she is cold", "the kids are cold", "we lost a shot",
    ],
)  # fmt: skip
def test_what_is_told_of_the_picture_is_the_scene(text: str) -> None:
    assert about(text) is Clause.SCENE


def test_but_goes_on_with_a_complaint_unless_it_compares() -> None:
    assert about("but sleepy", Clause.COMPLAINT) is Clause.COMPLAINT
    assert about("but sleepier", Clause.COMPLAINT) is Clause.WISH
    assert about("but sleepy", Clause.WISH) is Clause.WISH


def test_halves_of_a_word_are_words() -> None:
    said = [token.said for token in spelled_out(tokenise("The trumpet's cheesy, they're shouting, it's late"))]
    assert said == ["the", "trumpet", "is", "cheesy", ",", "they", "are", "shouting", ",", "it's", "late"]


def test_commas_colons_and_loose_dashes_end_a_clause_and_hyphens_do_not() -> None:
    tokens = tokenise("half-time: darker - and low")
    assert [token.said for place, token in enumerate(tokens) if ends_at(tokens, place)] == [":", "-"]


def test_and_begins_a_clause_before_people_only() -> None:
    tokens = tokenise("loud and low and they sleep because")
    assert [place for place in range(len(tokens)) if joins_at(tokens, place)] == [3, 6]


def test_and_begins_a_clause_before_what_is_so_of_the_music() -> None:
    tokens = tokenise("scared and the music isn't, sad and at the moment it's dull")
    assert [place for place in range(len(tokens)) if joins_at(tokens, place)] == [1, 7]


@given(st.text(max_size=100))
def test_any_text_is_about_something(text: str) -> None:
    tokens = spelled_out(tokenise(text))
    for place in range(len(tokens)):
        assert isinstance(clause_at(tokens, place), Clause)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("too sleepy. Players will nod off", ("arousal +0.25",)),
        ("it's too dark. They're kids, it's summer", ("valence +0.25",)),
        ("compared with my temp, yours is too tense", ("tension −0.25",)),
        (
            "it's grand, just a bit gloomy for the village",
            ("valence +0.125",),
        ),
        ("darker. Think crypt", ("valence −0.25",)),
        (
            "low strings underneath would make it more threatening",
            (
                "tension +0.25",
                "+ low strings",
            ),
        ),
        (
            "the last bar should be almost silent",
            (
                "intensity −0.25 (last bar)",
                "density −0.25 (last bar)",
            ),
        ),
        ("I don't want it any sadder, just softer", ("intensity −0.25",)),
        ("louder, but don't add more notes", ("intensity +0.25",)),
        ("not so gloomy, we don't know yet that Grandpa is sick", ("valence +0.25",)),
        ("a bit of hope creeping in", ("valence +0.125",)),
        ("sad, yes, but not this sad", ("valence +0.25",)),
        ("as sad as now, but with less going on", ("density −0.25",)),
        ("the hospital scene came across weirdly upbeat", ("valence −0.25",)),
        ("lose the piano, it's soap opera", ("− piano",)),
        ("the tension in the middle has evaporated; I want it back", ("tension +0.25 (middle)",)),
        ("it's romantic but it's not relaxed", ("tension −0.25",)),
        ("I don't get why it's so cheerful", ("valence −0.312",)),
        ("I love how eerie it is. Could it be slower?", ("tempo × 0.9",)),
        ("optimism isn't what this needs", ("valence −0.25",)),
        ("nobody in that room felt any fear", ("tension +0.25",)),
        ("cut the gloom, keep it slow", ("valence +0.25",)),
        ("sadder in the second quarter", ("valence −0.25 (second quarter)",)),
        ("from the ninth bar onwards, quieter", ("intensity −0.25 (from bar 9)",)),
        ("bored by bar 6, more excitement from there", ("arousal +0.25 (from bar 6)",)),
        ("remove the synth from the middle", ("− synth (middle)",)),
        ("guitar in the first half only", ("+ guitar (first half)",)),
        ("end it on a lone clarinet", ("only clarinet (end)",)),
        ("more low brass", ("louder low brass",)),
        ("she isn't sad, she's furious", ("arousal +0.25",)),
    ],
)
def test_a_word_in_passing_takes_nothing_back_and_what_is_denied_stays_as_it_is(
    note: str, said: tuple[str, ...]
) -> None:
    assert parse_change(note).in_words() == said
