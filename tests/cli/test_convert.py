"""The command `hitpoint convert`."""

import json

import pytest

from hitpoint.cli.main import EXIT_MISTAKE, main

EDL = """TITLE: Reel 1
FCM: NON-DROP FRAME

001  001      V     C        01:00:10:00 01:00:10:01 01:00:10:00 01:00:10:01
tense, 96 bpm |C:ResolveColorRed |M:1m01 Door |D:240

002  001      V     C        01:00:12:05 01:00:12:06 01:00:12:05 01:00:12:06
 |C:ResolveColorBlue |M:HIT slams |D:1
"""


def test_a_list_becomes_a_sheet_and_comes_back(tmp_path, capsys):
    edl, sheet, back = (tmp_path / name for name in ("markers.edl", "reel.yaml", "back.edl"))
    edl.write_text(EDL)
    assert main(["convert", str(edl), str(sheet), "--frame-rate", "24", "--json"]) == 0
    captured = capsys.readouterr()
    said = json.loads(captured.out)
    assert (said["from"], said["to"], said["frame_rate"], said["markers"]) == ("resolve", "sheet", "24", 2)
    assert [loss["what"] for loss in said["lost"]] == ["colour"]
    assert "1m01 Door (01:00:10:00), HIT slams (01:00:12:05)" in captured.err
    assert main(["convert", str(sheet), str(back)]) == 0
    assert "as a Resolve marker EDL" in capsys.readouterr().out
    assert "|M:1m01 Door |D:240" in back.read_text()
    assert "01:00:12:05" in back.read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["in.edl", "out.yaml"], "--frame-rate"),
        (["in.edl", "out.yaml", "--frame-rate", "26"], "frame rate '26'"),
        (["in.edl", "out.doc", "--frame-rate", "24"], "--to"),
        (["in.edl", "out.x", "--to", "avid", "--frame-rate", "24"], "'avid'"),
        (["in.edl", "out.mid", "--from", "reaper", "--frame-rate", "24"], "in.edl line 1"),
        (["in.edl", "in.edl", "--frame-rate", "24"], "in.edl is what it is made from"),
        (["in.edl", "none/out.mid", "--frame-rate", "24"], "not a folder"),
        (["gone.edl", "out.mid", "--frame-rate", "24"], "gone.edl cannot be read"),
        ([".", "out.mid", "--frame-rate", "24"], "cannot be read"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(tmp_path, capsys, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.edl").write_text(EDL)
    assert main(["convert", *arguments]) == EXIT_MISTAKE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert says in captured.err
    assert [path.name for path in tmp_path.iterdir()] == ["in.edl"]
