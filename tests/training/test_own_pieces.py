"""Anyone's MIDI files as pieces to learn from."""

import os
import sys
from dataclasses import fields
from pathlib import Path

import mido
import numpy as np
import pytest

from fakes.own_files import write_own_files
from fakes.small_corpus import write_piece
from hitpoint.errors import ConfigError
from hitpoint.score.midi_file import read_midi_file
from hitpoint.training.dataset import pack_smf
from hitpoint.training.export_onnx import data_lines
from hitpoint.training.own_pieces import OwnPieces, read_folder, smf_of
from hitpoint.training.smf import read_smf


def read(folder: Path) -> OwnPieces:
    return read_folder(folder, lambda _done, _of: None)


def write_notes(path: Path, velocities: tuple[int, ...], name: str = "", **tempo: int) -> None:
    """One track without a program, two bars at least."""
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
    track += [mido.MetaMessage("set_tempo", tempo=value) for value in tempo.values()]
    for index in range(12):
        velocity = velocities[index % len(velocities)]
        track += [
            mido.Message("note_on", note=60 + index, velocity=velocity),
            mido.Message("note_off", note=60 + index),
        ]
        track[-1].time = 480
    mido.MidiFile(type=0, tracks=[track]).save(path)


def test_a_file_of_the_corpus_reads_the_same_as_one_of_ones_own(tmp_path: Path) -> None:
    write_piece(path := tmp_path / "a.mid", velocity=70)
    entry, own = read(write_own_files(tmp_path / "own")).learned[0]
    ours = pack_smf(entry, smf_of(read_midi_file(path)))
    theirs = pack_smf(entry, read_smf(path))
    assert ours is not None
    assert theirs is not None
    assert len(own.notes) > 0
    for field in fields(ours):
        np.testing.assert_array_equal(getattr(ours, field.name), getattr(theirs, field.name), field.name)


@pytest.mark.parametrize(("files", "held_out"), [(3, 1), (5, 1), (10, 2), (20, 4)])
def test_one_in_five_is_held_out(files: int, held_out: int, tmp_path: Path) -> None:
    found = read(write_own_files(tmp_path / "own", files))
    assert (len(found.learned), len(found.held_out)) == (files - held_out, held_out)
    assert not {entry.sha256 for entry, _ in found.learned} & {entry.sha256 for entry, _ in found.held_out}


def test_what_is_held_out_does_not_depend_on_names(tmp_path: Path) -> None:
    before = read(write_own_files(folder := tmp_path / "own", 10))
    for number, path in enumerate(sorted(folder.rglob("*.mid"))):
        path.rename(folder / f"z{99 - number}.MIDI")
    after = read(folder)
    assert {entry.sha256 for entry, _ in after.held_out} == {entry.sha256 for entry, _ in before.held_out}


def test_pieces_are_named_by_their_path_in_the_folder(tmp_path: Path) -> None:
    found = read(write_own_files(tmp_path / "own", 3))
    assert [entry.id for entry in found.entries] == ["cue-0.mid", "cue-2.mid", "more/cue-1.mid"]
    assert {(entry.source, entry.licence, entry.style) for entry in found.entries} == {("own", "own", None)}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names of any bytes")
def test_a_name_that_is_no_text_can_be_written_down(tmp_path: Path) -> None:
    folder = write_own_files(tmp_path / "own", 3)
    (folder / "cue-0.mid").rename(folder / os.fsdecode(b"T\xfcr.mid"))
    assert b"T\xef\xbf\xbdr.mid" in data_lines(read(folder).entries)


def test_velocity_and_tempo_are_known_where_the_file_says_them(tmp_path: Path) -> None:
    write_notes(tmp_path / "a.mid", (80,))
    write_notes(tmp_path / "b.mid", (80, 90))
    # A tempo that is said is known, be it the one that would be assumed.
    write_notes(tmp_path / "c.mid", (81,), tempo=500_000)
    known = {entry.id: (entry.velocities_known, entry.tempo_known) for entry in read(tmp_path).entries}
    assert known == {"a.mid": (False, False), "b.mid": (True, False), "c.mid": (False, True)}


def test_a_track_without_a_program_is_what_its_name_says(tmp_path: Path) -> None:
    write_notes(path := tmp_path / "a.mid", (80,), "Cello")
    assert [(track.program, track.drums) for track in smf_of(read_midi_file(path)).tracks] == [(42, False)]


def test_files_that_cannot_be_used_are_named_and_left_out(tmp_path: Path) -> None:
    folder = write_own_files(tmp_path / "own", 3)
    (folder / "broken.mid").write_bytes(b"MThd and no more")
    (folder / "empty.midi").write_bytes(b"")
    (folder / "notes.txt").write_text("no music")
    mido.MidiFile(tracks=[mido.MidiTrack()]).save(folder / "silent.mid")
    (folder / "twice.mid").write_bytes((folder / "cue-0.mid").read_bytes())
    found = read(folder)
    assert len(found.entries) == 3
    assert [text.split(" ")[0].split("/")[-1] for text in found.skipped] == [
        "broken.mid", "empty.midi", "silent.mid", "twice.mid",
    ]  # fmt: skip
    assert "is the same file as" in found.skipped[-1]


def test_too_few_are_refused_with_how_many_and_why(tmp_path: Path) -> None:
    folder = write_own_files(tmp_path / "own", 2)
    (folder / "broken.mid").write_bytes(b"MThd and no more")
    with pytest.raises(ConfigError, match=r"2 of its 3 MIDI files .* 3 are the fewest.*broken\.mid is a broken"):
        read(folder)
    with pytest.raises(ConfigError, match="nowhere is not a folder"):
        read(tmp_path / "nowhere")
