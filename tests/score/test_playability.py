"""What people can and cannot play, from what is known of instruments; and nothing of how the score was made."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score import playability, player_limits
from hitpoint.score.articulation import STACCATO, SUSTAIN, ArticulationMap, Switch
from hitpoint.score.midi_score import MidiPart, MidiScore
from hitpoint.score.note import Note
from hitpoint.score.playability import Kind, check_score, in_hands, stoppable, violations_of
from hitpoint.score.player_limits import PLAYERS
from hitpoint.score.stem import INSTRUMENTS

QUARTER = 960


def seconds(tick: float) -> float:
    """At 120 quarters a minute."""
    return tick / QUARTER / 2


def chord(*pitches: int, tick: int = 0, quarters: float = 1) -> list[Note]:
    return [Note(tick, pitch, int(quarters * QUARTER), 80) for pitch in pitches]


def kinds(instrument: str, notes: list[Note]) -> list[Kind]:
    return [found.kind for found in violations_of(instrument, instrument, notes, seconds)]


def test_whoever_is_played_by_people_has_limits() -> None:
    nobody = {"synth lead", "synth pad"}
    assert PLAYERS.keys() | nobody == {instrument.name for instrument in INSTRUMENTS}


def test_what_is_written_for_an_instrument_lies_inside_its_compass() -> None:
    for instrument in INSTRUMENTS:
        if instrument.name in PLAYERS:
            player = PLAYERS[instrument.name]
            assert player.low <= instrument.low <= instrument.high <= player.high, instrument.name


def test_the_checker_knows_nothing_of_masks() -> None:
    for module in (playability, player_limits):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not any(name.startswith(("hitpoint.tokens", "hitpoint.engine")) for name in imported)


def test_a_note_that_the_instrument_does_not_have_is_found() -> None:
    assert kinds("violin", chord(54)) == [Kind.RANGE]
    assert kinds("violin", chord(55)) == []
    assert kinds("piccolo", chord(24)) == [Kind.RANGE]


def test_two_notes_are_too_many_for_a_flute_and_a_slur_is_one() -> None:
    assert kinds("flute", chord(72, 76)) == [Kind.POLYPHONY]
    held = [Note(0, 72, 2 * QUARTER, 80), Note(QUARTER, 76, QUARTER, 80)]
    assert kinds("flute", held) == [Kind.POLYPHONY]
    slurred = [Note(0, 72, QUARTER + 60, 80), Note(QUARTER, 76, QUARTER, 80)]
    assert kinds("flute", slurred) == []


@pytest.mark.parametrize(
    ("instrument", "pitches", "found"),
    [
        ("violin", (55, 62, 69, 76), []),  # open strings
        ("violin", (57, 66), []),  # a sixth
        ("violin", (67, 79), []),  # an octave: a fourth on neighbouring strings
        ("violin", (67, 69), []),  # a second, a fourth apart on two strings: 12 steps up G, 7 up D
        ("violin", (57, 58), [Kind.STOPS]),  # both on the lowest string, for D is higher
        ("violin", (57, 76), [Kind.STOPS]),  # strings that are not neighbours
        ("violin", (57, 64, 71, 78, 84), [Kind.POLYPHONY]),
        ("cello", (36, 43, 52), []),
        ("cello", (38, 51), [Kind.STOPS]),
        ("contrabass", (29, 38), [Kind.STOPS]),
    ],
)
def test_stops_are_playable_exactly_where_a_hand_reaches(instrument, pitches, found) -> None:
    assert kinds(instrument, chord(*pitches)) == found


@given(st.integers(0, 3), st.integers(1, 12), st.lists(st.integers(0, 6), min_size=1, max_size=4))
def test_a_hand_on_neighbouring_strings_holds_whatever_lies_under_its_fingers(
    first: int, place: int, fingers: list[int]
) -> None:
    strings = PLAYERS["viola"].strings
    assert strings is not None
    open_keys = strings.tuning[first:]
    held = {key + place + finger for key, finger in zip(open_keys, fingers, strict=False)}
    if len(held) == min(len(open_keys), len(fingers)):
        assert stoppable(sorted(held), strings)


@pytest.mark.parametrize(
    ("instrument", "pitches", "found"),
    [
        ("piano", (36, 43, 48, 60, 64, 67, 72), []),
        ("piano", (36, 48, 60, 74, 88), [Kind.SPAN]),
        ("piano", (60, 61, 62, 63, 64, 65, 66, 67, 68, 69), []),
        ("piano", (24, 60, 61, 62, 63, 64, 65), [Kind.SPAN]),
        ("harp", (36, 40, 43, 52, 60, 64, 67, 76), []),
        ("harp", (36, 38, 40, 41, 43, 60, 64, 67, 72), [Kind.POLYPHONY]),
        ("organ", (28, 48, 55, 60, 72, 76), []),  # the pedals take the lowest
        ("harpsichord", (30, 48, 55, 60, 72, 76), [Kind.SPAN]),
    ],
)
def test_two_hands_hold_what_they_reach(instrument, pitches, found) -> None:
    assert kinds(instrument, chord(*pitches)) == found


@given(st.lists(st.integers(21, 108), min_size=1, max_size=9, unique=True), st.integers(0, 8))
def test_hands_that_hold_a_chord_hold_less_of_it(pitches: list[int], out: int) -> None:
    hands, pitches = PLAYERS["piano"].hands, sorted(pitches)
    assert hands is not None
    less = [pitch for place, pitch in enumerate(pitches) if place != out]
    assert in_hands(less, hands) or not in_hands(pitches, hands)


def test_a_pedal_holds_what_a_piano_has_struck_and_none_what_an_organ_holds() -> None:
    notes = [*chord(36, quarters=8), *chord(60, tick=QUARTER), *chord(96, tick=2 * QUARTER, quarters=2)]
    notes += chord(74, tick=3 * QUARTER)
    assert kinds("piano", notes) == []
    assert kinds("harpsichord", [note for note in notes if note.pitch < 90] + chord(89, tick=3 * QUARTER)) == [
        Kind.SPAN
    ]


def test_two_sticks_strike_two_things_and_feet_two_more() -> None:
    assert kinds("drums", chord(36, 44, 38, 42)) == []
    assert kinds("drums", chord(38, 42, 49)) == [Kind.POLYPHONY]


def line(count: int, quarters: float = 1) -> list[Note]:
    return [note for place in range(count) for note in chord(72 + place % 5, tick=place * QUARTER, quarters=quarters)]


def test_a_line_without_a_rest_spends_a_breath_every_so_often() -> None:
    # 62 quarters are 31 seconds; a flute has 15 of them in one breath.
    assert kinds("flute", line(62)) == [Kind.BREATH, Kind.BREATH]
    assert kinds("violin", line(62)) == []


def test_a_short_rest_after_each_note_is_enough_and_a_shorter_one_is_not() -> None:
    assert kinds("flute", line(62, 0.69)) == []
    assert kinds("flute", line(62, 0.75)) == [Kind.BREATH, Kind.BREATH]


def test_a_score_is_counted_by_bars_in_which_something_plays_and_says_what_it_left_out() -> None:
    flute = MidiPart("flute", 0, 73, tuple(chord(72, 76) + chord(72, tick=8 * QUARTER)))
    synth = MidiPart("", 1, 89, tuple(chord(20, tick=12 * QUARTER)))
    drums = MidiPart("kit", 9, None, tuple(chord(38, 42, 49)))
    found = check_score(MidiScore(parts=(flute, synth, drums)))
    assert (found.bars, found.part_bars, found.unknown) == (3, 3, ("part 2",))
    assert [(one.part, one.kind) for one in found.violations] == [("flute", Kind.POLYPHONY), ("kit", Kind.POLYPHONY)]
    assert found.per_thousand_bars()[Kind.POLYPHONY] == pytest.approx(2000 / 3)
    assert check_score(MidiScore()).per_thousand_bars() == dict.fromkeys(Kind, 0.0)


def test_keyswitches_of_the_map_are_no_notes_out_of_the_compass() -> None:
    flute = MidiPart("flute", 0, 73, (Note(0, 12, 60, 100), *chord(72), Note(0, 13, 60, 100)))
    assert [one.kind for one in check_score(MidiScore(parts=(flute,))).violations][:2] == [Kind.RANGE] * 2
    articulations = ArticulationMap("mine", {"winds": {SUSTAIN: Switch("key", 12), STACCATO: Switch("key", 13)}})
    assert check_score(MidiScore(parts=(flute,)), articulations).violations == ()
