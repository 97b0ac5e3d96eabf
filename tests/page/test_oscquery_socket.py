"""What a client hears that LISTENs, and how its addresses come and go. With a real server: test_site.py."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from pythonosc.osc_message import OscMessage

from fakes.page_stage import PageStage, staged
from hitpoint.inputs.packet_budget import PacketBudget
from hitpoint.page.oscquery import Names, addresses, node_at, path_changes, readable, tree
from hitpoint.page.oscquery_socket import OscQueryClient

MUTE = "/hitpoint/part/harp/mute"
FEW, MORE = Names(("strings",)), Names(("strings", "harp"))


class MemorySocket:
    """Keeps what it is sent; takes nothing while `open` is cleared."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.open = asyncio.Event()
        self.open.set()
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def send_text(self, data: str) -> None:
        await self.open.wait()
        message = json.loads(data)
        self.sent.append((message["COMMAND"], message["DATA"]))

    async def send_bytes(self, data: bytes) -> None:
        await self.open.wait()
        self.sent.append(OscMessage(data))

    async def receive(self) -> dict[str, Any]:
        return await self._said.get()

    def say(self, command: str, path: str) -> None:
        text = json.dumps({"COMMAND": command, "DATA": path})
        self._said.put_nowait({"type": "websocket.receive", "text": text})

    def values(self) -> list[tuple[str, list[Any]]]:
        return [(one.address, list(one.params)) for one in self.sent if isinstance(one, OscMessage)]

    def paths(self) -> list[Any]:
        return [one for one in self.sent if not isinstance(one, OscMessage)]


async def settled() -> None:
    """All that can be done without waiting is done."""
    for _ in range(400):
        await asyncio.sleep(0)


def served(scene: Callable[[OscQueryClient, MemorySocket], Awaitable[None]], names: Names = FEW) -> None:
    async def nothing(_: str, __: object) -> float:
        return 0.0

    async def play() -> None:
        socket = MemorySocket()
        client = OscQueryClient(socket, ("there", 1), dict(addresses(names)), nothing, PacketBudget())
        serving = asyncio.create_task(client.serve())
        try:
            await scene(client, socket)
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(play())


def test_every_address_of_a_large_band_that_comes_is_told_once():
    band = Names(tuple(f"part {number}" for number in range(40)))

    async def scene(client: OscQueryClient, socket: MemorySocket) -> None:
        client.tell_addresses(dict(addresses(band)))
        await settled()
        assert socket.paths() == path_changes(dict(addresses(FEW)), dict(addresses(band)))
        assert len(socket.paths()) > 120

    served(scene)


def test_what_came_can_be_listened_to_until_it_goes():
    async def scene(client: OscQueryClient, socket: MemorySocket) -> None:
        client.tell_addresses(dict(addresses(MORE)))
        socket.say("LISTEN", MUTE)
        await settled()
        client.tell({MUTE: [True]})
        await settled()
        assert socket.values() == [(MUTE, [True])]
        client.tell_addresses(dict(addresses(FEW)))
        await settled()
        client.tell_addresses(dict(addresses(MORE)))
        await settled()
        client.tell({MUTE: [False]})
        await settled()
        assert socket.values() == [(MUTE, [True])]

    served(scene)


def test_what_comes_and_goes_while_a_client_does_not_read_is_not_told_and_still_listened_to():
    async def scene(client: OscQueryClient, socket: MemorySocket) -> None:
        socket.say("LISTEN", MUTE)
        await settled()
        socket.open.clear()
        client.tell({MUTE: [True]})
        await settled()
        client.tell_addresses(dict(addresses(FEW)))
        client.tell_addresses(dict(addresses(MORE)))
        socket.open.set()
        await settled()
        client.tell({MUTE: [False]})
        await settled()
        assert socket.paths() == []
        assert socket.values() == [(MUTE, [True]), (MUTE, [False])]

    served(scene, MORE)


def test_what_is_no_address_or_has_no_value_is_not_listened_to():
    async def scene(client: OscQueryClient, socket: MemorySocket) -> None:
        for path in ("/hitpoint/panic", "/hitpoint/nothing", "/hitpoint/part"):
            socket.say("LISTEN", path)
        await settled()
        client.tell({"/hitpoint/panic": [1], "/hitpoint/nothing": [1], "/hitpoint/part": [1]})
        await settled()
        assert socket.sent == []

    served(scene)


def test_values_are_sent_with_the_types_that_are_told_and_numbers_with_32_bits():
    async def values(stage: PageStage) -> None:
        async with stage.viewer() as viewer:
            state = await viewer.until(lambda state: {"parts", "stingers"} <= state.keys())
            for address, arguments in (
                ("/hitpoint/control/intensity", [0.6]),
                ("/hitpoint/control/valence", [1]),
                ("/hitpoint/transport/loop", [1, 2]),
                ("/hitpoint/curve/tension", ["1:0.2 8:0.9"]),
            ):
                assert (await viewer.do(address, *arguments))["ok"]
        names = Names((*state["stems"], *state["parts"]), tuple(state["stingers"]))
        found, _ = await stage.page._questions.values(readable(names))
        told.append((names, found))

    told: list[tuple[Names, dict[str, tuple[Any, ...]]]] = []
    staged(values)
    [(names, found)] = told
    root = tree(names, found)

    async def scene(client: OscQueryClient, socket: MemorySocket) -> None:
        for address in found:
            socket.say("LISTEN", address)
        await settled()
        client.tell(found)
        await settled()
        assert {one.address for one in socket.sent} == set(found)
        for message in socket.sent:
            node = node_at(root, message.address)
            # Both are told as T, true or false.
            sent = tags(message).replace("F", "T")
            assert sent == node["TYPE"][: len(sent)], message.address
        [intensity] = [one for one in socket.sent if one.address == "/hitpoint/control/intensity"]
        assert tags(intensity) == "f"
        assert intensity.dgram.endswith(bytes.fromhex("3f19999a"))

    served(scene, names)


def tags(message: OscMessage) -> str:
    """The type tags, read from the bytes."""
    start = message.dgram.index(b",")
    return message.dgram[start + 1 : message.dgram.index(b"\0", start)].decode()
