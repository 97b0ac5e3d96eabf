"""Which of several answers to one wish is kept: the one that is most like all the others.

What was meant to stand there nobody knows. But the answers were all drawn from what the model expects there, so how
like the others one is, on the average, is how like what was meant it can expect to be (minimum Bayes risk).
Source: Kumar and Byrne 2004, "Minimum Bayes-Risk Decoding for Statistical Machine Translation".
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from math import log2

Strike = tuple[int, int, int]
"""A part, where a note of it begins, and its key."""

CANDIDATES = 8
"""Answers to choose from, where nothing else is asked for: as many as are written side by side."""
FEWEST_TO_CHOOSE_FROM = 3
"""Of two, each is as like the other."""
LARGEST_HOLE = 24
"""Bars of parts up to which so many are drawn: eight bars of three parts, the largest that were measured."""
ENTROPY_WEIGHT = 0.4
"""How much of the notes in common a bit between the entropies of pitch classes outweighs. By notes alone, lines are
kept that have too few different ones. Chosen on `valid`: training/LOG.md."""
DIGITS = 9
"""Of likeness that count: what is beyond may differ from machine to machine."""


def likeliest(answers: Sequence[Collection[Strike]], but: Collection[frozenset[Strike]] = ()) -> int:
    """The place of the answer that is most like the others, the first one of several that are; 0 of a single one.

    but: what is not wanted again, and is kept only where there is nothing else.
    """
    struck = [frozenset(answer) for answer in answers]
    bits = [pitch_class_entropy(pitch for _, _, pitch in answer) for answer in struck]

    def likeness(place: int) -> float:
        return sum(
            _in_common(struck[place], struck[other]) - ENTROPY_WEIGHT * abs(bits[place] - bits[other])
            for other in range(len(struck))
        )

    return max(range(len(struck)), key=lambda place: (struck[place] not in but, round(likeness(place), DIGITS), -place))


def pitch_class_entropy(pitches: Iterable[int]) -> float:
    """Of how the notes are spread over the twelve pitch classes, in bits; 0 where there are none."""
    counts = sorted(Counter(pitch % 12 for pitch in pitches).values())
    total = sum(counts)
    return -sum(count / total * log2(count / total) for count in counts)


def _in_common(one: frozenset[Strike], other: frozenset[Strike]) -> float:
    """Share of their notes that both have (F1); 1 for two that have none."""
    notes = len(one) + len(other)
    return 2 * len(one & other) / notes if notes else 1.0
