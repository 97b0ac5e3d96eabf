"""A part's lines are what is heard of it: one, or the top and the bottom."""

import numpy as np

from fakes.melodies import melody, notes_of
from hitpoint.originality.catalogue import note_lines
from hitpoint.originality.lines import lines_of
from hitpoint.score.note import Note


def test_a_part_without_chords_is_one_line() -> None:
    line = melody(1)
    (found,) = note_lines(notes_of(line))
    assert found.pitches.tolist() == line.pitches.tolist()
    assert found.onsets.tolist() == line.onsets.tolist()


def test_of_chords_the_top_and_the_bottom_are_lines() -> None:
    top, bottom = melody(1), melody(1)
    chords = [*notes_of(top), *(Note(n.tick, n.pitch - 20 - n.tick // 240 % 3, n.duration, 80) for n in notes_of(top))]
    high, low = note_lines(chords)
    assert high.pitches.tolist() == top.pitches.tolist()
    assert len(low.pitches) == len(bottom.pitches)
    assert (low.pitches < high.pitches).all()


def test_a_held_tune_is_the_top_over_its_moving_accompaniment() -> None:
    tune = [Note(tick, 76 + tick // 960, 960, 80) for tick in range(0, 3840, 960)]
    accompaniment = [Note(tick, 48 + tick // 240 % 3, 240, 80) for tick in range(0, 3840, 240)]
    high, low = note_lines([*tune, *accompaniment])
    assert high.pitches.tolist() == [note.pitch for note in tune]
    assert low.pitches.tolist() == [note.pitch for note in accompaniment]


def test_a_legato_overlap_covers_nothing() -> None:
    falling = [Note(240 * place, 80 - place, 280, 80) for place in range(12)]
    assert len(note_lines(falling)[0].pitches) == 12


def test_no_notes_make_no_line() -> None:
    assert lines_of(*np.zeros((3, 0), np.int64)) == ()
