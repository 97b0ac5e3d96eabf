"""Decides, at every moment, which bar to write next and what the play process must hear. No clock, no I/O.

The rule is one: for each bar within the commit horizon, what play holds must be what the pages hold, and what the
pages hold must answer the plan. `step` compares the three and says what differs.

Where the pages are blank there, the fallback writes a back-up at once, so that play holds the next bars whole whatever
becomes of the others. The model's answer takes its place if it comes before the bar closes; a bar that began as a
back-up stays one.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hitpoint.engine.bar_states import MOST_SHOWN, BarState, bar_states
from hitpoint.engine.pace import Pace
from hitpoint.engine.pages import Pages, settled
from hitpoint.engine.played_bars import PlayedBars
from hitpoint.engine.stingers import Stingers
from hitpoint.errors import HostError
from hitpoint.planner.context import request_for
from hitpoint.planner.dynamics import dynamics_of
from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.horizon import Horizon, bars_to_commit, bars_to_compose, deadline
from hitpoint.planner.plan import plan_bar
from hitpoint.planner.stinger_place import place_of
from hitpoint.planner.sync import earliest_tick
from hitpoint.scheduler.performance import Schedule
from hitpoint.score.dynamics import Dynamics
from hitpoint.score.request import BarPlan, BarRequest, ComposedBar, Landing, Source
from hitpoint.score.session import ControlMoved, Event, PersonEvent, Session, wishes_between
from hitpoint.score.stem import Part
from hitpoint.score.stinger import Stinger, StingerAsked
from hitpoint.score.when import When
from hitpoint.timeline.host_event import Located, Stopped
from hitpoint.timeline.transport import Transport

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
    written: ComposedBar
    start: int
    end: int
    landings: tuple[Landing, ...]
    level: float | None
    """The intensity its notes were written for; None while it is locked."""
    begun: bool = False


class Conductor:
    """The session, the pages, and what play already has. Process: control."""

    def __init__(self, session: Session, horizon: Horizon) -> None:
        self.session = session
        self.pages = Pages()
        self.horizon = horizon
        self.pace = Pace()
        """How fast the model is."""
        self.played = PlayedBars()
        """Who wrote what was heard so far."""
        self._committed: dict[tuple[str, int], _Committed] = {}
        self._dynamics: Dynamics | None = None
        self._counted: set[int] = set()
        """Bars of `played` that have not ended yet."""
        self._composing: BarRequest | None = None
        self._ensemble: dict[str, Part] = {}
        self._stingers = Stingers()
        self._asked: deque[tuple[PersonEvent, Session]] = deque(maxlen=MOST_UNDOS)

    def apply(self, event: Event) -> None:
        """Take in what the host or a person did."""
        if isinstance(event, PersonEvent):
            self._remember(event)
        before, self.session = self.session, self.session.apply(event)
        self._settle_locked(before)
        if isinstance(event, Located | Stopped):
            # Play has dropped what it held: a stop or a jump silences and clears it at once, without asking.
            self.forget_play()
            self._counted.clear()
            self._stingers.clear()

    def throw_in(self, name: str, stinger: Stinger, when: When, now: float) -> None:
        """Let a stinger sound over the music at the next such sync point after second `now`.

        Raises HostError while the transport stands, and when the timeline has no place for it.
        """
        if not self.session.transport.rolling:
            raise HostError(f"the stinger {name!r} sounds over running music. Start the transport first.")
        tick = self.session.transport.tick_at(now, self.session.timeline.tempo_map)
        asked = StingerAsked(name, stinger, earliest_tick(self.session, tick), when)
        if place_of(self.session, asked) is None:
            raise HostError(f"there is no place for the stinger {name!r}: nothing plays from here on.")
        if asked not in self.session.stingers:
            self.apply(asked)

    def undo(self) -> tuple[PersonEvent, ...]:
        """Take back what a person asked last. Returns what that comes to, for those who show it.

        What has sounded cannot be taken back: a stinger that has begun is passed over.
        Raises HostError when there is nothing to take back.
        """
        while self._asked and isinstance(event := self._asked[-1][0], StingerAsked):
            self._asked.pop()
            if event in self.session.stingers and not self._stingers.begun(event):
                self.session = self.session.without_stingers([event])
                return ()
        if not self._asked:
            raise HostError("there is nothing to undo.")
        before, self.session = self.session, self.session.with_wishes_of(self._asked.pop()[1])
        self._settle_locked(before)
        return wishes_between(before, self.session)

    def _remember(self, event: PersonEvent) -> None:
        # A fader sends hundreds of values on its way: one undo takes back the whole way.
        latest = self._asked[-1][0] if self._asked else None
        if isinstance(event, ControlMoved) and isinstance(latest, ControlMoved) and latest.name == event.name:
            return
        self._asked.append((event, self.session))

    def adopt(self, transport: Transport) -> None:
        """Go on from where play is already: what it holds is told again, which changes nothing where it is the same."""
        self.session = replace(self.session, transport=transport)
        self.forget_play()

    def forget_play(self) -> None:
        """Play holds nothing: it was started anew, or went elsewhere."""
        self._committed.clear()
        self._stingers.forget_play()
        self._dynamics = None

    def failed(self) -> None:
        """What was asked of compose will not be answered: the fallback writes it, so that it is not asked again."""
        asked, self._composing = self._composing, None
        plan = plan_bar(self.session, asked.plan.bar.index) if asked is not None else None
        if plan is not None:
            self._write_fallback(plan, self.pages.blank(plan, self.session), Source.FALLBACK)
            self.pages.settle(lambda bar: bar.bar == plan.bar.index)

    def composed(self, bars: tuple[ComposedBar, ...], seconds: float, now: float) -> None:
        """Take in an answer that took so many seconds to write. What changed meanwhile, or came too late, is left out.

        now: second of the clock.
        """
        asked, self._composing = self._composing, None
        if asked is not None:
            self.pace = self.pace.after(len(asked.write), seconds)
        for bar in bars:
            plan = plan_bar(self.session, bar.bar)
            if plan is None or bar.part not in self.pages.missing(plan, self.session):
                continue
            held = (bar.part, bar.bar) in self._committed
            if bar.basis == plan.basis(bar.part) and not (held and self._closed(bar.bar, now)):
                self.pages.keep((bar,))

    def dynamics(self, now: float) -> Dynamics | None:
        """How strong the music is from here on, as far as play holds notes; None when play knows already.

        Cheap beside a step: a hand on a fader is answered by this, before anything is written anew.
        """
        bars = bars_to_commit(self.session, self._place(now), self.horizon)
        # A bar more at either end: falls come from the bar before, rises lead to the one after.
        plans = (plan_bar(self.session, index) for index in range(bars.start - 1, bars.stop + 1))
        dynamics = dynamics_of([plan for plan in plans if plan is not None])
        if dynamics == self._dynamics:
            return None
        self._dynamics = dynamics
        return dynamics

    def step(self, now: float) -> Step:
        """What differs from what should be, at second `now` of the clock."""
        tick = self.session.transport.tick_at(now, self.session.timeline.tempo_map)
        withdrawn, given = self._withdraw(tick), list[Schedule]()
        for index in bars_to_commit(self.session, self._place(now), self.horizon):
            plan = plan_bar(self.session, index)
            if plan is not None:
                self._back_up(plan, tick)
                given += self._commit(plan, tick)
        self._begin(tick)
        self.pages.forget_oldest(lambda bar: (bar.part, bar.bar) in self._committed or self._locked(bar.part))
        # What is only replaced is not taken away first: play must not be found without it.
        replaced = {(one.part, one.start, one.end) for one in given}
        kept = [one for one in withdrawn if (one.part, one.start, one.end) not in replaced]
        stingers, over = self._stingers.step(self.session, tick)
        self.session = self.session.without_stingers(over)
        return Step((*kept, *given, *stingers), self._next_request(now))

    def bars_ahead(self, now: float) -> tuple[BarState, ...]:
        """The state of the bar that the host is in, and of the next ones, at second `now` of the clock."""
        place = self._place(now)
        bars = bars_to_compose(self.session, place, self.horizon)[:MOST_SHOWN]
        playing = bars[0] if self.session.transport.rolling else None
        writing = self._composing.plan.bar.index if self._composing is not None else None
        return bar_states(self.session, self.pages, bars, playing, writing)

    def bars_ready(self, tick: float) -> int:
        """How many bars in a row, from the one at `tick` on, have all their notes, as far as is looked ahead."""
        ready = 0
        for index in bars_to_compose(self.session, tick, self.horizon):
            plan = plan_bar(self.session, index)
            if plan is not None and self.pages.missing(plan, self.session):
                break
            ready += 1
        return ready

    def _place(self, now: float) -> float:
        """The tick from which on music is wanted. A start that was told ahead has not moved yet."""
        transport = self.session.transport
        return transport.tick_at(max(now, transport.at), self.session.timeline.tempo_map)

    def _next_request(self, now: float) -> BarRequest | None:
        """The most urgent bar that can be ready before it closes, as fast as the model is: one that can't would be
        written for nothing, and make the next one late too. Where none can, the last one, which has the most time:
        the model may be faster again, and only an answer can tell."""
        if self._composing is not None:
            return None
        chosen = None
        for chosen in self._unwritten(now):
            plan, missing = chosen
            if not self._closed(plan.bar.index, now + self.pace.seconds_for(len(missing))):
                break
        if chosen is not None:
            self._composing = request_for(self.session, *chosen, self.pages.written)
        return self._composing

    def _unwritten(self, now: float) -> Iterator[tuple[BarPlan, tuple[str, ...]]]:
        """The bars that the model should write, most urgent first, with the names of the parts."""
        for index in bars_to_compose(self.session, self._place(now), self.horizon):
            plan = plan_bar(self.session, index)
            missing = self.pages.missing(plan, self.session) if plan is not None else ()
            if plan is not None and missing and not self._closed(index, now):
                yield plan, missing

    def _closed(self, index: int, now: float) -> bool:
        """True when it is too late for an answer of the model in that bar."""
        closing = deadline(self.session, index, self.horizon.closing_seconds)
        return closing is not None and now >= closing

    def _played_out(self, held: "_Committed | None", plan: BarPlan, tick: float) -> bool:
        """True for a bar that has begun and still meets what it must: its notes are half heard, and half of another
        answer would be worse."""
        rolling = self.session.transport.rolling
        return rolling and held is not None and held.start <= tick and held.landings == plan.landings

    def _back_up(self, plan: BarPlan, tick: float) -> None:
        """Have notes for every part of the bar, but for those that are being played out."""
        index, blank = plan.bar.index, self.pages.blank(plan, self.session)
        wanted = (name for name in blank if not self._played_out(self._committed.get((name, index)), plan, tick))
        self._write_fallback(plan, tuple(wanted), Source.BACK_UP)

    def _write_fallback(self, plan: BarPlan, names: tuple[str, ...], source: Source) -> None:
        if names:
            past = request_for(self.session, plan, names, self.pages.written).past
            self.pages.keep([fallback_bar(plan, part, past, source) for part in plan.parts if part.name in names])

    def _settle_locked(self, before: Session) -> None:
        """A lock keeps a back-up too: a person locks what there is, whoever wrote it."""
        if self.session.locked != before.locked:
            self.pages.settle(lambda bar: self._locked(bar.part))

    def _locked(self, name: str) -> bool:
        part = self._ensemble.get(name)
        return part is not None and self.session.keeps(part)

    def _begin(self, tick: float) -> None:
        """Count the bars that have begun, and keep for good what they began with: it will be half heard."""
        if not self.session.transport.rolling:
            return
        begun: dict[int, list[Source]] = {}
        for (name, index), held in self._committed.items():
            if held.begun or held.start > tick:
                continue
            written = settled(held.written)
            self._committed[name, index] = replace(held, written=written, begun=True)
            if self.pages.at(name, index) != written:
                self.pages.keep((written,))
            begun.setdefault(index, []).append(written.source)
        for index, sources in begun.items():
            if index not in self._counted:
                self._counted.add(index)
                self.played = self.played.after(sources)

    def _commit(self, plan: BarPlan, tick: float) -> list[Schedule]:
        schedules = []
        for part in self._parts_of(plan):
            written = self.pages.valid(plan, part, self.session)
            held = self._committed.get((part.name, plan.bar.index))
            level = None if self.session.keeps(part) else plan.controls.intensity
            if written is None or (held is not None and (held.written, held.level) == (written, level)):
                continue
            if held is not None and held.written == written:
                # Locked, or let go: the same notes, whose velocities stay or follow.
                self._committed[part.name, plan.bar.index] = replace(held, level=level)
            elif self._played_out(held, plan, tick):
                continue
            else:
                self._committed[part.name, plan.bar.index] = _Committed(
                    part, written, plan.bar.start, plan.bar.end, plan.landings, level
                )
            bar = plan.bar
            schedules.append(Schedule(part.name, bar.index, bar.start, bar.end, written.notes, level=level))
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
                self._counted.discard(index)
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
        return held.written.basis == plan.basis(held.part.name) or self._played_out(held, plan, tick)
