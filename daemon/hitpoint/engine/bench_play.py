"""How exactly notes are placed and sent on this machine, while a model writes flat out beside them."""

import gc
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import ceil, floor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from hitpoint.engine.bench_load import model_flat_out
from hitpoint.engine.mailbox import Mailbox
from hitpoint.engine.play import play_main
from hitpoint.engine.play_drivers import RealTimeDriver
from hitpoint.engine.play_settings import PlaySettings
from hitpoint.engine.player import Player
from hitpoint.engine.realtime import prepare_process
from hitpoint.errors import PortError
from hitpoint.outputs.null import NullOutput
from hitpoint.outputs.open_output import open_output
from hitpoint.outputs.output import CycleOutput, Output
from hitpoint.outputs.quiet import quiet_libraries
from hitpoint.scheduler.clock import ClockFit, MonotonicClock
from hitpoint.scheduler.performance import (
    Finished,
    Ready,
    Refused,
    Route,
    Routing,
    Schedule,
    Shutdown,
    Statistics,
    TempoChange,
    ToPlay,
    TransportChange,
)
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.sounding import SoundingTable
from hitpoint.score.midi_message import PortMessage, is_note_off, is_note_on
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Started
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.units import TICKS_PER_QUARTER

if TYPE_CHECKING:
    from hitpoint.outputs.jack_ear import HeardAll
    from hitpoint.outputs.jack_transport import JackTransport

PORTS = tuple(f"Hitpoint bench {number}" for number in range(1, 5))
TEMPO = TempoMap.constant(97.5)
"""At which no tick of the grid falls on a whole frame at 48 kHz."""
BAR = 4 * TICKS_PER_QUARTER
GRID = TICKS_PER_QUARTER // 4
STAGGER = 7
"""Ticks from a port's note to the next port's: a chord that is not one."""
DURATION = 180
LOWEST, PITCHES, VELOCITIES = 24, 96, 127
AHEAD_SECONDS = 3.0
_CONTEXT = get_context("spawn")


def bar_of(index: int) -> dict[str, tuple[Note, ...]]:
    """A bar of notes for each port, each known by its pitch and velocity for twenty minutes."""
    per_bar = BAR // GRID
    bar: dict[str, tuple[Note, ...]] = {}
    for place, port in enumerate(PORTS):
        notes = []
        for number in range(index * per_bar, (index + 1) * per_bar):
            pitch, velocity = LOWEST + number % PITCHES, 1 + number // PITCHES % VELOCITIES
            notes.append(Note(number * GRID + place * STAGGER, pitch, DURATION, velocity))
        bar[port] = tuple(notes)
    return bar


# JACK: where each note lands, by another client's ears


def measure_jack_placement(bundle: Path | None, minutes: float) -> dict[str, Any]:
    """Play to a JACK server that runs, following its transport, and compare what another client hears, to the frame.

    Stops and moves JACK's transport. Blocks: for `minutes`. Raises PortError when there is no server.
    """
    transport = _transport()
    bars = ceil(60.0 * minutes / TEMPO.seconds_at(BAR))
    with model_flat_out(bundle), _running_play(_jack_settings()) as (play, ready), _listening(ready.ports) as ear:
        play.send(TempoChange(TEMPO))
        play.send(_routing())
        transport.stop()
        transport.locate(0)
        sleep(0.5)
        statistics = _play_bars(play, transport, bars)
        ear.send(None)
        heard = ear.recv()
    transport.close()
    return {
        "minutes": minutes,
        "period": transport.period,
        "sample_rate": transport.sample_rate,
        "realtime": ready.realtime,
        **_placement(heard, bars, transport.sample_rate),
        "told_cycles_lost": statistics.cycles_lost,
        "told_notes_lost": statistics.notes_lost,
        "told_notes_late": statistics.notes_late + statistics.notes_dropped,
        "offs_repaired": statistics.offs_repaired,
        "listener_missed_cycles": len(heard.missed),
    }


def _jack_settings() -> PlaySettings:
    return PlaySettings(ports=PORTS, output="jack", follow_jack=True, client="Hitpoint bench")


