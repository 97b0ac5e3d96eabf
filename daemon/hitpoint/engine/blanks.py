"""What the pages still want, bar by bar: whole bars, and what follows a change inside one. The fallback fills them.

No clock, no I/O.
"""

from hitpoint.engine.in_play import InPlay
from hitpoint.engine.pages import Pages, settled
from hitpoint.engine.splices import Change, Changes, Wanted, back_up_of, wanted
from hitpoint.planner.context import request_for
from hitpoint.planner.fallback import fallback_bar
from hitpoint.planner.frozen import repeated_bar
from hitpoint.planner.horizon import comes_again
from hitpoint.planner.plan import plan_bar
from hitpoint.score.request import BarRequest, ComposedBar, Source
from hitpoint.score.session import Session
from hitpoint.score.stem import Part
from hitpoint.timeline.meter import Bar


class Blanks:
    """Process: control."""

    def __init__(self, pages: Pages, in_play: InPlay, changes: Changes) -> None:
        self._pages, self._in_play, self._changes = pages, in_play, changes
        self._unspliced: dict[tuple[str, int], ComposedBar] = {}
        """Bars as they were before a change took hold inside them: what comes again if it is called off."""

    def for_model(self, session: Session, index: int, tick: float) -> list[Wanted]:
        """What the model should write in a bar when the host is at `tick`: what is blank, and what is a back-up."""
        if _repeats(session, index):
            return []
        return [one for one in self._wanted(session, index, tick, for_good=True) if not one.rests]

    def request(self, session: Session, wanted: tuple[Wanted, ...]) -> BarRequest:
        """Ask for parts of one bar together; their changes have the same plan."""
        plan = wanted[0].change.plan
        for one in wanted:
            plan = one.narrowed(plan)
        kept = [one.kept for one in wanted if one.kept is not None]
        return request_for(session, plan, [one.part for one in wanted], self._pages.written, kept)

    def keep(self, wanted: Wanted, written: ComposedBar) -> None:
        """Put an answer on its page, after what is kept of the bar."""
        if wanted.kept is not None and wanted.kept.kept_until != wanted.tick:
            self._unspliced[wanted.part, written.bar] = wanted.kept
        self._pages.keep((wanted.joined(written),))

    def back_up(self, session: Session, index: int, tick: float) -> None:
        """Have notes for every part of a bar, but for those that are being played out and do not come again."""
        if _repeats(session, index):
            self._repeat(session, index)
        # Several changes in one bar are written one after another, each going on from the last.
        for _ in self._changes.within(session, index):
            self._fill(session, index, tick, Source.BACK_UP)

    def give_up(self, session: Session, index: int, tick: float) -> None:
        """Have notes for every part of a bar that the model will not write."""
        self._fill(session, index, tick, Source.FALLBACK)
        self._pages.settle(lambda bar: bar.bar == index)

    def forget_ended(self) -> None:
        """Bars that play does not hold any more are not called off."""
        ended = [key for key in self._unspliced if self._in_play.at(*key) is None]
        for key in ended:
            del self._unspliced[key]

    def _wanted(self, session: Session, index: int, tick: float, for_good: bool = False) -> list[Wanted]:
        """What the parts of a bar want, in score order. for_good: also what has a back-up only."""
        changes = self._changes.within(session, index)
        parts = changes[-1].plan.parts if changes else ()
        found = (self._wanted_by(session, changes, part, tick, for_good) for part in parts)
        return [one for one in found if one is not None]

    def _wanted_by(
        self, session: Session, changes: tuple[Change, ...], part: Part, tick: float, for_good: bool
    ) -> Wanted | None:
        plan = changes[-1].plan
        written = self._pages.valid(plan, part, session)
        if written is not None:
            # What is locked stays at its ticks: the answer for what is another bar now would take it away.
            stays = session.keeps(part) and _lies_elsewhere(written, plan.bar)
            return back_up_of(changes, part.name, written) if for_good and not stays else None
        page, held = self._pages.at(part.name, plan.bar.index), self._in_play.at(part.name, plan.bar.index)
        if held is None or held.written is None or not held.sounds(session, tick):
            return wanted(changes, part.name, (page,))
        again = comes_again(session, plan.bar)
        begun = len(changes) > 1 or (held.played_out(session, plan, tick) and not again)
        return wanted(changes, part.name, (page, held.written), tick if begun else None, again)

    def _fill(self, session: Session, index: int, tick: float, source: Source) -> None:
        for one in self._wanted(session, index, tick):
            earlier = self._unspliced.get((one.part, index))
            if earlier is not None and earlier.basis == one.change.plan.basis(one.part):
                self._pages.keep((earlier,))
            elif one.rests and one.kept is not None:
                self.keep(one, one.left())
            else:
                self.keep(one, self._fallback(session, one, source))

    def _fallback(self, session: Session, one: Wanted, source: Source) -> ComposedBar:
        plan = one.plan
        past = request_for(session, plan, (one.part,), self._pages.written).past
        part = next(part for part in plan.parts if part.name == one.part)
        kept = () if one.kept is None else tuple(note for note in one.kept.notes if note.tick < one.tick)
        return fallback_bar(plan, part, past, source, kept)

    def _repeat(self, session: Session, index: int) -> None:
        """Have the notes of the frozen bar in this one."""
        plan = plan_bar(session, index)
        if plan is None or plan.repeats is None:
            return
        self.back_up(session, plan.repeats, -1)
        frozen = session.timeline.meter_map.bar(plan.repeats)
        for part in plan.parts:
            if self._pages.valid(plan, part, session) is None:
                page = self._pages.at(part.name, plan.repeats)
                notes, source = (page.notes, settled(page).source) if page is not None else ((), Source.FALLBACK)
                self._pages.keep((repeated_bar(plan, part, frozen, notes, source),))


def _lies_elsewhere(written: ComposedBar, bar: Bar) -> bool:
    """True for what was written when the metre counted another bar by that index."""
    return any(not bar.start <= note.tick < bar.end for note in written.notes)


def _repeats(session: Session, index: int) -> bool:
    plan = plan_bar(session, index)
    return plan is not None and plan.repeats is not None
