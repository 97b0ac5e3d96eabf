"""All that is served over HTTP and WebSockets, as one ASGI application."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from time import monotonic, thread_time
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from hitpoint import __version__
from hitpoint.errors import HostError
from hitpoint.hosts.commands import read
from hitpoint.inputs.packet_budget import PacketBudget
from hitpoint.page import oscquery
from hitpoint.page.api import API, Api
from hitpoint.page.board import Board
from hitpoint.page.body import json_body
from hitpoint.page.client import TRY_AGAIN, Client
from hitpoint.page.gate import Gate, Refusal, cookie_name
from hitpoint.page.guard import Guard, asks_oscquery
from hitpoint.page.oscquery_socket import OscQueryClient
from hitpoint.page.pairing import pairing_page
from hitpoint.page.questions import Questions
from hitpoint.page.schema import schema
from hitpoint.page.soundfont import SoundFont
from hitpoint.page.takes import Takes

STATIC = Path(__file__).parent / "static"
"""The built page."""
MOST_CLIENTS = 64
"""Sockets at once: more than anyone's desks and tablets."""
LARGEST_BODY = 1024
"""Bytes of a pairing's body: a code is all that is ever sent."""
PAIRED_SECONDS = 30 * 24 * 3600
"""How long a browser stays paired: a production. Our choice."""
_FOR_EVER = "public, max-age=31536000, immutable"


class Site:
    """The application, and who is connected to it. On the page's loop."""

    def __init__(
        self,
        board: Board,
        questions: Questions,
        api: Api,
        gate: Gate,
        takes: Takes,
        soundfont: SoundFont,
        static: Path = STATIC,
    ) -> None:
        self._takes, self._soundfont = takes, soundfont
        self._board, self._questions, self._api, self._gate = board, questions, api, gate
        self._static = static
        self._budget = PacketBudget()
        self._values_budget = PacketBudget()
        self._listeners: set[OscQueryClient] = set()
        self._names = oscquery.Names()
        self.clients = 0
        """Sockets that are open."""
        self.dropped = 0
        """Sockets that were closed because they read too slowly or sent nonsense."""
        self.on_change: Callable[[], None] = lambda: None
        """Called when either is another."""
        self.build = _digest(static)
        board.watch(self._look_for_names)

    def application(self) -> ASGIApp:
        """What a server runs."""
        routes = [
            Route("/", self._root),
            Route("/pair", self._pairing, methods=["GET", "POST"]),
            Route("/api/state", self._state),
            Route("/api/notes", self._notes),
            Route("/api/schema", self._schema),
            *self._takes.routes(),
            *self._soundfont.routes(),
            WebSocketRoute("/api/socket", self._socket),
            WebSocketRoute("/", self._oscquery_socket),
            WebSocketRoute("/oscquery", self._oscquery_socket),
            Route("/oscquery{path:path}", self._oscquery),
            Route("/hitpoint{path:path}", self._oscquery_at_root),
            Mount("/", Files(self._static)),
        ]
        middleware = [
            Middleware(partial(Guard, gate=self._gate)),
            Middleware(GZipMiddleware, minimum_size=1000),
        ]
        return Starlette(routes=routes, middleware=middleware)

    def tell_values(self, values: Mapping[str, Sequence[Any]]) -> None:
        """These addresses tell something else now."""
        for listener in self._listeners:
            listener.tell(values)

    async def _root(self, request: Request) -> Response:
        if asks_oscquery(request.scope, {"accept": request.headers.getlist("accept")}):
            return await self._answered(request, "/")
        if not (self._static / "index.html").is_file():
            return PlainTextResponse("The page was not built. `npm run build` in page/ makes it.", 503)
        return FileResponse(self._static / "index.html", headers={"cache-control": "no-cache"})

    async def _state(self, _: Request) -> Response:
        last = self._board.last
        content = {"api": API, "version": last.number, "now": monotonic(), "state": last.state}
        return JSONResponse(content)

    async def _notes(self, request: Request) -> Response:
        try:
            first, last = (int(request.query_params[name]) for name in ("first", "last"))
        except (KeyError, ValueError):
            return PlainTextResponse("say first and last, bars from 1.", 400)
        if not 1 <= first <= last <= _LAST_BAR:
            return PlainTextResponse("first and last are bars from 1.", 400)
        try:
            return JSONResponse({"bars": await self._api.notes(first, last)})
        except HostError as error:
            return PlainTextResponse(str(error), 503)

    async def _schema(self, _: Request) -> Response:
        return JSONResponse(schema(), media_type="application/schema+json")

    async def _pairing(self, request: Request) -> Response:
        if request.method == "GET":
            return pairing_page()
        try:
            body = await json_body(request, LARGEST_BODY)
            code = str(body["code"])
        except (ValueError, KeyError, TypeError):
            return PlainTextResponse('send {"code": "123456"}.', 400)
        token = self._gate.tries(code)
        if isinstance(token, Refusal):
            return PlainTextResponse(token.reason, token.status)
        response = JSONResponse({"paired": True})
        port = request.scope["server"][1]
        response.set_cookie(cookie_name(port), token, PAIRED_SECONDS, path="/", httponly=True, samesite="strict")
        return response

    async def _oscquery(self, request: Request) -> Response:
        return await self._answered(request, request.path_params["path"] or "/")

    async def _oscquery_at_root(self, request: Request) -> Response:
        return await self._answered(request, request.url.path)

    async def _answered(self, request: Request, path: str) -> Response:
        query = request.url.query
        if query.startswith("HOST_INFO"):
            return JSONResponse(self._host_info(request))
        attribute = query.partition("&")[0].partition("=")[0] or None
        sender = (request.client.host if request.client else "", 0)
        if not self._values_budget.admits(sender, monotonic()):
            return PlainTextResponse("too many questions at once.", 429)
        asks = attribute in (None, "VALUE", "CONTENTS", "TYPE")
        values, seconds = await self._values(path) if asks else ({}, 0.0)
        began = thread_time()
        status, content = oscquery.answer(oscquery.tree(self._names, values), path, attribute)
        self._values_budget.charge(sender, seconds + thread_time() - began, monotonic())
        return Response(status_code=status) if content is None else JSONResponse(content, status)

    async def _values(self, path: str) -> tuple[oscquery.Values, float]:
        try:
            return await self._questions.values(oscquery.readable(self._names, path))
        except HostError:
            # The addresses are there all the same.
            return {}, 0.0

    def _host_info(self, request: Request) -> dict[str, Any]:
        osc = self._board.last.state.get("osc") or {"host": "127.0.0.1", "port": 0}
        reached = request.scope["server"]
        # Who came over a network reaches OSC there, too, where it listens on all of them.
        host = reached[0] if osc["host"] in ("0.0.0.0", "::") else osc["host"]
        return oscquery.host_info("Hitpoint", (host, osc["port"]), (reached[0], reached[1]))

    async def _socket(self, socket: WebSocket) -> None:
        hello = {"type": "hello", "api": API, "hitpoint": __version__, "build": self.build, "now": monotonic()}

        async def serve() -> None:
            client = Client(socket, _name_of(socket), self._board, self._api.answer, self._budget, hello)
            try:
                await client.serve()
            finally:
                if client.dropped:
                    self.dropped += 1
                    _abort(socket)

        await self._served(socket, serve)

    async def _oscquery_socket(self, socket: WebSocket) -> None:
        async def serve() -> None:
            there = dict(oscquery.addresses(self._names))
            listener = OscQueryClient(socket, _name_of(socket), there, self._do, self._budget)
            self._listeners.add(listener)
            try:
                await listener.serve()
            finally:
                self._listeners.discard(listener)

        await self._served(socket, serve)

    async def _do(self, address: str, arguments: Sequence[object]) -> float:
        read(address, arguments)
        return (await self._questions.ask(address, arguments)).seconds

    async def _served(self, socket: WebSocket, serve: Callable[[], Any]) -> None:
        await socket.accept()
        if self.clients >= MOST_CLIENTS:
            await socket.close(TRY_AGAIN, f"{MOST_CLIENTS} pages are open already. Close one.")
            return
        self.clients += 1
        self.on_change()
        try:
            await serve()
        finally:
            self.clients -= 1
            self.on_change()

    def _look_for_names(self) -> None:
        state = self._board.last.state
        names = oscquery.Names((*state.get("stems", ()), *state.get("parts", ())), tuple(state.get("stingers", ())))
        if names != self._names:
            self._names = names
            there = dict(oscquery.addresses(names))
            for listener in self._listeners:
                listener.tell_addresses(there)


