"""The doctor says whether surfaces on the network find Hitpoint."""

from pathlib import Path

import pytest

from hitpoint.cli import announce_check
from hitpoint.cli.machine_checks import Health
from hitpoint.config.load import load_settings
from hitpoint.config.settings import Settings
from hitpoint.errors import PortError


def settings(tmp_path: Path, **flags: str) -> Settings:
    file = tmp_path / "given.yaml"
    file.write_text("", encoding="utf-8")
    return load_settings(file, flags, {}, tmp_path / "none.yaml")


OSC = {"osc.host": "0.0.0.0", "osc.lan": "true"}
PAGE = {"page.host": "0.0.0.0", "page.lan": "true"}


def missing() -> None:
    raise PortError("needs the extra: pip install 'hitpoint[lan]'.")


def test_who_opened_nothing_is_not_told_of_an_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announce_check, "load_library", missing)
    found = announce_check.announcing(settings(tmp_path))
    assert found.health is Health.OK
    assert "hitpoint[lan]" not in found.found


def test_who_opened_something_is_told_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announce_check, "load_library", missing)
    found = announce_check.announcing(settings(tmp_path, **OSC))
    assert found.health is Health.WARN
    assert "hitpoint[lan]" in found.found


def test_what_is_announced_is_named_with_its_licence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announce_check, "load_library", lambda: None)
    monkeypatch.setattr(announce_check.metadata, "version", lambda _: "0.1")
    found = announce_check.announcing(settings(tmp_path, **OSC, **PAGE))
    assert "_oscjson._tcp, _osc._udp" in found.found
    assert "LGPL" in found.found
