"""The table of words, read once from direction_words.yaml."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Mood:
    """What a word asks the music to feel like."""

    valence: float
    """−1 to 1."""
    arousal: float
    """−1 to 1."""
    tension: float
    """0 to 1."""

    def shaded(self, factor: float) -> "Mood":
        """The same, as far from neutral as `factor` says: 0.5 is "slightly", below 0 turns it round ("not")."""

        def moved(value: float, neutral: float, low: float) -> float:
            return round(min(1.0, max(low, neutral + factor * (value - neutral))), 3)

        return Mood(moved(self.valence, 0, -1), moved(self.arousal, 0, -1), moved(self.tension, NEUTRAL_TENSION, 0))


NEUTRAL_TENSION = 0.3
"""Of music that nobody calls tense or restful. Our choice."""

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class WordTable:
    """Phrases of one to MOST_WORDS words, in lower case, and what they mean."""

    moods: dict[Phrase, Mood]
    instruments: dict[Phrase, str]
    tempi: dict[Phrase, tuple[float, float]]
    meters: dict[Phrase, tuple[int, int]]
    modes: dict[Phrase, str]
    degrees: dict[Phrase, float]
    numbers: dict[str, float]
    negations: frozenset[Phrase]
    arrows: frozenset[Phrase]
    """Words between the states of an arc: "calm to furious"."""
    fillers: frozenset[str]
    """Words that carry no meaning here and are not reported."""


MOST_WORDS = 4
"""Words in the longest phrase."""


@lru_cache(maxsize=1)
def table() -> WordTable:
    """The words that are known."""
    text = files("hitpoint.score").joinpath("direction_words.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return WordTable(
        moods={
            phrase: Mood(float(row["valence"]), float(row["arousal"]), float(row["tension"]))
            for row in data["moods"]
            for phrase in _phrases(row["words"])
        },
        instruments={
            phrase: name for name, words in data["instruments"].items() for phrase in _phrases([name, *words])
        },
        tempi={
            phrase: (float(row["bpm"][0]), float(row["bpm"][1]))
            for row in data["tempi"]
            for phrase in _phrases(row["words"])
        },
        meters={phrase: tuple(row["meter"]) for row in data["meters"] for phrase in _phrases(row["words"])},
        modes={phrase: mode for mode, words in data["modes"].items() for phrase in _phrases(words)},
        degrees={phrase: float(row["factor"]) for row in data["degrees"] for phrase in _phrases(row["words"])},
        numbers={str(word): float(number) for word, number in data["numbers"].items()},
        negations=frozenset(_phrases(data["negations"])),
        arrows=frozenset(_phrases(data["arrows"])),
        fillers=frozenset(data["fillers"]),
    )


def _phrases(words: list[str]) -> list[Phrase]:
    return [tuple(phrase.casefold().replace("-", " ").split()) for phrase in words]
