import json
import os
import subprocess
import sys
from pathlib import Path

import mido
import pytest

from fakes.dawproject_reader import read_dawproject
from fakes.rpp_reader import read_rpp
from hitpoint.cli.main import EXIT_MISTAKE, SUBCOMMANDS, main
from hitpoint.score.midi_file import read_midi_file


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a command."""
    try:
        status = main(arguments)
    except SystemExit as exit_:
        status = int(exit_.code or 0)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize("console", ["cp1252", "ascii:surrogateescape", "utf-8"])
def test_a_name_that_the_console_has_no_letters_for_is_told_as_well_as_can_be(tmp_path, console):
    folder = tmp_path / os.fsdecode(b"\xff" if sys.platform == "linux" else "\N{CJK UNIFIED IDEOGRAPH-65E5}".encode())
    folder.mkdir()
    (folder / "\N{CJK UNIFIED IDEOGRAPH-65E5}.yaml").write_text("model: {guidance: 1.5}\n", encoding="utf-8")
    program = "import sys; from hitpoint.cli.main import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "config", "--config", str(folder / "\N{CJK UNIFIED IDEOGRAPH-65E5}.yaml")]
    ran = subprocess.run(command, env={**os.environ, "PYTHONIOENCODING": console}, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"?" in ran.stdout


@pytest.mark.parametrize("command", SUBCOMMANDS)
def test_every_command_explains_itself_with_an_example(capsys, command):
    status, out, _ = outcome(capsys, command, "--help")
    assert status == 0
    assert "example: hitpoint" in out


def test_the_command_is_there_as_a_module_too():
    ran = subprocess.run([sys.executable, "-m", "hitpoint", "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("hitpoint 0.")


def test_help_lists_every_command(capsys):
    _, out, _ = outcome(capsys, "--help")
    assert all(command in out for command in SUBCOMMANDS)


@pytest.mark.parametrize(
    ("arguments", "says", "explained_by"),
    [
        ([], "COMMAND", "hitpoint"),
        (["rendr"], "render", "hitpoint"),
        (["--frob"], "COMMAND", "hitpoint"),
        (["render", "tense"], "-o/--output", "hitpoint render"),
        (["render", "tense", "-o", "x.mid", "--bars", "2.5"], "--bars: '2.5' is no whole number", "hitpoint render"),
        (["infill", "x.mid", "-o", "y.mid", "--add", "cello", "--amount", "a"], "'a' is no number", "hitpoint infill"),
        (["infill", "x.mid", "-o", "y.mid", "--add", "cello", "--keep", "tempo"], "rhythm", "hitpoint infill"),
        (["parse", "calm", "--frob"], "--frob", "hitpoint parse"),
        (["takes", "show"], "ID", "hitpoint takes show"),
        (["takes", "list", "one\ntwo"], "one two", "hitpoint takes list"),
    ],
)
def test_what_is_mistyped_is_told_in_one_line_with_where_it_is_explained(capsys, arguments, says, explained_by):
    status, out, err = outcome(capsys, *arguments)
    assert (status, out, len(err.splitlines())) == (EXIT_MISTAKE, "", 1)
    assert err.startswith("hitpoint: ")
    assert says in err
    assert err.endswith(f". See `{explained_by} --help`.\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["render", "tense", "--bars", "0", "-o", "x.mid"], "--bars 0"),
        (["render", "tense", "--variations", "0", "-o", "x.mid"], "--variations 0"),
        (["render", "tense", "-o", "/no/such/folder/x.mid"], "/no/such/folder"),
        (["render", "x" * 20_000, "-o", "x.mid"], "10,000"),
        (["render", "tense", "-o", "x.wav"], ".dawproject"),
        (["render", "tense", "-o", "x"], "x has no ending. End it in .mid or"),
        (["render", "tense", "--intensity", "1.5", "-o", "x.mid"], "--intensity has 1.5"),
        (["render", "tense", "--tension", "loud", "-o", "x.mid"], "--tension has 'loud'"),
        (["render", "tense", "--bars", "2", "--valence", "-0.1,0.2,0.3", "-o", "x.mid"], "3 values for 2 bars"),
        (["render", "tense", "--bars", "2", "--arousal", "1:0.1 9:0.2", "-o", "x.mid"], "bar '9'"),
        (["run", "--map", "/no/such/map.mid"], "/no/such/map.mid"),
        (["run", "--follow", "protools"], "follow"),
        (["demo", "--frame-rate", "31"], "frame_rate"),
        (["bench", "--only", "late", "--bars", "0"], "--bars 0"),
    ],
)
def test_a_mistake_is_one_line_on_stderr_and_exit_2(capsys, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    status, out, err = outcome(capsys, *arguments)
    assert status == EXIT_MISTAKE
    assert out == ""
    assert len(err.splitlines()) == 1
    assert says in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"MThd", b"MThd\0\0\0\x06\0\x01\0\x01\x03\xc0", b"\xff\xfe nothing", b"RIFF" * 40]
)
def test_a_broken_map_is_refused_by_name(capsys, tmp_path, content):
    file = tmp_path / "map.mid"
    file.write_bytes(content)
    status, _, err = outcome(capsys, "run", "--map", str(file))
    assert status == EXIT_MISTAKE
    assert "map.mid" in err


def test_a_demo_that_cannot_begin_leaves_nothing_behind(tmp_path):
    (tmp_path / "settings.yaml").write_text("model:\n  bundle: no-such-model\n")
    command = (sys.executable, "-m", "hitpoint.cli.main", "demo", "--config", "settings.yaml")
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == EXIT_MISTAKE
    [line] = ended.stderr.splitlines()
    assert "no-such-model" in line


def test_a_missing_bundle_is_named(capsys, tmp_path):
    settings = tmp_path / "settings.yaml"
    settings.write_text("model:\n  bundle: no-such-model\n")
    status, _, err = outcome(capsys, "render", "tense", "--config", str(settings), "-o", str(tmp_path / "x.mid"))
    assert status == EXIT_MISTAKE
    assert "no-such-model" in err


def test_render_writes_the_same_bytes_for_the_same_seed(capsys, tmp_path):
    files = [tmp_path / name for name in ("a.mid", "b.mid", "c.mid")]
    for file, seed in zip(files, (7, 7, 8), strict=True):
        arguments = (
            "render",
            "tense, strings, 5/4, 96 bpm, G minor",
            "--bars",
            "3",
            "--seed",
            str(seed),
            "-o",
            str(file),
        )
        assert outcome(capsys, *arguments)[0] == 0
    first, again, other = (file.read_bytes() for file in files)
    assert first == again
    assert first != other


def test_another_file_is_replaced_only_by_force_and_the_same_one_is_no_hindrance(capsys, tmp_path):
    file = tmp_path / "cue.mid"
    render = ("render", "calm, cello", "--bars", "1", "-o", str(file), "--takes", str(tmp_path / "t.db"))
    file.touch()
    assert outcome(capsys, *render)[0] == 0
    written = file.read_bytes()
    assert outcome(capsys, *render)[0] == 0
    status, out, err = outcome(capsys, *render, "--seed", "1")
    assert (status, out, len(err.splitlines())) == (EXIT_MISTAKE, "", 1)
    assert "cue.mid is there already, and differs. Give --force" in err
    assert file.read_bytes() == written
    listed = json.loads(outcome(capsys, "takes", "list", "--takes", str(tmp_path / "t.db"), "--json")[1])
    assert len(listed["takes"]) == 1
    assert outcome(capsys, *render, "--seed", "1", "--force")[0] == 0
    assert file.read_bytes() != written


def test_a_constant_list_writes_what_the_value_does_and_a_drawn_rise_something_else(capsys, tmp_path):
    curves = {"a.mid": "0.3", "b.mid": "0.3,0.3,0.3", "c.mid": "0.3>0.3", "d.mid": "0.1>0.9"}
    for name, curve in curves.items():
        arguments = ("render", "strings, C major", "--bars", "3", "--intensity", curve, "-o", str(tmp_path / name))
        assert outcome(capsys, *arguments)[0] == 0
    value, of_list, line, rise = ((tmp_path / name).read_bytes() for name in curves)
    assert value == of_list == line
    assert rise != value


@pytest.mark.parametrize("curve", ["-0.5", "-0.5,0.2", "-0.5>0.5", "-.5>.5"])
def test_a_curve_may_begin_with_a_minus(capsys, tmp_path, curve):
    path = tmp_path / "cue.mid"
    assert outcome(capsys, "render", "piano", "--bars", "2", "--valence", curve, "-o", str(path))[0] == 0


def test_render_says_what_it_wrote_in_one_json_object(capsys, tmp_path):
    status, out, _ = outcome(
        capsys, "render", "calm piano, flibbertigibbet", "--bars", "2", "--variations", "2", "--json",
        "-o", str(tmp_path / "x.mid"),
    )  # fmt: skip
    assert status == 0
    said = json.loads(out)
    assert [Path(file["file"]).name for file in said["files"]] == ["x-1.mid", "x-2.mid"]
    assert "flibbertigibbet" in said["unknown"]
    assert (tmp_path / "x-1.mid").read_bytes() != (tmp_path / "x-2.mid").read_bytes()


def test_parse_says_who_leads(capsys):
    assert "leads              cello\n" in outcome(capsys, "parse", "solo cello, strings")[1]
    assert "leads" not in outcome(capsys, "parse", "cello, strings")[1]


def test_render_says_who_of_the_players_rests_throughout(capsys, tmp_path):
    arguments = ("render", "calm, orchestral, D minor", "--bars", "2", "-o", str(tmp_path / "x.mid"))
    _, out, _ = outcome(capsys, *arguments)
    tracks = mido.MidiFile(tmp_path / "x.mid").tracks[1:]
    silent = [track.name for track in tracks if not any(message.type == "note_on" for message in track)]
    assert len(silent) > 1
    assert f"note: {', '.join(silent)} rest throughout; more --intensity, more players\n" in out
    (file,) = json.loads(outcome(capsys, *arguments, "--json")[1])["files"]
    assert file["silent"] == silent
    _, out, _ = outcome(capsys, *arguments, "--intensity", "1", "--force")
    assert "rest throughout" not in out


def test_parse_and_render_say_which_instrument_is_written_as_another(capsys, tmp_path):
    told = "celesta is written as bells (General MIDI program 9)"
    assert told in outcome(capsys, "parse", "calm celesta")[1]
    arguments = ("render", "calm celesta", "--bars", "1", "-o", str(tmp_path / "x.mid"))
    assert f"note: {told}" in outcome(capsys, *arguments)[1]
    assert json.loads(outcome(capsys, *arguments, "--json")[1])["flags"] == [told]


def test_a_prompt_is_told_each_of_its_flags_on_a_line_of_its_own(capsys):
    lines = outcome(capsys, "parse", "celesta, tende")[1].splitlines()
    at = lines.index("flags              celesta is written as bells (General MIDI program 9)")
    assert lines[at + 1] == " " * 19 + "tende is not understood: tender may be meant"


def test_a_rendered_file_has_tempo_metre_key_and_named_tracks(capsys, tmp_path):
    path = tmp_path / "cue.mid"
    outcome(capsys, "render", "tense, strings, 6/8, 90 bpm, D minor", "--bars", "3", "-o", str(path))
    file = mido.MidiFile(path)
    conductor = {message.type: message for message in file.tracks[0]}
    assert file.type == 1
    assert round(mido.tempo2bpm(conductor["set_tempo"].tempo), 3) == 90
    assert (conductor["time_signature"].numerator, conductor["time_signature"].denominator) == (6, 8)
    assert conductor["key_signature"].key == "Dm"
    assert [track.name for track in file.tracks[1:]] == ["violin 1", "violin 2", "viola", "cello", "contrabass"]
    assert all(any(message.type == "program_change" for message in track) for track in file.tracks[1:])


def test_a_rendered_file_is_as_long_as_was_asked(capsys, tmp_path):
    path = tmp_path / "cue.mid"
    outcome(capsys, "render", "epic, brass, 4/4, 160 bpm", "--bars", "4", "-o", str(path))
    file = mido.MidiFile(path)
    ticks = max(sum(message.time for message in track) for track in file.tracks)
    assert 3 * 4 * file.ticks_per_beat < ticks <= 4 * 4 * file.ticks_per_beat


@pytest.mark.parametrize(("ending", "read"), [(".rpp", read_rpp), (".RPP", read_rpp), (".dawproject", read_dawproject)])
def test_a_project_is_rendered_as_its_ending_says_and_holds_the_midi_files_notes(capsys, tmp_path, ending, read):
    prompt = ("render", "tense, strings, 6/8, 90 bpm, D minor", "--bars", "3", "--variations", "2", "--seed", "4")
    for name in ("a.mid", f"a{ending}", f"b{ending}"):
        assert outcome(capsys, *prompt, "-o", str(tmp_path / name))[0] == 0
    for number in (1, 2):
        first, again = (tmp_path / f"{name}-{number}{ending}" for name in "ab")
        assert first.read_bytes() == again.read_bytes()
        project, score = read(first), read_midi_file(tmp_path / f"a-{number}.mid")
        assert [track.name for track in project.tracks if track.notes] == [part.name for part in score.parts]
        for track, part in zip((track for track in project.tracks if track.notes), score.parts, strict=True):
            assert [note[0] for note in track.notes] == [note.tick for note in part.notes]
        assert project.tempi[0][:2] == (0, pytest.approx(90))
        assert project.meters[0][:3] == (0, 6, 8)
        assert [name for _, name in project.markers] == [marker.name for marker in score.timeline.markers]
    assert (tmp_path / f"a-1{ending}").read_bytes() != (tmp_path / f"a-2{ending}").read_bytes()
