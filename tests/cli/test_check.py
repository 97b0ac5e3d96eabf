"""`hitpoint index` and `hitpoint check`, as scripts see them."""

import json
import os
import sys
from pathlib import Path

import pytest

from fakes.melodies import excerpt, melody, planted, write_line
from fakes.small_corpus import write_corpus
from hitpoint.cli.main import EXIT_MISTAKE, main
from hitpoint.score.midi_file import write_midi_file
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
from hitpoint.timeline.timeline import Timeline


@pytest.fixture
def index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    (tmp_path / "music").mkdir()
    for seed in range(12):
        write_line(tmp_path / "music" / f"piece-{seed}.mid", melody(seed), f"tune {seed}")
    (tmp_path / "music" / "broken.mid").write_bytes(b"nothing")
    path = tmp_path / "music.index"
    assert main(["index", str(tmp_path / "music"), "-o", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["pieces"] == 12
    assert "broken.mid" in told["skipped"][0]
    return path


@pytest.mark.parametrize("name", ["words.txt", "cat/tune.mid"])
def test_an_index_is_written_over_no_other_file_unless_forced(tmp_path, capsys, name):
    (tmp_path / "cat").mkdir()
    write_line(tmp_path / "cat" / "tune.mid", melody(1))
    (tmp_path / "words.txt").write_text("calm strings\n")
    before = (tmp_path / name).read_bytes()
    arguments = ["index", str(tmp_path / "cat"), "-o", str(tmp_path / name)]
    assert main(arguments) == EXIT_MISTAKE
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert f"{name} is there already, and no index. Give --force" in err
    assert (tmp_path / name).read_bytes() == before
    assert main([*arguments, "--force"]) == 0
    assert (tmp_path / name).read_bytes() != before


def test_an_index_is_made_again_over_itself_and_over_an_empty_file(index, tmp_path):
    before = index.read_bytes()
    index.write_bytes(before[:100])
    (tmp_path / "empty").touch()
    for path in (index, tmp_path / "empty"):
        assert main(["index", str(tmp_path / "music"), "-o", str(path)]) == 0
        assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names of any bytes")
def test_a_file_whose_name_is_no_text_is_indexed_and_told_of(tmp_path, capsys):
    (tmp_path / "music").mkdir()
    for seed, name in enumerate((b"T\xfcr.mid", b"new\nline\x1b[31m.mid", b"plain.mid")):
        write_line(tmp_path / "music" / os.fsdecode(name), melody(seed))
    (tmp_path / "music" / "red\x1b[31m.mid").write_bytes(b"nothing")
    assert main(["index", str(tmp_path / "music"), "-o", str(tmp_path / "my.index")]) == 0
    assert "\x1b" not in capsys.readouterr().err
    status, out = check(capsys, tmp_path / "music" / os.fsdecode(b"T\xfcr.mid"), tmp_path / "my.index")
    assert status == 1
    assert "T\ufffdr" in out


def check(capsys: pytest.CaptureFixture[str], file: Path, index: Path, *more: str) -> tuple[int, str]:
    status = main(["check", str(file), "--index", str(index), *more])
    return status, capsys.readouterr().out


def test_new_music_is_clear_and_exits_with_0(index, tmp_path, capsys):
    write_line(tmp_path / "new.mid", melody(77))
    status, out = check(capsys, tmp_path / "new.mid", index, "--json")
    told = json.loads(out)
    assert status == 0
    assert (told["verdict"], told["longest_run_notes"], told["matches"]) == ("clear", 0, [])
    assert told["index"]["pieces"] == 12
    assert told["baseline"]["pieces"] == 12


def test_a_copy_is_blocked_and_exits_with_1(index, tmp_path, capsys):
    line = planted(melody(77), excerpt(melody(5), 60, 20, up=4, slower=2), 40)
    write_line(tmp_path / "copy.mid", line)
    status, out = check(capsys, tmp_path / "copy.mid", index, "--json")
    told = json.loads(out)
    assert status == 1
    assert told["verdict"] == "block"
    assert told["longest_run_notes"] >= 20
    match = told["matches"][0]
    assert (match["source_id"], match["run_notes"]) == ("piece-5", told["longest_run_notes"])
    assert match["bar"] == int(line.onsets[40]) // 3840 + 1
    status, out = check(capsys, tmp_path / "copy.mid", index)
    assert status == 1
    assert f"bar {match['bar']}, violin: {match['run_notes']} notes as in piece-5 (tune 5): block" in out


@pytest.mark.parametrize("broken", ["file", "index", "neither"])
def test_a_mistake_is_told_in_one_line(index, tmp_path, capsys, broken):
    write_line(tmp_path / "new.mid", melody(77))
    file = tmp_path / ("missing.mid" if broken == "file" else "new.mid")
    index = tmp_path / ("new.mid" if broken == "index" else "missing.index" if broken == "neither" else "music.index")
    status = main(["check", str(file), "--index", str(index)])
    captured = capsys.readouterr()
    assert status == EXIT_MISTAKE
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1


def test_the_training_index_holds_the_train_split_only(tmp_path, capsys):
    corpus = write_corpus(tmp_path / "corpus")
    (tmp_path / "bundle").mkdir()
    assert main(["train", "index", "--corpus", str(corpus), "-o", str(tmp_path / "bundle"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["pieces"] == 4
    assert told["bytes"] == (tmp_path / "bundle" / "index.bin").stat().st_size


def test_what_nobody_could_play_is_told_and_exits_with_1(tmp_path, capsys):
    path = tmp_path / "cue.mid"
    playable = MidiPart("flute", 0, 73, (Note(0, 72, 960, 80),))
    write_midi_file(path, [playable], Timeline())
    assert main(["check", str(path), "--playable"]) == 0
    assert "places that cannot be played: 0 (bars: 1)" in capsys.readouterr().out
    low = MidiPart("violin", 1, 40, (Note(3840, 40, 960, 80),))
    write_midi_file(path, [playable, low], Timeline())
    assert main(["check", str(path), "--playable", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["violations"] == [{"part": "violin", "bar": 2, "tick": 3840, "kind": "range", "pitches": [40]}]
    assert told["per_1000_bars"]["range"] == 500
    assert main(["check", str(path), "--playable"]) == 1
    assert "bar 2, violin: range [40]" in capsys.readouterr().out


def test_a_file_that_is_none_is_a_mistake_for_players_too(tmp_path, capsys):
    assert main(["check", str(tmp_path / "missing.mid"), "--playable"]) == EXIT_MISTAKE
    assert len(capsys.readouterr().err.splitlines()) == 1
