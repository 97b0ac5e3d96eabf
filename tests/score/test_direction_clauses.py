"""How a direction is read whatever surrounds its clauses: laws, and what the older tests do not name."""

from time import process_time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hitpoint.score.controls import SCALES, TONICS, Key
from hitpoint.score.direction import Direction, parse
from hitpoint.score.direction_words import table
from hitpoint.score.ensemble import DEFAULT_INSTRUMENTS, parts_for
from hitpoint.score.spotting import spot
from hitpoint.score.stem import instrument_for_program
from hitpoint.timeline.meter import Meter
from hitpoint.timeline.timeline import Marker, Timeline

TEMPI = st.integers(20, 300)
KEYS = st.builds(Key, st.integers(0, 11), st.sampled_from(sorted(SCALES)))
METERS = st.builds(Meter, st.integers(1, 15), st.sampled_from((2, 4, 8, 16)))
PLAYERS = st.sampled_from(["strings", "low brass", "oboe", "string quartet", "synth pad", "jazz trio"])
MOODS = st.sampled_from(["tense", "slightly sad", "not happy", "very eerie", "staccato", "western"])


# Round trips


@given(TEMPI, KEYS, METERS, st.integers(1, 400), st.permutations(range(5)))
def test_what_is_written_out_is_read_back(bpm: int, key: Key, meter: Meter, bars: int, order: list[int]) -> None:
    clauses = [f"{bpm} bpm", str(key), str(meter), f"{bars} bars", "french horn"]
    found = parse(", ".join(clauses[place] for place in order))
    assert (found.tempo_bpm, found.key, found.meter, found.bars) == (bpm, key, meter, bars)
    assert found.instruments == ("french horn",)
    assert found.flags == found.unknown == ()


@given(TEMPI, TEMPI)
def test_a_range_is_read_back_low_end_first(one: int, other: int) -> None:
    assume(one != other)
    for text in (f"{one}-{other} bpm", f"between {one} and {other} bpm", f"from {one} to {other} bpm"):
        assert parse(text).tempo_range == (min(one, other), max(one, other))


@given(st.integers(0, 59), st.integers(0, 59))
def test_a_clock_time_is_a_length_where_the_text_says_so(minutes: int, seconds: int) -> None:
    assume(minutes + seconds)
    total = 60 * minutes + seconds
    for text in (f"until {minutes}m{seconds:02}", f"calm, {minutes}:{seconds:02}", f"{minutes}:{seconds:02} long"):
        assert parse(text).duration_seconds == total
    assert parse(f"{minutes}m{seconds:02} calm").duration_seconds is None


@pytest.mark.parametrize("tonic", TONICS)
def test_a_tonic_that_is_a_clause_of_its_own_is_a_major_key_and_the_reader_is_told(tonic: str) -> None:
    found = parse(f"warm strings, {tonic}, 90 bpm")
    assert str(found.key) == f"{tonic} major"
    assert found.flags == (f"{tonic} alone is read as {tonic} major",)


@pytest.mark.parametrize("text", ["127.0.0.1", "50,000", "100", "A", "take 64", "shot 120, wide", "x.json.123.part"])
def test_numbers_and_letters_that_are_no_clause_say_nothing(text: str) -> None:
    found = parse(text)
    assert found.tempo_bpm is None
    assert found.key is None


@pytest.mark.parametrize("text", ["minor third stabs", "a major chord", "a minor miracle happens"])
def test_chords_and_plain_words_are_no_keys(text: str) -> None:
    assert parse(text).as_json()["key"] is None


# Order


@given(st.lists(st.one_of(MOODS, PLAYERS, PLAYERS.map(lambda name: f"without {name}")), max_size=6), st.randoms())
def test_the_order_of_clauses_does_not_matter(clauses: list[str], random: object) -> None:
    shuffled = list(clauses)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = parse(", ".join(clauses)), parse(", ".join(shuffled))
    assert (one.valence, one.arousal, one.tension) == (other.valence, other.arousal, other.tension)
    assert set(one.instruments) == set(other.instruments)
    assert set(one.without) == set(other.without)
    assert set(one.flags) == set(other.flags)


# Who does not play


