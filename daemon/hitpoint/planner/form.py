"""The form of a cue: which of its phrases says something new, and which says again what was said before.

Phrases of four bars, counted as the units of harmony are, have letters by a form that the seed draws for each group of
four: A comes back in every group, the others are the group's own, but for a B that may be the first group's. So endless
music is a rondo that goes on, and an end that is moved makes other music of the last phrase only.
"""

from dataclasses import dataclass
from functools import lru_cache

from hitpoint.planner.phrases import PHRASE_BARS
from hitpoint.planner.seed import seed_of

LEAST_BARS = 2 * PHRASE_BARS
"""A cue that is known to be shorter has no form. Our choice, as is all in this module."""
FORMS = ("AABA", "ABAC", "ABAB", "ABCA", "AABC")
"""Letters of four phrases. Each has an A and a B."""
GROUP = 4
"""Phrases of a form."""
HOME_FROM = GROUP + 1
"""Phrases from which the last one of a cue comes home to A."""
HANDED = 3
"""One in so many returns has another leader."""
B_AGAIN = 3
"""One in so many later groups has the first group's B."""
SAID_AGAIN, LONGER = (2, 3), 4
"""Bars of a phrase whose line a return says again: the fewer, but the more in one of so many. The last is always
written anew. People say about as much again (training/LOG.md)."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Four bars of a cue."""

    number: int
    """Counted from 0."""
    letter: str
    """In its group's form; only A is the same in all groups."""
    first: int
    """Number of the phrase that said first what it says: its own where that is new."""
    seed: int
    """The cue's."""

    @property
    def returns(self) -> bool:
        """True when something comes back with it."""
        return self.first < self.number

    @property
    def contrasts(self) -> bool:
        """True when it is no A."""
        return self.first > 0

    @property
    def turn(self) -> int:
        """Whose turn it is in a phrase that contrasts, and wherever that comes back; 0 in an A."""
        return seed_of(self.seed, "turn", self.first) if self.contrasts else 0

    @property
    def handed(self) -> bool:
        """True when another one than who led before should lead, in a return."""
        return self.returns and seed_of(self.seed, "handed", self.number) % HANDED == 0

    def first_of(self, bar: int) -> int:
        """The bar that said first what a bar of this phrase says; both are counted from the cue's first."""
        return bar - (self.number - self.first) * PHRASE_BARS

    def says_again(self, bar: int) -> bool:
        """Whether a bar of this phrase has the line of the one that was first."""
        longer = seed_of(self.seed, "said again", self.number) % LONGER == 0
        return self.returns and bar % PHRASE_BARS < SAID_AGAIN[longer]


def phrase_in(bar: int, left: int | None, seed: int) -> Phrase | None:
    """The phrase that a bar belongs to; None in what has no form: a short cue, and what is left over at the end of one.

    bar: counted from the cue's first. left: bars to the one in which it ends; None when no end is known.
    """
    number = bar // PHRASE_BARS
    letter, first = _phrase(number, seed)
    if left is not None:
        bars = bar + left + 1
        count = bars // PHRASE_BARS
        if bars < LEAST_BARS or number >= count:
            return None
        if number == count - 1 and count >= HOME_FROM and _phrase(number - 1, seed)[1] != 0:
            letter, first = "A", 0
    return Phrase(number, letter, first, seed)


@lru_cache(maxsize=1024)  # asked for every bar ahead, dozens of times a second
def _phrase(number: int, seed: int) -> tuple[str, int]:
    """Its letter, and the number of the phrase that is the first of that."""
    group, place = divmod(number, GROUP)
    form = _form(group, seed)
    letter = form[place]
    if letter == "A":
        return letter, 0
    if letter == "B" and group and seed_of(seed, "b again", group) % B_AGAIN == 0:
        return letter, _form(0, seed).index(letter)
    return letter, GROUP * group + form.index(letter)


def _form(group: int, seed: int) -> str:
    return FORMS[seed_of(seed, "form", group) % len(FORMS)]
