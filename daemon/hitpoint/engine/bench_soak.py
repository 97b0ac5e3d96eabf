"""Whether it holds for a whole day at work: hours of music on a fast clock, and a real daemon in real time beside it.

Memory is to be flat, and the last note as exactly in time as the first.
"""

import json
import os
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from hitpoint.engine.bench_children import jack_transport, listening
from hitpoint.engine.bench_daemon import resident_mb, running_daemon
from hitpoint.engine.composer import Composer
from hitpoint.engine.virtual_stage import VirtualStage
from hitpoint.errors import PortError
from hitpoint.hosts.map_file import read_map
from hitpoint.inputs.osc_asker import ask
from hitpoint.score.midi_file import write_midi_file
from hitpoint.score.midi_message import is_note_off, is_note_on
from hitpoint.score.session import Session
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import TICKS_PER_QUARTER

if TYPE_CHECKING:
    from hitpoint.outputs.jack_ear import HeardAll
    from hitpoint.outputs.jack_transport import JackTransport

CLIENT = "Hitpoint bench"
BPM = 97.5
"""At which no tick falls on a whole frame at 48 kHz."""
DIRECTION = "tense, flute, french horn, violin, cello, D minor"
RAMP_TICKS = (40 * TICKS_PER_QUARTER, 56 * TICKS_PER_QUARTER)
"""A ramp and a change of metre at the beginning: what comes after has to live with their fractions."""
SAMPLE_SECONDS = 3600.0
"""Memory is looked at this often, on the fast clock."""
SETTLED_SHARE = 0.25
"""Memory counts from here on: until then buffers fill, and as much is kept as ever will be."""
REAL_SAMPLE_SECONDS = 30.0
STEP_SECONDS = 0.1
"""How often control looks on the fast clock: it has two seconds of music ahead, and is to come far."""


def measure_soak(bundle: Path, hours: float, minutes: float) -> dict[str, Any]:
    """Play for `hours` on a fast clock, in this process, and for `minutes` in real time by a daemon of its own.

    fast: music by the real model; the farthest that a note-on was from a tick of the ideal timeline, in microseconds;
    notes left sounding once it has stopped; memory of this process at every hour and its growth once settled.
    real: where a JACK server runs, how many note-ons another client heard on a tick of its transport, and how far the
    first and the last ones were from one; memory of each process and its growth once settled.
    Blocks: for `minutes`, and some minutes for each hour. Stops and moves JACK's transport.
    """
    try:
        real = _real(bundle, minutes)
    except PortError as error:
        real = {"not_measured": str(error)}
    return {"real": real, "fast": _fast(bundle, hours)}


def _timeline() -> Timeline:
    begins, ends = RAMP_TICKS
    points = (TempoPoint(0, BPM), TempoPoint(begins, BPM, Ramp.LINEAR_IN_BEATS), TempoPoint(ends, 1.25 * BPM))
    meters = MeterMap((MeterChange(0, Meter()), MeterChange(ends, Meter(3, 4))))
    return Timeline(TempoMap(points), meters)


def _fast(bundle: Path, hours: float) -> dict[str, Any]:
    timeline = _timeline()
    session = Session(timeline, direction=DIRECTION)
    stage = VirtualStage(session, Composer.load(bundle).compose, step_seconds=STEP_SECONDS)
    stage.write_ahead()
    began = monotonic()
    stage.start()
    start = stage.now
    memory, farthest, notes, sounding = [resident_mb(os.getpid())], 0.0, 0, 0
    for sample in range(1, max(1, round(hours * 3600.0 / SAMPLE_SECONDS)) + 1):
        until = start + min(sample * SAMPLE_SECONDS, hours * 3600.0)
        while stage.now < until:
            for message in stage.go_on():
                sounding += is_note_on(message.data) - is_note_off(message.data)
                if is_note_on(message.data):
                    notes += 1
                    farthest = max(farthest, _from_tick(timeline.tempo_map, message.at - start))
        memory.append(resident_mb(os.getpid()))
    sounding -= sum(is_note_off(message.data) for message in stage.stop())
    played = stage.conductor.played
    return {
        "hours": hours,
        "took_seconds": round(monotonic() - began, 1),
        "bars": played.bars,
        "late": played.late,
        "notes": notes,
        "sounding_at_the_end": sounding,
        "farthest_from_a_tick_us": round(1e6 * farthest, 3),
        "resident_mb": memory,
        "settled_growth_mb": _growth(memory),
    }


