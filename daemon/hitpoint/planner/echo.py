"""A phrase that comes back has its line again: who says what once more, and in which notes.

The leading part's line, step for step in the bar's own key and mode and in the same rhythm, on who leads there now, in
octaves that lie well for that part. What a keyboard or a harp said itself it says again whole. Only what the model
wrote is a theme; the fallback's figures are none.
"""

from collections.abc import Callable, Iterator

from hitpoint.planner.form import SAID_AGAIN
from hitpoint.planner.phrases import leading_part
from hitpoint.planner.roles import MOST_OF_A_LINE
from hitpoint.planner.theme import UNPITCHED, is_open, octaves_into, pitch_in, said_in, taken, top_of
from hitpoint.score.controls import Key
from hitpoint.score.note import Note
from hitpoint.score.register import highest_key, home_key
from hitpoint.score.request import BarPlan, ComposedBar, Echo, Source, WrittenBar
from hitpoint.score.stem import Part

LEAST_NOTES = 3
"""What is said again has so many in its phrase at least. Our choice."""
_NEAR = SAID_AGAIN[1] - 1
"""Bars before and after one in which the same line may be said again."""

PlanOf = Callable[[int], BarPlan | None]
"""The plan of the bar of an index."""
Written = Callable[[BarPlan], WrittenBar]
"""What stands in a planned bar, right or stale."""


def echo_of(plan: BarPlan, earlier: BarPlan) -> Echo | None:
    """What the bar says again of an earlier one; None where one of them has something to meet, or nobody can."""
    if earlier.cue != plan.cue or not (is_open(plan) and is_open(earlier)):
        return None
    said_by, part = _leader(earlier), _leader(plan)
    if said_by is None or part is None:
        return None
    if part != said_by and max(part.instrument.polyphony, said_by.instrument.polyphony) > MOST_OF_A_LINE:
        return None
    return Echo(earlier.bar.index, said_by.name, part.name)


def said_again(plan: BarPlan, plan_of: PlanOf, written: Written) -> ComposedBar | None:
    """What a part of the bar is to say again; None where nothing is, or what was said first is not known."""
    echo = plan.echo
    part = None if echo is None else _part(plan, echo.part)
    if echo is None or part is None or plan.echoed(part.name) is None:
        return None
    statements = dict(_statements(plan, echo, plan_of, written))
    if plan.bar.index not in statements or sum(len(notes) for _, _, notes in statements.values()) < LEAST_NOTES:
        return None
    pitches = [pitch_in(note.pitch, key, bar) for bar, key, notes in statements.values() for note in notes]
    instrument, handed = part.instrument, echo.part != echo.said_by
    highest = min(highest_key(instrument, bar.register) for bar, _, _ in statements.values())
    home = home_key(instrument, 0.5 if plan.register is None else plan.register, leads=True) if handed else None
    shift = octaves_into(pitches, instrument.low, highest, home)
    _, key, notes = statements[plan.bar.index]
    said = tuple(sorted(said_in(key, plan, part, notes, shift)))
    return ComposedBar(part.name, plan.bar.index, plan.basis(part.name), said) if said else None


def _statements(
    plan: BarPlan, echo: Echo, plan_of: PlanOf, written: Written
) -> Iterator[tuple[int, tuple[BarPlan, Key, tuple[Note, ...]]]]:
    """The bars around in which the same line is said again, by index: plan, and the key and notes of what was first."""
    index = plan.bar.index
    for near in range(index - _NEAR, index + _NEAR + 1):
        other = plan if near == index else plan_of(near)
        if other is None or other.echo != Echo(echo.bar + near - index, echo.said_by, echo.part):
            continue
        first = plan_of(other.echo.bar)
        notes = None if first is None else _statement(first, echo, written(first))
        if first is not None and first.controls.key is not None and notes:
            yield near, (other, first.controls.key, notes)


def _statement(first: BarPlan, echo: Echo, bar: WrittenBar) -> tuple[Note, ...]:
    """What was said first, to be said elsewhere; nothing where that is not there, or is not what the plan now is."""
    page = next((one for one in bar.parts if one.part == echo.said_by), None)
    part = _part(first, echo.said_by)
    if page is None or part is None or page.source is not Source.MODEL:
        return ()
    for note in page.notes:
        inside = first.bar.start <= note.tick < first.bar.end
        if not inside or (first.scale is not None and note.pitch % 12 not in first.scale):
            return ()
    whole = echo.part == echo.said_by and part.instrument.polyphony > MOST_OF_A_LINE
    return taken(first, sorted(page.notes) if whole else top_of(page.notes))


def _leader(plan: BarPlan) -> Part | None:
    """The part that has the line; None for nobody."""
    named = next((name for name, role in plan.roles if role == "melody"), None) or leading_part(plan)
    part = None if named is None else _part(plan, named)
    return None if part is None or part.stem in UNPITCHED else part


def _part(plan: BarPlan, name: str) -> Part | None:
    return next((part for part in plan.parts if part.name == name), None)
