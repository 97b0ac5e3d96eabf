"""In which session each bar is heard when it comes next: as it is, or, in a loop, as the next turn has it.

What is asked for in time (a state, a bar that is let go) comes at its place in this turn, and holds from the start of
the next. So that the next turn begins with it on time it is written before this one is over. No clock, no I/O.
"""

from hitpoint.planner.horizon import comes_again
from hitpoint.planner.sync import earliest_tick
from hitpoint.planner.wishes import turned
from hitpoint.score.session import Session


class Heard:
    """Process: control."""

    def __init__(self) -> None:
        self._here: int | None = None
        """Index of the bar that the host is in; -1 at the very end of a turn, where none of it is left."""
        self.ahead: int | None = None
        """That index, where the bar is its own next one and only what comes next is still to be written. None where it
        is not."""
        self._turned = (Session(), Session())

    def leave(self) -> None:
        """The host goes elsewhere, or round in another loop: nothing is known until the next look."""
        self._here = self.ahead = None

    def look(self, session: Session, tick: float) -> None:
        """The host is at `tick`."""
        loop = session.transport.turning
        if loop is None:
            self.leave()
            return
        # The nearest tick, as what is to be written next is found: it is the turn a hair before it.
        nearest = max(0, round(tick))
        bar, before = session.timeline.meter_map.bar_at(nearest), self._here
        self._here = -1 if nearest == loop.end else bar.index
        # Not at the first look: what is heard of it in this turn is given first.
        again = before == bar.index and session.transport.rolling and comes_again(session, bar)
        differs = again and self._next_turn(session) is not session
        self.ahead = bar.index if differs and _all_come(session, tick, loop.end) else None

    def in_bar(self, session: Session, index: int) -> Session:
        """`session` as the bar of that index is heard in it when it comes next."""
        here = self._here
        if here is None or (index >= here >= 0 and index != self.ahead):
            return session
        return self._next_turn(session)

    def now(self, session: Session, index: int) -> Session:
        """The same, but for the bar that the host is in: `session` as that is heard now."""
        return session if index == self._here else self.in_bar(session, index)

    def _next_turn(self, session: Session) -> Session:
        """What a session is in the next turn; quick when asked again."""
        if self._turned[0] is not session:
            self._turned = (session, turned(session))
        return self._turned[1]


def _all_come(session: Session, tick: float, end: int) -> bool:
    """True when nothing is to come in this turn any more, but what is so near its end that play has it already."""
    return not session.holds_from(tick, end) or earliest_tick(session, tick) >= end
