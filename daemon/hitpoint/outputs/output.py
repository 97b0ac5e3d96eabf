"""What an output is, and how one is opened by its name.

There are two kinds. Most drivers can only send now: `Output.send` is called when a message is due. JACK asks, once a
cycle, what belongs in the next few milliseconds and places it to the frame: `CycleOutput` calls back.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from hitpoint.score.midi_message import HeardMessage, PortMessage


class Output(Protocol):
    """Sends now."""

    @property
    def kind(self) -> str:
        """As the setting calls it: rtmidi, osc, null."""

    @property
    def ports(self) -> tuple[str, ...]:
        """What a DAW finds; a message's `port` counts from the first that was asked for."""

    def send(self, message: PortMessage, late_seconds: float) -> None:
        """Send it now, that many seconds after it was due. Raises PortError."""

    def close(self) -> None:
        """Close the ports."""


@dataclass(frozen=True, slots=True)
class HostPosition:
    """Where another transport is at one moment."""

    rolling: bool
    seconds: float
    """From the timeline's start."""
    at: float
    """Second of the port's clock."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """A few milliseconds to fill, in seconds of the port's clock."""

    start: float
    end: float
    host: HostPosition | None
    """Of the transport that is followed; None when none is."""
    heard: Sequence[HeardMessage] = ()
    """What comes in at its inputs meanwhile, in order."""


@dataclass(slots=True)
class Losses:
    """What may not have arrived, since the start."""

    cycles: int = 0
    """Cycles with messages that were not filled in time."""
    notes: int = 0
    """Note-ons in them; these cannot be sent again, as they may have arrived."""
    offs_repaired: int = 0
    """Note-offs sent again, to be sure."""


PortPair = tuple[str, str]
"""A connection: the full names of the port that sends and of the one that hears."""


@runtime_checkable
class Connectable(Protocol):
    """Knows who is connected to its ports, and can connect them. Not for the driver's thread."""

    def connections(self) -> frozenset[PortPair]:
        """Every connection of its ports."""

    def connect(self, wanted: Iterable[PortPair]) -> frozenset[PortPair]:
        """Make connections, and wait until they count; returns those that can't be made."""


@runtime_checkable
class MovesTransport(Protocol):
    """Can move a transport that its driver has for all programs. Thread: the driver's."""

    def start_transport(self) -> None:
        """Ask it to roll: it does from one of the next cycles on."""

    def stop_transport(self) -> None:
        """Ask it to stand, likewise."""

    def locate_transport(self, seconds: float) -> None:
        """Ask it to go to the frame nearest to there on the timeline, likewise."""


@runtime_checkable
class CycleOutput(Protocol):
    """Asks for what is due, a cycle at a time, on a thread of the driver's."""

    losses: Losses
    gone: str
    """Why the driver will never call again; empty while it does."""

    @property
    def kind(self) -> str:
        """As the setting calls it: jack."""

    @property
    def realtime(self) -> bool:
        """True when the driver's thread has real-time priority."""

    @property
    def ports(self) -> tuple[str, ...]:
        """What a DAW finds."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs that are listened to."""

    def start(self, fill: Callable[[Cycle], Sequence[PortMessage]]) -> None:
        """Begin to call `fill`, which must not block nor raise."""

    def port_seconds(self) -> float:
        """The port's clock now."""

    def connect_inputs(self) -> tuple[str, ...]:
        """Connect the sources that have come since the last call. Returns those that are not there."""

    def close(self) -> None:
        """Send what is still to be sent, stop calling, close the ports."""
