"""Changes that take hold inside a bar: what was written before the tick stays, what begins at it or later is new.

A bar has one plan for every change in it, in time order: the first is of the music before all of them, the last is
what is asked for now. Notes that answer one of the earlier plans are gone on with from the next change on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hitpoint.planner.plan import plan_bar
from hitpoint.planner.turns import cleared_from, kept_before, turn_in
from hitpoint.score.request import BarPlan, ComposedBar, Source
from hitpoint.score.session import Session

MOST_BARS = 256
"""Bars whose changes are remembered: several times what is looked at around one place. Nobody may touch a session for
days."""


@dataclass(frozen=True, slots=True)
class Change:
    """A bar as it is asked for from a tick on."""

    session: Session
    """As it is heard until the next change in the bar."""
    plan: BarPlan
    tick: int | None
    """Where in the bar it takes hold; None for the bar line."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Notes that a part wants in a bar."""

    change: Change
    part: str
    kept: ComposedBar | None = None
    """What stands in the bar and is gone on with from the change's tick on; None to write the whole bar."""

    @property
    def tick(self) -> int:
        """The first tick that is written anew."""
        plan = self.change.plan
        return plan.bar.start if self.kept is None or self.change.tick is None else self.change.tick

    @property
    def plan(self) -> BarPlan:
        """What to ask for."""
        return self.narrowed(self.change.plan)

    def narrowed(self, plan: BarPlan) -> BarPlan:
        """The plan, in which the part begins at the change where something is kept."""
        if self.kept is None:
            return plan
        first, last = plan.span(self.part)
        others = tuple(span for span in plan.spans if span[0] != self.part)
        return replace(plan, spans=(*others, (self.part, max(first, self.tick), last)))

    @property
    def rests(self) -> bool:
        """True when the part has nothing to play from the change on."""
        first, last = self.plan.span(self.part)
        return first > last or all(part.name != self.part for part in self.plan.parts)

    def joined(self, written: ComposedBar) -> ComposedBar:
        """The bar as it then stands: what is kept before the change, and what was written from it on."""
        basis = self.change.plan.basis(self.part)
        if self.kept is None:
            return replace(written, basis=basis)
        new = tuple(note for note in written.notes if note.tick >= self.tick)
        session = self.change.session
        if turn_in(session, self.tick, self.tick + 1) is not None:
            kept = kept_before(self.kept.notes, cleared_from(session, self.tick), self.tick)
        else:
            # The same part goes on: what it holds gives way to its next note, not to a tick.
            kept = kept_before(self.kept.notes, self.tick, new[0].tick if new else None)
        return replace(written, basis=basis, notes=kept + new, kept_until=self.tick)

    def left(self) -> ComposedBar:
        """The bar of a part that rests from the change on."""
        return self.joined(ComposedBar(self.part, self.plan.bar.index, "", (), Source.FALLBACK))


class Changes:
    """The changes in each bar, remembered for as long as the session is the very same: they are asked for every part
    of every bar ahead, dozens of times a second."""

    def __init__(self) -> None:
        self._session = Session()
        self._found: dict[int, tuple[Change, ...]] = {}

    def within(self, session: Session, index: int) -> tuple[Change, ...]:
        """The plans of a bar, from that of the music before all changes in it to the one that is asked for now."""
        if session is not self._session:
            self._session, self._found = session, {}
        if index not in self._found:
            if len(self._found) >= MOST_BARS:
                del self._found[next(iter(self._found))]
            self._found[index] = tuple(_changes_in(session, index))
        return self._found[index]


def _changes_in(session: Session, index: int) -> Iterator[Change]:
    bar = session.timeline.meter_map.bar(index)
    ticks = session.holds_from(bar.start, bar.end)
    sessions = [*(session.before(tick) for tick in ticks), session]
    for heard, tick in zip(sessions, (None, *ticks), strict=True):
        plan = plan_bar(heard, index)
        if plan is not None:
            yield Change(heard, plan, tick)


def wanted(
    changes: Sequence[Change],
    part: str,
    standing: Sequence[ComposedBar | None],
    begun_at: float | None = None,
    comes_again: bool = False,
) -> Wanted | None:
    """What a part wants next in a bar; None when what stands is what is asked for.

    standing: the notes that are there, right or stale: on the page, and those that sound. begun_at: the position,
    where the bar has begun with those: then they are gone on with from the next change on, whatever they were made
    from. comes_again: the bar is its own next one, which has no more changes to come and is written whole.
    """
    answers = {change.plan.basis(part): place for place, change in enumerate(changes)}
    answered = [(answers[one.basis], one) for one in standing if one is not None and one.basis in answers]
    if answered:
        place, base = max(answered, key=lambda answer: answer[0])
        return Wanted(changes[place + 1], part, base) if place + 1 < len(changes) else None
    if begun_at is not None:
        coming = [change for change in changes if change.tick is not None and change.tick > begun_at]
        if coming or not comes_again:
            return Wanted(coming[0], part, standing[-1]) if coming else None
    return Wanted(changes[-1], part)


def back_up_of(changes: Sequence[Change], part: str, written: ComposedBar) -> Wanted | None:
    """What the model should write where the bar has notes; None where they are no mere back-up."""
    if written.source is not Source.BACK_UP:
        return None
    if written.kept_until is None:
        return Wanted(changes[-1], part)
    # Behind a change it may still answer for what follows the change, and for nothing before.
    change = next((one for one in changes if one.tick == written.kept_until), None)
    return None if change is None or change.plan.basis(part) != written.basis else Wanted(change, part, written)
