"""What Hitpoint needs of a machine, one check each: what was found, and what to do where it falls short.

A check never raises what a person can mend: that is its finding. Each cleans up after itself.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from importlib import import_module, metadata
from pathlib import Path
from time import monotonic, sleep

from hitpoint.config.places import bridge_scripts_folder, bundle_folder, log_file, user_config_file
from hitpoint.config.settings import Settings
from hitpoint.errors import HitpointError, PortError


class Health(Enum):
    """How a check went."""

    OK = "ok"
    WARN = "warn"
    """It works without, or less well."""
    FAIL = "fail"
    """`hitpoint demo` cannot work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: str
    health: Health
    found: str
    advice: str = ""
    """What to do about it; empty when there is nothing to do."""


LIBRARIES = {
    "mido": "mido",
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "python-osc": "pythonosc",
    "python-rtmidi": "rtmidi",
    "PyYAML": "yaml",
    "starlette": "starlette",
    "uvicorn": "uvicorn",
    "websockets": "websockets",
}
"""What must be installed, and the name it is imported by."""

OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON_WITH_WHEELS = (3, 12)
"""python-rtmidi 1.5.8 has no wheels for newer ones. Source: pypi.org/project/python-rtmidi/1.5.8/#files."""

BUILD_ADVICE = (
    "It is built from source on Python 3.13 and newer. Linux: apt-get install build-essential python3-dev "
    "libasound2-dev libjack-jackd2-dev. macOS: xcode-select --install. Windows: Visual Studio's C++ build tools. "
    "Or use Python 3.12"
)
"""Also in the README, by test."""

SLEEPS = 200
SLEEP_SECONDS = 0.002
LATE_MS = 2.0
"""A sleep that ends this late one time in a hundred makes notes audibly uneven in a fast run."""

RAN_TOO_LONG = 20.0
"""Seconds for a check in a process of its own."""


def python_version(version: tuple[int, int] = sys.version_info[:2]) -> Finding:
    """Whether this Python will do."""
    found = ".".join(map(str, version))
    if version < OLDEST_PYTHON:
        return Finding("Python", Health.FAIL, found, "Install Python 3.11 or 3.12.")
    if version > NEWEST_PYTHON_WITH_WHEELS:
        return Finding("Python", Health.OK, f"{found}: python-rtmidi is built from source here")
    return Finding("Python", Health.OK, found)


def libraries() -> Finding:
    """Whether all libraries are there and load."""
    versions, broken = [], []
    for name, module in LIBRARIES.items():
        try:
            import_module(module)
            versions.append(f"{name} {metadata.version(name)}")
        except (ImportError, OSError) as error:
            broken.append(f"{name} ({error})")
    if not broken:
        return Finding("libraries", Health.OK, ", ".join(versions))
    advice = "Run: pip install hitpoint." + (f" {BUILD_ADVICE}." if "rtmidi" in str(broken) else "")
    return Finding("libraries", Health.FAIL, f"missing or broken: {', '.join(broken)}", advice)


def model(settings: Settings) -> Finding:
    """Whether the model's bundle is there, whole, and runs."""
    try:
        folder = bundle_folder(settings.model.bundle)
        from hitpoint.engine.composer import Composer

        started = monotonic()
        Composer.load(folder, settings.model.guidance)
    except HitpointError as error:
        return Finding("model", Health.FAIL, str(error), "Set model.bundle to one that is there.")
    megabytes = sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) / 1e6
    return Finding("model", Health.OK, f"{folder} ({megabytes:.1f} MB), loaded in {monotonic() - started:.2f} s")


def output(kind: str, advice: str, running: str) -> Finding:
    """Whether ports of `kind` (jack or rtmidi) can be made, by making one. running: as for `osc_port`."""
    from hitpoint.outputs.open_output import open_output
    from hitpoint.outputs.output import CycleOutput
    from hitpoint.outputs.quiet import quiet_libraries

    check = {"jack": "JACK", "rtmidi": "MIDI ports"}[kind]
    if running:
        return Finding(check, Health.OK, "not tried while Hitpoint runs: see `/hitpoint/status`")
    try:
        with quiet_libraries():
            opened, _ = open_output(kind, ["Hitpoint doctor"])
            opened.close()
    except PortError as error:
        return Finding(check, Health.WARN, str(error), advice)
    if isinstance(opened, CycleOutput):
        return Finding(check, Health.OK, f"a server runs{', with' if opened.realtime else ', without'} real time")
    return Finding(check, Health.OK, "virtual ports can be made")


