"""What is so of each bar from where the host is on, as a person wants to see it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from hitpoint.engine.pages import Pages
from hitpoint.planner.plan import plan_bar
from hitpoint.score.request import BarPlan, Source
from hitpoint.score.session import Session

MOST_SHOWN = 12
"""Bars that are told: as many as fit a line, and a packet."""


class Stage(Enum):
    """How far a bar has come."""

    REST = "rest"
    """Nothing plays in it."""
    PLANNED = "planned"
    """The model is still to be asked."""
    WRITING = "writing"
    """The model is at it."""
    READY = "ready"
    """Written as it will stay."""
    PLAYING = "playing"
    """It is heard."""


@dataclass(frozen=True, slots=True)
class BarState:
    """One bar, all of its parts together."""

    bar: int
    """Counted from 1, as hosts do."""
    stage: str
    """A value of Stage."""
    by: str
    """Whose notes it has, a value of Source: of all sources in it the least wanted. Empty where a part has none."""


def bar_states(
    heard: Callable[[int], Session], pages: Pages, bars: Iterable[int], playing: int | None, writing: int | None
) -> tuple[BarState, ...]:
    """The states of `bars`.

    heard: the session as the bar of an index is heard in it.
    playing: index of the bar that is heard. writing: of the one that the model is at. None for none.
    """
    found = []
    for index in bars:
        session = heard(index)
        plan = plan_bar(session, index)
        if plan is None:
            found.append(BarState(index + 1, Stage.REST.value, ""))
            continue
        if index == playing:
            stage = Stage.PLAYING
        elif index == writing:
            stage = Stage.WRITING
        else:
            stage = Stage.PLANNED if pages.missing(plan, session) else Stage.READY
        found.append(BarState(index + 1, stage.value, _by(session, pages, plan)))
    return tuple(found)


def _by(session: Session, pages: Pages, plan: BarPlan) -> str:
    if pages.blank(plan, session):
        return ""
    written = (pages.valid(plan, part, session) for part in plan.parts)
    sources = {bar.source for bar in written if bar is not None}
    least: Source = next(one for one in (Source.BACK_UP, Source.FALLBACK, Source.MODEL) if one in sources)
    return str(least.value)
