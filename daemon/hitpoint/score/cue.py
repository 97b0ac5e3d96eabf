"""A piece of music for a scene: where it starts and ends, what is asked of it, and the moments it must meet."""

from dataclasses import dataclass

from hitpoint.score.direction import Direction
from hitpoint.score.request import LandingKind

DEFAULT_BARS = 16
"""Of a cue that nothing ends, and whose words say no length. Our choice."""


@dataclass(frozen=True, slots=True)
class HitPoint:
    """A marker that the music must meet."""

    tick: int
    kind: LandingKind
    name: str
    """As the person wrote it."""
    direction: Direction | None = None
    """What is asked from here on, all of it, not only what changes (ENTRANCE and TURN); None leaves it as it was."""
    from_silence: bool = False
    """True for a HIT that the music falls silent before, instead of building to it."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue, from its entrance to its end."""

    name: str
    """Its number where it has one ("1m01"), else its whole text."""
    start: int
    """Tick of its entrance."""
    end: int | None
    """Tick of its END, or of the STOP that nothing follows; None when nothing ends it but, perhaps, the next cue."""
    direction: Direction
    """What is asked at its start."""
    hit_points: tuple[HitPoint, ...] = ()
    """In time order, its entrance first and its END last."""
