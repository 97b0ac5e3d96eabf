"""Tokens into matches: one small reader for each thing that a direction can say, tried in order at every place."""

from hitpoint.score.direction_citation import citation_at
from hitpoint.score.direction_key import key_at
from hitpoint.score.direction_match import Match, Reader, Says, Tokens, said_at
from hitpoint.score.direction_numbers import number_at, numeral_at
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_tokens import TokenKind


def match_at(tokens: Tokens, place: int) -> Match:
    """The first reader's answer at `place`; a token that none understands is UNKNOWN."""
    for reader in _READERS:
        match = reader(tokens, place)
        if match is not None:
            return match
    token = tokens[place]
    # A loose sign says nothing and is nobody's word.
    says = Says.FILLER if token.kind in (TokenKind.SIGN, TokenKind.CUE) or not token.said else Says.UNKNOWN
    return Match(says, None, token.said, 1)


def matches_of(tokens: Tokens) -> list[Match]:
    """All that is said, in order."""
    matches, place = [], 0
    while place < len(tokens):
        match = match_at(tokens, place)
        matches.append(match)
        place += match.tokens
    return matches


def _sign(tokens: Tokens, place: int) -> Match | None:
    token = tokens[place]
    if token.said == "→":
        return Match(Says.ARROW, None, token.said, 1)
    if token.said == "&":
        return Match(Says.AND, None, token.said, 1)
    if token.kind is TokenKind.STOP:
        return Match(Says.STOP, None, token.said, 1)
    return None


def _players(tokens: Tokens, place: int) -> Match | None:
    """The number in "two flutes" or "violin 1": who plays is said, how many desks is not ours to ask."""
    counted = number_at(tokens, place)
    group = said_at(tokens, place) in _GROUPS and said_at(tokens, place + 1) == "of"
    if not group and (counted is None or counted[0] > 20):
        return None
    taken = 2 if group or counted is None else counted[1]
    following = phrase_at(tokens, place + taken)
    if following is None or following.says is not Says.INSTRUMENT or following.value == "strings":
        # A quartet of strings is a section of its own.
        return None
    return Match(Says.FILLER, None, "", taken)


_GROUPS = {"duo", "duet", "pair", "couple", "trio", "quartet", "quintet", "section", "choir", "group", "handful"}
"""Words for several of one kind: "a quartet of cellos"."""


_READERS: tuple[Reader, ...] = (_sign, citation_at, numeral_at, _players, key_at, phrase_at)