_LAST_BAR = 1_000_000
_SYNTHESISER = "synth-"
"""Begins the name of the worker that plays SoundFonts. A worker has the policy of its own file."""
_SYNTHESISER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"
"""Compressed SoundFonts are unpacked by WebAssembly, which comes in that very file; it asks nobody for anything."""


class Files(StaticFiles):
    """The built page's files, whose names change with their content."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # A WebSocket at an address that is none.
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await super().__call__(scope, receive, send)

    def file_response(self, full_path: Any, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(full_path, *args, **kwargs)
        response.headers["cache-control"] = _FOR_EVER if "assets" in Path(full_path).parts else "no-cache"
        if Path(full_path).name.startswith(_SYNTHESISER):
            response.headers["content-security-policy"] = _SYNTHESISER_POLICY
        return response


def _name_of(socket: WebSocket) -> tuple[str, int]:
    return (socket.client.host, socket.client.port) if socket.client is not None else ("", 0)


def _abort(socket: WebSocket) -> None:
    """Let go of a connection whose other side takes nothing: to close it in good order would wait for that."""
    abort = socket.scope.get("hitpoint.abort")
    if abort is not None:
        abort()


def _digest(folder: Path) -> str:
    """Names the files: another one is another build."""
    digest = blake2b(digest_size=8)
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            digest.update(f"{file.relative_to(folder)}".encode() + file.read_bytes())
    return digest.hexdigest()
