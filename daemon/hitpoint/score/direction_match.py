"""What a direction can say, and one thing said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from hitpoint.score.direction_tokens import Token


class Says(Enum):
    """What a match says."""

    TEMPO = auto()
    TEMPO_RANGE = auto()
    KEY = auto()
    MODE = auto()
    METER = auto()
    BARS = auto()
    SECONDS = auto()
    INSTRUMENT = auto()
    MOOD = auto()
    DEGREE = auto()
    NEGATION = auto()
    ARROW = auto()
    OR = auto()
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


Tokens = Sequence[Token]
Reader = Callable[[Tokens, int], Match | None]


def said_at(tokens: Tokens, place: int) -> str:
    """The token at `place` in lower case; empty beyond the end."""
    return tokens[place].said if place < len(tokens) else ""
