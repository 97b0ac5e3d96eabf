"""The part of direction_words.yaml that is about changes, read once."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from hitpoint.score.direction_words import Phrase, phrase_of

PRONOUNS = ("them", "em", "it")
"""Of players who were named before; the table writes the first."""


@dataclass(frozen=True)
class ChangeTable:
    """Phrases in lower case, and what they change."""

    controls: dict[Phrase, dict[str, float]]
    """Which way each control goes, −1 or 1."""
    signs: dict[Phrase, float]
    denials: frozenset[Phrase]
    """Those of the signs that say no: "not", "don't get"."""
    endings: dict[Phrase, float]
    """Signs that stand after what they move: "dial the aggression down"."""
    tempi: dict[Phrase, float]
    """Factor on the tempo."""
    complaints: dict[Phrase, dict[str, float]]
    """Which way each control goes, or the tempo's factor, whatever sign goes before: they say what is wrong."""
    masking: frozenset[Phrase]
    """What players do that are to be held back, or what is to be done to them."""
    register: dict[Phrase, float]
    """Octaves up."""
    players: dict[Phrase, str]
    """What happens to the instruments that follow: drop, add, only, louder, softer, keep, rest, swap, swapped,
    becomes, or instead."""
    after: dict[Phrase, str]
    """What happens to the instruments before it: drop, add, only, louder, softer."""
    again: dict[Phrase, str]
    """What happens to those that were named last, by phrases that say "them", "em" or "it"."""
    places: dict[Phrase, tuple[float, float]]
    """Shares of the cue, from and to, 0 to 1."""
    grammar: dict[str, frozenset[str]]
    """Small words, by what they tell: see the table."""
    fillers: frozenset[Phrase]
    """Phrases that ask for nothing, though a word of theirs may."""


@lru_cache(maxsize=1)
def change_table() -> ChangeTable:
    """The words that are known."""
    text = files("hitpoint.score").joinpath("direction_words.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    def column(section: str, value: str) -> dict[Phrase, Any]:
        return {phrase_of(words): row[value] for row in data[section] for words in row["words"]}

    def listed(section: str) -> frozenset[Phrase]:
        return frozenset(phrase_of(words) for row in data[section] for words in row["words"])

    return ChangeTable(
        controls=column("changes", "change"),
        signs=column("change_signs", "sign"),
        denials=frozenset(
            phrase_of(words) for row in data["change_signs"] if row.get("denies") for words in row["words"]
        ),
        endings=column("change_endings", "sign"),
        tempi=column("change_tempi", "factor"),
        complaints={
            phrase_of(words): row.get("change") or {"tempo": row["factor"]}
            for row in data["change_complaints"]
            for words in row["words"]
        },
        masking=listed("change_masking"),
        register=column("change_register", "octaves"),
        players=column("change_players", "to"),
        after=column("change_after", "to"),
        again={
            tuple(one if word == "them" else word for word in phrase): to
            for phrase, to in column("change_again", "to").items()
            for one in PRONOUNS
        },
        grammar={row["name"]: frozenset(row["words"]) for row in data["change_grammar"]},
        fillers=listed("change_fillers"),
        places={phrase: (share[0], share[1]) for phrase, share in column("change_places", "share").items()},
    )
