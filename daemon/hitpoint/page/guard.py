"""Every request goes through here: refused, or answered with headers that keep a browser to what is ours."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hitpoint.page.gate import Gate, Request

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; connect-src 'self' {sockets}; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}


OSCQUERY = "/oscquery"
"""The path of all that is OSCQuery's."""


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or open one WebSocket."""
        if scope["type"] not in ("http", "websocket"):
            return
        request = request_of(scope)
        refusal = self._gate.refuses(request)
        if refusal is None:
            await self._app(scope, receive, _with_headers(send, request))
        elif scope["type"] == "websocket":
            # Before it was accepted, this is an HTTP answer of 403.
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif refusal.status == 401 and request.method in ("GET", "HEAD") and _is_browser(request):
            headers = {"location": "/pair"}
            await PlainTextResponse(refusal.reason, 303, headers)(scope, receive, _with_headers(send, request))
        else:
            await PlainTextResponse(refusal.reason, refusal.status)(scope, receive, _with_headers(send, request))


def request_of(scope: Scope) -> Request:
    """What the gate wants to know of a request."""
    headers: dict[str, list[str]] = defaultdict(list)
    for name, value in scope["headers"]:
        headers[name.decode("latin-1").lower()].append(value.decode("latin-1"))
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("", 0)
    method = "WEBSOCKET" if scope["type"] == "websocket" else scope["method"]
    path = OSCQUERY if asks_oscquery(scope, headers) else scope["path"]
    return Request(method, path, headers, client[0], server[0], int(server[1] or 0))


def asks_oscquery(scope: Scope, headers: Mapping[str, Sequence[str]]) -> bool:
    """True for what is OSCQuery's at the root, where its clients look: browsers find the page there."""
    if scope["path"] != "/":
        return False
    accepts_pages = any("text/html" in value for value in headers.get("accept", ()))
    return scope["type"] == "websocket" or b"HOST_INFO" in scope["query_string"] or not accepts_pages


def _is_browser(request: Request) -> bool:
    return any("text/html" in value for value in request.headers.get("accept", ()))


def _with_headers(send: Send, request: Request) -> Send:
    host = "".join(request.headers.get("host", ()))
    # The names that pass the gate have no character that means anything in a policy; of others, none is told.
    sockets = f"ws://{host}" if host.replace(".", "").replace(":", "").replace("-", "").isalnum() else ""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=_scope_of(message))
            for name, value in _HEADERS.items():
                headers[name] = value
            headers.setdefault("content-security-policy", _POLICY.format(sockets=sockets))
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return guarded


def _scope_of(message: Message) -> Any:
    message.setdefault("headers", [])
    return message
