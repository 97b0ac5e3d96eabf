"""`hitpoint layout` writes what the settings name."""

import argparse
import json
import zlib
from pathlib import Path

import pytest

from hitpoint.cli import layout
from hitpoint.errors import HitpointError


def run(*words: str) -> int:
    """The command as typed after `hitpoint`."""
    parser = argparse.ArgumentParser()
    layout.add_parser(parser.add_subparsers())
    return layout.run(parser.parse_args(["layout", *words]))


@pytest.fixture
def config(tmp_path: Path) -> str:
    file = tmp_path / "studio.yaml"
    file.write_text("states: {calm: 'calm, strings'}\nosc: {port: 19999}\nstingers: {boom: 'hit, drums'}\n")
    return str(file)


def test_states_and_stingers_come_from_the_settings(tmp_path: Path, config: str) -> None:
    session, tablet = tmp_path / "stage.json", tmp_path / "stage.tosc"
    assert run("-o", str(session), "--config", config, "--parts", "violin 1, cello") == 0
    widgets = json.loads(session.read_text())["content"]["widgets"]
    addresses = {widget["address"] for widget in widgets if "address" in widget}
    assert {one for one in addresses if "/stinger/" in one} == {"/hitpoint/stinger/boom"}
    assert {one for one in addresses if "/part/" in one} == {
        "/hitpoint/part/violin_1/mute",
        "/hitpoint/part/cello/mute",
    }
    assert {"calm"} == {one["preArgs"][0] for one in widgets if one.get("address") == "/hitpoint/state/go"}
    assert all(widget["target"] == ["127.0.0.1:19999"] for widget in widgets if "address" in widget)
    assert run("-o", str(tablet), "--config", config) == 0
    assert "/hitpoint/part/strings/mute" in zlib.decompress(tablet.read_bytes()).decode()


def test_json_is_one_object(tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "stage.tosc"
    assert run("-o", str(file), "--config", config, "--json") == 0
    assert json.loads(capsys.readouterr().out)["file"] == str(file)


def test_mistakes_are_told_before_anything_is_written(tmp_path: Path, config: str) -> None:
    there = tmp_path / "there.tosc"
    there.write_bytes(b"mine")
    mistakes = {
        ("-o", str(tmp_path / "stage.txt")): r"\.json .* \.tosc",
        ("-o", str(there)): "--force",
        ("-o", str(tmp_path / "none" / "stage.tosc")): "is not a folder",
        ("-o", str(tmp_path / "stage.tosc"), "--receive-port", "70000"): "no UDP port",
    }
    for words, said in mistakes.items():
        with pytest.raises(HitpointError, match=said):
            run(*words, "--config", config)
    assert there.read_bytes() == b"mine"
    assert run("-o", str(there), "--config", config, "--force") == 0
    assert there.read_bytes() != b"mine"