def _from_tick(tempo_map: TempoMap, seconds: float) -> float:
    """Seconds between a moment and the nearest tick."""
    return abs(tempo_map.seconds_at(tempo_map.tick_at(seconds)) - seconds)


def _growth(samples: list[float]) -> float:
    settled = samples[int(len(samples) * SETTLED_SHARE) :]
    return round(settled[-1] - settled[0], 1)


def _real(bundle: Path, minutes: float) -> dict[str, Any]:
    """A daemon follows JACK's transport, and another client listens."""
    transport = jack_transport("Hitpoint soak transport")
    transport.stop()
    transport.locate(0)
    settings = {"HITPOINT_MODEL_BUNDLE": str(bundle), "HITPOINT_OUTPUT_CLIENT_NAME": CLIENT}
    with TemporaryDirectory() as folder:
        map_file = Path(folder) / "soak.mid"
        write_midi_file(map_file, [], _timeline())
        # A MIDI file has ramps in small steps, and whole microseconds: its word counts, not ours.
        timeline = read_map(map_file, _timeline().frame_rate)
        arguments = ("--map", str(map_file), "--direction", DIRECTION, "--output", "jack", "--follow", "jack")
        with running_daemon(*arguments, settings=settings) as said, listening(said["ports"]) as ear:
            memory = _watched(said, minutes, transport)
            status = json.loads(str(ask("127.0.0.1", said["osc_port"], "/hitpoint/status")[0]))
            transport.stop()
            sleep(1.0)
            ear.send(None)
            heard = ear.recv()
    transport.close()
    return {
        "minutes": minutes,
        **_heard(heard, timeline.tempo_map, transport.sample_rate),
        "played": status["played"],
        "restarts": status["restarts"],
        "resident_mb_first": memory[0],
        "resident_mb_last": memory[-1],
        "settled_growth_mb": {name: _growth([sample[name] for sample in memory]) for name in memory[0]},
        "troubles": status["troubles"],
    }


def _watched(said: dict[str, Any], minutes: float, transport: "JackTransport") -> list[dict[str, float]]:
    """Roll for that long. Megabytes by process, sampled on the way."""
    transport.start()
    end = monotonic() + 60.0 * minutes
    memory: list[dict[str, float]] = []
    while monotonic() < end:
        sleep(min(REAL_SAMPLE_SECONDS, max(0.0, end - monotonic())))
        memory.append({name: resident_mb(pid) for name, pid in said["processes"].items()})
    return memory


def _heard(all_heard: "HeardAll", tempo_map: TempoMap, rate: int) -> dict[str, Any]:
    sounding: dict[tuple[int, int, int], bool] = {}
    errors = []
    for heard in all_heard.messages:
        if is_note_on(heard.data):
            errors.append(rate * _from_tick(tempo_map, heard.frame / rate))
        if is_note_on(heard.data) or is_note_off(heard.data):
            sounding[heard.port, heard.data[0] & 15, heard.data[1]] = is_note_on(heard.data)
    late = sum(error > 1.0 for error in errors)
    return {
        "notes": len(errors),
        "on_a_tick_percent": round(100.0 * (1.0 - late / max(1, len(errors))), 3),
        "median_from_a_tick_frames": {
            "first_tenth": round(median(errors[: max(1, len(errors) // 10)]), 3),
            "last_tenth": round(median(errors[-max(1, len(errors) // 10) :]), 3),
        },
        "sounding_at_the_end": sum(sounding.values()),
        "listener_missed_cycles": len(all_heard.missed),
    }
