"""Notes on a take become signed changes."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hitpoint.errors import ConfigError
from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.score.direction import Direction
from hitpoint.score.direction_change import DirectionChange, Place, parse_change
from hitpoint.score.direction_change_phrases import all_changes
from hitpoint.score.direction_words import table
from hitpoint.score.ensemble import parts_for


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("keep the drums out until bar 5", ("− drums (until bar 5)",)),
        ("hold the strings back and shove the brass forward", ("softer strings", "louder brass")),
        ("the trumpet's cheesy, use a guitar instead", ("+ guitar", "− trumpet")),
        ("shorter by a couple of bars", ("bars −2",)),
        ("calmer, and longer by two bars", ("arousal −0.25", "bars +2")),
        ("bring in a flute at bar 9", ("+ flute (from bar 9)",)),
        ("at bar 10, bring in the harp", ("+ harp (from bar 10)",)),
        ("louder at bar 12", ("intensity +0.25 (bar 12)",)),
        ("quieter after the first half", ("intensity −0.25 (after the first half)",)),
        ("sadder from the start to the midpoint", ("valence −0.25 (start to midpoint)",)),
        ("make the start softer, the ending's perfect", ("intensity −0.25 (start)",)),
        ("scary, not sad", ("tension +0.25",)),
        ("slow, but never boring", ("tempo × 0.9",)),
        ("can we not be this loud?", ("intensity −0.25",)),
        ("major feels wrong", ("mode minor",)),
        ("the actors can't breathe", ("density −0.25",)),
        ("the drums are covering the cello, pull them back", ("softer drums",)),
        ("the choir is drowned by the horns", ("softer french horn", "louder choir")),
        ("just three players: flute, viola and harp", ("only flute", "only viola", "only harp")),
        ("can the strings go, and the flute come in?", ("+ flute", "− strings")),
        ("it sits too high, bring everything down", ("register −0.5 octaves",)),
        ("bring the tension up and the tempo down", ("tension +0.25", "tempo × 0.9")),
        ("ease the tempo down and the volume with it", ("intensity −0.25", "tempo × 0.9")),
        ("it's an octave too high", ("register −1 octaves",)),
        ("perhaps a harp instead of the guitar", ("+ harp", "− guitar")),
        ("pull the percussion, it's distracting", ("− percussion",)),
        ("I can't hear the horns", ("louder french horn",)),
        ("I can't hear my actors", ("intensity −0.25",)),
        ("strings and piano, nothing else", ("only strings", "only piano")),
        ("she's sad now, so make it warmer", ("valence +0.25",)),
        ("it's a bit cold in the middle, could it be warmer?", ("valence +0.375 (middle)",)),
        ("louder but not busier", ("intensity +0.25",)),
        ("sadder, but don't slow it down", ("valence −0.25",)),
        ("keep the mood, just quieter", ("intensity −0.25",)),
        ("four more bars", ("bars +4",)),
        ("lose two bars", ("bars −2",)),
        ("speed it up to 120", ("tempo 120 bpm",)),
        ("no drums until the second half", ("− drums (until the second half)",)),
        ("a dorian flavour", ("mode dorian",)),
        ("take the drums out of the second half", ("− drums (second half)",)),
        ("have the horns in", ("+ french horn",)),
        ("bring the violins up a bit", ("louder violin",)),
        ("violins up an octave", ("register +1 octaves of violin",)),
        ("slow it down by 10%", ("tempo × 0.9",)),
        ("push the tempo by 4 bpm", ("tempo +4 bpm",)),
        ("too rushed", ("tempo × 0.9",)),
        ("less rushed", ("tempo × 0.9",)),
        ("less cluttered", ("density −0.25",)),
        ("not dark enough", ("valence −0.25",)),
        ("too dark for a comedy", ("valence +0.25",)),
        ("the drums are drowning the piano", ("softer drums",)),
        ("the piano alone", ("only piano",)),
        ("softer in the last bar", ("intensity −0.25 (last bar)",)),
        ("isn't it a bit dark?", ("valence +0.125",)),
        ("does it have to be this sad?", ("valence +0.25",)),
        ("shouldn't it be sadder?", ("valence −0.25",)),
        ("it's meant to be creepy, right now it's merely loud", ("tension +0.25",)),
        ("he's terrified and the music isn't", ("tension +0.25",)),
        ("she isn't happy and the music is", ("valence −0.25",)),
        ("he's lonelier than this", ("valence −0.25",)),
        ("the music is sadder than the scene", ("valence +0.25",)),
        ("brighter, but still uneasy", ("valence +0.25",)),
        ("no need for all that tension", ("tension −0.25",)),
        ("leave the volume alone, just slower", ("tempo × 0.9",)),
        ("slower, it's racing past her close-up", ("arousal −0.25", "tempo × 0.9")),
        ("bigger, it's the series finale", ("intensity +0.25",)),
        ("warmer, with harp", ("valence +0.25", "+ harp")),
        ("let's hear the oboe by itself", ("only oboe",)),
        ("everything out except the cello", ("only cello",)),
        ("the oboe should be a clarinet", ("+ clarinet", "− oboe")),
        ("use a guitar, not a piano", ("+ guitar", "− piano")),
        ("the trumpet's too bright, use a horn", ("+ french horn", "− trumpet")),
        ("nice, but can it be darker?", ("valence −0.25",)),
        ("take it at 96", ("tempo 96 bpm",)),
        ("let the tension drop", ("tension −0.25",)),
        ("let the sadness go from bar 9", ("valence +0.25 (from bar 9)",)),
        ("start hopeless", ("valence −0.25 (start)",)),
        ("bring in the choir and turn the strings down", ("+ choir", "softer strings")),
        ("bring in the harp and pull the drums back", ("+ harp", "softer drums")),
        ("hopeful instead of bleak", ("valence +0.5",)),
        ("only the sadness is too much", ("valence +0.25",)),
        ("the suspense is excellent", ()),
        ("hush the first four bars", ("intensity −0.25 (first 4 bars)",)),
        ("hush the strings", ("softer strings",)),
        ("less sad and a bit quicker", ("valence +0.25", "tempo × 1.05")),
        ("drums only from bar 5 through to the end", ("only drums (from bar 5)",)),
        ("double the cello with a bassoon", ("+ bassoon",)),
        ("could we have a harp?", ("+ harp",)),
        ("would a harp be nice?", ("+ harp",)),
        ("more wistful than tragic", ("valence +0.25",)),
        ("solemn, not miserable", ("valence +0.25",)),
        ("sad, not angry", ("valence −0.25", "arousal −0.25")),
        ("bring the mood down", ("valence −0.25",)),
        ("there mustn't be any drums", ("− drums",)),
        ("keep the harp and bring the flute out", ("louder flute",)),
        ("bring the oboe in and leave the strings out", ("+ oboe", "− strings")),
        ("clear everything out and leave the clarinet", ("only clarinet",)),
        ("it's too much", ("intensity −0.25",)),
        ("it's not enough", ("intensity +0.25",)),
        ("too long by two bars", ("bars −2",)),
        ("her theme is too sad", ("valence +0.25",)),
        ("the villain's entrance isn't menacing enough", ("valence −0.25", "tension +0.25")),
        ("the goodbye is too cheerful", ("valence −0.25",)),
        ("sadder, but no less energetic", ("valence −0.25",)),
        ("enough dread", ("tension −0.25",)),
    ],
)
def test_people_say_it_round_the_corner(note: str, said: tuple[str, ...]) -> None:
    assert parse_change(note).in_words() == said


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("she's grieving, this sounds like she's off on holiday", ("valence −0.25",)),
        ("it's a breakup, not a birthday party", ("valence −0.25",)),
        ("less car advert", ("valence −0.25",)),
        ("you've given me a funeral, it's a wedding", ("valence +0.25",)),
        ("he's exhausted", ("arousal −0.25",)),
        ("start happy, then get dark in the second half", ("valence −0.25 (second half)",)),
        (
            "the first half is fine, the second needs more drive",
            ("intensity +0.25 (second half)", "arousal +0.25 (second half)"),
        ),
        ("give me more menace when he walks in at bar 9", ("tension +0.25 (from bar 9)",)),
        ("half as many notes after bar 10", ("density −0.25 (after bar 10)",)),
        ("more energy, but not louder", ("arousal +0.25",)),
        ("keep it sad, just less anxious", ("tension −0.25",)),
        ("everybody calm down", ("arousal −0.25",)),
        ("trombones, calm down", ("softer trombone",)),
        ("clarinet, not oboe", ("+ clarinet", "− oboe")),
        ("make the flute a clarinet", ("+ clarinet", "− flute")),
        ("could the oboe be replaced by a solo violin", ("+ violin", "− oboe")),
        ("drop the cello an octave", ("register −1 octaves",)),
        ("piccolo for the mouse, please", ("+ piccolo",)),
        ("nothing in the last bar but the harp", ("only harp (last bar)",)),
        ("keep everything but the oboe", ("− oboe",)),
        ("fade the strings in from bar 8", ("+ strings (from bar 8)",)),
        ("don't bring the drums in until bar 8", ("− drums (until bar 8)",)),
        ("what if we lost the harp", ("− harp",)),
        ("finish with the choir", ("+ choir (finish)",)),
        ("knock ten bpm off", ("tempo −10 bpm",)),
        ("lose the last two bars", ("bars −2",)),
        ("try it in three", ("metre 3/4",)),
        ("from calm to panic", ("arousal +0.25",)),
        ("the joy should turn to grief", ("valence −0.25",)),
        ("it hints at the danger", ("tension +0.25",)),
        ("it kills the tension", ("tension +0.25",)),
        ("nobody cried", ("valence −0.25",)),
        ("two people said it made them sleepy", ("arousal +0.25",)),
        ("there isn't a shred of hope in it", ("valence +0.25",)),
        ("boring", ("arousal +0.25",)),
        ("it couldn't be sadder", ("valence +0.25",)),
        ("it's louder than it has to be", ("intensity −0.25",)),
        ("hardly scary", ("tension +0.25",)),
        ("not sure it's sad enough", ("valence −0.25",)),
        ("the music hasn't noticed that he's dead", ("valence −0.25",)),
        ("the sad bit's too sad", ("valence +0.25",)),
        ("suck the joy out of it", ("valence −0.25",)),
        ("put the fun back", ("valence +0.25",)),
        ("so sad, so pull it back", ("intensity −0.25", "valence +0.25")),
        ("the tempo's too high", ("tempo × 0.9",)),
    ],
)
def test_what_is_seen_measured_likened_or_supposed_is_read(note: str, said: tuple[str, ...]) -> None:
    assert parse_change(note).in_words() == said


@pytest.mark.parametrize(
    "note",
    ["slower, but it must not become sad", "slower, but not more hectic", "slower without turning sinister",
     "not any more tense, only slower"],
)  # fmt: skip
def test_what_must_not_come_of_it_is_not_asked_for(note: str) -> None:
    assert parse_change(note).in_words() == ("tempo × 0.9",)


@pytest.mark.parametrize(
    ("in_full", "short"),
    [
        ("I would love a cello", "I'd love a cello"), ("we would like a cello", "I'd like a cello"),
        ("he would like it higher", "I'd like it higher"), ("she'd prefer it darker", "I'd prefer it darker"),
        ("do not make it slower, make it darker", "don't make it slower, make it darker"),
        ("it does not feel scary", "it doesn't feel scary"), ("is not it dark?", "isn't it dark?"),
    ],
)  # fmt: skip
def test_what_is_said_in_full_is_read_like_the_short_form(in_full: str, short: str) -> None:
    assert parse_change(in_full).in_words() == parse_change(short).in_words() != ()


def test_a_note_is_told_back_in_signs() -> None:
    assert parse_change("darker, less busy").in_words() == ("density −0.25", "valence −0.25")
    assert parse_change("lose the drums in the second half").in_words() == ("− drums (second half)",)
    assert parse_change("half the speed").in_words() == ("tempo × 0.5",)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("no drums at all", ("− drums",)), ("no shaker", ("− drums",)), ("strings. add only", ()),
        ("more horns and shaker", ("louder french horn", "louder drums")),
        ("more strings. pull the tension back", ("tension −0.25", "louder strings")),
        ("strings only", ("only strings",)),
        ("the brass is too loud", ("softer brass",)),
        ("change oboe to flute", ("+ flute", "− oboe")), ("turn the tension up", ("tension +0.25",)),
        ("bring the tension down", ("tension −0.25",)), ("not darker", ("valence +0.25",)),
        ("too slow", ("tempo × 1.1",)),
        ("5 bpm slower", ("tempo −5 bpm",)), ("4 bars shorter", ("bars −4",)), ("in 3/4", ("metre 3/4",)),
    ],
)  # fmt: skip
def test_a_note_moves_what_it_names(note: str, said: tuple[str, ...]) -> None:
    assert parse_change(note).in_words() == said


def test_a_note_of_two_minds_is_flagged() -> None:
    assert parse_change("louder in the first 8 bars, softer in the second half").flags != ()


def test_slightly_moves_less_and_much_moves_more() -> None:
    slightly, plain, much = (parse_change(f"{how} darker").control("valence") for how in ("slightly", "", "a lot"))
    assert 0 > slightly > plain > much


def test_more_of_a_mood_and_less_of_it_are_opposite() -> None:
    for phrase in table().moods:
        word = " ".join(phrase)
        more, less = parse_change(f"more {word}"), parse_change(f"less {word}")
        assert dict(less.controls) == {name: -amount for name, amount in more.controls}, word


def test_what_a_note_does_not_say_is_not_changed() -> None:
    assert parse_change("") == DirectionChange("")
    assert not parse_change("I love it").control("tension")
    assert not parse_change("the blorp is frobbed").changes_something
    assert parse_change("more blorp please").unknown == ("blorp",)


@pytest.mark.parametrize(
    ("place", "bars"),
    [
        (Place("second half", (0.5, 1.0)), range(8, 16)), (Place("start", (0.0, 0.25)), range(4)),
        (Place("bars 5-8", None, 5, 8), range(4, 8)), (Place("from bar 9", None, 9), range(8, 16)),
        (Place("last 4 bars", None, -4), range(12, 16)), (Place("from bar 99", None, 99), range(16, 16)),
        (Place("bars 12-40", None, 12, 40), range(11, 16)), (Place("last 40 bars", None, -40), range(16)),
    ],
)  # fmt: skip
def test_a_place_is_bars_of_the_cue(place: Place, bars: range) -> None:
    assert place.bars(16) == bars


@given(st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted), st.integers(0, 50))
def test_a_place_never_leaves_its_cue(share: list[float], count: int) -> None:
    bars = Place("", (share[0], share[1])).bars(count)
    assert all(0 <= bar < count for bar in bars)


@given(st.text(max_size=200))
def test_any_text_is_a_note(text: str) -> None:
    change = parse_change(text)
    assert change.text == text
    for name, amount in change.controls:
        low, high = CONTROL_RANGES[name]
        assert -(high - low) <= amount <= high - low


NOTE_WORDS = [
    "more", "less", "too", "not", "darker", "faster", "half", "the", "speed", "10", "%", "slower", "5", "bpm", "bars",
    "longer", "lose", "add", "drums", "swap", "for", "flute", "keep", "strings", "drop", "everything", "else", ",",
    "bar", "-", "last", "second", "down", "higher", "in", "minor", "but", "and", "pull the", "back", "only",
    "instead", "hear", "it's", "out", "them", "push them", "nothing else", "tension", "put", "shaker", ".",
    "it", "but they're", "isn't", "everything", "except", "than",
]  # fmt: skip


@given(st.lists(st.sampled_from(NOTE_WORDS), max_size=20))
def test_any_order_of_known_words_is_a_note(words: list[str]) -> None:
    change = parse_change(" ".join(words))
    assert change.tempo_factor is None or change.tempo_factor > 0
    parts_for(Direction(instruments=change.add or change.only, without=change.drop))


PHRASES_OF_THE_TABLE = sorted(" ".join(phrase) for phrase in all_changes())
BETWEEN = ["strings", "drums", "oboe", ".", ",", "but", "and", "the", "bar 4", "it", "they", "darker", "no", "more"]


@example(["strings", "strings", ",", "."])
@given(st.lists(st.sampled_from(PHRASES_OF_THE_TABLE) | st.sampled_from(BETWEEN), max_size=10))
def test_any_order_of_the_tables_own_phrases_is_a_note(words: list[str]) -> None:
    change = parse_change(" ".join(words))
    assert change.in_words() is not None
    assert change.tempo_factor is None or change.tempo_factor > 0


@pytest.mark.parametrize(
    ("note", "moved"),
    [
        ("Strip it right back, hardly any notes at all.", {"density": -1}),
        ("Nice mood, only it's too loud.", {"intensity": -1}),
        ("Not tense enough. Is there any way to wind up the suspense?", {"tension": 1}),
    ],
)
def test_what_leads_to_a_wish_moves_nothing_else(note: str, moved: dict[str, int]) -> None:
    assert {name: 1 if amount > 0 else -1 for name, amount in parse_change(note).controls} == moved


def test_a_note_that_is_too_long_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"10,001 characters.*Shorten"):
        parse_change("x" * 10_001)
