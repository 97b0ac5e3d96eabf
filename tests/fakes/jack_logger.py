"""An independent JACK client that hears every MIDI port of another client on one clock, and logs it to a file.

A process of its own: `python jack_logger.py CLIENT PORT... > log`. Prints "ready" once, then, until its input ends, a
line a message: frame, port's number, bytes in hex. Knows nothing of hitpoint.
"""

import select
import sys
from collections import deque
from contextlib import suppress

import jack

CONNECT_SECONDS = 0.02


def main(client_name: str, ports: list[str]) -> None:
    client = jack.Client("logger", no_start_server=True)
    own = [client.midi_inports.register(f"in {number}") for number in range(len(ports))]
    heard: deque[tuple[int, int, bytes]] = deque()

    @client.set_process_callback
    def process(_: int) -> None:
        start = client.last_frame_time
        for number, port in enumerate(own):
            for offset, data in port.incoming_midi_events():
                heard.append((start + offset, number, bytes(data)))

    with client:
        print("ready", flush=True)
        missing = set(range(len(ports)))
        ended = False
        while not ended:
            # An end of input and not a signal: one started in the background may have Ctrl-C ignored for good.
            ended = bool(select.select([sys.stdin], [], [], CONNECT_SECONDS)[0])
            for number in sorted(missing):
                if client.get_ports(f"^{client_name}:{ports[number]}$", is_midi=True, is_output=True):
                    # Refused while the other client has made its ports and not begun yet.
                    with suppress(jack.JackError):
                        client.connect(f"{client_name}:{ports[number]}", own[number])
                        missing.discard(number)
            while heard:
                frame, number, data = heard.popleft()
                print(frame, number, data.hex(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
