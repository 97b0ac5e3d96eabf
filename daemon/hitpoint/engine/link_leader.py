"""An Ableton Link session leads: our tempo is its tempo, and our bar lines fall where its quantum begins.

It knows no place, so that ours stays our own: its start lets us go on from where we stand, at the next moment at which
its phase is that of our place. Alone in a session there is nobody to wait for, and the timeline's own tempo holds.
Where another one led before, the music goes on from where that one left it, and eases towards the session's phase.
"""

from collections.abc import Callable
from math import inf

from hitpoint.engine.link_line import (
    AHEAD_SECONDS,
    LOOK_SECONDS,
    bar_of,
    line_of,
    meets_phase_at,
    nearest,
    phase_of,
    quantum_of,
    quarters_at,
)
from hitpoint.engine.link_proposal import LinkProposal
from hitpoint.inputs.link_session import LinkMoment, LinkSession
from hitpoint.scheduler.clock import ClockFit
from hitpoint.scheduler.clock_follower import ClockState
from hitpoint.scheduler.clock_line import ClockLine
from hitpoint.scheduler.clock_tempo import TICKS_PER_PULSE, tempo_map_towards
from hitpoint.scheduler.performance import ClockHeard, TempoChange
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.trust import Sight
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.units import CLOCK_PULSES_PER_QUARTER, TICKS_PER_QUARTER

LATE_SECONDS = 0.1
"""A start heard this late is still made at once, and the way made good. Our choice: play looks twice in that time."""
SAME_PLACE_SECONDS = 0.0001
"""What is nearer is left alone. Our choice: a fifth of a tick at 120 bpm."""
LOCKED_SECONDS = 0.001
"""So near it counts as locked. Our choice: about what Link itself keeps on a local network."""
TURN_QUARTERS = 0.25
"""Our count is taken to be a loop's turn behind the session's when it is so by this much or less. Our choice."""
REPORT_SECONDS = 0.5


