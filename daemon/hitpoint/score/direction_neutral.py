"""The flag of a prompt that cites works or people, and the wording that is offered in its place."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hitpoint.score.direction import parse
from hitpoint.score.direction_citation import Citation
from hitpoint.score.direction_match import Match, Says
from hitpoint.score.direction_tokens import CUE_NUMBER, resolved

PLAIN = "say what it should sound like"
"""Offered where nothing is left without the name."""

_POINTING = (Says.FILLER, Says.UNKNOWN, Says.DEGREE)
"""What leads to a name and says nothing else: "the shark theme from"."""


class Said(NamedTuple):
    """A match and where it stands in the resolved text."""

    match: Match
    start: int
    """Its first character."""
    end: int
    """The character after its last."""


class Cut(NamedTuple):
    """Where a name is cited, with the words around it that only point at it."""

    citation: Citation
    start: int
    """First character in the resolved text."""
    end: int
    """The character after the last."""
    unwanted: bool = False
    """The text says what it should not be like."""


def cuts_in(said: Sequence[Said]) -> Iterator[Cut]:
    """The names that all of that cites, in order."""
    begin = 0
    for place, one in enumerate(said):
        if one.match.says is not Says.CITED or not isinstance(one.match.value, Citation):
            continue
        first, last = place, place
        while first > begin and _points(said[first - 1].match):
            first -= 1
        unwanted = first > begin and said[first - 1].match.says in (Says.NEGATION, Says.EXCLUSION)
        first -= unwanted
        for after in range(place + 1, len(said)):
            if said[after].match.says is Says.UNKNOWN:
                last = after
            elif said[after].match.says is not Says.FILLER:
                break
        begin = last + 1
        yield Cut(one.match.value, said[first].start, said[last].end, unwanted)


def _points(match: Match) -> bool:
    return match.says in _POINTING and not re.fullmatch(CUE_NUMBER, match.words)


def cited_flag(text: str, cuts: Sequence[Cut]) -> str:
    """Names what `text` cites and offers it without."""
    names = ", ".join(dict.fromkeys(cut.citation.name for cut in cuts))
    return f'cites {names}. Neutral wording: "{neutral(text, cuts)}"'


def neutral(text: str, cuts: Sequence[Cut]) -> str:
    """`text` with every cited name replaced by words that ask for the music itself, or left out.

    What points at a name goes with it, and players who are asked for twice are asked for in more words only.
    """
    whole, pieces, at = resolved(text), [], 0
    for cut in cuts:
        # Two names that are joined need no "and".
        between = whole[at : cut.start]
        pieces += ["" if at and between.strip().casefold() in _JOINED else between]
        comma = " " if re.fullmatch(CUE_NUMBER, between.strip()) else ", "
        pieces += [comma, "" if cut.unwanted else cut.citation.neutral, ", "]
        at = cut.end
    joined = "".join([*pieces, whole[at:]])
    clauses = [" ".join(clause.split()) for clause in re.split(r"[,:;]", joined)]
    return ", ".join(_once([clause for clause in clauses if clause])) or PLAIN


_JOINED = {"and", "&", "+", "or"}


def _once(clauses: list[str]) -> list[str]:
    """Without those that another one says as well: "low strings" beside "driving low strings"."""
    different = list({clause.casefold(): clause for clause in reversed(clauses)}.values())[::-1]
    players = {clause: parse(clause).instruments for clause in different}
    words = {clause: set(clause.casefold().split()) for clause in different if players[clause]}

    def said_again(clause: str) -> bool:
        return clause in words and any(
            words[clause] < words[other] and players[clause] == players[other] for other in words
        )

    return [clause for clause in different if not said_again(clause)]
