"""Control's conductor and play's scheduler on a virtual clock, with a composer that takes the time it is told to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hitpoint.engine.conductor import Conductor
from hitpoint.engine.pages import Pages
from hitpoint.engine.port_names import STEMS, port_name
from hitpoint.engine.routes import routing_for, silent_parts
from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.horizon import Horizon
from hitpoint.scheduler.performance import LoopChange, Mute, Routing, TempoChange, TransportChange
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.score.expression import EXPRESSIVE
from hitpoint.score.midi_message import PortMessage
from hitpoint.score.request import BarRequest, ComposedBar, Source
from hitpoint.score.session import Event, PersonEvent, Session
from hitpoint.score.stinger import Stinger
from hitpoint.score.when import When
from hitpoint.score.wish import Wish
from hitpoint.timeline.host_event import Located, LoopChanged, Started, Stopped, TempoMapChanged
from hitpoint.timeline.loop import Loop

STEP_SECONDS = 0.02
PORTS = tuple(port_name("Hitpoint", stem) for stem in STEMS)


@dataclass(frozen=True)
class Sent:
    """A message as it left, with where the host was."""

    message: PortMessage
    tick: float


class Stage:
    """`seconds_a_bar`: how long the composer takes; it may be changed at any time, to inf for a dead one."""

    def __init__(
        self,
        session: Session,
        seconds_a_bar: float = 0.1,
        stingers: Mapping[str, Stinger] | None = None,
        pages: Pages | None = None,
    ) -> None:
        self.stingers = stingers or {}
        self.offsets_ms: dict[str, float] = {}
        self.now = 100.0
        self.conductor = Conductor(session, Horizon(), pages)
        self.scheduler = Scheduler(PORTS, {}, EXPRESSIVE)
        self.seconds_a_bar = seconds_a_bar
        self.sent: list[Sent] = []
        self.sessions: list[Session] = []
        """Each one that control stepped with: some changes come about by themselves."""
        self._asked: tuple[float, BarRequest] | None = None
        self._asked_at = 0.0
        self._told: tuple[Routing, Mute] | None = None
        self.scheduler.apply(TempoChange(session.timeline.tempo_map), self.now)

    @property
    def session(self) -> Session:
        return self.conductor.session

    @property
    def tick(self) -> float:
        return self.session.transport.tick_at(self.now, self.session.timeline.tempo_map)

    def apply(self, event: Event) -> None:
        if isinstance(event, Started | Stopped | Located):
            self.scheduler.apply(TransportChange(event), self.now)
        if isinstance(event, TempoMapChanged):
            self.scheduler.apply(TempoChange(event.tempo_map), self.now)
        if isinstance(event, LoopChanged):
            self.scheduler.apply(LoopChange(event.loop), self.now)
        self.conductor.apply(event)

    def ask(self, wish: Wish) -> None:
        self.conductor.ask(wish, self.now)

    def undo(self) -> tuple[PersonEvent, ...]:
        return self.conductor.undo(self.now)

    def play(self) -> None:
        self.apply(Started(self.now))

    def stop(self) -> None:
        self.apply(Stopped(self.session.transport.whole_tick_at(self.now, self.session.timeline.tempo_map), self.now))

    def locate(self, tick: int) -> None:
        self.apply(Located(tick, self.now))

    def loop(self, start: int, end: int) -> None:
        """Play these ticks round and round from now on."""
        self.apply(LoopChanged(Loop(start, end), self.now))

    def loop_off(self) -> None:
        self.apply(LoopChanged(None, self.now))

    def throw_in(self, name: str, when: When) -> None:
        """As a person would: it sounds at the next such sync point."""
        self.conductor.throw_in(name, self.stingers[name], when, self.now)

    def run(self, seconds: float) -> list[Sent]:
        """Let time pass; what was sent meanwhile."""
        before = len(self.sent)
        until = self.now + seconds
        while self.now < until:
            self._step()
            self._tick_over()
        return self.sent[before:]

    def stall(self, seconds: float) -> None:
        """Let time pass in which control does nothing; play plays on."""
        until = self.now + seconds
        while self.now < until:
            self._tick_over()

    def model_dies(self) -> None:
        """What was asked is lost; the next request is answered again."""
        self._asked = None
        self.conductor.failed(lost=True)

    def model_fails(self) -> None:
        """What was asked can't be answered; the next request is."""
        self._asked = None
        self.conductor.failed()

    def end(self) -> None:
        """Stop, and send what ends the last notes."""
        self.stop()
        self._send(self.now, self.now + STEP_SECONDS)

    def _tick_over(self) -> None:
        self._send(self.now, self.now + STEP_SECONDS)
        self.now += STEP_SECONDS

    def _step(self) -> None:
        routing = routing_for(self.session, "Hitpoint", self.offsets_ms, self.stingers.values())
        mute = Mute(silent_parts(self.session, self.stingers.values()))
        if (routing, mute) != self._told:
            self._told = (routing, mute)
            self.scheduler.apply(routing, self.now)
            self.scheduler.apply(mute, self.now)
        if self._asked is not None and self.now >= self._asked[0]:
            self.conductor.composed(composed(self._asked[1]), self.now - self._asked_at, self.now)
            self._asked = None
        if (dynamics := self.conductor.dynamics(self.now)) is not None:
            self.scheduler.apply(dynamics, self.now)
        step = self.conductor.step(self.now)
        if not self.sessions or self.sessions[-1] is not self.session:
            self.sessions.append(self.session)
        for schedule in step.schedules:
            self.scheduler.apply(schedule, self.now)
        if step.request is not None:
            self._asked_at = self.now
            self._asked = (self.now + self.seconds_a_bar, step.request)

    def _send(self, now: float, until: float) -> None:
        transport, tempo_map = self.session.transport, self.session.timeline.tempo_map
        for message in self.scheduler.due(now, until):
            self.sent.append(Sent(message, transport.tick_at(message.at, tempo_map)))


def composed(request: BarRequest) -> tuple[ComposedBar, ...]:
    """A model's answer: what the fallback would write with other random numbers, so that it is not the back-up."""
    plan = replace(request.plan, seed=request.plan.seed ^ 1)
    parts = [part for part in plan.parts if part.name in request.write]
    return tuple(
        replace(fallback_bar(plan, part, request.past, Source.MODEL), basis=request.plan.basis(part.name))
        for part in parts
    )
