"""Phrases of the change table as they stand in a note, and what a mood moves."""

from collections.abc import Container
from functools import lru_cache

from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Says, Tokens, said_at
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_tokens import TokenKind
from hitpoint.score.direction_words import MOST_WORDS, NEUTRAL_TENSION, Mood, Phrase, table

STRONG = 0.4
"""A mood moves what it is at least this far from neutral in, of 1. Our choice."""


def longest(tokens: Tokens, place: int, entries: Container[Phrase]) -> tuple[Phrase, int]:
    """The longest of the phrases that begins at `place`, and its tokens; 0 for none.

    Hyphens do not matter, nor do endings: "quietly", "squirming".
    """
    words: list[str] = []
    phrase: Phrase = ()
    found, at = 0, place
    while len(words) < MOST_WORDS and at < len(tokens) and tokens[at].kind is TokenKind.WORD:
        words.append(tokens[at].said)
        at += 1
        said = next((one for one in _spellings(words) if one in entries), None)
        if said is not None:
            phrase, found = said, at - place
        if at + 1 < len(tokens) and said_at(tokens, at) == "-" and tokens[at].glued:
            at += 1
    return phrase, found


def felt_at(tokens: Tokens, place: int, words: int) -> bool:
    """True where so many words are all about a feeling."""
    found = phrase_at(tokens, place)
    taken = found.tokens if found is not None and found.says is Says.MOOD else 0
    return max(taken, longest(tokens, place, change_table().controls)[1]) == words > 0


@lru_cache(maxsize=1)
def all_changes() -> frozenset[Phrase]:
    """Every phrase that changes something, or says how, whoever was named before."""
    words = change_table()
    sections = (
        words.players, words.places, words.tempi, words.complaints, words.masking, words.register,
        words.controls, words.signs, words.endings,
    )  # fmt: skip
    return frozenset(phrase for section in sections for phrase in section)


def moves_of(mood: Mood) -> dict[str, float]:
    """Which way a mood takes each control: those it is strong in, or the one it is strongest in."""
    far = {
        "valence": mood.valence,
        "arousal": mood.arousal,
        # Tension has 0.7 of room above neutral.
        "tension": (mood.tension - NEUTRAL_TENSION) / (1 - NEUTRAL_TENSION),
    }
    most = max(abs(value) for value in far.values())
    return {name: 1.0 if value > 0 else -1.0 for name, value in far.items() if abs(value) >= min(STRONG, most) > 0}


def compares(word: str) -> bool:
    """True for "louder" and "angrier"; not for a shaker, and not for "tender"."""
    if not word.endswith("er") or word in change_table().grammar["not_compared"]:
        return False
    if comparative(word) is not None or word in change_table().grammar["compared"]:
        return True
    # "Whisper" and "bummer" compare nothing.
    plain = (word[:-2], word[:-1], word[:-3], f"{word[:-3]}y")
    return (word,) in all_changes() and any((one,) in all_changes() for one in plain)


def superlative(word: str) -> str:
    """The comparative of "saddest"; empty for what is none."""
    more = f"{word[:-3]}er" if word.endswith("est") and len(word) > 5 else ""
    return more if more and compares(more) else ""


def comparative(word: str) -> Mood | None:
    """The mood of which `word` is the comparative: angrier, sadder, calmer."""
    if not word.endswith("er") or len(word) < 5 or word in change_table().grammar["not_compared"]:
        return None
    stem = word[:-2]
    plain = [stem, stem + "e", stem[:-1]] + ([stem[:-1] + "y"] if stem.endswith("i") else [])
    return next((mood for one in plain if (mood := table().moods.get((one,)))), None)


def _spellings(words: list[str]) -> tuple[Phrase, ...]:
    """As said, and without the ending of "quietly", "comfortably", "moodily" or "squirming"."""
    said, last = tuple(words), words[-1]
    if last in change_table().grammar["whole"]:
        return (said,)
    if last.endswith("ing"):
        return said, (*said[:-1], last[:-3]), (*said[:-1], last[:-3] + "e")
    if not last.endswith("ly"):
        return (said,)
    plain = last[:-2], last[:-2] + "le", (last[:-3] + "y" if last.endswith("ily") else last)
    return said, *((*said[:-1], one) for one in plain)
