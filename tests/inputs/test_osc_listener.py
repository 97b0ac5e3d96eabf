import asyncio
import random

import pytest
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from hitpoint.errors import PortError
from hitpoint.inputs.osc_listener import OscListener, listen


def message(address: str, *arguments: object) -> bytes:
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    return builder.build().dgram


def hearing() -> tuple[OscListener, list[tuple[str, list[object]]]]:
    heard: list[tuple[str, list[object]]] = []
    return OscListener(lambda address, arguments, _: heard.append((address, arguments))), heard


def test_a_message_is_heard_with_its_arguments():
    listener, heard = hearing()
    listener.datagram_received(message("/a", 1, 0.5, "x", True), ("127.0.0.1", 5))
    assert heard == [("/a", [1, 0.5, "x", True])]


def test_a_bundle_is_flattened():
    listener, heard = hearing()
    builder = OscBundleBuilder(IMMEDIATELY)
    for address in ("/a", "/b"):
        builder.add_content(OscMessageBuilder(address).build())
    listener.datagram_received(builder.build().dgram, ("127.0.0.1", 5))
    assert [address for address, _ in heard] == ["/a", "/b"]


def test_bytes_that_are_not_osc_are_counted_and_go_no_further():
    listener, heard = hearing()
    source = random.Random(1)
    whole = message("/hitpoint/control/intensity", 0.5)
    packets = [source.randbytes(source.randrange(80)) for _ in range(2000)]
    packets += [whole[: source.randrange(len(whole))] for _ in range(200)]
    packets += [b"#bundle\0" + source.randbytes(source.randrange(60)) for _ in range(500)]
    for packet in packets:
        listener.datagram_received(packet, ("127.0.0.1", 5))
    assert listener.malformed > 0
    listener.datagram_received(whole, ("127.0.0.1", 5))
    assert heard[-1] == ("/hitpoint/control/intensity", [0.5])


def test_a_taken_port_is_said_so():
    async def scenario() -> None:
        first = await listen("127.0.0.1", 0, lambda *_: None)
        with pytest.raises(PortError, match=rf"OSC port {first.port}"):
            await listen("127.0.0.1", first.port, lambda *_: None)
        first.close()

    asyncio.run(scenario())


def test_what_is_sent_arrives():
    async def scenario() -> list[object]:
        arrived: asyncio.Future[list[object]] = asyncio.get_running_loop().create_future()
        ear = await listen("127.0.0.1", 0, lambda _, arguments, __: arrived.set_result(arguments))
        mouth = await listen("127.0.0.1", 0, lambda *_: None)
        mouth.send("/x", [True, 0.5, "y"], ("127.0.0.1", ear.port))
        async with asyncio.timeout(5):
            arguments = await arrived
        ear.close()
        mouth.close()
        await asyncio.sleep(0)
        return arguments

    assert asyncio.run(scenario()) == [1, 0.5, "y"]
