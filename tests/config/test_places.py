"""Where things are."""

from pathlib import Path

import pytest

from hitpoint.config.places import (
    bundle_folder,
    bundle_named,
    bundle_names,
    fields_read,
    kept_folder,
    log_file,
    shipped_folder,
    user_config_file,
)
from hitpoint.errors import ModelError


def test_in_a_clone_things_are_at_the_top_level() -> None:
    root = Path(__file__).parents[2]
    assert shipped_folder("bridge_scripts") == root / "bridge_scripts"


def test_in_an_installed_package_they_are_inside_it(tmp_path: Path) -> None:
    (tmp_path / "hitpoint" / "bundled" / "models").mkdir(parents=True)
    assert shipped_folder("models", tmp_path / "hitpoint") == tmp_path / "hitpoint" / "bundled" / "models"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for name in ("small-2", "tiny-2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.onnx").write_bytes(b"")
    return tmp_path


def test_a_bundle_is_found_by_name_or_by_path(models: Path) -> None:
    assert bundle_folder("small-2", models) == models / "small-2"
    assert bundle_folder(str(models / "tiny-2"), models) == models / "tiny-2"
    assert bundle_names(models) == ["small-2", "tiny-2"]


def test_a_missing_bundle_says_which_there_are(models: Path) -> None:
    with pytest.raises(ModelError, match=r"no model bundle 'smal-1'.* Did you mean 'small-2'\?"):
        bundle_folder("smal-1", models)
    with pytest.raises(ModelError, match="There are none"):
        bundle_folder("small-2", models / "tiny-2")
    with pytest.raises(ModelError):
        bundle_folder("", models)


def test_a_persons_own_bundles_have_names_too_but_none_hides_one_that_comes_along(models: Path, tmp_path: Path) -> None:
    for name in ("mine", "small-2"):
        (tmp_path / "own" / name).mkdir(parents=True)
        (tmp_path / "own" / name / "model.onnx").write_bytes(b"")
    for found in (bundle_folder, bundle_named):
        assert found("mine", models, tmp_path / "own") == tmp_path / "own" / "mine"
        assert found("small-2", models, tmp_path / "own") == models / "small-2"


@pytest.mark.parametrize("name", ["", ".", "..", "../models/small-2", "smal-2", "own"])
def test_what_is_asked_by_name_points_nowhere_else(models: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match="no model bundle is called"):
        bundle_named(name, models, tmp_path / "own")
    with pytest.raises(ModelError, match="no model bundle is called"):
        bundle_named(str(models / "small-2"), models, tmp_path / "own")


def test_settings_are_looked_for_where_each_system_keeps_them(tmp_path: Path) -> None:
    assert user_config_file("linux", {}, tmp_path) == tmp_path / ".config" / "hitpoint" / "config.yaml"
    assert user_config_file("linux", {"XDG_CONFIG_HOME": "/x"}, tmp_path) == Path("/x/hitpoint/config.yaml")
    mac = tmp_path / "Library" / "Application Support" / "Hitpoint" / "config.yaml"
    assert user_config_file("darwin", {}, tmp_path) == mac
    assert user_config_file("win32", {"APPDATA": "/r"}, tmp_path) == Path("/r/Hitpoint/config.yaml")


def test_the_log_is_where_each_system_keeps_logs(tmp_path: Path) -> None:
    assert log_file("linux", {}, tmp_path) == tmp_path / ".local" / "state" / "hitpoint" / "hitpoint.log"
    assert log_file("linux", {"XDG_STATE_HOME": "/x"}, tmp_path) == Path("/x/hitpoint/hitpoint.log")
    assert log_file("darwin", {}, tmp_path) == tmp_path / "Library" / "Logs" / "Hitpoint" / "hitpoint.log"
    assert log_file("win32", {"LOCALAPPDATA": "/r"}, tmp_path) == Path("/r/Hitpoint/Logs/hitpoint.log")


def test_what_was_installed_is_kept_where_each_system_keeps_such_things(tmp_path: Path) -> None:
    assert kept_folder("installs", "linux", {}, tmp_path) == tmp_path / ".local/state/hitpoint/installs"
    assert kept_folder("installs", "linux", {"XDG_STATE_HOME": "/s"}, tmp_path) == Path("/s/hitpoint/installs")
    assert kept_folder("installs", "darwin", {}, tmp_path) == tmp_path / "Library/Application Support/Hitpoint/installs"
    assert kept_folder("installs", "win32", {"LOCALAPPDATA": "/l"}, tmp_path) == Path("/l/Hitpoint/installs")


def test_a_bundle_tells_which_fields_it_reads(models: Path) -> None:
    (models / "tiny-2" / "vocabulary.json").write_text('{"fields": [{"name": "key", "size": 24}]}')
    assert fields_read("tiny-2", models) == {"key"}


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"fields": 3}', '{"fields": [3]}', '{"fields": [{}]}'])
def test_a_bundle_that_cannot_be_read_reads_no_field(models: Path, content: str | None) -> None:
    if content is not None:
        (models / "tiny-2" / "vocabulary.json").write_text(content)
    assert not fields_read("tiny-2", models)
    assert not fields_read("nowhere", models)
