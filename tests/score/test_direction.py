import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.errors import ConfigError
from hitpoint.score.direction import Direction, parse
from hitpoint.score.direction_words import MOST_WORDS, Mood, table
from hitpoint.score.ensemble import parts_for
from hitpoint.score.sections import SECTIONS
from hitpoint.score.stem import INSTRUMENTS
from hitpoint.timeline.meter import Meter


def mood_of(text: str) -> tuple[float | None, float | None, float | None]:
    found = parse(text)
    return found.valence, found.arousal, found.tension


# Exact values


@pytest.mark.parametrize(
    ("text", "bpm"),
    [
        ("120 bpm", 120), ("72bpm", 72), ("96.5 BPM", 96.5), ("tempo 88", 88), ("tempo: 88", 88), ("bpm 61", 61),
        ("calm, strings, 96 bpm, D minor", 96), ("at ninety bpm", 90), ("q=76, brass", 76), ("around 70, cello", 70),
        ("cello, around 70.", 70), ("solemn, very slow (about 50), organ", 50), ("flute, 80ish", 80),
        ("80-ish bpm", 80), ("4/4 at 112, key of E", 112),
        ("basses at a steady 88; smoky", 88), ("piano, rubato, ~66", 66), ("Cm | 110 | strings", 110),
        ("sc. 42, ~110 BPM", 110),
    ],
)  # fmt: skip
def test_a_tempo_is_read(text: str, bpm: float) -> None:
    assert (parse(text).tempo_bpm, parse(text).tempo_range) == (bpm, None)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("90-100 bpm", 90, 100), ("90 – 100bpm", 90, 100), ("90 to 100 bpm", 90, 100), ("100 bpm to 90 bpm", 90, 100),
     ("andante", 76, 108), ("Allegro, brass", 120, 156), ("tempo 110 until 120", 110, 120), ("very slow", 40, 58),
     ("moderately fast", 116, 140), ("true-crime bed, 85-90, piano", 85, 90)],
)  # fmt: skip
def test_a_tempo_range_is_read(text: str, low: float, high: float) -> None:
    assert (parse(text).tempo_bpm, parse(text).tempo_range) == (None, (low, high))


@pytest.mark.parametrize(
    ("text", "bpm", "flag"),
    [
        ("under 60 bpm, bleak", 60, "under 60 bpm is read as 60 bpm"),
        ("at least 130 bpm", 130, "at least 130 bpm is read as 130 bpm"),
        ("never faster than 90 bpm", 90, "never faster than 90 bpm is read as 90 bpm"),
        ("no more than 100 bpm, tense", 100, "no more than 100 bpm is read as 100 bpm"),
    ],
)
def test_a_bound_of_the_tempo_is_the_tempo_and_is_told(text: str, bpm: float, flag: str) -> None:
    assert (parse(text).tempo_bpm, parse(text).flags) == (bpm, (flag,))


def test_a_bound_of_the_length_is_the_length_and_is_told() -> None:
    found = parse("strings, no more than 40 bars, at most 2 minutes")
    assert (found.bars, found.duration_seconds) == (40, 120)
    assert found.flags == (
        "no more than 40 bars is read as 40 bars",
        "at most 120 seconds is read as 120 seconds",
    )


@pytest.mark.parametrize(
    "text", ["something about 50 people, tense", "it ends at 50,000", "until 1:12", "sc. 42, tense"]
)
def test_other_numbers_are_no_tempo(text: str) -> None:
    assert (parse(text).tempo_bpm, parse(text).tempo_range) == (None, None)


@pytest.mark.parametrize("text", ["0 bpm", "5000 bpm", "-1e9 bpm"])
def test_a_tempo_that_no_one_can_play_is_not_read(text: str) -> None:
    assert parse(text).tempo_bpm is None
    assert parse(text).unknown != ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("D minor", "D minor"), ("d minor", "D minor"), ("Dm", "D minor"), ("F#m", "F# minor"), ("F# m", "F# minor"),
        ("Bbm", "Bb minor"), ("E flat major", "Eb major"), ("E-flat major", "Eb major"), ("Eb major", "Eb major"),
        ("E♭ major", "Eb major"), ("C sharp minor", "C# minor"), ("A dorian", "A dorian"), ("in G", "G major"),
        ("key of B flat", "Bb major"), ("key: C", "C major"), ("a minor", "A minor"), ("Cmaj", "C major"),
        ("B moll", "B minor"), ("Cb major", "B major"), ("G# minor", "Ab minor"), ("the key re minor", "D minor"),
        ("La major", "A major"), ("si bemol mineur", "Bb minor"), ("do mayor", "C major"),
        ("Lydian, strings in E flat", "Eb lydian"),
        ("aeolian, cello in A", "A minor"), ("key of E, phrygian colour", "E phrygian"),
    ],
)  # fmt: skip
def test_a_key_is_read(text: str, key: str) -> None:
    assert str(parse(text).key) == key


