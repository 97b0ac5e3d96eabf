"""Several that may lead, by their order of trust: all are followed, and one of them moves the scheduler.

Who that is, is told by `trust`. Whoever takes over finds the music where the one before left it, and brings it to its
own place: what is near is steered to, and what is far is a jump, as with any locate.
"""

from collections.abc import Callable, Sequence
from math import inf

from hitpoint.engine.clock_leader import ClockLeader
from hitpoint.engine.jack_leader import JackLeader
from hitpoint.engine.leader import BUILT_IN, HERE, JACK, LINK, MIDI, NEVER_HEARD, SILENT, SILENT_SECONDS, TIMECODE, TOLD
from hitpoint.engine.link_leader import LinkLeader
from hitpoint.engine.position_leader import PositionLeader
from hitpoint.hosts.midi_clock import ClockMessage, PositionUnit
from hitpoint.hosts.midi_machine_control import MachineMessage
from hitpoint.hosts.midi_timecode import TimecodeMessage, TimecodeStart
from hitpoint.outputs.output import HostPosition
from hitpoint.scheduler.performance import ClockHeard, HostAt, LeaderHeard, SourceHeard, TempoChange
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.trust import Sight, Source, Trust
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap

REPORT_SECONDS = 0.5
_Follower = ClockLeader | PositionLeader | JackLeader | LinkLeader


