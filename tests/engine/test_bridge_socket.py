import json
import socket
from random import Random
from typing import Any

import pytest

from fakes.datagrams import Network
from hitpoint.engine.bridge_socket import HITPOINT_PORT, MOST_READ, MOST_SENT, SCRIPT_PORT, BridgeSocket
from hitpoint.errors import HostError, PortError
from hitpoint.hosts.clip_job import Clip, ClipJob
from hitpoint.hosts.pieces import Joiner, cut
from hitpoint.hosts.protocol import LARGEST_BYTES
from hitpoint.score.note import Note

HITPOINT = ("127.0.0.1", HITPOINT_PORT)


def a_job(number: int, notes: int = 0) -> ClipJob:
    played = tuple(Note(tick, 60, 10, 90) for tick in range(notes))
    return ClipJob(f"job-{number}", "take", "keep", (Clip("t", "n", "p", 0, 960, played),))


class Script:
    """The other end, with no Live around it."""

    def __init__(self, network: Network) -> None:
        self.socket = network.bind(SCRIPT_PORT)
        self._joiner = Joiner()
        self._messages = 0

    def say(self, kind: str, run: str = "live-1", **said: Any) -> None:
        self._messages += 1
        self.say_as(f"{run}-{self._messages}", kind, **said)

    def say_as(self, name: str, kind: str, **said: Any) -> None:
        for datagram in cut(name, json.dumps({"protocol": 1, "kind": kind, **said}).encode()):
            self.socket.sendto(datagram, HITPOINT)

    def heard(self) -> list[dict[str, Any]]:
        found = []
        while True:
            try:
                found.append(json.loads(self.socket.recvfrom(10_000)[0]))
            except BlockingIOError:
                return found

    def jobs(self) -> list[str]:
        pieces = [said for said in self.heard() if said["kind"] == "piece"]
        return [json.loads(whole)["job"] for whole in map(self._joiner.take, pieces) if whole]


def a_pair(**network: Any) -> tuple[Network, BridgeSocket, Script]:
    loopback = Network(**network)
    return loopback, BridgeSocket(open_socket=loopback.bind), Script(loopback)


def test_a_project_is_told_once_and_the_newest_only() -> None:
    _, bridge, script = a_pair()
    assert bridge.snapshot() is None
    script.say("snapshot", serial=1)
    script.say("snapshot", serial=2)
    bridge.look(0.0)
    assert json.loads(bridge.snapshot() or b"")["serial"] == 2
    assert bridge.snapshot() is None


def test_a_project_that_was_overtaken_on_its_way_is_left_aside_until_the_script_starts_anew() -> None:
    _, bridge, script = a_pair()
    script.say("snapshot", serial=5)
    script.say("snapshot", serial=4)
    bridge.look(0.0)
    assert json.loads(bridge.snapshot() or b"")["serial"] == 5
    script.say("snapshot", run="live-2", serial=1)
    bridge.look(0.1)
    assert json.loads(bridge.snapshot() or b"")["serial"] == 1


def test_every_message_is_acknowledged_as_often_as_it_comes_and_told_once() -> None:
    _, bridge, script = a_pair()
    for _ in range(3):
        script.say_as("live-1-7", "ask", ask="a", address="/x", arguments="[]")
    bridge.look(0.0)
    heard = [said["message"] for said in script.heard() if said["kind"] == "received"]
    assert heard.count("live-1-7") == 3
    assert [json.loads(ask)["ask"] for ask in bridge.asks()] == ["a"]


def test_hitpoint_says_each_second_that_it_is_there() -> None:
    _, bridge, script = a_pair()
    for look in range(500):
        bridge.look(look / 100)
    names = [said["message"] for said in script.heard()]
    assert len(names) == 5
    assert len(set(names)) == 1
    assert names[0].startswith("hitpoint-")


def test_jobs_are_said_until_they_are_answered_one_after_the_other() -> None:
    _, bridge, script = a_pair()
    for number in (1, 2):
        bridge.put(a_job(number))
    bridge.look(0.0)
    assert script.jobs() == ["job-1"]
    assert bridge.waiting == {"job-1", "job-2"}
    script.say("answer", job="job-1", error="", edited=[])
    bridge.look(0.1)
    assert script.jobs() == ["job-2"]
    assert [json.loads(answer)["job"] for answer in bridge.answers()] == ["job-1"]
    assert bridge.waiting == {"job-2"}


