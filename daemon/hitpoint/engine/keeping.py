"""Takes that people want in their host's arrangement: what is not written yet is written first, bar after bar.

What waits is remembered, and goes on when control dies and is made again.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from hitpoint.engine.conductor import Conductor
from hitpoint.engine.pending_takes import PendingTakes, Place
from hitpoint.engine.take_clips import keep_job, plans_of
from hitpoint.errors import HitpointError, HostError
from hitpoint.hosts.actions import KeepTake
from hitpoint.hosts.clip_job import ClipJob
from hitpoint.planner.plan import plan_bar
from hitpoint.score.session import Session
from hitpoint.timeline.timeline import Timeline

MOST_ASKED = 32
"""Takes that wait at once: more than a person means."""
BARS_A_STEP = 32
"""Bars that are looked at in one step: they are planned for it, and the step must stay short."""


@dataclass(slots=True)
class _Asked:
    name: str
    take: KeepTake
    bars: tuple[int, ...]
    written: int = 0
    """So many of them need no more looking at."""


class Keeping:
    """Process: control. give: takes a job that is ready. trouble: in words."""

    def __init__(
        self,
        controllers: Sequence[int],
        give: Callable[[ClipJob], None],
        trouble: Callable[[str], None],
        pending: PendingTakes | None = None,
    ) -> None:
        """controllers: those that follow the dynamics. pending: where what waits is remembered; None for nowhere."""
        self._controllers, self._give, self._trouble = controllers, give, trouble
        self._pending = PendingTakes(None) if pending is None else pending
        self._asked: deque[_Asked] = deque()
        self._looked: tuple[Place | None, Timeline | None] = (None, None)
        """Where what was left was looked for."""

    def ask(self, session: Session, take: KeepTake) -> None:
        """Have these bars kept as soon as they are written. Raises HitpointError where nothing plays, or
        where it cannot be remembered."""
        if len(self._asked) >= MOST_ASKED:
            raise HostError(f"{MOST_ASKED} takes wait to be written already. Wait for one of them.")
        bars = tuple(plan.bar.index for plan in plans_of(session, take.first, take.last))
        self._asked.append(_Asked(self._pending.ask(take), take, bars))

    @property
    def progress(self) -> tuple[int, int]:
        """Bars that are written of the take that waits, and how many it has; 0 of 0 when none waits."""
        return (self._asked[0].written, len(self._asked[0].bars)) if self._asked else (0, 0)

    def step(self, conductor: Conductor) -> None:
        """See what is written of the first take that waits, and have the rest written."""
        if self._pending.left:
            self._take_up(conductor.session)
        if not self._asked:
            conductor.also = ()
            return
        asked = self._asked[0]
        looked = asked.bars[asked.written : asked.written + BARS_A_STEP]
        for index in looked:
            plan = plan_bar(conductor.session, index)
            if plan is not None and conductor.pages.missing(plan, conductor.session):
                conductor.also = asked.bars[asked.written :][:BARS_A_STEP]
                return
            asked.written += 1
        if asked.written == len(asked.bars):
            self._asked.popleft()
            conductor.also = ()
            self._keep(conductor, asked)

    def _take_up(self, session: Session) -> None:
        """What was asked of a control before this one, once its project is open and has something to play there."""
        here = self._pending.here, session.timeline
        if here == self._looked:
            return
        self._looked = here
        for one in tuple(self._pending.left):
            if one.place == here[0] and isinstance(one.what, KeepTake):
                with suppress(HostError):
                    bars = tuple(plan.bar.index for plan in plans_of(session, one.what.first, one.what.last))
                    self._asked.append(_Asked(one.name, one.what, bars))
                    self._pending.left.remove(one)

    def _keep(self, conductor: Conductor, asked: _Asked) -> None:
        session, pages, take = conductor.session, conductor.pages, asked.take
        try:
            self._give(keep_job(session, pages, take.first, take.last, take.parts, self._controllers, asked.name))
        except HitpointError as error:
            self._pending.done(asked.name)
            self._trouble(str(error))
