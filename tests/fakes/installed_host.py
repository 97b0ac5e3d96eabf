"""A fresh home with a host in it, stand-in scripts, and a disk that dies when it is told to: for `hitpoint install`."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hitpoint.cli.install import Installation, planned
from hitpoint.cli.install_disk import Disk, carry_out
from hitpoint.config.host_folders import Machine

HOMES = {"linux": {}, "darwin": {}, "win32": {"APPDATA": "AppData/Roaming", "LOCALAPPDATA": "AppData/Local"}}
"""Environment by system, relative to the home."""

RESOURCES = {
    ("linux", "reaper"): ".config/REAPER",
    ("darwin", "reaper"): "Library/Application Support/REAPER",
    ("win32", "reaper"): "AppData/Roaming/REAPER",
    ("darwin", "live"): "Music/Ableton/User Library",
    ("win32", "live"): "Documents/Ableton/User Library",
    ("linux", "ardour"): ".config/ardour8",
    ("darwin", "ardour"): "Library/Preferences/Ardour8",
    ("win32", "ardour"): "AppData/Local/Ardour8",
}
"""Where each host keeps its own on each system, as the manuals have it."""

SCRIPTS = {
    "reaper/hitpoint_core.lua": b"-- shared\nreturn {}\n",
    "reaper/hitpoint_bridge.lua": b"-- @description Hitpoint: bridge\n-- @version 0\n",
    "reaper/hitpoint_vary.lua": b"-- @description vary\n",
    "reaper/Hitpoint.ReaperOSC": b"TEMPO n/tempo/raw\n",
    "reaper/index.xml": b"<index/>",
    "live/Hitpoint/__init__.py": b"def create_instance(c_instance): ...\n",
    "live/Hitpoint/surface.py": b"pass\n",
    "live/README.md": b"words",
    "ardour/hitpoint_hook.lua": b'ardour { ["type"] = "session" }\n',
}

Tree = dict[str, bytes | None]


class Killed(BaseException):
    """The process is gone: nothing after this runs."""


@dataclass
class DyingDisk(Disk):
    """A disk whose process is killed before its change number `left` (counted from 0)."""

    left: int
    changes: int = field(default=0)

    def _change(self) -> None:
        if self.changes == self.left:
            raise Killed
        self.changes += 1

    def write(self, path: Path, content: bytes) -> None:
        self._change()
        super().write(path, content)

    def remove(self, path: Path) -> None:
        self._change()
        super().remove(path)

    def remove_folder(self, folder: Path) -> None:
        self._change()
        super().remove_folder(folder)


@dataclass
class InstalledHost:
    """One host on one system, with the folders of a fresh home."""

    root: Path
    platform: str
    host: str
    given: str | None = None
    """--resource, below the home."""

    def __post_init__(self) -> None:
        self.home = self.root / "home"
        self.scripts = self.root / "scripts"
        for name, content in SCRIPTS.items():
            self.script(name, content)
        (self.scripts / self.host / "__pycache__").mkdir(exist_ok=True)
        (self.scripts / self.host / "__pycache__" / "x.pyc").write_bytes(b"compiled")
        self.resource = self.home / (self.given or RESOURCES[self.platform, self.host])
        self.resource.mkdir(parents=True)

    def script(self, name: str, content: bytes) -> None:
        """Change what comes with Hitpoint."""
        (self.scripts / name).parent.mkdir(parents=True, exist_ok=True)
        (self.scripts / name).write_bytes(content)

    def put(self, name: str, content: bytes) -> Path:
        """A file of the person's, below the resource folder."""
        path = self.resource / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def tree(self) -> Tree:
        """All that is in the home: content by path, None for a folder."""
        return {
            path.relative_to(self.home).as_posix(): path.read_bytes() if path.is_file() else None
            for path in sorted(self.home.rglob("*"))
        }

    def plan(self, *, uninstall: bool = False, runs: bool = False) -> Iterator[Installation]:
        """What the command would do."""
        environment = {name: str(self.home / place) for name, place in HOMES[self.platform].items()}
        given = None if self.given is None else self.home / self.given
        arguments = argparse.Namespace(host=self.host, uninstall=uninstall, resource=given)
        machine = Machine(self.platform, environment, self.home)
        return planned(arguments, machine, self.scripts / self.host, runs)

    def install(self, disk: Disk | None = None, *, runs: bool = False) -> list[Installation]:
        """Do it. Returns what was planned."""
        return self._do(self.plan(runs=runs), disk)

    def uninstall(self, disk: Disk | None = None, *, runs: bool = False) -> list[Installation]:
        """Undo it."""
        return self._do(self.plan(uninstall=True, runs=runs), disk)

    def _do(self, installations: Iterator[Installation], disk: Disk | None) -> list[Installation]:
        done = []
        for one in installations:
            carry_out(one.plan, one.known, one.kept_in, disk or Disk())
            done.append(one)
        return done
