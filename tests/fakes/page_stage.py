"""A real control and the page's server in one loop, spoken to by clients that know nothing of either."""

import asyncio
import http.client
import json
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from fakes.patience import PATIENCE_SECONDS, soon
from hitpoint.engine.control import Control
from hitpoint.engine.control_settings import ControlSettings
from hitpoint.engine.crew_pipes import Post
from hitpoint.engine.page_place import PagePlace
from hitpoint.engine.page_process import PageProcess
from hitpoint.planner.horizon import Horizon
from hitpoint.score.session import Session
from hitpoint.score.stinger import read_stinger
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

MARKERS = (Marker(0, "1m01 tense, strings", "a"), Marker(4 * 3840 + 211, "HIT door", "b"), Marker(8 * 3840, "END"))


@dataclass(frozen=True)
class Heard:
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Viewer:
    """A client that keeps the state as it was told to."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.state: dict[str, Any] = {}
        self.version = 0
        self.messages: list[dict[str, Any]] = []
        self._number = 0

    async def hear(self) -> dict[str, Any]:
        """The next message, taken in."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            message: dict[str, Any] = json.loads(await self.socket.recv())
        self.messages.append(message)
        if message["type"] == "state":
            self.state, self.version = message["state"], message["version"]
        elif message["type"] == "change":
            assert message["from"] == self.version
            self.version = message["version"]
            for pointer in message["gone"]:
                parent, name = self._place(pointer)
                del parent[name]
            for pointer, value in message["set"].items():
                parent, name = self._place(pointer)
                parent[name] = value
        return message

    async def until(self, done: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Hear until the state is so. The state then."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self.state or not done(self.state):
                await self.hear()
        return self.state

    async def ask(self, **members: Any) -> dict[str, Any]:
        """The answer to a message."""
        self._number += 1
        await self.socket.send(json.dumps({"id": self._number, **members}))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (message := await self.hear())["type"] != "answer" or message["id"] != self._number:
                pass
        return message

    async def do(self, address: str, *arguments: object) -> dict[str, Any]:
        return await self.ask(do=address, args=list(arguments))

    def _place(self, pointer: str) -> tuple[dict[str, Any], str]:
        *way, last = (name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/")[1:])
        value = self.state
        for name in way:
            value = value[name]
        return value, last


class PageStage:
    """Made by `on_stage`."""

    def __init__(self, control: Control, page: PageProcess) -> None:
        self.control = control
        self.page = page

    @property
    def host(self) -> str:
        """HOST:PORT of the page."""
        return self.control._page.is_.address.removeprefix("http://")

    @property
    def port(self) -> int:
        return int(self.host.rpartition(":")[2])

    async def request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Heard:
        """Ask over HTTP, with a client that sends what it is told to."""

        def ask() -> Heard:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            heard = Heard(answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read())
            connection.close()
            return heard

        return await asyncio.to_thread(ask)

    async def get(self, path: str, **headers: str) -> Heard:
        return await self.request("GET", path, {name.replace("_", "-"): value for name, value in headers.items()})

    @asynccontextmanager
    async def viewer(self, **options: Any) -> AsyncIterator[Viewer]:
        """A client of the page's socket."""
        async with connected(f"ws://{self.host}/api/socket", **options) as socket:
            yield Viewer(socket)


def connected(url: str, **options: Any) -> connect:
    """A WebSocket, as soon as it is open."""
    return connect(url, open_timeout=PATIENCE_SECONDS, **options)


def hang_up(pipe: Any) -> None:
    """End what goes through a pipe, for both of its ends: a thread that reads one must not find it closed."""
    with socket.socket(fileno=os.dup(pipe.fileno())) as end:
        end.shutdown(socket.SHUT_RDWR)


def a_session() -> Session:
    return Session(Timeline(markers=MARKERS))


@asynccontextmanager
async def on_stage(session: Session | None = None, place: PagePlace | None = None) -> AsyncIterator[PageStage]:
    """Control steps, the page is served; afterwards both are gone."""
    (ours, theirs), (down, up), (page_down, page_up) = Pipe(), Pipe(), Pipe()
    stingers = {"impact": read_stinger("hit, brass")}
    control = Control(
        a_session() if session is None else session,
        ControlSettings(Horizon(), "small-2", stingers=stingers),
        Post(down, up),
    )
    page = PageProcess(Post(page_up, page_up, {"control": theirs}), place or PagePlace("127.0.0.1", 0))
    control._page.connect(ours)
    tasks = [asyncio.create_task(control._step_forever()), asyncio.create_task(page.run())]
    try:
        await soon(lambda: control._page.is_.address)
        yield PageStage(control, page)
    finally:
        page._server.stop()
        tasks[0].cancel()
        for pipe in (page_down, ours, down):
            hang_up(pipe)
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)


def staged(
    scene: Callable[[PageStage], Awaitable[None]], session: Session | None = None, place: PagePlace | None = None
) -> None:
    """Play a scene."""

    async def play() -> None:
        async with on_stage(session, place) as stage:
            await scene(stage)

    asyncio.run(play())
