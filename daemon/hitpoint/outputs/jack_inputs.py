"""The MIDI inputs of a JACK client: one of our own, which others connect to, and one for each source that is wanted.

A source has a port of its own, so that two masters' clocks and two controllers are told apart.
"""

from itertools import islice
from typing import Any

import jack

from hitpoint.errors import PortError
from hitpoint.score.midi_message import HeardMessage
from hitpoint.score.midi_port import InputsWanted, find_port

MOST_A_CYCLE = 256
"""Of one port; who sends more in a few milliseconds is no master and no controller, and has no right to our cycle."""


class JackInputs:
    """Registered when made; raises PortError when JACK takes no such ports."""

    def __init__(self, client: Any, wanted: InputsWanted) -> None:
        self._client = client
        sources = tuple(dict.fromkeys(wanted.sources))
        own = [wanted.port] if wanted.port else []
        self._ports = [(name, _register(client, name)) for name in own]
        self._sources = {name: _register(client, f"{wanted.port or 'in'} {name}".replace(":", " ")) for name in sources}
        self._ports += self._sources.items()
        self._look = bool(sources)
        if sources:
            client.set_port_registration_callback(self._note_change, only_available=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Of what is listened to: our own port's, and the sources' as they were asked for."""
        return tuple(name for name, _ in self._ports)

    def heard(self, start: int, rate: float) -> list[HeardMessage]:
        """What came in this cycle, in order. start: its first frame. Thread: JACK's."""
        heard = [
            HeardMessage((start + offset) / rate, name, bytes(data))
            for name, port in self._ports
            for offset, data in islice(port.incoming_midi_events(), MOST_A_CYCLE)
        ]
        heard.sort(key=lambda message: message.at)
        return heard

    def connect(self) -> tuple[str, ...]:
        """Connect the sources that have come, or come back. Returns those that are not there. Not JACK's thread.

        Nothing is looked for, and nothing returned, before JACK has told of a port: it may be called often.
        """
        if not self._look:
            return ()
        self._look = False
        outs = [port.name for port in self._client.get_ports(is_midi=True, is_output=True)]
        found = {name: find_port(outs, name) for name in self._sources}
        for name, index in found.items():
            if index is not None and not self._client.get_all_connections(self._sources[name]):
                self._connect(outs[index], name)
        return tuple(name for name, index in found.items() if index is None)

    def _connect(self, source: str, name: str) -> None:
        try:
            self._client.connect(source, self._sources[name])
        except jack.JackError:
            # A client that has made its ports and is not active yet: it is tried again.
            self._look = True

    def _note_change(self, *_: object) -> None:
        """Thread: JACK's for notices, where nothing may be asked of JACK."""
        self._look = True


def _register(client: Any, name: str) -> Any:
    try:
        return client.midi_inports.register(name)
    except jack.JackError as error:
        client.close()
        raise PortError(f"JACK makes no input {name!r}: {error}. Choose another name.") from error
