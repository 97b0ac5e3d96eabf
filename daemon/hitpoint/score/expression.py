"""Controllers that follow the dynamics and the phrase: which there are, what value each has, and when to send the next.

Ports and files use the same looks, so that a rendered cue moves its controllers as a played one does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hitpoint.score.dynamics import Dynamics
from hitpoint.score.midi_message import SUSTAIN_PEDAL
from hitpoint.timeline.tempo_map import TempoMap

MODULATION, EXPRESSION = 1, 11
"""Controllers. Source: MIDI 1.0 Detailed Specification 4.2, table III. Orchestral libraries take 1 for dynamics."""
CONTROLLER_RANGES: dict[int, tuple[int, int]] = {MODULATION: (20, 127), EXPRESSION: (80, 127)}
"""Value at level 0 and at level 1. Our choice: 1 fades between recordings, softest to loudest; 11 is plain volume, and
narrower, so that what is soft is not silent: 8 dB where a receiver does as it should.
Source: General MIDI Developer Guidelines 1.0, the response to controllers 7 and 11 is 40 log10(value / 127) dB."""
EXPRESSIVE = (*CONTROLLER_RANGES, SUSTAIN_PEDAL)
"""Controllers that can be asked for: those that follow the dynamics, and the pedal, which follows the harmony."""
LOOK_SECONDS = 0.02
"""While the curve moves a controller is looked at this often: half of what an ear takes for a step in loudness."""
SWELL_LOOK_SECONDS = 0.05
"""While only a phrase swells: 20 times a second at most, each time by no more than 2, as `planner.phrases` has it."""


class ControllerMove(NamedTuple):
    """A controller gets a value."""

    tick: int
    controller: int
    value: int
    """0 to 127."""


def controller_value(controller: int, level: float) -> int:
    """The value, 0 to 127, of one of CONTROLLER_RANGES at a level of 0 to 1."""
    softest, loudest = CONTROLLER_RANGES[controller]
    return round(softest + (loudest - softest) * level)


@dataclass(frozen=True, slots=True)
class Look:
    """What controllers are at one moment, and when they may be something else."""

    values: tuple[int, ...]
    """In the order of the controllers asked for."""
    next_seconds: float | None
    """When to look again, in the tempo map's seconds; None when nothing changes any more."""


def look_at(dynamics: Dynamics, tempo_map: TempoMap, controllers: Sequence[int], seconds: float) -> Look:
    """What the controllers are at that second of the tempo map."""
    tick = tempo_map.fractional_tick_at(seconds)
    level, points = dynamics.expressed_at(tick), (dynamics.next_point(tick), dynamics.next_turn(tick))
    following = min((tempo_map.seconds_at(point) for point in points if point is not None), default=None)
    if following is not None and dynamics.moves_at(tick):
        following = min(following, seconds + LOOK_SECONDS)
    elif following is not None and dynamics.swells_at(tick):
        following = min(following, seconds + SWELL_LOOK_SECONDS)
    return Look(tuple(controller_value(controller, level) for controller in controllers), following)


def moves_until(
    dynamics: Dynamics, tempo_map: TempoMap, controllers: Sequence[int], end: int
) -> Iterator[ControllerMove]:
    """Every change of a controller from the dynamics' first point to the tick `end`, in order."""
    known: tuple[int | None, ...] = (None,) * len(controllers)
    seconds: float | None = tempo_map.seconds_at(dynamics.curve[0].tick)
    while seconds is not None and controllers and (tick := tempo_map.tick_at(seconds)) < end:
        look = look_at(dynamics, tempo_map, controllers, seconds)
        for controller, before, value in zip(controllers, known, look.values, strict=True):
            if value != before:
                yield ControllerMove(tick, controller, value)
        known, seconds = look.values, look.next_seconds
