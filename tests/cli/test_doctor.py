"""`hitpoint doctor` says what works and what to do."""

import argparse
import json
import socket
from pathlib import Path

import pytest

from hitpoint.cli import doctor
from hitpoint.cli.host_checks import hosts, installed_hosts
from hitpoint.cli.machine_checks import Health, folders, libraries, log, model, osc_port, python_version
from hitpoint.cli.system_checks import system_troubles
from hitpoint.config.load import load_settings
from hitpoint.config.settings import Settings


def settings(**flags: str) -> Settings:
    """Defaults with some changed."""
    return load_settings(flags={name.replace("__", "."): text for name, text in flags.items()})


@pytest.mark.parametrize(
    ("version", "health"),
    [((3, 10), Health.FAIL), ((3, 11), Health.OK), ((3, 12), Health.OK), ((3, 14), Health.OK)],
)
def test_old_pythons_fail_and_new_ones_build_from_source(version: tuple[int, int], health: Health) -> None:
    finding = python_version(version)
    assert finding.health is health
    assert ("source" in finding.found) == (version > (3, 12))


def test_the_libraries_are_there() -> None:
    assert libraries().health is Health.OK


def test_a_missing_bundle_fails_with_what_to_do() -> None:
    finding = model(settings(model__bundle="nowhere-9"))
    assert finding.health is Health.FAIL
    assert "nowhere-9" in finding.found
    assert finding.advice


def test_a_taken_port_fails_unless_hitpoint_itself_has_it() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        where = settings(osc__port=str(taken.getsockname()[1]))
        assert osc_port(where, running="").health is Health.FAIL
        assert osc_port(where, running="Hitpoint runs").health is Health.OK
    assert osc_port(where, running="").health is Health.OK


def test_folders_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert folders((tmp_path / "not" / "yet",)).health is Health.OK
    finding = folders((tmp_path / "file" / "below",))
    assert finding.health is Health.WARN
    assert "below" in finding.found


def test_the_log_is_named_and_a_place_that_cannot_be_written_told(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "hitpoint.log"
    assert str(file) in log(settings(log__file=str(file))).found
    (tmp_path / "file").write_text("")
    finding = log(settings(log__file=str(tmp_path / "file" / "hitpoint.log")))
    assert finding.health is Health.WARN
    assert "log.file" in finding.advice


def test_hosts_are_found_where_installers_put_them(tmp_path: Path) -> None:
    (tmp_path / ".config" / "REAPER").mkdir(parents=True)
    program = tmp_path / "bin" / "ardour"
    program.parent.mkdir()
    program.write_text("")
    program.chmod(0o755)
    found = installed_hosts("linux", {"PATH": str(tmp_path / "bin")}, tmp_path)
    assert found["REAPER"] == str(tmp_path / ".config" / "REAPER")
    assert found["Ardour"] == str(program)
    (tmp_path / "Ableton" / "Live 12 Suite").mkdir(parents=True)
    assert "Live" in installed_hosts("win32", {"PROGRAMDATA": str(tmp_path)}, tmp_path)
    assert installed_hosts("plan9", {}, tmp_path) == {}


def test_hosts_that_run_are_said_to_and_found_by_it() -> None:
    found = {"REAPER": "/opt/REAPER/reaper", "Ardour": "/usr/bin/ardour"}
    finding = hosts(found, {"reaper", "ableton live 12 suite", "bash"})
    assert finding.found == "REAPER (/opt/REAPER/reaper, runs), Ardour (/usr/bin/ardour), Live (runs)"
    assert finding.health is Health.OK
    none = hosts({}, {"bash"})
    assert none.health is Health.WARN
    assert none.advice


@pytest.mark.realtime
def test_the_whole_of_it_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    doctor.add_parser(parser.add_subparsers())
    status = doctor.run(parser.parse_args(["doctor", "--json"]))
    printed = json.loads(capsys.readouterr().out)
    health = {check["check"]: check["health"] for check in printed["checks"]}
    # What a machine's own hosts add differs from one to the next.
    names = {name for name in health if not name.endswith((" bridge", " surface"))}
    assert names == {
        "Python", "libraries", "model", "MIDI ports", "JACK", "Link", "real-time priority", "timing", "OSC port",
        "control page", "SoundFont", "announcing", "folders", "log", "bridge scripts", "hosts", "bridge ports",
    } | {finding.check for finding in system_troubles("Hitpoint")}  # fmt: skip
    assert status == (1 if "fail" in health.values() else 0)
    assert all(check["advice"] for check in printed["checks"] if check["health"] != "ok")
