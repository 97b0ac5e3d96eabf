"""What a person asks for inside a host, by one of our actions there: an OSC address and its arguments."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from hitpoint.errors import HostError
from hitpoint.hosts.protocol import ASK, read_object

_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class HostAsk:
    """To be taken as a packet with these would be."""

    name: str
    """No two have the same."""
    address: str
    arguments: Sequence[object]
    """Texts and numbers."""


def read_ask(data: bytes) -> HostAsk:
    """What is asked. Raises HostError."""
    _, said = read_object(data, ASK)
    try:
        arguments = json.loads(said["arguments"])
    except (ValueError, RecursionError) as error:
        raise HostError(f"the host's script asks with arguments that are no JSON: {str(error)[:80]}.") from error
    if not isinstance(arguments, list) or not all(isinstance(one, str | int | float) for one in arguments):
        raise HostError("the host's script asks with arguments that are no list of texts and numbers.")
    return HostAsk(said["ask"][:_LONGEST_NAME], said["address"], arguments)
