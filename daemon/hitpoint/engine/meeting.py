"""Brings the music to a host that says where it is: a small difference is steered away, a large one is a jump.

Notes stay at their ticks, and the project's own tempo map says when those are. To steer is to have the same map, a
little faster or slower, for a while.
"""

from math import floor, inf

from hitpoint.scheduler.performance import TempoChange
from hitpoint.scheduler.position_line import JUMP_SECONDS, PositionLine
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.steering import MOST_STRETCH, steered
from hitpoint.timeline.tempo_map import TempoMap

STEER_SECONDS = 0.25
"""So long a small difference takes to be made good. Our choice: slow against jitter, fast against ears."""
LEAST_STEER_SECONDS = 0.1
"""So long the last of it takes, which is jitter again and again. Our choice."""
STEER_EVERY_SECONDS = 0.05
"""How often that is looked at: it costs a look at each note that waits. Our choice."""
SAME_PLACE_SECONDS = 0.0001
"""What is nearer is left alone. Our choice: a fifth of a tick at 120 bpm."""
TURN_SECONDS = 1.0
"""So far from the turn of a loop either of us may have turned, and the other not yet. Our choice: a jump back is seen
after half a second of integer beats, at the latest."""


class Meeting:
    """Process: play; one thread only. All seconds are the port's clock's, but for those of the host's timeline."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self.base = scheduler.tempo_map
        """The project's own map."""
        self._steer_at = -inf
        self._met_at = -inf

    def anew(self) -> None:
        """What was on its way is not any more."""
        self._steer_at, self._met_at = -inf, -inf

    def is_due(self, at: float) -> bool:
        """True when it is time to look whether the two are together."""
        return at >= self._steer_at

    def off_seconds(self, seconds: float, at: float) -> float:
        """By how much a host that is there at second `at` is ahead of the music."""
        here = self.base.seconds_at(self._scheduler.tick_at(at))
        return self._about_the_turn(seconds - here, here)

    def meet(self, line: PositionLine, at: float) -> int | None:
        """Steer towards a host that rolls, from second `at` on. Returns the tick to jump to where it is too far."""
        tick = self._scheduler.tick_at(at)
        here = self.base.seconds_at(tick)
        off = self._about_the_turn(line.seconds_at(at) - here, here)
        if abs(off) > JUMP_SECONDS:
            return max(0, self.base.tick_at(here + off))
        if at >= self._steer_at:
            self._steer_at = at + STEER_EVERY_SECONDS
            # Who is on the way arrives when he was to: to begin anew each time would be to come near and never there.
            left = self._met_at - at if at < self._met_at else STEER_SECONDS
            over = max(LEAST_STEER_SECONDS, left, abs(off) / MOST_STRETCH)
            # Where it will be then, as its seconds are not quite ours.
            off += over * (line.speed - 1.0)
            if abs(off) > SAME_PLACE_SECONDS:
                self._use(steered(self.base, tick, off, over), at, at + over)
            elif at >= self._met_at:
                self.be_together(at)
        return None

    def jumped(self, at: float) -> None:
        """To where the host is, at second `at`."""
        self._use(self.base, at, at)

    def be_together(self, at: float) -> None:
        """From second `at` on the project's own map holds."""
        if self._scheduler.tempo_map is not self.base:
            self._use(self.base, at, at)

    @property
    def loop_seconds(self) -> float:
        """How long a turn lasts in the host; infinite without a loop."""
        loop = self._scheduler.motion.transport.turning
        return self.base.seconds_at(loop.end) - self.base.seconds_at(loop.start) if loop is not None else inf

    def _use(self, tempo_map: TempoMap, at: float, met_at: float) -> None:
        self._met_at = met_at
        self._scheduler.apply(TempoChange(tempo_map), at)

    def _about_the_turn(self, off: float, here: float) -> float:
        """Near the turn of a loop that both are in one may have turned before the other: the shorter way round.

        here: our place, in seconds.
        """
        loop = self._scheduler.motion.transport.turning
        if loop is None:
            return off
        start, end = self.base.seconds_at(loop.start), self.base.seconds_at(loop.end)
        both_in_it = start <= here <= end and start - TURN_SECONDS <= here + off <= end + TURN_SECONDS
        if not both_in_it or min(here - start, end - here) > TURN_SECONDS:
            return off
        length = end - start
        return off - length * floor(off / length + 0.5)