def _transport() -> "JackTransport":
    try:
        from hitpoint.outputs.jack_transport import JackTransport
    except (ImportError, OSError) as error:
        raise PortError("the jack bench needs the extra: pip install 'hitpoint[jack]', and libjack.") from error
    return JackTransport("Hitpoint bench transport")


def _play_bars(play: "Connection[Any, Any]", transport: "JackTransport", bars: int) -> Statistics:
    latest = Statistics()
    sent, started = 0, False
    end_frame = TEMPO.seconds_at(bars * BAR + BAR // 4) * transport.sample_rate
    while transport.frame < end_frame:
        position = transport.frame / transport.sample_rate
        while sent < bars and TEMPO.seconds_at(sent * BAR) < position + AHEAD_SECONDS:
            for port, notes in bar_of(sent).items():
                play.send(Schedule(port, sent, sent * BAR, (sent + 1) * BAR, notes))
            sent += 1
        if not started:
            sleep(0.5)
            transport.start()
            started = True
        while play.poll(0.05):
            message = play.recv()
            if isinstance(message, Statistics):
                latest = message
    transport.stop()
    play.send(Shutdown())
    while not isinstance(message := play.recv(), Finished):
        if isinstance(message, Statistics):
            latest = message
    return latest


def _placement(all_heard: "HeardAll", bars: int, rate: int) -> dict[str, Any]:
    """What became of every note that was asked for."""
    ons: dict[tuple[int, int, int], list[int]] = {}
    sounding: Counter[tuple[int, int]] = Counter()
    offs: dict[tuple[int, int], list[int]] = {}
    for heard in all_heard.messages:
        key = (heard.port, heard.data[1] if len(heard.data) > 1 else -1)
        if is_note_on(heard.data):
            ons.setdefault((*key, heard.data[2]), []).append(heard.frame)
            sounding[key] = 1
        elif is_note_off(heard.data):
            offs.setdefault(key, []).append(heard.frame)
            sounding[key] = 0
    wanted = {
        (place, note.pitch, note.velocity): (_frame(note.tick, rate), _frame(note.end, rate))
        for bar in range(bars)
        for place, port in enumerate(PORTS)
        for note in bar_of(bar)[port]
    }
    errors = [ons[note][0] - on for note, (on, _) in wanted.items() if note in ons]
    exact = sum(error == 0 for error in errors)
    lost = [on for note, (on, _) in wanted.items() if note not in ons]
    every_off = {key: set(frames) for key, frames in offs.items()}
    exact_offs = sum(off in every_off.get(note[:2], ()) for note, (_, off) in wanted.items())
    return {
        "notes": len(wanted),
        "frame_exact_percent": round(100.0 * exact / len(wanted), 3),
        "largest_error_frames": max(map(abs, errors), default=0),
        "lost": len(lost),
        "lost_while_the_listener_missed": sum(any(a <= on <= b for a, b in all_heard.missed) for on in lost),
        "doubled": sum(len(frames) > 1 for frames in ons.values()),
        "hung": sum(sounding.values()),
        "offs_exact_percent": round(100.0 * exact_offs / len(wanted), 3),
    }


def _frame(tick: int, rate: int) -> int:
    return floor(TEMPO.seconds_at(tick) * rate + 0.5 + 1e-4)


# Drivers that send now: how late each message is handed over


def measure_send_times(seconds: float = 20.0, bundle: Path | None = None) -> dict[str, Any]:
    """Hand notes to a driver at their times, three ways in turn, while a model writes. Blocks: for thrice `seconds`.

    Returns microseconds late, p50, p99 and max, of the play process's own loop with and without priority, and of the
    plain loop `sleep(at - now)` that most programs have. Notes go to rtmidi where it works, else nowhere.
    """
    with model_flat_out(bundle):
        ways = {way: _send_times(way, seconds) for way in ("priority", "no_priority", "plain_sleep")}
    return {"seconds": seconds, **ways}


def _send_times(way: str, seconds: float) -> dict[str, Any]:
    here, there = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_send_main, args=(there, way, seconds), daemon=True)
    process.start()
    there.close()
    bars = ceil(seconds / TEMPO.seconds_at(BAR))
    if way != "plain_sleep":
        messages: list[ToPlay] = [TempoChange(TEMPO), _routing()]
        messages += [Schedule(port, 0, 0, BAR, notes) for port, notes in bar_of(0).items()]
        for message in [*messages, TransportChange(Started(monotonic() + 1.0))]:
            here.send(message)
        for index in range(1, bars):
            sleep(TEMPO.seconds_at(BAR))
            for port, notes in bar_of(index).items():
                here.send(Schedule(port, index, index * BAR, (index + 1) * BAR, notes))
        sleep(TEMPO.seconds_at(BAR) + 1.5)
        here.send(Shutdown())
    while isinstance(answer := here.recv(), dict) is False:
        pass
    process.join()
    return dict(answer)


