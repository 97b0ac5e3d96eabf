"""A machine's loopback in memory, in virtual time: datagrams get lost, doubled and overtaken as asked for."""

import errno
import heapq
from collections import deque
from random import Random
from types import SimpleNamespace
from typing import Any

LARGEST = 9216
"""Bytes of one datagram. Source: macOS, net.inet.udp.maxdgram."""
BUFFER = 1 << 18
"""Bytes that a socket keeps while nobody reads."""
Address = tuple[str, int]


class FakeSocket:
    """As much of a UDP socket as bridges use."""

    def __init__(self, network: "Network") -> None:
        self._network = network
        self._address: Address | None = None
        self._queue: deque[tuple[bytes, Address]] = deque()
        self._bytes = 0
        self.resets = 0
        """How often the next reads tell of a closed port, as Windows does."""

    def setblocking(self, blocking: bool) -> None:
        assert not blocking, "a bridge must not wait"

    def setsockopt(self, *_: Any) -> None:
        pass

    def bind(self, address: Address) -> None:
        assert address[0] == "127.0.0.1", "nothing leaves this machine"
        if address in self._network.bound:
            raise OSError(errno.EADDRINUSE, "Address already in use")
        self._network.bound[address] = self
        self._address = address

    def sendto(self, data: bytes, address: Address) -> int:
        if len(data) > LARGEST:
            raise OSError(errno.EMSGSIZE, "Message too long")
        assert self._address is not None
        self._network.carry(data, self._address, address)
        return len(data)

    def recvfrom(self, _size: int) -> tuple[bytes, Address]:
        if self.resets:
            self.resets -= 1
            raise ConnectionResetError("an existing connection was forcibly closed")
        if not self._queue:
            raise BlockingIOError
        data, sender = self._queue.popleft()
        self._bytes -= len(data)
        return data, sender

    def close(self) -> None:
        if self._address is not None:
            del self._network.bound[self._address]
            self._address = None

    def arrive(self, data: bytes, sender: Address) -> None:
        if self._bytes + len(data) <= BUFFER:
            self._queue.append((data, sender))
            self._bytes += len(data)


class Network:
    """Carries datagrams. `lost` and `doubled` are shares of them; each takes up to `late` seconds."""

    def __init__(self, seed: int = 0, lost: float = 0.0, doubled: float = 0.0, late: float = 0.0) -> None:
        self._random = Random(seed)
        self.lost, self.doubled, self.late = lost, doubled, late
        self.lose_next, self.lose_kind = 0, b""
        """So many of those that have these bytes in them are lost."""
        self.bound: dict[Address, FakeSocket] = {}
        self.now = 0.0
        self.sent = 0
        self._count = 0
        self._under_way: list[tuple[float, int, bytes, Address, Address]] = []

    def socket(self) -> FakeSocket:
        return FakeSocket(self)

    def bind(self, port: int) -> FakeSocket:
        """An open socket of this port."""
        udp = self.socket()
        udp.bind(("127.0.0.1", port))
        return udp

    def module(self) -> Any:
        """What stands for the module `socket` in a script."""
        names = {"AF_INET": 2, "SOCK_DGRAM": 2, "SOL_SOCKET": 1, "SO_RCVBUF": 8}
        return SimpleNamespace(socket=lambda *_: self.socket(), **names)

    def carry(self, data: bytes, sender: Address, to: Address) -> None:
        self.sent += 1
        if self.lose_next and self.lose_kind in data:
            self.lose_next -= 1
            return
        if self._random.random() < self.lost:
            return
        for _ in range(2 if self._random.random() < self.doubled else 1):
            self._count += 1
            at = self.now + self._random.uniform(0, self.late)
            heapq.heappush(self._under_way, (at, self._count, data, sender, to))
        self.run(self.now)

    def run(self, now: float) -> None:
        """Deliver what has arrived by `now`, in seconds."""
        self.now = now
        while self._under_way and self._under_way[0][0] <= now:
            _, _, data, sender, to = heapq.heappop(self._under_way)
            if to in self.bound:
                self.bound[to].arrive(data, sender)
