"""Whether the bridges in this machine's hosts are there, whole and of this version, and their ports free."""

import socket
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from hitpoint import __version__
from hitpoint.cli.install import host_scripts
from hitpoint.cli.install_disk import Disk
from hitpoint.cli.install_hosts import HOSTS, Host
from hitpoint.cli.install_ledger import Ledger, ledger_path, read_ledger
from hitpoint.cli.install_plan import plan_install
from hitpoint.cli.machine_checks import Finding, Health
from hitpoint.cli.processes import host_runs, running_programs
from hitpoint.config.host_folders import Machine
from hitpoint.config.places import bridge_scripts_folder, kept_folder
from hitpoint.errors import HostError
from hitpoint.hosts.reaper_settings import HITPOINT_LISTENS, REAPER_LISTENS, SURFACE, surface_of

BRIDGE_PORTS: Mapping[int, tuple[str, str]] = {
    19791: ("", "Live's script tells Hitpoint"),
    19792: ("live", "Hitpoint tells Live's script"),
    HITPOINT_LISTENS: ("", "REAPER tells Hitpoint"),
    REAPER_LISTENS: ("reaper", "Hitpoint tells REAPER"),
}
"""UDP on loopback: the host that listens there (empty for Hitpoint), and what for. Our choice."""


def bridges(
    machine: Machine | None = None,
    scripts: Path | None = None,
    programs: Collection[str] | None = None,
) -> Iterator[Finding]:
    """One finding for each folder of each host that is on this machine and that we have a bridge for."""
    machine = machine or Machine()
    scripts = bridge_scripts_folder() if scripts is None else scripts
    programs = running_programs() if programs is None else programs
    for name, host in HOSTS.items():
        if (scripts / name).is_dir():
            for resource in host.folders(machine):
                if resource.is_dir():
                    yield from _bridge(name, host, resource, machine, scripts / name, host_runs(name, programs))


def _bridge(name: str, host: Host, resource: Path, machine: Machine, scripts: Path, runs: bool) -> Iterator[Finding]:
    check, disk = f"{host.title} bridge", Disk()
    advice = f"Run: hitpoint install {name}"
    kept_in = ledger_path(kept_folder("installs", machine.platform, machine.environment, machine.home), name, resource)
    try:
        ledger = read_ledger(kept_in, disk.read(kept_in))
        if ledger is None:
            yield Finding(check, Health.WARN, f"not installed in {resource}", f"{advice}.")
            return
        wanted = host.wanted(resource, host_scripts(scripts))
        plan = plan_install(wanted, Ledger(name, resource, __version__, ledger.entries), disk.read, runs)
        ini = disk.read(resource / "reaper.ini") or b""
        surface = surface_of(ini) if name == "reaper" else ""
    except HostError as error:
        yield Finding(check, Health.WARN, str(error), f"{advice} --uninstall, then again.")
        return
    where = f"{ledger.version} in {resource}"
    if plan.left:
        names = ", ".join(path.name for path in plan.left)
        yield Finding(check, Health.WARN, f"{where}, but {names} waits", f"Close {host.title}. {advice}.")
    elif plan.steps:
        what = "another version" if ledger.version != __version__ else "not whole, or changed"
        yield Finding(check, Health.WARN, f"{where}: {what}", f"{advice}.")
    else:
        yield Finding(check, Health.OK, where)
    if name == "reaper":
        yield _surface(surface, advice)


def _surface(surface: str, advice: str) -> Finding:
    check = "REAPER surface"
    if surface == SURFACE:
        return Finding(check, Health.OK, "in reaper.ini")
    if surface:
        mend = "Set it so in Preferences > Control/OSC/web, or remove it there and install again."
        return Finding(check, Health.WARN, f"reaper.ini has {surface}, not {SURFACE}", mend)
    return Finding(check, Health.WARN, "reaper.ini has no surface of Hitpoint's", f"Close REAPER. {advice}.")


def bridge_ports(
    running: str,
    programs: Collection[str] | None = None,
    free: Callable[[int], bool] | None = None,
) -> Finding:
    """Whether the bridges' ports are free, or used by whom they are for. running: as for `osc_port`."""
    programs = running_programs() if programs is None else programs
    free = free or is_free
    used: list[str] = []
    taken: list[str] = []
    for port, (host, purpose) in BRIDGE_PORTS.items():
        if free(port):
            continue
        theirs = host_runs(host, programs) if host else bool(running)
        (used if theirs else taken).append(f"{port} ({purpose})")
    if taken:
        advice = "Stop what uses them: Hitpoint's bridges cannot talk through a port that another program has."
        return Finding("bridge ports", Health.WARN, f"used by another program: {', '.join(taken)}", advice)
    free_ones = len(BRIDGE_PORTS) - len(used)
    words = f"{free_ones} of {len(BRIDGE_PORTS)} free" + (f"; in use as they should be: {', '.join(used)}" * bool(used))
    return Finding("bridge ports", Health.OK, words)


def is_free(port: int) -> bool:
    """Whether that UDP port of loopback can be had."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
