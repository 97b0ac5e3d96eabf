"""Decides, at every moment, which bar to write next and what the play process must hear. No clock, no I/O.

The rule is one: for each bar within the commit horizon, what play holds must be what the pages hold, and what the
pages hold must answer the plan. `step` compares the three and says what differs.
"""

from collections import deque
from dataclasses import dataclass

from hitpoint.engine.pages import Pages
from hitpoint.errors import HostError
from hitpoint.planner.context import request_for
from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.horizon import Horizon, bars_to_commit, bars_to_compose, deadline
from hitpoint.planner.plan import plan_bar
from hitpoint.scheduler.performance import Schedule
from hitpoint.score.request import BarPlan, BarRequest, ComposedBar, Landing
from hitpoint.score.session import ControlMoved, Event, PersonEvent, Session, wishes_between
from hitpoint.score.stem import Part
from hitpoint.timeline.host_event import Located, Stopped

FALLBACK_LEAD_SECONDS = 0.4
"""A bar without notes this long before it begins is written by the fallback: play wants 0.25 s of events ahead, the
rest is for the pipe and the fallback's own work."""


MOST_UNDOS = 200


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done now."""

    schedules: tuple[Schedule, ...]
    """For play, in order."""
    request: BarRequest | None
    """For compose; None while it is busy or nothing is wanted."""


@dataclass(frozen=True, slots=True)
class _Committed:
    """What play holds of one part in one bar."""

    part: Part
    basis: str
    start: int
    end: int
    landings: tuple[Landing, ...]


class Conductor:
    """The session, the pages, and what play already has. Process: control."""

    def __init__(self, session: Session, horizon: Horizon) -> None:
        self.session = session
        self.pages = Pages()
        self.horizon = horizon
        self._committed: dict[tuple[str, int], _Committed] = {}
        self._composing: int | None = None
        self._ensemble: dict[str, Part] = {}
        self._asked: deque[tuple[PersonEvent, Session]] = deque(maxlen=MOST_UNDOS)

    def apply(self, event: Event) -> None:
        """Take in what the host or a person did."""
        if isinstance(event, PersonEvent):
            self._remember(event)
        self.session = self.session.apply(event)
        if isinstance(event, Located | Stopped):
            # Play has dropped what it held: a stop or a jump silences and clears it at once, without asking.
            self._committed.clear()

    def undo(self) -> tuple[PersonEvent, ...]:
        """Take back what a person asked last. Returns what that comes to, for those who show it.

        Raises HostError when there is nothing to take back.
        """
        if not self._asked:
            raise HostError("there is nothing to undo.")
        before, self.session = self.session, self.session.with_wishes_of(self._asked.pop()[1])
        return wishes_between(before, self.session)

    def _remember(self, event: PersonEvent) -> None:
        # A fader sends hundreds of values on its way: one undo takes back the whole way.
        latest = self._asked[-1][0] if self._asked else None
        if isinstance(event, ControlMoved) and isinstance(latest, ControlMoved) and latest.name == event.name:
            return
        self._asked.append((event, self.session))

    def forget_play(self) -> None:
        """Play was started anew and holds nothing."""
        self._committed.clear()

    def failed(self) -> None:
        """What was asked of compose will not be answered: the fallback writes it, so that it is not asked again."""
        index, self._composing = self._composing, None
        plan = plan_bar(self.session, index) if index is not None else None
        if plan is not None:
            self._write_fallback(plan, self.pages.missing(plan, self.session))

    def composed(self, bars: tuple[ComposedBar, ...]) -> None:
        """Take in an answer. What changed meanwhile, or came too late, is left out."""
        self._composing = None
        for bar in bars:
            plan = plan_bar(self.session, bar.bar)
            if plan is None:
                continue
            part = next((part for part in plan.parts if part.name == bar.part), None)
            if part is None or bar.basis != plan.basis(bar.part):
                continue
            if self.pages.valid(plan, part, self.session) is None:
                self.pages.keep((bar,))

    def step(self, now: float) -> Step:
        """What differs from what should be, at second `now` of the clock."""
        tick = self.session.transport.tick_at(now, self.session.timeline.tempo_map)
        schedules = self._withdraw(tick)
        for index in bars_to_commit(self.session, tick, self.horizon):
            plan = plan_bar(self.session, index)
            if plan is not None:
                self._fall_back(plan, now, tick)
                schedules += self._commit(plan, tick)
        return Step(tuple(schedules), self._next_request(tick))

    def bars_ready(self, tick: float) -> int:
        """How many bars in a row, from the one at `tick` on, have all their notes, as far as is looked ahead."""
        ready = 0
        for index in bars_to_compose(self.session, tick, self.horizon):
            plan = plan_bar(self.session, index)
            if plan is not None and self.pages.missing(plan, self.session):
                break
            ready += 1
        return ready

    def _next_request(self, tick: float) -> BarRequest | None:
        if self._composing is not None:
            return None
        for index in bars_to_compose(self.session, tick, self.horizon):
            plan = plan_bar(self.session, index)
            missing = self._missing(plan, tick) if plan is not None else ()
            if plan is not None and missing:
                self._composing = index
                return request_for(self.session, plan, missing, self.pages.written)
        return None

    def _missing(self, plan: BarPlan, tick: float) -> tuple[str, ...]:
        """Names of the parts that want notes: those without valid ones, but for those that are being played out."""
        return tuple(
            name
            for name in self.pages.missing(plan, self.session)
            if not self._played_out(self._committed.get((name, plan.bar.index)), plan, tick)
        )

    @staticmethod
    def _played_out(held: "_Committed | None", plan: BarPlan, tick: float) -> bool:
        """True for a bar that has begun and still meets what it must: its notes are half heard, and half of another
        answer would be worse."""
        return held is not None and held.start <= tick and held.landings == plan.landings

    def _fall_back(self, plan: BarPlan, now: float, tick: float) -> None:
        late_from = deadline(self.session, plan.bar.index, FALLBACK_LEAD_SECONDS)
        if late_from is None or now < late_from:
            return
        self._write_fallback(plan, self._missing(plan, tick))

    def _write_fallback(self, plan: BarPlan, missing: tuple[str, ...]) -> None:
        if missing:
            past = request_for(self.session, plan, missing, self.pages.written).past
            self.pages.keep([fallback_bar(plan, part, past) for part in plan.parts if part.name in missing])

    def _commit(self, plan: BarPlan, tick: float) -> list[Schedule]:
        schedules = []
        for part in self._parts_of(plan):
            written = self.pages.valid(plan, part, self.session)
            held = self._committed.get((part.name, plan.bar.index))
            if written is None or (held is not None and held.basis == written.basis):
                continue
            if self._played_out(held, plan, tick):
                continue
            self._committed[part.name, plan.bar.index] = _Committed(
                part, written.basis, plan.bar.start, plan.bar.end, plan.landings
            )
            schedules.append(Schedule(part.name, plan.bar.index, plan.bar.start, plan.bar.end, written.notes))
        return schedules

    def _parts_of(self, plan: BarPlan) -> tuple[Part, ...]:
        """The plan's parts, and those it left out that are locked and have notes here."""
        self._ensemble.update((part.name, part) for part in plan.parts)
        left_out = self._ensemble.keys() - {part.name for part in plan.parts}
        locked = (self._ensemble[name] for name in sorted(left_out) if self.session.keeps(self._ensemble[name]))
        return plan.parts + tuple(part for part in locked if self.pages.at(part.name, plan.bar.index) is not None)

    def _withdraw(self, tick: float) -> list[Schedule]:
        """Take back what play holds and no plan asks for."""
        schedules = []
        for (name, index), held in list(self._committed.items()):
            if held.end <= tick:
                del self._committed[name, index]
            elif not self._holds(index, held, tick):
                del self._committed[name, index]
                schedules.append(Schedule(name, index, held.start, held.end, ()))
        return schedules

    def _holds(self, index: int, held: _Committed, tick: float) -> bool:
        if self.session.keeps(held.part):
            return True
        plan = plan_bar(self.session, index)
        if plan is None or held.part not in plan.parts:
            return False
        return held.basis == plan.basis(held.part.name) or self._played_out(held, plan, tick)
