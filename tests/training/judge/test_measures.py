"""Each measure goes up when there is more of what it counts, and not when there is more of something else."""

from dataclasses import replace

import pytest

from fakes.made_cues import MINOR, QUARTER, in_key, made_score
from hitpoint.score.note import Note
from hitpoint.training.judge.measures import MEASURES
from hitpoint.training.judge.played import Played, played_score


def one_part(notes: list[Note], instrument: str = "piano") -> Played:
    return played_score(made_score({instrument: notes}), 8)


def measured(name: str, *cues: Played) -> list[float]:
    return MEASURES[name].of(cues)


def test_notes_a_quarter_and_onsets_a_quarter_of_a_part_count_different_things() -> None:
    line = [Note(QUARTER * beat, 60, 480, 64) for beat in range(32)]
    chords = [Note(note.tick, note.pitch + step, 480, 64) for note in line for step in (0, 4, 7)]
    two = played_score(made_score({"piano": line, "harp": line}), 8)
    assert measured("texture", one_part(line), one_part(chords), two) == [1, 3, 2]
    assert measured("activity", one_part(line), one_part(chords), two) == [1, 1, 1]
    assert measured("activity", one_part(in_key(0)), one_part(in_key(0, each=QUARTER // 2))) == pytest.approx(
        [22 / 32, 44 / 32], rel=0.05
    )


def test_bars_in_which_a_part_rests_do_not_thin_what_it_plays() -> None:
    assert measured("activity", one_part([Note(QUARTER * beat, 60, 480, 64) for beat in range(4)])) == [1]
    assert measured("texture", one_part([Note(QUARTER * beat, 60, 480, 64) for beat in range(4)])) == [1 / 8]


def test_register_is_told_from_the_parts_that_play_in_all_cues() -> None:
    low, high = in_key(0, octave=5), in_key(0, octave=6)
    bass = [Note(0, 30, QUARTER, 64)]
    thin, full = made_score({"violin": low}), made_score({"violin": high, "contrabass": bass})
    first, second = measured("register", played_score(thin, 8), played_score(full, 8))
    assert second - first == pytest.approx(12 / (96 - 55))


def test_velocity_is_the_mean_and_moves_nothing_else() -> None:
    soft, loud = one_part(in_key(0, velocity=30)), one_part(in_key(0, velocity=110))
    for name in MEASURES:
        first, second = measured(name, soft, loud)
        assert (first < second) if name == "velocity" else (str(first) == str(second)), name


def test_short_notes_are_less_legato_whatever_their_speed() -> None:
    long = in_key(0)
    short = [replace(note, duration=note.duration // 4) for note in long]
    fast = in_key(0, each=QUARTER // 2)
    assert measured("legato", one_part(long), one_part(short), one_part(fast)) == pytest.approx([1, 0.25, 1])


def chord(*keys: int) -> Played:
    return one_part([Note(bar * 4 * QUARTER, key, QUARTER, 64) for bar in range(8) for key in keys])


@pytest.mark.parametrize("name", ["dissonance", "roughness"])
def test_seconds_are_more_dissonant_than_thirds_and_those_than_fifths_whatever_their_number(name: str) -> None:
    fifth, third, second = measured(name, chord(60, 67), chord(60, 64), chord(60, 61))
    assert fifth < third < second
    # A tone that is doubled at the octave is no interval of its own.
    assert measured("dissonance", chord(60, 64, 72)) == measured("dissonance", chord(60, 64, 72, 76))


def test_to_the_ear_it_is_rougher_where_it_is_low_and_as_interval_classes_it_is_the_same() -> None:
    low, high = chord(36, 40), chord(72, 76)
    assert measured("dissonance", low) == pytest.approx(measured("dissonance", high))
    assert measured("roughness", low) > measured("roughness", high)


def test_dissonance_is_of_what_sounds_together_only() -> None:
    after = one_part([Note(0, 60, QUARTER, 64), Note(QUARTER, 61, QUARTER, 64)])
    assert str(measured("dissonance", after)) == str(measured("roughness", after)) == "[nan]"


def test_chromatic_is_the_share_outside_the_best_scale_in_any_key() -> None:
    assert measured("chromatic", one_part(in_key(0)), one_part(in_key(5)), one_part(in_key(5, MINOR))) == [0, 0, 0]
    every = one_part([Note(QUARTER * beat, 60 + beat % 12, QUARTER, 64) for beat in range(24)])
    assert measured("chromatic", every) == pytest.approx([4 / 12])


def test_majorness_is_below_nought_in_minor() -> None:
    major, minor = measured("majorness", one_part(in_key(7)), one_part(in_key(7, MINOR)))
    assert major > 0 > minor


def test_nothing_is_measured_of_silence_and_drums_have_no_pitch() -> None:
    drums = [Note(QUARTER * beat, 36, 100, 64) for beat in range(8)]
    silent, struck = one_part([]), one_part(drums, "drums")
    assert measured("texture", silent, struck) == [0, 8 / 32]
    for name in ("register", "legato", "majorness", "chromatic", "dissonance", "roughness"):
        assert str(measured(name, silent, struck)) == "[nan, nan]", name
