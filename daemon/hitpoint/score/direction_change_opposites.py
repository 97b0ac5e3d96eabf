"""Two feelings of which one is wanted and the other is not: "solemn, not miserable", "more wistful than tragic"."""

from collections.abc import Iterator
from dataclasses import dataclass

from hitpoint.score.direction_words import Mood

FURTHER = 0.3
"""How much further a mood is than another, of 1, where less of it is more than the other. Our choice."""


@dataclass(frozen=True, slots=True)
class Felt:
    """A feeling that a note names."""

    mood: Mood
    ways: dict[str, float]
    """Which way more of it takes each control, −1 or 1."""
    amounts: dict[str, float]
    """How far it was to move each."""
    wanted: bool


def contested(new: Felt, old: Felt) -> Iterator[tuple[str, bool]]:
    """The controls on which one takes from the other what it asks for, and whether the new one has its way there.

    "Angry, not sad" is darker all the same; "wistful, not tragic" is brighter, because tragic is the far darker one.
    """
    if new.wanted == old.wanted:
        return
    if new.mood is old.mood:
        # "Sad, yes, but not this sad."
        yield from ((name, True) for name in new.ways)
        return
    wanted, other = (new, old) if new.wanted else (old, new)
    for name in new.ways:
        if new.ways[name] * old.ways.get(name, 0.0) > 0 and hasattr(wanted.mood, name):
            gap = new.ways[name] * (getattr(other.mood, name) - getattr(wanted.mood, name))
            yield name, (gap >= FURTHER) != new.wanted
