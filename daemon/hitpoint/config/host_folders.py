"""Where each host keeps what is a person's: settings, scripts, and the folder that its script and we share."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ARDOUR_VERSIONS = (7, 8, 9)
"""Those whose session files and Lua the bridge is written for."""
BRIDGE_FOLDER = "Hitpoint"
"""Of the host's folder: see engine/bridge_folder.py. The scripts have the same name in them."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What decides where a host keeps its files."""

    platform: str = sys.platform
    """As sys.platform has it."""
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    home: Path = field(default_factory=Path.home)

    def roaming(self) -> Path:
        """Windows' folder for settings."""
        return Path(self.environment.get("APPDATA") or self.home / "AppData" / "Roaming")

    def local(self) -> Path:
        """Windows' folder for what stays on this machine."""
        return Path(self.environment.get("LOCALAPPDATA") or self.home / "AppData" / "Local")

    def config(self) -> Path:
        """Linux's folder for settings."""
        return Path(self.environment.get("XDG_CONFIG_HOME") or self.home / ".config")


def reaper_folders(machine: Machine) -> tuple[Path, ...]:
    """REAPER's resource folder. Source: its user guide, "resource path"."""
    if machine.platform == "darwin":
        return (machine.home / "Library" / "Application Support" / "REAPER",)
    if machine.platform == "win32":
        return (machine.roaming() / "REAPER",)
    return (machine.config() / "REAPER",)


def live_folders(machine: Machine) -> tuple[Path, ...]:
    """Where Live's User Library usually is; none on Linux. Source: Ableton, "Installing third-party remote scripts"."""
    library = Path("Ableton") / "User Library"
    if machine.platform == "darwin":
        return (machine.home / "Music" / library,)
    if machine.platform == "win32":
        documents = machine.home / "Documents"
        return (documents / library, machine.home / "OneDrive" / "Documents" / library)
    return ()


def ardour_folders(machine: Machine) -> tuple[Path, ...]:
    """Ardour's settings folders, one a version. Source: Ardour 7.3, libs/ardour/filesystem_paths.cc."""
    if machine.platform == "darwin":
        root, name = machine.home / "Library" / "Preferences", "Ardour"
    elif machine.platform == "win32":
        root, name = machine.local(), "Ardour"
    else:
        root, name = machine.config(), "ardour"
    return tuple(root / f"{name}{version}" for version in ARDOUR_VERSIONS)
