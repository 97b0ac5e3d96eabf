"""Who is connected to a JACK client's ports, and the same again for one that comes back.

JACK forgets the connections of a client that died, and no DAW makes them again by itself.
"""

from collections.abc import Iterable
from time import monotonic, sleep
from typing import Any

import jack

from hitpoint.outputs.output import PortPair

_SETTLE_CYCLES = 4
_SETTLE_SECONDS = 1.0
"""A connection counts from one of the next cycles on, later where the graph is in disorder, as it is after a death:
what is sent before is not heard. So it is waited for as long as that, and some cycles more."""
_LOOK_SECONDS = 0.005


def connections_of(client: Any) -> frozenset[PortPair]:
    """Every connection of the client's own MIDI ports. Not for JACK's thread."""
    pairs: set[PortPair] = set()
    try:
        for port in client.midi_outports:
            pairs.update((port.name, other.name) for other in port.connections)
        for port in client.midi_inports:
            pairs.update((other.name, port.name) for other in port.connections)
    except jack.JackError:
        # The server is going: that is told elsewhere.
        pass
    return frozenset(pairs)


def connect(client: Any, wanted: Iterable[PortPair]) -> frozenset[PortPair]:
    """Make connections; returns those that can't be made. The client must be active. Blocks: for some cycles."""
    made = {pair for pair in wanted if _connected(client, pair)}
    if made:
        deadline = monotonic() + _SETTLE_SECONDS
        while not made <= connections_of(client) and monotonic() < deadline:
            sleep(_LOOK_SECONDS)
        sleep(_SETTLE_CYCLES * client.blocksize / client.samplerate)
    return frozenset(wanted) - made


def _connected(client: Any, pair: PortPair) -> bool:
    try:
        client.connect(*pair)
    except jack.JackErrorCode as error:
        return bool(error.code == _EXISTS)
    except jack.JackError:
        return False
    return True


_EXISTS = 17
"""JACK's answer for what is connected already: EEXIST."""
