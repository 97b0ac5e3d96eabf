"""OSCQuery's WebSocket: who listens to an address hears of its changes as OSC packets, and may send packets too.

Source: Vidvox, OSCQueryProposal, revision 3, "Optional bi-directional communication".
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import monotonic, thread_time
from typing import Any, Protocol

from hitpoint.errors import HitpointError
from hitpoint.hosts.commands import Command
from hitpoint.inputs.osc_listener import OscListener, packet_of
from hitpoint.inputs.packet_budget import PacketBudget, Sender
from hitpoint.page.client import STALL_SECONDS
from hitpoint.page.oscquery import path_changes

MOST_LISTENED = 1024
"""Addresses that one client listens to: more than there are."""
MOST_WAITING = 256
"""Packets to come from one client that are not answered yet; the oldest go."""
_LOOK_SECONDS = 0.02


class OscSocket(Protocol):
    """What is needed of a WebSocket that is open."""

    async def send_bytes(self, data: bytes) -> None:
        """Send; waits while the other side takes nothing."""
        ...

    async def send_text(self, data: str) -> None:
        """Send likewise."""
        ...

    async def receive(self) -> Any:
        """The next ASGI event."""
        ...


class OscQueryClient:
    """`serve` it until it goes.

    there: the addresses there are, each with its row of the table. ask: does what a packet asks. Raises HitpointError.
    Of a value that changes faster than the client reads only the last one is sent.
    """

    def __init__(
        self,
        socket: OscSocket,
        name: Sender,
        there: Mapping[str, Command],
        ask: Callable[[str, Sequence[object]], Awaitable[float]],
        budget: PacketBudget,
    ) -> None:
        self._socket = socket
        self._name = name
        self._there = there
        self._told = there
        self._ask = ask
        self._budget = budget
        self._listens: set[str] = set()
        self._changed: dict[str, Sequence[Any]] = {}
        self._packets: deque[tuple[str, list[object]]] = deque(maxlen=MOST_WAITING)
        self._reader = OscListener(lambda address, arguments, _: self._packets.append((address, arguments)))
        self._news = asyncio.Event()

    def tell(self, values: Mapping[str, Sequence[Any]]) -> None:
        """These addresses tell something else now."""
        heard = {address: value for address, value in values.items() if address in self._listens}
        if heard:
            self._changed.update(heard)
            self._news.set()

    def tell_addresses(self, there: Mapping[str, Command]) -> None:
        """These are the addresses now. What comes and goes faster than the client reads is not told."""
        self._there = there
        self._news.set()

    async def serve(self) -> None:
        """Tell and hear until the other side goes, or takes nothing for STALL_SECONDS."""
        tasks = [asyncio.create_task(self._tell()), asyncio.create_task(self._hear())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _tell(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            await self._tell_paths()
            while self._changed:
                address = next(iter(self._changed))
                packet = packet_of(address, self._changed.pop(address), boolean_tags=True)
                async with asyncio.timeout(STALL_SECONDS):
                    await self._socket.send_bytes(packet)

    async def _tell_paths(self) -> None:
        before, self._told = self._told, self._there
        for command, path in path_changes(before, self._told):
            if command == "PATH_REMOVED":
                self._ignore(path)
            async with asyncio.timeout(STALL_SECONDS):
                await self._socket.send_text(json.dumps({"COMMAND": command, "DATA": path}))

    async def _hear(self) -> None:
        while True:
            event = await self._socket.receive()
            if event["type"] == "websocket.disconnect":
                return
            began = thread_time()
            if event.get("bytes") is not None:
                self._reader.take(event["bytes"], self._name)
            else:
                self._hear_command(event.get("text") or "")
            self._budget.charge(self._name, thread_time() - began, monotonic())
            while self._packets:
                await self._do(*self._packets.popleft())
            while not self._budget.admits(self._name, monotonic()):
                await asyncio.sleep(_LOOK_SECONDS)

    async def _do(self, address: str, arguments: list[object]) -> None:
        try:
            self._budget.charge(self._name, await self._ask(address, arguments), monotonic())
        except HitpointError as error:
            self._changed["/hitpoint/error"] = [str(error)]
            self._news.set()

    def _hear_command(self, text: str) -> None:
        """LISTEN and IGNORE; what else is sent is passed over, as the proposal has it."""
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return
        match message:
            case {"COMMAND": "LISTEN", "DATA": str(path)} if self._is_told(path) and len(self._listens) < MOST_LISTENED:
                self._listens.add(path)
            case {"COMMAND": "IGNORE", "DATA": str(path)}:
                self._ignore(path)

    def _is_told(self, path: str) -> bool:
        return path in self._there and self._there[path].readable

    def _ignore(self, path: str) -> None:
        self._listens.discard(path)
        self._changed.pop(path, None)
