from pathlib import Path

import pytest

from hitpoint.config.load import load_settings
from hitpoint.engine.session_file import write_session
from hitpoint.engine.startup import control_settings, start_session
from hitpoint.errors import ConfigError
from hitpoint.score.bound_control import BoundControl
from hitpoint.score.session import Session


def settings_with(tmp_path: Path, bindings: str):
    file = tmp_path / "given.yaml"
    file.write_text(f"midi: {{bindings: [{bindings}]}}", encoding="utf-8")
    return control_settings(load_settings(file, {}, {}, tmp_path / "none.yaml"))


def test_what_controllers_drive_comes_from_the_settings(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, "{source: cc 1, target: /hitpoint/undo}")
    assert settings.bindings == (BoundControl("cc 1", "/hitpoint/undo"),)


def test_every_binding_that_means_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"bindings 1: .knob 1. is no MIDI control.*bindings 2: no address"):
        settings_with(tmp_path, "{source: knob 1, target: /hitpoint/undo}, {source: cc 1, target: /undo}")


def test_a_session_knows_what_the_model_reads_that_was_chosen_in_it_or_that_writes_where_it_is_gone(
    tmp_path: Path,
) -> None:
    deaf = tmp_path / "deaf"
    deaf.mkdir()
    (deaf / "vocabulary.json").write_text('{"fields": [{"name": "key"}]}')
    settings = load_settings(None, {"model.bundle": str(deaf)}, {}, tmp_path / "none.yaml")
    file = tmp_path / "film.session"
    for chosen, reads in (("large-1", True), ("gone", False), ("", False)):
        write_session(file, Session(model=chosen), ())
        session, _ = start_session(settings, None, "", file)
        assert session.model == chosen
        assert ("harmony_1" in session.model_reads) is reads


def test_a_session_knows_what_the_bundle_of_the_settings_reads(tmp_path: Path) -> None:
    deaf = tmp_path / "deaf"
    deaf.mkdir()
    (deaf / "vocabulary.json").write_text('{"fields": [{"name": "key"}]}')
    for bundle, reads in (("small-2", True), (str(deaf), False), ("nowhere", False)):
        settings = load_settings(None, {"model.bundle": bundle}, {}, tmp_path / "none.yaml")
        assert ("harmony_1" in start_session(settings, None, "", None)[0].model_reads) is reads
