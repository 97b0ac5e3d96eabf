"""New notes beside those that stand: no key twice, no more at once than can be played, nothing longer than drawn."""

from hypothesis import given
from hypothesis import strategies as st

from hitpoint.engine.infill_page import fitted
from hitpoint.score.note import Note

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
