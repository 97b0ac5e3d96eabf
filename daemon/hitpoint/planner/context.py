"""What goes to the model with a bar's plan: what else plays in the bar, and what came before."""

from collections.abc import Callable, Sequence

from hitpoint.planner.echo import said_again
from hitpoint.planner.plan import plan_bar
from hitpoint.score.ensemble import part_named
from hitpoint.score.request import BarPlan, BarRequest, ComposedBar, WrittenBar
from hitpoint.score.session import Session

PAST_BARS = 8
"""Bars before that are worth reading. Our choice; the model keeps what it can hold."""


def request_for(
    session: Session,
    plan: BarPlan,
    write: Sequence[str],
    written: Callable[[BarPlan], WrittenBar],
    kept: Sequence[ComposedBar] = (),
) -> BarRequest:
    """Ask for the parts named `write` of the bar of `plan`.

    kept: what stands of those parts in the bar already, and is gone on with.
    written: what stands in a planned bar, right or stale; the parts not in `write` are given as it says.
    What a part says again of an earlier bar goes with it, but for a part that is locked or gone on with.
    The past is of the same cue: a new cue does not go on where the last one ended. Nor does a state that begins anew.
    """
    given = tuple(bar for bar in written(plan).parts if bar.part not in write)
    past = []
    for index in range(max(plan.past_from, plan.bar.index - PAST_BARS, 0), plan.bar.index):
        earlier = plan_bar(session, index)
        if earlier is not None and earlier.cue == plan.cue:
            bar = written(earlier)
            if bar.parts:
                past.append(bar)
    said = said_again(plan, lambda index: plan_bar(session, index), written)
    if said is not None and (_stays(session, said.part) or said.part in {bar.part for bar in kept}):
        said = None
    return BarRequest(plan, tuple(write), given, tuple(past), tuple(kept), said)


def _stays(session: Session, name: str) -> bool:
    part = part_named(name)
    return part is not None and session.keeps(part)
