"""The flag of a prompt that cites works or people, and the wording that is offered in its place."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from hitpoint.score.direction_citation import Citation
from hitpoint.score.direction_tokens import resolved

PLAIN = "say what it should sound like"
"""Offered where nothing is left without the name."""


class Cut(NamedTuple):
    """Where a name is cited."""

    citation: Citation
    start: int
    """First character in the resolved text, its leading words ("in the style of") among them."""
    end: int
    """The character after the last."""


def cited_flag(text: str, cuts: Sequence[Cut]) -> str:
    """Names what `text` cites and offers it without."""
    names = ", ".join(dict.fromkeys(cut.citation.name for cut in cuts))
    return f'cites {names}. Neutral wording: "{neutral(text, cuts)}"'


def neutral(text: str, cuts: Sequence[Cut]) -> str:
    """`text` with every cited name replaced by words that ask for the music itself, or left out."""
    whole, pieces, at = resolved(text), [], 0
    for cut in cuts:
        pieces += [whole[at : cut.start], f" {cut.citation.neutral}, " if cut.citation.neutral else " "]
        at = cut.end
    joined = "".join([*pieces, whole[at:]])
    clauses = [" ".join(clause.split()) for clause in re.split(r"[,:;]", joined)]
    return ", ".join(clause for clause in clauses if clause) or PLAIN
