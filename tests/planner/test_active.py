from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.planner.active import FIRST_TO_PLAY, MANY, active_parts, resting
from hitpoint.planner.ensemble import ensemble_of
from hitpoint.score.direction import parse
from hitpoint.score.ensemble import parts_for
from hitpoint.score.sections import players_of
from hitpoint.score.session import Session
from hitpoint.score.stem import INSTRUMENTS
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

texts = st.sampled_from(["strings", "orchestra", "piano", "brass, harp", "solo cello, choir", "band", ""])
turns = st.integers(0, 1 << 64)


def test_every_instrument_has_its_turn() -> None:
    assert sorted(FIRST_TO_PLAY) == sorted(instrument.name for instrument in INSTRUMENTS)


@given(texts, st.floats(0, 1), st.floats(0, 1), turns)
def test_more_intensity_never_takes_a_part_out(text: str, one: float, other: float, turn: int) -> None:
    fewer, more = (set(active_parts(parse(text), level, turn)) for level in sorted((one, other)))
    assert fewer <= more


@given(texts, turns)
def test_all_play_when_it_is_strongest_and_two_when_it_is_weakest(text: str, turn: int) -> None:
    everybody = parts_for(parse(text))
    assert active_parts(parse(text), 1.0, turn) == everybody
    assert len(active_parts(parse(text), 0.0, turn)) >= min(2, len(everybody))


@given(texts, st.floats(0, 1), turns)
def test_where_there_are_few_all_play(text: str, intensity: float, turn: int) -> None:
    everybody = parts_for(parse(text))
    playing = active_parts(parse(text), intensity, turn)
    assert len(everybody) >= MANY or playing == everybody


def test_of_an_orchestra_others_play_in_other_turns_but_never_the_weight() -> None:
    direction = parse("orchestra")
    calm = [{part.name for part in active_parts(direction, 0.1, turn)} for turn in range(20)]
    assert set.intersection(*calm) == {"violin 1", "cello"}
    together = set.union(*calm)
    assert together == {part.name for part in parts_for(direction)} - {"trumpet", "trombone", "timpani"}
    assert all(one != calm[0] and len(one) == len(calm[0]) for one in calm[1:])


def test_what_was_named_plays_before_what_fills_a_section() -> None:
    names = {part.name for part in active_parts(parse("brass, harp, calm"), 0.1)}
    assert names >= {"french horn", "harp"}


def test_everything_that_was_named_plays_however_calm_it_is() -> None:
    for words in ("guitar, bass, drums", "piano, bells, synth pad, harp", "strings, timpani, choir"):
        playing = {part.instrument.name for part in active_parts(parse(words), 0.0)}
        assert all(playing & set(players_of(name)) for name in words.split(", "))
    # A section alone is as thin as before.
    assert len(active_parts(parse("orchestra"), 0.0)) < len(parts_for(parse("orchestra"))) / 2


def test_nobody_of_a_trio_a_quartet_or_a_quintet_sits_out() -> None:
    for words in ("string quartet", "piano trio", "wind quintet", "jazz trio", "string quartet, orchestra"):
        playing = Counter(part.instrument.name for part in active_parts(parse(f"calm, {words}"), 0.0))
        assert playing >= Counter(players_of(words.split(", ")[0]))


def test_an_ensemble_is_everyone_on_the_timeline_once() -> None:
    markers = (Marker(0, "1m01 strings"), Marker(3840, "brass"), Marker(7680, "1m02 strings, flute"))
    names = [part.name for part in ensemble_of(Session(Timeline(markers=markers)))]
    assert names[0] == "flute"
    assert len(names) == len(set(names)) == 1 + 5 + 5


@given(texts, st.floats(0, 1), st.integers(0, 2**64 - 1))
def test_one_section_of_many_rests_and_none_of_who_is_needed(text: str, intensity: float, seed: int) -> None:
    playing = active_parts(parse(text), intensity)
    needed = {playing[-1].name} if playing else set()
    rested = resting(parse(text), playing, needed, seed)
    if len(playing) < MANY:
        assert not rested
    stems = {part.stem for part in playing if part.name in rested}
    assert len(stems) <= 1
    assert rested == {part.name for part in playing if part.stem in stems}
    assert not rested & needed


def test_now_this_section_rests_and_now_that_one_or_none() -> None:
    direction = parse("orchestra")
    everybody = parts_for(direction)
    found = {resting(direction, everybody, {"violin 1", "contrabass"}, seed) for seed in range(20)}
    assert frozenset() in found
    assert len(found) >= 3


def test_a_quartet_in_an_orchestra_never_rests() -> None:
    direction = parse("wind quintet, orchestra")
    for seed in range(20):
        rested = resting(direction, parts_for(direction), set(), seed)
        assert not any(part.stem == "winds" for part in parts_for(direction) if part.name in rested)
