"""How people say at which moment a change is to take place; `hitpoint.planner.sync` finds the tick."""

from enum import Enum


class When(Enum):
    """Which sync point is meant; the value is how people write it."""

    NOW = "now"
    """As soon as notes can be there, on no beat in particular."""
    BEAT = "beat"
    """The next beat of the metre."""
    BAR = "bar"
    """The next bar line."""
    MARKER = "marker"
    """The next marker, edge of a region or landing; the next bar line where none comes."""
    END = "end"
    """Where the cue that plays ends; the next marker where nothing ends it."""
