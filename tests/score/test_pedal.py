from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.midi_message import PEDAL
from hitpoint.score.note import Note
from hitpoint.score.pedal import LAG_TICKS, PEDALLED, pedal_moves, pedals_in
from hitpoint.score.stem import INSTRUMENTS, instrument_named

BAR, BEAT = 3840, 960
PIANO = instrument_named("piano")
notes = st.lists(
    st.builds(
        Note, st.integers(-8, 40).map(lambda place: place * 120), st.integers(21, 108),
        st.integers(1, 40).map(lambda count: count * 60), st.integers(1, 112),
    ),
    max_size=24,
)  # fmt: skip
changes = st.lists(st.integers(0, BAR), max_size=3)


def over(*given: Note, met: tuple[int, ...] = ()) -> list[tuple[int, int]]:
    """From the onset that a pedal follows to its up."""
    return [(pedal.tick - LAG_TICKS, pedal.end) for pedal in pedals_in(PIANO, given, 0, BAR, BEAT, met)]


def chord(tick: int, duration: int, *pitches: int) -> tuple[Note, ...]:
    return tuple(Note(tick, pitch, duration, 80) for pitch in pitches)


@given(notes, changes)
def test_a_pedal_stays_in_its_bar_is_up_before_it_is_down_again_and_never_down_over_a_rest(
    given_notes: list[Note], met: list[int]
) -> None:
    pedals = pedals_in(PIANO, given_notes, 0, BAR, BEAT, met)
    assert all(0 <= pedal.tick < pedal.end <= BAR and pedal.pitch == PEDAL for pedal in pedals)
    assert all(one.end < other.tick for one, other in pairwise(pedals))
    begun = [note for note in given_notes if 0 <= note.tick < BAR]
    for pedal in pedals:
        assert any(note.tick == pedal.tick - LAG_TICKS for note in begun), "it goes down after notes"
        assert not any(pedal.tick < tick < pedal.end for tick in met if any(note.tick == tick for note in begun))
        for tick in range(pedal.tick, pedal.end, 20):
            sounds = any(note.tick <= tick < note.end for note in begun)
            follows = min((note.tick for note in begun if note.tick > tick), default=1 << 30)
            ended = max(note.end for note in begun if note.tick <= tick)
            assert sounds or follows - ended < BEAT, "over a rest"


@given(notes)
def test_what_is_pressed_is_let_go_in_order(given_notes: list[Note]) -> None:
    moves = pedal_moves(pedals_in(PIANO, given_notes, 0, BAR, BEAT))
    assert [move.value for move in moves] == [127, 0] * (len(moves) // 2)
    assert all(one.tick <= other.tick for one, other in pairwise(moves))


def test_who_has_no_pedal_presses_none() -> None:
    struck = chord(0, BAR, 48, 55, 64)
    for instrument in INSTRUMENTS:
        assert bool(pedals_in(instrument, struck, 0, BAR, BEAT)) == (instrument.name in PEDALLED)


def test_one_harmony_has_one_pedal_and_another_bass_a_new_one() -> None:
    arpeggio = [Note(place * 480, pitch, 400, 80) for place, pitch in enumerate((48, 55, 60, 64, 67, 64, 60, 55))]
    assert over(*arpeggio) == [(0, 7 * 480 + 400)]
    assert over(*chord(0, 2 * BEAT, 48, 64), *chord(2 * BEAT, 2 * BEAT, 43, 62)) == [(0, 2 * BEAT), (2 * BEAT, BAR)]


def test_a_note_a_semitone_from_a_held_one_renews_it_and_a_run_has_none_until_the_next_beat() -> None:
    assert over(*chord(0, BEAT, 60, 64), *chord(BEAT, BEAT, 60, 65)) == [(0, BEAT), (BEAT, 2 * BEAT)]
    run = [Note(place * 240, pitch, 240, 80) for place, pitch in enumerate((60, 64, 65, 67))]
    assert over(*run, *chord(BEAT, BEAT, 69, 72)) == [(0, 480), (BEAT, 2 * BEAT)]


def test_a_hit_renews_it_on_its_tick() -> None:
    assert over(*chord(0, 1000, 48, 55), *chord(1000, 1000, 48, 55), met=(1000,)) == [(0, 1000), (1000, 2000)]


def test_detached_notes_are_joined_and_a_rest_is_a_rest() -> None:
    assert over(*chord(0, 200, 48), *chord(BEAT, 200, 48)) == [(0, BEAT + 200)]
    assert over(*chord(0, 200, 48), *chord(2 * BEAT, 200, 48)) == [(0, 200), (2 * BEAT, 2 * BEAT + 200)]
