"""`hitpoint install`: puts the bridge where a host looks for it, and takes it away again without a trace."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hitpoint import __version__
from hitpoint.cli.install_disk import Disk, carry_out
from hitpoint.cli.install_hosts import HOSTS, Host, Scripts
from hitpoint.cli.install_ledger import Ledger, ledger_path, read_ledger
from hitpoint.cli.install_plan import Plan, plan_install, plan_uninstall
from hitpoint.cli.processes import host_runs, running_programs
from hitpoint.config.host_folders import Machine
from hitpoint.config.places import bridge_scripts_folder, kept_folder
from hitpoint.errors import ConfigError, HostError

EXIT_UNFINISHED = 1
"""Something is left for when the host is closed."""

_NOT_SCRIPTS = frozenset({"__pycache__", ".DS_Store"})


@dataclass(frozen=True, slots=True)
class Installation:
    """One resource folder's plan, and where what is known of it is kept."""

    known: Ledger
    kept_in: Path
    plan: Plan


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "install",
        help="put the bridge into REAPER, Live or Ardour, or take it out",
        description="Put the bridge scripts where a host looks for them, and say which clicks remain.",
        epilog="example: hitpoint install reaper --dry-run\n\nIt can be undone: --uninstall puts back what was there.\n"
        "Exit status: 0 done, 1 something is left for when the host is closed, 2 a mistake.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("host", metavar="HOST", choices=tuple(HOSTS), help=", ".join(HOSTS))
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    parser.add_argument("--uninstall", action="store_true", help="put back what was there before")
    parser.add_argument("--resource", type=Path, metavar="FOLDER", help="the host's folder, where it is not usual")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns 0, or EXIT_UNFINISHED."""
    machine = Machine()
    runs = host_runs(arguments.host, running_programs())
    installations = []
    for one in planned(arguments, machine, bridge_scripts_folder() / arguments.host, runs):
        if not arguments.dry_run:
            carry_out(one.plan, one.known, one.kept_in, Disk())
        installations.append(one)
    if arguments.json:
        print(json.dumps(_as_json(arguments, installations)))
    else:
        _say(arguments, installations)
    return EXIT_UNFINISHED if any(one.plan.left for one in installations) else 0


def planned(arguments: argparse.Namespace, machine: Machine, scripts: Path, runs: bool) -> Iterator[Installation]:
    """What is to be done, one for each of the host's folders. Raises ConfigError and HostError for what cannot be.

    scripts: where this host's are. runs: whether the host does. Each is planned when it is asked for: carrying out
    the one before may change what is known of it.
    """
    host, disk = HOSTS[arguments.host], Disk()
    found = _resources(host, machine, arguments.resource)
    wanted = host_scripts(scripts) if not arguments.uninstall else {}
    installs = kept_folder("installs", machine.platform, machine.environment, machine.home)
    for resource in found:
        kept_in = ledger_path(installs, arguments.host, resource)
        ledger = read_ledger(kept_in, disk.read(kept_in))
        if arguments.uninstall:
            known = ledger or Ledger(arguments.host, resource, __version__)
            plan = _with_leftovers(plan_uninstall(known, disk.read, runs), resource, host)
        else:
            entries, folders = (ledger.entries, ledger.folders) if ledger else ((), ())
            known = Ledger(arguments.host, resource, __version__, entries, folders)
            plan = plan_install(host.wanted(resource, wanted), known, disk.read, runs)
        yield Installation(ledger or Ledger(arguments.host, resource, ""), kept_in, plan)


def _with_leftovers(plan: Plan, resource: Path, host: Host) -> Plan:
    exchange = resource / host.exchange
    if not host.exchange or not exchange.is_dir():
        return plan
    note = f"{exchange} stays: what bridge and Hitpoint told each other lies there. Delete it if you like"
    return replace(plan, notes=(*plan.notes, note))


def _resources(host: Host, machine: Machine, given: Path | None) -> tuple[Path, ...]:
    if given is not None:
        folder = given.expanduser().absolute()
        if not folder.is_dir():
            raise ConfigError(f"--resource {given} is not a folder. Give {host.title}'s {host.folder_words}.")
        return (folder,)
    usual = host.folders(machine)
    if not usual:
        raise HostError(f"there is no {host.title} for this system. Give its {host.folder_words} with --resource.")
    found = tuple(folder for folder in usual if folder.is_dir())
    if not found:
        where = " or ".join(map(str, usual))
        raise HostError(
            f"{where} is not there. Start {host.title} once, or give its {host.folder_words} with --resource."
        )
    return found


def host_scripts(folder: Path) -> Scripts:
    """What comes with Hitpoint for one host, from its folder. Raises HostError when there is nothing."""
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not _NOT_SCRIPTS.intersection(path.relative_to(folder).parts)
    )
    if not files:
        raise HostError(f"{folder} has no bridge scripts. Install Hitpoint again from its wheel.")
    try:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    except OSError as error:
        raise HostError(f"{error.filename} cannot be read: {error.strerror}. Install Hitpoint again.") from error


def _say(arguments: argparse.Namespace, installations: list[Installation]) -> None:
    host = HOSTS[arguments.host]
    for one in installations:
        plan = one.plan
        print(f"{host.title}: {one.known.resource}")
        for step in plan.steps:
            print(f"  {step.says} {step.path}")
        if not plan.steps and not plan.left:
            print("  nothing of Hitpoint's is there" if arguments.uninstall else "  all is there already")
        for note in plan.notes:
            print(f"  note: {note}")
        if plan.left:
            print(f"  NOT DONE, as {host.title} runs: {', '.join(path.name for path in plan.left)}.")
            print(f"  Close {host.title} and run `hitpoint {_command(arguments)}` again.")
    if arguments.dry_run:
        print("Nothing was done: this was --dry-run.")
    elif not arguments.uninstall:
        print("What is left to you:")
        for number, click in enumerate(host.clicks, 1):
            print(f"  {number}. {click}")


def _command(arguments: argparse.Namespace) -> str:
    resource = f' --resource "{arguments.resource}"' if arguments.resource is not None else ""
    return f"install {arguments.host}{' --uninstall' if arguments.uninstall else ''}{resource}"


def _as_json(arguments: argparse.Namespace, installations: list[Installation]) -> dict[str, Any]:
    return {
        "host": arguments.host,
        "version": __version__,
        "uninstall": arguments.uninstall,
        "dry_run": arguments.dry_run,
        "complete": not any(one.plan.left for one in installations),
        "installations": [
            {
                "resource": str(one.known.resource),
                "steps": [{"do": step.says, "file": str(step.path)} for step in one.plan.steps],
                "left": [str(path) for path in one.plan.left],
                "notes": list(one.plan.notes),
            }
            for one in installations
        ],
        "clicks": [] if arguments.uninstall else list(HOSTS[arguments.host].clicks),
    }
