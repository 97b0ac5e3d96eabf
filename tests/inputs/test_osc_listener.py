import asyncio
import random
import socket
from time import thread_time

import pytest
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from fakes.patience import PATIENCE_SECONDS, soon
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
    listener.take(message("/a", 1, 0.5, "x", True), ("127.0.0.1", 5))
    assert heard == [("/a", [1, 0.5, "x", True])]


def test_a_bundle_is_flattened():
    listener, heard = hearing()
    builder = OscBundleBuilder(IMMEDIATELY)
    for address in ("/a", "/b"):
        builder.add_content(OscMessageBuilder(address).build())
    listener.take(builder.build().dgram, ("127.0.0.1", 5))
    assert [address for address, _ in heard] == ["/a", "/b"]


def test_bytes_that_are_not_osc_are_counted_and_go_no_further():
    listener, heard = hearing()
    source = random.Random(1)
    whole = message("/hitpoint/control/intensity", 0.5)
    packets = [source.randbytes(source.randrange(80)) for _ in range(2000)]
    packets += [whole[: source.randrange(len(whole))] for _ in range(200)]
    packets += [b"#bundle\0" + source.randbytes(source.randrange(60)) for _ in range(500)]
    for packet in packets:
        listener.take(packet, ("127.0.0.1", 5))
    assert listener.malformed > 0
    listener.take(whole, ("127.0.0.1", 5))
    assert heard[-1] == ("/hitpoint/control/intensity", [0.5])


def test_an_argument_of_an_unknown_type_is_not_read_as_another():
    listener, heard = hearing()
    listener.take(b"/a\0\0,cf\0\0\0\0c\0\0\0\0", ("127.0.0.1", 5))
    assert heard == []
    assert listener.malformed == 1


def work(seconds: float) -> None:
    """Take so much of our own time."""
    until = thread_time() + seconds
    while thread_time() < until:
        pass


@pytest.mark.realtime
def test_a_flood_is_left_unread_and_another_sender_is_heard():
    # Each packet costs so much that little is earned while the machine does something else.
    async def scenario() -> tuple[int, int, int]:
        heard: set[int] = set()
        ear = await listen("127.0.0.1", 0, lambda _, __, sender: (heard.add(sender[1]), work(0.01)))
        flood, fader = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        with flood, fader:
            for _ in range(200):
                flood.sendto(message("/a"), ("127.0.0.1", ear.port))
            fader.sendto(message("/b"), ("127.0.0.1", ear.port))
            await soon(lambda: fader.getsockname()[1] in heard)
        ear.close()
        await asyncio.sleep(0)
        return ear.dropped, len(heard), ear.malformed

    dropped, senders, malformed = asyncio.run(scenario())
    assert dropped > 100
    assert (senders, malformed) == (2, 0)


def test_a_mistake_in_an_answer_does_not_make_it_deaf(caplog: pytest.LogCaptureFixture):
    async def scenario() -> int:
        done = asyncio.Event()
        ear = await listen("127.0.0.1", 0, lambda address, _, __: done.set() if address == "/b" else 1 / 0)
        mouth = await listen("127.0.0.1", 0, lambda *_: None)
        mouth.send("/a", [], ("127.0.0.1", ear.port))
        mouth.send("/b", [], ("127.0.0.1", ear.port))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await done.wait()
        ear.close()
        mouth.close()
        await asyncio.sleep(0)
        return ear.malformed

    assert asyncio.run(scenario()) == 1
    assert "ZeroDivisionError" in caplog.text


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
        async with asyncio.timeout(PATIENCE_SECONDS):
            arguments = await arrived
        ear.close()
        mouth.close()
        await asyncio.sleep(0)
        return arguments

    assert asyncio.run(scenario()) == [1, 0.5, "y"]
