"""Who plays: the parts that a direction asks for."""

from functools import lru_cache

from hitpoint.score.direction import Direction
from hitpoint.score.sections import players_of, without
from hitpoint.score.stem import INSTRUMENTS, Part, instrument_named

DEFAULT_INSTRUMENTS = ("strings", "piano")
"""Who plays where nobody is named: five string parts, and a piano to strike with."""

INSTEAD = ("winds", "harp", "synth pad")
"""Who plays where all of the DEFAULT_INSTRUMENTS are ruled out: the first of these that are not. Our choice."""

MOST_DESKS = 4
"""Parts of one instrument."""

_NUMBERED_FROM_THE_FIRST = frozenset({"violin"})
_PLACE = {instrument.name: place for place, instrument in enumerate(INSTRUMENTS)}


def part_of(instrument: str, desk: int = 0) -> Part:
    """The part of that instrument's desk, counted from 0.

    Its name is the same in every cue, so that a port or a lock holds: "violin 1", "violin 2", "french horn",
    "french horn 2". Raises KeyError for an instrument that is not in the table.
    """
    plain = desk == 0 and instrument not in _NUMBERED_FROM_THE_FIRST
    return Part(instrument if plain else f"{instrument} {desk + 1}", instrument_named(instrument), desk)


def part_named(name: str) -> Part | None:
    """The part that is called so wherever it plays; None for no name that `part_of` gives."""
    return _BY_NAME.get(name)


def instrument_in(name: str) -> str:
    """The instrument in a part's name: "violin" in "violin 2"; the name itself where it has no number."""
    instrument, _, number = name.rpartition(" ")
    return instrument if number.isdecimal() else name


def parts_for(direction: Direction) -> tuple[Part, ...]:
    """The parts that `direction` asks for, in score order; where it names nobody, those of DEFAULT_INSTRUMENTS."""
    return _parts(named_by(direction))


def named_by(direction: Direction) -> tuple[str, ...]:
    """Instruments and sections that play: those it names, else DEFAULT_INSTRUMENTS without those it rules out.

    Where it rules out all of them ("no strings, no piano"), INSTEAD.
    """
    return direction.instruments or without(DEFAULT_INSTRUMENTS, direction.without) or _instead(direction)


def _instead(direction: Direction) -> tuple[str, ...]:
    return next((left for name in INSTEAD if (left := without((name,), direction.without))), DEFAULT_INSTRUMENTS)


@lru_cache(maxsize=1024)
def _parts(names: tuple[str, ...]) -> tuple[Part, ...]:
    desks: dict[str, int] = {}
    for name in names:
        players = players_of(name)
        for instrument in players:
            # Sections overlap ("strings, cello"): the most that any one of them asks for is enough.
            desks[instrument] = min(MOST_DESKS, max(desks.get(instrument, 0), players.count(instrument)))
    ordered = sorted(desks, key=_PLACE.__getitem__)
    return tuple(part_of(name, desk) for name in ordered for desk in range(desks[name]))


_BY_NAME = {
    part.name: part
    for instrument in INSTRUMENTS
    for part in (part_of(instrument.name, desk) for desk in range(MOST_DESKS))
}
