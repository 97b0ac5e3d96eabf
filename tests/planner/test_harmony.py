"""Laws of planned chords: cadences where they belong, inside the scale, darker and rougher as asked."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitpoint.planner.harmony import (
    DOMINANTS,
    Place,
    borrowed,
    chord_of,
    chords_for,
    leading_tone,
    tonic_chord,
)
from hitpoint.planner.keys import scale_for
from hitpoint.score.chord import Chord
from hitpoint.score.controls import CALM, SCALES, Key

keys = st.builds(Key, st.integers(0, 11), st.sampled_from(sorted(SCALES)))
levels = st.none() | st.floats(0, 1)
moods = st.none() | st.floats(-1, 1)
seeds = st.integers(0, 2**64 - 1)
places = st.builds(Place, st.integers(0, 200), st.none() | st.integers(0, 50))


def asked(place: Place, key: Key, tension: float, valence: float, seed: int) -> list[Chord]:
    """The chords of a bar's halves that are not left open."""
    return [chord for chord in chords_for(place, key, tension, valence, seed) if chord is not None]


def leads(chord: Chord, key: Key) -> bool:
    """Whether a chord is one that leads to the tonic, or the tonic in a mode that has none."""
    return ((chord.root - key.tonic) % 12, chord.quality) in DOMINANTS


@given(places, keys, levels, moods, seeds)
def test_chords_lie_in_the_scale_and_are_the_same_each_time(
    place: Place, key: Key, tension: float | None, valence: float | None, seed: int
) -> None:
    chords = chords_for(place, key, tension, valence, seed)
    assert chords == chords_for(place, key, tension, valence, seed)
    for chord in chords:
        if chord is not None:
            lent = leading_tone(key) if leads(chord, key) else frozenset()
            assert chord.pitch_classes <= scale_for(key, tension) | lent


@given(st.integers(0, 200), keys, levels, moods, seeds)
def test_a_cue_ends_on_its_tonic_after_what_leads_to_it(
    bar: int, key: Key, tension: float | None, valence: float | None, seed: int
) -> None:
    assert chords_for(Place(bar, 0), key, tension, valence, seed) == (tonic_chord(key), tonic_chord(key))
    last = chords_for(Place(bar, 1), key, tension, valence, seed)[1]
    assert last is not None
    assert leads(last, key)


@given(st.integers(0, 40), keys, seeds)
def test_without_tension_phrases_open_and_close_in_turn(pair: int, key: Key, seed: int) -> None:
    opened = chords_for(Place(8 * pair + 3, None), key, 0.2, 0.0, seed)
    closed = chords_for(Place(8 * pair + 7, None), key, 0.2, 0.0, seed)
    assert opened[1] is not None
    assert leads(opened[1], key)
    assert closed[0] is not None
    assert leads(closed[0], key)
    assert closed[1] == tonic_chord(key)
    assert chords_for(Place(0, None), key, 0.2, 0.0, seed)[0] == tonic_chord(key)


@pytest.mark.parametrize("mode", ["major", "minor", "dorian"])
def test_tension_brings_fewer_tonics_and_rougher_chords(mode: str) -> None:
    key = Key(2, mode)
    tonics, rough = {}, {}
    for tension in (0.1, 0.5, 0.9):
        found = [c for s in range(30) for bar in range(16) for c in asked(Place(bar, None), key, tension, 0.0, s)]
        tonics[tension] = sum(chord.root == key.tonic for chord in found) / len(found)
        rough[tension] = sum(chord.quality in ("diminished", "seventh") for chord in found) / len(found)
    assert tonics[0.1] > tonics[0.5] > tonics[0.9]
    assert rough[0.1] < rough[0.5] < rough[0.9]


@pytest.mark.parametrize("mode", ["major", "minor", "mixolydian"])
def test_gladness_brings_more_major_chords(mode: str) -> None:
    key = Key(9, mode)

    def major(valence: float) -> int:
        found = [c for s in range(40) for bar in range(8) for c in asked(Place(bar, None), key, 0.3, valence, s)]
        return sum(chord.quality == "major" for chord in found)

    assert major(-0.9) < major(0.0) < major(0.9)


def test_a_minor_key_has_its_leading_tone_in_its_dominant_and_nowhere_else() -> None:
    key, leading = Key(9, "minor"), frozenset({8})
    assert leading_tone(key) == leading
    for seed in range(20):
        assert borrowed(key, chords_for(Place(3, None), key, 0.3, 0.0, seed)) == leading
        assert not borrowed(key, chords_for(Place(0, None), key, 0.3, 0.0, seed))
        assert not borrowed(key, chords_for(Place(1, None), key, 0.3, 0.0, seed))
    assert not leading_tone(Key(9, "dorian"))
    assert not borrowed(Key(9, "minor"), (None, None))


@pytest.mark.parametrize("mode", ["major", "minor"])
def test_tonic_and_dominant_are_heard_more_than_what_leads_away(mode: str) -> None:
    """Where they are not, an independent key finder hears the key of the subdominant."""
    key = Key(0, mode)
    found = [c.root for s in range(60) for bar in range(8) for c in chords_for(Place(bar, 7 - bar), key, 0.3, 0.0, s)]
    share = {root: found.count(root) / len(found) for root in range(12)}
    assert share[0] > 0.35
    assert share[7] > share[5] + share[2]


def test_seeds_give_different_ways() -> None:
    ways = {
        tuple(chords_for(Place(bar, None), Key(0, "major"), 0.4, 0.0, seed) for bar in range(8)) for seed in range(20)
    }
    assert len(ways) > 10


def test_a_chord_is_known_by_its_tones() -> None:
    assert chord_of(frozenset({7, 11, 2})) == Chord(7, "major")
    assert chord_of(frozenset({0, 7})) is None


