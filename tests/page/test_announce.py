"""What is announced on a network, seen by a browser of the library's own, on loopback."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from secrets import token_hex
from types import SimpleNamespace
from typing import Any

import pytest
from zeroconf import ServiceStateChange
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from fakes.patience import PATIENCE_SECONDS, soon
from hitpoint.errors import PortError
from hitpoint.page import announce
from hitpoint.page.announce import OSC, OSCQUERY, Announcer, Opened, Service, our_host_name, services

HERE = "127.0.0.1"


@pytest.fixture
def name(monkeypatch: pytest.MonkeyPatch) -> str:
    """Ours alone: whoever else runs here may announce a Hitpoint, too."""
    ours = f"Hitpoint {token_hex(4)}"
    monkeypatch.setattr(announce, "NAME", ours)
    return ours


class Browser:
    """Sees who comes and goes."""

    def __init__(self) -> None:
        self.there: set[str] = set()
        self.zeroconf = AsyncZeroconf(interfaces=[HERE])
        self._browser = AsyncServiceBrowser(self.zeroconf.zeroconf, [OSCQUERY, OSC], handlers=[self._changed])

    def _changed(self, name: str, state_change: ServiceStateChange, **_: object) -> None:
        if state_change is ServiceStateChange.Added:
            self.there.add(name)
        elif state_change is ServiceStateChange.Removed:
            self.there.discard(name)

    async def info(self, kind: str, name: str) -> AsyncServiceInfo:
        info = AsyncServiceInfo(kind, name)
        assert await info.async_request(self.zeroconf.zeroconf, PATIENCE_SECONDS * 1000)
        return info

    async def close(self) -> None:
        await self._browser.async_cancel()
        await self.zeroconf.async_close()


def with_a_browser(name: str, scene: Callable[[Browser, Announcer], Awaitable[None]]) -> list[str]:
    """Play a scene; the troubles that were told."""
    troubles: list[str] = []

    async def play() -> None:
        browser, announcer = Browser(), Announcer(troubles.append)
        running = asyncio.create_task(announcer.run())
        try:
            await scene(browser, announcer)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            # Who looks sees at once that it has gone.
            await soon(lambda: not any(one.startswith(name) for one in browser.there))
        finally:
            running.cancel()
            await browser.close()

    asyncio.run(play())
    return troubles


@pytest.mark.realtime
def test_a_browser_finds_both_and_sees_them_go(name: str) -> None:
    async def scene(browser: Browser, announcer: Announcer) -> None:
        announcer.want(HERE, [Service(OSCQUERY, 7360), Service(OSC, 19790)])
        await soon(lambda: {f"{name}.{OSCQUERY}", f"{name}.{OSC}"} <= browser.there)
        info = await browser.info(OSCQUERY, f"{name}.{OSCQUERY}")
        assert (info.port, info.parsed_addresses(), info.server) == (7360, [HERE], our_host_name())
        assert (await browser.info(OSC, f"{name}.{OSC}")).port == 19790
        announcer.want(HERE, [Service(OSC, 19790)])
        await soon(lambda: announcer.names == (f"{name}.{OSC}",))
        await soon(lambda: f"{name}.{OSCQUERY}" not in browser.there and f"{name}.{OSC}" in browser.there)

    assert with_a_browser(name, scene) == []


@pytest.mark.realtime
def test_a_name_that_another_has_gets_a_number(name: str) -> None:
    async def scene(browser: Browser, announcer: Announcer) -> None:
        other = AsyncZeroconf(interfaces=[HERE])
        theirs = AsyncServiceInfo(OSC, f"{name}.{OSC}", 1, parsed_addresses=[HERE], server="another.local.")
        await (await other.async_register_service(theirs))
        announcer.want(HERE, [Service(OSC, 19790)])
        await soon(lambda: f"{name}-2.{OSC}" in browser.there)
        await soon(lambda: announcer.names == (f"{name}-2.{OSC}",))
        assert (await browser.info(OSC, f"{name}.{OSC}")).port == 1
        await other.async_unregister_all_services()
        await other.async_close()

    assert with_a_browser(name, scene) == []


def test_without_the_extra_one_line_says_so_and_all_goes_on() -> None:
    def missing() -> Any:
        raise PortError("needs the extra: pip install 'hitpoint[lan]'.")

    assert troubles_with(missing) == ["needs the extra: pip install 'hitpoint[lan]'."]


def test_a_network_that_takes_no_announcements_is_a_line_too() -> None:
    def refused(**_: object) -> None:
        raise OSError("Network is unreachable")

    library = SimpleNamespace(asyncio=SimpleNamespace(AsyncZeroconf=refused), Error=Exception)
    (trouble,) = troubles_with(lambda: library)
    assert "Network is unreachable" in trouble


def troubles_with(load: Callable[[], Any]) -> list[str]:
    """What is told where the library is `load`'s; what is wanted twice is tried once."""

    async def scene() -> list[str]:
        troubles: list[str] = []
        announcer = Announcer(troubles.append, load)
        running = asyncio.create_task(announcer.run())
        announcer.want(HERE, [Service(OSC, 19790)])
        await soon(lambda: bool(troubles))
        announcer.want(HERE, [Service(OSC, 19790)])
        await asyncio.sleep(0.05)
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return troubles

    return asyncio.run(scene())


@pytest.mark.parametrize(
    ("page", "osc", "kinds"),
    [
        (Opened("0.0.0.0", 7360, True), Opened("0.0.0.0", 19790, True), [OSCQUERY, OSC]),
        (Opened("127.0.0.1", 7360, False), Opened("0.0.0.0", 19790, True), [OSC]),
        # Who is not paired may see nothing there.
        (Opened("0.0.0.0", 7360, True), Opened("127.0.0.1", 19790, False), []),
        (Opened("0.0.0.0", 7360, True), Opened("127.0.0.1", 19790, True), []),
        (Opened("127.0.0.1", 7360, False), Opened("127.0.0.1", 19790, False), []),
        (Opened("0.0.0.0", 7360, True), Opened("0.0.0.0", 0, True), []),
    ],
)
def test_only_what_was_opened_to_the_network_is_announced(page: Opened, osc: Opened, kinds: list[str]) -> None:
    assert [one.kind for one in services(page, osc)] == kinds


def test_the_host_is_called_what_the_page_answers_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Studio.local")
    assert our_host_name() == "studio.local."
