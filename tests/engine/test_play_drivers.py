from collections.abc import Callable, Iterator, Sequence

import pytest

from fakes.manual_clock import ManualClock
from fakes.memory_port import MemoryPort
from fakes.script_mailbox import ScriptMailbox
from hitpoint.engine.play_drivers import CycleDriver, RealTimeDriver, VirtualDriver
from hitpoint.engine.player import Player
from hitpoint.outputs.output import Cycle, Losses
from hitpoint.scheduler.clock import ClockFit
from hitpoint.scheduler.performance import (
    Advance,
    MidiHeard,
    Played,
    Route,
    Routing,
    Schedule,
    Shutdown,
    Statistics,
    TempoChange,
    TransportChange,
    Trouble,
)
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.sounding import SoundingTable
from hitpoint.score.midi_message import HeardMessage, PortMessage, note_off, note_on
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Followed, Started
from hitpoint.timeline.tempo_map import TempoMap

PORTS = ("Hitpoint strings",)
BAR = 3840
OPENING: tuple[tuple[float, object], ...] = (
    (0.1, TempoChange(TempoMap.constant(60.0))),
    (0.1, Routing((Route("violin", PORTS[0], 0, None),))),
    (0.1, Schedule("violin", 0, 0, BAR, (Note(960, 60, 480, 80), Note(1920, 62, 96, 90)))),
    (0.2, TransportChange(Started(1.0))),
)


@pytest.fixture
def table() -> Iterator[SoundingTable]:
    table = SoundingTable(1)
    yield table
    table.close()
    table.unlink()


def play(
    table: SoundingTable, *script: tuple[float, object], port: MemoryPort | None = None
) -> tuple[MemoryPort, ScriptMailbox]:
    clock = ManualClock()
    mailbox = ScriptMailbox(clock, script)
    port = port or MemoryPort(PORTS)
    player = Player(Scheduler(PORTS), table, ClockFit(), mailbox.say)
    RealTimeDriver(player, port, mailbox, clock).run()  # type: ignore[arg-type]
    return port, mailbox


def notes(port: MemoryPort) -> list[bytes]:
    return [message.data for message in port.sent if message.data[0] < 0xA0]


def test_messages_are_sent_at_their_times_and_never_before(table: SoundingTable) -> None:
    port, _ = play(table, *OPENING, (4.0, Shutdown()))

    assert notes(port) == [note_on(0, 60, 80), note_off(0, 60), note_on(0, 62, 90), note_off(0, 62)]
    assert [round(message.at, 6) for message in port.sent[:4]] == [2.0, 2.5, 3.0, 3.1]
    assert all(0.0 <= late < 1e-4 for late in port.late_seconds[:4])


class SlowMailbox(ScriptMailbox):
    """A pipe into which everything takes its time."""

    SECONDS = 0.002

    def flush(self) -> None:
        """Everything said since the last flush takes a while."""
        if self.has_unsent:
            self._clock.sleep(self.SECONDS)
        self.has_unsent = False

    def say(self, message: object) -> None:
        """Remember it."""
        super().say(message)
        self.has_unsent = True


@pytest.mark.parametrize("start", [1.0 + number / 100 for number in range(10)])
def test_what_is_told_to_control_delays_no_note(table: SoundingTable, start: float) -> None:
    # A millisecond apart, for a sixth of the time between two reports: one of the starts has one in their midst.
    run = Schedule("violin", 0, 0, BAR, tuple(Note(960 + 2 * n, 60 + n, 1, 80) for n in range(8)))
    clock = ManualClock()
    mailbox = SlowMailbox(clock, (*OPENING[:2], (0.1, run), (0.2, TransportChange(Started(start))), (4.0, Shutdown())))
    sent: list[float] = []

    class Port(MemoryPort):
        def send(self, message: PortMessage, late_seconds: float) -> None:
            sent.append(clock.now())
            super().send(message, late_seconds)

    player = Player(Scheduler(PORTS), table, ClockFit(), mailbox.say)
    RealTimeDriver(player, Port(PORTS), mailbox, clock).run()  # type: ignore[arg-type]

    # Not by what the driver thinks is due: it thinks again when it wakes too late.
    late = [at - start - (960 + n) / 960 for n, at in enumerate(sent[:16])]
    assert 0.0 <= max(late) < 1e-4


