"""Announces what is served to a network, so that surfaces find it by themselves (zeroconf: mDNS and DNS-SD).

Only what a user opened to the network is announced, from the one address where it is. The library is loaded when there
is something to announce, and not before.

Source: Vidvox, OSCQueryProposal, revision 3, "Service discovery" (`_oscjson._tcp`); RFC 6763.
"""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any

from hitpoint.errors import PortError

LIBRARY, LICENCE = "zeroconf", "LGPL-2.1-or-later"
OSCQUERY, OSC = "_oscjson._tcp.local.", "_osc._udp.local."
NAME = "Hitpoint"
"""Where another has it, a number is put behind."""
WITHDRAW_SECONDS = 2.0
"""What saying goodbye may take."""


@dataclass(frozen=True, slots=True)
class Service:
    """One thing that is served."""

    kind: str
    """OSCQUERY or OSC."""
    port: int


@dataclass(frozen=True, slots=True)
class Opened:
    """Where something listens, and whether other machines were let in."""

    host: str
    port: int
    lan: bool

    @property
    def is_reached(self) -> bool:
        """True when another machine can reach it."""
        return self.lan and self.port > 0 and not ip_address(self.host).is_loopback


def services(page: Opened, osc: Opened) -> tuple[Service, ...]:
    """What is to be announced. OSCQuery only together with OSC: else who finds it would be turned away at the door."""
    found = []
    if osc.is_reached:
        if page.is_reached:
            found.append(Service(OSCQUERY, page.port))
        found.append(Service(OSC, osc.port))
    return tuple(found)


def load_library() -> Any:
    """The library. Raises PortError where the extra is not installed, or does not load."""
    if find_spec(LIBRARY) is None:
        raise PortError("to be found by surfaces on the network needs the extra: pip install 'hitpoint[lan]'.")
    try:
        import zeroconf.asyncio
    except (ImportError, OSError) as error:
        raise PortError(f"{LIBRARY} cannot be loaded: {error}. Run: pip install 'hitpoint[lan]'.") from error
    return zeroconf


def our_host_name() -> str:
    """The name under which the page answers: another one its gate would refuse."""
    name = socket.gethostname().lower()
    return f"{name.removesuffix('.local')}.local."


class Announcer:
    """Say what you `want` to be announced; `run` it until it is cancelled, then all is withdrawn. On the page's loop.

    trouble: told why nothing is announced, in words for the person.
    """

    def __init__(self, trouble: Callable[[str], None], load: Callable[[], Any] = load_library) -> None:
        self._trouble = trouble
        self._load = load
        self._wanted: tuple[str, tuple[Service, ...]] = ("", ())
        self._news = asyncio.Event()
        self._library: Any = None
        self.names: tuple[str, ...] = ()
        """Under which names it is announced."""

    def want(self, address: str, wanted: Sequence[Service]) -> None:
        """Announce these, at that address of ours, and nothing else."""
        if (address, tuple(wanted)) != self._wanted:
            self._wanted = address, tuple(wanted)
            self._news.set()

    async def run(self) -> None:
        """Announce what is wanted whenever that changes."""
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                await self._withdraw()
                address, wanted = self._wanted
                if not wanted:
                    continue
                try:
                    await self._announce(address, wanted)
                except PortError as error:
                    self._trouble(str(error))
        finally:
            await self._withdraw()

    async def _announce(self, address: str, wanted: Sequence[Service]) -> None:
        library = self._load()
        try:
            # Through the one interface that has the address: what is served elsewhere is not announced elsewhere.
            self._library = library.asyncio.AsyncZeroconf(interfaces=[address])
            infos = [
                library.asyncio.AsyncServiceInfo(
                    one.kind, f"{NAME}.{one.kind}", one.port, parsed_addresses=[address], server=our_host_name()
                )
                for one in wanted
            ]
            for info in infos:
                await (await self._library.async_register_service(info, allow_name_change=True))
        except (OSError, library.Error) as error:
            raise PortError(f"surfaces on the network cannot find Hitpoint by themselves: {error}.") from error
        self.names = tuple(info.name for info in infos)

    async def _withdraw(self) -> None:
        library, self._library, self.names = self._library, None, ()
        if library is None:
            return
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(WITHDRAW_SECONDS):
                await library.async_unregister_all_services()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(WITHDRAW_SECONDS):
                await library.async_close()
