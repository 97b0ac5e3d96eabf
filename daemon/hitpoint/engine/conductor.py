"""Decides, at every moment, which bar to write next and what the play process must hear. No clock, no I/O.

The rule is one: for each bar within the commit horizon, what play holds must be what the pages hold, and what the
pages hold must answer the plan. `step` compares the three and says what differs.

Where the pages are blank there, the fallback writes a back-up at once, so that play holds the next bars whole whatever
becomes of the others. The model's answer takes its place if it comes before the bar closes; a bar that began as a
back-up stays one.

In a loop play keeps what it holds from turn to turn. A bar that is over is then one that comes again: it stays, and is
looked at anew when it comes near.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from hitpoint.engine.bar_states import MOST_SHOWN, BarState, bar_states
from hitpoint.engine.pace import Pace
from hitpoint.engine.pages import Pages, settled
from hitpoint.engine.played_bars import PlayedBars
from hitpoint.engine.splices import Change, Changes, Wanted, back_up_of, wanted
from hitpoint.engine.stingers import Stingers
from hitpoint.engine.turn_variations import TurnVariations
from hitpoint.errors import HostError
from hitpoint.planner.context import request_for
from hitpoint.planner.dynamics import dynamics_of
from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.frozen import repeated_bar
from hitpoint.planner.horizon import Horizon, bars_to_commit, bars_to_compose, deadline
from hitpoint.planner.plan import plan_bar
from hitpoint.planner.stinger_place import earliest_place, place_of
from hitpoint.planner.turns import before_turns, cleared_from, turn_in
from hitpoint.planner.wishes import event_of, jumped, settled_wishes, undone
from hitpoint.scheduler.performance import Schedule
from hitpoint.score.dynamics import Dynamics
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, BarRequest, ComposedBar, Landing, Source
from hitpoint.score.session import ControlMoved, Event, PersonEvent, Session, wishes_between
from hitpoint.score.stem import Part
from hitpoint.score.stinger import Stinger, StingerAsked
from hitpoint.score.when import When
from hitpoint.score.wish import Wish
from hitpoint.timeline.host_event import Located, LoopChanged, MarkersChanged, MeterMapChanged, Stopped
from hitpoint.timeline.meter import Bar
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
    written: ComposedBar | None
    """None where it rests because a state has turned."""
    start: int
    end: int
    landings: tuple[Landing, ...]
    level: float | None
    """The intensity its notes were written for; None while it is locked."""
    sent: tuple[Note, ...] = ()
    begun: bool = False
    """True from its beginning on; in a loop, until the turn."""
    whole: bool = True
    """False when a loop was set since: what was played before it is not in it."""

    @property
    def begins(self) -> int:
        """The first tick at which these notes differ from what play held before."""
        kept_until = None if self.written is None else self.written.kept_until
        return self.start if kept_until is None else kept_until


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
        self._adopted = False
        """True when play may hold what was given to it before this conductor was there."""
        self._composing: BarRequest | None = None
        self._ensemble: dict[str, Part] = {}
        self._stingers = Stingers()
        self._turns = TurnVariations()
        self._tick = -inf
        """Of the last step, while it rolls."""
        self._changes = Changes()
        self._unspliced: dict[tuple[str, int], ComposedBar] = {}
        """Bars as they were before a change took hold inside them: what comes again if it is called off."""
        self._asked: deque[tuple[PersonEvent, Session]] = deque(maxlen=MOST_UNDOS)
        self._now: float | None = None
        """Second of the last step."""

    def apply(self, event: Event) -> None:
        """Take in what the host or a person did. Raises HostError for what cannot be; then nothing has changed."""
        before, after = self.session, self.session.apply(event)
        if isinstance(event, PersonEvent):
            self._remember(event)
        self.session = after
        self._settle_locked(before)
        if isinstance(event, Located | MarkersChanged | MeterMapChanged):
            self._follow_jump(before, event)
        if isinstance(event, Located | Stopped):
            # Play has dropped what it held: a stop or a jump silences and clears it at once, without asking.
            self.forget_play()
            self._counted.clear()
            self._stingers.clear()
            self._turns.leave()
            self._tick = -inf
        if isinstance(event, LoopChanged):
            self._committed = {key: replace(held, whole=False) for key, held in self._committed.items()}

    def throw_in(self, name: str, stinger: Stinger, when: When, now: float) -> None:
        """Let a stinger sound over the music at the next such sync point after second `now`.

        Raises HostError while the transport stands, and when the timeline has no place for it.
        """
        if not self.session.transport.rolling:
            raise HostError(f"the stinger {name!r} sounds over running music. Start the transport first.")
        tick = self.session.transport.tick_at(now, self.session.timeline.tempo_map)
        asked = StingerAsked(name, stinger, earliest_place(self.session, tick), when)
        if place_of(self.session, asked) is None:
            raise HostError(f"there is no place for the stinger {name!r}: nothing plays from here on.")
        if asked not in self.session.stingers:
            self.apply(asked)

    def ask(self, wish: Wish, now: float) -> Event:
        """Take in what a person wants to happen in time, asked for at second `now`. Returns what it comes to.

        Raises HostError for what cannot be; then nothing has changed.
        """
        event = event_of(self.session, self._place(now), wish)
        if isinstance(event, PersonEvent):
            self._remember(event)
        self.session = self.session.apply(event)
        return event

    def undo(self, now: float) -> tuple[PersonEvent, ...]:
        """Take back what a person asked last, at second `now`. Returns what that comes to, for those who show it.

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
        event, earlier = self._asked.pop()
        before, self.session = self.session, undone(self.session, event, earlier, self._place(now))
        self._settle_locked(before)
        return wishes_between(before, self.session)

    def _remember(self, event: PersonEvent) -> None:
        # A fader sends hundreds of values on its way: one undo takes back the whole way.
        latest = self._asked[-1][0] if self._asked else None
        if isinstance(event, ControlMoved) and isinstance(latest, ControlMoved) and latest.name == event.name:
            return
        self._asked.append((event, self.session))

    def adopt(self, transport: Transport) -> None:
        """Go on from where play is already. What it holds is told again, which changes nothing where it is the same;
        what it may hold and nobody wants any more is taken back."""
        self.session = replace(self.session, transport=transport)
        self.forget_play()
        self._adopted = True

    def _follow_jump(self, before: Session, event: Located | MarkersChanged | MeterMapChanged) -> None:
        at = event.at if isinstance(event, Located) else self._now
        if at is None:
            return
        tick = before.transport.tick_at(at, before.timeline.tempo_map)
        self.session = jumped(self.session, tick, event.tick if isinstance(event, Located) else tick)

    def forget_play(self) -> None:
        """Play holds nothing: it was started anew, or went elsewhere."""
        self._committed.clear()
        self._stingers.forget_play()
        self._dynamics = None

    def failed(self) -> None:
        """What was asked of compose will not be answered: the fallback writes it, so that it is not asked again."""
        asked, self._composing = self._composing, None
        if self._turns.take(asked, ()):
            return
        if asked is not None:
            index = asked.plan.bar.index
            self._write_fallback(self._wanted(index, self._place(self._now or 0.0)), Source.FALLBACK)
            self.pages.settle(lambda bar: bar.bar == index)

    def composed(self, bars: tuple[ComposedBar, ...], seconds: float, now: float) -> None:
        """Take in an answer that took so many seconds to write. What changed meanwhile, or came too late, is left out.

        now: second of the clock.
        """
        asked, self._composing = self._composing, None
        if asked is not None:
            self.pace = self.pace.after(len(asked.write), seconds)
        if self._turns.take(asked, bars):
            return
        tick = self._place(now)
        for bar in bars:
            wanted = next((one for one in self._unwritten_in(bar.bar, tick) if one.part == bar.part), None)
            if wanted is None or bar.basis != wanted.plan.basis(bar.part):
                continue
            held = (bar.part, bar.bar) in self._committed
            if not (held and self._closed(wanted, now)):
                self._keep(wanted, bar)

    def dynamics(self, now: float) -> Dynamics | None:
        """How strong the music is from here on, as far as play holds notes; None when play knows already.

        Cheap beside a step: a hand on a fader is answered by this, before anything is written anew.
        """
        bars = set(bars_to_commit(self.session, self._place(now), self.horizon))
        if (loop := self.session.transport.turning) is not None:
            # Play has the whole loop, and keeps it should it hear no more.
            whole = self.session.timeline.meter_map.bars_between(loop.start, loop.end)
            bars.update(bar.index for bar in whole[: self.horizon.most_bars])
        # A bar more at either end: falls come from the bar before, rises lead to the one after.
        around = sorted(bars | {index - 1 for index in bars} | {index + 1 for index in bars})
        plans = (plan_bar(self.session, index) for index in around)
        dynamics = dynamics_of([plan for plan in plans if plan is not None])
        if dynamics == self._dynamics:
            return None
        self._dynamics = dynamics
        return dynamics

    def step(self, now: float) -> Step:
        """What differs from what should be, at second `now` of the clock."""
        tick = self.session.transport.tick_at(now, self.session.timeline.tempo_map)
        self._now = now
        self._turns.pass_on(self.session, tick, self._turned(tick))
        self.session = settled_wishes(self.session, tick)
        self.session = self._turns.adopt(self.session, self.pages, lambda index: self._bar_closed(index, now))
        near = bars_to_commit(self.session, self._place(now), self.horizon)
        withdrawn, given = self._withdraw(tick, near), list[Schedule]()
        for index in near:
            self._back_up(index, tick)
            given += self._commit(index, tick)
        if self._adopted:
            withdrawn += self._unknown(near)
            self._adopted = False
        self._begin(tick)
        self.pages.forget_oldest(self._spared)
        stingers, over = self._stingers.step(self.session, tick)
        self.session = self.session.without_stingers(over)
        # What is only replaced is not taken away first: play must not be found without it.
        kept = [one for one in withdrawn if not any(_covers(other, one) for other in given)]
        return Step((*kept, *given, *stingers), self._next_request(now))

    def _unknown(self, near: Iterable[int]) -> list[Schedule]:
        """Empty spans for all that a conductor before this one may have given to play, and this one does not."""
        bars = self.session.timeline.meter_map.bar
        written = {bar.part for bar in self.pages.all()}
        unknown = ((name, bars(index)) for index in near for name in written if (name, index) not in self._committed)
        return [Schedule(name, bar.index, bar.start, bar.end, ()) for name, bar in unknown]

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
        chosen: tuple[Wanted, ...] = ()
        for chosen in self._unwritten(now):
            if not self._closed(chosen[0], now, self.pace.seconds_for(len(chosen))):
                break
        self._composing = self._request(chosen) if chosen else self._turns.request(self.session, self.pages)
        return self._composing

    def _unwritten(self, now: float) -> Iterator[tuple[Wanted, ...]]:
        """What the model should write, bar by bar, most urgent first: each time what can be asked for together."""
        tick = self._place(now)
        for index in bars_to_compose(self.session, tick, self.horizon):
            wanted = [one for one in self._unwritten_in(index, tick) if not self._closed(one, now)]
            if wanted:
                # A part that comes in with a change is asked for with those that go on through it.
                basis = wanted[0].change.plan
                yield tuple(one for one in wanted if one.change.plan is basis)

    def _unwritten_in(self, index: int, tick: float) -> list[Wanted]:
        """What the model should write in a bar: what is blank, and what is a mere back-up."""
        if self._repeats(index):
            return []
        return [one for one in self._wanted(index, tick, for_good=True) if not one.rests]

    def _request(self, wanted: tuple[Wanted, ...]) -> BarRequest:
        plan = wanted[0].change.plan
        for one in wanted:
            plan = one.narrowed(plan)
        kept = [one.kept for one in wanted if one.kept is not None]
        return request_for(self.session, plan, [one.part for one in wanted], self.pages.written, kept)

    def _wanted(self, index: int, tick: float, for_good: bool = False) -> list[Wanted]:
        """What the parts of a bar want, in score order. for_good: also what has a back-up only."""
        changes = self._changes.within(self.session, index)
        parts = changes[-1].plan.parts if changes else ()
        found = (self._wanted_by(changes, part, tick, for_good) for part in parts)
        return [one for one in found if one is not None]

    def _wanted_by(self, changes: tuple[Change, ...], part: Part, tick: float, for_good: bool) -> Wanted | None:
        plan = changes[-1].plan
        written = self.pages.valid(plan, part, self.session)
        if written is not None:
            return back_up_of(changes, part.name, written) if for_good else None
        page, held = self.pages.at(part.name, plan.bar.index), self._committed.get((part.name, plan.bar.index))
        sounding = held.written if held is not None and self._begun(held, tick) else None
        stays = self._played_out(held, plan, tick) and not self._comes_again(plan.bar)
        going_on = sounding is not None and (len(changes) > 1 or stays)
        return wanted(changes, part.name, (page, sounding), tick if going_on else None)

    def _closed(self, wanted: Wanted, now: float, seconds: float = 0.0) -> bool:
        """True when an answer of the model that comes so many seconds from now is too late for what is wanted."""
        return self._bar_closed(wanted.plan.bar.index, now, seconds, None if wanted.kept is None else wanted.tick)

    def _bar_closed(self, index: int, now: float, seconds: float = 0.0, from_tick: int | None = None) -> bool:
        closing = deadline(self.session, index, self.horizon.closing_seconds, now, from_tick)
        return closing is not None and now + seconds >= closing

    def _begun(self, held: _Committed, tick: float) -> bool:
        return self.session.transport.rolling and held.start <= tick < held.end

    def _played_out(self, held: "_Committed | None", plan: BarPlan, tick: float) -> bool:
        """True for a bar that has begun and still meets what it must: its notes are half heard, and half of another
        answer would be worse."""
        return held is not None and self._begun(held, tick) and held.begins <= tick and held.landings == plan.landings

    def _comes_again(self, bar: Bar) -> bool:
        """True for a bar that the whole loop is in: while it sounds, it is its own next bar."""
        loop = self.session.transport.turning
        return loop is not None and loop.lies_in(bar.start, bar.end)

    def _back_up(self, index: int, tick: float) -> None:
        """Have notes for every part of the bar, but for those that are being played out and do not come again."""
        if self._repeats(index):
            self._repeat(index)
        # Several changes in one bar are written one after another, each going on from the last.
        for _ in self._changes.within(self.session, index):
            self._write_fallback(self._wanted(index, tick), Source.BACK_UP)

    def _write_fallback(self, blank: list[Wanted], source: Source) -> None:
        for one in blank:
            earlier = self._unspliced.get((one.part, one.plan.bar.index))
            if earlier is not None and earlier.basis == one.change.plan.basis(one.part):
                self.pages.keep((earlier,))
            elif one.rests and one.kept is not None:
                self._keep(one, one.left())
            else:
                self._keep(one, self._fallback(one, source))

    def _fallback(self, wanted: Wanted, source: Source) -> ComposedBar:
        plan, name = wanted.plan, wanted.part
        past = request_for(self.session, plan, (name,), self.pages.written).past
        part = next(part for part in plan.parts if part.name == name)
        return fallback_bar(plan, part, past, source)

    def _keep(self, wanted: Wanted, written: ComposedBar) -> None:
        """Put an answer on its page, after what is kept of the bar."""
        if wanted.kept is not None and wanted.kept.kept_until != wanted.tick:
            self._unspliced[wanted.part, written.bar] = wanted.kept
        self.pages.keep((wanted.joined(written),))

    def _repeats(self, index: int) -> bool:
        plan = plan_bar(self.session, index)
        return plan is not None and plan.repeats is not None

    def _repeat(self, index: int) -> None:
        """Have the notes of the frozen bar in this one."""
        plan = plan_bar(self.session, index)
        if plan is None or plan.repeats is None:
            return
        self._back_up(plan.repeats, -1)
        frozen = self.session.timeline.meter_map.bar(plan.repeats)
        for part in plan.parts:
            if self.pages.valid(plan, part, self.session) is None:
                page = self.pages.at(part.name, plan.repeats)
                notes, source = (page.notes, settled(page).source) if page is not None else ((), Source.FALLBACK)
                self.pages.keep((repeated_bar(plan, part, frozen, notes, source),))

    def _settle_locked(self, before: Session) -> None:
        """A lock keeps a back-up too: a person locks what there is, whoever wrote it."""
        if self.session.locked != before.locked:
            self.pages.settle(lambda bar: self._locked(bar.part))

    def _spared(self, bar: ComposedBar) -> bool:
        frozen = self.session.frozen
        stays = self._locked(bar.part) or (frozen is not None and bar.bar == frozen.bar)
        return stays or (bar.part, bar.bar) in self._committed

    def _locked(self, name: str) -> bool:
        part = self._ensemble.get(name)
        return part is not None and self.session.keeps(part)

    def _begin(self, tick: float) -> None:
        """Count the bars that have begun, and keep for good what they began with: it will be half heard."""
        if not self.session.transport.rolling:
            return
        begun: dict[int, list[Source]] = {}
        for (name, index), held in self._committed.items():
            if held.begun or not held.begins <= tick < held.end or held.written is None:
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

    def _commit(self, index: int, tick: float) -> list[Schedule]:
        """What play must be given of a bar."""
        plan, bar = plan_bar(self.session, index), self.session.timeline.meter_map.bar(index)
        turn = turn_in(self.session, bar.start, bar.end)
        schedules = []
        for part in self._parts_of(plan) if plan is not None else ():
            written = self.pages.valid(plan, part, self.session) if plan is not None else None
            if plan is None or written is None:
                continue
            held = self._committed.get((part.name, index))
            level = None if self.session.stays(part, bar) or plan.repeats is not None else plan.controls.intensity
            changed = _Committed(part, written, bar.start, bar.end, plan.landings, level, self._sent(part, written))
            next_turn = False
            if held is not None and held.written == written:
                if held.whole and held.level == level:
                    continue
                # Locked, or let go: the same notes, whose velocities stay or follow. Or in another loop.
                changed = replace(held, level=level, whole=True)
            elif held is not None and self._played_out(held, plan, tick) and changed.begins <= held.begins:
                if not self._comes_again(bar):
                    continue
                next_turn, changed = True, replace(changed, begun=True)
            self._committed[part.name, index] = changed
            schedules.append(replace(self._schedule(changed, index, turn), next_turn=next_turn))
        return schedules + (self._fall_silent(plan, index, turn) if turn is not None else [])

    def _sent(self, part: Part, written: ComposedBar) -> tuple[Note, ...]:
        return written.notes if self.session.keeps(part) else before_turns(self.session, written.notes)

    def _schedule(self, held: _Committed, index: int, turn: int | None) -> Schedule:
        start, cut_at = held.start, None
        if turn is not None and not self.session.keeps(held.part):
            start, cut_at = min(start, cleared_from(self.session, turn)), turn
        elif held.begins > held.start:
            cut_at = next((note.tick for note in held.sent if note.tick >= held.begins), None)
        return Schedule(held.part.name, index, start, held.end, held.sent, cut_at, level=held.level)

    def _fall_silent(self, plan: BarPlan | None, index: int, turn: int) -> list[Schedule]:
        """End what sounds of the parts that play no more after a turn in the bar."""
        bar = self.session.timeline.meter_map.bar(index)
        playing = {part.name for part in self._parts_of(plan)} if plan is not None else set()
        schedules = []
        for name, part in self._ensemble.items():
            held = self._committed.get((name, index))
            rests = held is not None and held.written is None and held.start == turn
            if name not in playing and not rests and not self.session.keeps(part):
                self._committed[name, index] = _Committed(part, None, turn, bar.end, (), None)
                start = min(turn, cleared_from(self.session, turn))
                schedules.append(Schedule(name, index, start, bar.end, (), turn))
        return schedules

    def _parts_of(self, plan: BarPlan) -> tuple[Part, ...]:
        """The plan's parts, and those it left out that are locked and have notes here."""
        self._ensemble.update((part.name, part) for part in plan.parts)
        left_out = self._ensemble.keys() - {part.name for part in plan.parts}
        locked = (self._ensemble[name] for name in sorted(left_out) if self.session.keeps(self._ensemble[name]))
        return plan.parts + tuple(part for part in locked if self.pages.at(part.name, plan.bar.index) is not None)

    def _turned(self, tick: float) -> bool:
        """True when the loop has turned since the last step: all of its bars are to begin anew."""
        loop = self.session.transport.turning
        # Not any step back: play's reports correct the position by hairs.
        if turned := loop is not None and self._tick - tick > (loop.end - loop.start) / 2:
            self._committed = {key: replace(held, begun=False) for key, held in self._committed.items()}
            self._counted.clear()
            # A turn is a jump that nobody tells.
            self.session = jumped(self.session, loop.end, tick)
        self._tick = tick if self.session.transport.rolling else -inf
        return turned

    def _withdraw(self, tick: float, near: Sequence[int]) -> list[Schedule]:
        """Take back what play holds and no plan asks for. Of a loop that is done when its bars come near: until then
        the old notes are better than none, should nobody come to it."""
        schedules, loop = [], self.session.transport.turning
        # By ticks: where the metre has changed a bar's index is another's.
        coming = [self.session.timeline.meter_map.bar(index) for index in near]
        for (name, index), held in list(self._committed.items()):
            if held.end <= tick and (loop is None or not loop.holds(held.start, held.end)):
                del self._committed[name, index]
                self._unspliced.pop((name, index), None)
                self._counted.discard(index)
                continue
            comes = held.end > tick or any(bar.start < held.end and held.start < bar.end for bar in coming)
            if comes and not self._holds(index, held, tick):
                del self._committed[name, index]
                schedules.append(Schedule(name, index, held.start, held.end, ()))
        return schedules

    def _holds(self, index: int, held: _Committed, tick: float) -> bool:
        if self.session.keeps(held.part):
            return True
        if held.written is None:
            turned = turn_in(self.session, held.start, held.start + 1) is not None
            return turned and not self._asked_for(held.part, index)
        for change in self._changes.within(self.session, index):
            # What is still right before a change in the bar stays until the new notes are there.
            if held.part in change.plan.parts and (
                held.written.basis == change.plan.basis(held.part.name) or self._played_out(held, change.plan, tick)
            ):
                return True
        return False

    def _asked_for(self, part: Part, index: int) -> bool:
        plan = plan_bar(self.session, index)
        return plan is not None and part in plan.parts


def _covers(given: Schedule, withdrawn: Schedule) -> bool:
    """True when what is given takes the place of all that is withdrawn."""
    return given.part == withdrawn.part and given.start <= withdrawn.start and withdrawn.end <= given.end
