"""How hosts with a bridge talk to Hitpoint: REAPER by OSC, Live by a script's socket or AbletonOSC, and snapshots.

Each is as small as the bench needs; what is exact about them is in the tests' simulators. Everything they say goes
through the daemon's own adapters.
"""

import json
from collections import deque
from collections.abc import Iterator, Sequence
from math import ceil, floor, inf
from random import Random
from struct import pack, unpack
from typing import Any

from hitpoint import __version__
from hitpoint.engine.bridge_socket import SCRIPT_PORT, BridgeSocket, ScriptPosition
from hitpoint.engine.host_bridges import SOCKET_SECONDS, HostBridges, Told
from hitpoint.engine.leader import ABLETON_OSC, LIVE, REAPER
from hitpoint.engine.osc_hosts import OscHostLink, osc_host
from hitpoint.engine.virtual_daemon import VirtualDaemon
from hitpoint.engine.virtual_host import Deed, Stretch, VirtualHost
from hitpoint.engine.virtual_talk import CUE, HIT, RATE, Act
from hitpoint.hosts.host_snapshot import HostSnapshot, read_snapshot
from hitpoint.hosts.pieces import cut
from hitpoint.hosts.protocol import PROTOCOL
from hitpoint.hosts.reaper_bank import BANK_SLOTS
from hitpoint.hosts.reaper_osc import REFRESH

SNAPSHOT_SECONDS = 0.1, 0.4
"""How soon a script tells a change."""


class Line:
    """Carries messages in the order in which they were sent, each late by a sum of even spans."""

    def __init__(self, random: Random, *delays: tuple[float, float]) -> None:
        self._random, self._delays, self._came = random, delays, -inf

    def arrives(self, sent: float) -> float:
        """When what is sent then comes."""
        self._came = max(self._came, sent + sum(self._random.uniform(*delay) for delay in self._delays))
        return self._came


class SnapshotTalk:
    """A script tells the whole project whenever it has changed."""

    def __init__(self, daemon: VirtualDaemon, host: VirtualHost, random: Random, name: str, follow: str) -> None:
        """name: of the host. follow: who leads, as in the settings."""
        self._daemon, self._host, self._random, self._name, self._told = daemon, host, random, name, -1
        self._arrived: deque[bytes] = deque()
        self._pieces = 0
        self.bridges = HostBridges(
            {},
            (lambda: BridgeSocket(open_socket=lambda _: self)) if name == LIVE else None,
            (follow,),
            RATE,
            self._heard,
            lambda _: None,
            lambda *_: None,
            self._moved,
            daemon.trouble,
        )

    def said(self, stretches: Sequence[Stretch], deed: Deed | None) -> Iterator[tuple[float, Act]]:  # noqa: ARG002
        """A snapshot, when something has changed."""
        if self._host.edits == self._told:
            return
        self._told = self._host.edits
        data = json.dumps(self._snapshot()).encode()
        at = self._host.now + self._random.uniform(*SNAPSHOT_SECONDS)
        if self._name == LIVE:
            self._pieces += 1
            for piece in cut(f"script-{self._pieces}", data):
                yield self.carried(piece, at)
        else:
            yield at, lambda come: self.bridges.take(Told(self._name, read_snapshot(data, RATE)), come)

    def carried(self, datagram: bytes, sent: float) -> tuple[float, Act]:
        """By the socket, which is looked at every so often."""

        def heard(come: float) -> None:
            self._arrived.append(datagram)
            self.bridges.listen(come)

        return ceil(sent / SOCKET_SECONDS) * SOCKET_SECONDS, heard

    def recvfrom(self, _: int, /) -> tuple[bytes, Any]:
        """What has come. Raises BlockingIOError when nothing has."""
        if not self._arrived:
            raise BlockingIOError
        return self._arrived.popleft(), ("127.0.0.1", SCRIPT_PORT)

    def sendto(self, data: bytes, _: Any, /) -> int:
        """The script has heard it, and has nothing to say to it."""
        return len(data)

    def close(self) -> None:
        """There is nothing to be given back."""

    def _heard(self, snapshot: HostSnapshot) -> None:
        self._daemon.project(snapshot.timeline, snapshot.loop)

    def _moved(self, position: ScriptPosition) -> None:
        self._daemon.moved(self._daemon.seconds_of(position.quarter), position.received_at, position.rolling)

    def _snapshot(self) -> dict[str, Any]:
        host = self._host
        return {
            "protocol": PROTOCOL,
            "kind": "snapshot",
            "host": self._name,
            "host_version": "bench",
            "bridge_version": __version__,
            "serial": host.edits,
            "project": "a day",
            "tempo": [{"quarter": 0.0, "bpm": host.bpm, "ramp": "step"}],
            "meter": [{"quarter": 0.0, "numerator": 4, "denominator": 4}],
            "markers": [
                {"id": "1", "quarter": 0.0, "name": CUE},
                {"id": "2", "quarter": host.hit_quarter, "name": HIT},
            ],
            "regions": [],
            "loop": None if host.loop is None else dict(zip(("quarter", "end"), host.loop, strict=True)),
        }


class LiveTalk:
    """Live's script: a position ten times a second, and at once when something is done."""

    def __init__(self, host: VirtualHost, random: Random, socket: SnapshotTalk) -> None:
        self._host, self._socket = host, socket
        self._line = Line(random, (0.0, 0.02))
        self._look_at = host.now

    def said(self, stretches: Sequence[Stretch], deed: Deed | None) -> Iterator[tuple[float, Act]]:  # noqa: ARG002
        """Where it is."""
        host = self._host
        if deed is None and host.now < self._look_at:
            return
        self._look_at = max(self._look_at, host.now) + 0.1
        quarter = host.quarter
        position = {"protocol": PROTOCOL, "kind": "position", "rolling": host.rolling, "quarter": quarter}
        data = json.dumps({**position, "bpm": host.bpm, "at": host.now}).encode()
        yield self._socket.carried(data, self._line.arrives(host.now))


