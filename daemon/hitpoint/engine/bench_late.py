"""How often the model is late: on a virtual clock that is charged with what each generation really took, and beside it
a real daemon in real time."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

import numpy as np

from hitpoint.engine.bench_daemon import running_daemon
from hitpoint.engine.composer import Composer
from hitpoint.engine.session_file import write_session
from hitpoint.engine.virtual_stage import Compose, VirtualStage
from hitpoint.inputs.osc_asker import ask
from hitpoint.planner.plan import plan_bar
from hitpoint.score.controls import Controls
from hitpoint.score.midi_message import PortMessage, is_note_off, is_note_on
from hitpoint.score.session import Session
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline

TEMPOS = (60, 120, 180)
ENSEMBLES = {
    4: "flute, french horn, violin, cello",
    8: "flute, oboe, clarinet, french horn, violin, viola, cello, contrabass",
}
REAL_TEMPO, REAL_PARTS = 120, 4


def measure_lateness(bundle: Path, bars: int, minutes: float) -> dict[str, Any]:
    """Bars in which not all parts had the model's notes when they began, out of `bars` for each ensemble and tempo.

    The music is intense, so that every part of an ensemble plays, and much. A silent bar is one in which nothing
    sounds, whoever wrote it. Each generation writes a bar; the real-time factor is seconds of music for a second of
    that. `real` is a daemon of its own that played for `minutes` in real time. Blocks: for that, and for as long as
    the model needs.
    """
    composer = Composer.load(bundle)
    figures: dict[str, Any] = {}
    for parts in ENSEMBLES:
        for bpm in TEMPOS:
            figures[f"{parts} parts, {bpm} bpm"] = virtual_run(_session(parts, bpm), composer.compose, bars)
    figures[f"real: {REAL_PARTS} parts, {REAL_TEMPO} bpm"] = _real_run(bundle, minutes)
    return figures


def _session(parts: int, bpm: float) -> Session:
    timeline = Timeline(TempoMap.constant(bpm), MeterMap.constant(4, 4))
    return Session(timeline, direction=f"tense, {ENSEMBLES[parts]}, D minor", controls=Controls(intensity=0.9))


def virtual_run(
    session: Session, compose: Compose, bars: int, stopwatch: Callable[[], float] = perf_counter
) -> dict[str, Any]:
    """Play `bars` bars of `session`, from its first, on a virtual clock. stopwatch: tells the seconds of a generation.

    It begins to roll when the first bars are written, so the model must not be dead.
    """
    stage = VirtualStage(session, compose, stopwatch)
    stage.write_ahead()
    ahead = len(stage.seconds)
    stage.start()
    sent: list[PortMessage] = []
    end = session.timeline.meter_map.bar(bars).start
    while stage.tick < end:
        sent += stage.go_on()
    played, seconds = stage.conductor.played, np.array(stage.seconds[ahead:])
    bar_seconds = session.timeline.tempo_map.seconds_at(end) / bars
    plan = plan_bar(session, 0)
    return {
        "parts": len(plan.parts) if plan is not None else 0,
        "bars": played.bars,
        "late": played.late,
        "late_share": round(played.late / played.bars, 5),
        "silent": bars - len(_sounding_bars(stage, sent, bars)),
        "bar_seconds": round(bar_seconds, 3),
        "generation_seconds": {
            "p50": round(float(np.percentile(seconds, 50)), 4),
            "p99": round(float(np.percentile(seconds, 99)), 4),
            "max": round(float(seconds.max()), 4),
        },
        "real_time_factor": round(bar_seconds / float(seconds.mean()), 1),
    }


def _sounding_bars(stage: VirtualStage, sent: list[PortMessage], bars: int) -> set[int]:
    """Indices of the bars in which something sounds, struck in them or held into them."""
    bar_at = stage.conductor.session.timeline.meter_map.bar_at
    found: set[int] = set()
    sounding = 0
    for message, following in pairwise(sent):
        sounding += is_note_on(message.data) - is_note_off(message.data)
        if sounding:
            first, end = round(stage.tick_at(message.at)), round(stage.tick_at(following.at))
            # What ends at a bar line does not sound in the bar after it.
            found.update(range(bar_at(first).index, bar_at(max(first, end - 1)).index + 1))
    return found & set(range(bars))


def _real_run(bundle: Path, minutes: float) -> dict[str, Any]:
    """A daemon plays the same music in real time, and tells what became of its bars."""
    with TemporaryDirectory() as folder:
        session_file = Path(folder) / "bench.session"
        write_session(session_file, _session(REAL_PARTS, REAL_TEMPO), ())
        settings = {"HITPOINT_MODEL_BUNDLE": str(bundle)}
        with running_daemon("--session", str(session_file), "--play", settings=settings) as said:
            sleep(60.0 * minutes)
            status = json.loads(str(ask("127.0.0.1", said["osc_port"], "/hitpoint/status")[0]))
    return {
        "minutes": minutes,
        "bars": status["played"]["bars"],
        "late": status["played"]["late"],
        "late_share": round(status["played"]["late"] / max(1, status["played"]["bars"]), 5),
        "answer_seconds": status["answer_seconds"],
        "restarts": sum(status["restarts"].values()),
        "troubles": status["troubles"],
    }