def names(text: str) -> set[str]:
    return {part.instrument.name for part in parts_for(parse(text))}


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("no drums, bass or guitar", {"drums", "bass", "guitar"}), ("without brass and winds", {"brass", "winds"}),
        ("avoid piano", {"piano"}), ("everything except percussion", {"percussion"}),
        ("leave out the harp, keep the flute", {"harp"}), ("no brass, strings", {"brass"}),
        ("no drums and strings", {"drums"}), ("Strings, Vocals: none", {"choir"}),
        ("the strings shouldn't play", {"strings"}), ("the strings and brass do not play, harp", {"strings", "brass"}),
        ("barely any percussion", {"percussion"}), ("strings rather than brass", {"brass"}),
        ("brass never plays and the harp is soft", {"brass"}), ("Vocals: none, the vocals don't play", {"choir"}),
    ],
)  # fmt: skip
def test_a_list_of_players_is_ruled_out_whole(text: str, silent: set[str]) -> None:
    assert set(parse(text).without) == silent


@pytest.mark.parametrize(
    ("text", "players"),
    [("don't lose the drums", ("drums",)), ("never without drums, bass or guitar", ("drums", "bass", "guitar")),
     ("the strings shouldn't play loud", ("strings",)), ("barely audible strings", ("strings",)),
     ("nothing except strings", ("strings",))],
)  # fmt: skip
def test_who_only_seems_to_be_ruled_out_plays(text: str, players: tuple[str, ...]) -> None:
    assert (parse(text).instruments, parse(text).without) == (players, ())


def test_those_who_play_where_nobody_is_named_can_be_ruled_out() -> None:
    assert names("no piano") == names("strings")
    assert names("no strings, no piano").isdisjoint(names(", ".join(DEFAULT_INSTRUMENTS)))
    assert names("no strings, no piano") != set()


def test_a_later_direction_takes_players_out() -> None:
    later = parse("no brass").after(parse("orchestra, no drums"))
    assert "trumpet" not in {part.instrument.name for part in parts_for(later)}
    assert set(later.without) == {"drums", "brass"}


# Who plays for whom


@pytest.mark.parametrize(
    ("text", "told"),
    [("celesta", "celesta is written as bells (General MIDI program 9)"), ("taikos", "taikos are written as drums"),
     ("snare drum", "snare drum is written as drums"),
     ("synth bass", "synth bass is written as bass (General MIDI program 39)"),
     ("contrabassoon", "contrabassoon is written as bassoon"),
     ("tenor sax", "tenor sax is written as saxophone (General MIDI program 67)")],
)  # fmt: skip
def test_an_instrument_that_is_written_as_another_is_said_to_be(text: str, told: str) -> None:
    assert parse(f"tense, {text}, strings").flags == (told,)


@pytest.mark.parametrize("text", ["horns", "celli", "timps", "drum kit", "grand piano", "sax", "bells", "strings"])
def test_other_words_for_the_same_instrument_are_not_remarked_on(text: str) -> None:
    assert (parse(text).flags, parse(text).programs) == ((), ())


def test_of_two_that_one_part_is_written_for_the_first_is_heard() -> None:
    assert parse("celesta and glockenspiel").programs == (("bells", 8),)
    assert parse("celesta and glockenspiel").flags[1] == "glockenspiel is written as bells"
    assert parse("bells and celesta").programs == ()
    assert parse("tense").after(parse("celesta")).programs == (("bells", 8),)


def test_what_an_instrument_is_heard_with_reads_as_that_instrument() -> None:
    for phrase, program in table().instead.items():
        if program is not None:
            written = instrument_for_program(program)
            assert written is not None, phrase
            assert written.name == table().instruments[phrase]


# What is not wanted


@pytest.mark.parametrize(
    ("text", "plain"),
    [("it shouldn't be scary", "not scary"), ("it shouldn’t be scary", "not scary"),
     ("it mustn't sound happy", "not happy"), ("can't be sad", "not sad"), ("it shouldnt be sad", "not sad"),
     ("won't be tense or scary", "not tense or scary"),
     ("anything but happy", "not happy"), ("far from sad", "not sad"), ("hardly any tension", "no tension"),
     ("hardly sad", "not sad"), ("sad rather than happy", "sad, not happy"), ("not without hope", "a little hope")],
)  # fmt: skip
def test_a_negation_is_heard_however_it_is_said(text: str, plain: str) -> None:
    found, said = parse(text), parse(plain)
    assert (found.valence, found.arousal, found.tension) == (said.valence, said.arousal, said.tension)
    assert found.unknown == ()


def test_barely_is_less_than_a_little_and_no_negation() -> None:
    barely, little = parse("barely tense").tension, parse("a little tense").tension
    assert barely is not None
    assert little is not None
    assert 0.3 < barely < little


