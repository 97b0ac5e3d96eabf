"""Control's conductor, a composer and play's scheduler in one process, on a clock that only goes on when told to.

A generation costs as much of the virtual time as it really took, so minutes of music are tried in seconds and lateness
is what it would be.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from hitpoint.engine.conductor import WRITTEN_AHEAD_BARS, Conductor
from hitpoint.engine.port_names import STEMS, port_name
from hitpoint.engine.routes import routing_for
from hitpoint.planner.horizon import Horizon
from hitpoint.scheduler.performance import TempoChange, TransportChange
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.score.midi_message import PortMessage
from hitpoint.score.request import BarRequest, ComposedBar
from hitpoint.score.session import Session
from hitpoint.timeline.host_event import Started, Stopped

STEP_SECONDS = 0.02
"""How often control looks, as in the daemon."""
CLIENT = "Hitpoint bench"

Compose = Callable[[BarRequest], tuple[ComposedBar, ...]]


@dataclass(frozen=True, slots=True)
class _Answer:
    bars: tuple[ComposedBar, ...]
    seconds: float
    at: float
    """Second of the virtual clock at which it is there."""


class VirtualStage:
    """The daemon without processes and without waiting."""

    def __init__(
        self,
        session: Session,
        compose: Compose,
        stopwatch: Callable[[], float] = perf_counter,
        step_seconds: float = STEP_SECONDS,
    ) -> None:
        """step_seconds: how often control looks; seldom, where it is only to come far."""
        self.now = 0.0
        """Second of the virtual clock."""
        self.conductor = Conductor(session, Horizon())
        self.seconds: list[float] = []
        """How long each generation took."""
        self._compose, self._stopwatch, self._step_seconds = compose, stopwatch, step_seconds
        self._answer: _Answer | None = None
        self._scheduler = Scheduler(tuple(port_name(CLIENT, stem) for stem in STEMS))
        self._scheduler.apply(TempoChange(session.timeline.tempo_map), self.now)
        self._scheduler.apply(routing_for(session, CLIENT, {}), self.now)

    @property
    def tick(self) -> float:
        """Where the host is."""
        return self.tick_at(self.now)

    def tick_at(self, at: float) -> float:
        """Where the host is at a second of the clock."""
        session = self.conductor.session
        return session.transport.tick_at(at, session.timeline.tempo_map)

    def write_ahead(self) -> None:
        """Go on until the first bars are written, as `hitpoint run --play` does before it rolls."""
        while self.conductor.bars_ready(self.tick) < WRITTEN_AHEAD_BARS:
            self.go_on()

    def start(self) -> None:
        """Roll from where the host is."""
        event = Started(self.now)
        self._scheduler.apply(TransportChange(event), self.now)
        self.conductor.apply(event)

    def stop(self) -> list[PortMessage]:
        """Stand still. Returns what was sent for it."""
        event = Stopped(round(self.tick), self.now)
        self._scheduler.apply(TransportChange(event), self.now)
        self.conductor.apply(event)
        return self._sent_until(self.now)

    def go_on(self) -> list[PortMessage]:
        """Do what is to be done now, and go on to the next look. Returns what was sent meanwhile."""
        if self._answer is not None and self.now >= self._answer.at:
            self.conductor.composed(self._answer.bars, self._answer.seconds, self.now)
            self._answer = None
        step = self.conductor.step(self.now)
        for schedule in step.schedules:
            self._scheduler.apply(schedule, self.now)
        if step.request is not None:
            self._answer = self._answered(step.request)
        until = self.now + self._step_seconds
        if self._answer is not None:
            # An answer wakes control.
            until = min(until, self._answer.at)
        sent = self._sent_until(until)
        self.now = until
        return sent

    def _sent_until(self, until: float) -> list[PortMessage]:
        sent = self._scheduler.due(self.now, until)
        # As the play process does: what nobody takes would pile up.
        self._scheduler.take_played(until)
        return sent

    def _answered(self, request: BarRequest) -> _Answer:
        started = self._stopwatch()
        bars = self._compose(request)
        seconds = self._stopwatch() - started
        self.seconds.append(seconds)
        return _Answer(bars, seconds, self.now + seconds)
