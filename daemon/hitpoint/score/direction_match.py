"""What a direction can say, and one thing said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from hitpoint.score.direction_tokens import Token


class Says(Enum):
    """What a match says."""

    TEMPO = auto()
    TEMPO_RANGE = auto()
    TEMPO_WORD = auto()
    KEY = auto()
    MODE = auto()
    METER = auto()
    METER_WORD = auto()
    BARS = auto()
    SECONDS = auto()
    INSTRUMENT = auto()
    MOOD = auto()
    GENRE = auto()
    MANNER = auto()
    DEGREE = auto()
    NEGATION = auto()
    EXCLUSION = auto()
    ARROW = auto()
    CLOSING = auto()
    OR = auto()
    AND = auto()
    BUT = auto()
    CITED = auto()
    FILLER = auto()
    STOP = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Match:
    """Some tokens, understood."""

    says: Says
    value: object
    """Its type goes with `says`."""
    words: str
    """What was said, in lower case."""
    tokens: int
    """How many it took."""
    everyday: bool = False
    """The words also name what is seen."""
    note: str = ""
    """What a reader should know of how it was read."""
    supposed: bool = False
    """A key whose mode nobody said: major, as musicians mean it, unless a mode is named apart."""


Tokens = Sequence[Token]
Reader = Callable[[Tokens, int], Match | None]


def said_at(tokens: Tokens, place: int) -> str:
    """The token at `place` in lower case; empty beyond either end."""
    return tokens[place].said if 0 <= place < len(tokens) else ""


def alone(tokens: Tokens, place: int, taken: int) -> bool:
    """True when those tokens are a clause of their own, and not all there is."""
    after = place + taken
    begins = place == 0 or (tokens[place - 1].said in _CLAUSE_ENDS and not tokens[place].glued)
    # "50,000" and "127.0.0.1" are one word each.
    spaced = after + 1 >= len(tokens) or not tokens[after + 1].glued
    ends = after >= len(tokens) or (tokens[after].said in _CLAUSE_ENDS and spaced)
    return begins and ends and len(tokens) > taken + 1


_CLAUSE_ENDS = {",", ";", ".", "|", "\n", "、", "。"}