class OscTalk:
    """A host that is spoken to by OSC, as OscHostLink does it."""

    def __init__(self, daemon: VirtualDaemon, host: VirtualHost, follow: str, line: Line, scripted: bool) -> None:
        self._host, self._line = host, line
        self._asked: list[str] = []
        self._out: list[tuple[float, Act]] = []
        self._clock = host.now
        spoken = osc_host(follow, RATE, daemon.seconds_of)
        assert spoken is not None
        self._link = OscHostLink(
            spoken, daemon.moved, daemon.project, lambda: scripted, daemon.trouble, now=lambda: self._clock
        )

    def said(self, stretches: Sequence[Stretch], deed: Deed | None) -> Iterator[tuple[float, Act]]:  # noqa: ARG002
        """What the host tells, and what it answers."""
        yield self._host.now, self._look
        self._tell(deed)
        yield from self._out
        self._out.clear()

    def _look(self, at: float) -> None:
        self._clock = at
        self._link.look(at, lambda address, _: self._asked.append(address))

    def _tell(self, deed: Deed | None) -> None:
        raise NotImplementedError

    def _say(self, address: str, *arguments: object) -> None:
        def heard(come: float) -> None:
            self._clock = come
            self._link.hear(address, list(arguments), ("127.0.0.1", 0))

        self._out.append((self._line.arrives(self._host.now), heard))


class ReaperTalk(OscTalk):
    """REAPER's control surface: 15 times a second where it is, everything else when it has changed."""

    def __init__(self, daemon: VirtualDaemon, host: VirtualHost, random: Random, scripted: bool) -> None:
        super().__init__(daemon, host, REAPER, Line(random, (0.0, 0.033), (0.006, 0.022)), scripted)
        self._told: dict[str, object] = {}
        self._edits = -1
        self._look_at = host.now

    def _tell(self, deed: Deed | None) -> None:
        host = self._host
        if REFRESH in self._asked:
            self._told.clear()
        self._asked.clear()
        if self._edits != host.edits or not self._told or deed is not None:
            self._edits = host.edits
            self._tell_project()
        if host.now >= self._look_at:
            self._look_at += 1 / 15
            start, end = host.loop or (0.0, 0.0)
            self._tell_changed({"/loop/start/time": host.seconds_of(start), "/loop/end/time": host.seconds_of(end)})
            self._tell_changed({"/time": host.seconds})

    def _tell_project(self) -> None:
        host = self._host
        states = {"/stop": float(not host.rolling), "/pause": 0.0, "/play": float(host.rolling)}
        self._tell_changed({**states, "/repeat": float(host.loop is not None), "/tempo/raw": host.bpm})
        places = 0.0, host.seconds_of(host.hit_quarter)
        for slot, (name, place) in enumerate(zip((CUE, HIT), places, strict=True), 1):
            self._tell_changed(
                {f"/marker/{slot}/name": name, f"/marker/{slot}/number/str": f"{slot}", f"/marker/{slot}/time": place}
            )
        for slot in range(3, BANK_SLOTS + 1):
            self._tell_changed({f"/marker/{slot}/name": "", f"/marker/{slot}/number/str": ""})

    def _tell_changed(self, values: dict[str, object]) -> None:
        for address, value in values.items():
            if isinstance(value, float):
                (value,) = unpack("f", pack("f", value))
            if self._told.get(address) != value:
                self._told[address] = value
                self._say(address, value)


class AbletonOscTalk(OscTalk):
    """AbletonOSC: looks every 100 ms, tells whole quarters."""

    def __init__(self, daemon: VirtualDaemon, host: VirtualHost, random: Random) -> None:
        super().__init__(daemon, host, ABLETON_OSC, Line(random, (0.0, 0.002)), scripted=False)
        self._listened: set[str] = set()
        self._told: dict[str, object] = {}
        self._beat = 0
        self._look_at = host.now

    def _tell(self, deed: Deed | None) -> None:  # noqa: ARG002
        host = self._host
        if host.now < self._look_at:
            return
        self._look_at += 0.1
        start, end = host.loop or (0.0, 4.0)
        values: dict[str, object] = {
            "tempo": host.bpm,
            "is_playing": host.rolling,
            "signature_numerator": 4,
            "signature_denominator": 4,
            "loop": host.loop is not None,
            "loop_start": start,
            "loop_length": end - start,
        }
        for address in self._asked:
            self._answer(address, values)
        self._asked.clear()
        for name in sorted(self._listened & values.keys()):
            if self._told.get(name) != values[name]:
                self._told[name] = values[name]
                self._say(f"/live/song/get/{name}", values[name])
        beat = floor(host.quarter)
        if "beat" in self._listened and (beat > self._beat or host.quarter < self._beat):
            self._say("/live/song/get/beat", beat)
        self._beat = beat

    def _answer(self, address: str, values: dict[str, object]) -> None:
        start, _, name = address.rpartition("/")
        if start == "/live/song/start_listen":
            self._listened.add(name)
            self._told.pop(name, None)
        elif name == "cue_points":
            self._say(address, CUE, 0.0, HIT, self._host.hit_quarter)
        elif name == "current_song_time":
            self._say(address, self._host.quarter)
        elif name in values:
            self._say(address, values[name])
