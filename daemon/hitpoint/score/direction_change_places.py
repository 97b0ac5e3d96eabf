"""Bars that a note names by number: where a change holds, and by how many the cue is to be longer."""

from hitpoint.score.direction_change import Place
from hitpoint.score.direction_match import Tokens, said_at
from hitpoint.score.direction_numbers import number_at

MOST_BARS = 9999
"""More than a cue has. Our choice."""
_BAR, _BARS = {"bar", "measure"}, {"bar", "bars", "measure", "measures"}
_WAYS = {"longer": 1, "more": 1, "shorter": -1, "less": -1, "fewer": -1}


def place_at(tokens: Tokens, at: int) -> tuple[Place, int] | None:
    """ "bars 5-8", "from bar 9", "last 4 bars", "first bar": the place, and the tokens it took; None for none."""
    said = said_at(tokens, at)
    if said in _BARS:
        return _numbered(tokens, at)
    if said not in {"last", "final", "first"}:
        return None
    first = said == "first"
    if said_at(tokens, at + 1) in _BAR:
        return (Place("first bar", None, 1, 1) if first else Place("last bar", None, -1)), 2
    count = number_at(tokens, at + 1)
    if count is None or said_at(tokens, at + 1 + count[1]) not in _BARS:
        return None
    bars = int(min(count[0], MOST_BARS))
    name = f"{'first' if first else 'last'} {bars} bars"
    return (Place(name, None, 1, bars) if first else Place(name, None, -bars)), 2 + count[1]


def _numbered(tokens: Tokens, at: int) -> tuple[Place, int] | None:
    first = number_at(tokens, at + 1)
    if first is None:
        return None
    taken, last = 1 + first[1], first[0]
    if said_at(tokens, at + taken) in {"-", "to"}:
        second = number_at(tokens, at + taken + 1)
        if second is not None:
            taken, last = taken + 1 + second[1], second[0]
    before = said_at(tokens, at - 1)
    begin, end = int(min(first[0], last, MOST_BARS)), int(min(max(first[0], last), MOST_BARS))
    if before in {"from", "after"}:
        return Place(f"from bar {begin}", None, begin), taken
    if before in {"until", "till", "to"}:
        return Place(f"until bar {end}", None, 1, end), taken
    return Place(f"bars {begin}-{end}" if begin != end else f"bar {begin}", None, begin, end), taken


def bars_more_at(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """ "8 bars longer": bars more, below 0 for fewer, and the tokens it took; None for none."""
    counted = number_at(tokens, at)
    if counted is None or said_at(tokens, at + counted[1]) not in _BARS:
        return None
    way = _WAYS.get(said_at(tokens, at + counted[1] + 1))
    if way is None or counted[0] != int(counted[0]):
        return None
    return way * int(min(counted[0], MOST_BARS)), counted[1] + 2
