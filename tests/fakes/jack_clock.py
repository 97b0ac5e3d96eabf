"""An independent MIDI clock master: a JACK client that sends each byte at a frame worked out beforehand.

A process of its own: `python jack_clock.py`. Reads lines: a number of frames from the last message and bytes in hex,
and `go`, which sends them all from a while later on. Prints "ready" at first and "done" after each go. Its port is
"clock master:out". Knows nothing of hitpoint.
"""

import sys
from collections import deque
from threading import Event

import jack

AHEAD_SECONDS = 0.2


def main() -> None:
    client = jack.Client("clock master", use_exact_name=True, no_start_server=True)
    out = client.midi_outports.register("out")
    due: deque[tuple[int, bytes]] = deque()
    sent = Event()

    @client.set_process_callback
    def process(frames: int) -> None:
        out.clear_buffer()
        start = client.last_frame_time
        while due and due[0][0] < start + frames:
            frame, data = due.popleft()
            out.write_midi_event(max(0, frame - start), data)
            if not due:
                sent.set()

    with client:
        print("ready", flush=True)
        script: list[tuple[int, bytes]] = []
        for line in sys.stdin:
            if line.strip() != "go":
                frames, data = line.split()
                script.append((int(frames), bytes.fromhex(data)))
                continue
            frame = client.frame_time + round(AHEAD_SECONDS * client.samplerate)
            events = []
            for frames, data in script:
                frame += frames
                events.append((frame, data))
            script.clear()
            sent.clear()
            due.extend(events)
            sent.wait()
            print("done", flush=True)


if __name__ == "__main__":
    main()
