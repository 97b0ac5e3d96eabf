"""Whom a change is meant for."""

import pytest

from hitpoint.score.direction_change import parse_change


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("fewer notes in the piano", ("density −0.25 of piano",)),
        ("winds lower and sparser", ("density −0.25 of winds", "register −0.5 octaves of winds")),
        ("could the strings be an octave lower?", ("register −1 octaves of strings",)),
        ("the oboe line feels cluttered", ("density −0.25 of oboe",)),
        ("the brass is too busy, thin it out", ("density −0.5 of brass",)),
        ("the strings are lovely but too high", ("register −0.5 octaves of strings",)),
        ("I love the harp but it's too busy", ("density −0.25 of harp",)),
        ("I want the strings warmer, not louder", ("valence +0.25 of strings",)),
        ("only the timpani should be softer", ("softer timpani",)),
        ("drop the piano to half volume", ("softer piano",)),
        ("can the harp play more often", ("density +0.25 of harp",)),
        ("more tension in the low strings towards the end", ("tension +0.25 of low strings (end)",)),
        ("double the notes in the strings from bar 8 on", ("density +0.25 of strings (from bar 8)",)),
    ],
)
def test_what_is_said_of_some_is_theirs_alone(note: str, said: tuple[str, ...]) -> None:
    assert parse_change(note).in_words() == said


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("fewer notes in the piano and more notes in the strings",
         ("density −0.25 of piano", "density +0.25 of strings")),
        ("less tension in the brass and more tension in the strings",
         ("tension −0.25 of brass", "tension +0.25 of strings")),
        ("the brass less tense, the strings more tense", ("tension −0.25 of brass", "tension +0.25 of strings")),
        ("softer brass and more strings", ("softer brass", "louder strings")),
    ],
)  # fmt: skip
def test_what_some_get_more_of_and_others_less_is_each_ones_own(note: str, said: tuple[str, ...]) -> None:
    assert parse_change(note).in_words() == said


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("violins up an octave, everything brighter", ("valence +0.25", "register +1 octaves of violin")),
        ("the violins are too high, everything slower", ("tempo × 0.9", "register −0.5 octaves of violin")),
        ("the flute is too high. Everything should be lower.", ("register −0.5 octaves",)),
    ],
)
def test_what_everybody_is_to_do_moves_no_register_of_some_unless_it_is_one(note: str, said: tuple[str, ...]) -> None:
    assert parse_change(note).in_words() == said


@pytest.mark.parametrize(
    "note",
    ["busier under the flute", "busier when the flute comes in", "busier than the strings", "the orchestra is too thin",
     "busier strings? No, busier overall"],
)  # fmt: skip
def test_where_others_are_only_heard_of_it_is_everybodys(note: str) -> None:
    (only,) = parse_change(note).stages
    assert only.of == ()
    assert only.control("density") > 0


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("darker, and fewer notes in the piano", ("valence −0.25", "density −0.25 of piano")),
        ("piano sparser, strings busier", ("density −0.25 of piano", "density +0.25 of strings")),
        ("violins: fewer notes; violas: more notes", ("density −0.25 of violin", "density +0.25 of viola")),
        ("I'd like the viola to be higher and the cello to be lower",
         ("register +0.5 octaves of viola", "register −0.5 octaves of cello")),
        ("make the brass less urgent and the strings more tense",
         ("arousal −0.25 of brass", "tension +0.25 of strings")),
        ("piano sparser, strings darker, and lose the flute",
         ("density −0.25 of piano", "valence −0.25 of strings", "− flute")),
    ],
)  # fmt: skip
def test_different_wishes_for_different_players_are_stages(note: str, said: tuple[str, ...]) -> None:
    change = parse_change(note)
    assert change.in_words() == said
    assert change.flags == ()
    assert len(change.stages) == len(said)


def test_a_change_is_for_those_it_names_and_for_nobody_that_stays() -> None:
    change = parse_change("busier strings, but don't touch the cello")
    assert change.is_for("violin")
    assert not change.is_for("cello")
    assert not change.is_for("flute")


def test_a_celesta_that_comes_is_told_to_be_written_as_bells() -> None:
    flags = parse_change("darker, and add a celesta and a glockenspiel in bars 2-3").flags
    assert flags == (
        "celesta is written as bells (General MIDI program 9)",
        "glockenspiel is written as bells (General MIDI program 10)",
        "celesta and glockenspiel share one part, which sounds as celesta",
    )


def test_a_triangle_that_goes_is_told_to_be_of_the_drums() -> None:
    change = parse_change("lose the triangle")
    assert (change.in_words(), change.flags) == (("− drums",), ("triangle is written as drums",))


def test_two_that_share_a_part_cannot_be_swapped() -> None:
    change = parse_change("replace the bells with a celesta")
    assert (change.add, change.drop) == ((), ())
    assert change.flags == ("bells and celesta share one part: none of them can take another's place",)


def test_a_hit_is_no_place_that_a_note_knows() -> None:
    assert "a note knows no hits" in parse_change("more tension before the hit").flags[0]


@pytest.mark.parametrize(("note", "said"), [("take the tempo down by 10", "tempo −10 bpm"),
                                            ("bring the tempo up by 5", "tempo +5 bpm")])  # fmt: skip
def test_a_number_that_the_tempo_is_moved_by_is_beats_a_minute(note: str, said: str) -> None:
    assert parse_change(note).in_words() == (said,)


def test_to_come_in_later_brings_nobody_in() -> None:
    assert parse_change("the horns should come in later").in_words() == ()
