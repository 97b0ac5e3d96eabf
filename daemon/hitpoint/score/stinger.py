"""A stinger: a short figure thrown in over running music. Who plays it, which way it goes, and for how long."""

import re
from dataclasses import dataclass, replace
from enum import Enum

from hitpoint.errors import ConfigError
from hitpoint.score.direction import Direction, parse
from hitpoint.score.ensemble import parts_for
from hitpoint.score.stem import Part
from hitpoint.score.when import When

LONGEST_BEATS = 16
"""A longer one is no stinger but a cue."""

_LENGTH = re.compile(r"(\d{1,2})\s*beats?", re.IGNORECASE)


class Shape(Enum):
    """Which way a stinger goes; the value is how people write it."""

    HIT = "hit"
    """Strikes once, together, and rings for its length."""
    RISE = "rise"
    """Runs up for its length, growing, and strikes at the sync point."""
    FALL = "fall"
    """Strikes at the sync point and runs down, dying away."""
    ROLL = "roll"
    """Repeats from the sync point on, swelling."""


BEATS = {Shape.HIT: 2, Shape.RISE: 4, Shape.FALL: 2, Shape.ROLL: 4}
"""Length where none is said. Our choice."""


@dataclass(frozen=True, slots=True)
class Stinger:
    """One as described."""

    text: str
    """As written."""
    shape: Shape
    instruments: tuple[str, ...]
    """General MIDI or section names, in the order written."""
    beats: int
    """Length in beats of the metre, 1 to LONGEST_BEATS."""


@dataclass(frozen=True, slots=True)
class StingerAsked:
    """A person threw one in."""

    name: str
    stinger: Stinger
    earliest: int
    """The tick before which nothing of it can be there."""
    when: When
    """At which sync point from there on."""


def read_stinger(text: str) -> Stinger:
    """What `text` describes: a shape, players, and perhaps a length ("rise, strings, 4 beats").

    Raises ConfigError that says what is wrong with it.
    """
    pieces = [piece.strip() for piece in text.split(",")]
    shapes = [Shape(piece.lower()) for piece in pieces if piece.lower() in _SHAPES]
    lengths = [int(found[1]) for piece in pieces if (found := _LENGTH.fullmatch(piece))]
    players = parse(", ".join(p for p in pieces if p.lower() not in _SHAPES and not _LENGTH.fullmatch(p)))
    if len(shapes) != 1 or len(lengths) > 1:
        raise ConfigError(f"must name one shape ({', '.join(_SHAPES)}) and at most one length, not {text[:60]!r}")
    named = Direction(instruments=players.instruments)
    said = replace(players, text="", flags=(), without=(), leads=(), in_passing=False)
    if not players.instruments or said != named:
        raise ConfigError(f'must name players, a shape and a length only ("hit, brass, 2 beats"), not {text[:60]!r}')
    beats = lengths[0] if lengths else BEATS[shapes[0]]
    if not 1 <= beats <= LONGEST_BEATS:
        raise ConfigError(f"must last 1 to {LONGEST_BEATS} beats, not {beats}")
    return Stinger(text, shapes[0], players.instruments, beats)


def stinger_parts(stinger: Stinger) -> tuple[Part, ...]:
    """Who plays it, in score order: parts of its own ("stinger french horn"), so that the running ones keep theirs."""
    parts = parts_for(Direction(instruments=stinger.instruments))
    return tuple(Part(f"stinger {part.name}", part.instrument, part.desk) for part in parts)


_SHAPES = tuple(shape.value for shape in Shape)