def test_an_answer_that_nobody_waits_for_is_thrown_away() -> None:
    _, bridge, script = a_pair()
    script.say("answer", job="job-9", error="", edited=[])
    bridge.look(0.0)
    assert list(bridge.answers()) == []
    assert bridge.malformed == 0


def test_the_same_job_given_again_is_a_new_message_of_the_same_job() -> None:
    _, bridge, script = a_pair()
    bridge.put(a_job(1))
    bridge.look(0.0)
    bridge.put(a_job(1))
    bridge.look(0.1)
    assert script.jobs() == ["job-1", "job-1"]
    script.say("answer", job="job-1", error="", edited=[])
    bridge.look(0.2)
    assert bridge.waiting == frozenset()
    script.jobs()
    bridge.look(9.0)
    assert script.jobs() == []


def test_a_job_that_is_too_large_is_refused_where_it_is_given() -> None:
    _, bridge, _ = a_pair()
    with pytest.raises(HostError, match="too many"):
        bridge.put(ClipJob("job-1", "take", "x" * LARGEST_BYTES, ()))
    assert bridge.waiting == frozenset()


def test_positions_come_with_both_clocks() -> None:
    _, bridge, script = a_pair()
    place = {"protocol": 1, "kind": "position", "rolling": True, "quarter": 4.5, "bpm": 120, "at": 77.25}
    script.socket.sendto(json.dumps(place).encode(), HITPOINT)
    bridge.look(3.0)
    (position,) = bridge.positions()
    assert (position.quarter, position.bpm, position.rolling) == (4.5, 120.0, True)
    assert (position.host_at, position.received_at) == (77.25, 3.0)
    assert list(bridge.positions()) == []


def test_noise_ends_nothing_and_is_counted() -> None:
    _, bridge, script = a_pair()
    random = Random(3)
    noise = [random.randbytes(random.randrange(200)) for _ in range(100)]
    noise += [b"[]", b"1", b'{"protocol":2,"kind":"piece"}', b'{"protocol":1,"kind":"job"}', b"x" * 9000]
    noise += [*cut("a-1", b"[1]"), *cut("a-2", b'"kind"'), *cut("a-3", b'{"kind":"job"}'), *cut("a-4", b"{")]
    for datagram in noise:
        script.socket.sendto(datagram, HITPOINT)
    bridge.look(0.0)
    bridge.look(0.1)
    assert bridge.malformed == len(noise)
    script.say("snapshot", serial=1)
    bridge.look(0.2)
    assert bridge.snapshot() is not None


def test_strangers_are_not_heard() -> None:
    network, bridge, script = a_pair()
    stranger = network.bind(5000)
    for datagram in cut("live-1-1", b'{"protocol":1,"kind":"snapshot","serial":1}'):
        stranger.sendto(datagram, HITPOINT)
    bridge.look(0.0)
    assert bridge.snapshot() is None
    assert [said for said in script.heard() if said["message"] == "live-1-1"] == []


def test_a_closed_port_at_the_other_end_is_no_trouble() -> None:
    network, bridge, script = a_pair()
    network.bound[HITPOINT].resets = 3
    script.say("snapshot", serial=1)
    bridge.look(0.0)
    assert bridge.snapshot() is not None


def test_a_flood_costs_no_more_than_so_many_datagrams_a_look() -> None:
    _, bridge, script = a_pair()
    for number in range(MOST_READ + 10):
        script.say("ask", ask=f"a-{number}", address="/x", arguments="[]")
    bridge.put(a_job(1, notes=20_000))
    bridge.look(0.0)
    assert len(list(bridge.asks())) == MOST_READ
    assert sum(said["kind"] == "piece" for said in script.heard()) == MOST_SENT
    bridge.look(0.1)
    assert len(list(bridge.asks())) == 10


def test_a_port_that_is_taken_is_said_in_words() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        with pytest.raises(PortError, match=r"cannot be opened \(Address already in use\)"):
            BridgeSocket(other.getsockname()[1])
