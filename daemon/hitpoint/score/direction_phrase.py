"""Phrases of the table, as they stand in a text: the longest one counts, hyphens and endings do not matter."""

from hitpoint.score.direction_match import Match, Says, Tokens
from hitpoint.score.direction_tokens import TokenKind
from hitpoint.score.direction_words import MOST_WORDS, Phrase, table
from hitpoint.timeline.meter import Meter


def phrase_at(tokens: Tokens, place: int) -> Match | None:
    """The longest phrase of the table that begins at `place`; None where none does."""
    words: list[str] = []
    found = None
    at = place
    while len(words) < MOST_WORDS and at < len(tokens) and _is_word(tokens, at):
        words.append(tokens[at].said)
        at += 1
        meaning = _meaning(tuple(words))
        if meaning is not None:
            says, value, everyday = meaning
            found = Match(says, value, " ".join(words), at - place, everyday)
        if at + 1 < len(tokens) and tokens[at].said == "-" and tokens[at].glued:
            at += 1
    return found


def instead_of(words: str) -> tuple[bool, int | None]:
    """Whether these words of a match name another instrument than the one that is written for them, and the General
    MIDI program of that other; None where it has none."""
    phrase, known = tuple(words.split()), table().instead
    found = next(
        (one for one in (phrase, *((*phrase[:-1], stem) for stem in _stems(phrase[-1]))) if one in known), None
    )
    return (False, None) if found is None else (True, known[found])


def _is_word(tokens: Tokens, place: int) -> bool:
    token = tokens[place]
    # "808" is a bass drum; other numbers are read by the grammar.
    return token.kind is TokenKind.WORD or token.written == "808"


def _meaning(phrase: Phrase) -> tuple[Says, object, bool] | None:
    known = _exact(phrase)
    if known is None:
        for stem in _stems(phrase[-1]):
            known = known or _exact((*phrase[:-1], stem))
    return known


def _exact(phrase: Phrase) -> tuple[Says, object, bool] | None:
    words = table()
    everyday = phrase in words.everyday
    if phrase in words.moods:
        return Says.MOOD, words.moods[phrase], everyday
    if phrase in words.instruments:
        return Says.INSTRUMENT, words.instruments[phrase], everyday
    if phrase in words.genres:
        return Says.GENRE, words.genres[phrase], True
    if phrase in words.manners:
        return Says.MANNER, words.manners[phrase], True
    if phrase in words.meters:
        return Says.METER_WORD, Meter(*words.meters[phrase]), False
    for says, entries in (
        (Says.TEMPO_WORD, words.tempi),
        (Says.MODE, words.modes),
        (Says.DEGREE, words.degrees),
    ):
        if phrase in entries:
            return says, entries[phrase], False
    sign = _sign(phrase)
    return None if sign is None else (sign, None, False)


def _sign(phrase: Phrase) -> Says | None:
    words = table()
    for says, phrases in (
        (Says.NEGATION, words.negations),
        (Says.EXCLUSION, words.exclusions),
        (Says.ARROW, words.arrows),
        (Says.CLOSING, words.closings),
    ):
        if phrase in phrases:
            return says
    if phrase in _JOINTS:
        return _JOINTS[phrase]
    return Says.FILLER if phrase in words.fillers else None


_JOINTS = {
    ("or",): Says.OR, ("nor",): Says.OR, ("and",): Says.AND, ("&",): Says.AND,
    ("but",): Says.BUT, ("yet",): Says.BUT, ("though",): Says.BUT, ("although",): Says.BUT, ("with",): Says.BUT,
    ("keep",): Says.BUT, ("plus",): Says.BUT, ("just",): Says.BUT,
}  # fmt: skip
"""Words that carry a negation on, or end it."""


def _stems(word: str) -> list[str]:
    """The plain words that an inflected one may come from: violins, calmly, eeriness."""
    stems = [word[: -len(ending)] for ending in ("s", "ly", "ness") if word.endswith(ending) and len(word) > 4]
    return stems + [stem[:-1] + "y" for stem in stems if stem.endswith("i")]
