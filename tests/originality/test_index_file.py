"""An index is written whole, read as it was, and never believed when it is damaged."""

from pathlib import Path

import numpy as np
import pytest

from fakes.melodies import melody, write_line
from hitpoint.errors import ConfigError, ScoreError
from hitpoint.originality import index_file
from hitpoint.originality.catalogue import index_folder
from hitpoint.originality.index_file import read_index, write_index
from hitpoint.score.midi_file import write_midi_file
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
from hitpoint.timeline.timeline import Timeline


def catalogue(folder: Path, pieces: int = 12) -> Path:
    (folder / "deeper").mkdir(parents=True)
    for seed in range(pieces):
        write_line((folder if seed % 2 else folder / "deeper") / f"piece-{seed}.mid", melody(seed), f"title {seed}")
    return folder


def quiet(done: int, of: int) -> None:
    assert done <= of


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = catalogue(tmp_path / "music")
    for name in ("one", "two"):
        write_index(tmp_path / name, index_folder(folder, quiet).index)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    made = index_folder(catalogue(tmp_path / "music"), quiet).index
    read = write_index(tmp_path / "index", made)
    assert read.pieces == made.pieces
    assert read.pieces[0].title.startswith("title")
    assert read.baseline == made.baseline
    assert read.baseline["pieces"] == 12
    for name in ("bucket_starts", "places", "pitch_bytes", "whole_bytes", "piece_starts"):
        assert np.array_equal(getattr(read, name), getattr(made, name))
    assert read.id == read_index(tmp_path / "index").id
    assert len(read.id) == 16


def test_a_file_that_cannot_be_read_is_named_and_left_out(tmp_path: Path) -> None:
    folder = catalogue(tmp_path / "music", 3)
    (folder / "broken.mid").write_bytes(b"MThd nothing")
    found = index_folder(folder, quiet)
    assert len(found.index.pieces) == 3
    assert len(found.skipped) == 1
    assert "broken.mid" in found.skipped[0]


def test_a_file_without_notes_and_a_link_to_nothing_are_named_and_left_out(tmp_path: Path) -> None:
    folder = catalogue(tmp_path / "music", 3)
    write_midi_file(folder / "drums.mid", [MidiPart("kit", 9, None, (Note(0, 36, 480, 80),))], Timeline())
    write_midi_file(folder / "empty.mid", [], Timeline())
    (folder / "gone.mid").symlink_to(tmp_path / "nowhere.mid")
    found = index_folder(folder, quiet)
    assert {piece.id for piece in found.index.pieces} == {"piece-0", "piece-1", "piece-2"}
    assert [Path(reason.split()[0]).name for reason in found.skipped] == ["drums.mid", "empty.mid", "gone.mid"]


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    folder = catalogue(tmp_path / "music", 2)
    write_line(folder / "deeper" / "piece-1.mid", melody(50))
    ids = {piece.id for piece in index_folder(folder, quiet).index.pieces}
    assert ids == {"piece-0", "piece-1.mid", "deeper/piece-1.mid"}


@pytest.mark.parametrize("made", [None, "empty", "broken"])
def test_a_folder_without_music_is_refused_by_name(tmp_path: Path, made: str | None) -> None:
    folder = tmp_path / "music"
    if made is not None:
        folder.mkdir()
    if made == "broken":
        (folder / "x.mid").write_bytes(b"")
    with pytest.raises(ConfigError, match="music"):
        index_folder(folder, quiet)


def test_a_folder_of_drums_and_single_notes_has_nothing_to_index(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    write_line(tmp_path / "music" / "short.mid", melody(1, 5))
    with pytest.raises(ScoreError, match="no line of 9 notes"):
        index_folder(tmp_path / "music", quiet)


@pytest.mark.parametrize("place", [0.0, 0.001, 0.01, 0.5, 0.999])
def test_a_changed_byte_is_noticed(tmp_path: Path, place: float) -> None:
    path = tmp_path / "index"
    write_index(path, index_folder(catalogue(tmp_path / "music", 3), quiet).index)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 4
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="index"):
        read_index(path)


@pytest.mark.parametrize("share", [0.0, 0.00001, 0.001, 0.5, 0.9999])
def test_a_file_that_breaks_off_is_noticed(tmp_path: Path, share: float) -> None:
    path = tmp_path / "index"
    write_index(path, index_folder(catalogue(tmp_path / "music", 3), quiet).index)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ConfigError, match="index"):
        read_index(path)


def test_an_index_over_the_limit_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = index_folder(catalogue(tmp_path / "music", 3), quiet).index
    monkeypatch.setattr(index_file, "MOST_BYTES", 1000)
    with pytest.raises(ScoreError, match="Split the folder"):
        write_index(tmp_path / "index", made)
    assert not (tmp_path / "index").exists()
