"""`hitpoint doctor` says of each host's bridge whether it is there, whole and of this version."""

import socket
from pathlib import Path

import pytest

from fakes.installed_host import HOMES, InstalledHost
from hitpoint.cli.bridge_checks import BRIDGE_PORTS, bridge_ports, bridges, is_free
from hitpoint.cli.machine_checks import Finding, Health
from hitpoint.config.host_folders import Machine


@pytest.fixture
def reaper(tmp_path: Path) -> InstalledHost:
    return InstalledHost(tmp_path, "linux", "reaper")


def found(host: InstalledHost, *programs: str) -> dict[str, Finding]:
    environment = {name: str(host.home / place) for name, place in HOMES[host.platform].items()}
    machine = Machine(host.platform, environment, host.home)
    return {finding.check: finding for finding in bridges(machine, host.scripts, programs)}


def test_a_host_without_its_bridge_is_told_how_to_get_it(reaper: InstalledHost) -> None:
    findings = found(reaper)
    assert set(findings) == {"REAPER bridge"}
    assert findings["REAPER bridge"].health is Health.WARN
    assert "hitpoint install reaper" in findings["REAPER bridge"].advice


@pytest.mark.parametrize(("platform", "name"), [("linux", "reaper"), ("win32", "live"), ("darwin", "ardour")])
def test_a_bridge_that_is_whole_is_well(tmp_path: Path, platform: str, name: str) -> None:
    host = InstalledHost(tmp_path, platform, name)
    host.install()
    assert {finding.health for finding in found(host).values()} == {Health.OK}


def test_one_that_another_version_put_there_is_outdated(reaper: InstalledHost, monkeypatch) -> None:
    monkeypatch.setattr("hitpoint.cli.install.__version__", "0.0.1")
    reaper.install()
    reaper.script("reaper/hitpoint_vary.lua", b"-- @description vary better\n")
    finding = found(reaper)["REAPER bridge"]
    assert finding.health is Health.WARN
    assert "0.0.1" in finding.found
    assert "another version" in finding.found
    assert finding.advice == "Run: hitpoint install reaper."


def test_one_of_which_a_file_is_gone_is_not_whole(reaper: InstalledHost) -> None:
    reaper.install()
    (reaper.resource / "Scripts/Hitpoint/hitpoint_core.lua").unlink()
    assert "not whole" in found(reaper)["REAPER bridge"].found


def test_one_that_waits_for_reaper_to_be_closed_says_so(reaper: InstalledHost) -> None:
    reaper.install(runs=True)
    findings = found(reaper, "reaper")
    assert "reaper.ini" in findings["REAPER bridge"].found
    assert "Close REAPER" in findings["REAPER bridge"].advice
    assert "no surface" in findings["REAPER surface"].found


def test_a_surface_that_a_person_has_changed_is_shown(reaper: InstalledHost) -> None:
    reaper.put(
        "reaper.ini", b'[REAPER]\ncsurf_0=OSC "Hitpoint" 3 8000 "10.0.0.1" 9000 1024 10 "Hitpoint"\ncsurf_cnt=1\n'
    )
    reaper.install()
    finding = found(reaper)["REAPER surface"]
    assert finding.health is Health.WARN
    assert "10.0.0.1" in finding.found


def test_a_ledger_that_cannot_be_read_is_a_finding(reaper: InstalledHost) -> None:
    (one,) = reaper.install()
    one.kept_in.write_bytes(b"{")
    assert one.kept_in.name in found(reaper)["REAPER bridge"].found


def test_looking_changes_nothing(reaper: InstalledHost) -> None:
    reaper.install()
    before = reaper.tree()
    found(reaper, "reaper")
    assert reaper.tree() == before


def test_ports_in_use_by_whom_they_are_for_are_well() -> None:
    assert bridge_ports("", [], lambda _: True).health is Health.OK
    assert bridge_ports("Hitpoint runs", ["reaper", "live"], lambda _: False).health is Health.OK


@pytest.mark.parametrize("port", BRIDGE_PORTS)
def test_a_port_in_use_by_another_is_named(port: int) -> None:
    finding = bridge_ports("", [], lambda asked: asked != port)
    assert finding.health is Health.WARN
    assert str(port) in finding.found
    assert finding.advice


def test_a_port_is_free_until_somebody_has_it() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert not is_free(port)
    assert is_free(port)