# Arcs


def test_an_arc_has_a_length_of_its_own() -> None:
    found = parse("24 bars, calm to furious over 8 bars")
    assert (found.bars, found.arc_bars) == (24, 8)
    assert parse("calm to furious over 8 bars").bars == 8
    assert parse("12 bars of dread").arc_bars is None


def test_json_tells_an_arc_from_its_first_state_to_its_last() -> None:
    arc = parse("calm to furious over 8 bars").as_json()["arc"]
    assert isinstance(arc, dict)
    assert (arc["start"], arc["end"], arc["bars"]) == ("calm", "furious", 8)
    assert [state["arousal"] for state in arc["states"]] == [parse("calm").arousal, parse("furious").arousal]


@pytest.mark.parametrize(
    ("text", "bars", "each"),
    [("calm for 4 bars then tense for 4 bars", 8, (4, 4)), ("16 bars, 4 bars of calm, then tense", 16, (4, 12)),
     ("4 bars calm, 12 bars tense", 16, (4, 12)), ("calm for 4 bars then tense for 12", 16, (4, 12)),
     ("calm for four bars, then tense for twelve, with strings", 16, (4, 12)),
     ("calm (4 bars), tense (12 bars)", 16, (4, 12)), ("8 bars of calm then 8 bars of tense, strings", 16, (8, 8)),
     ("24 bars, calm for 4 bars then tense for 8 bars", 24, (4, 8)), ("calm then tense for 12 bars", 12, ()),
     ("16 bars, calm for 4 bars then tense", 16, (4, 12)), ("12 bars of calm to tense", 12, ())],
)  # fmt: skip
def test_lengths_of_states_are_added_up(text: str, bars: int, each: tuple[float, ...]) -> None:
    found = parse(text)
    assert (found.arc, found.bars, found.arc_lengths) == (("calm", "tense"), bars, each)
    assert found.arc_bars == (sum(each) or None)
    assert (found.valence, found.flags) == (parse("calm").valence, ())


def test_lengths_in_seconds_are_added_up_and_told_state_by_state() -> None:
    found = parse("calm for 10 seconds, then furious for 20 seconds")
    assert (found.duration_seconds, found.bars, found.arc_bars) == (30, None, None)
    arc = found.as_json()["arc"]
    assert isinstance(arc, dict)
    assert [(state["bars"], state["seconds"]) for state in arc["states"]] == [(None, 10), (None, 20)]
    assert parse("calm for 10 seconds, then furious for 20").arc_lengths == (10, 20)
    assert parse("calm for a minute, then furious for 2").arc_lengths == (60, 120)


@pytest.mark.parametrize("text", ["tense for 12, strings", "calm for 4 bars then tense for 12 dogs", "4 bars, 12 calm"])
def test_a_number_that_is_no_length_stays_unknown(text: str) -> None:
    assert "12" in parse(text).unknown
    assert parse(text).bars in (None, 4)


@pytest.mark.parametrize(
    ("text", "flag"),
    [("calm for 4 bars then tense", "how long tense lasts is not said"),
     ("8 bars, calm for 4 bars then tense for 8 bars", "the arc takes 12 bars, and all lasts 8"),
     ("from calm to tense in 8 bars, then furious for 4 bars", "the arc takes 8 bars, and all lasts 4"),
     ("20 seconds, calm for 10 seconds then tense for 20 seconds", "the arc takes 30 seconds, and all lasts 20"),
     ("calm for 10 seconds then tense for 4 bars", "lengths in bars and in seconds can't be added up")],
)  # fmt: skip
def test_lengths_that_cannot_be_added_up_are_flagged(text: str, flag: str) -> None:
    (told,) = parse(text).flags
    assert told.startswith(flag)


@pytest.mark.parametrize("text", ["starts calm, ends furious", "calm then furious", "calm giving way to furious"])
def test_arcs_are_read_across_clauses(text: str) -> None:
    assert parse(text).arc == ("calm", "furious")


# Contradictions and citations


@pytest.mark.parametrize(
    "text",
    ["calm furious", "happy and miserable", "fast adagio", "60 bpm, 90 bpm", "allegro, 50 bpm", "3/4 and 6/8",
     "D minor, E minor", "drums, no drums", "8 bars, 12 bars", "waltz in 5/4", "dorian, C major"],
)  # fmt: skip
def test_what_contradicts_itself_is_flagged(text: str) -> None:
    assert parse(text).flags != ()