def realtime_and_timing() -> Iterator[Finding]:
    """Whether the play process may take real-time priority, and how late its sleeps end."""
    # In a process of its own, because priority cannot be given back.
    program = "from hitpoint.cli.machine_checks import print_timing; print_timing()"
    try:
        ran = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=RAN_TOO_LONG, check=True
        )
        refused, late_ms = json.loads(ran.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        yield Finding("timing", Health.FAIL, f"it could not be measured: {error}", "Is this Python whole?")
        return
    if refused:
        reason, _, advice = refused.partition(". ")
        yield Finding("real-time priority", Health.WARN, reason, advice)
    else:
        yield Finding("real-time priority", Health.OK, "granted")
    middle, worst = late_ms[len(late_ms) // 2], late_ms[len(late_ms) * 99 // 100]
    found = f"sleeps of {SLEEP_SECONDS * 1e3:g} ms end {middle:.3f} ms late (median), {worst:.3f} ms (99 %)"
    if worst < LATE_MS:
        yield Finding("timing", Health.OK, found)
    else:
        yield Finding("timing", Health.WARN, found, "Close what keeps the processor busy; allow real-time priority.")


def print_timing() -> None:
    """In a fresh process: take priority as play does, sleep a while, print what came of both as JSON."""
    from hitpoint.engine.realtime import prepare_process

    refused = prepare_process()
    late_ms = []
    for _ in range(SLEEPS):
        before = monotonic()
        sleep(SLEEP_SECONDS)
        late_ms.append(1e3 * (monotonic() - before - SLEEP_SECONDS))
    print(json.dumps([refused, sorted(late_ms)]))


def folders(places: tuple[Path, ...] | None = None) -> Finding:
    """Whether settings can be kept and files written."""
    places = places or (user_config_file().parent, Path.cwd())
    closed = [str(place) for place in places if not _writable(place)]
    if closed:
        return Finding(
            "folders", Health.WARN, f"not writable: {', '.join(closed)}", "Give yourself the right to write."
        )
    return Finding("folders", Health.OK, f"writable: {', '.join(map(str, places))}")


def log(settings: Settings) -> Finding:
    """Where the log is, which a bug report needs, and whether it can be kept."""
    file = settings.log.file or log_file()
    if not _writable(file.parent):
        return Finding("log", Health.WARN, f"{file} cannot be written", "Set log.file to another place.")
    return Finding("log", Health.OK, f"{file}" + ("" if file.exists() else ", once `hitpoint run` has run"))


def _writable(folder: Path) -> bool:
    # A folder that is not there yet is made in the nearest one that is.
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return there.is_dir() and os.access(there, os.W_OK)


def osc_port(settings: Settings, running: str) -> Finding:
    """Whether the OSC port is free. running: what is known of a daemon that runs; empty for none."""
    where = f"{settings.osc.host}:{settings.osc.port}"
    family = socket.AF_INET6 if ":" in settings.osc.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((settings.osc.host, settings.osc.port))
    except OSError as error:
        if running:
            return Finding("OSC port", Health.OK, f"{where} is the running Hitpoint's")
        advice = "Stop what uses it, or set osc.port (0 for any)."
        return Finding("OSC port", Health.FAIL, f"{where}: {error.strerror or error}", advice)
    return Finding("OSC port", Health.OK, f"{where} is free")


def bridge_scripts() -> Finding:
    """Whether the scripts for DAWs came along."""
    folder = bridge_scripts_folder()
    if (folder / "README.md").is_file():
        return Finding("bridge scripts", Health.OK, str(folder))
    return Finding("bridge scripts", Health.WARN, f"not in {folder}", "Install Hitpoint again from its wheel.")


def checks(settings: Settings, running: str) -> Iterator[Callable[[], Finding | Iterator[Finding]]]:
    """All of them, in the order a person wants to know."""
    from hitpoint.cli.announce_check import announcing
    from hitpoint.cli.bridge_checks import bridge_ports, bridges
    from hitpoint.cli.host_checks import hosts
    from hitpoint.cli.link_check import link
    from hitpoint.cli.page_check import page
    from hitpoint.cli.soundfont_check import soundfont
    from hitpoint.cli.system_checks import system_troubles

    jack = "Only needed for frame-accurate ports and for following JACK's transport."
    rtmidi = "Without it use output.kind jack or osc; a MIDI file is written all the same."
    yield python_version
    yield libraries
    yield lambda: model(settings)
    yield lambda: output("rtmidi", rtmidi, running)
    yield lambda: output("jack", jack, running)
    yield lambda: link(settings)
    yield realtime_and_timing
    yield lambda: system_troubles(settings.output.client_name, settings.output.clock)
    yield lambda: osc_port(settings, running)
    yield lambda: page(settings.page, running)
    yield lambda: soundfont(settings.page)
    yield lambda: announcing(settings)
    yield folders
    yield lambda: log(settings)
    yield bridge_scripts
    yield hosts
    yield bridges
    yield lambda: bridge_ports(running)
