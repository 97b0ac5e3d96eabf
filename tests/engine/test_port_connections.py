from collections.abc import Iterable

import pytest

from hitpoint.engine import port_connections
from hitpoint.engine.port_connections import PortConnections
from hitpoint.outputs.output import PortPair

SYNTH = ("Hitpoint:Hitpoint strings", "synth:in")
DAW = ("Hitpoint:Hitpoint brass", "daw:midi 1")


class Patchbay:
    """Programs that come and go, and who is connected."""

    def __init__(self, *programs: str) -> None:
        self.programs = set(programs)
        self.pairs: set[PortPair] = set()

    def connections(self) -> frozenset[PortPair]:
        return frozenset(self.pairs)

    def connect(self, wanted: Iterable[PortPair]) -> frozenset[PortPair]:
        there = {pair for pair in wanted if pair[1] in self.programs}
        self.pairs |= there
        return frozenset(wanted) - there


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port_connections, "LOOK_SECONDS", 0.0)


def watched(patchbay: Patchbay, *wanted: PortPair) -> tuple[PortConnections, list[frozenset[PortPair]], list[str]]:
    kept: list[frozenset[PortPair]] = []
    troubles: list[str] = []
    return PortConnections(patchbay, wanted, kept.append, troubles.append), kept, troubles


def test_what_is_connected_is_kept_as_it_changes():
    patchbay = Patchbay()
    connections, kept, _ = watched(patchbay)
    connections.look()
    assert kept == []
    patchbay.pairs = {SYNTH}
    connections.look()
    patchbay.pairs = {SYNTH, DAW}
    connections.look()
    connections.look()
    assert kept == [{SYNTH}, {SYNTH, DAW}]


def test_connections_are_made_as_they_were():
    patchbay = Patchbay("synth:in", "daw:midi 1")
    connections, kept, troubles = watched(patchbay, SYNTH, DAW)
    connections.restore()
    connections.look()
    assert patchbay.pairs == {SYNTH, DAW}
    assert (kept, troubles) == ([], [])


def test_a_program_that_is_gone_is_named_and_connected_when_it_comes_back():
    patchbay = Patchbay("daw:midi 1")
    connections, kept, troubles = watched(patchbay, SYNTH, DAW)
    connections.restore()
    assert [("synth:in" in text, "daw" in text) for text in troubles] == [(True, False)]
    connections.look()
    assert kept == [], "it is still wanted"
    patchbay.programs.add("synth:in")
    connections.look()
    assert patchbay.pairs == {SYNTH, DAW}


def test_what_a_person_disconnects_stays_so_and_is_forgotten():
    patchbay = Patchbay("synth:in", "daw:midi 1")
    connections, kept, _ = watched(patchbay, SYNTH, DAW)
    connections.restore()
    patchbay.pairs.remove(SYNTH)
    for _ in range(3):
        connections.look()
    assert patchbay.pairs == {DAW}
    assert kept == [{DAW}]


def test_connections_that_vanish_once_are_not_forgotten():
    """So they do when JACK's server dies: its connections go first."""
    patchbay = Patchbay("synth:in")
    connections, kept, _ = watched(patchbay, SYNTH)
    connections.restore()
    patchbay.pairs.clear()
    connections.look()
    assert kept == []
