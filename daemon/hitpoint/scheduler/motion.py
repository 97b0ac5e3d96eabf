"""Where the transport is, told in seconds of the course that it takes.

What happens to it moves those seconds as little as can be: a tempo change, another loop or a host's correction tell the
motion anew from where it is, and what is queued stays what it was.
"""

from dataclasses import replace
from math import inf

from hitpoint.timeline.course import Course
from hitpoint.timeline.host_event import Located, Started, TransportEvent
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.transport import Transport

TURN_SECONDS = 0.1
"""Hosts turn at the next of their cycles, if they have no better way: at the longest that JACK is used with."""


class Motion:
    """One transport under one tempo map. Seconds of the course count from the turn in which it was last told anew:
    what does so returns how many turns lie between."""

    def __init__(self) -> None:
        self.transport = Transport()
        self.tempo_map = TempoMap()
        self.course = Course()
        self.shift = 0.0
        """The clock's second, less the course's, of one moment."""
        self.start_tick = 0.0
        """Where this roll began; minus infinity once that is turns ago."""
        self.start_seconds = 0.0
        """The same in seconds of the course."""
        self.began_at = -inf
        """The clock's second of the last start or jump."""

    def seconds_at(self, now: float) -> float:
        """The position at a second of the clock, in seconds of the course."""
        return now - self.shift if self.transport.rolling else self.tempo_map.seconds_at(self.transport.tick)

    def seconds_off(self, seconds: float, now: float) -> float:
        """By how many seconds a host at `seconds` of the tempo map is ahead; about the turn, the shorter way round."""
        off = seconds - self.tempo_map.seconds_at(self.course.place_at(self.seconds_at(now)).tick)
        loop = self.course.loop
        if loop is None or not self.turns_about(now) or seconds >= self.tempo_map.seconds_at(loop.end) + TURN_SECONDS:
            return off
        return off - round(off / self.course.loop_seconds) * self.course.loop_seconds

    def turns_about(self, now: float) -> bool:
        """True when a rolling transport turns within TURN_SECONDS, or has turned within them."""
        seconds, length = self.seconds_at(now), self.course.loop_seconds
        turn = self.course.place_at(seconds).turn
        left = self.course.turn_at(turn + 1) - seconds
        return self.transport.rolling and (left <= TURN_SECONDS or (turn > 0 and length - left <= TURN_SECONDS))

    def move(self, event: TransportEvent) -> int:
        """Follow the transport."""
        rolled, at = self.transport.rolling, event.at - self.shift
        self.transport = self.transport.apply(event, self.tempo_map)
        goes_on = rolled and self.transport.rolling and not isinstance(event, Located)
        turns = self.course.nearest_turn(self.transport.tick, at) if goes_on else 0
        if isinstance(event, Located) or (isinstance(event, Started) and not rolled):
            self.began_at, self.start_tick = self.transport.at, self.transport.tick
        self._anchor(turns)
        return turns

    def change_tempo(self, tempo_map: TempoMap, now: float) -> int:
        """Another tempo map holds from now on."""
        turns = self._tell_from(now)
        self.tempo_map = tempo_map
        self._anchor(turns)
        return turns

    def change_loop(self, loop: Loop | None, now: float) -> int:
        """Another loop, or none, holds from now on."""
        turns = self._tell_from(now)
        self.transport = replace(self.transport, loop=loop)
        self._anchor(turns)
        return turns

    def _tell_from(self, now: float) -> int:
        turns = self.course.place_at(self.seconds_at(now)).turn if self.transport.rolling else 0
        self.transport = self.transport.anchored_at(now, self.tempo_map)
        return turns

    def _anchor(self, turns: int) -> None:
        if turns:
            self.start_tick = -inf
        self.course = self.transport.course(self.tempo_map)
        self.shift = self.transport.at - self.tempo_map.seconds_at(self.transport.tick)
        self.start_seconds = self.tempo_map.seconds_at(self.start_tick) if self.start_tick > -inf else -inf
