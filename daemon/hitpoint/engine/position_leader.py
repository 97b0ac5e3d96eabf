"""A host that says where it is in seconds leads: the scheduler goes where it goes.

Notes stay at their ticks, and the project's own tempo map says when those are. A small difference is steered away: for
a while the scheduler has the same map, a little faster or slower. A large one is a jump.
"""

from collections import deque
from collections.abc import Callable
from math import floor, inf

from hitpoint.hosts.midi_machine_control import MachineMessage, MachineSignal
from hitpoint.hosts.midi_timecode import PIECES, FullFrame, QuarterFrame, TimecodeMessage, TimecodeStart
from hitpoint.scheduler.clock_follower import ClockState
from hitpoint.scheduler.performance import ClockHeard, HostAt, TempoChange
from hitpoint.scheduler.position_follower import PositionFollower
from hitpoint.scheduler.position_line import JUMP_SECONDS, PositionLine
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.steering import MOST_STRETCH, steered
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.tempo_map import TempoMap

STEER_SECONDS = 0.25
"""So long a small difference takes to be made good. Our choice: slow against jitter, fast against ears."""
LEAST_STEER_SECONDS = 0.1
"""So long the last of it takes, which is jitter again and again. Our choice."""
STEER_EVERY_SECONDS = 0.05
"""How often that is looked at: it costs a look at each note that waits. Our choice."""
SAME_PLACE_SECONDS = 0.0001
"""What is nearer is left alone. Our choice: a fifth of a tick at 120 bpm."""
START_AHEAD_SECONDS = 0.05
"""So long before the host comes to the timeline's start a roll is begun there. Our choice: longer than any window."""
TURN_SECONDS = 1.0
"""So far from the turn of a loop either of us may have turned, and the other not yet. Our choice: a jump back is seen
after half a second, at the latest."""
REPORT_SECONDS = 0.5


