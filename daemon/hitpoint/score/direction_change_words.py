"""The part of direction_words.yaml that is about changes, read once."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from hitpoint.score.direction_words import Phrase, phrase_of


@dataclass(frozen=True)
class ChangeTable:
    """Phrases in lower case, and what they change."""

    controls: dict[Phrase, dict[str, float]]
    """Which way each control goes, −1 or 1."""
    signs: dict[Phrase, float]
    endings: dict[Phrase, float]
    """Signs that stand after what they move: "dial the aggression down"."""
    tempi: dict[Phrase, float]
    """Factor on the tempo."""
    register: dict[Phrase, float]
    """Octaves up."""
    players: dict[Phrase, str]
    """What happens to the instruments that follow: drop, add, only, keep, rest, swap, swapped."""
    places: dict[Phrase, tuple[float, float]]
    """Shares of the cue, from and to, 0 to 1."""


@lru_cache(maxsize=1)
def change_table() -> ChangeTable:
    """The words that are known."""
    text = files("hitpoint.score").joinpath("direction_words.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    def column(section: str, value: str) -> dict[Phrase, Any]:
        return {phrase_of(words): row[value] for row in data[section] for words in row["words"]}

    return ChangeTable(
        controls=column("changes", "change"),
        signs=column("change_signs", "sign"),
        endings=column("change_endings", "sign"),
        tempi=column("change_tempi", "factor"),
        register=column("change_register", "octaves"),
        players=column("change_players", "to"),
        places={phrase: (share[0], share[1]) for phrase, share in column("change_places", "share").items()},
    )
