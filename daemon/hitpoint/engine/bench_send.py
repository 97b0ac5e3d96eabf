"""How long after their times notes are handed to a driver that sends now, while a model writes flat out beside it.

Hitpoint's own loop, with and without real-time priority, stands beside two that other programs have: a loop of
`sleep(due - now)`, and mido's `MidiFile.play`. All send the same notes, turn by turn, so that what else the machine
does meanwhile falls on all of them alike. Over JACK, RtMidi adds up to one period to each: that is not in here.
"""

import gc
import signal
from collections.abc import Callable, Sequence
from math import ceil, inf
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any, NamedTuple

from hitpoint.engine.bench_load import model_flat_out
from hitpoint.engine.bench_notes import BAR, PORTS, TEMPO, bar_of, routing
from hitpoint.engine.mailbox import Mailbox
from hitpoint.engine.play_drivers import RealTimeDriver
from hitpoint.engine.player import Player
from hitpoint.engine.realtime import prepare_process
from hitpoint.errors import PortError
from hitpoint.outputs.null import NullOutput
from hitpoint.outputs.open_output import open_output
from hitpoint.outputs.output import CycleOutput, Output
from hitpoint.outputs.quiet import quiet_libraries
from hitpoint.scheduler.clock import ClockFit, MonotonicClock
from hitpoint.scheduler.performance import Schedule, Shutdown, TempoChange, ToPlay, TransportChange
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.sounding import SoundingTable
from hitpoint.score.midi_file import write_midi_file
from hitpoint.score.midi_message import PortMessage, note_off, note_on
from hitpoint.score.midi_score import MidiPart
from hitpoint.timeline.host_event import Started
from hitpoint.timeline.timeline import Timeline

TURN_SECONDS = 10.0
"""How long one way plays before the next has its turn."""
START_LEAD_SECONDS = 1.0
OURS = ("priority", "no_priority")
OTHERS = ("plain_sleep", "mido_play")
_CONTEXT = get_context("spawn")


def measure_send_times(seconds: float = 20.0, bundle: Path | None = None) -> dict[str, Any]:
    """Send notes in each way for `seconds`, in turns, while the model of `bundle` writes. Blocks: for four times that.

    Returns microseconds late, p50, p99 and max, of each way, and how many times later at p99 the others are than
    Hitpoint with priority. Notes go to rtmidi where it works, else nowhere.
    """
    turns = max(1, round(seconds / TURN_SECONDS))
    late: dict[str, list[float]] = {way: [] for way in (*OURS, *OTHERS)}
    output = ""
    with model_flat_out(bundle):
        for _ in range(turns):
            for way, seen in late.items():
                answer = _sent(way, seconds / turns)
                output, lateness = answer.output, _lateness(answer, seconds / turns)
                seen += lateness
    figures = {way: _figures(seen) for way, seen in late.items()}
    ratios = {
        f"p99_{way}_to_priority": round(figures[way]["p99_us"] / max(0.1, figures["priority"]["p99_us"]), 2)
        for way in (*OTHERS, "no_priority")
    }
    return {"seconds": seconds, "output": output, **figures, **ratios}


def _lateness(answer: "_Answer", seconds: float) -> list[float]:
    """How long after its time each message was sent, in seconds; infinite for one that never was.

    Held against the notes themselves, not against what a sender thinks it is due: a sender that wakes too late may
    think again.
    """
    sent: dict[tuple[int, bytes], list[float]] = {}
    for at, port, data in answer.sent:
        sent.setdefault((port, data), []).append(at)
    # The same note-off ends many notes: they go in order, the one for the first first.
    times = {key: iter(whens) for key, whens in sent.items()}
    return [
        next(times.get((message.port, message.data), iter(())), inf) - answer.began - message.seconds
        for message in _messages(seconds)
    ]


def _messages(seconds: float) -> list["_Due"]:
    """All that is to be sent, in order."""
    return sorted(
        _Due(TEMPO.seconds_at(tick), port, data)
        for index in range(_bars(seconds))
        for port, notes in enumerate(bar_of(index).values())
        for note in notes
        for tick, data in (
            (note.tick, note_on(0, note.pitch, note.velocity)),
            (note.end, note_off(0, note.pitch)),
        )
    )