@pytest.mark.parametrize(
    "text", ["a dark hall", "I am happy", "in a hurry", "be gentle", "e", "bad", "dm me", "A", "do minor tweaks"]
)
def test_plain_words_are_no_key(text: str) -> None:
    assert parse(text).key is None


@pytest.mark.parametrize(
    "text", ["C minor to C major, strings", "C minor, brass, ending in C major", "C minor into major"]
)
def test_a_key_that_the_music_is_to_move_to_is_told_and_the_first_one_holds(text: str) -> None:
    found = parse(text)
    assert str(found.key) == "C minor"
    assert [flag for flag in found.flags if flag.startswith("the key stays C minor")] != []


def test_a_mode_without_a_tonic_is_kept_as_a_mode() -> None:
    assert parse("dorian, strings").as_json()["key"] == {"tonic": None, "mode": "dorian"}
    assert parse("in a minor key").as_json()["key"] == {"tonic": None, "mode": "minor"}


@pytest.mark.parametrize(
    ("text", "meter"), [("6/8", Meter(6, 8)), ("3/4 time", Meter(3, 4)), ("waltz", Meter(3, 4)), ("7 / 8", Meter(7, 8))]
)
def test_a_metre_is_read(text: str, meter: Meter) -> None:
    assert parse(text).meter == meter


def test_how_it_is_counted_is_a_metre_after_a_tempo() -> None:
    assert parse("92 bpm in four, strings").meter == Meter(4, 4)


def test_a_fraction_that_is_no_metre_is_not_read() -> None:
    assert parse("open 24/7").meter is None


@pytest.mark.parametrize(("text", "bars"), [("8 bars", 8), ("over 16 measures", 16), ("eight bars", 8), ("1 bar", 1)])
def test_bars_are_read(text: str, bars: int) -> None:
    assert parse(text).bars == bars


@pytest.mark.parametrize(
    ("text", "listed"), [("strings after eight bars", "8 bars"), ("build every 8 bars", "8 bars"),
                         ("at 16 bars it turns", "16 bars"),
                         ("4 bars per phrase", "4 bars")],
)  # fmt: skip
def test_bars_that_say_when_are_no_length_and_are_listed(text: str, listed: str) -> None:
    assert parse(text).bars is None
    assert listed in parse(text).unknown


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30 seconds", 30),
        ("30s", 30),
        ("1.5 min", 90),
        ("2 minutes 5 seconds", 125),
        ("30-second cue", 30),
        ("soft pads, 1'30\"", 90),
        ("piano, 1m30s", 90),
        ("strings, total 1:15", 75),
        ("roughly one minute and a half", 90),
        ("a minute and a half", 90),
        ("about a minute", 60),
    ],
)
def test_a_duration_is_read(text: str, seconds: float) -> None:
    assert parse(text).duration_seconds == seconds


def test_a_decade_is_no_duration() -> None:
    assert parse("an 80s synth").duration_seconds is None


@pytest.mark.parametrize(
    ("text", "instruments"),
    [
        ("strings and brass", ("strings", "brass")), ("woodwinds", ("winds",)), ("orchestral", ("orchestra",)),
        ("horns, timps", ("french horn", "timpani")), ("low strings", ("low strings",)), ("violins", ("violin",)),
        ("solo cello with harp", ("cello", "harp")), ("double bass", ("contrabass",)), ("Choir", ("choir",)),
        ("orchestra, no brass", ("flute", "oboe", "bassoon", "timpani", "strings")), ("no drums", ()),
        ("strings, piano without piano", ("strings",)), ("low-strings", ("low strings",)),
        ("vlns, vlas, vcs, cb", ("violin", "viola", "cello", "contrabass")), ("tpts & hns", ("trumpet", "french horn")),
        ("a quartet of cellos", ("cello",)), ("a quartet of strings", ("string quartet",)),
        ("bass synth, electronic drums", ("bass", "drums")), ("oud, ney, darbuka", ("guitar", "flute", "drums")),
    ],
)  # fmt: skip
def test_instruments_are_read(text: str, instruments: tuple[str, ...]) -> None:
    assert parse(text).instruments == instruments


