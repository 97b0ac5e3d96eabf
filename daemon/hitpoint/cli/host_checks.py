"""Which DAWs are on this machine: looked for where their installers put them, never started."""

import os
import shutil
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from hitpoint.cli.machine_checks import Finding, Health
from hitpoint.cli.processes import host_runs, running_programs

PROGRAMS = {"REAPER": ("reaper",), "Ardour": ("ardour", "ardour8", "ardour7", "ardour9")}
"""Commands on the PATH."""

PLACES = {
    "darwin": {
        "REAPER": ("/Applications/REAPER*.app", "~/Library/Application Support/REAPER"),
        "Live": ("/Applications/Ableton Live*.app",),
        "Ardour": ("/Applications/Ardour*.app",),
    },
    "win32": {
        "REAPER": ("%PROGRAMFILES%/REAPER*/reaper.exe", "%APPDATA%/REAPER"),
        "Live": ("%PROGRAMDATA%/Ableton/Live*",),
        "Ardour": ("%PROGRAMFILES%/Ardour*",),
    },
    "linux": {
        "REAPER": ("/opt/REAPER/reaper", "~/opt/REAPER/reaper", "~/.config/REAPER"),
        "Ardour": ("/opt/Ardour*",),
    },
}
"""By system. Source: each host's manual, "where settings and programs are kept"."""


def hosts(found: Mapping[str, str] | None = None, programs: Collection[str] | None = None) -> Finding:
    """The DAWs that were found, and which of them run. found, programs: what is there, else this machine is asked."""
    found = installed_hosts(sys.platform, os.environ, Path.home()) if found is None else found
    programs = running_programs() if programs is None else programs
    running = [name for name in PLACES["darwin"] if host_runs(name.lower(), programs)]
    words = [f"{name} ({place}{', runs' if name in running else ''})" for name, place in found.items()]
    # A host that is kept elsewhere is known only by running.
    words += [f"{name} (runs)" for name in running if name not in found]
    if words:
        return Finding("hosts", Health.OK, ", ".join(words))
    return Finding(
        "hosts",
        Health.WARN,
        "no REAPER, Live or Ardour where they usually are",
        "`hitpoint demo` needs none, and any host that reads MIDI ports will do.",
    )


def installed_hosts(platform: str, environment: Mapping[str, str], home: Path) -> dict[str, str]:
    """Name and place of each host found."""
    found = {}
    for name, commands in PROGRAMS.items():
        programs = (shutil.which(command, path=environment.get("PATH", "")) for command in commands)
        program = next((program for program in programs if program), None)
        if program:
            found[name] = program
    for name, patterns in PLACES.get(platform, {}).items():
        place = next((place for pattern in patterns for place in _matching(pattern, environment, home)), None)
        if place is not None:
            found.setdefault(name, str(place))
    return found


def _matching(pattern: str, environment: Mapping[str, str], home: Path) -> list[Path]:
    if pattern.startswith("%"):
        variable, _, rest = pattern[1:].partition("%/")
        root = Path(environment[variable]) if environment.get(variable) else None
    elif pattern.startswith("~/"):
        root, rest = home, pattern[2:]
    else:
        root, rest = Path("/"), pattern[1:]
    return sorted(root.glob(rest)) if root is not None and root.is_dir() else []
