"""The table of words, read once from direction_words.yaml."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

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
        return Mood(
            _moved(self.valence, 0, -1, factor),
            _moved(self.arousal, 0, -1, factor),
            _moved(self.tension, NEUTRAL_TENSION, 0, factor),
        )


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is played: None where the word says nothing."""

    valence: float | None = None
    """−1 to 1."""
    arousal: float | None = None
    """−1 to 1."""
    tension: float | None = None
    """0 to 1."""

    def shaded(self, factor: float) -> "Manner":
        """As Mood.shaded, for what is said."""
        return Manner(
            None if self.valence is None else _moved(self.valence, 0, -1, factor),
            None if self.arousal is None else _moved(self.arousal, 0, -1, factor),
            None if self.tension is None else _moved(self.tension, NEUTRAL_TENSION, 0, factor),
        )


NEUTRAL_TENSION = 0.3
"""Of music that nobody calls tense or restful. Our choice."""


def _moved(value: float, neutral: float, low: float, factor: float) -> float:
    return round(min(1.0, max(low, neutral + factor * (value - neutral))), 3)


class Cited(NamedTuple):
    """A work or a person that prompts cite."""

    name: str
    """As its owner writes it."""
    neutral: str
    """Words that ask for the music itself."""


Phrase = tuple[str, ...]


@dataclass(frozen=True)
class WordTable:
    """Phrases of one to MOST_WORDS words, in lower case, and what they mean."""

    moods: dict[Phrase, Mood]
    genres: dict[Phrase, Mood]
    """What counts only where no mood is said."""
    manners: dict[Phrase, Manner]
    instruments: dict[Phrase, str]
    instead: dict[Phrase, int | None]
    """Those of them that are other instruments, with their own General MIDI program where there is one."""
    tempi: dict[Phrase, tuple[float, float]]
    meters: dict[Phrase, tuple[int, int]]
    modes: dict[Phrase, str]
    degrees: dict[Phrase, float]
    numbers: dict[str, float]
    note_values: dict[Phrase, float]
    """Quarter notes in each."""
    cited: dict[Phrase, Cited]
    citing: frozenset[Phrase]
    """Words that lead to a name: "in the style of"."""
    everyday: frozenset[Phrase]
    """Words that also name what is seen: on their own they turn no music."""
    negations: frozenset[Phrase]
    exclusions: frozenset[Phrase]
    """Negations of all that is listed after them: "without drums and bass"."""
    playing: frozenset[Phrase]
    """Words that a negation silences players with: "the strings shouldn't play"."""
    arrows: frozenset[Phrase]
    """Words between the states of an arc: "calm to furious"."""
    closings: frozenset[Phrase]
    """Words before the last state of an arc: "ends violent"."""
    fillers: frozenset[Phrase]
    """Words that carry no meaning here and are not reported."""
    leads: frozenset[Phrase]
    """Those of them that tell who leads: "cello solo"."""


MOST_WORDS = 5
"""Words in the longest phrase."""


@lru_cache(maxsize=1)
def table() -> WordTable:
    """The words that are known."""
    text = files("hitpoint.score").joinpath("direction_words.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return WordTable(
        moods={phrase: _mood(row) for row, phrase in _rows(data["moods"])},
        genres={phrase: _mood(row) for row, phrase in _rows(data["genres"])},
        manners={
            phrase: Manner(row.get("valence"), row.get("arousal"), row.get("tension"))
            for row, phrase in _rows(data["manners"])
        },
        instruments={phrase: str(row["name"]) for row, phrase in _rows(data["instruments"])},
        instead={
            phrase_of(words): program
            for row in data["instruments"]
            for words, program in row.get("instead", {}).items()
        },
        tempi={phrase: (float(row["bpm"][0]), float(row["bpm"][1])) for row, phrase in _rows(data["tempi"])},
        meters={phrase: tuple(row["meter"]) for row, phrase in _rows(data["meters"])},
        modes={phrase: str(row["name"]) for row, phrase in _rows(data["modes"])},
        degrees={phrase: float(row["factor"]) for row, phrase in _rows(data["degrees"])},
        numbers={str(word): float(number) for word, number in data["numbers"].items()},
        note_values={phrase: float(row["quarters"]) for row, phrase in _rows(data["note_values"])},
        cited={
            phrase_of(name): Cited(str(name), str(row["neutral"])) for row in data["cited"] for name in row["names"]
        },
        citing=_phrases(data["citing"]),
        everyday=_phrases(data["everyday"]),
        negations=_phrases(data["negations"]),
        exclusions=_phrases(data["exclusions"]),
        playing=_phrases(data["playing"]),
        arrows=_phrases(data["arrows"]),
        closings=_phrases(data["closings"]),
        # "slow build" is no tempo and nothing else either, as "minor third" is no key.
        fillers=_phrases(data["fillers"]) | _phrases(data["not_a_tempo"]) | _phrases(data["not_a_key"]),
        leads=_phrases(data["leads"]),
    )


def phrase_of(words: object) -> Phrase:
    """Words as the table keeps them; a hyphen is a space."""
    return tuple(str(words).casefold().replace("-", " ").split())


def _mood(row: dict[str, Any]) -> Mood:
    return Mood(float(row["valence"]), float(row["arousal"]), float(row["tension"]))


def _rows(rows: Iterable[dict[str, Any]]) -> list[tuple[dict[str, Any], Phrase]]:
    """Each phrase of each row, its name among them, beside the row."""
    return [
        (row, phrase_of(words))
        for row in rows
        for words in [*([row["name"]] if "name" in row else []), *row["words"], *row.get("instead", ())]
    ]


def _phrases(rows: Iterable[dict[str, Any]]) -> frozenset[Phrase]:
    return frozenset(phrase for _, phrase in _rows(rows))
