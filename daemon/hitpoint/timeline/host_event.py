"""What a host can tell us. Plain values: an adapter makes them, the session applies them, nobody else needs the host.

`at` is always a second of the daemon's clock (CLOCK_MONOTONIC), taken as near to the driver as possible.
"""

from dataclasses import dataclass

from hitpoint.timeline.loop import Loop
from hitpoint.timeline.marker import Marker, Region
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap


@dataclass(frozen=True, slots=True)
class Started:
    """The host rolls on from where it stands."""

    at: float


@dataclass(frozen=True, slots=True)
class Stopped:
    """The host stands still; its position is `tick`."""

    tick: int
    at: float


@dataclass(frozen=True, slots=True)
class Located:
    """The host stands, or rolls on, at another place."""

    tick: int
    at: float


@dataclass(frozen=True, slots=True)
class Followed:
    """The host is where it was expected to be: a rolling host's report of its position, no jump."""

    tick: float
    at: float


@dataclass(frozen=True, slots=True)
class TempoMapChanged:
    """Another tempo map is in force. The host stays at its tick."""

    tempo_map: TempoMap
    at: float


@dataclass(frozen=True, slots=True)
class LoopChanged:
    """Another loop is in force, or none. The host stays at its tick."""

    loop: Loop | None
    at: float


@dataclass(frozen=True, slots=True)
class MeterMapChanged:
    """Another metre map is in force."""

    meter_map: MeterMap


@dataclass(frozen=True, slots=True)
class MarkersChanged:
    """All markers and regions there now are."""

    markers: tuple[Marker, ...]
    regions: tuple[Region, ...] = ()


TransportEvent = Started | Stopped | Located | Followed
HostEvent = TransportEvent | TempoMapChanged | LoopChanged | MeterMapChanged | MarkersChanged
