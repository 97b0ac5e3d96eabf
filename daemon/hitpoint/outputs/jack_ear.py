"""A JACK client that only listens, in a process of its own: for benches and tests, what it hears a DAW would."""

import gc
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import jack


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
    late_cycles: int
    """Of the listener itself: what came in them it may have missed."""


def jack_ear_main(connection: "Connection[Any, Any]", sources: Sequence[str]) -> None:
    """Listen to JACK ports until anything is received, then answer with HeardAll. Spawn target."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    client = jack.Client("Hitpoint bench ear", no_start_server=True)
    ins = [client.midi_inports.register(f"in {index}") for index in range(len(sources))]
    messages: list[Heard] = []
    late = 0

    def process(_: int) -> None:
        nonlocal late
        told, start = client.last_frame_time, client.transport_query_struct()[1].frame
        for index, port in enumerate(ins):
            for offset, data in port.incoming_midi_events():
                messages.append(Heard(index, start + offset, bytes(data)))
        late += client.last_frame_time != told

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
        connection.send(HeardAll(tuple(messages), late))
