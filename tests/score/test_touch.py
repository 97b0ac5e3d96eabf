"""Laws of how long notes last of the time to the next."""

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.score.note import Note
from hitpoint.score.touch import SHORTEST, SLOW_TICKS, bound, share_of, touched

STEP, END = 40, 3840
shares = st.floats(SHORTEST, 1)


@st.composite
def lines(draw: st.DrawFn) -> list[Note]:
    ticks = sorted(draw(st.lists(st.integers(0, END // STEP - 1), max_size=24)))
    lengths = [STEP * draw(st.integers(1, 48)) for _ in ticks]
    keys = [draw(st.integers(40, 80)) for _ in ticks]
    return sorted(Note(STEP * tick, key, length, 64) for tick, key, length in zip(ticks, keys, lengths, strict=True))


@given(lines(), shares, shares)
def test_a_smaller_share_never_makes_a_note_longer_and_none_is_lost(
    notes: list[Note], one: float, other: float
) -> None:
    bound, short = (touched(notes, share, END, STEP) for share in sorted((one, other), reverse=True))
    assert [(note.tick, note.pitch, note.velocity) for note in short] == [
        (note.tick, note.pitch, note.velocity) for note in notes
    ]
    assert all(STEP <= less.duration <= more.duration for less, more in zip(short, bound, strict=True))


@given(lines(), shares)
def test_what_is_touched_twice_is_touched_once(notes: list[Note], share: float) -> None:
    once = touched(notes, share, END, STEP)
    assert touched(once, share, END, STEP) == once


@given(lines(), shares)
def test_what_was_touched_is_bound_again_and_anything_else_left(notes: list[Note], share: float) -> None:
    again = bound(touched(notes, share, END, STEP), share, END, STEP)
    moments = [*sorted({note.tick for note in notes}), END]
    for before, after in zip(notes, again, strict=True):
        gap = next(moment for moment in moments if moment > before.tick) - before.tick
        assert after.duration == before.duration or after.duration == gap


def test_slow_notes_and_held_ones_last_as_they_were_written() -> None:
    sung = [Note(0, 60, SLOW_TICKS, 64), Note(SLOW_TICKS, 62, SLOW_TICKS, 64)]
    assert touched(sung, SHORTEST, 2 * SLOW_TICKS, STEP) == sung
    held = [Note(0, 48, 1920, 64), Note(240, 60, 240, 64), Note(480, 62, 240, 64)]
    assert [note.duration for note in touched(held, SHORTEST, 720, STEP)] == [1920, 120, 120]


def test_still_music_is_bound_and_agitated_music_is_struck() -> None:
    assert share_of(None) == share_of(-1) == 1
    assert share_of(0) == (1 + SHORTEST) / 2
    assert share_of(1) == SHORTEST
