"""A motif: the theme of the first cue that names it comes back in the others that do.

The theme is the line of one part over the cue's first bars, as far as no hit shapes them: of all parts that carry a
line there, the one that lies highest. Another cue begins with it: the same steps of the scale, in that cue's own key
and mode, in the same rhythm, on the part of that name or else the highest that plays, whole octaves away where its
range asks for it. A note that the other cue has no room for (a shorter bar, the clearance of its entrance) is left out.
The other parts are written around it. It is a copy, so that it can be heard and checked; the model does not vary it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from hitpoint.engine.pages import Pages
from hitpoint.planner.plan import plan_bar
from hitpoint.planner.theme import UNPITCHED, is_open, octaves_into, pitch_in, said_in, taken, top_of
from hitpoint.score.breath import breathing_of
from hitpoint.score.controls import Key
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, ComposedBar
from hitpoint.score.session import Session
from hitpoint.score.stem import Part

THEME_BARS = 4
"""Our choice: a phrase."""
LEAST_NOTES = 3
"""A line of fewer is none. Our choice."""


@dataclass(frozen=True, slots=True)
class Theme:
    """What comes back."""

    key: Key
    part: str
    """Name of the part it was taken from."""
    bars: tuple[tuple[Note, ...], ...]
    """One note at a time; ticks from the bar line, velocities from the softest that the bar allowed."""


def theme_of(session: Session, pages: Pages, bars: int) -> Theme | None:
    """The theme of a cue whose first bars are written; None where they have no line, or a hit in the first."""
    plans = _open_plans(session, min(THEME_BARS, bars))
    lines = []
    for part in _carriers(plans):
        line = tuple(top_of(pages.notes(part.name, plan.bar.index)) for plan in plans)
        pitches = [note.pitch for notes in line for note in notes]
        if len(pitches) >= LEAST_NOTES:
            playing = sum(bool(notes) for notes in line)
            lines.append((2 * playing >= len(plans), sum(pitches) / len(pitches), part, line))
    key = plans[0].controls.key if plans else None
    if not lines or key is None:
        return None
    _, _, part, line = max(lines, key=lambda one: one[:2])
    return Theme(key, part.name, tuple(taken(plan, notes) for plan, notes in zip(plans, line, strict=True)))


def restate(theme: Theme, session: Session, pages: Pages) -> tuple[str, int] | None:
    """Put the theme at the start of a cue: the part that has it, and for how many bars. None where there is no room."""
    plans = _open_plans(session, len(theme.bars))
    carriers = _carriers(plans)
    if not carriers:
        return None
    part = min(carriers, key=lambda one: (one.name != theme.part, -(one.instrument.low + one.instrument.high)))
    pitches = [
        pitch_in(note.pitch, theme.key, plan) for plan, notes in zip(plans, theme.bars, strict=False) for note in notes
    ]
    shift = octaves_into(pitches, part.instrument.low, part.instrument.high)
    bars = [said_in(theme.key, plan, part, notes, shift) for plan, notes in zip(plans, theme.bars, strict=False)]
    for plan, said in zip(plans, _played(part, plans, bars), strict=True):
        pages.keep([ComposedBar(part.name, plan.bar.index, plan.basis(part.name), said)])
    return part.name, len(plans)


def _played(part: Part, plans: Sequence[BarPlan], bars: Sequence[Sequence[Note]]) -> list[tuple[Note, ...]]:
    """The bars of a line as its player has them: one note at a time over bar lines, too, and with air."""
    onsets = sorted({note.tick for notes in bars for note in notes})
    ends = dict(pairwise(onsets))
    played: list[tuple[Note, ...]] = []
    for place, (plan, notes) in enumerate(zip(plans, bars, strict=True)):
        line = [replace(note, duration=min(note.end, ends.get(note.tick, note.end)) - note.tick) for note in notes]
        breathing = breathing_of(plan, part, plans[:place], [note for before in played for note in before])
        played.append(tuple(line) if breathing is None else breathing.written(line, ()))
    return played


def _open_plans(session: Session, bars: int) -> list[BarPlan]:
    """The plans of the first bars, as far as nothing is to be met in them but the entrance."""
    plans: list[BarPlan] = []
    for index in range(bars):
        plan = plan_bar(session, index)
        if plan is None or not is_open(plan):
            break
        plans.append(plan)
    return plans


def _carriers(plans: Sequence[BarPlan]) -> list[Part]:
    """The parts that play in all of the bars and can carry a line."""
    if not plans:
        return []
    everywhere = set.intersection(*({part.name for part in plan.parts} for plan in plans))
    return [part for part in plans[0].parts if part.name in everywhere and part.stem not in UNPITCHED]
