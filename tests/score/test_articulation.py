from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.articulation import (
    ARTICULATIONS,
    MARCATO,
    PIZZICATO,
    STACCATO,
    SUSTAIN,
    TREMOLO,
    ArticulationMap,
    Switch,
    articulations_in,
)
from hitpoint.score.note import Note
from hitpoint.score.stem import INSTRUMENTS, Instrument, instrument_named

BEAT = 960
VIOLIN, HORN, DRUMS = (instrument_named(name) for name in ("violin", "french horn", "drums"))
notes = st.lists(
    st.builds(Note, st.integers(0, 31).map(lambda n: n * 120), st.integers(60, 63), st.integers(1, 2000), st.just(80)),
    max_size=20,
)


def line(*durations: int, step: int = BEAT // 2, pitch: int = 0) -> list[Note]:
    """Notes one after another, on rising pitches unless they have one."""
    return [Note(place * step, pitch or 60 + place, duration, 80) for place, duration in enumerate(durations)]


def played(of: list[Note], tension: float = 0.0, accents: tuple[int, ...] = (), name: str = "violin") -> list[str]:
    return [one.articulation for one in articulations_in(instrument_named(name), of, BEAT, tension, accents)]


@given(notes, st.sampled_from(INSTRUMENTS), st.floats(0, 1))
def test_each_onset_has_one_articulation_in_order(
    given_notes: list[Note], instrument: Instrument, tension: float
) -> None:
    found = articulations_in(instrument, given_notes, BEAT, tension)
    assert [one.tick for one in found] == sorted({note.tick for note in given_notes})
    assert {one.articulation for one in found} <= set(ARTICULATIONS)


def test_short_notes_are_staccato_and_one_alone_is_not() -> None:
    assert played(line(200, 200, 200)) == [STACCATO] * 3
    assert played(line(900, 200, 900)) == [SUSTAIN] * 3


def test_it_does_not_flicker_between_lengths_that_are_near() -> None:
    assert played(line(200, 200, 400, 200, 400)) == [STACCATO] * 5
    assert played(line(400, 300, 450, 300, 450)) == [SUSTAIN] * 5
    assert played(line(200, 200, 900, 400)) == [STACCATO, STACCATO, SUSTAIN, SUSTAIN]


def test_strings_play_fast_repeated_notes_as_a_tremolo_under_tension_only() -> None:
    repeated = line(*[230] * 8, step=240, pitch=60)
    assert played(repeated, 0.9) == [TREMOLO] * 8
    assert TREMOLO not in played(repeated, 0.3) + played(repeated, 0.9, name="french horn")
    assert TREMOLO not in played(line(*[230] * 8, step=240), 0.9)


def test_a_loud_landing_is_marcato_and_plucked_strings_are_plucked() -> None:
    assert played(line(900, 900, 900), accents=(480,)) == [SUSTAIN, MARCATO, SUSTAIN]
    assert set(played(line(900, 100, 100), 1.0, (0,), "pizzicato strings")) == {PIZZICATO}


def test_an_instruments_own_entry_takes_the_place_of_its_stems_and_what_is_missing_is_sustain() -> None:
    own, of_stem = Switch("key", 1), Switch("key", 2)
    known = ArticulationMap("mine", {"strings": {SUSTAIN: of_stem, STACCATO: of_stem}, "violin": {SUSTAIN: own}})
    assert known.switch(VIOLIN, STACCATO) == own
    assert known.switch(instrument_named("cello"), STACCATO) == of_stem
    assert [known.switch(one, SUSTAIN) for one in (HORN, None, DRUMS)] == [None] * 3
