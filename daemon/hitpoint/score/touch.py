"""How long notes last of the time to the next: agitated music is struck shorter, and what is still is bound."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from hitpoint.score.note import Note
from hitpoint.timeline.units import TICKS_PER_QUARTER

SHORTEST = 0.6
"""The share of its time that a note lasts in the most agitated music. Short and detached stands for high arousal, bound
for low (Juslin and Laukka, Psychological Bulletin 129, 2003); how short is our choice."""
SLOW_TICKS = TICKS_PER_QUARTER
"""From so long to the next note on a note lasts as it was written: it is sung, however agitated all is around it."""


def share_of(arousal: float | None) -> float:
    """Of the time to a part's next note, what a note lasts at most: 1 for an arousal of −1, SHORTEST for 1."""
    return 1.0 if arousal is None else 1.0 - (1.0 - SHORTEST) * (arousal + 1) / 2


def touched(notes: Sequence[Note], share: float, end: int, step: int) -> list[Note]:
    """The notes of one part, in order, none longer than its share; those that are shorter stay as they are.

    end: the tick at which what comes after them may begin. step: ticks of which a length is a multiple, at least
    one of them.
    """
    if share >= 1:
        return list(notes)
    moments = [*sorted({note.tick for note in notes}), end]
    return [_held(note, moments[bisect_right(moments, note.tick)] - note.tick, share, step) for note in notes]


def _held(note: Note, gap: int, share: float, step: int) -> Note:
    longest = max(1, int(share * gap / step)) * step
    # What sounds on beyond the next note is held on purpose.
    return replace(note, duration=longest) if gap < SLOW_TICKS and longest < note.duration <= gap else note
