"""A MIDI clock leads: the scheduler goes where the master goes.

Notes stay at their ticks. With each pulse the scheduler gets a new tempo map from where sending has come to towards the
master's line, so nothing is sent twice, and nothing runs back.
"""

from collections.abc import Callable
from math import inf

from hitpoint.hosts.midi_clock import ClockMessage, ClockSignal, PositionUnit, SongPosition, UnitDetector
from hitpoint.scheduler.clock_follower import ClockEvents, ClockFollower, ClockState
from hitpoint.scheduler.clock_line import ClockLine
from hitpoint.scheduler.clock_tempo import tempo_map_towards
from hitpoint.scheduler.performance import ClockHeard, TempoChange
from hitpoint.scheduler.position_line import JUMP_SECONDS
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.trust import Sight
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.units import CLOCK_PULSES_PER_QUARTER, TICKS_PER_QUARTER

REPORT_SECONDS = 0.5


class ClockLeader:
    """Process: play; one thread only. All seconds are the port's clock's.

    unit: what the master counts in its song position; None finds out. say: takes what it means to the transport.
    """

    def __init__(
        self, scheduler: Scheduler, unit: PositionUnit | None, say: Callable[[Started | Stopped | Located], None]
    ) -> None:
        self._scheduler = scheduler
        self.leads = True
        """False while another one does: then the clock is followed, and the scheduler left alone."""
        self.heard_at = -inf
        self._placed = False
        self._follower = ClockFollower()
        self._unit = UnitDetector(unit)
        self._say = say
        self._begun_at = 0
        self._rolled: int | None = None
        self._line: ClockLine | None = None
        self._moved_at = -inf
        self._reported = ClockHeard("", 0.0, None, 0.0, -inf)
        self._reported_line: ClockLine | None = None

    def assume(self, tempo_map: TempoMap) -> None:
        """What control takes the tempo to be: for the first pulses, as long as none was heard."""
        self._follower.assume(tempo_map.bpm_at(self._scheduler.tick_at(self._moved_at)))

    def be_told(self, event: Started | Stopped | Located, reached: float) -> None:
        """Where the master is, by a control that heard it before this process was there. The scheduler is there."""
        at = max(event.at, reached)
        if isinstance(event, Located):
            self._follower.song_position(event.tick / TICKS_PER_QUARTER, at)
        elif isinstance(event, Started):
            self._follower.go_on(self._scheduler.tick_at(at) / TICKS_PER_QUARTER, at)
            self._moved_at = at
            self.steer(reached)

    def hear(self, message: ClockMessage, at: float, reached: float) -> None:
        """A message, stamped `at`. reached: the second up to which everything has been sent."""
        follower = self._follower
        self.heard_at = max(self.heard_at, at)
        self._placed = self._placed or message not in (ClockSignal.PULSE, ClockSignal.CONTINUE)
        match message:
            case ClockSignal.PULSE:
                events = follower.pulse(at)
            case ClockSignal.START:
                events = follower.start(at)
            case ClockSignal.CONTINUE:
                events = follower.resume(at)
            case ClockSignal.STOP:
                events = follower.stop(at)
            case SongPosition():
                events = follower.song_position(self._quarters(message), at)
        if message is not ClockSignal.PULSE:
            self._count(message, round(follower.position_at(at) * CLOCK_PULSES_PER_QUARTER))
        self._move(events, reached)

    def steer(self, reached: float) -> None:
        """After all that was heard: towards where the master is, from second `reached` on."""
        line = self._follower.line
        if not self.leads or not self._follower.rolling or line is self._line:
            return
        self._line = line
        # A start may be ahead of what has been sent: JACK tells of a pulse before its cycle is filled.
        at = max(reached, self._moved_at)
        self._scheduler.apply(TempoChange(tempo_map_towards(line, self._scheduler.tick_at(at), at)), at)

    def take_over(self, reached: float) -> None:
        """Lead from second `reached` on, after another one: go where the master is, smoothly where that is near."""
        scheduler, follower = self._scheduler, self._follower
        self.leads, self._line, self._moved_at = True, None, reached
        if not follower.rolling and not self._placed:
            # A master that has told no place goes on from ours.
            follower.song_position(max(0.0, scheduler.tick_at(reached)) / TICKS_PER_QUARTER, reached)
        tick = max(0, round(self._tick_at(reached)))
        if scheduler.rolling and not follower.rolling:
            self._tell(Stopped(tick, reached), reached)
        elif tick != round(scheduler.tick_at(reached)) and (
            not scheduler.rolling or abs(self.off_seconds(reached) or 0.0) > JUMP_SECONDS
        ):
            self._tell(Located(tick, reached), reached)
        if follower.rolling and not scheduler.rolling:
            self._tell(Started(reached), reached)
        self.steer(reached)

    def sight(self, now: float) -> Sight:
        """What is known of the master."""
        return Sight(self.heard_at, self.state_at(now) in (ClockState.LOCKING, ClockState.LOCKED))

    def state_at(self, now: float) -> ClockState:
        """How well it is followed."""
        return self._follower.state_at(now)

    @property
    def jitter_ms(self) -> float:
        """Standard deviation of the stamps."""
        return self._follower.jitter_ms

    def off_seconds(self, now: float) -> float | None:
        """By how much the master is ahead of the music; None when it has told no place."""
        if not self._follower.rolling and not self._placed:
            return None
        ticks = self._tick_at(now) - self._scheduler.tick_at(now)
        return ticks * self._follower.line.period * CLOCK_PULSES_PER_QUARTER / TICKS_PER_QUARTER

    def _tick_at(self, now: float) -> float:
        """Where the master is. Of its line, as what a follower was asked binds it."""
        pulse = self._follower.line.index_at(now) if self._follower.rolling else None
        quarters = self._follower.position_at(now) if pulse is None else pulse / CLOCK_PULSES_PER_QUARTER
        return quarters * TICKS_PER_QUARTER

    def report(self, now: float) -> ClockHeard | None:
        """How it is followed, where there is something new to say."""
        follower, before = self._follower, self._reported
        state = follower.state_at(now)
        changed = state.value != before.state
        heard_more = follower.line is not self._reported_line and now - before.at >= REPORT_SECONDS
        if not changed and not heard_more:
            return None
        bpm = None if state in (ClockState.UNLOCKED, ClockState.LOCKING) else follower.steady_bpm
        since = now if changed else before.since
        self._reported = ClockHeard(state.value, since, bpm, round(follower.jitter_ms, 3), now)
        self._reported_line = follower.line
        return self._reported

    def _quarters(self, position: SongPosition) -> float:
        if self._rolled is None:
            self._unit = self._unit.moved(position)
        else:
            self._unit = self._unit.sighted(position, self._rolled)
        return self._unit.quarters(position)

    def _count(self, message: ClockMessage, pulse: int) -> None:
        """What was rolled from a position to a stop tells the unit of the position that comes next."""
        self._rolled = pulse - self._begun_at if message is ClockSignal.STOP else None
        if message is ClockSignal.START:
            self._unit = self._unit.moved(SongPosition(0))
        if message is ClockSignal.START or isinstance(message, SongPosition):
            self._begun_at = pulse

    def _move(self, events: ClockEvents, reached: float) -> None:
        for event in events if self.leads else ():
            self._tell(event, reached)

    def _tell(self, event: Started | Stopped | Located, reached: float) -> None:
        self._scheduler.move(event, reached)
        self._moved_at = max(event.at, reached)
        self._line = None
        self._say(event)
