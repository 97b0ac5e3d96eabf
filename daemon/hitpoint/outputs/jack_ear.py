"""A JACK client that only listens, in a process of its own: for benches and tests, what it hears a DAW would."""

import gc
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import jack

from hitpoint.outputs.frame_count import signed


@dataclass(frozen=True, slots=True)
class Heard:
    """One message."""

    port: int
    """Index among those listened to."""
    frame: int
    """Of JACK's transport, at which it came."""
    data: bytes


@dataclass(frozen=True, slots=True)
class HeardAll:
    """Everything from start to stop."""

    messages: tuple[Heard, ...]
    missed: tuple[tuple[int, int], ...]
    """Spans [first, last] of frames that the listener itself may have missed: cycles that it ended late, or that the
    server went through without it."""


def jack_ear_main(connection: "Connection[Any, Any]", sources: Sequence[str]) -> None:
    """Listen to JACK ports until anything is received, then answer with HeardAll. Spawn target."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    client = jack.Client("Hitpoint bench ear", no_start_server=True)
    ins = [client.midi_inports.register(f"in {index}") for index in range(len(sources))]
    messages: list[Heard] = []
    missed: list[tuple[int, int]] = []
    expected: int | None = None

    def process(frames: int) -> None:
        nonlocal expected
        told, start = client.last_frame_time, client.transport_query_struct()[1].frame
        for index, port in enumerate(ins):
            for offset, data in port.incoming_midi_events():
                messages.append(Heard(index, start + offset, bytes(data)))
        skipped = 0 if expected is None else abs(signed(told - expected))
        late = client.last_frame_time != told
        if skipped or late:
            missed.append((start - skipped, start + (2 * frames if late else frames) - 1))
        expected = told + frames

    client.set_process_callback(process)
    gc.disable()
    with client:
        for source, port in zip(sources, ins, strict=True):
            client.connect(source, port)
        connection.send(None)
        # Whoever asked may be gone: then nobody wants an answer.
        with suppress(EOFError):
            connection.recv()
    with suppress(BrokenPipeError):
        connection.send(HeardAll(tuple(messages), tuple(missed)))
