"""`hitpoint config` shows what is in effect."""

import argparse
import json
from pathlib import Path

import pytest

from hitpoint.cli import config
from hitpoint.config.load import readers
from hitpoint.errors import ConfigError


def run(*words: str) -> int:
    """The command as typed after `hitpoint`."""
    parser = argparse.ArgumentParser()
    config.add_parser(parser.add_subparsers())
    return config.run(parser.parse_args(["config", *words]))


def test_json_is_one_object_with_every_setting_and_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert set(printed["settings"]) == set(readers())
    assert printed["settings"]["osc.port"] == {"value": 19790, "source": "defaults"}
    assert printed["user_file"].endswith("config.yaml")


def test_people_see_a_line_a_setting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "studio.yaml"
    file.write_text("output:\n  offsets_ms: {strings: -60}\n", encoding="utf-8")
    assert run("--config", str(file)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "not there yet" in lines[0]
    assert any(line.split() == ["output.offsets_ms", '{"strings":', "-60.0}", str(file), "line", "2"] for line in lines)


def test_a_mistake_is_a_config_error(tmp_path: Path) -> None:
    (tmp_path / "studio.yaml").write_text("seeed: 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="Did you mean 'seed'"):
        run("--config", str(tmp_path / "studio.yaml"))