class Leaders:
    """Process: play; one thread only. All seconds are the port's clock's.

    order: names of `leader`, most trusted first; the last one is always there. unit: what a MIDI clock's song position
    counts. timecode: where the project begins in time code. say: takes what a leader's moves mean to the
    transport. link: who follows the Link session that is one of them.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        order: Sequence[str],
        unit: PositionUnit | None,
        timecode: TimecodeStart,
        say: Callable[[Started | Stopped | Located], None],
        link: LinkLeader | None = None,
    ) -> None:
        self._scheduler = scheduler
        self._say = say
        self._base = scheduler.tempo_map
        self._followers: dict[str, _Follower] = {}
        for name in order:
            if name == MIDI:
                self._followers[name] = ClockLeader(scheduler, unit, say)
            elif name == TIMECODE:
                self._followers[name] = PositionLeader(scheduler, say, timecode)
            elif name == JACK:
                self._followers[name] = JackLeader(scheduler, say)
            elif name == LINK and link is not None:
                self._followers[name] = link
            elif name in TOLD:
                self._followers[name] = PositionLeader(scheduler, say)
        sources = tuple(Source(name, SILENT_SECONDS[name], name not in (BUILT_IN, LINK)) for name in order)
        self._trust = Trust.among(sources, order[-1], 0.0)
        for name, follower in self._followers.items():
            follower.leads = name == self.leader
        self._reported: LeaderHeard | None = None

    @property
    def leader(self) -> str:
        """Name of the one that leads."""
        return self._trust.leader

    @property
    def hears_clock(self) -> bool:
        """True when a MIDI clock is one of them."""
        return MIDI in self._followers

    @property
    def hears_timecode(self) -> bool:
        """True when time code is one of them."""
        return TIMECODE in self._followers

    def assume(self, tempo_map: TempoMap, reached: float) -> None:
        """The project's map, from second `reached` on."""
        self._base = tempo_map
        for follower in self._followers.values():
            if isinstance(follower, ClockLeader):
                follower.assume(tempo_map)
            else:
                follower.assume(tempo_map, reached)
        if self.leader == BUILT_IN:
            self._scheduler.apply(TempoChange(tempo_map), reached)

    def count_bars(self, meters: MeterMap) -> None:
        """The timeline's bars, which only Link needs to know."""
        follower = self._followers.get(LINK)
        if isinstance(follower, LinkLeader):
            follower.count_bars(meters)

    def asked(self, event: Started | Stopped | Located, reached: float) -> bool:
        """What a person asks of our transport. True where one leads that does it in its own time."""
        follower = self._followers.get(self.leader)
        if not isinstance(follower, LinkLeader):
            return False
        follower.asked(event, reached)
        return True

    def led_by(self, leader: str, reached: float) -> None:
        """So it was before this process was there."""
        if any(source.name == leader for source in self._trust.sources):
            self._trust = self._trust.given_to(leader, reached)
            for name, follower in self._followers.items():
                follower.leads = name == leader

    def be_told(self, event: Started | Located, reached: float) -> None:
        """Where the leader is, likewise. The scheduler is there."""
        follower = self._followers.get(self.leader)
        if isinstance(follower, ClockLeader | PositionLeader):
            follower.be_told(event, reached)
            # It gets the time to be heard that it would have had.
            follower.heard_at = max(follower.heard_at, reached)

    def hear_clock(self, message: ClockMessage, at: float, reached: float) -> None:
        """MIDI clock, stamped `at`. `look` is to follow."""
        follower = self._followers.get(MIDI)
        if isinstance(follower, ClockLeader):
            follower.hear(message, at, reached)

    def hear_timecode(self, message: TimecodeMessage | MachineMessage, at: float) -> None:
        """Time code, or machine control while it leads, stamped `at`. `look` is to follow."""
        follower = self._followers.get(TIMECODE)
        if isinstance(follower, PositionLeader):
            follower.hear(message, at)

    def told(self, host: HostAt, reached: float) -> None:
        """A position by control. Of a host that is none of them: nothing."""
        follower = self._followers.get(host.host)
        if isinstance(follower, PositionLeader):
            follower.told(host, reached)
            self.look(reached)

    def follow_jack(self, host: HostPosition, reached: float) -> None:
        """Where JACK's transport is in this cycle."""
        follower = self._followers.get(JACK)
        if isinstance(follower, JackLeader):
            follower.hear(host)
            self.look(reached)

    def look(self, reached: float) -> None:
        """After all that was heard: who leads from second `reached` on, and where to."""
        for follower in self._followers.values():
            if not follower.leads:
                # In the shadow: nothing moves, but who says nothing more has stopped.
                follower.steer(reached)
        before = self.leader
        # Before the leader is asked for its motion: to fall silent is, for some, to stop, and another one may go on.
        self._trust = self._trust.look(self._sights(reached), self._scheduler.rolling, reached)
        if self.leader != before:
            self._hand_over(before, reached)
        elif self.leader in self._followers:
            self._followers[self.leader].steer(reached)

    def news(self, now: float) -> LeaderHeard | None:
        """Who leads and how the others are followed, where there is something new to say."""
        before = self._reported
        if before is not None and before.leader == self.leader and now - before.at < REPORT_SECONDS:
            return None
        sources = tuple(self._heard(source, now) for source in self._trust.sources)
        self._reported = LeaderHeard(self.leader, self._trust.since, self._scheduler.rolling, sources, now)
        return self._reported

    def report(self, now: float) -> ClockHeard | None:
        """How the one that leads is followed, likewise."""
        follower = self._followers.get(self.leader)
        return None if isinstance(follower, JackLeader | None) else follower.report(now)

    def tell_anew(self) -> None:
        """Somebody new listens."""
        self._reported = None

    def _sights(self, now: float) -> dict[str, Sight]:
        sights = {name: follower.sight(now) for name, follower in self._followers.items()}
        return {self._trust.sources[-1].name: Sight(now, False), **sights}

    def _hand_over(self, before: str, reached: float) -> None:
        leaves, comes = self._followers.get(before), self._followers.get(self.leader)
        if leaves is not None:
            leaves.leads = False
        if comes is not None:
            comes.take_over(reached)
        elif self._scheduler.tempo_map is not self._base:
            # What was steered by is nobody's any more.
            self._scheduler.apply(TempoChange(self._base), reached)

    def _heard(self, source: Source, now: float) -> SourceHeard:
        follower = self._followers.get(source.name)
        off = None if follower is None else follower.off_seconds(now)
        if follower is None or (isinstance(follower, LinkLeader) and not follower.leads):
            return SourceHeard(source.name, HERE, None, _milliseconds(off), 0.0)
        sight = follower.sight(now)
        if sight.heard_at == -inf:
            return SourceHeard(source.name, NEVER_HEARD, None, None, 0.0)
        silent = max(0.0, now - sight.heard_at)
        is_there = Trust.is_there(source, {source.name: sight}, now)
        state = follower.state_at(now).value if is_there else SILENT
        off_ms = _milliseconds(off) if is_there else None
        return SourceHeard(source.name, state, round(silent, 3), off_ms, round(follower.jitter_ms, 3))


def _milliseconds(off: float | None) -> float | None:
    return None if off is None else round(1000.0 * off, 3)
