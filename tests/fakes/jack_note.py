"""An independent JACK client that plays single notes into a port of somebody else. Knows nothing of hitpoint."""

import time
from collections import deque

import jack

APART_SECONDS = 0.1


def play_notes(port: str, pitches: tuple[int, ...]) -> None:
    """Play some notes, one after another, into a JACK port, on the server that JACK_DEFAULT_SERVER names."""
    client = jack.Client("player", no_start_server=True)
    out = client.midi_outports.register("out")
    waiting: deque[bytes] = deque()

    @client.set_process_callback
    def process(_: int) -> None:
        out.clear_buffer()
        if waiting:
            out.write_midi_event(0, waiting.popleft())

    with client:
        client.connect(out, port)
        for pitch in pitches:
            for status in (0x90, 0x80):
                waiting.append(bytes([status, pitch, 64]))
                time.sleep(APART_SECONDS)
