"""Every command leaves another file that is there alone, unless it is told to replace it."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.takes import a_take
from hitpoint.cli.main import EXIT_MISTAKE, main
from hitpoint.engine.take_store import TakeStore

CUT = """TITLE: cut {number}
001  AX       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: A
"""
SHEET = """frame_rate: "24"
cues:
  - {number: 1m01, start: "01:00:00:00", end: "01:00:02:00", hits: [{at: "01:00:01:00", name: door}]}
"""
COMMANDS = {
    "convert": ("convert reel.yaml new.csv", "new.csv"),
    "conform": ("sheet conform v3.edl v4.edl --sheet reel.yaml -o new.yaml", "new.yaml"),
    "conform beside": ("sheet conform v3.edl v4.edl --sheet reel.yaml", "v4.yaml"),
    "cues": ("sheet cues reel.yaml -o cues.csv", "cues.csv"),
    "map": ("tempomap reel.yaml -o map.mid", "map.mid"),
    "sheet with map": ("tempomap reel.yaml -o mapped.yaml", "mapped.yaml"),
    "layout": ("layout -o stage.json", "stage.json"),
    "tablet": ("layout -o stage.tosc", "stage.tosc"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sheet and two cuts."""
    (tmp_path / "reel.yaml").write_text(SHEET)
    for number in (3, 4):
        (tmp_path / f"v{number}.edl").write_text(CUT.format(number=number))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_the_same_command_again_is_no_mistake_and_another_file_is_left_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    words, file = COMMANDS[name][0].split(), folder / COMMANDS[name][1]
    assert main(words) == 0
    first = file.read_bytes()
    assert main(words) == 0
    assert file.read_bytes() == first
    file.write_bytes(b"mine")
    capsys.readouterr()
    assert main(words) == EXIT_MISTAKE
    assert f"{file.name} is there already, and differs. Give --force" in capsys.readouterr().err
    assert file.read_bytes() == b"mine"
    assert main([*words, "--force"]) == 0
    assert file.read_bytes() == first


@pytest.mark.parametrize(
    "words",
    [
        "convert reel.yaml reel.yaml",
        "convert reel.yaml ./reel.yaml --force",
        "sheet cues reel.yaml -o reel.yaml --force",
        "sheet conform v3.edl v4.edl --sheet reel.yaml -o v4.edl --force",
    ],
)
def test_what_a_file_is_made_from_is_kept_whatever_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(words.split()) == EXIT_MISTAKE
    assert "is what it is made from, and is kept" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_sheet_gets_its_own_map_only_when_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tempomap", "reel.yaml", "-o", "reel.yaml"]) == EXIT_MISTAKE
    assert "--force" in capsys.readouterr().err
    assert (folder / "reel.yaml").read_text() == SHEET
    assert main(["tempomap", "reel.yaml", "--write"]) == 0
    assert "tempo_map" in (folder / "reel.yaml").read_text()


COMMAND = (sys.executable, "-m", "hitpoint", "sheet")


@pytest.mark.parametrize("place", ["-", "/dev/stdout"])
@pytest.mark.parametrize("into", ["a pipe", "a file", "a socket"])
def test_standard_output_gets_the_file_and_not_what_is_said_of_it(folder: Path, place: str, into: str) -> None:
    words = ("cues", "reel.yaml", "-o")
    if into == "a pipe":
        done = subprocess.run([*COMMAND, *words, place], capture_output=True, check=True)
        heard = done.stdout
    elif into == "a file":
        with (folder / "heard").open("wb") as file:
            done = subprocess.run([*COMMAND, *words, place], stdout=file, stderr=subprocess.PIPE, check=True)
        heard = (folder / "heard").read_bytes()
    else:
        near, far = socket.socketpair()
        with near, far:
            done = subprocess.run([*COMMAND, *words, place], stdout=far, stderr=subprocess.PIPE, check=True)
            heard = near.recv(100_000)
    assert main(["sheet", *words, "cues.csv"]) == 0
    assert heard == (folder / "cues.csv").read_bytes()
    assert b"1 cues" in done.stderr


def test_takes_stay_where_they_are_when_a_sheet_goes_to_standard_output(folder: Path) -> None:
    with TakeStore(folder / "reel.takes.db") as store:
        store.remember(a_take())
    with (folder / "new.yaml").open("wb") as file:
        words = ("conform", "v3.edl", "v4.edl", "--sheet", "reel.yaml", "-o", "-")
        done = subprocess.run([*COMMAND, *words], stdout=file, stderr=subprocess.PIPE, check=True)
    assert b"takes" not in done.stderr
    assert "1m01" in (folder / "new.yaml").read_text()
