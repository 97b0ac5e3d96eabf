"""What is written, as clips for a host's arrangement: one a part, with the controllers that follow the dynamics."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b

from hitpoint.engine.pages import Pages
from hitpoint.engine.pending_takes import job_name
from hitpoint.engine.written_parts import written_parts
from hitpoint.errors import HostError
from hitpoint.hosts.clip_job import Clip, ClipJob
from hitpoint.planner.plan import plan_bar
from hitpoint.score.request import BarPlan
from hitpoint.score.session import Session

MOST_BARS = 2000
"""In one take: more than an hour, and no more than a host's script writes while a person waits."""
_TAKE_BYTES = 4


def keep_job(
    session: Session,
    pages: Pages,
    first: int,
    last: int,
    parts: frozenset[str],
    controllers: Sequence[int],
    name: str,
) -> ClipJob:
    """A job that writes bars `first` to `last` (indices; the last one where music plays, at most) as a take.

    parts: names of parts or stems; empty for all. name: tells this job from every other.
    Raises HostError when nothing is there.
    """
    plans = plans_of(session, first, last)
    clips = tuple(_clips(session, pages, plans, parts, controllers))
    if not clips:
        raise HostError(
            f"no part has notes in bars {first + 1} to {plans[-1].bar.index + 1}. Name other bars or parts."
        )
    take = blake2b(repr(clips).encode(), digest_size=_TAKE_BYTES).hexdigest()
    named = tuple(replace(clip, name=f"{clip.name} {take}") for clip in clips)
    return ClipJob(job_name(take, name), take, f"Hitpoint: keep take {take}", named)


def plans_of(session: Session, first: int, last: int) -> list[BarPlan]:
    """The plans of the bars in which something plays, to the end of the music at most. Raises HostError for none."""
    last = min(last, first + MOST_BARS - 1)
    plans: list[BarPlan] = []
    for index in range(first, last + 1):
        plan = plan_bar(session, index)
        if plan is not None:
            plans.append(plan)
        elif plans and not _plays_after(session, index, last):
            break
    if not plans:
        raise HostError(f"nothing plays in bar {first + 1} or after it. Name other bars.")
    return plans


def _plays_after(session: Session, index: int, last: int) -> bool:
    """True where the music goes on: a cue of later on, or after a rest. Looked for a while only, as bars never end."""
    return any(plan_bar(session, later) is not None for later in range(index + 1, min(last, index + 64) + 1))


def _clips(
    session: Session, pages: Pages, plans: Sequence[BarPlan], parts: frozenset[str], controllers: Sequence[int]
) -> Iterator[Clip]:
    start, end = plans[0].bar.start, plans[-1].bar.end
    for part, written in written_parts(session, pages, plans, end, controllers):
        if written.notes and (not parts or part.name in parts or part.instrument.stem in parts):
            moves = tuple((move.tick, move.controller, move.value) for move in written.moves)
            yield Clip(part.name, plans[0].cue, part.name, start, end, written.notes, moves, written.channel)
