"""Where each note lands over JACK, by another client's ears, while a model writes flat out beside it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil, floor
from multiprocessing.connection import Connection
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

from hitpoint.engine.bench_children import child, jack_transport, listening
from hitpoint.engine.bench_load import model_flat_out
from hitpoint.engine.bench_notes import BAR, PORTS, TEMPO, bar_of, routing
from hitpoint.engine.play import play_main
from hitpoint.engine.play_settings import PlaySettings
from hitpoint.errors import PortError
from hitpoint.scheduler.performance import (
    Finished,
    Ready,
    Refused,
    Schedule,
    Shutdown,
    Statistics,
    TempoChange,
)
from hitpoint.score.midi_message import is_note_off, is_note_on

if TYPE_CHECKING:
    from hitpoint.outputs.jack_ear import HeardAll
    from hitpoint.outputs.jack_transport import JackTransport

AHEAD_SECONDS = 3.0


def measure_jack_placement(bundle: Path | None, minutes: float) -> dict[str, Any]:
    """Play to a JACK server that runs, following its transport, and compare what another client hears, to the frame.

    Stops and moves JACK's transport. Blocks: for `minutes`. Raises PortError when there is no server.
    """
    transport = jack_transport("Hitpoint bench transport")
    bars = ceil(60.0 * minutes / TEMPO.seconds_at(BAR))
    with model_flat_out(bundle), _running_play(_jack_settings()) as (play, ready), listening(ready.ports) as ear:
        play.send(TempoChange(TEMPO))
        play.send(routing())
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


@contextmanager
def _running_play(settings: PlaySettings) -> Iterator[tuple["Connection[Any, Any]", Ready]]:
    with child(play_main, settings) as play:
        ready = play.recv()
        if isinstance(ready, Refused):
            raise PortError(ready.message)
        yield play, ready
