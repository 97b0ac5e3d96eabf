"""What a person asks to happen in time. `hitpoint.planner.wishes` finds the tick and makes an event of it."""

from dataclasses import dataclass

from hitpoint.score.when import When


@dataclass(frozen=True, slots=True)
class StateAsked:
    """Call a state."""

    name: str
    when: When = When.BAR
    from_start: bool = False
    """Begin as at its own first bar; else go on at the timeline's place."""
    bridge: bool = False
    """Let a bar lead over, in which old and new play together."""
    hold_bars: int | None = None
    """Return by itself after so many bars; None to stay."""


@dataclass(frozen=True, slots=True)
class ReturnAsked:
    """Leave the state that holds for the one below; a state that was called and has not come is called off."""

    when: When = When.BAR


@dataclass(frozen=True, slots=True)
class VaryAsked:
    """Another answer from a sync point on, to the next marker or the cue's end."""

    when: When = When.BAR
    parts: frozenset[str] = frozenset()
    """Names of parts or stems; empty for all."""


@dataclass(frozen=True, slots=True)
class FreezeAsked:
    """Let the bar that plays repeat, or let go of it at the next bar line."""

    on: bool


Wish = StateAsked | ReturnAsked | VaryAsked | FreezeAsked


@dataclass(frozen=True, slots=True)
class Frozen:
    """One bar that all others repeat, until it is let go or another state comes."""

    bar: int
    """Its index."""
    since: int = 0
    """Where the host was when it was frozen, or after a jump: a state that comes after that lets go of it."""
    until: int | None = None
    """Tick from which the music goes on; None while nobody has said."""