def _figures(late: Sequence[float]) -> dict[str, float]:
    """Of seconds late, in microseconds."""
    ranked = sorted(1e6 * seconds for seconds in late if seconds < inf)
    return {
        "messages": len(late),
        "never_sent": len(late) - len(ranked),
        "p50_us": round(ranked[len(ranked) // 2], 1),
        "p99_us": round(ranked[int(len(ranked) * 0.99)], 1),
        "max_us": round(ranked[-1], 1),
    }


def _sent(way: str, seconds: float) -> "_Answer":
    """Send for so long in one way, in a process of its own."""
    here, there = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_send_main, args=(there, way, seconds), daemon=True)
    process.start()
    there.close()
    # On a busy machine it takes a process seconds to come up: only then does the music begin.
    here.recv()
    began = _conduct(here, seconds) if way in OURS else None
    while not isinstance(answer := here.recv(), _Answer):
        pass
    process.join()
    return answer if began is None else answer._replace(began=began)


def _conduct(play: "Connection[Any, Any]", seconds: float) -> float:
    """Do as control does, bar by bar, ahead of time. Answers when the music began."""
    messages: list[ToPlay] = [TempoChange(TEMPO), routing(), *_schedules(0)]
    began = monotonic() + START_LEAD_SECONDS
    for message in [*messages, TransportChange(Started(began))]:
        play.send(message)
    for index in range(1, _bars(seconds)):
        sleep(TEMPO.seconds_at(BAR))
        for schedule in _schedules(index):
            play.send(schedule)
    sleep(TEMPO.seconds_at(BAR) + START_LEAD_SECONDS + 0.5)
    play.send(Shutdown())
    return began


def _schedules(index: int) -> list[Schedule]:
    return [Schedule(port, index, index * BAR, (index + 1) * BAR, notes) for port, notes in bar_of(index).items()]


def _bars(seconds: float) -> int:
    return ceil(seconds / TEMPO.seconds_at(BAR))


class _Due(NamedTuple):
    """A message and its time, in seconds from the start."""

    seconds: float
    port: int
    data: bytes


class _Answer(NamedTuple):
    """What became of a sender's messages."""

    output: str
    """The kind it sent to."""
    began: float
    """Second of the clock at which its music began."""
    sent: list[tuple[float, int, bytes]]
    """When, by which port, what."""


class _Probe:
    """An output that notes when it is called with notes."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self.kind = output.kind
        self.ports = output.ports
        self.sent: list[tuple[float, int, bytes]] = []

    def send(self, message: PortMessage, late_seconds: float) -> None:
        """Note it, and pass the message on."""
        now = monotonic()
        # What silences the channels at the end is due whenever it goes.
        if message.data[0] < 0xA0:
            self.sent.append((now, message.port, message.data))
        self._output.send(message, late_seconds)

    def close(self) -> None:
        """Close the output."""
        self._output.close()


_Way = Callable[[_Probe, float, "Connection[Any, Any]"], float]
"""Sends to an output for so many seconds; answers at which second of the clock its music began."""


def _send_main(connection: "Connection[Any, Any]", way: str, seconds: float) -> None:
    """Spawn target."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with quiet_libraries():
        probe = _Probe(_driver_output())
    connection.send("ready")
    began = _WAYS[way](probe, seconds, connection)
    probe.close()
    connection.send(_Answer(probe.kind, began, probe.sent))


def _driver_output() -> Output:
    try:
        output, _ = open_output("rtmidi", PORTS, "Hitpoint bench")
    except PortError:
        return NullOutput(PORTS)
    assert not isinstance(output, CycleOutput)
    return output


def _with_priority(probe: _Probe, _: float, connection: "Connection[Any, Any]") -> float:
    prepare_process()
    return _play(probe, connection)


def _without_priority(probe: _Probe, _: float, connection: "Connection[Any, Any]") -> float:
    gc.disable()
    return _play(probe, connection)


def _play(probe: _Probe, connection: "Connection[Any, Any]") -> float:
    table = SoundingTable(len(PORTS))
    mailbox = Mailbox(connection)
    player = Player(Scheduler(PORTS), table, ClockFit(), mailbox.say)
    RealTimeDriver(player, probe, mailbox, MonotonicClock()).run()
    mailbox.flush_all(2.0)
    table.close()
    table.unlink()
    # Who conducts it knows when it was told to begin.
    return 0.0


def _plain_sleep(probe: _Probe, seconds: float, _: "Connection[Any, Any]") -> float:
    messages = _messages(seconds)
    began = monotonic()
    for due in messages:
        sleep(max(0.0, began + due.seconds - monotonic()))
        probe.send(PortMessage(0.0, due.port, due.data, ""), 0.0)
    return began


def _mido_play(probe: _Probe, seconds: float, _: "Connection[Any, Any]") -> float:
    # What is measured here is mido itself: the one import outside of score.midi_file.
    import mido

    with TemporaryDirectory() as folder:
        path = Path(folder) / "bench.mid"
        bars = [bar_of(index) for index in range(_bars(seconds))]
        # A file has no ports: its channels stand for them.
        parts = [
            MidiPart(port, channel, None, tuple(note for bar in bars for note in bar[port]))
            for channel, port in enumerate(PORTS)
        ]
        write_midi_file(path, parts, Timeline(TEMPO))
        file = mido.MidiFile(path)
    asked: list[float] = []

    def now() -> float:
        asked.append(monotonic())
        return asked[-1]

    for message in file.play(now=now):
        probe.send(PortMessage(0.0, message.channel, bytes(message.copy(channel=0).bytes()), ""), 0.0)
    # Its music begins when it first asks for the time.
    return asked[0]


_WAYS: dict[str, _Way] = {
    "priority": _with_priority,
    "no_priority": _without_priority,
    "plain_sleep": _plain_sleep,
    "mido_play": _mido_play,
}
