"""`hitpoint doctor` on each system's usual troubles, on whatever system this runs."""

from pathlib import Path
from typing import NoReturn

import pytest

from hitpoint.cli.machine_checks import Health
from hitpoint.cli.system_checks import (
    LEAST_PRIORITY,
    alsa_sequencer,
    core_midi,
    loopback_ports,
    priority_limit,
    system_troubles,
)
from hitpoint.engine.realtime import PRIORITY
from hitpoint.errors import PortError


def test_a_missing_sequencer_is_told_with_what_to_do(tmp_path: Path) -> None:
    assert alsa_sequencer(tmp_path).health is Health.OK
    finding = alsa_sequencer(tmp_path / "seq")
    assert finding.health is Health.WARN
    assert "modprobe" in finding.advice


@pytest.mark.parametrize(("limit", "health"), [(-1, Health.OK), (95, Health.OK), (49, Health.WARN), (0, Health.WARN)])
def test_a_low_limit_is_told_with_what_to_do(limit: int, health: Health) -> None:
    finding = priority_limit(lambda: limit)
    assert finding.health is health
    assert bool(finding.advice) == (health is Health.WARN)
    assert LEAST_PRIORITY == PRIORITY


def test_loopback_ports_are_found_with_the_number_that_windows_adds() -> None:
    found = loopback_ports("Hitpoint", listed=lambda: ["Microsoft GS Wavetable Synth 0", "Hitpoint strings 1"])
    assert found.health is Health.OK
    assert found.found == "Hitpoint strings"


def test_without_loopback_ports_it_says_how_to_make_them() -> None:
    finding = loopback_ports("Cue", listed=lambda: ["Microsoft GS Wavetable Synth 0"])
    assert finding.health is Health.WARN
    assert '"Cue strings"' in finding.advice
    assert "loopMIDI" in finding.advice


def test_a_driver_that_does_not_run_is_told() -> None:
    def broken() -> NoReturn:
        raise PortError("no MIDI driver can be reached.")

    assert "no MIDI driver" in loopback_ports("Hitpoint", listed=broken).found


def test_each_system_has_its_own_troubles() -> None:
    assert [finding.check for finding in system_troubles("Hitpoint", platform="linux")] == [
        "ALSA sequencer",
        "rtprio limit",
    ]
    assert list(system_troubles("Hitpoint", platform="darwin")) == [core_midi("Hitpoint")]
    assert [finding.check for finding in system_troubles("Hitpoint", platform="win32")] == ["loopback ports"]


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_advice_is_one_line_and_there_whenever_something_is_wrong(platform: str) -> None:
    for finding in system_troubles("Hitpoint", platform=platform):
        assert "\n" not in finding.advice
        assert bool(finding.advice) or finding.health is Health.OK


def test_a_clock_that_is_to_be_sent_needs_a_port_of_its_own() -> None:
    ports = ["Hitpoint strings 1"]
    finding = loopback_ports("Hitpoint", clock=True, listed=lambda: ports)
    assert finding.health is Health.WARN
    assert '"Hitpoint clock"' in finding.found
    ports.append("Hitpoint clock 2")
    assert loopback_ports("Hitpoint", clock=True, listed=lambda: ports).health is Health.OK
