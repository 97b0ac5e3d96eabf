"""Which of a passage's parts play: of many few when it is calm and all when it is strong, in a phrase always the same
ones first; and who of many rests for a phrase.

So it is in the training music: of ten parts and more 0.4 play in a bar of low intensity and 0.8 at the highest, but 0.6
and 0.9 within eight bars, since others take turns; of five and six 0.9 do within eight bars at any (training/LOG.md).
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from hitpoint.score.direction import Direction
from hitpoint.score.ensemble import named_by, parts_for
from hitpoint.score.sections import is_counted, players_of
from hitpoint.score.stem import Part

LEAST_PARTS = 2
"""So that every landing has parts that speak together."""
LEAST_SHARE = 0.4
"""Share of many parts that play at intensity 0. Our choice, as what follows."""
ALL_FROM = 0.85
"""Intensity from which all play."""
MANY = 7
"""Parts of which some may be silent: a quintet needs everybody."""

FIRST_TO_PLAY = (
    "violin", "cello", "piano", "string ensemble", "choir", "synth pad", "harp", "guitar", "viola", "contrabass",
    "bass", "flute", "clarinet", "french horn", "oboe", "bassoon", "english horn", "saxophone", "organ",
    "harpsichord", "pizzicato strings", "trombone", "trumpet", "brass section", "bells", "tuba", "synth lead",
    "piccolo", "timpani", "drums",
)  # fmt: skip
"""Instruments in the order in which they come in as the music grows: what carries line and ground first, weight and
noise last. Our choice."""
_WEIGHT_FROM = FIRST_TO_PLAY.index("trombone")
"""From here on they take no turns: they come in with the strength of the music alone."""

_DESK = 10
"""A second desk comes in about this many places after the first."""


def active_parts(direction: Direction, intensity: float, turn: int = 0) -> tuple[Part, ...]:
    """The parts of `direction` that play at that intensity, in score order; more intensity never takes one out.

    Of everything that is named at least one plays: who asks for drums hears them in calm music, too. Of a trio, a
    quartet or a quintet all do, and so do all where there are few. turn: another number than 0 lets others go first.
    """
    order = _ordered(named_by(direction))
    parts, waiting = order.parts, order.waiting
    if len(parts) < MANY:
        return parts
    away = 1 + turn % (len(waiting) - 1) if turn and len(waiting) > 1 else 0
    share = LEAST_SHARE + (1 - LEAST_SHARE) * min(1.0, intensity / ALL_FROM)
    count = max(LEAST_PARTS, order.named, int(len(parts) * share + 0.5))
    chosen = set([*order.first, *waiting[away:], *waiting[:away], *order.weight][:count])
    return tuple(part for part in parts if part in chosen)


def always_playing(direction: Direction, turn: int = 0) -> tuple[Part, ...]:
    """The parts that play in such a turn however calm it is, in score order."""
    return active_parts(direction, 0.0, turn)


def resting(direction: Direction, playing: Sequence[Part], needed: Collection[str], seed: int) -> frozenset[str]:
    """Names of the parts that may rest where many play: those of one section, or none, as the seed has it.

    needed: names of parts whose section does not. Nor does that of players who were counted, as a quartet is.
    """
    if len(playing) < MANY:
        return frozenset()
    counted = {player for name in named_by(direction) if is_counted(name) for player in players_of(name)}
    staying = {part.stem for part in playing if part.name in needed or part.instrument.name in counted}
    sections = [*sorted({part.stem for part in playing} - staying), ""]
    section = sections[seed % len(sections)]
    return frozenset(part.name for part in playing if part.stem == section)


class _Order(NamedTuple):
    """Who there is, and in which order they come in."""

    parts: tuple[Part, ...]
    """All, in score order."""
    named: int
    """How many stand for what was named: one of everything, or all of a group that is counted."""
    first: tuple[Part, ...]
    """Those, and who carries line and ground."""
    waiting: tuple[Part, ...]
    """Who takes turns."""
    weight: tuple[Part, ...]


@lru_cache(maxsize=1024)
def _ordered(instruments: tuple[str, ...]) -> _Order:
    parts = parts_for(Direction(instruments=instruments))
    by_place = sorted(parts, key=_place)
    named = []
    for name in instruments:
        players = players_of(name)
        own = [part for part in by_place if part.instrument.name in players]
        named += own[: len(players)] if is_counted(name) else own[:1]
    # dict keeps the first of each, in order.
    first = tuple(dict.fromkeys([*named, *by_place[:LEAST_PARTS]]))
    others = [part for part in by_place if part not in first]
    waiting = tuple(part for part in others if FIRST_TO_PLAY.index(part.instrument.name) < _WEIGHT_FROM)
    weight = tuple(part for part in others if part not in waiting)
    return _Order(parts, len(dict.fromkeys(named)), first, waiting, weight)


def _place(part: Part) -> int:
    return FIRST_TO_PLAY.index(part.instrument.name) + _DESK * part.desk
