"""`hitpoint takes` as a person meets it."""

import io
import json
import re
from pathlib import Path

import pytest

from fakes.takes import a_take
from hitpoint.cli import takes_make
from hitpoint.cli.main import EXIT_MISTAKE, main
from hitpoint.engine.take_store import TakeStore
from hitpoint.score.midi_file import midi_file_bytes, read_midi_file

ACTIONS = (
    "list",
    "show",
    "vary",
    "make",
    "render",
    "rate",
    "lock",
    "keep",
    "status",
    "log",
    "compare",
    "export",
    "purge",
    "undo",
)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A take memory of two takes, in the folder that one stands in."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "x.takes.db"
    with TakeStore(path) as store:
        store.remember(a_take("calm, violin, cello, piano, D minor", cue="1m03"))
        store.remember(a_take("furious, timpani, brass", seed=2))
    return path


class Typed(io.StringIO):
    """What a person types."""

    def isatty(self) -> bool:
        return True


def ids(file: Path) -> list[str]:
    """Of the takes, the oldest first."""
    with TakeStore(file) as store:
        return [one.id for one in store.all()]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of `hitpoint takes`."""
    try:
        status = main(["takes", *arguments])
    except SystemExit as exit_:
        status = int(exit_.code or 0)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_explains_itself_with_an_example(capsys, action):
    status, out, _ = said(capsys, action, "--help")
    assert status == 0
    assert f"example: hitpoint takes {action}" in out


@pytest.mark.parametrize(
    ("options", "which"),
    [
        ([], [1, 0]),
        (["--cue", "1M03"], [0]),
        (["--text", "Violin calm"], [0]),
        (["--text", "horns"], [1]),
        (["--rated", "4"], [1]),
        (["--rated", "5"], []),
        (["--kept"], [0]),
    ],
)
def test_lists_find_takes_by_cue_words_and_rating(capsys, file, options, which):
    names = ids(file)
    assert said(capsys, "rate", names[1], "4", "--note", "The horns!", "--takes", str(file))[0] == 0
    assert said(capsys, "keep", names[0], "--takes", str(file))[0] == 0
    status, out, _ = said(capsys, "list", *options, "--takes", str(file), "--json")
    assert status == 0
    assert [one["id"] for one in json.loads(out)["takes"]] == [names[place] for place in which]
    _, out, _ = said(capsys, "list", *options, "--takes", str(file))
    assert [line.split()[0] for line in out.splitlines()] == ([names[place] for place in which] or ["no"])


def test_a_memory_beside_a_sheet_is_found_by_the_sheet(capsys, file):
    _, out, _ = said(capsys, "list", "--sheet", "x.yaml", "--json")
    assert [one["id"] for one in json.loads(out)["takes"]] == ids(file)[::-1]


def test_a_take_is_shown_with_its_facts_and_a_row_of_cells_a_key(capsys, file):
    name = ids(file)[0]
    status, out, _ = said(capsys, "show", name[:4], "--takes", str(file))
    assert status == 0
    assert "calm, violin, cello, piano, D minor" in out
    take = a_take("calm, violin, cello, piano, D minor", cue="1m03")
    for part in take.music.score.parts:
        assert f"{part.name}: {len(part.notes)} notes" in out
    # Four bars of 16 columns.
    rows = re.findall(r"^ *\d+ ([·█─]+)$", out, re.MULTILINE)
    assert rows
    assert {len(row) for row in rows} == {64}


def test_what_is_rendered_again_is_the_same_file_and_replaces_no_other_unasked(capsys, file):
    name = ids(file)[0]
    assert said(capsys, "render", name, "-o", "again.mid", "--takes", str(file))[0] == 0
    score = a_take("calm, violin, cello, piano, D minor", cue="1m03").music.score
    assert Path("again.mid").read_bytes() == midi_file_bytes(score)
    Path("again.mid").write_bytes(b"what somebody made of it")
    status, _, err = said(capsys, "render", name, "-o", "again.mid", "--takes", str(file))
    assert status == EXIT_MISTAKE
    assert "again.mid is there already, and differs. Give --force" in err
    assert Path("again.mid").read_bytes() == b"what somebody made of it"
    assert said(capsys, "render", name, "-o", "again.mid", "--takes", str(file), "--force")[0] == 0
    assert Path("again.mid").read_bytes() == midi_file_bytes(score)


def test_a_take_shares_all_with_itself_and_little_with_another(capsys, file):
    first, second = ids(file)
    _, out, _ = said(capsys, "compare", first, first, "--takes", str(file), "--json")
    same = json.loads(out)
    assert same["share"] == 1
    assert {part["bars"].strip("·█") for part in same["parts"]} == {""}
    _, out, _ = said(capsys, "compare", first, second, "--takes", str(file), "--json")
    other = json.loads(out)
    assert other["share"] < 0.5
    assert {part["part"] for part in other["parts"]} >= {"violin 1", "timpani"}
    assert other["controls"]["arousal"][0] < other["controls"]["arousal"][1]


def test_an_export_has_the_file_its_stems_and_where_it_came_from(capsys, file):
    name = ids(file)[1]
    status, out, _ = said(capsys, "export", name, "-o", "for the mix", "--takes", str(file))
    assert status == 0
    written = [Path(line) for line in out.splitlines()]
    assert [path.name for path in written] == [
        f"{name}.mid", f"{name}-brass.mid", f"{name}-percussion.mid", f"{name}.json"
    ]  # fmt: skip
    whole, *stems = (read_midi_file(path) for path in written[:3])
    assert [part for stem in stems for part in stem.parts] == list(whole.parts)
    provenance = json.loads(written[3].read_text(encoding="utf-8"))
    assert provenance["take"]["prompt"] == "furious, timpani, brass"
    assert provenance["files_sha256"][written[0].name] == provenance["take"]["midi_sha256"]
    assert provenance["status"] == "TEMP"
    # Again is well; over another file it is not.
    assert said(capsys, "export", name, "-o", "for the mix", "--takes", str(file))[0] == 0
    written[1].write_bytes(b"mine")
    status, _, err = said(capsys, "export", name, "-o", "for the mix", "--takes", str(file))
    assert status == EXIT_MISTAKE
    assert "is there already" in err
    assert written[1].read_bytes() == b"mine"
    assert said(capsys, "export", name, "-o", "for the mix", "--takes", str(file), "--force")[0] == 0
    assert written[1].read_bytes() != b"mine"


def test_a_purge_asks_and_where_nobody_can_be_asked_wants_a_yes(capsys, file, monkeypatch):
    name = ids(file)[0]
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    status, _, err = said(capsys, "purge", name, "--takes", str(file))
    assert status == EXIT_MISTAKE
    assert "--yes" in err
    assert len(ids(file)) == 2
    assert said(capsys, "purge", name, "--yes", "--takes", str(file))[0] == 0
    assert name not in ids(file)
    status, _, err = said(capsys, "undo", "--takes", str(file))
    assert status == EXIT_MISTAKE
    assert "can't be brought back" in err


@pytest.mark.parametrize(("answer", "left"), [("n\n", 2), ("\n", 2), ("", 2), ("yes\n", 1)])
def test_only_a_yes_purges(capsys, file, monkeypatch, answer, left):
    monkeypatch.setattr("sys.stdin", Typed(answer))
    status, _, err = said(capsys, "purge", ids(file)[0], "--takes", str(file))
    assert "Purge 1 takes for good? [y/N]" in err
    assert status == (EXIT_MISTAKE if left == 2 else 0)
    assert len(ids(file)) == left


def test_a_purge_by_age_and_rating_spares_what_is_rated_kept_or_young(capsys, file):
    rated, plain = ids(file)
    assert said(capsys, "rate", rated, "0", "--takes", str(file))[0] == 0
    assert said(capsys, "purge", "--unrated", "--older-than", "1", "--yes", "--takes", str(file))[0] == 0
    assert len(ids(file)) == 2
    assert said(capsys, "keep", plain, "--takes", str(file))[0] == 0
    assert said(capsys, "purge", "--unrated", "--yes", "--takes", str(file))[0] == 0
    assert len(ids(file)) == 2
    assert said(capsys, "purge", "--unrated", "--even-kept", "--yes", "--takes", str(file))[0] == 0
    assert ids(file) == [rated]


def test_undo_says_what_it_took_back(capsys, file):
    name = ids(file)[0]
    said(capsys, "lock", name, "violins", "--takes", str(file))
    with TakeStore(file) as store:
        assert store.facts(name).locks == ("violin 1",)
    _, out, _ = said(capsys, "undo", "--takes", str(file))
    assert out == f"{name}: lock undone\n"
    with TakeStore(file) as store:
        assert store.facts(name).locks == ()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["show", "zzz"], "no take 'zzz'"),
        (["rate", "{0}", "6"], "outside 0 to 5"),
        (["rate", "{0}"], "rating or a note is missing"),
        (["lock", "{0}", "tuba"], "PART 'tuba' names no part"),
        (["render", "{0}", "-o", "x.wav"], ".dawproject"),
        (["render", "{0}", "-o", "no/such/x.mid"], "no/such is not a folder"),
        (["purge"], "which takes is not said"),
        (["purge", "{0}", "--unrated"], "do not go together"),
        (["purge", "--older-than", "1e300", "--yes"], "no number of days"),
        (["undo"], "nothing is left to undo"),
        (["export", "{0}", "-o", "x.takes.db"], "x.takes.db cannot be made"),
    ],
)
def test_a_mistake_is_one_line_on_stderr_and_changes_nothing(capsys, file, arguments, says):
    before = file.read_bytes()
    name = ids(file)[0]
    status, out, err = said(capsys, *(word.format(name) for word in arguments), "--takes", str(file))
    assert (status, out) == (EXIT_MISTAKE, "")
    assert len(err.splitlines()) == 1
    assert says in err
    assert file.read_bytes() == before


def test_a_memory_that_is_not_there_is_named_and_not_made(capsys, tmp_path):
    path = tmp_path / "none.db"
    status, _, err = said(capsys, "show", "bcd", "--takes", str(path))
    assert status == EXIT_MISTAKE
    assert "none.db is not there" in err
    assert list(tmp_path.iterdir()) == []


def test_what_is_rendered_is_remembered_unless_it_is_not_to_be(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = ["render", "calm, cello", "--bars", "2", "-o", "cue.mid", "--takes", "t.db"]
    assert main([*arguments, "--no-take", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["take"] is None
    assert not Path("t.db").exists()
    assert main(arguments) == 0
    name = re.findall(r", take (\w+)$", capsys.readouterr().out)[0]
    written = Path("cue.mid").read_bytes()
    assert said(capsys, "render", name, "-o", "again.mid", "--takes", "t.db")[0] == 0
    assert Path("again.mid").read_bytes() == written
    # The file is there even where its take can't be kept.
    Path("t.db").write_bytes(b"no database, but long enough to be read as one" * 20)
    Path("cue.mid").unlink()
    assert main(arguments) == EXIT_MISTAKE
    assert re.search("written, but its take is not kept: t.db .*--no-take", capsys.readouterr().err)
    assert Path("cue.mid").read_bytes() == written


def test_a_note_is_shown_as_signed_changes_then_applied_to_another_take(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["render", "calm, violin, cello", "--bars", "3", "-o", "cue.mid", "--takes", "t.db"]) == 0
    capsys.readouterr()
    parent = ids(Path("t.db"))[0]
    assert said(capsys, "lock", parent, "cello", "--takes", "t.db")[0] == 0
    status, out, err = said(capsys, "vary", parent, "--note", "bigger, darker, frobnicate", "--takes", "t.db")
    assert status == 0
    assert out.splitlines()[0] == "intensity +0.25; valence −0.25"
    assert "Not understood: frobnicate" in err
    child = ids(Path("t.db"))[1]
    assert f"take {child} of {parent}" in out
    with TakeStore(Path("t.db")) as store:
        facts = store.facts(child)
        assert (facts.parent, facts.locks, facts.asked["note"]) == (parent, ("cello",), "bigger, darker, frobnicate")
        assert facts.asked["changes"] == ["intensity +0.25", "valence −0.25"]
        scores = [store.music(name).score for name in (parent, child)]
        cellos = [next(part for part in score.parts if part.name == "cello") for score in scores]
        assert cellos[0] == cellos[1]
        assert scores[0].parts != scores[1].parts
    _, out, _ = said(capsys, "show", child, "--takes", "t.db")
    assert f'└─ {child} "bigger, darker, frobnicate"  ← this one' in out
    assert said(capsys, "undo", "--takes", "t.db")[1] == f"{child}: vary undone, the take is gone\n"
    for arguments, says in (
        (["--note", "frobnicate"], "asks for nothing that is known here"),
        (["--bars", "9"], "bars 1 to 3"),
        (["--parts", "tuba"], "names no part"),
        (["--parts", "cello"], "cello is locked"),
        (["--amount", "2"], "outside 0 to 1"),
        (["--amount", "0.5", "--note", "an octave lower"], "go with moods"),
    ):
        status, out, err = said(capsys, "vary", parent, *arguments, "--takes", "t.db")
        assert status == EXIT_MISTAKE
        assert says in err.splitlines()[-1]
        assert ids(Path("t.db")) == [parent]


def test_a_variation_that_was_asked_before_is_said_to_be_there_already(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["render", "calm, violin, cello", "--bars", "3", "-o", "cue.mid", "--takes", "t.db"]) == 0
    capsys.readouterr()
    vary = ("vary", ids(Path("t.db"))[0], "--note", "an octave higher", "--takes", "t.db")
    first = said(capsys, *vary)
    again = said(capsys, *vary)
    assert first[:2] == again[:2]
    assert "there already" not in first[2]
    assert "It is there already: the same was asked before. --seed 1 gives another answer." in again[2]
    assert not json.loads(said(capsys, *vary, "--json")[1])["new"]
    assert json.loads(said(capsys, *vary, "--seed", "1", "--json")[1])["new"]
    assert len(ids(Path("t.db"))) == 3


def test_where_no_folder_can_be_made_the_file_is_written_and_the_reason_said(capsys, tmp_path, monkeypatch):
    (tmp_path / "home").write_text("a file")
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert main(["render", "calm, cello", "--bars", "1", "-o", "cue.mid"]) == EXIT_MISTAKE
    assert re.search("its take is not kept: .* cannot be made: .*--no-take", capsys.readouterr().err)
    assert Path("cue.mid").exists()
    assert said(capsys, "list")[0] == 0


def test_an_approval_is_said_logged_and_handed_on(capsys, file):
    name = ids(file)[0]
    status, out, _ = said(
        capsys, "status", name, "approved", "--by", "A. Producer", "--reference", "mail of 3 May", "--takes", str(file)
    )
    assert (status, out) == (0, f"{name}: not rated, approved\n")
    assert said(capsys, "export", name, "-o", "out", "--takes", str(file))[0] == 0
    provenance = json.loads(Path("out", f"1m03-{name}.json").read_text(encoding="utf-8"))
    assert provenance["status"] == "APPROVED"

    status, out, _ = said(capsys, "log", name, "--head", provenance["log_head"], "--takes", str(file))
    lines = out.splitlines()
    assert status == 0
    assert [line.split()[4] for line in lines[:-1]] == ["made", "status", "exported"]
    assert "status APPROVED, by A. Producer, reference mail of 3 May" in lines[1]
    assert "3 entries, whole" in lines[-1]


def test_the_log_can_be_shown_without_a_word_of_ones_own(capsys, file):
    assert said(capsys, "log", "--no-words", "-o", "log.jsonl", "--takes", str(file))[0] == 0
    text = Path("log.jsonl").read_text(encoding="utf-8")
    assert "violin" not in text
    assert [json.loads(line)["number"] for line in text.splitlines()] == [1, 2]
    status, out, _ = said(capsys, "log", "--json", "--takes", str(file))
    found = json.loads(out)
    assert (status, found["head"]) == (0, found["entries"][-1]["hash"])
    assert json.loads(found["entries"][0]["words"])["prompt"] == "calm, violin, cello, piano, D minor"
    status, _, err = said(capsys, "log", "-o", "nowhere/log.jsonl", "--takes", str(file))
    assert (status, err) == (EXIT_MISTAKE, "hitpoint: nowhere is not a folder. Make it, or write elsewhere.\n")


def test_a_log_that_was_changed_is_refused_in_a_line(capsys, file):
    with TakeStore(file) as store:
        store._database.execute("UPDATE log SET words = replace(words, 'violin', 'viola') WHERE number = 1")
    status, out, err = said(capsys, "log", "--takes", str(file))
    assert status != 0
    assert out == ""
    assert err.startswith("hitpoint: the log was changed by something else than Hitpoint: entry 1 ")


SHEET = """
frame_rate: "25"
cues:
  - {number: 1m01, start: "01:00:00:00", end: "01:00:06:00", prompt: "calm, cello, 120 bpm", hits: []}
  - {number: 1m02, start: "01:00:10:00", end: "01:00:12:00"}