def _send_main(connection: "Connection[Any, Any]", way: str, seconds: float) -> None:
    """Spawn target."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with quiet_libraries():
        output = _driver_output()
    probe = _Probe(output)
    if way == "plain_sleep":
        _plain_sleep(probe, seconds)
    else:
        if way == "priority":
            prepare_process()
        else:
            gc.disable()
        table = SoundingTable(len(PORTS))
        mailbox = Mailbox(connection)
        player = Player(Scheduler(PORTS), table, ClockFit(), mailbox.say)
        RealTimeDriver(player, probe, mailbox, MonotonicClock()).run()
        mailbox.flush_all(2.0)
        table.close()
        table.unlink()
    connection.send(probe.figures())


def _driver_output() -> Output:
    try:
        output, _ = open_output("rtmidi", PORTS, "Hitpoint bench")
    except PortError:
        return NullOutput(PORTS)
    assert not isinstance(output, CycleOutput)
    return output


class _Probe:
    """An output that notes how late it is called."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self.kind = output.kind
        self.ports = output.ports
        self._late: list[float] = []

    def send(self, message: PortMessage, late_seconds: float) -> None:
        """Note it, and pass the message on."""
        if len(message.data) == 3:
            self._late.append(late_seconds)
        self._output.send(message, late_seconds)

    def close(self) -> None:
        """Close the output."""
        self._output.close()

    def figures(self) -> dict[str, Any]:
        """Microseconds."""
        # The last ones silence what sounds: they are due whenever they go.
        ranked = sorted(1e6 * late for late in self._late)
        return {
            "output": self.kind,
            "messages": len(ranked),
            "p50_us": round(ranked[len(ranked) // 2], 1),
            "p99_us": round(ranked[int(len(ranked) * 0.99)], 1),
            "max_us": round(ranked[-1], 1),
        }


def _plain_sleep(probe: _Probe, seconds: float) -> None:
    began = monotonic() + 0.1
    number = 0
    while (at := began + TEMPO.seconds_at(number * GRID)) < began + seconds:
        sleep(max(0.0, at - monotonic()))
        late = monotonic() - at
        for port in range(len(PORTS)):
            probe.send(PortMessage(at, port, bytes((0x90, 60, number % 2 * 64)), ""), late)
        number += 1
    probe.close()


# Processes


@contextmanager
def _running_play(settings: PlaySettings) -> Iterator[tuple["Connection[Any, Any]", Ready]]:
    with _child(play_main, settings) as play:
        ready = play.recv()
        if isinstance(ready, Refused):
            raise PortError(ready.message)
        yield play, ready


@contextmanager
def _listening(sources: Sequence[str]) -> Iterator["Connection[Any, Any]"]:
    from hitpoint.outputs.jack_ear import jack_ear_main

    with _child(jack_ear_main, tuple(sources)) as ear:
        ear.recv()
        yield ear


@contextmanager
def _child(target: Callable[..., None], argument: object) -> Iterator["Connection[Any, Any]"]:
    here, there = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=target, args=(there, argument), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join(3.0)
        if process.is_alive():
            process.kill()


def _routing() -> Routing:
    return Routing(tuple(Route(port, port, 0, None) for port in PORTS))
