"""The page's own socket."""

import asyncio
import socket

import pytest

from fakes.patience import soon
from hitpoint.errors import PortError
from hitpoint.page.server import listen_on


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_what_is_small_is_sent_at_once(host: str) -> None:
    found: list[int] = []

    async def scene() -> None:
        heard = asyncio.Event()

        def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted = writer.get_extra_info("socket")
            found.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()
            heard.set()

        try:
            listening = listen_on(host, 0)
        except PortError:
            pytest.skip(f"this machine has no {host}")
        async with await asyncio.start_server(connected, sock=listening):
            _, writer = await asyncio.open_connection(*listening.getsockname()[:2])
            await soon(heard.is_set)
            writer.close()

    asyncio.run(scene())
    assert found == [1]
