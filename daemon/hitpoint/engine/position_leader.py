"""A host that says where it is in seconds leads: the scheduler goes where it goes.

How a host and the music come together: `meeting`.
"""

from collections import deque
from collections.abc import Callable
from math import inf

from hitpoint.engine.meeting import Meeting
from hitpoint.hosts.midi_machine_control import MachineMessage, MachineSignal
from hitpoint.hosts.midi_timecode import PIECES, FullFrame, QuarterFrame, TimecodeMessage, TimecodeStart
from hitpoint.scheduler.clock_follower import ClockState
from hitpoint.scheduler.performance import ClockHeard, HostAt, TempoChange
from hitpoint.scheduler.position_follower import PositionFollower
from hitpoint.scheduler.position_line import JUMP_SECONDS, PositionLine
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.trust import Sight
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.tempo_map import TempoMap

START_AHEAD_SECONDS = 0.05
"""So long before the host comes to the timeline's start a roll is begun there. Our choice: longer than any window."""
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
        self.leads = True
        """False while another one does: then the host is followed, and the scheduler left alone."""
        self.heard_at = -inf
        self._meeting = Meeting(scheduler)
        self._follower = PositionFollower(delayed=timecode is None)
        self._stamps: deque[float] = deque(maxlen=PIECES)
        self._line: PositionLine | None = None
        self._moved_at = -inf
        self._reported = ClockHeard("", 0.0, None, 0.0, -inf)
        self._reported_line: PositionLine | None = None

    def assume(self, tempo_map: TempoMap, reached: float) -> None:
        """The project's map, from second `reached` on: it says at which tick the host's seconds are."""
        self._meeting.base = tempo_map
        if not self.leads:
            return
        self._scheduler.apply(TempoChange(tempo_map), reached)
        self._line = None
        self._meeting.anew()
        self.steer(reached)

    def take_over(self, reached: float) -> None:
        """Lead from second `reached` on, after another one: go where the host is, smoothly where that is near."""
        self.leads, self._moved_at = True, reached
        self.assume(self._meeting.base, reached)

    def be_told(self, event: Started | Stopped | Located, reached: float) -> None:
        """Where the host is, by a control that heard it before this process was there. The scheduler is there."""
        at = max(event.at, reached)
        if isinstance(event, Started):
            self._moved_at = at
            self._follower.go_on(self._meeting.base.seconds_at(self._scheduler.tick_at(at)), at)
        else:
            self._follower.stand(self._meeting.base.seconds_at(event.tick))

    def told(self, host: HostAt, reached: float) -> None:
        """A position by control, stamped with a second of the port's clock. Nothing to who follows time code."""
        if self.timecode is not None:
            return
        self.heard_at = max(self.heard_at, host.at)
        self._follower.hear(host.seconds, host.at, host.rolling, self._meeting.loop_seconds)
        self.steer(reached)

    def hear(self, message: TimecodeMessage | MachineMessage, at: float) -> None:
        """Time code or machine control, stamped `at`. `steer` is to follow."""
        start, follower = self.timecode, self._follower
        if start is None:
            return
        self.heard_at = max(self.heard_at, at)
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
        if not self.leads:
            return
        if line is None:
            self._stand(reached)
            return
        # A start may be ahead of what has been sent.
        at = max(reached, self._moved_at)
        if not scheduler.rolling:
            self._start(line, at)
        elif line.seconds_at(at) < 0.0 and scheduler.tick_at(at) > 0.0:
            self._move(Stopped(0, at), at)
        elif line is not self._line or self._meeting.is_due(at):
            self._line = line
            self._meet(line, at)

    def sight(self, now: float) -> Sight:
        """What is known of the host."""
        line = self._follower.line
        # Before the timeline's start it is nowhere for music.
        rolls = line is not None and line.seconds_at(now) >= 0.0
        return Sight(self.heard_at, rolls and self.state_at(now) is not ClockState.FREEWHEELING)

    def state_at(self, now: float) -> ClockState:
        """How well it is followed."""
        return self._follower.state_at(now)

    @property
    def jitter_ms(self) -> float:
        """Standard deviation of the reports."""
        return self._follower.jitter_ms

    def off_seconds(self, now: float) -> float | None:
        """By how much the host is ahead of the music; None when it has told no place."""
        line, place = self._follower.line, self._follower.place
        seconds = place if line is None else line.seconds_at(now)
        return None if seconds is None else self._meeting.off_seconds(seconds, now)

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
        tick = None if place is None else max(0, self._meeting.base.tick_at(place))
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
        if abs(seconds - self._meeting.base.seconds_at(self._scheduler.tick_at(at))) > JUMP_SECONDS:
            self._locate(self._meeting.base.tick_at(seconds), at)
        self._move(Started(at), at)
        self._line = None

    def _locate(self, tick: int, at: float) -> None:
        if tick != round(self._scheduler.tick_at(at)):
            self._move(Located(tick, at), at)

    def _meet(self, line: PositionLine, at: float) -> None:
        tick = self._meeting.meet(line, at)
        if tick is not None:
            self._move(Located(tick, at), at)
            self._meeting.jumped(at)

    def _move(self, event: Started | Stopped | Located, at: float) -> None:
        self._scheduler.move(event, at)
        self._moved_at = max(self._moved_at, event.at)
        self._say(event)
