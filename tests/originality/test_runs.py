"""Copies are found in any key and tempo from 13 notes on, at their exact length; what people share by chance is not."""

import numpy as np
import pytest

from fakes.melodies import excerpt, melody, planted
from hitpoint.originality.build import IndexBuilder
from hitpoint.originality.grams import Rolling, grams_of, picked, steps_of
from hitpoint.originality.index import Index, Piece
from hitpoint.originality.lines import Line
from hitpoint.originality.verdict import Verdict, compare

PIECES = 40


@pytest.fixture(scope="module")
def index() -> Index:
    builder = IndexBuilder(PIECES)
    for seed in range(PIECES):
        builder.add(Piece(f"piece-{seed}"), [melody(seed)])
    return builder.finish()


def test_grams_one_at_a_time_are_those_of_the_whole_line() -> None:
    steps = steps_of(melody(1))
    grams, rolling = grams_of(steps), Rolling()
    for place in range(len(steps.intervals)):
        last = slice(max(0, place - 11), place + 1)
        rolling = rolling.after(steps.intervals[last].tolist(), steps.ratios[last].tolist())
        if place >= 7:
            assert rolling.hashes(False) == (int(grams.pitch[place - 7]), int(grams.whole[place - 7]))


def test_lines_that_share_13_notes_have_picked_the_same_gram_there() -> None:
    for seed in range(200):
        copy = excerpt(melody(seed), 20, 13)
        ours = grams_of(steps_of(planted(melody(seed + 1000), copy, 31)))
        theirs = grams_of(steps_of(melody(seed)))
        shared = set(ours.pitch[picked(ours.pitch)].tolist()) & set(theirs.pitch[picked(theirs.pitch)].tolist())
        assert shared & set(grams_of(steps_of(copy)).pitch.tolist())


def test_planted_copies_of_13_notes_and_more_are_found_at_their_length(index: Index) -> None:
    random, found, exact, asked = np.random.default_rng(5), 0, 0, 400
    for number in range(asked):
        notes, source = int(random.integers(13, 31)), int(random.integers(PIECES))
        up, slower = int(random.integers(-9, 10)), float(random.choice([0.5, 0.75, 1, 1.37, 2]))
        copy = excerpt(melody(source), int(random.integers(0, 150)), notes, up, slower)
        report = compare(index, [planted(melody(5000 + number, 120), copy, int(random.integers(10, 60)))])
        runs = [match.run for match in report.matches if match.run.piece == source]
        found += any(run.notes >= notes and not run.pitch_only for run in runs)
        # A neighbouring note may go on by chance: one interval in 14, and its time.
        exact += any(notes <= run.notes <= notes + 2 for run in runs)
        assert report.verdict is Verdict.BLOCK
    assert found >= 0.99 * asked
    assert exact >= 0.99 * asked


def test_a_copy_of_8_notes_or_fewer_is_not_told(index: Index) -> None:
    for number in range(50):
        copy = excerpt(melody(number % PIECES), 40, 8)
        assert compare(index, [planted(melody(7000 + number), copy, 50)]).longest < 11


def test_random_music_raises_no_alarm(index: Index) -> None:
    assert {compare(index, [melody(9000 + seed)]).verdict for seed in range(100)} == {Verdict.CLEAR}


def test_a_copy_with_another_rhythm_is_flagged_by_pitch_alone(index: Index) -> None:
    copy = excerpt(melody(3), 50, 24)
    times = np.random.default_rng(1).permutation(np.tile([120, 480, 960, 240], 6))
    changed = Line(np.cumsum(times), copy.pitches)
    report = compare(index, [changed])
    assert report.verdict is Verdict.FLAG
    assert report.matches[0].run.pitch_only
    assert report.matches[0].run.notes >= 24


@pytest.mark.parametrize(
    "intervals", [(0,), (2, 2, 1, 2, 2, 2, 1, -1, -2, -2, -2, -1, -2, -2), (4, 3, 5, -5, -3, -4), (4, 3, -3, 3, -3, -4)]
)
def test_repeated_notes_scales_arpeggios_and_ostinati_are_nobodys(intervals: tuple[int, ...]) -> None:
    figure = Line(np.arange(85) * 240, 48 + np.cumsum([0, *np.resize(intervals, 84)]))
    builder = IndexBuilder(PIECES)
    for seed in range(PIECES):
        builder.add(Piece(f"piece-{seed}"), [melody(seed), figure])
    assert compare(builder.finish(), [figure]).verdict is Verdict.CLEAR


def test_pieces_that_are_left_out_are_not_looked_at(index: Index) -> None:
    line = melody(7)
    excluded = np.arange(PIECES) == 7
    assert compare(index, [line]).longest == 200
    assert compare(index, [line], excluded).longest == 0


@pytest.mark.parametrize("notes", [0, 1, 2, 8, 9, 12])
def test_lines_too_short_for_a_run_are_clear(index: Index, notes: int) -> None:
    assert compare(index, [excerpt(melody(99), 0, notes) if notes else Line(*np.zeros((2, 0), np.int64))]).longest == 0


def test_a_repeat_within_a_piece_is_kept_once_and_found_still() -> None:
    once, twice = IndexBuilder(1), IndexBuilder(1)
    line = melody(1)
    once.add(Piece("once"), [line])
    twice.add(Piece("twice"), [line, Line(line.onsets * 2, line.pitches + 3)])
    assert len(twice.finish().pitch_bytes) == len(once.finish().pitch_bytes)
    assert compare(twice.finish(), [line]).longest == 200
