"""The flood's packets are what the bench says they are."""

import pytest

from hitpoint.engine.bench_flood import flood_packets, packet
from hitpoint.errors import HostError
from hitpoint.hosts.actions import Ask
from hitpoint.hosts.commands import read
from hitpoint.inputs.osc_listener import OscListener
from hitpoint.score.session import ControlMoved


def test_a_packet_reads_as_its_address_and_numbers() -> None:
    heard: list[tuple[str, list[object]]] = []
    listener = OscListener(lambda address, arguments, _: heard.append((address, arguments)))
    listener.take(packet("/hitpoint/control/density", 0.5), ("127.0.0.1", 5))
    listener.take(packet("/hitpoint/panic"), ("127.0.0.1", 5))
    assert heard == [("/hitpoint/control/density", [0.5]), ("/hitpoint/panic", [])]


def test_nothing_in_a_flood_changes_what_is_so() -> None:
    heard: list[tuple[str, list[object]]] = []
    listener = OscListener(lambda address, arguments, _: heard.append((address, arguments)))
    for data in flood_packets():
        listener.take(data, ("127.0.0.1", 5))
    refused = 0
    for address, arguments in heard:
        try:
            action = read(address, arguments)
        except HostError:
            refused += 1
        else:
            assert isinstance(action, Ask) or action == ControlMoved("density", 0.5)
    assert refused >= 6
    assert listener.malformed > 10


@pytest.mark.parametrize("length", [5, 17, 23])
def test_what_is_cut_off_in_its_address_is_no_message(length: int) -> None:
    listener = OscListener(lambda *_: pytest.fail("it was heard"))
    listener.take(packet("/hitpoint/control/density", 0.5)[:length], ("127.0.0.1", 5))