@pytest.mark.parametrize("text", ["sad but hopeful", "calm but tense", "slow, 60 bpm", "strings, strings"])
def test_what_only_sounds_contradictory_is_not_flagged(text: str) -> None:
    assert parse(text).flags == ()


@pytest.mark.parametrize(
    "text",
    ["hans zimmer drums", "Zimmeresque", "Zimmer-esque strings", "the Jaws theme", "like John Williams",
     "Bach-like harpsichord",
     "in the style of Somebody Unlisted", "sounds like Inception", "à la Morricone"],
)  # fmt: skip
def test_a_prompt_that_cites_is_flagged_and_offered_without(text: str) -> None:
    (flag,) = parse(text).flags
    assert flag.startswith("cites ")
    offered = flag.split('"')[1]
    assert all(" written as " in told for told in parse(offered).flags)
    assert offered


@pytest.mark.parametrize(
    ("text", "offered"),
    [("like the shark theme from Jaws but with flutes", "ominous low strings, ostinato, but with flutes"),
     ("that scene in The Matrix, 120 bpm", "relentless brass, percussion, synth, 120 bpm"),
     ("Zimmer braam, low strings", "driving low strings, massive brass, pounding drums"),
     ("flutes like Jaws", "flutes, ominous low strings, ostinato"), ("not like Jaws, strings", "strings"),
     ("Zimmer and Jaws", "driving low strings, massive brass, pounding drums, ominous low strings, ostinato"),
     ("1m03 like Jaws until 1m04", "1m03 ominous low strings, ostinato, until 1m04")],
)  # fmt: skip
def test_a_neutral_wording_leaves_out_what_points_at_the_work_and_says_nothing_twice(text: str, offered: str) -> None:
    (flag,) = parse(text).flags
    assert flag.endswith(f'Neutral wording: "{offered}"')
    assert parse(offered).unknown == ()


@pytest.mark.parametrize(
    "text", ["like rain", "like a distant storm", "in the style of a lullaby", "jaws", "LIKE RAIN"]
)
def test_plain_comparisons_cite_nobody(text: str) -> None:
    assert not any(flag.startswith("cites") for flag in parse(text).flags)


def test_every_neutral_wording_is_understood_whole() -> None:
    for cited in table().cited.values():
        assert parse(cited.neutral).unknown == (), cited
        assert parse(cited.neutral).says_something


def test_a_name_that_is_not_listed_is_not_understood() -> None:
    assert parse("in the style of Quillon Ombrageux").unknown == ("quillon", "ombrageux")


# Markers


@pytest.mark.parametrize("name", ["the door is open", "finds the keys", "Wedding"])
def test_a_marker_that_only_names_what_is_seen_turns_nothing(name: str) -> None:
    assert parse(name).in_passing
    spotting = spot(Timeline(markers=(Marker(0, "1m01 calm"), Marker(7680, name))))
    assert [unread.name for unread in spotting.unread] == [name]
    assert spotting.cues[0].hit_points[1:] == ()


def test_what_a_marker_says_about_the_music_turns_it_whatever_it_says_besides() -> None:
    spotting = spot(Timeline(markers=(Marker(0, "1m01 calm"), Marker(7680, "Car chase"), Marker(15360, "open, harp"))))
    assert spotting.unread == ()


def test_every_word_of_the_table_has_a_source_note() -> None:
    from importlib.resources import files

    import yaml

    data = yaml.safe_load(files("hitpoint.score").joinpath("direction_words.yaml").read_text(encoding="utf-8"))
    numbers = data.pop("numbers")
    # A bare no or off is a truth value in YAML.
    assert all(isinstance(word, str) for rows in data.values() for row in rows for word in row.get("words", ()))
    assert all(value >= 1 for value in numbers.values())
    for section, rows in data.items():
        assert all(row["source"] for row in rows), section


# Size


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_exception_and_nothing_is_lost(text: str) -> None:
    found = parse(text)
    assert isinstance(found.as_json()["flags"], list)
    assert found.after(Direction()).text == text


def test_a_prompt_takes_less_than_five_milliseconds() -> None:
    prompts = [f"tense strings {n}, {60 + n} bpm, D minor, no drums, calm to furious over 8 bars" for n in range(50)]
    parse("warm up")
    began = process_time()
    for prompt in prompts:
        parse(prompt)
    assert (process_time() - began) / len(prompts) < 0.005
