"""The page's server: a socket that it holds, or waits for, and the application that it runs there."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from hitpoint.errors import PortError

LARGEST_MESSAGE = 65_536
"""Bytes of one message from a client."""
AGAIN_SECONDS = 5.0
"""How often a port that was taken is tried again."""
LARGEST_HEADERS = 16_384
"""Bytes of a request's headers."""
MOST_CONNECTIONS = 256
"""Beyond it a request is answered with 503."""
UNSENT_SECONDS = 20
"""What the other side's machine does not take for so long ends the connection (Linux)."""


def listen_on(host: str, port: int) -> socket.socket:
    """A TCP socket that is bound and listens. Raises PortError when the port is taken, or the address not ours."""
    family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    # With its protocol named, asyncio has small messages sent at once; without, one may wait for 40 ms for the last to
    # be acknowledged.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A page that was killed has left connections behind that hold the port for a minute otherwise.
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNSENT_SECONDS * 1000)
        listening.bind((host, port))
        listening.listen(64)
    except OSError as error:
        listening.close()
        raise PortError(
            f"the page's port {port} on {host} cannot be opened ({error.strerror or error}). Is another Hitpoint "
            "running? Stop it, or set another `page.port`."
        ) from error
    listening.setblocking(False)
    return listening


class _Protocol(WebSocketsSansIOProtocol):
    """A WebSocket that can be let go of at once."""

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            scope["hitpoint.abort"] = self.transport.abort


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the supervisor's."""
        yield


class PageServer:
    """`serve` until `stop`. On the page's loop."""

    def __init__(self, application: ASGIApp, host: str, port: int) -> None:
        self._application = application
        self._host, self._port = host, port
        self._server: _Server | None = None
        self._stopped = asyncio.Event()

    async def serve(self, opened: Callable[[str, int], None], refused: Callable[[str], None]) -> None:
        """Hold the port and answer there. opened: told the address when it is held; refused: told why it is not."""
        listening = await self._listening(refused)
        if listening is None:
            return
        host, port = listening.getsockname()[:2]
        config = uvicorn.Config(
            self._application,
            http="h11",
            ws=_Protocol,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws_max_size=LARGEST_MESSAGE,
            h11_max_incomplete_event_size=LARGEST_HEADERS,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        opened(host, port)
        try:
            await self._server.serve([listening])
        finally:
            listening.close()

    def stop(self) -> None:
        """End it: connections are closed."""
        self._stopped.set()
        if self._server is not None:
            self._server.should_exit = True

    async def _listening(self, refused: Callable[[str], None]) -> socket.socket | None:
        while not self._stopped.is_set():
            try:
                return listen_on(self._host, self._port)
            except PortError as error:
                refused(str(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_SECONDS):
                    await self._stopped.wait()
        return None
