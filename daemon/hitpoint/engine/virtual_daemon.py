"""Control's conductor, a quick composer and a whole player on a virtual clock: what a host leads, without processes.

What hears a host is the daemon's own: the player with its leaders, and whatever adapter passes on to `moved` and
`project`. What control does with it is here in few words, as Control waits for pipes and for real time.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from hitpoint.engine.clock_watch import ClockWatch
from hitpoint.engine.conductor import Conductor
from hitpoint.engine.player import Player
from hitpoint.engine.port_names import STEMS, port_name
from hitpoint.engine.routes import routing_for
from hitpoint.outputs.output import HostPosition
from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.horizon import Horizon
from hitpoint.scheduler.clock import ClockFit
from hitpoint.scheduler.performance import (
    ClockHeard,
    FromPlay,
    HostAt,
    LoopChange,
    Played,
    Routing,
    Statistics,
    TempoChange,
    Trouble,
)
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.sounding import SoundingTable
from hitpoint.score.expression import CONTROLLER_RANGES
from hitpoint.score.midi_message import HeardMessage, PortMessage
from hitpoint.score.request import BarRequest, ComposedBar, Source
from hitpoint.score.session import Event, Session
from hitpoint.timeline.host_event import Followed, Located, LoopChanged, Started, Stopped, TempoMapChanged
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import TICKS_PER_QUARTER

CLIENT = "Hitpoint bench"
STEP_SECONDS = 0.2
"""How often control looks where nothing has happened: it has two seconds of music ahead, and is to come far."""
COMPOSE_SECONDS = 0.2
"""What a bar takes to write. Our choice: the small model on a slow machine."""
CALIBRATION_SECONDS = 0.25
"""Between two readings of both clocks, as the driver takes them."""


@dataclass(frozen=True, slots=True)
class _Asked:
    request: BarRequest
    asked_at: float


class VirtualDaemon:
    """`now` is always a second of the port's clock. control_clock: what the daemon's clock reads then."""

    def __init__(
        self,
        session: Session,
        now: float,
        lead: Callable[[Player], None],
        control_clock: Callable[[float], float] = float,
        has_loop: bool = True,
    ) -> None:
        """lead: tells the player whom to follow. has_loop: whether its host tells its loop, and it is followed."""
        self.conductor = Conductor(session, Horizon())
        self.troubles: list[str] = []
        self._control_clock, self._has_loop = control_clock, has_loop
        self._clock = ClockWatch(session.timeline.tempo_map)
        self._said: deque[FromPlay] = deque()
        self._asked: _Asked | None = None
        self._routing: Routing | None = None
        self._awake, self._step_at, self._calibrate_at = True, now, now
        self._table = SoundingTable(len(STEMS))
        self._fit = ClockFit()
        scheduler = Scheduler(tuple(port_name(CLIENT, stem) for stem in STEMS), {}, tuple(CONTROLLER_RANGES))
        self.player = Player(scheduler, self._table, self._fit, self._said.append)
        lead(self.player)
        self.player.hear(TempoChange(session.timeline.tempo_map), now)
        self._now = now

    def close(self) -> None:
        """Give the memory back that it would share with others."""
        self._table.close()
        self._table.unlink()

    @property
    def session(self) -> Session:
        """As it is now."""
        return self.conductor.session

    @property
    def tick(self) -> float:
        """Where the music is that has been sent last."""
        return self.player.scheduler.tick_at(self._now)

    def listen(self, message: HeardMessage) -> None:
        """A MIDI input has heard something."""
        self.player.listen((message,), self._now)

    def follow(self, position: HostPosition) -> None:
        """JACK tells where its transport is."""
        self.player.follow(position)

    def moved(self, seconds: float, at: float, rolling: bool) -> None:
        """An adapter tells where its host is."""
        self.player.hear(HostAt(seconds, at, rolling), self._now)

    def seconds_of(self, quarter: float) -> float:
        """As the session has it."""
        return self.session.timeline.tempo_map.seconds_at(quarter * TICKS_PER_QUARTER)

    def project(self, timeline: Timeline, loop: Loop | None) -> None:
        """A host, or a file, tells what there is to be played."""
        at = self._control_clock(self._now)
        for event in self.session.timeline.changes_to(timeline, at):
            self._apply(event)
        if self._has_loop and loop != self.session.transport.loop:
            self._apply(LoopChanged(loop, at))

    def trouble(self, text: str) -> None:
        """Something is wrong, in words."""
        if text not in self.troubles:
            self.troubles.append(text)

    def play(self, until: float) -> list[PortMessage]:
        """Send what is due up to there. Returns it."""
        sent: list[PortMessage] = []
        if self.player.scheduler.next_due() < until:
            sent += self.player.window(self._now, until)
        self._now = until
        self.player.report(until)
        return sent

    def control(self) -> None:
        """Do what control does now."""
        now, at = self._now, self._control_clock(self._now)
        if now >= self._calibrate_at:
            self._calibrate_at = now + CALIBRATION_SECONDS
            self._fit.add(at, now)
        while self._said:
            self._hear(self._said.popleft(), at)
        if self._asked is not None and now >= self._asked.asked_at + COMPOSE_SECONDS:
            asked, self._asked, self._awake = self._asked, None, True
            self.conductor.composed(_composed(asked.request), COMPOSE_SECONDS, at)
        if not self._awake and now < self._step_at:
            return
        self._awake, self._step_at = False, now + STEP_SECONDS
        self._step(now, at)

    def _step(self, now: float, at: float) -> None:
        routing = routing_for(self.session, CLIENT, {})
        if routing != self._routing:
            self._routing = routing
            self.player.hear(routing, now)
        if (dynamics := self.conductor.dynamics(at)) is not None:
            self.player.hear(dynamics, now)
        step = self.conductor.step(at)
        for schedule in step.schedules:
            self.player.hear(schedule, now)
        if step.request is not None:
            self._asked = _Asked(step.request, now)

    def _apply(self, event: Event) -> None:
        self.conductor.apply(event)
        if isinstance(event, TempoMapChanged):
            self.player.hear(TempoChange(event.tempo_map), self._now)
        if isinstance(event, LoopChanged):
            self.player.hear(LoopChange(event.loop), self._now)
        self._awake = True

    def _hear(self, message: FromPlay, at: float) -> None:
        match message:
            case Trouble(text):
                self.trouble(text)
            case ClockHeard():
                tick = self.session.transport.tick_at(at, self.session.timeline.tempo_map)
                changed = self._clock.heard(message, self.session.timeline.tempo_map, tick)
                if changed is not None:
                    self._apply(TempoMapChanged(changed, at))
            case Started() | Stopped() | Located() | Followed():
                self.conductor.apply(message)
                self._awake = self._awake or not isinstance(message, Followed)
            case Statistics() | Played() | _:
                pass


def _composed(request: BarRequest) -> tuple[ComposedBar, ...]:
    """What the fallback would write with other random numbers, so that it is not the back-up: a model at no cost."""
    plan = replace(request.plan, seed=request.plan.seed ^ 1)
    return tuple(
        replace(fallback_bar(plan, part, request.past, Source.MODEL), basis=request.plan.basis(part.name))
        for part in plan.parts
        if part.name in request.write
    )
