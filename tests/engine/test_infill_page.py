"""New notes beside those that stand: no key twice, no more at once than can be played, nothing longer than drawn."""

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.engine.infill_page import fitted
from hitpoint.score.note import Note
from hitpoint.score.stem import instrument_named
from hitpoint.score.stops import fingers_hold

NOTES = st.lists(st.builds(Note, st.integers(0, 40).map(lambda n: n * 240), st.integers(60, 66), st.integers(1, 2000),
                           st.just(80)), max_size=12)  # fmt: skip


@given(NOTES, NOTES, st.integers(1, 4))
def test_no_new_note_sounds_when_its_key_is_struck_again(new: list[Note], standing: list[Note], most: int) -> None:
    kept = fitted(new, sorted(standing), most)
    for note in kept:
        for other in [*standing, *(other for other in kept if other is not note)]:
            assert other.pitch != note.pitch or not note.tick <= other.tick < note.end


@given(NOTES, NOTES, st.integers(1, 4))
def test_a_new_note_keeps_its_onset_and_is_never_longer(new: list[Note], standing: list[Note], most: int) -> None:
    for note in fitted(new, sorted(standing), most):
        assert any((old.tick, old.pitch) == (note.tick, note.pitch) and old.duration >= note.duration for old in new)


@given(NOTES, NOTES, st.integers(1, 4))
def test_where_a_note_begins_no_more_new_ones_ring_on_than_there_is_room_for(
    new: list[Note], standing: list[Note], most: int
) -> None:
    kept = fitted(new, sorted(standing), most)
    for tick in {note.tick for note in kept}:
        ringing = [note for note in kept if note.tick < tick < note.end]
        fixed = [note for note in standing if note.tick <= tick < note.end]
        starting = [note for note in kept if note.tick == tick]
        assert not ringing or len(ringing) + len(fixed) + len(starting) <= most


@given(NOTES, NOTES)
def test_new_notes_and_those_that_stand_lie_under_the_fingers_together(new: list[Note], standing: list[Note]) -> None:
    violin = instrument_named("violin")
    kept = fitted(new, sorted(standing), violin.polyphony, violin)
    for tick in {note.tick for note in (*kept, *standing)}:
        fixed = {note.pitch for note in standing if note.tick <= tick < note.end}
        # Chords that a model draws are held to the fingers while they are drawn.
        struck = {note.pitch for note in new if note.tick == tick}
        ringing = {note.pitch for note in kept if note.tick < tick < note.end}
        if fingers_hold(violin, fixed) and fingers_hold(violin, fixed | struck):
            assert fingers_hold(violin, fixed | ringing | {note.pitch for note in kept if note.tick == tick})
