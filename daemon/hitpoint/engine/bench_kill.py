"""What is heard when a process of the daemon is killed while it plays through JACK: by another client's ears."""

import json
import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isfinite
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from hitpoint.engine.bench_children import jack_transport, listening
from hitpoint.engine.bench_daemon import running_daemon
from hitpoint.engine.hanging_notes import Death, HeardNote, hanging, never_ended, seconds_to_next_note
from hitpoint.engine.lives import SETTLED_SECONDS
from hitpoint.errors import HostError
from hitpoint.inputs.osc_asker import ask
from hitpoint.score.midi_message import is_note_off, is_note_on

if TYPE_CHECKING:
    from hitpoint.outputs.jack_ear import HeardAll
    from hitpoint.outputs.jack_transport import JackTransport

VICTIMS = ("compose", "control", "play")
DIRECTION = "furious, strings, brass, timpani"
CLIENT = "Hitpoint kill"
SLACK_SECONDS = 0.1
"""Between the word that a process is ready again and what it sends then: some cycles of JACK's."""
LONGEST_NOTE_SECONDS = 4.5
"""What play holds when another dies ends by itself: notes last to the end of the next bar at most, 4 s at 120 bpm."""
SILENT_SECONDS = 1.0
"""After the supervisor's death play ends everything within this."""
GONE_SECONDS = 10.0
RESTART_SECONDS = 30.0


@dataclass(slots=True)
class _Deaths:
    """What befell one process."""

    deaths: list[Death] = field(default_factory=list)
    restart_seconds: list[float] = field(default_factory=list)


def measure_kills(times: int) -> dict[str, Any]:
    """Kill each process so often, the supervisor last, each time with a daemon of its own.

    Stops and moves JACK's transport, whose frames are the clock. Blocks: for some 6 s a kill. Raises PortError when
    there is no JACK server.
    """
    transport = jack_transport("Hitpoint bench transport")
    transport.locate(0)
    transport.start()
    try:
        figures = {"times": times, **_crew(times, transport), "supervisor": _supervisor(times, transport)}
    finally:
        transport.stop()
        transport.close()
    return figures


@contextmanager
def _playing() -> Iterator[dict[str, Any]]:
    arguments = ("--output", "jack", "--direction", DIRECTION, "--play")
    # What is told at the terminal when a process dies is no news here.
    with running_daemon(
        *arguments, settings={"HITPOINT_OUTPUT_CLIENT_NAME": CLIENT, "HITPOINT_LOG_LEVEL": "error"}
    ) as said:
        yield said


def _crew(times: int, transport: "JackTransport") -> dict[str, Any]:
    chance = random.Random(times)
    befell = {victim: _Deaths() for victim in VICTIMS}
    with _playing() as said, listening(said["ports"]) as ear:
        _rolling(said)
        for time in range(1, times + 1):
            for victim in VICTIMS:
                # So long that the last death counts as past, and at no moment in particular of the bar.
                sleep(SETTLED_SECONDS + chance.uniform(0.0, 2.0))
                _kill(said, victim, time, transport, befell[victim])
        sleep(LONGEST_NOTE_SECONDS)
        rolls_at_last = bool(_status(said)["rolling"])
        ear.send(None)
        heard_all = ear.recv()
    heard = _notes(heard_all, transport.sample_rate)
    return {
        **{victim: _figures(befell[victim], heard) for victim in VICTIMS},
        "rolling_at_the_end": rolls_at_last,
        "listener_missed_cycles": len(heard_all.missed),
    }


def _kill(said: dict[str, Any], victim: str, time: int, transport: "JackTransport", befell: _Deaths) -> None:
    status = _status(said)
    seconds = transport.frame / transport.sample_rate
    os.kill(status["processes"][victim], signal.SIGKILL)
    restart = _restarted(said, victim, time)
    allowed = restart + (SLACK_SECONDS if victim == "play" else LONGEST_NOTE_SECONDS)
    befell.deaths.append(Death(seconds, allowed))
    befell.restart_seconds.append(restart)


def _restarted(said: dict[str, Any], victim: str, time: int) -> float:
    deadline = monotonic() + RESTART_SECONDS
    while monotonic() < deadline:
        status = _status(said)
        seconds = status["restart_seconds"].get(victim)
        # The number rises with the death, the length is told when it is over.
        if seconds is not None and status["restarts"].get(victim) == time:
            return float(seconds)
        sleep(0.05)
    raise HostError(f"{victim} was not started again within {RESTART_SECONDS:g} s. See its log.")


def _rolling(said: dict[str, Any]) -> None:
    deadline = monotonic() + RESTART_SECONDS
    while not _status(said)["rolling"]:
        if monotonic() > deadline:
            raise HostError("the daemon does not play. Start `hitpoint run` by hand to see why.")
        sleep(0.1)
    sleep(SETTLED_SECONDS)


def _status(said: dict[str, Any]) -> dict[str, Any]:
    deadline = monotonic() + RESTART_SECONDS
    while True:
        try:
            status: dict[str, Any] = json.loads(str(ask("127.0.0.1", said["osc_port"], "/hitpoint/status", 0.3)[0]))
            return status
        except HostError:
            # Control may be the one that was killed.
            if monotonic() > deadline:
                raise
            sleep(0.02)


def _figures(befell: _Deaths, heard: list[HeardNote]) -> dict[str, Any]:
    to_next = [seconds_to_next_note(heard, death) for death in befell.deaths]
    return {
        "hanging": sum(hanging(heard, death) for death in befell.deaths),
        "resumed": sum(map(isfinite, to_next)),
        "restart_seconds": _spread(befell.restart_seconds),
        "seconds_to_next_note": _spread(to_next),
    }


def _supervisor(times: int, transport: "JackTransport") -> dict[str, Any]:
    hung = left = 0
    silent: list[float] = []
    for _ in range(times):
        with _playing() as said, listening(said["ports"]) as ear:
            _rolling(said)
            pids = _status(said)["processes"]
            seconds = transport.frame / transport.sample_rate
            os.kill(pids["supervisor"], signal.SIGKILL)
            left += not _gone(pids)
            ear.send(None)
            heard = _notes(ear.recv(), transport.sample_rate)
        hung += never_ended(heard) + hanging(heard, Death(seconds, SILENT_SECONDS))
        silent.append(max([0.0, *(note.seconds - seconds for note in heard if not note.on)]))
    return {"hanging": hung, "with_processes_left": left, "seconds_to_silence": _spread(silent)}


def _gone(pids: dict[str, int]) -> bool:
    """Wait for all but the supervisor, which is ours to bury, to end."""
    deadline = monotonic() + GONE_SECONDS
    while any(_alive(pid) for name, pid in pids.items() if name != "supervisor"):
        if monotonic() > deadline:
            return False
        sleep(0.05)
    return True


def _alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _notes(heard: "HeardAll", rate: int) -> list[HeardNote]:
    notes = [
        HeardNote(message.frame / rate, (message.port, message.data[0] & 15, message.data[1]), is_note_on(message.data))
        for message in heard.messages
        if is_note_on(message.data) or is_note_off(message.data)
    ]
    return sorted(notes, key=lambda note: note.seconds)


def _spread(values: list[float]) -> dict[str, float]:
    ranked = sorted(values)
    return {
        "p50": round(ranked[len(ranked) // 2], 3),
        "p99": round(ranked[int(len(ranked) * 0.99)], 3),
        "max": round(ranked[-1], 3),
    }
