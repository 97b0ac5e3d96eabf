"""Decides, at every moment, which bar to write next and what the play process must hear. No clock, no I/O.

The rule is one: for each bar within the commit horizon, what play holds must be what the pages hold, and what the
pages hold must answer the plan. `step` compares the three and says what differs.

Where the pages are blank there, the fallback writes a back-up at once, so that play holds the next bars whole whatever
becomes of the others. The model's answer takes its place if it comes before the bar closes; a bar that began as a
back-up stays one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf

from hitpoint.engine.asked import Asked
from hitpoint.engine.bar_states import MOST_SHOWN, BarState, bar_states
from hitpoint.engine.blanks import Blanks
from hitpoint.engine.heard import Heard
from hitpoint.engine.in_play import InPlay, without_replaced
from hitpoint.engine.pace import Pace
from hitpoint.engine.pages import Pages
from hitpoint.engine.played_bars import PlayedBars
from hitpoint.engine.splices import Changes, Wanted
from hitpoint.engine.stingers import Stingers
from hitpoint.engine.turn_variations import TurnVariations
from hitpoint.errors import HostError
from hitpoint.planner.dynamics import dynamics_of
from hitpoint.planner.horizon import Horizon, bars_to_commit, bars_to_compose, deadline
from hitpoint.planner.phrases import REACH_BARS
from hitpoint.planner.plan import plan_bar
from hitpoint.planner.stinger_place import earliest_place, place_of
from hitpoint.planner.wishes import event_of, jumped, settled_wishes, turned
from hitpoint.scheduler.performance import Schedule
from hitpoint.score.dynamics import Dynamics
from hitpoint.score.ensemble import part_named
from hitpoint.score.request import BarPlan, BarRequest, ComposedBar
from hitpoint.score.session import Event, PersonEvent, Session, wishes_between
from hitpoint.score.stinger import Stinger, StingerAsked
from hitpoint.score.when import When
from hitpoint.score.wish import Wish
from hitpoint.timeline.host_event import Located, LoopChanged, MarkersChanged, MeterMapChanged, Started, Stopped
from hitpoint.timeline.transport import Transport

WRITTEN_AHEAD_BARS = 4
"""Bars that are written before who starts at once rolls, as they would be while a person reaches for Play."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done now."""

    schedules: tuple[Schedule, ...]
    """For play, in order."""
    request: BarRequest | None
    """For compose; None while it is busy or nothing is wanted."""


