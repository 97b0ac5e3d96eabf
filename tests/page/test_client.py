"""One client on a socket in the test's hand, which takes nothing until it is told to."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

import pytest

from fakes.manual_clock import ManualClock
from fakes.patience import soon
from hitpoint.errors import HostError
from hitpoint.inputs.packet_budget import PacketBudget
from hitpoint.page import client as client_module
from hitpoint.page.board import Board
from hitpoint.page.client import MOST_UNANSWERED, Client

HELLO = {"type": "hello"}


class HandSocket:
    """What is sent is taken while `open` is set; what is heard is put into `incoming`."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: list[dict[str, Any]] = []
        self.closed: tuple[int, str | None] | None = None

    async def send_text(self, data: str) -> None:
        await self.open.wait()
        self.sent.append(json.loads(data))

    async def receive(self) -> dict[str, Any]:
        return await self.incoming.get()

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        await self.open.wait()
        self.closed = (code, reason)

    def says(self, **message: Any) -> None:
        self.incoming.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})


class Played:
    """A client that is served, and all around it."""

    def __init__(self) -> None:
        self.socket = HandSocket()
        self.board = Board(monotonic)
        self.board.put({"n": 0})
        self.budget = PacketBudget()
        self.asked: list[dict[str, Any]] = []
        self.answers: Callable[[dict[str, Any]], Awaitable[tuple[dict[str, Any], float]]] = self._answer
        self.client = Client(
            self.socket, ("127.0.0.1", 1), self.board, lambda message: self.answers(message), self.budget, HELLO
        )

    async def _answer(self, message: dict[str, Any]) -> tuple[dict[str, Any], float]:
        self.asked.append(message)
        return {"value": []}, 0.0

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.socket.sent if message["type"] == kind]


def played(scene: Callable[[Played], Awaitable[None]]) -> None:
    async def play() -> None:
        one = Played()
        serving = asyncio.create_task(one.client.serve())
        try:
            await scene(one)
        finally:
            one.socket.open.set()
            one.socket.incoming.put_nowait({"type": "websocket.disconnect"})
            await serving

    asyncio.run(play())


def test_a_client_that_reads_slowly_is_told_the_last_state_and_no_queue_of_old_ones():
    async def scene(one: Played) -> None:
        await soon(lambda: one.told("state"))
        one.socket.open.clear()
        for n in range(1, 500):
            one.board.put({"n": n})
            await asyncio.sleep(0)
        one.socket.open.set()
        await soon(lambda: one.told("change") and one.told("change")[-1]["version"] == one.board.last.number)
        # The one that it was in the middle of, and the last.
        assert len(one.told("change")) <= 2
        assert one.told("change")[-1]["set"] == {"/n": 499}

    played(scene)


def test_a_client_that_takes_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client_module, "STALL_SECONDS", 0.05)
    monkeypatch.setattr(client_module, "_GOODBYE_SECONDS", 0.05)

    async def scene(one: Played) -> None:
        await soon(lambda: one.told("state"))
        one.socket.open.clear()
        one.board.put({"n": 1})
        await soon(lambda: one.client.dropped)
        assert "has read nothing" in one.client.dropped
        assert one.socket.closed is None

    played(scene)


def test_a_client_with_nothing_to_hear_hears_a_beat(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client_module, "BEAT_SECONDS", 0.01)

    async def scene(one: Played) -> None:
        await soon(lambda: len(one.told("beat")) >= 3)
        assert [message["type"] for message in one.socket.sent[:2]] == ["hello", "state"]

    played(scene)


def test_a_client_with_too_much_unanswered_is_not_read_until_something_is():
    async def scene(one: Played) -> None:
        free = asyncio.Event()

        async def answer(message: dict[str, Any]) -> tuple[dict[str, Any], float]:
            one.asked.append(message)
            await free.wait()
            return {}, 0.0

        one.answers = answer
        for number in range(MOST_UNANSWERED + 20):
            one.socket.says(id=number, do="/hitpoint/panic")
        await soon(lambda: len(one.asked) == MOST_UNANSWERED)
        await asyncio.sleep(0.05)
        assert len(one.asked) == MOST_UNANSWERED
        free.set()
        await soon(lambda: len(one.told("answer")) == MOST_UNANSWERED + 20)
        assert [message["id"] for message in one.asked] == list(range(MOST_UNANSWERED + 20))

    played(scene)


def test_a_client_that_takes_more_than_its_share_of_time_waits_and_loses_nothing(monkeypatch: pytest.MonkeyPatch):
    clock = ManualClock(1000.0)
    monkeypatch.setattr(client_module, "monotonic", clock.now)

    async def scene(one: Played) -> None:
        async def answer(message: dict[str, Any]) -> tuple[dict[str, Any], float]:
            one.asked.append(message)
            return {}, 0.06

        one.answers = answer
        for number in range(2):
            one.socket.says(id=number, do="/hitpoint/panic")
        await soon(lambda: len(one.told("answer")) == 2)
        one.socket.says(id=2, do="/hitpoint/panic")
        await soon(one.socket.incoming.empty)
        await asyncio.sleep(0.05)
        # Two have used up what may be taken at once; a third waits until a tenth of the time has made up for it.
        assert len(one.asked) == 2
        assert not one.budget.admits(("127.0.0.1", 1), clock.now())
        assert one.budget.admits(("127.0.0.1", 2), clock.now())
        clock.sleep(1.0)
        await soon(lambda: len(one.told("answer")) == 3)

    played(scene)


def test_what_cannot_be_is_answered_with_its_reason():
    async def scene(one: Played) -> None:
        async def answer(_: dict[str, Any]) -> tuple[dict[str, Any], float]:
            raise HostError("no.")

        one.answers = answer
        one.socket.says(id=3, do="/hitpoint/panic")
        await soon(lambda: one.told("answer"))
        assert one.told("answer") == [{"type": "answer", "id": 3, "ok": False, "error": "no."}]

    played(scene)


def test_a_mistake_of_ours_is_an_answer_too():
    async def scene(one: Played) -> None:
        async def fails(_: dict[str, Any]) -> tuple[dict[str, Any], float]:
            raise ZeroDivisionError

        one.answers = fails
        one.socket.says(id=7, ask="doctor")
        await soon(lambda: one.told("answer"))
        [answer] = one.told("answer")
        assert (answer["id"], answer["ok"]) == (7, False)
        assert "ZeroDivisionError" in answer["error"]

    played(scene)
