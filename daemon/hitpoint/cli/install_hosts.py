"""What installing means for each host: where its folders are, what goes where, and what a person must click.

Source: each host's manual; for REAPER's files also `hosts/reaper_settings.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hitpoint.cli.install_plan import EditedFile, WholeFile
from hitpoint.config.host_folders import Machine, ardour_folders, live_folders, reaper_folders
from hitpoint.hosts.reaper_settings import (
    HITPOINT_LISTENS,
    PATTERN,
    REAPER_LISTENS,
    action_of,
    with_actions,
    with_start,
    with_surface,
)

Scripts = Mapping[str, bytes]
"""Content by path under the host's folder of bridge_scripts, with slashes."""


@dataclass(frozen=True, slots=True)
class Host:
    """A DAW with a bridge."""

    title: str
    folders: Callable[[Machine], tuple[Path, ...]]
    """Where its resource folders may be, most usual first; all that are there get the bridge."""
    folder_words: str
    """What the folder is called."""
    wanted: Callable[[Path, Scripts], tuple[WholeFile | EditedFile, ...]]
    """What a resource folder must hold."""
    clicks: tuple[str, ...]
    """What is left for a person to do."""
    exchange: str = ""
    """The folder in the resource folder through which bridge and Hitpoint talk; they make it, installing does not."""


def _reaper_wanted(resource: Path, scripts: Scripts) -> tuple[WholeFile | EditedFile, ...]:
    lua = {name: content for name, content in scripts.items() if name.endswith(".lua") and "/" not in name}
    patterns = {name: content for name, content in scripts.items() if name.endswith(".ReaperOSC")}
    actions = [action for name, content in lua.items() if (action := action_of(name, content, "Hitpoint"))]
    return (
        *(WholeFile(resource / "Scripts" / "Hitpoint" / name, content) for name, content in lua.items()),
        *(WholeFile(resource / "OSC" / name, content) for name, content in patterns.items()),
        EditedFile(resource / "Scripts" / "__startup.lua", "start", partial(with_start, folder="Hitpoint")),
        EditedFile(resource / "reaper-kb.ini", "actions", partial(with_actions, actions=actions)),
        EditedFile(resource / "reaper.ini", "surface", with_surface),
    )


def _live_wanted(resource: Path, scripts: Scripts) -> tuple[WholeFile | EditedFile, ...]:
    scripts = {name: content for name, content in scripts.items() if name.startswith("Hitpoint/")}
    return tuple(WholeFile(resource / "Remote Scripts" / name, content) for name, content in scripts.items())


def _ardour_wanted(resource: Path, scripts: Scripts) -> tuple[WholeFile | EditedFile, ...]:
    lua = {name: content for name, content in scripts.items() if name.endswith(".lua") and "/" not in name}
    return tuple(WholeFile(resource / "scripts" / name, content) for name, content in lua.items())


HOSTS = {
    "reaper": Host(
        "REAPER",
        reaper_folders,
        "resource folder (in REAPER: Options > Show REAPER resource path)",
        _reaper_wanted,
        (
            "Start REAPER. The bridge starts with it; its actions are found by the name Hitpoint.",
            f"Preferences > Control/OSC/web: {PATTERN} is listed ({REAPER_LISTENS}, 127.0.0.1:{HITPOINT_LISTENS}).",
            "Preferences > MIDI Devices: enable input of the Hitpoint ports, with `hitpoint run` running.",
            "On a track: input MIDI > the Hitpoint port, arm it, monitoring on.",
        ),
        exchange="Hitpoint",
    ),
    "live": Host(
        "Ableton Live",
        live_folders,
        "User Library (in Live: Settings > Library)",
        _live_wanted,
        (
            "Start Live again: it looks for control surfaces only then.",
            "Settings > Link, Tempo & MIDI: choose Hitpoint as a Control Surface; its ports may stay at None.",
            "There, for the Hitpoint MIDI ports: Track on, under Input Ports.",
            "On a MIDI track: MIDI From the Hitpoint port, Monitor In.",
        ),
    ),
    "ardour": Host(
        "Ardour",
        ardour_folders,
        "configuration folder (on Linux ~/.config/ardour8)",
        _ardour_wanted,
        (
            "Window > Scripting, or Edit > Lua Scripts > Script Manager: set the Hitpoint actions and hook.",
            "Window > MIDI Connections: connect the Hitpoint ports to the tracks.",
        ),
    ),
}
"""By the name that `hitpoint install` takes."""
