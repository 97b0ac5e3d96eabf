"""The page's process has announced what it and OSC are open to."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from fakes.page_stage import PageStage, staged
from fakes.patience import soon
from hitpoint.engine import page_process
from hitpoint.engine.page_place import PagePlace
from hitpoint.engine.page_process import own_address
from hitpoint.page.announce import OSC, OSCQUERY, Service


class FakeAnnouncer:
    """Keeps what it is asked for, and says nothing to any network."""

    def __init__(self, trouble: Callable[[str], None]) -> None:
        self.trouble = trouble
        self.wanted: list[tuple[str, tuple[Service, ...]]] = []
        self.ended = False

    def want(self, address: str, wanted: Sequence[Service]) -> None:
        self.wanted.append((address, tuple(wanted)))

    async def run(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.ended = True


def announced(monkeypatch: pytest.MonkeyPatch, place: PagePlace, osc_host: str) -> tuple[FakeAnnouncer, int]:
    """What a page of that place asked for, and its port."""
    made: list[FakeAnnouncer] = []

    def make(trouble: Callable[[str], None]) -> FakeAnnouncer:
        made.append(FakeAnnouncer(trouble))
        return made[0]

    monkeypatch.setattr(page_process, "Announcer", make)
    ports: list[int] = []

    async def scene(stage: PageStage) -> None:
        stage.control._page._host = osc_host
        await stage.control.surface.open("127.0.0.1", 0)
        try:
            await soon(lambda: (stage.page._board.last.state.get("osc") or {"port": 0})["port"] != 0)
            ports.extend((stage.page._port, stage.control.surface.port or 0))
        finally:
            stage.control.surface.close()

    staged(scene, place=place)
    (announcer,) = made
    assert announcer.ended
    if announcer.wanted and announcer.wanted[-1][1]:
        assert announcer.wanted[-1][1][-1] == Service(OSC, ports[1])
    return announcer, ports[0]


def test_who_opened_both_to_the_network_is_found_there(monkeypatch: pytest.MonkeyPatch) -> None:
    place = PagePlace("0.0.0.0", 0, lan=True, osc_lan=True)
    announcer, port = announced(monkeypatch, place, "0.0.0.0")
    address, wanted = announcer.wanted[-1]
    assert address == own_address()
    assert wanted[0] == Service(OSCQUERY, port)


def test_who_opened_nothing_is_not_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    announcer, _ = announced(monkeypatch, PagePlace("127.0.0.1", 0), "127.0.0.1")
    assert all(not wanted for _, wanted in announcer.wanted)
