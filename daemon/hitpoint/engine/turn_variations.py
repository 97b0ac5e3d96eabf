"""Another answer for each bar of the loop that is over, every turn, for who wants that.

It is asked for beside what there is, and takes its place whole once it is there: until then the old answer stands, so a
slow model makes the loop less varied and never silent. No clock, no I/O.
"""

from collections.abc import Callable

from hitpoint.engine.pages import Pages
from hitpoint.planner.context import request_for
from hitpoint.planner.plan import plan_bar
from hitpoint.score.request import BarRequest, ComposedBar
from hitpoint.score.session import BarVaried, Session


class TurnVariations:
    """Process: control."""

    def __init__(self) -> None:
        self._over: dict[int, None] = {}
        """Bars that want another answer, the one that was over first first."""
        self._asked: int | None = None
        self._answer: tuple[ComposedBar, ...] = ()
        """What takes its place as soon as the bar does not sound."""
        self._sounding: int | None = None

    def leave(self) -> None:
        """The transport is elsewhere: what sounded is not over but broken off."""
        self._sounding = None

    def pass_on(self, session: Session, tick: float, turned: bool) -> None:
        """The position is `tick` by now, perhaps in another turn: see which bar is over."""
        loop, meter_map = session.transport.turning, session.timeline.meter_map
        if loop is None or not session.loop_varies or not session.transport.rolling:
            self._over.clear()
            self._answer = ()
            self._sounding = None
            return
        left, self._sounding = self._sounding, meter_map.bar_at(round(tick)).index
        if left is not None and (turned or left != self._sounding):
            bar = meter_map.bar(left)
            if loop.holds(bar.start, bar.end):
                self._over[left] = None

    def request(self, heard: Callable[[int], Session], pages: Pages) -> BarRequest | None:
        """What to ask for next; None when nothing is wanted. The session is as if it had been adopted.

        heard: the session as the bar of an index is heard in it.
        """
        while self._over and not self._answer:
            index = next(iter(self._over))
            del self._over[index]
            varied = heard(index).apply(BarVaried(index))
            plan = plan_bar(varied, index)
            missing = pages.missing(plan, varied) if plan is not None else ()
            if plan is not None and missing:
                self._asked = index
                return request_for(varied, plan, missing, pages.written)
        return None

    def take(self, asked: BarRequest | None, bars: tuple[ComposedBar, ...]) -> bool:
        """True for an answer, perhaps none, that was asked for here: it is kept until it can be adopted."""
        index, self._asked = self._asked, None
        if asked is None or index is None:
            return False
        self._answer = bars
        return True

    def adopt(
        self, session: Session, heard: Callable[[int], Session], pages: Pages, closed: Callable[[int], bool]
    ) -> Session:
        """The session in which the answer stands, and so do the pages; unchanged when there is none, or not yet.

        heard: the session as the bar of an index is heard in it. closed: true for a bar whose notes may not change now.
        """
        if not self._answer or closed(self._answer[0].bar):
            return session
        bars, self._answer = self._answer, ()
        event = BarVaried(bars[0].bar)
        varied = heard(event.bar).apply(event)
        plan = plan_bar(varied, event.bar)
        # What was changed meanwhile has its own answers.
        if plan is None or any(bar.basis != plan.basis(bar.part) for bar in bars):
            return session
        if set(pages.missing(plan, varied)) - {bar.part for bar in bars}:
            return session
        pages.keep(bars)
        return session.apply(event)
