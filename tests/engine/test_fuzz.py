"""Whatever comes in from outside, nothing breaks, and what is refused changes nothing."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from multiprocessing import Pipe
from time import monotonic

import pytest
from pythonosc.osc_packet import OscPacket

from fakes.packets import packets
from hitpoint.engine.control import Control
from hitpoint.engine.control_settings import ControlSettings
from hitpoint.engine.crew_pipes import Post
from hitpoint.hosts.actions import MidiBound
from hitpoint.inputs.osc_listener import OscListener, packet_of
from hitpoint.inputs.packet_budget import Sender
from hitpoint.planner.horizon import Horizon
from hitpoint.score.session import Session
from hitpoint.score.stinger import read_stinger
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

SENDER = ("127.0.0.1", 9000)
A_STEP_EVERY = 400
MARKERS = (Marker(0, "1m01 calm, strings, D minor"), Marker(16_000, "HIT door"), Marker(60_000, "END"))


class Answering(OscListener):
    """Makes its answers, and sends them nowhere."""

    def send(self, address: str, arguments: Sequence[object], to: Sender) -> None:
        assert to[0] == SENDER[0]
        assert packet_of(address, arguments)


def a_daemon() -> tuple[Control, OscListener]:
    """Control without its processes and sockets: everything between a packet and a planned bar."""
    settings = ControlSettings(Horizon(), "none", stingers={"impact": read_stinger("hit, brass")})

    async def made() -> Control:
        return Control(Session(Timeline(markers=MARKERS)), settings, Post(*Pipe()))

    control = asyncio.run(made())
    listener = control.surface._listener = Answering(control.surface._heard)
    return control, listener


def messages_in(packet: bytes) -> int:
    try:
        return len(OscPacket(packet).messages)
    except Exception:
        return 0


def throw_at(control: Control, listener: OscListener, thrown: Iterator[bytes]) -> tuple[int, int]:
    """How many packets were refused, and how many changed something."""
    refused, changed = 0, 0
    for number, packet in enumerate(thrown):
        before, rejected = control.session, control.surface.rejected
        listener.take(packet, SENDER)
        rejected = control.surface.rejected - rejected
        refused += rejected > 0
        changed += control.session is not before
        if rejected and rejected >= messages_in(packet):
            assert control.session is before, f"packet {number}: {packet[:80]!r} was refused and changed something"
        if number % A_STEP_EVERY == 0:
            control._conductor.step(monotonic())
            control.status().as_json()
    return refused, changed


def test_what_is_refused_changes_nothing_and_nothing_breaks() -> None:
    refused, changed = throw_at(*a_daemon(), islice(packets(1), 4000))
    assert refused > 500
    assert changed > 200


def controllers_heard(seed: int, count: int) -> None:
    """MIDI messages, whole and not, at controllers that drive nothing, and then some things."""
    source = random.Random(seed)
    control, _ = a_daemon()
    for bindings in ((), (("cc 1", "/hitpoint/control/intensity"), ("note 60", "/hitpoint/part/strings/mute"))):
        for bound, target in bindings:
            control.controllers.ask(MidiBound(bound, target, ""))
        before = control.session
        for number in range(count):
            status, data = source.randrange(0x80, 0x100), source.randbytes(source.randrange(6))
            if source.random() < 0.8:
                status, data = source.choice((0x90, 0xB0, 0xE0)), bytes(byte & 127 for byte in source.randbytes(2))
            control.controllers.heard("in", bytes([status, *data]), number / 1000)
            control.controllers.step(number / 1000)
        assert (control.session is before) == (not bindings)


def test_no_midi_message_breaks_the_controllers_or_drives_what_is_not_bound() -> None:
    controllers_heard(1, 2000)


@pytest.mark.slow
@pytest.mark.seeds(10, 1)
def test_nor_does_anything_of_two_hundred_thousand_packets(seeds: range) -> None:
    for seed in seeds:
        controllers_heard(seed, 5_000)
        throw_at(*a_daemon(), islice(packets(seed), 20_000))