class LinkLeader:
    """Process: play; one thread only. All seconds are the port's clock's.

    session: our peer in it. fit: the port's clock against the daemon's. say: takes what it means to the transport.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        session: LinkSession,
        fit: ClockFit,
        say: Callable[[Started | Stopped | Located], None],
    ) -> None:
        self._scheduler, self._session, self._fit, self._say = scheduler, session, fit, say
        self.leads = True
        """False while another one does: then the session is looked at, and the scheduler left alone."""
        self._proposal = LinkProposal(scheduler, session, fit)
        self._meters = MeterMap()
        self._base = scheduler.tempo_map
        self._playing = False
        self._start_from: float | None = None
        self._jump: Located | None = None
        self._alone = True
        """Nobody else has been there in this roll: our own map holds."""
        self._quantum, self._origin = 4.0, 0.0
        self._used: ClockLine | None = None
        self._moved_at = self._met_at = self._look_at = -inf
        self._peers, self._bpm, self._off = 0, 0.0, 0.0
        self._reported = ClockHeard("", 0.0, None, 0.0, -inf)

    def assume(self, tempo_map: TempoMap, reached: float) -> None:
        """The timeline's tempo, which holds while nobody else is there."""
        self._base = tempo_map
        if self.leads and (self._alone or not self._scheduler.rolling):
            self._scheduler.apply(TempoChange(tempo_map), reached)

    def count_bars(self, meters: MeterMap) -> None:
        """The timeline's bars, whose lines are to meet the session's."""
        self._meters = self._proposal.meters = meters

    def take_over(self, reached: float) -> None:
        """Lead from second `reached` on, after another one: go on from there, or start if the session plays."""
        self.leads, self._alone, self._used, self._moved_at = True, True, None, reached
        self._start_from = self._jump = None
        self._playing = self._playing and self._scheduler.rolling
        self._reported = ClockHeard("", 0.0, None, 0.0, -inf)
        self._use(self._base, reached)
        self._look(reached)

    def asked(self, event: Started | Stopped | Located, reached: float) -> None:
        """What a person asks of our transport. Starts and jumps while others are there wait for their phase."""
        self._look(reached)
        at = max(event.at, reached)
        match event:
            case Started() if not self._scheduler.rolling:
                self._start_from = at
                if not self._playing:
                    self._playing = True
                    self._session.set_playing(True, self._fit.here_at(at))
            case Located(tick) if self._scheduler.rolling:
                self._jump = Located(tick, at)
            case Located(tick):
                self._move(Located(tick, reached))
            case Stopped():
                self._stop(reached)
                if self._playing:
                    self._playing = False
                    self._session.set_playing(False, self._fit.here_at(reached))
        self._look(reached)

    def steer(self, reached: float) -> None:
        """Look at the session, and do as it does from second `reached` on."""
        if reached < self._look_at:
            return
        if self.leads:
            self._look(reached)
        else:
            self._watch(reached)

    def sight(self, now: float) -> Sight:
        """What is known of the session: it is always there, and in motion where others are."""
        return Sight(now, self._peers > 0)

    def state_at(self, now: float) -> ClockState:  # noqa: ARG002 - all leaders are asked alike
        """How well it is followed."""
        return self._state()

    @property
    def jitter_ms(self) -> float:
        """How far off we are."""
        return 1000.0 * abs(self._off)

    def off_seconds(self, now: float) -> float | None:  # noqa: ARG002
        """By how much the session's phase is ahead of the music; None when nobody else is there."""
        return -self._off if self._peers else None

    def report(self, now: float) -> ClockHeard | None:
        """How it is followed, where there is something new to say."""
        before, state = self._reported, self._state().value
        changed = (state, self._peers) != (before.state, before.peers)
        if not changed and now - before.at < REPORT_SECONDS:
            return None
        since = now if state != before.state else before.since
        self._reported = ClockHeard(
            state, since, self._bpm or None, round(1000.0 * abs(self._off), 3), now, self._peers
        )
        return self._reported

    def _state(self) -> ClockState:
        if not self._scheduler.rolling:
            return ClockState.STOPPED if self._start_from is None else ClockState.LOCKING
        if not self._peers:
            return ClockState.FREEWHEELING
        return ClockState.LOCKED if abs(self._off) <= LOCKED_SECONDS else ClockState.LOCKING

    def _look(self, reached: float) -> None:
        self._look_at = reached + LOOK_SECONDS
        scheduler = self._scheduler
        if self._alone or not scheduler.rolling:
            self._hold(scheduler.tick_at(max(reached, self._moved_at)))
        moment = self._session.capture(self._quantum)
        self._peers, self._bpm = moment.peers, moment.bpm
        # Others may drop out for a moment: in one roll there is no way back to our own tempo.
        self._alone = not moment.peers and (self._alone or not scheduler.rolling)
        self._obey(moment, reached)
        self._begin(reached)
        self._leap(reached)
        if self._alone:
            self._proposal.tell(reached, self._base)
            self._off = 0.0
        elif scheduler.rolling:
            self._meet(self._session.capture(self._quantum), max(reached, self._moved_at))

    def _watch(self, reached: float) -> None:
        """In the shadow of another one: how far its phase is from the music's, and no more."""
        self._look_at = reached + LOOK_SECONDS
        tick = self._scheduler.tick_at(reached)
        self._hold(tick)
        moment = self._session.capture(self._quantum)
        self._peers, self._bpm, self._playing = moment.peers, moment.bpm, moment.playing
        line = line_of(moment, self._fit, self._origin)
        off = nearest(tick / TICKS_PER_QUARTER - quarters_at(line, reached), self._quantum)
        self._off = off * line.period * CLOCK_PULSES_PER_QUARTER

    def _obey(self, moment: LinkMoment, reached: float) -> None:
        """Start and stop with the others."""
        at = self._fit.there_at(moment.playing_at)
        if moment.playing == self._playing or (not moment.playing and at > reached):
            return
        self._playing = moment.playing
        if not moment.playing:
            self._stop(reached)
        elif not self._scheduler.rolling and self._start_from is None:
            self._start_from = max(at, reached - LATE_SECONDS)

    def _begin(self, reached: float) -> None:
        if self._start_from is None:
            return
        tick = self._scheduler.tick_at(reached)
        at = self._meets(tick, self._start_from, reached)
        if at <= reached + AHEAD_SECONDS:
            self._start_from = None
            if self._alone:
                self._use(self._base, reached)
            self._go(Started(max(at, reached)), tick)

    def _leap(self, reached: float) -> None:
        if self._jump is None:
            return
        tick = self._jump.tick
        at = self._meets(tick, self._jump.at, reached)
        if at <= reached + AHEAD_SECONDS:
            self._jump = None
            self._go(Located(tick, max(at, reached)), tick)

    def _meets(self, tick: float, after: float, reached: float) -> float:
        """When the session's phase is that of a place, from a second on; alone there is nothing to wait for."""
        if self._alone:
            return max(after, reached)
        bar = bar_of(self._meters, tick)
        line = line_of(self._session.capture(quantum_of(bar)), self._fit)
        return meets_phase_at(line, phase_of(bar, tick), quantum_of(bar), max(after, reached - LATE_SECONDS))

    def _go(self, event: Started | Located, tick: float) -> None:
        self._hold(tick)
        self._move(event)

    def _stop(self, reached: float) -> None:
        self._start_from = self._jump = None
        if self._scheduler.rolling:
            self._move(Stopped(max(0, round(self._scheduler.tick_at(max(reached, self._moved_at)))), reached))

    def _meet(self, moment: LinkMoment, at: float) -> None:
        """Go towards where the session is, if we are not there or on the way."""
        scheduler = self._scheduler
        tick = scheduler.tick_at(at)
        off = tick / TICKS_PER_QUARTER - quarters_at(line_of(moment, self._fit, self._origin), at)
        self._origin += self._turned(off)
        line = line_of(moment, self._fit, self._origin)
        quarter = line.period * CLOCK_PULSES_PER_QUARTER
        self._off = (tick / TICKS_PER_QUARTER - quarters_at(line, at)) * quarter
        if self._used is not None:
            moved = quarters_at(line, at) - quarters_at(self._used, at)
            as_before = abs(nearest(moved, self._quantum)) * quarter <= SAME_PLACE_SECONDS
            if as_before and (at < self._met_at or abs(self._off) <= SAME_PLACE_SECONDS):
                return
        tempo_map = tempo_map_towards(line, tick, at)
        self._use(tempo_map, at)
        self._used, self._met_at = line, line.seconds_at(tempo_map.points[-1].tick / TICKS_PER_PULSE)

    def _turned(self, off: float) -> float:
        """Quarters by which our count differs from the session's by no fault: turns of our loop, and whole quanta."""
        loop, turns = self._scheduler.motion.transport.turning, 0.0
        if loop is not None:
            length = (loop.end - loop.start) / TICKS_PER_QUARTER
            # Anything else than about a turn is the session's doing.
            if abs(nearest(off, length)) < TURN_QUARTERS:
                turns = off - nearest(off, length)
        return turns + (off - turns) - nearest(off - turns, self._quantum)

    def _hold(self, tick: float) -> None:
        """From here on our bars and the session's are counted from this place's bar line."""
        bar = bar_of(self._meters, tick)
        self._quantum, self._origin = quantum_of(bar), bar.start / TICKS_PER_QUARTER

    def _use(self, tempo_map: TempoMap, at: float) -> None:
        if tempo_map is not self._scheduler.tempo_map:
            self._scheduler.apply(TempoChange(tempo_map), at)

    def _move(self, event: Started | Stopped | Located) -> None:
        self._scheduler.move(event, event.at)
        self._moved_at, self._used = event.at, None
        self._say(event)
