"""How long notes last of the time to the next: agitated music is struck shorter, and what is still is bound."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan
from hitpoint.score.stem import Part
from hitpoint.timeline.units import TICKS_PER_QUARTER

SHORTEST = 0.6
"""The share of its time that a note lasts in the most agitated music. Short and detached stands for high arousal, bound
for low (Juslin and Laukka, Psychological Bulletin 129, 2003); how short is our choice."""
SLOW_TICKS = TICKS_PER_QUARTER
"""From so long to the next note on a note lasts as it was written: it is sung, however agitated all is around it."""


def share_in(plan: BarPlan, part: Part) -> float:
    """The share in a planned bar; drums ring as they do, and pads are held."""
    free = part.instrument.drums or plan.role(part.name) == "pad"
    return 1.0 if free else share_of(plan.controls.arousal)


def share_of(arousal: float | None) -> float:
    """Of the time to a part's next note, what a note lasts at most: 1 for an arousal of −1, SHORTEST for 1."""
    return 1.0 if arousal is None else 1.0 - (1.0 - SHORTEST) * (arousal + 1) / 2


def touched(notes: Sequence[Note], share: float, end: int, step: int) -> list[Note]:
    """The notes of one part, in order, none longer than its share; those that are shorter stay as they are.

    end: the tick at which what comes after them may begin. step: ticks of which a length is a multiple, at least one
    of them.
    """
    if share >= 1:
        return list(notes)
    return [
        # What sounds on beyond the next note is held on purpose.
        replace(note, duration=longest) if longest < note.duration <= gap else note
        for note, gap, longest in _timed(notes, share, end, step)
    ]


def bound(notes: Sequence[Note], share: float, end: int, step: int) -> list[Note]:
    """The notes as they were before they were touched, as far as that can be told: what lasts exactly its share lasts
    to the next note. Otherwise as `touched`."""
    if share >= 1:
        return list(notes)
    return [
        replace(note, duration=gap) if note.duration == longest else note
        for note, gap, longest in _timed(notes, share, end, step)
    ]


def _timed(notes: Sequence[Note], share: float, end: int, step: int) -> Iterator[tuple[Note, int, int]]:
    """Each note with the time to the next, and the longest it may last of that."""
    moments = [*sorted({note.tick for note in notes}), end]
    for note in notes:
        gap = moments[bisect_right(moments, note.tick)] - note.tick
        yield note, gap, max(1, int(share * gap / step)) * step if gap < SLOW_TICKS else gap
