"""One WebSocket: what it is told, and what it asks."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic, thread_time
from typing import Any, Protocol

from hitpoint.errors import HitpointError, HostError
from hitpoint.inputs.packet_budget import PacketBudget, Sender
from hitpoint.page.board import Board, Version, as_text

BEAT_SECONDS = 0.5
"""A client that hears nothing for twice that knows that something is wrong."""
STALL_SECONDS = 10.0
"""A client that takes nothing for so long is let go: a tablet that sleeps comes back by itself."""
MOST_UNANSWERED = 64
"""Questions of one client; of more it is not read until one is answered, and the network holds it up."""
MISTAKE_SECONDS = 0.0002
"""About what it takes to say what is wrong with a question."""
MOST_MALFORMED = 20
"""So many mistakes anyone may make."""
LARGEST_ID = 2**53
"""Beyond it JavaScript cannot count."""
NOT_ALLOWED, TRY_AGAIN = 1008, 1013
"""Close codes. Source: RFC 6455 section 7.4.1 and the IANA registry."""

_log = logging.getLogger("hitpoint")


class Socket(Protocol):
    """What a client needs of a WebSocket that is open."""

    async def send_text(self, data: str) -> None:
        """Send; waits while the other side takes nothing."""
        ...

    async def receive(self) -> Any:
        """The next ASGI event."""
        ...

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        """Say good-bye."""
        ...


Ask = Callable[[dict[str, Any]], Awaitable[tuple[dict[str, Any], float]]]
"""What answers a message: the answer's members, and how many seconds it took elsewhere. Raises HitpointError."""


class Closed(Exception):
    """The socket is to be closed."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code, self.why = code, why


class Client:
    """`serve` it until it goes. hello: the first message. Its state is the board's, however slow it is."""

    def __init__(
        self, socket: Socket, name: Sender, board: Board, ask: Ask, budget: PacketBudget, hello: dict[str, Any]
    ) -> None:
        self._socket = socket
        self._name = name
        self._board = board
        self._ask = ask
        self._budget = budget
        self._hello = hello
        self._answers: deque[str] = deque()
        self._news = asyncio.Event()
        self._free = asyncio.Semaphore(MOST_UNANSWERED)
        self._malformed = 0
        self._answering: set[asyncio.Task[None]] = set()
        self.dropped = ""
        """Why it was let go, where it was."""

    async def serve(self) -> None:
        """Tell and hear until the other side goes, or has to."""
        unwatch = self._board.watch(self._news.set)
        telling, hearing = asyncio.create_task(self._tell()), asyncio.create_task(self._hear())
        try:
            await asyncio.wait((telling, hearing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            unwatch()
            for task in (telling, hearing, *self._answering):
                task.cancel()
            ended = await asyncio.gather(telling, hearing, return_exceptions=True)
        for one in ended:
            if isinstance(one, Closed):
                await self._say_goodbye(one)
                return

    async def _tell(self) -> None:
        await self._send(as_text(self._hello))
        seen: Version | None = None
        while True:
            self._news.clear()
            while self._answers:
                await self._send(self._answers.popleft())
            if self._malformed >= MOST_MALFORMED:
                raise Closed(NOT_ALLOWED, f"{MOST_MALFORMED} messages made no sense.")
            last = self._board.last
            text = self._board.whole() if seen is None else self._board.change(seen)
            if text is not None:
                seen = last
                await self._send(text)
                continue
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                await self._send(as_text({"type": "beat", "now": monotonic()}))

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout(STALL_SECONDS):
                await self._socket.send_text(text)
        except TimeoutError:
            raise Closed(TRY_AGAIN, f"this page has read nothing for {STALL_SECONDS:g} s.") from None

    async def _hear(self) -> None:
        while True:
            event = await self._socket.receive()
            if event["type"] == "websocket.disconnect":
                return
            while not self._budget.admits(self._name, monotonic()):
                await asyncio.sleep(_LOOK_SECONDS)
            began = thread_time()
            message: dict[str, Any] | None = None
            try:
                message = _read(event)
            except HostError as error:
                self._refuse(None, error)
            seconds = thread_time() - began
            if message is not None:
                await self._free.acquire()
                task = asyncio.create_task(self._answer(message))
                self._answering.add(task)
                task.add_done_callback(self._answered)
            self._budget.charge(self._name, seconds, monotonic())
            if rest := self._budget.rest(seconds, monotonic()):
                await asyncio.sleep(rest)

    async def _answer(self, message: dict[str, Any]) -> None:
        number = message.get("id")
        try:
            if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= LARGEST_ID:
                raise Malformed("id must be a whole number from 0 to 2^53.")
            answer, seconds = await self._ask(message)
            self._budget.charge(self._name, seconds, monotonic())
            self._say({"type": "answer", "id": number, "ok": True, **answer})
        except Malformed as error:
            self._refuse(number if isinstance(number, int) else None, error)
        except HitpointError as error:
            self._budget.charge(self._name, MISTAKE_SECONDS, monotonic())
            self._say({"type": "answer", "id": number, "ok": False, "error": str(error)})
        except Exception as error:
            # A mistake of ours: who asked must not wait for ever.
            _log.warning("a question could not be answered", exc_info=error)
            told = f"it could not be answered ({type(error).__name__}). Please report it."
            self._say({"type": "answer", "id": number, "ok": False, "error": told})

    def _answered(self, task: asyncio.Task[None]) -> None:
        self._answering.discard(task)
        self._free.release()

    def _refuse(self, number: int | None, error: Exception) -> None:
        self._malformed += 1
        self._say({"type": "answer", "id": number, "ok": False, "error": str(error)})

    def _say(self, message: dict[str, Any]) -> None:
        self._answers.append(as_text(message))
        self._news.set()

    async def _say_goodbye(self, closed: Closed) -> None:
        self.dropped = closed.why
        # It may still not read: then nothing is lost that it would have heard.
        with suppress(Exception):
            async with asyncio.timeout(_GOODBYE_SECONDS):
                while self._answers:
                    await self._socket.send_text(self._answers.popleft())
                await self._socket.send_text(as_text({"type": "goodbye", "why": closed.why}))
                await self._socket.close(closed.code, closed.why)


class Malformed(HostError):
    """A message that is not one of ours: it counts against its sender."""


_LOOK_SECONDS = 0.02
_GOODBYE_SECONDS = 0.5


def _read(event: dict[str, Any]) -> dict[str, Any]:
    text = event.get("text")
    if text is None:
        raise Malformed("messages are texts, not bytes.")
    try:
        message = json.loads(text)
    # A text of nothing but brackets is too deep for the reader.
    except (ValueError, RecursionError):
        raise Malformed("that is not JSON.") from None
    if not isinstance(message, dict):
        raise Malformed("a message is a JSON object.")
    return message
