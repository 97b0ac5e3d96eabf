"""JACK's transport leads: the scheduler goes where it goes, to the frame."""

from collections.abc import Callable
from math import inf

from hitpoint.engine.meeting import SAME_PLACE_SECONDS, Meeting
from hitpoint.outputs.output import HostPosition
from hitpoint.scheduler.clock_follower import ClockState
from hitpoint.scheduler.motion import TURN_SECONDS
from hitpoint.scheduler.performance import TempoChange
from hitpoint.scheduler.position_line import JUMP_SECONDS, PositionLine
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.trust import Sight
from hitpoint.timeline.host_event import Followed, Located, Started, Stopped
from hitpoint.timeline.tempo_map import TempoMap

_SAME_PLACE_SECONDS = 1e-6
"""A host's position this near to the expected one is the expected one: far below a frame, far above rounding."""


class JackLeader:
    """Process: play; one thread only. All seconds are the port's clock's.

    say: takes what it means to the transport.
    """

    jitter_ms = 0.0

    def __init__(self, scheduler: Scheduler, say: Callable[[Started | Stopped | Located], None]) -> None:
        self._scheduler = scheduler
        self._say = say
        self.leads = True
        """False while another one does: then JACK's position is known, and the scheduler left alone."""
        self._meeting = Meeting(scheduler)
        self._meets = False
        """On the way from where another leader left the music."""
        self._host: HostPosition | None = None
        self._is_new = False

    def assume(self, tempo_map: TempoMap, reached: float) -> None:
        """The project's map, from second `reached` on."""
        self._meeting.base = tempo_map
        if self.leads:
            self._scheduler.apply(TempoChange(tempo_map), reached)
            self._meeting.anew()

    def take_over(self, reached: float) -> None:
        """Lead from second `reached` on, after another one: go where JACK is, smoothly where that is near."""
        self.leads = True
        self._meets = self._scheduler.rolling
        # Of a cycle that has been filled already the next one tells anew.
        self._is_new = self._is_new and self._host is not None and self._host.at >= reached
        self.assume(self._meeting.base, reached)
        self.steer(reached)

    def hear(self, host: HostPosition) -> None:
        """Where it is in this cycle. `steer` is to follow."""
        self._host, self._is_new = host, True

    def steer(self, reached: float) -> None:  # noqa: ARG002 - all leaders are asked alike
        """Go where it is in this cycle."""
        host = self._host
        if self.leads and self._is_new and host is not None:
            self._is_new = False
            if not self._comes_near(host):
                self.follow(host)

    def follow(self, host: HostPosition) -> None:
        """Do as it does. One that turns in our loop need not do so to the frame: we have turned."""
        scheduler, motion = self._scheduler, self._scheduler.motion
        off = abs(motion.seconds_off(host.seconds, host.at))
        if off <= _SAME_PLACE_SECONDS and host.rolling == scheduler.rolling:
            return
        tick = scheduler.tempo_map.fractional_tick_at(host.seconds)
        turns = host.rolling and off <= TURN_SECONDS and motion.turns_about(host.at)
        if turns and motion.course.loop and tick >= motion.course.loop.end:
            return
        if off > _SAME_PLACE_SECONDS and not turns:
            self._tell(Located(round(tick), host.at))
        if scheduler.rolling and not host.rolling:
            self._tell(Stopped(round(tick), host.at))
        # Hosts stand between ticks; whole ones are only said.
        scheduler.move(Followed(tick, host.at), host.at)
        if host.rolling and not scheduler.rolling:
            self._tell(Started(host.at))

    def sight(self, now: float) -> Sight:  # noqa: ARG002 - all leaders are asked alike
        """What is known of it."""
        return Sight(-inf, False) if self._host is None else Sight(self._host.at, self._host.rolling)

    def state_at(self, now: float) -> ClockState:  # noqa: ARG002
        """How well it is followed: always to the frame."""
        return ClockState.LOCKED if self._host is not None and self._host.rolling else ClockState.STOPPED

    def off_seconds(self, now: float) -> float | None:
        """By how much it is ahead of the music."""
        if self._host is None:
            return None
        passed = now - self._host.at if self._host.rolling else 0.0
        return self._meeting.off_seconds(self._host.seconds + passed, now)

    def _comes_near(self, host: HostPosition) -> bool:
        """True while the way from the leader before it is being made good."""
        scheduler, meeting = self._scheduler, self._meeting
        if not self._meets:
            return False
        off = abs(meeting.off_seconds(host.seconds, host.at))
        if host.rolling and scheduler.rolling and SAME_PLACE_SECONDS < off <= JUMP_SECONDS:
            meeting.meet(PositionLine(host.seconds, host.at), host.at)
            return True
        self._meets = False
        meeting.be_together(host.at)
        if host.rolling and off <= SAME_PLACE_SECONDS:
            # The last hair is no jump.
            scheduler.move(Followed(meeting.base.fractional_tick_at(host.seconds), host.at), host.at)
        return False

    def _tell(self, event: Located | Stopped | Started) -> None:
        self._scheduler.move(event, event.at)
        self._say(event)
