"""`hitpoint doctor`: what works on this machine, what doesn't, and what to do."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from hitpoint.cli.machine_checks import Finding, Health, checks
from hitpoint.config.load import load_settings
from hitpoint.engine.instance import OnlyInstance, default_lock_path
from hitpoint.errors import HostError


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "doctor",
        help="what works on this machine, what doesn't, what to do",
        description="Check Python, libraries, model, MIDI ports, JACK, real-time priority, timing, this system's usual "
        "troubles, OSC port, hosts, their bridges and ports.",
        epilog="example: hitpoint doctor --json\n\nExit status: 0 when nothing fails (warnings may stand), else 1.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--config", type=Path, metavar="F", help="settings file")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Returns 0 when no check fails, else 1."""
    settings = load_settings(arguments.config)
    running = _running()
    findings = []
    for finding in _findings(checks(settings, running)):
        findings.append(finding)
        if not arguments.json:
            print(_line(finding), flush=True)
    if arguments.json:
        print(json.dumps({"checks": [_as_json(finding) for finding in findings], "running": bool(running)}))
    elif running:
        print(f"      {running}")
    return 1 if any(finding.health is Health.FAIL for finding in findings) else 0


def _findings(all_checks: Iterable[Callable[[], Finding | Iterator[Finding]]]) -> Iterator[Finding]:
    for check in all_checks:
        found = check()
        if isinstance(found, Finding):
            yield found
        else:
            yield from found


def _running() -> str:
    """Words about the daemon that runs; empty when none does."""
    try:
        with OnlyInstance(default_lock_path()):
            return ""
    except HostError as error:
        return str(error)


def _line(finding: Finding) -> str:
    mark = {Health.OK: "ok", Health.WARN: "warn", Health.FAIL: "FAIL"}[finding.health]
    if sys.stdout.isatty():
        colour = {Health.OK: 32, Health.WARN: 33, Health.FAIL: 31}[finding.health]
        mark = f"\033[{colour}m{mark}\033[0m" + " " * (4 - len(mark))
    advice = f"\n      {'':18}  → {finding.advice}" if finding.advice else ""
    return f"{mark:4}  {finding.check:18}  {finding.found}{advice}"


def _as_json(finding: Finding) -> dict[str, str]:
    return {
        "check": finding.check,
        "health": finding.health.value,
        "found": finding.found,
        "advice": finding.advice,
    }
