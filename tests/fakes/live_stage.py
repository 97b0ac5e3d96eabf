"""Live, the unmodified remote script in it, and Hitpoint's end of the socket, all in virtual time."""

import importlib.util
import json
import sys
from itertools import count
from pathlib import Path
from typing import Any

from fakes.datagrams import Network
from fakes.live_app import LiveApp, Song
from hitpoint.engine.bridge_socket import BridgeSocket, ScriptPosition
from hitpoint.hosts.host_snapshot import HostSnapshot, read_snapshot
from hitpoint.timeline.units import FrameRate

FOLDER = Path(__file__).parents[2] / "bridge_scripts" / "live" / "Hitpoint"
_numbers = count()


def load_script(app: LiveApp, sockets: Any = None) -> Any:
    """The package as Live imports it, in a Live of its own. sockets: what stands for the module `socket`."""
    name = f"hitpoint_in_live_{next(_numbers)}"
    spec = importlib.util.spec_from_file_location(
        name, FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.modules[name], sys.modules["Live"] = package, app.module()
    try:
        spec.loader.exec_module(package)
    finally:
        del sys.modules["Live"]
        sys.dont_write_bytecode = writes
    package.surface.monotonic = app.monotonic
    if sockets is not None:
        package.wire.socket = sockets
    return package


class Stage:
    """`daemon` is looked at every 10 ms, as Live's own timer is run."""

    def __init__(self, network: Network | None = None, app: LiveApp | None = None) -> None:
        self.network = network or Network()
        self.app = app or LiveApp()
        self.script = load_script(self.app, self.network.module())
        self.surface = self.app.choose(self.script)
        self.snapshots: list[tuple[float, HostSnapshot]] = []
        self.positions: list[ScriptPosition] = []
        self.answers: list[dict[str, Any]] = []
        self.asks: list[dict[str, Any]] = []
        self.daemon: BridgeSocket | None = None
        self.start_daemon()
        self.app.each_step.append(self._step)

    @property
    def song(self) -> Song:
        return self.app.song

    @property
    def project(self) -> HostSnapshot:
        """The last one that was told."""
        return self.snapshots[-1][1]

    def start_daemon(self) -> BridgeSocket:
        """Start Hitpoint, anew where it runs."""
        self.stop_daemon()
        self.daemon = BridgeSocket(open_socket=self.network.bind)
        return self.daemon

    def stop_daemon(self) -> None:
        if self.daemon is not None:
            self.daemon.close()
        self.daemon = None

    def restart_script(self) -> None:
        self.app.drop(self.surface)
        self.surface = self.app.choose(self.script)

    def until_answered(self, seconds: float = 60.0) -> None:
        """Let time go by until no job waits."""
        assert self.daemon is not None
        step = self.app.step_ms / 1000
        for _ in range(round(seconds / step)):
            if not self.daemon.waiting:
                return
            self.app.advance(step)
        raise AssertionError(f"not answered: {sorted(self.daemon.waiting)[:5]}")

    def check(self) -> None:
        """What holds for every script at any time."""
        assert self.app.raised == []
        assert self.app.overwritten == []
        assert self.app.log == []

    def _step(self, now: float) -> None:
        self.network.run(now)
        if self.daemon is None:
            return
        self.daemon.look(now)
        self.positions += self.daemon.positions()
        self.answers += map(json.loads, self.daemon.answers())
        self.asks += map(json.loads, self.daemon.asks())
        data = self.daemon.snapshot()
        if data is not None:
            self.snapshots.append((now, read_snapshot(data, FrameRate.named("25"))))
