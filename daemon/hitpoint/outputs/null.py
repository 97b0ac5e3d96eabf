"""No port at all: for offline work, and for machines without MIDI."""

from collections.abc import Sequence

from hitpoint.score.midi_message import PortMessage


class NullOutput:
    """Takes everything, sends nothing."""

    kind = "null"

    def __init__(self, ports: Sequence[str] = ()) -> None:
        self.ports = tuple(ports)

    def send(self, message: PortMessage, late_seconds: float) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""
