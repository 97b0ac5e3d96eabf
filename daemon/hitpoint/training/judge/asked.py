"""What a bundle is asked to write when it is judged, and who writes it."""

from collections.abc import Callable
from dataclasses import dataclass

from hitpoint.score.midi_score import MidiScore

BARS = 8
"""Bars of a judged cue; the last holds the final chord. Our choice: two phrases of four."""
MEASURED = BARS - 1
"""Bars before the last one, in which whatever is asked has one chord."""
REGISTER = "register"
"""The one control that nobody holds by hand: plans ask for it with the intensity."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One cue that is asked for, as `hitpoint render` is asked."""

    prompt: str
    seed: int
    controls: tuple[tuple[str, float], ...] = ()
    """Controls held over the whole cue: a name of CONTROL_RANGES or REGISTER, and its value."""
    bars: int = BARS


Write = Callable[[Asked], MidiScore]
"""Writes a cue and reads it back from its file."""
Tell = Callable[[], None]
"""Called once for each cue that was written."""
