"""Bars that went wrong are counted, and those that did not are not."""

import numpy as np
import pytest

from fakes.made_cues import QUARTER, in_key, made_score
from fakes.small_corpus import write_corpus
from hitpoint.score.midi_file import read_midi_file
from hitpoint.score.note import Note
from hitpoint.training.corpus import Split
from hitpoint.training.dataset import load, prepare
from hitpoint.training.judge.bars import FIGURES, bars_of_cues, bars_of_people, counted
from hitpoint.training.judge.played import played_piece, played_score

BAR = 4 * QUARTER


def counts(notes: list[Note], instrument: str = "piano") -> dict[str, int]:
    found = counted(played_score(made_score({instrument: notes}), 8))
    return dict(zip([*FIGURES, "bars", "notes"], found.astype(int).tolist(), strict=True))


def test_plain_music_has_none_of_them() -> None:
    found = counts(in_key(0))
    assert found == {**dict.fromkeys(FIGURES, 0), "bars": 8, "notes": len(in_key(0)) - 1}


def test_an_empty_bar_is_counted_and_one_that_is_held_through_is_not() -> None:
    notes = [note for note in in_key(0) if not 2 * BAR <= note.tick < 4 * BAR]
    cut = [
        Note(n.tick, n.pitch, min(n.duration, 2 * BAR - n.tick) if n.tick < 2 * BAR else n.duration, 64) for n in notes
    ]
    assert counts(cut)["empty"] == 2
    assert counts([*cut, Note(BAR, 36, 2 * BAR, 64)])["empty"] == 1
    assert counts([])["empty"] == 8


def test_a_bar_of_one_pitch_class_is_collapsed_in_all_parts_together_only() -> None:
    one = [Note(QUARTER * beat, 60 + 12 * (beat % 2), QUARTER, 64) for beat in range(32)]
    assert counts(one)["collapsed"] == 8
    assert counts([*one, *in_key(7)])["collapsed"] == 0
    assert counts([Note(BAR * bar, 60, BAR, 64) for bar in range(8)])["collapsed"] == 0
    assert counts([Note(QUARTER * beat, 38, 100, 64) for beat in range(32)], "drums")["collapsed"] == 0


def test_a_bar_that_comes_again_is_counted_and_stuck_from_the_fourth_time_on() -> None:
    bar = [(0, 60), (QUARTER, 64), (2 * QUARTER, 67)]
    same = [Note(BAR * index + tick, key, QUARTER, 64) for index in range(8) for tick, key in bar]
    assert (counts(same)["repeats_bar_before"], counts(same)["stuck"]) == (7, 5)
    # One other key in every other bar, and none is its neighbour's again.
    turned = [Note(n.tick, n.pitch + (n.tick // BAR) % 2, n.duration, 64) for n in same]
    assert (counts(turned)["repeats_bar_before"], counts(turned)["stuck"]) == (0, 0)


def test_empty_bars_do_not_count_as_repeated() -> None:
    assert counts([])["repeats_bar_before"] == 0


def test_a_key_that_comes_again_is_counted_in_its_own_part_only() -> None:
    line = [Note(QUARTER * beat, 60 + beat // 2, QUARTER, 64) for beat in range(32)]
    assert (counts(line)["repeats_note_before"], counts(line)["notes"]) == (16, 31)
    crossed = made_score({"piano": line[::2], "harp": line[1::2]})
    assert counted(played_score(crossed, 8))[4] == 0


def test_shares_are_by_bar_and_by_prompt() -> None:
    empty, full = (played_score(made_score({"piano": notes}), 8) for notes in ([], in_key(0)))
    figures = bars_of_cues([[empty, full]] * 12)
    assert figures["empty"]["share"] == 0.5
    assert figures["empty"]["interval_95"] == [0.5, 0.5]


def test_a_piece_of_prepared_data_is_played_as_its_file(tmp_path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    prepare(corpus, tmp_path / "data", 1, lambda *_: None)
    split = load(tmp_path / "data", Split.VALID)
    prepared = played_piece(split, 0)
    filed = played_score(read_midi_file(corpus / "piece-4.mid"), prepared.bars)
    assert prepared.instruments == filed.instruments
    assert prepared.bar_starts.tolist() == filed.bar_starts.tolist()
    # Velocities alone are on a coarser grid.
    assert prepared.notes[:, :5].tolist() == filed.notes[:, :5].tolist()
    assert np.abs(prepared.notes[:, 5] - filed.notes[:, 5]).max() <= 2


def test_people_are_counted_by_source(tmp_path) -> None:
    prepare(write_corpus(tmp_path / "corpus", pieces=6), tmp_path / "data", 1, lambda *_: None)
    split = load(tmp_path / "data", Split.TRAIN)
    figures = bars_of_people(split)
    assert figures["pieces"] == sum(source["pieces"] for source in figures["by_source"].values()) == len(split)
    # Under ten pieces a source says nothing of what people do.
    assert figures["range"] == dict.fromkeys(FIGURES)
    assert figures["empty"]["share"] == 0
    assert figures["repeats_note_before"]["share"] == pytest.approx(0, abs=0.2)
