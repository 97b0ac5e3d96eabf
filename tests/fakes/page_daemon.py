"""What the page talks to, without the music: the page's files and a socket that speaks as API.md says.

It runs in a thread of its own. What a client asks is kept in `asked`; the little that it understands of it changes
the state, as the daemon would.
"""

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from fakes.page_state import notes_of, page_state
from fakes.patience import PATIENCE_SECONDS, until
from hitpoint.engine.page_cues import PageCues
from hitpoint.engine.page_takes import PageTakes
from hitpoint.errors import ConfigError
from hitpoint.page.messages import Answer, TakeHeard, TakeHushed, TakeKept, ToControl
from hitpoint.page.questions import Questions
from hitpoint.page.site import Files
from hitpoint.page.soundfont import SoundFont
from hitpoint.page.take_cue import Making
from hitpoint.page.take_maker import TakeMaker
from hitpoint.page.take_writer import TakeWriter
from hitpoint.page.takes import Takes

STATIC = Path(__file__).parents[2] / "daemon" / "hitpoint" / "page" / "static"
POLICY = (
    "default-src 'self'; connect-src 'self'; img-src 'self'; style-src 'self'; script-src 'self'; object-src 'none'"
)
"""No inline script, no inline style, nobody else's anything."""
BEAT_SECONDS = 0.5


