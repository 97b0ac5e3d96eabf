"""The command `hitpoint sheet conform`."""

import json

import pytest

from fakes.takes import a_take
from hitpoint.cli.main import EXIT_MISTAKE, main
from hitpoint.engine.take_store import TakeStore
from hitpoint.hosts.sheet_reader import read_sheet

OLD = """TITLE: cut 3
001  AX       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: A
002  AX       V     C        00:00:00:00 00:00:02:00 01:00:02:00 01:00:04:00
* FROM CLIP NAME: B
"""
NEW = """TITLE: cut 4
001  AX       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: B
"""
SHEET = """frame_rate: "24"
cues:
  - {number: 1m01, start: "01:00:00:00", end: "01:00:02:00", hits: [{at: "01:00:01:00", name: door}]}
  - {number: 1m02, start: "01:00:02:00", end: "01:00:04:00"}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with two cuts and the sheet of the first."""
    for name, text in (("v3.edl", OLD), ("v4.edl", NEW), ("v3.yaml", SHEET)):
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_sheet_beside_the_old_cut_gets_one_beside_the_new(folder, capsys):
    assert main(["sheet", "conform", "v3.edl", "v4.edl"]) == 0
    captured = capsys.readouterr()
    assert "1m01     cut" in captured.out
    assert "1m02     moved     01:00:02:00 to 01:00:00:00, 48 frames earlier" in captured.out
    assert "1m01: hit 'door' at 01:00:01:00 fell out" in captured.err
    assert (folder / "v3.yaml").read_text() == SHEET
    assert 'start: "01:00:00:00"' in (folder / "v4.yaml").read_text()