def test_every_instrument_and_section_is_read_by_its_own_name() -> None:
    for name in [*(instrument.name for instrument in INSTRUMENTS), *SECTIONS]:
        assert parse(name).instruments == (name,)


# Moods


def test_words_of_the_table_mean_what_it_says() -> None:
    for phrase, mood in table().moods.items():
        assert mood_of(" ".join(phrase)) == (mood.valence, mood.arousal, mood.tension)


def test_the_table_is_sound() -> None:
    words = table()
    assert len(words.moods) >= 60
    assert all(len(phrase) <= MOST_WORDS for entries in (words.moods, words.instruments) for phrase in entries)
    for mood in words.moods.values():
        assert -1 <= mood.valence <= 1
        assert -1 <= mood.arousal <= 1
        assert 0 <= mood.tension <= 1
    known = {instrument.name for instrument in INSTRUMENTS} | SECTIONS.keys()
    assert set(words.instruments.values()) == known
    tables = (words.moods, words.instruments, words.tempi, words.meters, words.modes, words.degrees)
    phrases = [phrase for entries in tables for phrase in entries]
    assert len(set(phrases)) == len(phrases)


def test_a_degree_moves_a_mood_nearer_to_or_farther_from_neutral() -> None:
    slightly, plain, very = (mood_of(text)[2] for text in ("slightly tense", "tense", "very tense"))
    assert slightly is not None
    assert plain is not None
    assert very is not None
    assert 0.3 < slightly < plain < very


def test_a_negation_turns_a_mood_half_round() -> None:
    assert mood_of("not sad")[0] == pytest.approx(0.3)
    assert mood_of("not sad or gloomy")[0] == pytest.approx((0.3 + 0.275) / 2, abs=0.001)
    assert (mood_of("not very sad")[0] or 0) < 0


def test_a_negation_ends_with_its_thought() -> None:
    assert mood_of("not loud, sad") == mood_of("sad")


def test_several_moods_are_averaged() -> None:
    sad, tense, both = mood_of("sad"), mood_of("tense"), mood_of("sad and tense")
    assert both[0] == pytest.approx(((sad[0] or 0) + (tense[0] or 0)) / 2, abs=0.001)


@pytest.mark.parametrize(
    ("text", "arc"),
    [
        ("calm to furious", ("calm", "furious")), ("from calm to furious over 8 bars", ("calm", "furious")),
        ("calm -> tense → furious", ("calm", "tense", "furious")),
        ("slightly tense, becoming very furious", ("slightly tense", "very furious")),
        ("calm strings to furious brass", ("calm", "furious")), ("calm, tense", ()), ("made to sad", ()),
    ],
)  # fmt: skip
def test_arcs_are_read(text: str, arc: tuple[str, ...]) -> None:
    assert parse(text).arc == arc


def test_an_arc_begins_in_its_first_mood() -> None:
    assert mood_of("calm to furious") == mood_of("calm")


# What is not said, and not known


def test_what_the_text_does_not_say_is_none() -> None:
    assert parse("") == Direction("")
    assert not parse("").says_something
    assert not parse("8 bars").says_something
    assert parse("dorian").says_something


def test_what_all_music_has_is_listed_where_it_is_not_wanted() -> None:
    assert parse("pads, no melody, nothing rhythmic").unknown == ("melody", "rhythmic")
    assert parse("a simple melody").unknown == ("simple",)


def test_a_word_that_is_a_slip_of_a_known_one_is_told_and_not_guessed() -> None:
    found = parse("stirngs and chello at night")
    assert (found.instruments, found.unknown) == ((), ("stirngs", "chello", "night"))
    assert found.flags == (
        "stirngs is not understood: strings may be meant",
        "chello is not understood: cello may be meant",
    )


@pytest.mark.parametrize("text", ["a minor miracle", "la minor part of it", "do major works"])
def test_a_known_word_that_means_nothing_where_it_stands_is_no_slip(text: str) -> None:
    assert parse(text).flags == ()


def test_a_word_longer_than_any_known_one_is_not_looked_at_letter_by_letter() -> None:
    began = process_time()
    assert parse("b" * 9_999).flags == ()
    assert process_time() - began < 0.5


def test_instruments_that_share_one_part_are_told() -> None:
    said = "celesta and glockenspiel share one part, which sounds as celesta"
    assert said in parse("celesta, glockenspiel, strings").flags
    assert "bells and celesta share one part, which sounds as bells" in parse("bells, celesta").flags


@pytest.mark.parametrize(
    "text", ["vibes, vibraphone", "snare and cymbal", "mandolin, mandolins", "celesta, no marimba"]
)
def test_one_instrument_and_a_drum_kit_share_no_part(text: str) -> None:
    assert [flag for flag in parse(text).flags if "share" in flag] == []


