"""The model that is named is the one that writes."""

import argparse
from pathlib import Path

import pytest

from hitpoint.cli.main import main
from hitpoint.cli.model_options import add_model_options, chosen_settings


def settings_of(*words: str) -> str:
    parser = argparse.ArgumentParser()
    add_model_options(parser)
    return chosen_settings(parser.parse_args(words)).model.bundle


def test_a_bundle_that_is_named_goes_before_that_of_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("model: {bundle: mine}\n")
    assert settings_of("--config", str(file)) == "mine"
    assert settings_of("--config", str(file), "--bundle", "large-1") == "large-1"


@pytest.mark.parametrize("command", [("render", "calm"), ("infill", "x.mid", "--bars", "1", "--parts", "cello")])
def test_a_bundle_that_is_not_there_is_told(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.mid").write_bytes(b"")
    assert main([*command, "-o", "out.mid", "--bundle", "large-l"]) == 2
    assert "Did you mean 'large-1'?" in capsys.readouterr().err
    assert not (tmp_path / "out.mid").exists()
