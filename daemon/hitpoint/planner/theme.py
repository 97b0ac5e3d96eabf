"""A line taken from where it was said, and said again elsewhere: the same steps of the scale, in the same rhythm.

What a motif is in another cue, and a phrase that comes back in its own. All pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from hitpoint.score.controls import SCALES, Key
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, LandingKind, accents_of
from hitpoint.score.stem import Part

UNPITCHED = ("drums", "percussion")
"""Stems that carry no theme: their keys are strokes, or too few."""
OCTAVE = 12


def is_open(plan: BarPlan) -> bool:
    """Whether nothing is to be met in the bar but its entrance, at its start."""
    return not accents_of(plan.landings) and all(
        met.kind is LandingKind.ENTRANCE and met.tick == plan.bar.start for met in plan.landings
    )


def top_of(notes: Sequence[Note]) -> tuple[Note, ...]:
    """The highest note of each onset, each ended by the next."""
    highest = {note.tick: note for note in sorted(notes)}
    line = [highest[tick] for tick in sorted(highest)]
    ended = [
        Note(note.tick, note.pitch, min(note.duration, after.tick - note.tick), note.velocity)
        for note, after in pairwise(line)
    ]
    return (*ended, *line[-1:])


def taken(plan: BarPlan, notes: Iterable[Note]) -> tuple[Note, ...]:
    """What was said in the plan's bar, to be said elsewhere: ticks from its bar line, velocities from the softest that
    it allowed."""
    start, softest = plan.bar.start, plan.velocity[0]
    return tuple(
        Note(note.tick - start, note.pitch, note.duration, max(1, note.velocity - softest + 1)) for note in notes
    )


def said_in(key: Key, plan: BarPlan, part: Part, notes: Iterable[Note], shift: int) -> tuple[Note, ...]:
    """What was taken in that key, in the plan's bar. A note for which it has no room is left out.

    shift: semitones that it is moved by, whole octaves.
    """
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
            pitch = _within(pitch_in(note.pitch, key, plan) + shift, part)
            said.append(Note(tick, pitch, max(1, min(note.duration, latest - tick)), velocity))
    return tuple(said)


def pitch_in(pitch: int, key: Key, plan: BarPlan) -> int:
    """The same step of the plan's scale, in the octave of its own tonic that is nearest below."""
    own = plan.controls.key or key
    octave, above = divmod(pitch - key.tonic, OCTAVE)
    steps = SCALES[key.mode]
    degree = max(place for place, step in enumerate(steps) if step <= above)
    bent = own.tonic + SCALES[own.mode][degree] + above - steps[degree]
    straight = own.tonic + SCALES[own.mode][degree]
    allowed = plan.scale is None or bent % OCTAVE in plan.scale
    return octave * OCTAVE + (bent if allowed else straight)


def octaves_into(pitches: Sequence[int], low: int, high: int, home: float | None = None) -> int:
    """Semitones, whole octaves, that bring most of the pitches into that range, as few as will do, or as near as can be
    to `home`, where one is named."""
    mean = sum(pitches) / max(1, len(pitches))

    def order(shift: int) -> tuple[int, float]:
        outside = sum(not low <= pitch + shift <= high for pitch in pitches)
        return outside, abs(shift) if home is None else abs(mean + shift - home)

    return min(_octaves(), key=order)


def _octaves() -> Iterator[int]:
    return (OCTAVE * number for number in range(-8, 9))


def _within(pitch: int, part: Part) -> int:
    """The pitch, or where the part can't play it the nearest octave of it that it can."""
    low, high = part.instrument.low, part.instrument.high
    if pitch < low:
        return pitch + -(-(low - pitch) // OCTAVE) * OCTAVE
    return pitch - -(-max(0, pitch - high) // OCTAVE) * OCTAVE
