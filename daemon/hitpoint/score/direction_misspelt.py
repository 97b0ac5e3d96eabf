"""What a word that is not understood may be a slip of: "stirngs", "chello". It is named, and never read so."""

from collections.abc import Iterator
from functools import lru_cache
from string import ascii_lowercase

from hitpoint.score.direction_words import table

SHORTEST = 5
"""Letters of a word that is looked at: shorter ones are too near to too many others. Our choice."""
MOST_LOOKED_AT = 20
"""Words of a text that are looked at."""


def slips_in(unknown: tuple[str, ...]) -> Iterator[str]:
    """A line for each of those words that is one slip of the pen from a known one with the same first letter."""
    known = _known()
    longest = max(map(len, known)) + 1
    for word in unknown[:MOST_LOOKED_AT]:
        # A known word that means nothing where it stands ("a minor miracle") is no slip.
        looked_at = SHORTEST <= len(word) <= longest and word not in known
        near = next((one for one in _one_slip_from(word) if one in known), None) if looked_at else None
        if near is not None:
            yield f"{word} is not understood: {near} may be meant"


def _one_slip_from(word: str) -> Iterator[str]:
    """All words with the same first letter that are another letter, one more, one less, or two swapped, away."""
    cuts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    yield from (head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1)
    yield from (head + tail[1:] for head, tail in cuts if tail)
    yield from (head + letter + tail for head, tail in cuts for letter in ascii_lowercase)
    yield from (head + letter + tail[1:] for head, tail in cuts if tail for letter in ascii_lowercase)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    words = table()
    entries = (words.moods, words.manners, words.instruments, words.tempi, words.modes)
    # Words of longer phrases are not: "glass" of a glass harmonica means nothing on its own.
    return frozenset(phrase[0] for entry in entries for phrase in entry if len(phrase) == 1)