class Conductor:
    """The session, the pages, and what play already has. Process: control."""

    def __init__(self, session: Session, horizon: Horizon, pages: Pages | None = None) -> None:
        self.session = session
        self.pages = Pages() if pages is None else pages
        self.horizon = horizon
        self.pace = Pace()
        """How fast the model is."""
        changes = Changes()
        self._in_play = InPlay(changes)
        self._blanks = Blanks(self.pages, self._in_play, changes)
        self._dynamics: Dynamics | None = None
        self._drawn_from: tuple[list[BarPlan], int] | None = None
        self.also: tuple[int, ...] = ()
        """Indices of bars that are to be written as well, when all that will be heard soon is."""
        self._composing: BarRequest | None = None
        self._lost: int | None = None
        """Index of the bar that was asked for when the model's process died, until another answer comes."""
        self._stingers = Stingers()
        self._turns = TurnVariations()
        self._heard = Heard()
        self._tick = -inf
        """Of the last step, while it rolls."""
        self._asked = Asked()
        self._now: float | None = None
        """Second of the last step."""

    def apply(self, event: Event) -> None:
        """Take in what the host or a person did. Raises HostError for what cannot be; then nothing has changed."""
        before, after = self.session, self.session.apply(event)
        if isinstance(event, PersonEvent):
            self._asked.remember(event, self.session)
        self.session = after
        self._settle_locked(before)
        if isinstance(event, Located | Started | LoopChanged | MarkersChanged | MeterMapChanged):
            self._look_again(before, event)
        if isinstance(event, Located | Stopped | LoopChanged | MeterMapChanged):
            self._leave()
        if isinstance(event, Located | Stopped):
            # Play has dropped what it held: a stop or a jump silences and clears it at once, without asking.
            self.forget_play()
            self._in_play.break_off()
            self._stingers.clear()
            self._turns.leave()
            self._tick = -inf
        if isinstance(event, LoopChanged):
            self._in_play.change_loop()

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
            self._asked.remember(event, self.session)
        self.session = self.session.apply(event)
        return event

    def undo(self, now: float) -> tuple[PersonEvent, ...]:
        """Take back what a person asked last, at second `now`. Returns what that comes to, for those who show it.

        What has sounded cannot be taken back: a stinger that has begun is passed over.
        Raises HostError when there is nothing to take back.
        """
        before = self.session
        self.session = self._asked.take_back(before, self._place(now), self._stingers.begun)
        self._settle_locked(before)
        return wishes_between(before, self.session)

    def adopt(self, transport: Transport) -> None:
        """Go on from where play is already. What it holds is told again, which changes nothing where it is the same;
        what it may hold and nobody wants any more is taken back."""
        self.session = replace(self.session, transport=transport)
        self.forget_play()
        self._in_play.adopt()

    def _look_again(
        self, before: Session, event: Located | Started | LoopChanged | MarkersChanged | MeterMapChanged
    ) -> None:
        """What is still to come is looked for anew: behind a loop that is set now, it would never come."""
        at = event.at if isinstance(event, Located) else self._now
        if at is None:
            return
        tick = before.transport.tick_at(at, before.timeline.tempo_map)
        self.session = jumped(self.session, tick, event.tick if isinstance(event, Located) else tick)

    def forget_play(self) -> None:
        """Play holds nothing: it was started anew, or went elsewhere."""
        self._in_play.forget()
        self._stingers.forget_play()
        self._dynamics = None

    def failed(self, lost: bool = False) -> None:
        """What was asked of compose will not be answered: the fallback writes it, so that it is not asked again.

        lost: the process died meanwhile. What it died of is not known, so the bar is asked for once more.
        """
        asked, self._composing = self._composing, None
        if self._turns.take(asked, ()):
            return
        if asked is not None:
            index = asked.plan.bar.index
            if lost and index != self._lost:
                self._lost = index
                return
            self._blanks.give_up(self._heard_in(index), index, self._place(self._now or 0.0))

    def composed(self, bars: tuple[ComposedBar, ...], seconds: float, now: float) -> None:
        """Take in an answer that took so many seconds to write. What changed meanwhile, or came too late, is left out.

        now: second of the clock.
        """
        asked, self._composing, self._lost = self._composing, None, None
        if asked is not None:
            self.pace = self.pace.after(len(asked.write), seconds)
        if self._turns.take(asked, bars):
            return
        tick = self._place(now)
        for bar in bars:
            wanted = self._blanks.for_model(self._heard_in(bar.bar), bar.bar, tick)
            one = next((one for one in wanted if one.part == bar.part), None)
            if one is None or bar.basis != one.plan.basis(bar.part):
                continue
            held = self._in_play.at(bar.part, bar.bar)
            if held is None or not self._closed(one, now):
                self._blanks.keep(one, bar)

    def dynamics(self, now: float) -> Dynamics | None:
        """How strong the music is from here on, as far as play holds notes; None when play knows already.

        Cheap beside a step: a hand on a fader is answered by this, before anything is written anew.
        """
        bars = set(bars_to_commit(self.session, self._place(now), self.horizon))
        if (loop := self.session.transport.turning) is not None:
            # Play has the whole loop, and keeps it should it hear no more.
            whole = self.session.timeline.meter_map.bars_between(loop.start, loop.end)
            bars.update(bar.index for bar in whole[: self.horizon.most_bars])
        # More at either end: falls come from the bar before, rises lead to the one after, and a phrase is seen whole.
        around = sorted({index + more for index in bars for more in range(-REACH_BARS, REACH_BARS + 1)})
        planned = (plan_bar(self._heard.now(self.session, index), index) for index in around)
        drawn_from = ([plan for plan in planned if plan is not None], self.pages.revision)
        # Mostly the very same plans: to see that costs nothing beside drawing them.
        if self._dynamics is not None and drawn_from == self._drawn_from:
            return None
        self._drawn_from = drawn_from
        dynamics = dynamics_of(drawn_from[0], self.pages.notes)
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
        self._heard.look(self.session, tick)
        self._in_play.ahead = self._heard.ahead
        self.session = self._turns.adopt(
            self.session, self._heard_in, self.pages, lambda index: self._bar_closed(index, now)
        )
        near = bars_to_commit(self.session, self._place(now), self.horizon)
        withdrawn, given = self._in_play.withdraw(self.session, tick, near, self._heard_in), list[Schedule]()
        for index in near:
            self._blanks.back_up(self._heard_in(index), index, tick)
            given += self._in_play.give(self._heard_in(index), self.pages, index, tick)
        withdrawn += self._in_play.unknown(self.session, self.pages, near)
        self._blanks.forget_ended()
        self._in_play.begin(self.session, self.pages, tick)
        self.pages.forget_oldest(self._spared)
        stingers, over = self._stingers.step(self.session, tick)
        self.session = self.session.without_stingers(over)
        kept = without_replaced(withdrawn, given)
        return Step((*kept, *given, *stingers), self._next_request(now))

    @property
    def played(self) -> PlayedBars:
        """Who wrote what was heard so far."""
        return self._in_play.played

    def bars_ahead(self, now: float) -> tuple[BarState, ...]:
        """The state of the bar that the host is in, and of the next ones, at second `now` of the clock."""
        place = self._place(now)
        bars = bars_to_compose(self.session, place, self.horizon)[:MOST_SHOWN]
        playing = bars[0] if self.session.transport.rolling else None
        return bar_states(self._heard_in, self.pages, bars, playing, self.writing)

    @property
    def writing(self) -> int | None:
        """Index of the bar that the model is at; None for none."""
        return None if self._composing is None else self._composing.plan.bar.index

    def bars_ready(self, tick: float) -> int:
        """How many bars in a row, from the one at `tick` on, have all their notes, as far as is looked ahead."""
        ready = 0
        for index in bars_to_compose(self.session, tick, self.horizon):
            heard = self._heard_in(index)
            plan = plan_bar(heard, index)
            if plan is not None and self.pages.missing(plan, heard):
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
        if chosen:
            self._composing = self._blanks.request(self._heard_in(chosen[0].plan.bar.index), chosen)
        else:
            self._composing = self._turns.request(self._heard_in, self.pages)
        return self._composing

    def _unwritten(self, now: float) -> Iterator[tuple[Wanted, ...]]:
        """What the model should write, bar by bar, most urgent first: each time what can be asked for together."""
        tick = self._place(now)
        for index in (*bars_to_compose(self.session, tick, self.horizon), *self.also):
            wanted = self._blanks.for_model(self._heard_in(index), index, tick)
            wanted = [one for one in wanted if not self._closed(one, now)]
            if wanted:
                # A part that comes in with a change is asked for with those that go on through it.
                basis = wanted[0].change.plan
                yield tuple(one for one in wanted if one.change.plan is basis)

    def _closed(self, wanted: Wanted, now: float, seconds: float = 0.0) -> bool:
        """True when an answer of the model that comes so many seconds from now is too late for what is wanted."""
        return self._bar_closed(wanted.plan.bar.index, now, seconds, None if wanted.kept is None else wanted.tick)

    def _bar_closed(self, index: int, now: float, seconds: float = 0.0, from_tick: int | None = None) -> bool:
        closing = deadline(self.session, index, self.horizon.closing_seconds, now, from_tick)
        return closing is not None and now + seconds >= closing

    def _settle_locked(self, before: Session) -> None:
        """A lock keeps a back-up too: a person locks what there is, whoever wrote it."""
        if self.session.locked != before.locked:
            self.pages.settle(lambda bar: _keeps(self.session, bar.part))

    def _spared(self, bar: ComposedBar) -> bool:
        frozen = self.session.frozen
        stays = _keeps(self.session, bar.part) or (frozen is not None and bar.bar == frozen.bar)
        return stays or self._in_play.at(bar.part, bar.bar) is not None

    def _leave(self) -> None:
        """Where the host is from now on the next step sees."""
        self._heard.leave()
        self._in_play.ahead = None

    def _heard_in(self, index: int) -> Session:
        """The session that a bar is heard in when it comes next."""
        return self._heard.in_bar(self.session, index)

    def _turned(self, tick: float) -> bool:
        """True when the loop has turned since the last step: all of its bars are to begin anew."""
        loop = self.session.transport.turning
        # Not any step back: play's reports correct the position by hairs.
        if around := loop is not None and self._tick - tick > (loop.end - loop.start) / 2:
            self._in_play.turn()
            self._leave()
            self.session = turned(self.session)
        self._tick = tick if self.session.transport.rolling else -inf
        return around


def _keeps(session: Session, name: str) -> bool:
    """True for the name of a locked part."""
    part = part_named(name)
    return part is not None and session.keeps(part)
