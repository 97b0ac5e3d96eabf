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
from hitpoint.score.breath import breathing_of
from hitpoint.score.controls import SCALES, Key
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, ComposedBar, LandingKind, accents_of
from hitpoint.score.session import Session
from hitpoint.score.stem import Part

THEME_BARS = 4
"""Our choice: a phrase."""
LEAST_NOTES = 3
"""A line of fewer is none. Our choice."""
_UNPITCHED = ("drums", "percussion")
"""Stems that carry no theme: their keys are strokes, or too few."""
_OCTAVE = 12


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
        line = tuple(_top(pages.notes(part.name, plan.bar.index)) for plan in plans)
        pitches = [note.pitch for notes in line for note in notes]
        if len(pitches) >= LEAST_NOTES:
            playing = sum(bool(notes) for notes in line)
            lines.append((2 * playing >= len(plans), sum(pitches) / len(pitches), part, line))
    key = plans[0].controls.key if plans else None
    if not lines or key is None:
        return None
    _, _, part, line = max(lines, key=lambda one: one[:2])
    return Theme(key, part.name, tuple(_placed(plan, notes) for plan, notes in zip(plans, line, strict=True)))


def restate(theme: Theme, session: Session, pages: Pages) -> tuple[str, int] | None:
    """Put the theme at the start of a cue: the part that has it, and for how many bars. None where there is no room."""
    plans = _open_plans(session, len(theme.bars))
    carriers = _carriers(plans)
    if not carriers:
        return None
    part = min(carriers, key=lambda one: (one.name != theme.part, -(one.instrument.low + one.instrument.high)))
    shift = _octaves(theme, plans, part)
    bars = [_said(theme.key, plan, part, notes, shift) for plan, notes in zip(plans, theme.bars, strict=False)]
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
        if plan is None or accents_of(plan.landings):
            break
        if any(met.kind is not LandingKind.ENTRANCE or met.tick != plan.bar.start for met in plan.landings):
            break
        plans.append(plan)
    return plans


def _carriers(plans: Sequence[BarPlan]) -> list[Part]:
    """The parts that play in all of the bars and can carry a line."""
    if not plans:
        return []
    everywhere = set.intersection(*({part.name for part in plan.parts} for plan in plans))
    return [part for part in plans[0].parts if part.name in everywhere and part.stem not in _UNPITCHED]


def _top(notes: Sequence[Note]) -> tuple[Note, ...]:
    """The highest note of each onset, each ended by the next."""
    highest = {note.tick: note for note in sorted(notes)}
    line = [highest[tick] for tick in sorted(highest)]
    ended = [
        Note(note.tick, note.pitch, min(note.duration, after.tick - note.tick), note.velocity)
        for note, after in pairwise(line)
    ]
    return (*ended, *line[-1:])


def _placed(plan: BarPlan, notes: Sequence[Note]) -> tuple[Note, ...]:
    start, softest = plan.bar.start, plan.velocity[0]
    return tuple(
        Note(note.tick - start, note.pitch, note.duration, max(1, note.velocity - softest + 1)) for note in notes
    )


def _said(key: Key, plan: BarPlan, part: Part, notes: Sequence[Note], shift: int) -> list[Note]:
    """One bar of it, in the plan's bar."""
    first, last = plan.span(part.name)
    latest = plan.bar.end if plan.cut_at is None else plan.cut_at
    softest, loudest = plan.velocity
    met = {landing.tick for landing in plan.landings}
    said = []
    for note in notes:
        tick = plan.bar.start + note.tick
        quiet = any(begin <= tick <= end for begin, end in plan.quiet) and tick not in met
        if first <= tick <= last and not quiet:
            velocity = min(loudest, softest + note.velocity - 1)
            pitch = _within(_pitch(note.pitch, key, plan) + shift, part)
            said.append(Note(tick, pitch, max(1, min(note.duration, latest - tick)), velocity))
    return said


def _pitch(pitch: int, key: Key, plan: BarPlan) -> int:
    """The same step of the plan's scale, in the octave of its own tonic that is nearest below."""
    own = plan.controls.key or key
    octave, above = divmod(pitch - key.tonic, _OCTAVE)
    steps = SCALES[key.mode]
    degree = max(place for place, step in enumerate(steps) if step <= above)
    bent = own.tonic + SCALES[own.mode][degree] + above - steps[degree]
    straight = own.tonic + SCALES[own.mode][degree]
    allowed = plan.scale is None or bent % _OCTAVE in plan.scale
    return octave * _OCTAVE + (bent if allowed else straight)


def _octaves(theme: Theme, plans: Sequence[BarPlan], part: Part) -> int:
    """Semitones, whole octaves, that bring most of the theme into the part's range, as few as will do."""
    pitches = [
        _pitch(note.pitch, theme.key, plan) for plan, notes in zip(plans, theme.bars, strict=False) for note in notes
    ]
    low, high = part.instrument.low, part.instrument.high

    def outside(shift: int) -> int:
        return sum(not low <= pitch + shift <= high for pitch in pitches)

    return min(range(-8 * _OCTAVE, 9 * _OCTAVE, _OCTAVE), key=lambda shift: (outside(shift), abs(shift)))


def _within(pitch: int, part: Part) -> int:
    """The pitch, or where the part can't play it the nearest octave of it that it can."""
    low, high = part.instrument.low, part.instrument.high
    if pitch < low:
        return pitch + -(-(low - pitch) // _OCTAVE) * _OCTAVE
    return pitch - -(-max(0, pitch - high) // _OCTAVE) * _OCTAVE