@pytest.mark.usefixtures("folder")
def test_json_says_the_same(capsys):
    assert main(["sheet", "conform", "v3.edl", "v4.edl", "--sheet", "v3.yaml", "-o", "x.yaml", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [(cue["number"], cue["state"], cue["moved_frames"]) for cue in said["cues"]] == [
        ("1m01", "cut", 0),
        ("1m02", "moved", -48),
    ]
    assert said["cues"][0]["lost_hits"] == [{"name": "door", "at": "01:00:01:00"}]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["v4.edl", "v3.edl"], "v4.yaml is not there"),
        (["v3.edl", "v3.edl"], "v3.yaml is what it is made from"),
        (["v3.edl", "v4.edl", "-o", "v3.yaml"], "v3.yaml is what it is made from"),
        (["v3.edl", "gone.edl"], "gone.edl cannot be read"),
        (["v3.edl", "v4.edl", "-o", "none/x.yaml"], "not a folder"),
        (["v3.edl", "v4.edl", "--sheet", "v4.edl"], "v4.edl"),
        (["v3.yaml", "v4.edl", "--sheet", "v3.yaml"], "v3.yaml has no events"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(folder, capsys, arguments, says):
    before = sorted(folder.iterdir())
    assert main(["sheet", "conform", *arguments]) == EXIT_MISTAKE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert says in captured.err
    assert sorted(folder.iterdir()) == before


def test_curves_move_with_their_cue(folder):
    points = '[{at: "01:00:02:00", value: 0.1}, {at: "01:00:03:12", value: 0.8}]'
    drawn = SHEET.replace('end: "01:00:04:00"}', f'end: "01:00:04:00", curves: {{tension: {points}, valence: 0.5}}}}')
    (folder / "v3.yaml").write_text(drawn)
    assert main(["sheet", "conform", "v3.edl", "v4.edl"]) == 0
    (moved,) = read_sheet(folder / "v4.yaml").cues
    tension, valence = sorted(moved.curves, key=lambda curve: curve.name)
    assert tension.points == ((86400, 0.1), (86400 + 36, 0.8))
    assert valence.text == "0.5"


def test_curves_of_a_stretched_cue_go_with_their_frames_and_what_is_lost_is_told(folder, capsys):
    event = "001  AX  V  C  00:00:00:00 {length} {record}\n* FROM CLIP NAME: {clip}\n".format
    first, last = event(length="00:00:02:00", record="01:00:00:00 01:00:02:00", clip="A"), "00:00:02:00"
    old = event(length="00:00:01:00", record="01:00:02:00 01:00:03:00", clip="B")
    new = event(length="00:00:00:10", record="01:00:02:00 01:00:02:10", clip="N")
    (folder / "a.edl").write_text(first + old + event(length=last, record="01:00:03:00 01:00:05:00", clip="C"))
    (folder / "b.edl").write_text(first + new + event(length=last, record="01:00:02:10 01:00:04:10", clip="C"))
    tension = "tension: [{at: 00:59:59:00, value: 0.1}, {at: 01:00:02:12, value: 0.9}, {at: 01:00:03:00, value: 0.3}]"
    curves = f"{{{tension}, valence: [{{at: 01:00:02:20, value: 0}}], arousal: 0.1>0.9, intensity: [0.1, 0.5]}}"
    (folder / "a.yaml").write_text(
        'title: T\nframe_rate: "24"\ncues:\n'
        f"  - {{number: 1m01, start: 01:00:00:00, end: 01:00:05:00, prompt: calm, curves: {curves}}}\n"
    )
    assert main(["sheet", "conform", "a.edl", "b.edl"]) == 0
    (cue,) = read_sheet(folder / "b.yaml").cues
    drawn = {curve.name: curve.points or curve.text for curve in cue.curves}
    # What lies before the cue stays before it; a curve none of whose points is left is none.
    assert drawn == {"tension": ((86_376, 0.1), (86_458, 0.3)), "arousal": "0.1>0.9", "intensity": "0.1,0.5"}
    assert [line for line in capsys.readouterr().err.splitlines() if "curve" in line] == [
        "1m01: curve tension: its point at 01:00:02:12 fell out",
        "1m01: curve valence: its point at 01:00:02:20 fell out",
        "1m01: curve intensity: its bars are those of the old timing",
    ]


def test_a_cue_sheet_is_written_and_what_is_missing_is_named(folder, capsys):
    given = ["--set", "company=Lantern Films", "--set", "writer_pro=GEMA"]
    assert main(["sheet", "cues", "v3.yaml", *given, "-o", "cues.csv"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "cues.csv: 2 cues\n"
    assert "left empty: title, series, " in captured.err
    assert "company" not in captured.err
    content = (folder / "cues.csv").read_text(encoding="utf-8-sig")
    assert "company,Lantern Films\n" in content
    assert "1,1m01,,,01:00:00:00,01:00:02:00,48,0:02,,GEMA,,,,,,\n" in content


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["v3.yaml", "-o", "v3.yaml"], "v3.yaml is what it is made from"),
        (["v3.yaml", "-o", "no/cues.csv"], "no is not a folder"),
        (["v3.yaml", "--set", "writr=x", "-o", "cues.csv"], "writer"),
        (["v3.yaml", "--set", "writer", "-o", "cues.csv"], "has no value"),
        (["v3.yaml", "--set", "writer=Klein", "--set", "writer=Roth", "-o", "cues.csv"], "writer is given twice"),
        (["v3.yaml", "--set", "writer_pro=GEMA", "--set", "writer pro=SACEM", "-o", "cues.csv"], "is given twice"),
        (["none.yaml", "-o", "cues.csv"], "none.yaml"),
    ],
)
def test_a_cue_sheets_mistakes_are_one_line_and_write_nothing(folder, capsys, arguments, says):
    assert main(["sheet", "cues", *arguments]) == EXIT_MISTAKE
    captured = capsys.readouterr()
    assert len(captured.err.splitlines()) == 1
    assert says in captured.err
    assert (folder / "v3.yaml").read_text() == SHEET
    assert not (folder / "cues.csv").exists()


def test_the_takes_of_a_sheet_go_along_to_the_new_cut_and_stay_with_the_old(folder, capsys):
    with TakeStore(folder / "v3.takes.db") as store:
        name = store.remember(a_take(cue="1m02")).id
        store.rate(name, 5, "this one")
        kept = store.facts(name), store.music(name)
    assert main(["sheet", "conform", "v3.edl", "v4.edl"]) == 0
    assert "the takes go along: v4.takes.db" in capsys.readouterr().err
    for path in ("v3.takes.db", "v4.takes.db"):
        with TakeStore(folder / path) as store:
            assert (store.facts(name), store.music(name)) == kept
    # A new cut that has takes of its own keeps them.
    with TakeStore(folder / "v4.takes.db") as store:
        store.rate(name, 1)
    assert main(["sheet", "conform", "v3.edl", "v4.edl", "-o", "v4.yaml"]) == 0
    told = capsys.readouterr().err
    assert "go along" not in told
    assert "v4.takes.db is there already: no takes of v3.yaml were added to it" in told
    with TakeStore(folder / "v4.takes.db") as store:
        assert store.facts(name).rating == 1
