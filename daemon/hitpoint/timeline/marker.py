"""What the host's timeline says in words: markers at a tick, regions over a span of ticks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marker:
    """A named point on the host's timeline (Live calls it a locator or cue point)."""

    tick: int
    """Ticks from the timeline's start."""
    name: str = ""
    """As the person wrote it, any script, perhaps empty."""
    id: str = ""
    """The host's own name for it, stable while it is dragged; empty where the host has none."""


@dataclass(frozen=True, slots=True)
class Region:
    """A named span of the host's timeline."""

    start: int
    """First tick."""
    end: int
    """The tick after its last; greater than start."""
    name: str = ""
    id: str = ""
