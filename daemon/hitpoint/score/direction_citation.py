"""Works and people that a prompt cites: those that are listed, and what follows "in the style of" with a capital.

A name that is not listed may still be one. What is listed can be edited in direction_words.yaml.
"""

from typing import NamedTuple

from hitpoint.score.direction_match import Match, Says, Tokens, said_at
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_tokens import TokenKind
from hitpoint.score.direction_words import MOST_WORDS, Cited, Phrase, table

_CONNECTING = {"of", "the", "and", "de", "van", "von", "da", "la"}
"""Small words inside a name: "Lord of the Rings"."""
_AFTER = {"style", "theme", "esque", "ish", "score", "soundtrack", "vibe", "like"}
"""What may follow a name: "Jaws theme"."""
MOST_NAME_WORDS = 6


class Citation(NamedTuple):
    """A name that the text cites."""

    name: str
    """As listed, or as written."""
    neutral: str
    """Words that ask for the music itself; empty where the name is not listed."""
    unlisted: tuple[str, ...]
    """Its words in lower case where it is not listed: they are not understood."""


def citation_at(tokens: Tokens, place: int) -> Match | None:
    """The cited name that begins at `place`, with the words that lead to it; None where there is none."""
    if tokens[place].kind is not TokenKind.WORD:
        return None
    lead = _lead(tokens, place)
    if not lead:
        return _listed(tokens, place, 0)
    article = 1 if said_at(tokens, place + lead) in {"the", "a"} else 0
    for skip in (0, article):
        found = _listed(tokens, place, lead + skip)
        if found is not None:
            return found
    return _unlisted(tokens, place, lead + article) or _plain(tokens, place, lead)


def _lead(tokens: Tokens, place: int) -> int:
    """How many tokens "in the style of" and its like take here; 0 where none is."""
    words, found = [], 0
    for at in range(place, min(place + MOST_WORDS, len(tokens))):
        words.append(tokens[at].said)
        if tuple(words) in table().citing:
            found = len(words)
    return found


def _plain(tokens: Tokens, place: int, lead: int) -> Match | None:
    """ "in the style of a lullaby" cites nobody; its first words are no unknown ones."""
    words = " ".join(token.said for token in tokens[place : place + lead])
    return Match(Says.FILLER, None, words, lead) if lead > 1 else None


def _listed(tokens: Tokens, place: int, skip: int) -> Match | None:
    known, taken = _known(tokens, place + skip)
    if known is None:
        return None
    citation = Citation(known.name, known.neutral, ())
    return Match(Says.CITED, citation, known.name, skip + taken + _tail(tokens, place + skip + taken))


def _known(tokens: Tokens, place: int) -> tuple[Cited | None, int]:
    """The longest listed name here, and its tokens."""
    words: list[str] = []
    found: tuple[Cited | None, int] = None, 0
    for at in range(place, min(place + MOST_WORDS, len(tokens))):
        token = tokens[at]
        if token.kind is not TokenKind.WORD:
            break
        words.append(token.said)
        known = _by_words(tuple(words))
        # One word, or one after "the", is a name only when it is written as one: jaws, the matrix.
        plain = len(words) == 1 or (len(words) == 2 and words[0] == "the")
        if known is not None and (token.written[0].isupper() or not plain):
            found = known, at + 1 - place
    return found


def _by_words(words: Phrase) -> Cited | None:
    *first, last = words
    stems = (last, last.removesuffix("'s"), last.removesuffix("esque"), last.removesuffix("ian"))
    return next((known for stem in stems if (known := table().cited.get((*first, stem)))), None)


def _tail(tokens: Tokens, place: int) -> int:
    """How many tokens "theme", "-esque" and their like take here."""
    hyphen = 1 if said_at(tokens, place) == "-" else 0
    return hyphen + 1 if said_at(tokens, place + hyphen) in _AFTER else 0


def _unlisted(tokens: Tokens, place: int, skip: int) -> Match | None:
    begin = at = place + skip
    end = begin
    while at < len(tokens) and at - begin < MOST_NAME_WORDS and tokens[at].kind is TokenKind.WORD:
        token = tokens[at]
        if token.written[0].isupper():
            end = at + 1
        elif token.said not in _CONNECTING or at == begin:
            break
        at += 1
    name = tokens[begin:end]
    if not name or all(token.written.isupper() and len(token.written) > 1 for token in name):
        # In a text of capitals a capital says nothing.
        return None
    unlisted = tuple(
        token.said
        for at, token in enumerate(name, begin)
        if token.said not in _CONNECTING and not phrase_at(tokens, at)
    )
    if not unlisted:
        # "like Strings": those words have their own meaning.
        return None
    citation = Citation(" ".join(token.written for token in name), "", unlisted)
    return Match(Says.CITED, citation, citation.name, end - place + _tail(tokens, end))
