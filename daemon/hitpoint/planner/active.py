"""Which of a passage's parts play: few when it is calm, all when it is strong, always the same ones first; and who of
many rests for a phrase."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from hitpoint.score.direction import Direction
from hitpoint.score.ensemble import named_by, parts_for
from hitpoint.score.sections import is_counted, players_of
from hitpoint.score.stem import Part

LEAST_PARTS = 2
"""So that every landing has parts that speak together."""
LEAST_SHARE = 0.4
"""Share of the parts that play at intensity 0. Our choice."""
ALL_FROM = 0.85
"""Intensity from which all play. Our choice."""
FEWEST_RESTED = 7
"""Parts of which a section may rest. Our choice: a quintet needs everybody."""

FIRST_TO_PLAY = (
    "violin", "cello", "piano", "string ensemble", "choir", "synth pad", "harp", "guitar", "viola", "contrabass",
    "bass", "flute", "clarinet", "french horn", "oboe", "bassoon", "english horn", "saxophone", "organ",
    "harpsichord", "pizzicato strings", "trombone", "trumpet", "brass section", "bells", "tuba", "synth lead",
    "piccolo", "timpani", "drums",
)  # fmt: skip
"""Instruments in the order in which they come in as the music grows: what carries line and ground first, weight and
noise last. Our choice."""

_DESK = 10
"""A second desk comes in about this many places after the first."""


def active_parts(direction: Direction, intensity: float) -> tuple[Part, ...]:
    """The parts of `direction` that play at that intensity, in score order; more intensity never takes one out.

    Of everything that is named at least one plays: who asks for drums hears them in calm music, too. Of a trio, a
    quartet or a quintet all do.
    """
    parts, ordered, named = _ordered(named_by(direction))
    share = LEAST_SHARE + (1 - LEAST_SHARE) * min(1.0, intensity / ALL_FROM)
    count = int(len(parts) * share + 0.5)
    chosen = set(ordered[: max(LEAST_PARTS, named, count)])
    return tuple(part for part in parts if part in chosen)


def always_playing(direction: Direction) -> tuple[Part, ...]:
    """The parts that play however calm it is, in score order."""
    return active_parts(direction, 0.0)


def resting(direction: Direction, playing: Sequence[Part], needed: Collection[str], seed: int) -> frozenset[str]:
    """Names of the parts that may rest where many play: those of one section, or none, as the seed has it.

    needed: names of parts whose section does not. Nor does that of players who were counted, as a quartet is.
    """
    if len(playing) < FEWEST_RESTED:
        return frozenset()
    counted = {player for name in named_by(direction) if is_counted(name) for player in players_of(name)}
    staying = {part.stem for part in playing if part.name in needed or part.instrument.name in counted}
    sections = [*sorted({part.stem for part in playing} - staying), ""]
    section = sections[seed % len(sections)]
    return frozenset(part.name for part in playing if part.stem == section)


@lru_cache(maxsize=1024)
def _ordered(instruments: tuple[str, ...]) -> tuple[tuple[Part, ...], tuple[Part, ...], int]:
    """All parts in score order, and in the order in which they come in: first one of everything that was named, or all
    of a group that is counted. Last how many those are.
    """
    parts = parts_for(Direction(instruments=instruments))
    by_place = sorted(parts, key=lambda part: FIRST_TO_PLAY.index(part.instrument.name) + _DESK * part.desk)
    named = []
    for name in instruments:
        players = players_of(name)
        own = [part for part in by_place if part.instrument.name in players]
        named += own[: len(players)] if is_counted(name) else own[:1]
    # dict keeps the first of each, in order.
    return parts, tuple(dict.fromkeys([*named, *by_place])), len(dict.fromkeys(named))
