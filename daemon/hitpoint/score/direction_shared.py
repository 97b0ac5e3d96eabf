"""Instruments that a direction names apart and that are written as one: a celesta and a glockenspiel are both bells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hitpoint.score.stem import INSTRUMENTS

_KIT = "drums"
"""A snare and a cymbal are keys of one kit, and sound as themselves."""
_PARTS = {instrument.name for instrument in INSTRUMENTS} - {_KIT}


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked for."""

    part: str
    """The instrument that is written for it."""
    words: str
    """What it was called; the part's own name for other words of the same."""
    program: int | None
    """Its General MIDI program, counted from 0, where it is another one than the part's own."""


def shared_parts(asked: Sequence[Asked]) -> Iterator[str]:
    """A line for each part that several instruments share, and what it sounds as: the first who was asked for."""
    for part in dict.fromkeys(one.part for one in asked if one.part in _PARTS):
        called: dict[object, str] = {}
        for one in asked:
            if one.part == part:
                # "Vibes" and "vibraphone" are the same, and so are "mandolin" and "mandolins".
                called.setdefault(one.words.removesuffix("s") if one.program is None else one.program, one.words)
        first, *others = called.values()
        if others:
            yield f"{', '.join([first, *others[:-1]])} and {others[-1]} share one part, which sounds as {first}"
