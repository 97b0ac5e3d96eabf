"""The notes that the benches play: each can be told from every other, and none falls on a whole frame."""

from hitpoint.scheduler.performance import Route, Routing
from hitpoint.score.note import Note
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.units import TICKS_PER_QUARTER

PORTS = tuple(f"Hitpoint bench {number}" for number in range(1, 5))
TEMPO = TempoMap.constant(97.5)
"""At which no tick of the grid falls on a whole frame at 48 kHz."""
BAR = 4 * TICKS_PER_QUARTER
GRID = TICKS_PER_QUARTER // 4
STAGGER = 7
"""Ticks from a port's note to the next port's: a chord that is not one."""
DURATION = 180
LOWEST, PITCHES, VELOCITIES = 24, 96, 127


def bar_of(index: int) -> dict[str, tuple[Note, ...]]:
    """A bar of notes for each port, each known by its pitch and velocity for twenty minutes."""
    per_bar = BAR // GRID
    bar: dict[str, tuple[Note, ...]] = {}
    for place, port in enumerate(PORTS):
        notes = []
        for number in range(index * per_bar, (index + 1) * per_bar):
            pitch, velocity = LOWEST + number % PITCHES, 1 + number // PITCHES % VELOCITIES
            notes.append(Note(number * GRID + place * STAGGER, pitch, DURATION, velocity))
        bar[port] = tuple(notes)
    return bar


def routing() -> Routing:
    """Each port's notes on its channel 0, without a program."""
    return Routing(tuple(Route(port, port, 0, None) for port in PORTS))
