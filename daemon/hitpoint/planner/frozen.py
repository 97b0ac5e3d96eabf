"""A bar that repeats another one, note for note, while the timeline goes on: its markers are met as ever."""

from collections.abc import Sequence
from dataclasses import replace

from hitpoint.planner.fallback import BarWriter, strike
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, ComposedBar, Source
from hitpoint.score.stem import Part
from hitpoint.timeline.meter import Bar


def repeating(plan: BarPlan, repeated: BarPlan) -> BarPlan:
    """The plan with the parts of the bar that is repeated; its own parts strike its landings and are out."""
    names = {part.name for part in repeated.parts}
    struck = {name for landing in plan.landings for name in landing.parts}
    strikers = tuple(part for part in plan.parts if part.name not in names and part.name in struck)
    ticks = {name: [landing.tick for landing in plan.landings if name in landing.parts] for name in struck - names}
    spans = tuple((name, min(found), max(found)) for name, found in sorted(ticks.items()))
    return replace(plan, parts=repeated.parts + strikers, spans=spans, repeats=repeated.bar.index, echo=None)


def repeated_bar(plan: BarPlan, part: Part, bar: Bar, notes: Sequence[Note], source: Source) -> ComposedBar:
    """The part's notes in the bar of `plan`: those of `bar`, moved here, with what its landings ask for.

    A longer bar begins the other one again, a shorter one breaks it off. Nothing but landings strikes in quiet spans.
    """
    writer = BarWriter(plan, part)
    moved = [
        replace(note, tick=note.tick + shift)
        for shift in range(plan.bar.start - bar.start, plan.bar.end - bar.start, bar.ticks)
        for note in notes
        if bar.start <= note.tick < bar.end and writer.free(note.tick + shift)
    ]
    struck = [note for landing in writer.struck for note in strike(writer, landing)]
    ended = (
        replace(note, duration=max(1, min(note.end, writer.latest_end(note.tick)) - note.tick))
        for note in sorted({*moved, *struck})
    )
    return ComposedBar(part.name, plan.bar.index, plan.basis(part.name), tuple(ended), source)
