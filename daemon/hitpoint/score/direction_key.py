"""Keys as people write them: D minor, Dm, F#m, E flat major, A dorian, in G."""

from hitpoint.score.controls import Key
from hitpoint.score.direction_match import Match, Says, Tokens, alone, said_at
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_tokens import TokenKind
from hitpoint.score.direction_words import table

_SOLFEGE = {"do": 0, "ut": 0, "re": 2, "ré": 2, "mi": 4, "fa": 5, "sol": 7, "la": 9, "si": 11}
"""The names of notes in Romance languages. Source: theory."""
_ROMANCE_MODES = {"mayor": "major", "maior": "major"}
"""Those that are words of another kind elsewhere."""
_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_ACCIDENTALS = {
    "#": 1, "sharp": 1, "diesis": 1, "dièse": 1, "♭": -1, "flat": -1, "bemol": -1, "bémol": -1, "bemolle": -1,
}  # fmt: skip
_SHORT_MODES = {"m": "minor", "min": "minor", "maj": "major"}


def key_at(tokens: Tokens, place: int) -> Match | None:
    """The key, or the mode alone, that begins at `place`; None where none does."""
    token = tokens[place]
    if token.kind is not TokenKind.WORD:
        return None
    tonic, taken, mode = _tonic(tokens, place)
    if tonic is None:
        return None
    if mode is None:
        skip = 1 if said_at(tokens, place + taken) == "-" else 0
        word = said_at(tokens, place + taken + skip)
        mode = _SHORT_MODES.get(word) or table().modes.get((word,))
        if mode is None and token.said in _SOLFEGE:
            mode = _ROMANCE_MODES.get(word)
        if mode is None and word in {"harmonic", "melodic", "natural"}:
            # "A harmonic minor".
            skip += 1
            mode = table().modes.get((word, said_at(tokens, place + taken + skip)))
        if mode is not None:
            if token.written == "a" and said_at(tokens, place + taken + skip + 1) == "key":
                # "in a minor key" is no A.
                return Match(Says.MODE, mode, mode, taken + skip + 1)
            if (
                token.said in {"a", "do", "la"}
                and not token.written[0].isupper()
                and taken == 1
                and _is_noun(tokens, place + taken + skip + 1)
            ):
                # "a minor miracle" is no key at all.
                return Match(Says.UNKNOWN, None, word, taken + skip + 1)
            return Match(Says.KEY, Key(tonic, mode), f"{token.said} {mode}", taken + skip + 1)
        before = said_at(tokens, place - 1) if place else ""
        if token.said in _SOLFEGE:
            # "Do", "mi" and "la" alone are words of other kinds.
            return None
        if not token.written[0].isupper():
            return None
        after = said_at(tokens, place + taken)
        if len(token.said) + taken > 2 and (before in _TO_A or (not before and after in {"", "please"})):
            # "Make it A flat", "Bb please".
            return Match(Says.KEY, Key(tonic, "major"), token.said, taken, supposed=True)
        # "in D", or D as a clause of its own: musicians mean the major key.
        mode = "major"
        if before not in {"in", "of", "key", ":"}:
            if not alone(tokens, place, taken):
                return None
            written = "".join(
                f"{'' if one.glued else ' '}{one.written}" for one in tokens[place : place + taken]
            ).strip()
            note = f"{written} alone is read as {written} major"
            return Match(Says.KEY, Key(tonic, mode), token.said, taken, note=note, supposed=True)
        return Match(Says.KEY, Key(tonic, mode), token.said, taken, supposed=True)
    return Match(Says.KEY, Key(tonic, mode), token.said, taken)


_TO_A = {"it", "to", "into", "try"}
_NOUNS = {"loss", "release", "shock", "pain", "threat", "chord", "chords"}
"""Known words that a "minor" or "major" before them belongs to."""


def _is_noun(tokens: Tokens, place: int) -> bool:
    """True when the word at `place` is one that means nothing here: most likely what the "minor" belongs to."""
    if place >= len(tokens) or tokens[place].kind is not TokenKind.WORD:
        return False
    found = phrase_at(tokens, place)
    return found is None or found.words in _NOUNS


def _tonic(tokens: Tokens, place: int) -> tuple[int | None, int, str | None]:
    """Pitch class, tokens taken, and the mode that is written into the same word ("Dm", "Ebmaj")."""
    token = tokens[place]
    named = _SOLFEGE.get(token.said)
    letter = _LETTERS.get(token.said[:1]) if named is None else named
    if letter is None:
        return None, 0, None
    rest, shift = "" if named is not None else token.said[1:], 0
    if rest.startswith("b"):
        rest, shift = rest[1:], -1
    if token.said == "am" and said_at(tokens, place + 1) in {"i", "we"}:
        # "Am I wrong?"
        return None, 0, None
    if rest in _SHORT_MODES and token.written[0].isupper():
        return (letter + shift) % 12, 1, _SHORT_MODES[rest]
    if rest:
        return None, 0, None
    skip = 1 if said_at(tokens, place + 1) == "-" and said_at(tokens, place + 2) in _ACCIDENTALS else 0
    accidental = _ACCIDENTALS.get(said_at(tokens, place + 1 + skip))
    if accidental is None or shift:
        return (letter + shift) % 12, 1, None
    tonic, taken = (letter + accidental) % 12, 2 + skip
    following = said_at(tokens, place + taken)
    if following == "m" and tokens[place + taken].glued:
        return tonic, taken + 1, "minor"
    return tonic, taken, None