def test_a_clock_that_wakes_too_late_is_told_of(table: SoundingTable) -> None:
    class Sleepy(ManualClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds + 0.004)

    clock = Sleepy()
    mailbox = ScriptMailbox(clock, (*OPENING, (4.0, Shutdown())))
    player = Player(Scheduler(PORTS), table, ClockFit(), mailbox.say)
    RealTimeDriver(player, MemoryPort(PORTS), mailbox, clock).run()  # type: ignore[arg-type]

    told = [said.worst_late_ms for said in mailbox.said if isinstance(said, Statistics)]
    assert 1.0 < max(told) < 5.0


def test_a_dense_stream_of_messages_delays_no_note(table: SoundingTable) -> None:
    again = Schedule("violin", 1, BAR, 2 * BAR, tuple(Note(BAR + n, 60, 5, 80) for n in range(100)))
    flood = tuple((1.5 + number / 2000, again) for number in range(4000))

    port, _ = play(table, *OPENING, *flood, (4.0, Shutdown()))

    assert notes(port)[:4] == [note_on(0, 60, 80), note_off(0, 60), note_on(0, 62, 90), note_off(0, 62)]
    assert all(late < 1e-4 for late in port.late_seconds[:4])


@pytest.mark.parametrize("farewell", [((2.2, Shutdown()),), ()])
def test_whether_told_or_left_alone_it_ends_in_silence(
    table: SoundingTable, farewell: tuple[tuple[float, object], ...]
) -> None:
    port, mailbox = play(table, *OPENING, (2.2, Schedule("violin", 1, BAR, 2 * BAR, ())), *farewell)

    assert notes(port) == [note_on(0, 60, 80), note_off(0, 60)]
    assert port.closed
    assert table.note_offs() == []
    assert [type(message) for message in mailbox.said[-2:]] == [Played, Statistics]


def test_a_port_that_fails_is_told_once_and_the_rest_is_sent(table: SoundingTable) -> None:
    port, mailbox = play(table, *OPENING, (4.0, Shutdown()), port=MemoryPort(PORTS, breaks_at=0))

    assert notes(port) == [note_off(0, 60), note_on(0, 62, 90), note_off(0, 62)]
    assert [message for message in mailbox.said if isinstance(message, Trouble)] == [Trouble("the cable is out")]


def test_a_fault_of_our_own_is_told_once_and_the_music_goes_on(table: SoundingTable) -> None:
    class FaultyPort(MemoryPort):
        def send(self, message: PortMessage, late_seconds: float) -> None:
            if message.data == note_on(0, 60, 80):
                raise ZeroDivisionError
            super().send(message, late_seconds)

    port, mailbox = play(table, *OPENING, (4.0, Shutdown()), port=FaultyPort(PORTS))

    assert notes(port) == [note_off(0, 60), note_on(0, 62, 90), note_off(0, 62)]
    assert len([message for message in mailbox.said if isinstance(message, Trouble)]) == 1


@pytest.mark.parametrize("broken", [note_on(0, 60, 80), note_off(0, 60)])
def test_a_fault_with_one_message_keeps_back_none_of_its_moment(table: SoundingTable, broken: bytes) -> None:
    class FaultyPort(MemoryPort):
        def send(self, message: PortMessage, late_seconds: float) -> None:
            if message.data == broken:
                raise SystemError
            super().send(message, late_seconds)

    chord = Schedule("violin", 0, 0, BAR, (Note(960, 60, 480, 80), Note(960, 64, 480, 80)))
    port, _ = play(table, *OPENING[:2], (0.1, chord), OPENING[3], (2.3, Shutdown()), port=FaultyPort(PORTS))

    chorded = [note_on(0, 60, 80), note_on(0, 64, 80), note_off(0, 60), note_off(0, 64)]
    assert notes(port) == [data for data in chorded if data != broken]


