"""With the guard no written line comes to share 13 telling notes with the index, and nothing else is forbidden."""

import numpy as np
import pytest

from fakes.melodies import excerpt, melody, notes_of, planted
from hitpoint.originality.build import IndexBuilder
from hitpoint.originality.catalogue import note_lines
from hitpoint.originality.grams import grams_of, steps_of
from hitpoint.originality.guard import CopyGuard
from hitpoint.originality.index import Index, Piece
from hitpoint.originality.lines import Line
from hitpoint.originality.verdict import Verdict, compare
from hitpoint.score.note import Note

PIECES = 30


@pytest.fixture(scope="module")
def index() -> Index:
    builder = IndexBuilder(PIECES)
    for seed in range(PIECES):
        builder.add(Piece(f"piece-{seed}"), [melody(seed)])
    return builder.finish()


@pytest.mark.parametrize("chords", [False, True])
def test_a_planted_run_never_comes_to_13_notes(index: Index, chords: bool) -> None:
    for seed in range(30):
        line = planted(melody(500 + seed, 80), excerpt(melody(seed), 30, 13 + seed % 18, 5, 2), 20)
        guard, written = CopyGuard(index, chords), list[Note]()
        refused = 0
        for note in notes_of(line):
            pitch = note.pitch
            while guard.completes(note.tick, pitch):
                pitch, refused = pitch - 1, refused + 1
            written.append(Note(note.tick, pitch, note.duration, 80))
            guard.take(written[-1])
        assert refused
        assert compare(index, note_lines(written)).verdict is not Verdict.BLOCK


def test_it_refuses_the_13th_note_and_only_that(index: Index) -> None:
    notes = notes_of(excerpt(melody(4), 50, 13))
    guard = CopyGuard(index, chords=False)
    for note in notes[:-1]:
        assert not guard.completes(note.tick, note.pitch)
        guard.take(note)
    assert guard.forbidden(notes[-1].tick, range(128)) == {notes[-1].pitch}
    assert guard.forbidden(notes[-1].tick + 4000, range(128)) == frozenset()


def test_what_the_part_played_before_counts(index: Index) -> None:
    *before, last = notes_of(excerpt(melody(4), 50, 13))
    assert CopyGuard(index, False, before).completes(last.tick, last.pitch)
    assert not CopyGuard(index, False, before[1:]).completes(last.tick, last.pitch)


def test_asking_changes_nothing(index: Index) -> None:
    *before, last = notes_of(excerpt(melody(4), 50, 13))
    guard = CopyGuard(index, True, before)
    guard.forbidden(last.tick + 960, range(128))
    assert guard.completes(last.tick, last.pitch)


def test_of_chords_either_outer_note_is_watched(index: Index) -> None:
    *before, last = notes_of(excerpt(melody(4), 50, 13))
    for interval in (-30, 30):
        chords = [both for n in before for both in (n, Note(n.tick, n.pitch + interval + n.tick // 240 % 2, 1, 80))]
        guard = CopyGuard(index, True, chords)
        assert guard.completes(last.tick, last.pitch)


def test_exempt_figures_pass() -> None:
    figure = Line(np.arange(85) * 240, 48 + np.cumsum([0, *np.resize((4, 3, -3, 3, -3, -4), 84)]))
    builder = IndexBuilder(PIECES)
    for seed in range(PIECES):
        builder.add(Piece(f"piece-{seed}"), [melody(seed), figure])
    guard = CopyGuard(builder.finish())
    for note in notes_of(figure):
        assert not guard.completes(note.tick, note.pitch)
        guard.take(note)


def test_new_music_is_left_alone(index: Index) -> None:
    for seed in range(800, 820):
        guard = CopyGuard(index)
        for note in notes_of(melody(seed)):
            assert not guard.completes(note.tick, note.pitch)
            guard.take(note)


def test_the_measure_of_one_run_is_that_of_many(index: Index) -> None:
    circles = [Line(np.arange(13) * 240, 60 + np.cumsum(np.resize(turn, 13))) for turn in ((1, -1), (2, 3, -5), (0,))]
    for line in [*circles, *(melody(seed, 13) for seed in range(50))]:
        steps = steps_of(line)
        exact = float(index.information.bits(steps.intervals[None], steps.ratios[None])[0])
        one = steps.intervals.tolist(), steps.ratios.tolist()
        assert index.information.carries(exact, *one)
        assert not index.information.carries(exact + 0.125, *one)


def test_the_sieve_lets_through_all_that_the_index_holds(index: Index) -> None:
    steps = grams_of(steps_of(melody(3)))
    grams = list(zip(steps.pitch.tolist(), steps.whole.tolist(), strict=True))
    for place in range(len(grams) - 4):
        assert index.may_hold(grams[place : place + 5])
        assert index.holds(grams[place : place + 5])
    other = [(pitch ^ 1, whole) for pitch, whole in grams]
    assert not any(index.may_hold(other[place : place + 5]) for place in range(len(other) - 4))
