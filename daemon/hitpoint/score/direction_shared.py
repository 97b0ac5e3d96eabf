"""Instruments that a direction names apart and that are written as one: a celesta and a glockenspiel are both bells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hitpoint.score.direction_phrase import instead_of
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


def written_as(called: Sequence[tuple[str, str]]) -> Iterator[str]:
    """A line for each instrument that is written as another, and for those that share a part.

    called: parts, each with what it was called.
    """
    asked = []
    for part, words in called:
        instead, program = instead_of(words)
        asked.append(Asked(part, words, program))
        if instead:
            yield written_line(words, part, program)
    yield from shared_parts(asked)


def written_line(words: str, part: str, program: int | None) -> str:
    """ "Celesta is written as bells (General MIDI program 9)"; without a program where it sounds as the part's own."""
    verb = "are" if words.endswith("s") and not words.endswith(_SINGULAR) else "is"
    said = "" if program is None else f" (General MIDI program {program + 1})"
    return f"{words} {verb} written as {part}{said}"


_SINGULAR = ("bass", "rhodes", "brass")
"""How one instrument may end that looks like several."""


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