"""


def test_takes_of_a_sheets_cues_are_made_beside_it_each_undone_by_itself_and_a_cue_that_fails_is_named(
    capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    sheet, memory = tmp_path / "door.yaml", tmp_path / "door.takes.db"
    sheet.write_text(SHEET)
    status, out, err = said(capsys, "make", "--sheet", "door.yaml", "--count", "2", "--seed", "5")
    first, second = ids(memory)
    assert status == 1
    assert out.startswith(f"take {first} of 1m01: ")
    assert err == "1m02: it has no prompt: nothing says what to play. Give it one, such as `prompt: calm, strings`.\n"
    with TakeStore(memory) as store:
        assert [one.seed for one in store.all()] == [5, 6]
        assert store.music(first).score.timeline.start_frame == 90000
    assert said(capsys, "undo", "--sheet", "door.yaml")[1] == f"{second}: make undone, the take is gone\n"
    assert ids(memory) == [first]
    status, out, _ = said(capsys, "make", "--sheet", "door.yaml", "--cue", "1M01", "--seed", "6", "--json")
    assert (status, json.loads(out)["takes"][0]["id"]) == (0, second)
    for wrong, what in ((["--cue", "1m09"], "no cues '1m09'"), (["--count", "0"], "outside 1 to 100")):
        status, _, err = said(capsys, "make", "--sheet", "door.yaml", *wrong)
        assert (status, what in err) == (EXIT_MISTAKE, True)
    assert said(capsys, "make")[0] == EXIT_MISTAKE


def test_who_interrupts_the_making_of_takes_is_told_which_are_kept(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "door.yaml").write_text(SHEET)
    remembered = takes_make._remembered

    def first_alone(arguments, path, take):
        if path.exists():
            raise KeyboardInterrupt
        return remembered(arguments, path, take)

    monkeypatch.setattr(takes_make, "_remembered", first_alone)
    status, out, err = said(capsys, "make", "--sheet", "door.yaml", "--count", "2", "--seed", "5")
    (kept,) = ids(tmp_path / "door.takes.db")
    assert (status, out, err) == (130, "", f"hitpoint: interrupted: takes that are made and kept: {kept}\n")