@given(places, keys, levels, moods, seeds)
def test_only_tension_leaves_chords_open_and_never_where_the_music_begins_or_ends(
    place: Place, key: Key, tension: float | None, valence: float | None, seed: int
) -> None:
    if None in chords_for(place, key, tension, valence, seed):
        assert tension is not None
        assert tension > CALM
        assert place.bar > 0
        assert place.left not in (0, 1)


@given(places, st.integers(0, 11), st.sampled_from(["major", "minor"]), seeds)
def test_what_is_major_stays_so_in_a_brighter_mood(place: Place, tonic: int, mode: str, seed: int) -> None:
    # The second bar of a unit has a chord that nothing but the mood and the bar's own share chooses.
    way_out = Place(place.bar // 4 * 4 + 1, None)
    found = [asked(way_out, Key(tonic, mode), CALM, valence, seed)[0] for valence in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    major = [chord.quality == "major" for chord in found]
    assert major == sorted(major)


MOODS = (-1.0, -0.5, 0.0, 0.5, 1.0)
TENSIONS = (0.0, 0.25, 0.5, 0.75, 1.0)
ROUGH = ("seventh", "diminished")


def halves(key: Key, tension: float, valence: float, seed: int) -> list[Chord | None]:
    """The halves of a cue of eight bars, before the one that is struck at its end."""
    return [chord for bar in range(7) for chord in chords_for(Place(bar, 7 - bar), key, tension, valence, seed)]


@given(places, st.integers(0, 11), st.sampled_from(["major", "minor"]), st.floats(0, 1), seeds)
def test_no_way_out_and_no_predominant_turns_back_as_the_mood_brightens(
    place: Place, tonic: int, mode: str, tension: float, seed: int
) -> None:
    for inside in (1, 2):
        bar = Place(place.bar // 4 * 4 + inside, None)
        found = [chords_for(bar, Key(tonic, mode), tension, valence, seed)[1] for valence in MOODS]
        plain = [chord for chord in found if chord is not None and chord.quality not in ROUGH]
        bright = [chord.quality == "major" for chord in plain]
        assert bright == sorted(bright)


@pytest.mark.parametrize("mode", ["major", "minor"])
def test_the_mood_turns_chords_of_every_single_cue_and_most_of_its_steps_do(mode: str) -> None:
    """What a mean over many cues shows would not do: a person hears one."""
    key, steps = Key(0, mode), 0
    for seed in range(50):
        found = [halves(key, CALM, valence, seed) for valence in MOODS]
        major = [sum(chord is not None and chord.quality == "major" for chord in one) for one in found]
        assert major[-1] >= major[0] + 3
        steps += sum(before != after for before, after in pairwise(found))
    assert steps > 0.85 * 50 * (len(MOODS) - 1)


@given(places, keys, moods, seeds)
def test_more_tension_never_gives_a_place_a_smoother_chord(
    place: Place, key: Key, valence: float | None, seed: int
) -> None:
    for half in (0, 1):
        bar = Place(place.bar // 4 * 4 + 1, None)
        found = [chords_for(bar, key, tension, valence, seed)[half] for tension in TENSIONS]
        roughness = [2 if chord is None else int(chord.quality in ROUGH) for chord in found]
        assert roughness == sorted(roughness)


@pytest.mark.parametrize("mode", ["major", "minor"])
def test_each_step_of_tension_is_rougher_in_nearly_every_single_cue(mode: str) -> None:
    rougher = 0
    for seed in range(50):
        found = [halves(Key(0, mode), tension, 0.0, seed) for tension in TENSIONS]
        rough = [sum(chord is None or chord.quality in ROUGH for chord in one) for one in found]
        assert rough[-1] >= rough[0] + 5
        rougher += sum(after > before for before, after in pairwise(rough))
    assert rougher > 0.85 * 50 * (len(TENSIONS) - 1)


@given(st.integers(0, 11), st.sampled_from(["major", "minor"]), st.floats(-1, 1), seeds)
def test_the_key_opens_and_closes_in_every_mood(tonic: int, mode: str, valence: float, seed: int) -> None:
    key = Key(tonic, mode)
    assert chords_for(Place(0, 7), key, CALM, valence, seed)[0] == tonic_chord(key)
    before_last = chords_for(Place(6, 1), key, CALM, valence, seed)[1]
    assert before_last in (Chord((tonic + 7) % 12, "major"), Chord((tonic + 7) % 12, "seventh"))


@given(st.integers(0, 20), st.integers(1, 20), keys, st.floats(0, 1), st.floats(-1, 1), seeds)
def test_a_unit_that_comes_back_has_its_chords_but_for_how_it_ends(
    first: int, later: int, key: Key, tension: float, valence: float, seed: int
) -> None:
    for inside in range(3):
        said, bar = 4 * first + inside, 4 * (first + later) + inside
        again = chords_for(Place(bar, None, said), key, tension, valence, seed)
        asked = chords_for(Place(said, None), key, tension, valence, seed)
        # A cue's first bar alone is never left open.
        assert all(one == was or (one is None and said == 0) for one, was in zip(again, asked, strict=True))


@given(st.integers(0, 20), st.integers(1, 20), keys, seeds)
def test_a_unit_that_comes_back_opens_or_closes_as_its_place_asks(first: int, later: int, key: Key, seed: int) -> None:
    unit = first + later
    last = chords_for(Place(4 * unit + 3, None, 4 * first + 3), key, 0.2, 0.0, seed)[1]
    assert last is not None
    if unit % 2:
        assert last == tonic_chord(key)
    else:
        assert leads(last, key)
    ended = chords_for(Place(4 * unit, 0, 4 * first), key, 0.2, 0.0, seed)
    assert ended == (tonic_chord(key), tonic_chord(key))