def test_without_real_time_it_plays_only_as_far_as_it_may(table: SoundingTable) -> None:
    clock = ManualClock()
    mailbox = ScriptMailbox(clock, [*OPENING, (0.3, Advance(1000)), (0.4, Advance(BAR)), (0.5, Shutdown())])
    port = MemoryPort(PORTS)
    player = Player(Scheduler(PORTS), table, ClockFit(), mailbox.say)

    VirtualDriver(player, port, mailbox).run()  # type: ignore[arg-type]

    assert notes(port) == [note_on(0, 60, 80), note_off(0, 60), note_on(0, 62, 90), note_off(0, 62)]
    assert [message.at for message in port.sent[:4]] == pytest.approx([1.0, 1.5, 2.0, 2.1])
    reached = [round(message.tick) for message in mailbox.said if isinstance(message, Followed)]
    assert reached[-1] == BAR
    assert 1000 in reached
    played = [note for message in mailbox.said if isinstance(message, Played) for note in message.notes]
    assert played == [("violin", Note(960, 60, 480, 80)), ("violin", Note(1920, 62, 96, 90))]


class TurningOutput:
    """A cycle output that turns by itself, as fast as it can, for some cycles."""

    kind, ports, inputs, realtime = "turning", PORTS, ("Hitpoint in",), True

    def __init__(self, cycles: int, seconds: float = 0.01, heard: Sequence[HeardMessage] = ()) -> None:
        """heard: in the first cycle."""
        self.losses = Losses()
        self.gone = ""
        self.sent: list[PortMessage] = []
        self.closed = False
        self._heard = heard
        self._cycles = cycles
        self._seconds = seconds

    def start(self, fill: Callable[[Cycle], Sequence[PortMessage]]) -> None:
        for number in range(self._cycles):
            heard = () if number else self._heard
            self.sent += fill(Cycle(number * self._seconds, (number + 1) * self._seconds, None, heard))
        self.gone = "the server has stopped"

    def port_seconds(self) -> float:
        return 0.0

    def connect_inputs(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        self.closed = True


def test_when_the_driver_is_gone_it_says_so_and_ends(table: SoundingTable) -> None:
    mailbox = ScriptMailbox(ManualClock(), [])
    output = TurningOutput(cycles=10)

    fit = ClockFit()
    CycleDriver(Player(Scheduler(PORTS), table, fit, mailbox.say), output, mailbox, fit).run()  # type: ignore[arg-type]

    assert Trouble("the server has stopped") in mailbox.said
    assert output.closed


FADER = HeardMessage(0.004, "Hitpoint in", b"\xb0\x07\x40")


def test_what_comes_in_with_a_cycle_is_told_to_control_in_the_daemons_clock(table: SoundingTable) -> None:
    mailbox = ScriptMailbox(ManualClock(), [])
    fit = ClockFit()
    output = TurningOutput(cycles=3, heard=(FADER,))

    CycleDriver(Player(Scheduler(PORTS), table, fit, mailbox.say), output, mailbox, fit).run()  # type: ignore[arg-type]

    (heard,) = [message for message in mailbox.said if isinstance(message, MidiHeard)]
    assert (heard.port, heard.data) == (FADER.port, FADER.data)
    assert heard.at == fit.here_at(0.004)


def test_what_a_drivers_thread_hands_over_is_told_to_control(table: SoundingTable) -> None:
    clock = ManualClock()
    mailbox = ScriptMailbox(clock, (*OPENING, (4.0, Shutdown())))
    waiting = [[FADER], [FADER]]
    player = Player(Scheduler(PORTS), table, ClockFit(), mailbox.say)

    RealTimeDriver(player, MemoryPort(PORTS), mailbox, clock, lambda: waiting.pop() if waiting else ()).run()  # type: ignore[arg-type]

    heard = [message for message in mailbox.said if isinstance(message, MidiHeard)]
    assert heard == [MidiHeard(FADER.port, FADER.data, FADER.at)] * 2


class GoingOnOutput(TurningOutput):
    """Turns whenever it is looked at, and for some cycles while it closes, as JACK does."""

    def start(self, fill: Callable[[Cycle], Sequence[PortMessage]]) -> None:
        self._fill = fill
        self._turned = 0

    def connect_inputs(self) -> tuple[str, ...]:
        start = self._turned * self._seconds
        self.sent += self._fill(Cycle(start, start + self._seconds, None))
        self._turned += 1
        return ()

    def close(self) -> None:
        for _ in range(self._cycles):
            self.connect_inputs()
        self.closed = True


def test_nothing_is_struck_after_the_last_note_off(table: SoundingTable) -> None:
    mailbox, fit, output = ScriptMailbox(ManualClock(), [(0.0, Shutdown())]), ClockFit(), GoingOnOutput(cycles=40)
    player = Player(Scheduler(PORTS), table, fit, mailbox.say)
    every_5_ms = tuple(Note(tick, 20 + tick // 10, 500, 80) for tick in range(0, 800, 10))
    for message in (*(message for _, message in OPENING[:2]), Schedule("violin", 0, 0, BAR, every_5_ms)):
        player.scheduler.apply(message, 0.0)  # type: ignore[arg-type]
    player.scheduler.apply(TransportChange(Started(0.0)), 0.0)

    CycleDriver(player, output, mailbox, fit).run()  # type: ignore[arg-type]

    sounding: set[int] = set()
    for message in output.sent:
        if message.data[0] == 0x90:
            sounding.add(message.data[1])
        elif message.data[0] == 0x80:
            sounding.discard(message.data[1])
    assert output.closed
    assert any(message.data[0] == 0x90 for message in output.sent)
    assert not sounding


CLOCK_PORT = 1


def clock_of(messages: Sequence[PortMessage]) -> list[tuple[float, str]]:
    return [(round(message.at, 6), message.data.hex()) for message in messages if message.port == CLOCK_PORT]


def leading(table: SoundingTable, fit: ClockFit, mailbox: ScriptMailbox) -> Player:
    return Player(Scheduler(PORTS, clock_port=CLOCK_PORT), table, fit, mailbox.say)


PULSES = [(round(1.0 + pulse / 24, 6), "f8") for pulse in range(24)]
"""Of the first quarter of OPENING."""


def test_a_driver_that_sleeps_wakes_for_every_pulse_and_its_notes_are_as_punctual_as_ever(table: SoundingTable) -> None:
    clock = ManualClock()
    mailbox = ScriptMailbox(clock, (*OPENING, (4.0, Shutdown())))
    port = MemoryPort(PORTS)
    RealTimeDriver(leading(table, ClockFit(), mailbox), port, mailbox, clock).run()  # type: ignore[arg-type]

    heard = clock_of(port.sent)
    assert heard[1:25] == PULSES
    assert [data for _, data in heard] == ["fa", *["f8"] * (len(heard) - 2), "fc"]
    assert notes(port) == [note_on(0, 60, 80), note_off(0, 60), note_on(0, 62, 90), note_off(0, 62)]
    late = zip(port.sent, port.late_seconds, strict=True)
    assert all(0.0 <= seconds < 1e-4 for message, seconds in late if message.data[0] < 0xA0 or message.data == b"\xf8")


def test_cycles_have_the_same_pulses(table: SoundingTable) -> None:
    mailbox, fit, output = ScriptMailbox(ManualClock(), []), ClockFit(), TurningOutput(cycles=199)
    player = leading(table, fit, mailbox)
    for message in (OPENING[0][1], TransportChange(Started(1.0))):
        player.scheduler.apply(message, 0.0)  # type: ignore[arg-type]
    CycleDriver(player, output, mailbox, fit).run()  # type: ignore[arg-type]

    assert clock_of(output.sent) == [(0.0, "fa"), *PULSES]


def test_without_real_time_the_pulses_are_where_they_would_be_with_it(table: SoundingTable) -> None:
    clock = ManualClock()
    mailbox = ScriptMailbox(clock, [*OPENING, (0.3, Advance(961)), (0.5, Shutdown())])
    port = MemoryPort(PORTS)
    VirtualDriver(leading(table, ClockFit(), mailbox), port, mailbox).run()  # type: ignore[arg-type]

    heard = clock_of(port.sent)
    since = heard[1][0]
    assert [(round(at - since + 1.0, 5), data) for at, data in heard[1:25]] == [(round(at, 5), f8) for at, f8 in PULSES]
    assert [data for _, data in heard[25:]] == ["f8", "fc"]
