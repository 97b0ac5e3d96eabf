"""`hitpoint infill` as a person meets it."""

import json
from pathlib import Path

import pytest

from hitpoint.cli.main import EXIT_MISTAKE, main
from hitpoint.score.midi_file import read_midi_file, write_midi_file
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
from hitpoint.timeline.timeline import Timeline

BAR = 3840


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Eight bars of scales for a trumpet, a horn and a cello, and rain."""
    steps = (0, 2, 4, 5, 7, 9, 11, 12)
    parts = [
        MidiPart(
            name, channel, program, tuple(Note(i * 480, home + steps[i * k % 8], 480, 60 + i % 9) for i in range(64))
        )
        for channel, (name, program, home, k) in enumerate(
            (("Trumpet", 56, 60, 1), ("Corno", 60, 50, 3), ("Low, dark", 42, 45, 5))
        )
    ]
    rain = MidiPart("Rain", 5, 122, (Note(0, 60, BAR * 8, 80),))
    path = tmp_path / "song.mid"
    write_midi_file(path, [*parts, rain], Timeline())
    return path


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["infill", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--bars", "5-9", "--parts", "brass"], "bars 1 to 8"),
        (["--bars", "0", "--parts", "brass"], "bars 1 to 8"),
        (["--bars", "6-5", "--parts", "brass"], "backwards"),
        (["--bars", "five", "--parts", "brass"], "names no bars"),
        (["--parts", "brass"], "--bars"),
        (["--bars", "5", "--parts", "oboe"], "1 Trumpet, 2 Corno (french horn), 3 Low, dark (cello), 4 Rain"),
        (["--bars", "5", "--parts", "brass, oboe"], "1 Trumpet"),
        (["--bars", "5", "--parts", "4"], "Rain"),
        (["--bars", "5", "--parts", "5"], "1 Trumpet"),
        (["--bars", "5", "--parts", "brass", "--amount", "1.5"], "--amount 1.5"),
        (["--bars", "5", "--parts", "brass", "--amount", "nan"], "--amount nan"),
        (["--bars", "5", "--parts", "brass", "--variations", "0"], "--variations 0"),
        (["--bars", "5", "--parts", "brass", "--candidates", "0"], "--candidates 0"),
        (["--bars", "5", "--parts", "brass", "--candidates", "65"], "1 to 64"),
        (["--add", "kazoo"], "kazoo"),
        (["--add", "cello", "--amount", "0.5"], "--amount"),
        (["--add", "cello", "--keep", "rhythm"], "--keep rhythm"),
    ],
)
def test_a_mistake_is_one_line_on_stderr_and_nothing_is_written(capsys, song, arguments, says):
    before = song.read_bytes()
    status, out, err = outcome(capsys, str(song), *arguments, "-o", str(song.with_name("out.mid")))
    assert (status, out) == (EXIT_MISTAKE, "")
    assert len(err.splitlines()) == 1
    assert says in err
    assert [(path.name, path.read_bytes()) for path in song.parent.iterdir()] == [("song.mid", before)]


@pytest.mark.parametrize(
    "content", [b"", b"MThd", b"MThd\0\0\0\x06\0\x01\0\x01\x03\xc0", b"\xff\xfe nothing", b"RIFF" * 40]
)
def test_a_broken_file_is_refused_by_name(capsys, tmp_path, content):
    path = tmp_path / "broken.mid"
    path.write_bytes(content)
    status, _, err = outcome(capsys, str(path), "--bars", "1", "--parts", "brass", "-o", str(tmp_path / "out.mid"))
    assert status == EXIT_MISTAKE
    assert "broken.mid" in err
    assert list(tmp_path.iterdir()) == [path]


def test_the_input_is_written_over_only_by_force(capsys, song):
    before = song.read_bytes()
    arguments = (str(song), "--bars", "5", "--parts", "brass", "-o", str(song))
    status, _, err = outcome(capsys, *arguments)
    assert status == EXIT_MISTAKE
    assert "--force" in err
    assert song.read_bytes() == before
    assert outcome(capsys, *arguments, "--force")[0] == 0
    assert song.read_bytes() != before


def test_another_file_is_replaced_only_by_force_and_the_same_one_is_no_hindrance(capsys, song):
    out = song.with_name("out.mid")
    infill = (str(song), "--bars", "5", "--parts", "brass", "--candidates", "1", "-o", str(out))
    assert outcome(capsys, *infill)[0] == 0
    written = out.read_bytes()
    assert outcome(capsys, *infill)[0] == 0
    status, said, err = outcome(capsys, *infill, "--seed", "1")
    assert (status, said, len(err.splitlines())) == (EXIT_MISTAKE, "", 1)
    assert "out.mid is there already, and differs. Give --force" in err
    assert out.read_bytes() == written
    assert outcome(capsys, *infill, "--seed", "1", "--force")[0] == 0
    assert out.read_bytes() != written


@pytest.mark.slow
def test_brass_is_rewritten_and_said_in_one_json_object(capsys, song):
    """With the bundle in the repository."""
    out = song.with_name("out.mid")
    status, printed, _ = outcome(capsys, str(song), "--bars", "5-6", "--parts", "brass", "-o", str(out), "--json")
    answer = json.loads(printed)
    assert status == 0
    assert (answer["file"], answer["bars"], answer["parts"]) == (str(out), [5, 6], ["Trumpet", "Corno"])
    assert (answer["seed"], answer["amount"], answer["keep"]) == (0, 1.0, None)
    before, after = read_midi_file(song).parts, read_midi_file(out).parts
    assert [part.name for part in before if part not in after] == ["Trumpet", "Corno"]
    inside = [note for part in after[:2] for note in part.notes if 4 * BAR <= note.tick < 6 * BAR]
    assert len(inside) == answer["notes"] > 0


@pytest.mark.slow
def test_variations_are_files_of_their_own_and_differ(capsys, song):
    """With the bundle in the repository."""
    out = song.with_name("out.mid")
    status, printed, _ = outcome(
        capsys, str(song), "--add", "viola", "--bars", "1-4", "--variations", "3", "-o", str(out), "--json"
    )
    files = [Path(file["file"]) for file in json.loads(printed)["files"]]
    assert status == 0
    assert [file.name for file in files] == ["out-1.mid", "out-2.mid", "out-3.mid"]
    assert len({file.read_bytes() for file in files}) == 3
    assert {read_midi_file(file).parts[-1].name for file in files} == {"viola"}
