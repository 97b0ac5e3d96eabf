"""The doctor says whether Link can be had, and by whose licence."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from hitpoint.cli import link_check
from hitpoint.cli.machine_checks import Health
from hitpoint.config.load import load_settings
from hitpoint.config.settings import Settings
from hitpoint.errors import PortError


def settings(tmp_path: Path, **flags: str) -> Settings:
    file = tmp_path / "given.yaml"
    file.write_text("", encoding="utf-8")
    return load_settings(file, flags, {}, tmp_path / "none.yaml")


def missing() -> None:
    raise PortError("Ableton Link needs the extra: pip install 'hitpoint[link]'.")


def test_it_names_version_and_licence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_check, "load_library", SimpleNamespace)
    monkeypatch.setattr(link_check.metadata, "version", lambda _: "1.3.0")
    found = link_check.link(settings(tmp_path))
    assert found.health is Health.OK
    assert "1.3.0" in found.found
    assert "GPL-2.0-or-later" in found.found


@pytest.mark.parametrize("flags", [{"follow": "link"}, {"output.link": "true"}])
def test_it_warns_who_wants_link_and_has_not_got_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: dict[str, str]
) -> None:
    monkeypatch.setattr(link_check, "load_library", missing)
    assert link_check.link(settings(tmp_path)).health is Health.OK
    found = link_check.link(settings(tmp_path, **flags))
    assert found.health is Health.WARN
    assert "hitpoint[link]" in found.found