class PositionLeader:
    """Process: play; one thread only. All seconds are the port's clock's.

    say: takes what it means to the transport. timecode: where the project begins in MIDI time code, which then leads;
    None where control tells positions.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        say: Callable[[Started | Stopped | Located], None],
        timecode: TimecodeStart | None = None,
    ) -> None:
        self._scheduler = scheduler
        self._say = say
        self.timecode = timecode
        self._base = scheduler.tempo_map
        self._follower = PositionFollower(delayed=timecode is None)
        self._stamps: deque[float] = deque(maxlen=PIECES)
        self._line: PositionLine | None = None
        self._moved_at = -inf
        self._steer_at = -inf
        self._met_at = -inf
        self._reported = ClockHeard("", 0.0, None, 0.0, -inf)
        self._reported_line: PositionLine | None = None

    def assume(self, tempo_map: TempoMap, reached: float) -> None:
        """The project's map, from second `reached` on: it says at which tick the host's seconds are."""
        self._base = tempo_map
        self._scheduler.apply(TempoChange(tempo_map), reached)
        self._line, self._steer_at, self._met_at = None, -inf, -inf
        self.steer(reached)

    def be_told(self, event: Started | Stopped | Located, reached: float) -> None:
        """Where the host is, by a control that heard it before this process was there. The scheduler is there."""
        at = max(event.at, reached)
        if isinstance(event, Started):
            self._moved_at = at
            self._follower.go_on(self._base.seconds_at(self._scheduler.tick_at(at)), at)
        else:
            self._follower.stand(self._base.seconds_at(event.tick))

    def told(self, host: HostAt, reached: float) -> None:
        """A position by control, stamped with a second of the port's clock. Nothing to who follows time code."""
        if self.timecode is not None:
            return
        self._follower.hear(host.seconds, host.at, host.rolling, self._loop_seconds())
        self.steer(reached)

    def hear(self, message: TimecodeMessage | MachineMessage, at: float) -> None:
        """Time code or machine control, stamped `at`. `steer` is to follow."""
        start, follower = self.timecode, self._follower
        if start is None:
            return
        match message:
            case QuarterFrame(backwards=True) | MachineSignal.STOP:
                follower.stand()
            case QuarterFrame(quarters, labels, anew):
                self._stamps.append(at)
                follower.stir(at)
                if quarters is not None and labels is not None:
                    heard = tuple(self._stamps)[::-1] if anew else (at,)
                    for back, stamp in reversed(tuple(enumerate(heard))):
                        follower.hear(start.seconds(quarters - back, labels), stamp)
            case FullFrame(quarters, labels):
                self._stamps.clear()
                follower.stand(start.seconds(quarters, labels))
            case _:
                # Play and deferred play: time code will tell.
                pass

    def steer(self, reached: float) -> None:
        """After all that was heard: towards where the host is, from second `reached` on."""
        follower, scheduler = self._follower, self._scheduler
        follower.look(reached)
        line = follower.line
        if line is None:
            self._stand(reached)
            return
        # A start may be ahead of what has been sent.
        at = max(reached, self._moved_at)
        if not scheduler.rolling:
            self._start(line, at)
        elif line.seconds_at(at) < 0.0 and scheduler.tick_at(at) > 0.0:
            self._move(Stopped(0, at), at)
        elif line is not self._line or at >= self._steer_at:
            self._line = line
            self._meet(line, at)

    def report(self, now: float) -> ClockHeard | None:
        """How it is followed, where there is something new to say."""
        follower, before = self._follower, self._reported
        state = follower.state_at(now)
        if before.state == "" and state is ClockState.STOPPED and follower.place is None:
            # Nothing was heard yet.
            return None
        changed = state.value != before.state
        heard_more = follower.line is not self._reported_line and now - before.at >= REPORT_SECONDS
        if not changed and not heard_more:
            return None
        since = now if changed else before.since
        self._reported = ClockHeard(state.value, since, None, round(follower.jitter_ms, 3), now)
        self._reported_line = follower.line
        return self._reported

    def _stand(self, reached: float) -> None:
        place = self._follower.place
        tick = None if place is None else max(0, self._base.tick_at(place))
        if self._scheduler.rolling:
            at = max(reached, self._moved_at)
            self._move(Stopped(round(self._scheduler.tick_at(at)) if tick is None else tick, at), at)
        elif tick is not None and tick != round(self._scheduler.tick_at(reached)):
            self._move(Located(tick, reached), reached)

    def _start(self, line: PositionLine, at: float) -> None:
        if line.seconds_at(at) < 0.0:
            at = line.second_of(0.0) if line.seconds_at(at + START_AHEAD_SECONDS) >= 0.0 else inf
        if at == inf:
            self._locate(0, self._moved_at)
            return
        # What is little is made good on the way: the first note of a bar is to be heard.
        seconds = line.seconds_at(at)
        if abs(seconds - self._base.seconds_at(self._scheduler.tick_at(at))) > JUMP_SECONDS:
            self._locate(self._base.tick_at(seconds), at)
        self._move(Started(at), at)
        self._line = None

    def _locate(self, tick: int, at: float) -> None:
        if tick != round(self._scheduler.tick_at(at)):
            self._move(Located(tick, at), at)

    def _meet(self, line: PositionLine, at: float) -> None:
        scheduler = self._scheduler
        tick = scheduler.tick_at(at)
        here = self._base.seconds_at(tick)
        off = self._about_the_turn(line.seconds_at(at) - here, here)
        if abs(off) > JUMP_SECONDS:
            self._move(Located(max(0, self._base.tick_at(here + off)), at), at)
            self._use(self._base, at, at)
        elif at >= self._steer_at:
            self._steer_at = at + STEER_EVERY_SECONDS
            # Who is on the way arrives when he was to: to begin anew each time would be to come near and never there.
            left = self._met_at - at if at < self._met_at else STEER_SECONDS
            over = max(LEAST_STEER_SECONDS, left, abs(off) / MOST_STRETCH)
            # Where it will be then, as its seconds are not quite ours.
            off += over * (line.speed - 1.0)
            if abs(off) > SAME_PLACE_SECONDS:
                self._use(steered(self._base, tick, off, over), at, at + over)
            elif at >= self._met_at and scheduler.tempo_map is not self._base:
                self._use(self._base, at, at)

    def _use(self, tempo_map: TempoMap, at: float, met_at: float) -> None:
        self._met_at = met_at
        self._scheduler.apply(TempoChange(tempo_map), at)

    def _about_the_turn(self, off: float, here: float) -> float:
        """Near the turn of a loop one of us may have turned before the other: the shorter way round. here: our place,
        in seconds."""
        loop = self._scheduler.motion.transport.turning
        if loop is None:
            return off
        since, left = here - self._base.seconds_at(loop.start), self._base.seconds_at(loop.end) - here
        if min(since, left) > TURN_SECONDS:
            return off
        length = since + left
        return off - length * floor(off / length + 0.5)

    def _loop_seconds(self) -> float:
        """How long a turn lasts in the host; infinite without a loop."""
        loop = self._scheduler.motion.transport.turning
        return self._base.seconds_at(loop.end) - self._base.seconds_at(loop.start) if loop is not None else inf

    def _move(self, event: Started | Stopped | Located, at: float) -> None:
        self._scheduler.move(event, at)
        self._moved_at = max(self._moved_at, event.at)
        self._say(event)
