"""What several words of mood, genre and manner add up to, and where they pull apart."""

from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

from hitpoint.score.direction_match import Says
from hitpoint.score.direction_words import Manner, Mood

APART = 0.5
"""Two words this far from neutral on either side contradict each other. Our choice."""
FAR_APART = 1.2
"""…when they lie this far from each other, valence or arousal. Our choice."""


@dataclass(frozen=True, slots=True)
class Feeling:
    """One word's feeling, shaded as it was said."""

    says: Says
    """MOOD, GENRE or MANNER."""
    felt: Mood | Manner
    words: str
    """As said, in lower case."""
    thought: int
    """Words that are set against each other ("sad but hopeful") have different ones."""


class Mean(NamedTuple):
    """What they add up to; None where no word says anything."""

    valence: float | None
    arousal: float | None
    tension: float | None


def mean(feelings: list[Feeling]) -> Mean:
    """The mean of each number over the words that speak of it; a genre counts only where no mood is said."""
    moods = any(feeling.says is Says.MOOD for feeling in feelings)
    heard = [feeling.felt for feeling in feelings if not (moods and feeling.says is Says.GENRE)]

    def over(values: list[float | None]) -> float | None:
        said = [value for value in values if value is not None]
        # fsum, so that the order of the words makes no difference.
        return round(fsum(said) / len(said), 3) if said else None

    return Mean(
        over([felt.valence for felt in heard]),
        over([felt.arousal for felt in heard]),
        over([felt.tension for felt in heard]),
    )


def contradiction(feelings: list[Feeling]) -> str:
    """What to tell of two moods that pull apart; empty where none do."""
    moods = [(feeling, feeling.felt) for feeling in feelings if feeling.says is Says.MOOD]
    for name in ("valence", "arousal"):
        if not moods:
            break
        low = min(moods, key=lambda mood: (getattr(mood[1], name), mood[0].words))
        high = max(moods, key=lambda mood: (getattr(mood[1], name), mood[0].words))
        least, most = getattr(low[1], name), getattr(high[1], name)
        apart = least <= -APART and most >= APART and most - least >= FAR_APART
        if apart and low[0].thought == high[0].thought:
            first, second = sorted((low[0].words, high[0].words))
            return f"{first} and {second} contradict each other: the music takes the middle"
    return ""
