"""The part of direction_words.yaml that is about changes, read once."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from hitpoint.score.direction_change_forms import opposites_of, with_forms
from hitpoint.score.direction_words import Phrase, phrase_of, table

PRONOUNS = ("them", "em", "it", "those")
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
    scenes: dict[Phrase, dict[str, float]]
    """What is seen, or what the music is likened to, and which way that takes each control."""
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

    players, after, places = (
        column("change_players", "to"),
        column("change_after", "to"),
        column("change_places", "share"),
    )
    signs, endings = column("change_signs", "sign"), column("change_endings", "sign")
    fillers = listed("change_fillers")
    controls, tempi, register = (
        column("changes", "change"),
        column("change_tempi", "factor"),
        column("change_register", "octaves"),
    )
    complaints = {
        phrase_of(words): row.get("change") or {"tempo": row["factor"]}
        for row in data["change_complaints"]
        for words in row["words"]
    }
    masking = listed("change_masking")
    words = table()
    small = {(word,) for row in data["change_grammar"] for word in row["words"]}
    others = (
        players,
        after,
        places,
        signs,
        endings,
        fillers,
        controls,
        tempi,
        register,
        complaints,
        masking,
        words.moods,
        words.genres,
        words.instruments,
        words.degrees,
        words.fillers,
        words.manners,
        small,
        listed("change_unrelated"),
    )
    known = {phrase for section in others for phrase in section}
    # "Angrier" moves what anger moves as a mood.
    known |= {
        (f"{form}er",)
        for (mood, *more) in words.moods
        if not more
        for form in (mood, mood.removesuffix("e"), mood[:-1] + "i", mood + mood[-1])
    }
    lacking = {
        phrase: {name: -way for name, way in moves.items()}
        for plain, moves in controls.items()
        for phrase in opposites_of(plain)
        if phrase not in known
    }
    return ChangeTable(
        controls=with_forms(controls, known) | lacking,
        signs=signs,
        denials=frozenset(
            phrase_of(words) for row in data["change_signs"] if row.get("denies") for words in row["words"]
        ),
        endings=endings,
        tempi=with_forms(tempi, known),
        complaints=with_forms(complaints, known),
        masking=masking,
        register=with_forms(register, known),
        players=players,
        after=after,
        again={
            tuple(again for word in phrase for again in (one if word == "them" else (word,))): to
            for phrase, to in column("change_again", "to").items()
            for one in (*((said,) for said in PRONOUNS), ("them", "both"), ("them", "all"), ("it", "all"), ("both",))
        },
        grammar={row["name"]: frozenset(row["words"]) for row in data["change_grammar"]},
        fillers=fillers,
        scenes=column("change_scenes", "change"),
        places={phrase: (share[0], share[1]) for phrase, share in places.items()},
    )
