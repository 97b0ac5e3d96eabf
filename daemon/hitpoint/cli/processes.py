"""Which programs run on this machine, and which of them are hosts. Only what the system lists with is started."""

import csv
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PureWindowsPath

PROGRAMS = {"reaper": ("reaper",), "live": ("ableton live", "live"), "ardour": ("ardour", "hardour")}
"""How each host's programs are called, in small letters; a version may follow. Source: the installed programs."""

LISTING_SECONDS = 10.0
"""The system's list takes no longer, or is not waited for."""


def running_programs(
    platform: str = sys.platform,
    processes: Path = Path("/proc"),
    listed: Callable[..., Sequence[str]] | None = None,
) -> frozenset[str]:
    """Names of the programs that run, in small letters, without folder and ending; empty where it cannot be told.

    listed: the lines that a command prints, given its words.
    """
    listed = listed or _listed
    if platform == "win32":
        rows = csv.reader(listed("tasklist", "/FO", "CSV", "/NH"))
        return frozenset(PureWindowsPath(row[0]).name.lower().removesuffix(".exe") for row in rows if row)
    if platform == "darwin":
        return frozenset(line.strip().rpartition("/")[2].lower() for line in listed("ps", "-axo", "comm="))
    return frozenset(_on_linux(processes))


def host_runs(host: str, programs: Iterable[str]) -> bool:
    """Whether one of these programs is that host: reaper, live or ardour."""
    return any(_is(program, name) for program in programs for name in PROGRAMS[host])


def _is(program: str, name: str) -> bool:
    # "ardour-7.3.0~ds0" and "ableton live 12 suite" are; "liveness" and "reaperd" are not.
    rest = program.removeprefix(name)
    return program.startswith(name) and (not rest or not rest[0].isalpha())


def _on_linux(processes: Path) -> Iterator[str]:
    for name in processes.glob("[0-9]*/comm"):
        try:
            yield name.read_text(errors="replace").strip().lower()
        except OSError:
            # It has ended meanwhile.
            continue


def _listed(*command: str) -> list[str]:
    try:
        ran = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=LISTING_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return []
    return ran.stdout.splitlines()
