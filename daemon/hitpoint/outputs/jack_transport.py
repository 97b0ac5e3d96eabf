"""JACK's transport from outside: for benches and tests, which must play the host."""

from typing import Any

import jack

from hitpoint.errors import PortError


class JackTransport:
    """A client that moves the transport of the server that runs. Raises PortError when there is none."""

    def __init__(self, name: str) -> None:
        jack.set_error_function(lambda _: None)
        try:
            self._client: Any = jack.Client(name, no_start_server=True)
        except jack.JackOpenError as error:
            raise PortError("no JACK server answers. Start one: jackd -R -P 70 -d dummy -r 48000 -p 256") from error
        self.sample_rate = int(self._client.samplerate)
        self.period = int(self._client.blocksize)

    @property
    def frame(self) -> int:
        """Where it is."""
        return int(self._client.transport_frame)

    def locate(self, frame: int) -> None:
        """Go there, and roll on if it rolls."""
        self._client.transport_frame = frame

    def start(self) -> None:
        """Roll."""
        self._client.transport_start()

    def stop(self) -> None:
        """Stand."""
        self._client.transport_stop()

    def close(self) -> None:
        """Leave; the transport stays as it is."""
        self._client.close()
