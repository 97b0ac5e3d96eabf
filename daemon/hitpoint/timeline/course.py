"""The way that a rolling transport takes: the tempo map from tick to tick, and round the loop.

Seconds along it are the tempo map's, from the timeline's start, with a loop's length more for each turn: unlike the
position they never run back, so nothing needs to be told anew at a turn.
"""

from dataclasses import dataclass, field
from math import floor, inf
from typing import NamedTuple

from hitpoint.timeline.loop import Loop
from hitpoint.timeline.tempo_map import TempoMap

_HAIR = 1e-9
"""Seconds by which rounding may fall short of the turn: far below a frame."""


class Place(NamedTuple):
    """A position, and how often the loop was turned round to come there."""

    turn: int
    tick: float


@dataclass(frozen=True)
class Course:
    """A tempo map and, where the transport turns, its loop. A value: edits make a new one."""

    tempo_map: TempoMap = field(default_factory=TempoMap)
    loop: Loop | None = None
    _start: float = field(init=False, repr=False, compare=False)
    _length: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        start = length = inf
        if self.loop is not None:
            start = self.tempo_map.seconds_at(self.loop.start)
            length = self.tempo_map.seconds_at(self.loop.end) - start
        object.__setattr__(self, "_start", start)
        object.__setattr__(self, "_length", length)

    @property
    def loop_seconds(self) -> float:
        """How long one turn lasts; infinite without a loop."""
        return self._length

    def seconds_at(self, tick: float, turn: int = 0) -> float:
        """When a tick is passed in a turn. Turn 0 ends with the loop; before it, and without a loop, it is all there
        is."""
        seconds = self.tempo_map.seconds_at(tick)
        return seconds + turn * self._length if turn else seconds

    def place_at(self, seconds: float) -> Place:
        """Where one is at a second of the course. Inverse of `seconds_at`. A loop's end is its start."""
        if self.loop is None or seconds < self._start + self._length - _HAIR:
            return Place(0, self.tempo_map.fractional_tick_at(seconds))
        turn = floor((seconds - self._start + _HAIR) / self._length)
        tick = self.tempo_map.fractional_tick_at(self.seconds_in_turn(seconds, turn))
        return Place(turn, max(float(self.loop.start), tick))

    def seconds_in_turn(self, seconds: float, turn: int) -> float:
        """A second of the course as the tempo map has it, counted on from that turn, over its end too."""
        return seconds - turn * self._length if turn else seconds

    def turn_at(self, turn: int) -> float:
        """When that turn, 1 or a later one, begins; infinite without a loop."""
        return self._start + turn * self._length if self.loop is not None else inf

    def off_at(self, tick: int, turn: int) -> float:
        """When a note ends that is written to end at `tick`: at the turn, if it would sound over it."""
        if self.loop is None or tick < self.loop.end:
            return self.seconds_at(tick, turn)
        return self.turn_at(turn + 1)

    def nearest_turn(self, tick: float, seconds: float) -> int:
        """The turn in which `tick` is passed nearest to a second of the course."""
        return round((seconds - self.tempo_map.seconds_at(tick)) / self._length) if self.loop is not None else 0