class FakePageDaemon:
    """Start it, look at `asked`, call `change`; `stop` is its death, `start` its return."""

    def __init__(self, port: int = 0, state: dict[str, Any] | None = None) -> None:
        self.takes: Path | None = None
        """A take memory, which is served as the daemon serves it. To be set before `start`."""
        self.cues = PageCues()
        """The cues that takes can be made of: `cues.heard({"timeline": …})` tells them."""
        self.soundfont: Path | None = None
        """The SoundFont that it offers."""
        self.state = page_state(time.monotonic()) if state is None else state
        self.notes = notes_of(self.state)
        self.asked: list[tuple[str, list[Any]]] = []
        self.refuse: dict[str, str] = {}
        """By address: the words with which it says no."""
        self.build = "first"
        self.silent = False
        """True: the socket stays open, and nothing comes."""
        self.beat_at = 0.0
        """When the last beat was sent; seconds of `time.monotonic`."""
        self.late_seconds = 0.0
        """Answers are up to so late, some more and some less: it runs on a slow machine."""
        self._chance = Random(1)
        self._version = 1
        self._port = port
        self._clients: set[WebSocket] = set()
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._maker: TakeMaker | None = None
        self.state["takes"] = Making().told()
        self._changing: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/"

    def start(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        routes = [
            Route("/", self._page),
            WebSocketRoute("/api/socket", self._socket),
            *self._takes().routes(),
            *SoundFont(self._soundfont).routes(),
            Mount("/", Files(STATIC)),
        ]
        app = Starlette(routes=routes, middleware=[Middleware(_Late, self._wait)])
        config = uvicorn.Config(app, log_level="error", ws="websockets-sansio", lifespan="off")
        self._server = server = uvicorn.Server(config)

        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            making = None if self._maker is None else asyncio.create_task(self._maker.run())
            await server.serve(sockets=[listener])
            if making is not None:
                making.cancel()
                await asyncio.wait([making])

        def run() -> None:
            asyncio.run(serve())

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        until(lambda: server.started)

    def _takes(self) -> Takes:
        if self.takes is None:
            return Takes(None)
        memory = PageTakes(self.takes)
        self._maker = TakeMaker(TakeWriter(self.takes), self.cues, memory.made_for, self._made)
        questions = Questions()
        questions.connected(lambda asked: self._told_control(questions, asked))
        return Takes(memory, self._maker, questions)

    def _made(self, told: dict[str, Any]) -> None:
        self._telling = asyncio.get_running_loop().create_task(self._change({"/takes": told}))

    def stop(self) -> None:
        """Gone at once, as a process that is killed."""
        assert self._server is not None
        assert self._thread is not None
        self._server.force_exit = self._server.should_exit = True
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        self._clients.clear()

    def change(self, values: Mapping[str, Any], gone: tuple[str, ...] = ()) -> None:
        """Put values at JSON pointers, and tell everyone."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self._change(values, gone), self._loop).result(PATIENCE_SECONDS)

    def wait_for(self, address: str) -> list[Any]:
        """The arguments with which that address was asked last, once it was."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for asked, arguments in reversed(self.asked):
                if asked == address:
                    return arguments
            time.sleep(0.01)
        raise AssertionError(f"{address} was not asked; {[one for one, _ in self.asked]} were")

    def _told_control(self, questions: Questions, asked: ToControl) -> None:
        """Do as control would with a take that it is given."""
        value: Any = None
        loop = asyncio.get_running_loop()
        match asked:
            case TakeHeard(take=take, second=second):
                name, arguments = "hear", [take.id, second]
                audition = {"take": take.id, "second": second, "at": time.monotonic()}
            case TakeHushed():
                name, arguments = "hush", []
                audition = {"take": "", "second": 0.0, "at": 0.0}
            case TakeKept(take=take, parts=parts):
                name, arguments, audition = "keep", [take.id, sorted(parts)], None
                value = (9, "The project has no cue 1m03: it went where the host stands.")
            case _:
                return
        error = self.refuse.get(name)
        if audition is not None and error is None:
            self._changing = loop.create_task(self._change({"/audition": audition}))
        loop.call_soon(questions.answered, Answer(asked.number, value, error))
        # Last: who waits for it may have the next change made at once.
        self.asked.append((name, arguments))

    def _soundfont(self) -> Path:
        if self.soundfont is None:
            raise ConfigError("No SoundFont is on this machine. Install one.")
        return self.soundfont

    async def _page(self, _: Request) -> Response:
        headers = {"content-security-policy": POLICY, "cache-control": "no-cache"}
        return FileResponse(STATIC / "index.html", headers=headers)

    async def _socket(self, client: WebSocket) -> None:
        self._loop = asyncio.get_running_loop()
        await client.accept()
        now = time.monotonic
        await client.send_json({"type": "hello", "api": 1, "hitpoint": "0.2.0", "build": self.build, "now": now()})
        # Before it is told the state: a change that comes meanwhile follows it.
        self._clients.add(client)
        await client.send_json({"type": "state", "version": self._version, "now": now(), "state": self.state})
        beats = asyncio.create_task(self._beats(client))
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                message = json.loads(await client.receive_text())
                await self._wait()
                if not self.silent:
                    await client.send_json({"type": "answer", "id": message["id"], **await self._answer(message)})
        beats.cancel()
        self._clients.discard(client)

    async def _wait(self) -> None:
        await asyncio.sleep(self._chance.random() * self.late_seconds)

    async def _beats(self, client: WebSocket) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            if not self.silent:
                await client.send_json({"type": "beat", "now": time.monotonic()})
                self.beat_at = time.monotonic()

    async def _answer(self, message: dict[str, Any]) -> dict[str, Any]:
        match message.get("ask"):
            case "clock":
                return {"ok": True, "now": time.monotonic()}
            case "notes":
                bars = range(message["first"], message["last"] + 1)
                return {"ok": True, "bars": {str(bar): self.notes[str(bar)] for bar in bars if str(bar) in self.notes}}
            case "models":
                return {"ok": True, "models": ["large-1", "small-2"]}
            case "doctor":
                return {"ok": True, "findings": [
                    {"check": "MIDI ports", "health": "ok", "found": "JACK, 48 kHz", "advice": ""},
                    {"check": "real-time priority", "health": "warn", "found": "not allowed", "advice": "Join audio."},
                ]}  # fmt: skip
        address, arguments = message["do"], message.get("args", [])
        error = self.refuse.get(address)
        if error is None:
            await self._change(self._effects(address, arguments))
        # Last: who waits for it finds it done.
        self.asked.append((address, arguments))
        return {"ok": True, "value": []} if error is None else {"ok": False, "error": error}

    def _effects(self, address: str, arguments: list[Any]) -> dict[str, Any]:
        """What the daemon would change for that."""
        for pattern, effect in _EFFECTS:
            if found := re.fullmatch(pattern, address):
                return effect(self.state, found.groups(), arguments)
        return {}

    async def _change(self, values: Mapping[str, Any], gone: tuple[str, ...] = ()) -> None:
        if not values and not gone:
            return
        for pointer in gone:
            parent, key = _parent(self.state, pointer)
            parent.pop(key)
        for pointer, value in values.items():
            parent, key = _parent(self.state, pointer)
            parent[key] = value
        before, self._version = self._version, self._version + 1
        told = {"type": "change", "from": before, "version": self._version, "now": time.monotonic()}
        for client in tuple(self._clients):
            with suppress(RuntimeError, WebSocketDisconnect):
                if not self.silent:
                    await client.send_json({**told, "set": dict(values), "gone": list(gone)})


class _Late:
    """Has each answer wait."""

    def __init__(self, app: ASGIApp, wait: Callable[[], Awaitable[None]]) -> None:
        self._app, self._wait = app, wait

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._wait()
        await self._app(scope, receive, send)


def _parent(state: dict[str, Any], pointer: str) -> tuple[dict[str, Any], str]:
    *path, last = [key.replace("~1", "/").replace("~0", "~") for key in pointer[1:].split("/")]
    for key in path:
        state = state[key]
    return state, last


_Effect = Callable[[dict[str, Any], tuple[str, ...], list[Any]], dict[str, Any]]


def _coming(name: str) -> dict[str, Any]:
    return {"/states/coming": {"name": name, "tick": 15360, "place": "5|1|0"}}


def _part(state: dict[str, Any], name: str, switch: str, on: bool) -> dict[str, Any]:
    where = "parts" if name in state["parts"] else "stems"
    return {f"/{where}/{name}/{switch}": on}


def _curve(name: str, text: str) -> dict[str, Any]:
    points = [[float(one) for one in word.split(":")] for word in text.split()]
    return {f"/curves/{name}": points}


def _rolls(rolling: bool) -> dict[str, Any]:
    # A fake need not know where it would be: it stops where it began.
    return {"/transport/rolling": rolling, "/transport/at": time.monotonic()}


_EFFECTS: tuple[tuple[str, _Effect], ...] = (
    (r"/hitpoint/control/(\w+)", lambda _, names, values: {f"/controls/{names[0]}": values[0] if values else None}),
    (r"/hitpoint/part/([^/]+)/(\w+)", lambda state, names, values: _part(
        state, names[0].replace("_", " "), names[1], bool(values[0]))),
    (r"/hitpoint/state/go", lambda _, __, values: _coming(values[0])),
    (r"/hitpoint/state/return", lambda _, __, ___: _coming("")),
    (r"/hitpoint/state/define", lambda _, __, values: {f"/states/known/{values[0]}": values[1]}),
    (r"/hitpoint/cue/freeze", lambda _, __, values: {"/states/frozen_bar": 2 if values[0] else None}),
    (r"/hitpoint/cue/generate", lambda _, __, values: {"/direction": values[0]}),
    (r"/hitpoint/curve/(\w+)", lambda _, names, values: _curve(names[0], values[0])),
    (r"/hitpoint/midi/learn", lambda _, __, values: {"/midi/learning": values[0]}),
    (r"/hitpoint/midi/cancel", lambda _, __, ___: {"/midi/learning": ""}),
    (r"/hitpoint/midi/forget", lambda _, __, ___: {"/midi/bindings": []}),
    (r"/hitpoint/transport/play", lambda _, __, ___: _rolls(True)),
    (r"/hitpoint/transport/stop", lambda _, __, ___: _rolls(False)),
)  # fmt: skip