def test_what_has_to_be_is_no_arc() -> None:
    assert parse("it can't be scary, it has to be majestic").arc == ()


def test_every_unknown_word_is_listed_once_and_small_words_never() -> None:
    assert parse("a tense blorp with the FROB, and blorp music").unknown == ("blorp", "frob")


def test_other_scripts_are_listed_whole() -> None:
    assert parse("静か शांति tense").unknown == ("静か", "शांति")


def test_a_cue_number_is_no_unknown_word() -> None:
    assert parse("1m03 tense, orchestral, 120 bpm, D minor").unknown == ()


def test_what_is_said_twice_holds_as_said_last_and_is_flagged() -> None:
    found = parse("120 bpm, D minor, 140 bpm")
    assert (found.tempo_bpm, found.flags) == (140, ("tempo is said twice",))


def test_json_has_the_fields_that_are_promised() -> None:
    assert parse("1m03 tense, orchestral, 120 bpm, D minor").as_json() == {
        "tempo_bpm": 120.0, "tempo_range": None, "key": {"tonic": "D", "mode": "minor"}, "meter": None,
        "instruments": ["orchestra"], "bars": None, "duration_seconds": None, "valence": -0.35, "arousal": 0.4,
        "tension": 0.8, "arc": None, "flags": [], "unknown": [],
    }  # fmt: skip
    json.dumps(parse("calm to furious, 6/8, 90-100 bpm").as_json())


def test_later_words_keep_what_they_do_not_state() -> None:
    later = parse("tense, brass").after(parse("calm to furious, strings, 96 bpm, D minor"))
    assert (later.tempo_bpm, str(later.key)) == (96, "D minor")
    assert later.instruments == ("brass",)
    assert later.arc == ()
    assert later.valence == parse("tense").valence


# Size


@pytest.mark.parametrize(
    "piece", ["a ", "9", "1 - ", "not ", "to ", "-", "calm to ", "1/", "c# ", "blorp%d ", "kind of a ", "ﷺ"]
)
def test_ten_thousand_characters_are_read_without_going_over_them_again_and_again(piece: str) -> None:
    def work(characters: int) -> float:
        began = process_time()
        parse((piece * characters)[:characters])
        return process_time() - began

    # Eight times the text: eight to 64 times the work, never 512. Held against itself, and what others do not counted.
    assert work(9_999) < 250 * max(0.001, min(work(1_250), work(1_251), work(1_252)))


def test_more_is_refused_with_what_to_do() -> None:
    with pytest.raises(ConfigError, match=r"10,001 characters.*Shorten"):
        parse("x" * 10_001)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    found = parse(text)
    assert found.text == text
    assert found.valence is None or -1 <= found.valence <= 1
    parts_for(found)


WORDS = [
    "calm",
    "not",
    "very",
    "to",
    "120",
    "bpm",
    "-",
    "D",
    "minor",
    "6",
    "/",
    "8",
    "bars",
    "brass",
    "no",
    "or",
    ",",
    "#",
]


@given(st.lists(st.sampled_from(WORDS), max_size=20))
def test_any_order_of_known_words_is_read(words: list[str]) -> None:
    found = parse(" ".join(words))
    assert found.tension is None or 0 <= found.tension <= 1
    parts_for(found)


# Ensembles


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("strings", ["violin 1", "violin 2", "viola", "cello", "contrabass"]),
        ("brass", ["french horn", "french horn 2", "trumpet", "trombone", "tuba"]),
        ("winds", ["flute", "oboe", "clarinet", "bassoon"]),
        ("strings, cello", ["violin 1", "violin 2", "viola", "cello", "contrabass"]),
        ("piano", ["piano"]), ("violin", ["violin 1"]),
        ("", ["piano", "violin 1", "violin 2", "viola", "cello", "contrabass"]),
    ],
)  # fmt: skip
def test_sections_become_parts(text: str, names: list[str]) -> None:
    assert [part.name for part in parts_for(parse(text))] == names


def test_an_orchestra_has_twelve_parts_with_timpani() -> None:
    names = [part.name for part in parts_for(parse("orchestral"))]
    assert len(set(names)) == len(names) == 12
    assert "timpani" in names


def test_a_mood_is_shaded_within_its_bounds() -> None:
    assert Mood(-0.9, 0.9, 0.9).shaded(1.5) == Mood(-1, 1, 1)
    assert Mood(0.5, 0.5, 1.0).shaded(-1) == Mood(-0.5, -0.5, 0)
