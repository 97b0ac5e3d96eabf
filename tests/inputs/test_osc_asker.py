"""Asking over OSC: an answer is heard, and everything else comes to one line in time."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic

import pytest

from hitpoint.errors import HostError
from hitpoint.inputs.osc_asker import ask
from hitpoint.inputs.osc_listener import packet_of

LOOPBACK = "127.0.0.1"
STATUS = packet_of("/hitpoint/status", ["so"])


@contextmanager
def answering(*packets: bytes) -> Iterator[int]:
    """The port of one who answers the first question with these packets."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind((LOOPBACK, 0))

        def answer() -> None:
            _, asker = daemon.recvfrom(1024)
            for packet in packets:
                daemon.sendto(packet, asker)

        thread = Thread(target=answer)
        thread.start()
        yield int(daemon.getsockname()[1])
        thread.join()


@pytest.mark.parametrize("before", [b"", b"no OSC", b"/\xff\0\0,i\0\0", packet_of("/hitpoint/transport", [1])])
def test_what_answers_nothing_is_passed_over(before: bytes) -> None:
    with answering(before, STATUS) as port:
        assert ask(LOOPBACK, port, "/hitpoint/status") == ["so"]


@pytest.mark.parametrize("said", [["there is no stinger."], []])
def test_who_says_no_is_heard_with_their_own_words(said: list[object]) -> None:
    with answering(packet_of("/hitpoint/error", said)) as port, pytest.raises(HostError) as told:
        ask(LOOPBACK, port, "/hitpoint/status")
    assert str(told.value) == " ".join(map(str, said))


def test_nobody_is_waited_for_longer_than_was_said() -> None:
    with answering(b"no OSC", b"no OSC") as port:
        began = monotonic()
        with pytest.raises(HostError, match=f"no Hitpoint answers on 127.0.0.1:{port}"):
            ask(LOOPBACK, port, "/hitpoint/status", seconds=0.05)
        assert monotonic() - began < 2.0
