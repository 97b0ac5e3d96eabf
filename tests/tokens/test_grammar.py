"""Any sequence that the grammar allows is valid music; whatever is drawn evenly among what it allows shows it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.bar_checker import violations
from fakes.fake_model import FakeModel
from fakes.plans import last_bars, lowest_class, plans
from hitpoint.engine.composer import Composer
from hitpoint.score.breath import breathing_of
from hitpoint.score.chord import Chord
from hitpoint.score.controls import Controls, Key
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, BarRequest, Landing, LandingKind
from hitpoint.score.stem import Part, instrument_named
from hitpoint.timeline.meter import MeterMap
from hitpoint.tokens.bar_grid import bar_grid
from hitpoint.tokens.grammar import (
    CHORD,
    FIRST_LANDING,
    FORBIDDEN,
    REPETITION_NATS,
    SINGLE,
    STRUCK_DRUMS,
    PartGrammar,
)
from hitpoint.tokens.grid import DURATIONS
from hitpoint.tokens.leaning import chord_nats
from hitpoint.tokens.playability import highest_chord_note, playable
from hitpoint.tokens.vocabulary import END

BAR = MeterMap.constant(4, 4).bar(0)


@given(plans())
def test_whatever_is_drawn_evenly_among_what_is_allowed_is_valid(plan: BarPlan) -> None:
    answer = Composer(FakeModel()).compose(BarRequest(plan, tuple(part.name for part in plan.parts)))
    assert violations(plan, answer) == []


@given(plans())
def test_only_the_parts_of_a_landing_strike_it(plan: BarPlan) -> None:
    answer = Composer(FakeModel()).compose(BarRequest(plan, tuple(part.name for part in plan.parts)))
    for landing in plan.landings:
        struck = {bar.part for bar in answer if any(note.tick == landing.tick for note in bar.notes)}
        assert struck == landing.parts


@given(last_bars())
def test_the_last_chord_of_a_cue_stands_on_its_root_whoever_plays(plan: BarPlan) -> None:
    answer = Composer(FakeModel()).compose(BarRequest(plan, tuple(part.name for part in plan.parts)))
    assert plan.controls.key is not None
    assert lowest_class(answer) == plan.controls.key.tonic


def test_only_the_lowest_note_of_who_has_the_ground_is_bound_to_the_root() -> None:
    part, key = Part("piano", instrument_named("piano")), Key(0, "major")
    end = Landing(BAR.start, LandingKind.END, "END", frozenset({"piano"}), key.tonic_triad)
    plan = BarPlan(BAR, "1m01", Controls(key=key), 120, (part,), (end,))
    grammar = PartGrammar(plan, part, bar_grid(plan))
    assert [pitch for pitch in range(128) if grammar.allows(0, pitch)] == [24, 36, 48, 60]
    grammar.take((0, 48))
    assert [pitch for pitch in range(128) if grammar.allows(0, pitch)][:3] == [52, 55, 60]


def test_drums_strike_a_landing_with_kick_snare_or_crash() -> None:
    part = Part("drums", instrument_named("drums"))
    landing = Landing(BAR.start + 960, LandingKind.HIT, "x", frozenset({"drums"}), frozenset({0}))
    plan = BarPlan(BAR, "1m01", Controls(), 120, (part,), (landing,))
    (bar,) = Composer(FakeModel()).compose(BarRequest(plan, ("drums",)))
    assert {note.pitch for note in bar.notes if note.tick == landing.tick} <= STRUCK_DRUMS


def test_a_part_that_must_play_may_not_end_at_once_unless_it_has_no_place() -> None:
    part = Part("flute", instrument_named("flute"))
    plan = BarPlan(BAR, "1m01", Controls(), 120, (part,))
    silent = BarPlan(BAR, "1m01", Controls(), 120, (part,), quiet=((BAR.start, BAR.end),))
    assert PartGrammar(plan, part, bar_grid(plan), (), True).masks.first[END] == FORBIDDEN
    assert PartGrammar(silent, part, bar_grid(silent), (), True).masks.first[END] == 0


def test_a_key_that_keeps_coming_gets_less_likely_but_stays_allowed() -> None:
    part = Part("flute", instrument_named("flute"))
    plan = BarPlan(BAR, "1m01", Controls(), 120, (part,))
    grammar = PartGrammar(plan, part, bar_grid(plan))
    found = []
    for position in (0, 12, 24, 36):
        grammar.take((position, 72))
        found.append(float(grammar.masks.rest[0][SINGLE][72]))
    assert found == sorted(found, reverse=True)
    assert FORBIDDEN / 2 < found[-1] < found[0] == 0
    grammar.take((48, 74))
    assert grammar.masks.rest[0][SINGLE][72] == 0


def test_a_register_closes_what_is_above_it_but_no_landing() -> None:
    part = Part("flute", instrument_named("flute"))
    landing = Landing(BAR.start + 960, LandingKind.HIT, "x", frozenset({"flute"}))
    plan = BarPlan(BAR, "1m01", Controls(), 120, (part,), (landing,), register=0.0)
    pitches = PartGrammar(plan, part, bar_grid(plan)).masks.rest[0]
    assert [key for key in range(128) if pitches[SINGLE][key] > FORBIDDEN / 2] == list(range(60, 85))
    assert [key for key in range(128) if pitches[FIRST_LANDING][key] > FORBIDDEN / 2] == list(range(60, 97))


def test_a_single_voice_waits_for_the_note_it_holds() -> None:
    part = Part("flute", instrument_named("flute"))
    plan = BarPlan(BAR, "1m01", Controls(), 120, (part,))
    held = Note(BAR.start - 10, 70, 10 + 960, 80)
    first = PartGrammar(plan, part, bar_grid(plan), (held,)).masks.first
    assert (first[:24] == FORBIDDEN).all()
    assert (first[24:96] == 0).all()


@given(st.sampled_from(("piano", "harp", "violin", "guitar", "flute")), st.lists(st.integers(30, 90), unique=True))
def test_a_chord_is_playable_exactly_when_some_split_of_hands_holds_it(name: str, keys: list[int]) -> None:
    instrument, chord = instrument_named(name), sorted(keys)[:8]
    hands = 2 if name in ("piano", "harp") else 1
    most = instrument.polyphony // hands

    def held(some: list[int]) -> bool:
        return not some or (len(some) <= most and some[-1] - some[0] <= instrument.span)

    splits = range(len(chord) + 1) if hands == 2 else (len(chord),)
    assert playable(instrument, chord) == any(held(chord[:cut]) and held(chord[cut:]) for cut in splits)
    assert highest_chord_note(instrument, []) == 127


ON_BEAT, BETWEEN = chord_nats(None)


def test_notes_lean_to_the_planned_chord_most_on_first_beats_and_nothing_is_forbidden_for_it() -> None:
    part = Part("flute", instrument_named("flute"))
    plan = BarPlan(BAR, "1m01", Controls(), 120, (part,), harmony=(Chord(0, "major"), Chord(7, "major")))
    masks = PartGrammar(plan, part, bar_grid(plan)).masks
    for first, inside, outside in ((0, 72, 74), (48, 74, 72)):
        for position, nats in ((first, ON_BEAT), (first + 1, BETWEEN), (first + 47, BETWEEN)):
            pitches = masks.rest[0][masks.row_of_first[position]]
            assert pitches[inside] == 0
            assert pitches[outside] == pytest.approx(-nats)


def test_a_half_bar_without_a_chord_leans_nowhere() -> None:
    part = Part("flute", instrument_named("flute"))
    plan = BarPlan(BAR, "1m01", Controls(), 120, (part,), harmony=(None, Chord(7, "major")))
    masks = PartGrammar(plan, part, bar_grid(plan)).masks
    assert set(masks.row_of_first[:48].tolist()) == {SINGLE}
    assert masks.rest[0][SINGLE][74] == masks.rest[0][SINGLE][72] == 0


def test_a_mood_against_the_mode_leans_to_the_relative_key_everywhere_but_in_the_last_chord() -> None:
    part, key = Part("flute", instrument_named("flute")), Key(0, "major")
    end = Landing(BAR.start, LandingKind.END, "END", frozenset({"flute"}), key.tonic_triad)
    plan = BarPlan(BAR, "1m01", Controls(key=key, valence=-1.0), 120, (part,), scale=key.scale)
    a, c, d = 81, 84, 74
    pitches = PartGrammar(plan, part, bar_grid(plan)).masks.rest[0][SINGLE]
    assert pitches[a] > pitches[d] > pitches[c] > FORBIDDEN / 2
    ended = replace(plan, landings=(end,))
    grammar = PartGrammar(ended, part, bar_grid(ended))
    struck = grammar.masks.rest[0][grammar.masks.row_of_first[0]]
    assert struck[c] == 0
    assert struck[a] < FORBIDDEN / 2 < struck[79] < 0


def test_chords_mean_nothing_to_drums() -> None:
    part = Part("drums", instrument_named("drums"))
    plan = BarPlan(BAR, "1m01", Controls(), 120, (part,), harmony=(Chord(0, "major"), None))
    masks = PartGrammar(plan, part, bar_grid(plan)).masks
    pitches = masks.rest[0][masks.row_of_first[0]]
    assert set(pitches.tolist()) <= {0.0, float(FORBIDDEN)}


def test_a_key_that_was_repeated_is_discouraged_on_first_beats_too_and_they_still_lean_after_it() -> None:
    part = Part("flute", instrument_named("flute"))
    plan = BarPlan(BAR, "1m01", Controls(), 120, (part,), harmony=(None, Chord(0, "major")))
    grammar = PartGrammar(plan, part, bar_grid(plan))
    row = grammar.masks.row_of_first[48]
    pitches = grammar.masks.rest[0][row]
    for position in (0, 6, 12):
        grammar.take((position, 74))
    assert pitches[74] == pytest.approx(-ON_BEAT - 2 * REPETITION_NATS)
    grammar.take((18, 72))
    assert pitches[74] == pytest.approx(-ON_BEAT)
    assert pitches[72] == 0


def test_a_bow_gets_no_second_key_that_fingers_do_not_hold_with_the_first_or_with_what_sounds_on() -> None:
    part = Part("cello", instrument_named("cello"))
    plan = BarPlan(BAR, "1m01", Controls(), 120, (part,))
    # F2 is on the lowest string, and F3 on none beside it.
    grammar = PartGrammar(plan, part, bar_grid(plan))
    grammar.take((0, 41))
    assert grammar.masks.rest[0][CHORD][53] == FORBIDDEN
    assert grammar.masks.rest[0][CHORD][48] == 0
    held = Note(BAR.start - 10, 41, 10 + 960, 80)
    masks = PartGrammar(plan, part, bar_grid(plan), (held,)).masks
    assert masks.rest[0][masks.row_of_first[6]][53] == FORBIDDEN
    assert masks.rest[0][masks.row_of_first[6]][48] == 0
    assert masks.row_of_first[24] == SINGLE


def test_a_drummer_has_two_hands_and_two_feet() -> None:
    part = Part("drums", instrument_named("drums"))
    plan = BarPlan(BAR, "1m01", Controls(), 120, (part,))
    grammar = PartGrammar(plan, part, bar_grid(plan))
    for key in (36, 38):
        grammar.take((0, key))
    assert grammar.masks.rest[0][CHORD][49] == 0
    grammar.take((0, 42))
    assert [key for key in range(128) if grammar.masks.rest[0][CHORD][key] == 0] == [44]


def test_who_has_no_air_left_waits_for_a_breath_and_a_long_note_ends_when_it_is_spent() -> None:
    part = Part("flute", instrument_named("flute"))
    plans = [BarPlan(MeterMap.constant(4, 4).bar(index), "1m01", Controls(), 60, (part,)) for index in range(4)]
    positions = bar_grid(plans[3])
    held = Note(0, 72, 3 * 3840 + 960, 80)
    spent = breathing_of(plans[3], part, plans[:3], [held])
    first = PartGrammar(plans[3], part, positions, (held,), breathing=spent).masks.first
    assert (first[:28] == FORBIDDEN).all()
    assert (first[29:96] == 0).all()
    nearly = breathing_of(plans[3], part, plans[:3], [Note(0, 72, 3 * 3840, 80)])
    grammar = PartGrammar(plans[3], part, positions, breathing=nearly)
    assert grammar.masks.first[0] == 0
    _, _, duration, _ = grammar.settled((0, 72, len(DURATIONS) - 1, 10))
    # Twelve seconds of fifteen are spent, and it may be a little slower than it says.
    assert 12 <= DURATIONS[duration] <= 48
