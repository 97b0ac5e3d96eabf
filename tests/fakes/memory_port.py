"""An output that remembers what it was given."""

from collections.abc import Sequence

from hitpoint.errors import PortError
from hitpoint.score.midi_message import PortMessage


class MemoryPort:
    """Keeps every message, and how late it was sent. `breaks_at`: this many messages are taken, then a PortError."""

    kind = "memory"

    def __init__(self, ports: Sequence[str] = (), breaks_at: int | None = None) -> None:
        self.ports = tuple(ports)
        self.sent: list[PortMessage] = []
        self.late_seconds: list[float] = []
        self.closed = False
        self._breaks_at = breaks_at

    def send(self, message: PortMessage, late_seconds: float) -> None:
        """Remember it."""
        if len(self.sent) == self._breaks_at:
            self._breaks_at = None
            raise PortError("the cable is out")
        self.sent.append(message)
        self.late_seconds.append(late_seconds)

    def close(self) -> None:
        """Remember that, too."""
        self.closed = True
