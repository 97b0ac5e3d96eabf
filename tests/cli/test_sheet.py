"""The command `hitpoint sheet conform`."""

import json

import pytest

from hitpoint.cli.main import EXIT_MISTAKE, main

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
        (["v3.edl", "v3.edl"], "v3.yaml is there already"),
        (["v3.edl", "v4.edl", "-o", "v3.yaml"], "one of the files"),
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
