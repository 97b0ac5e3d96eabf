"""What each part is asked to do, and what kind of music it is: for models that have learned such words.

A part's role depends on the ensemble, on the phrase and on how agitated the music is, not on how many play in the bar:
so a horn that comes in changes nothing for the violins.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from hitpoint.planner.active import always_playing
from hitpoint.planner.form import Phrase
from hitpoint.planner.seed import seed_of
from hitpoint.score.direction import Direction
from hitpoint.score.ensemble import named_by, parts_for
from hitpoint.score.sections import players_of
from hitpoint.score.stem import Part
from hitpoint.score.style import ROLES, STYLES

STYLE_FIELD, ROLE_FIELD = "style", "role"
"""Fields of a model's vocabulary without which it hears neither."""
BUSY_FROM = 0.55
"""Arousal from which some parts repeat figures,"""
CALM_UNTIL = 0.4
"""and below which some hold long sounds. Our choice, as is all in this module."""
MOST_LEADERS = 3
"""Parts among which the seed chooses who leads."""
FEWEST_ORCHESTRAL = 7
"""Parts from which strings with winds or brass are an orchestra. The training music has more in all of its own."""

_LEADING = (
    "violin", "flute", "oboe", "clarinet", "trumpet", "french horn", "english horn", "saxophone", "synth lead",
    "choir", "piano", "harp", "guitar", "bells", "viola", "cello",
)  # fmt: skip
"""Who can have the line on top, likeliest first."""
_GROUND = ("contrabass", "tuba", "bass", "cello", "bassoon", "trombone")
"""Who can have the lowest line, lowest first."""
_SUSTAINED = frozenset(
    {"french horn", "trombone", "choir", "string ensemble", "synth pad", "organ", "brass section", "tuba"}
)
_FIGURED = ("viola", "piano", "harp", "guitar", "pizzicato strings", "violin", "cello", "clarinet")
"""Who repeats figures, likeliest first; where there is a choice, two of them."""
_PLUCKED = frozenset({"piano", "harp", "guitar", "harpsichord", "bells", "pizzicato strings"})
"""What sounds and fades; all else holds chords under a soloist who was asked for, unless the music is agitated."""
_MOST_FIGURES = 2
MOST_OF_A_LINE = 2
"""A line is handed on from and to who plays no more at once: what both hands of a piano play is no flute's line, and
with a flute's line one hand would be empty."""
_PERCUSSION = frozenset({"timpani", "drums"})


def roles_for(direction: Direction, arousal: float | None, seed: int, phrase: Phrase | None = None) -> dict[str, str]:
    """The role of each part of the direction's ensemble by its name.

    seed: chooses who leads. phrase: in one that contrasts others may lead and have figures, and so they do where it
    comes back; where a phrase is handed on, another one leads.
    """
    if phrase is None:
        return _chosen(direction, arousal, seed, 0)
    own, turn = seed_of(seed, phrase.first) if phrase.contrasts else seed, phrase.turn
    roles = _chosen(direction, arousal, own, turn)
    if phrase.handed:
        handed = _chosen(direction, arousal, seed_of(own, phrase.number), turn)
        able = {part.name for part in parts_for(direction) if part.instrument.polyphony <= MOST_OF_A_LINE}
        if {name for one in (roles, handed) for name, role in one.items() if role == "melody"} <= able:
            return handed
    return roles


def _chosen(direction: Direction, arousal: float | None, leader: int, turn: int) -> dict[str, str]:
    level = 0.5 if arousal is None else arousal
    choice = leader % MOST_LEADERS, turn % (_MOST_FIGURES + 1)
    steady = always_playing(direction, turn)
    return _roles(named_by(direction), direction.leads, steady, level >= BUSY_FROM, level < CALM_UNTIL, *choice)


def style_for(direction: Direction) -> str | None:
    """The kind of music that such an ensemble plays; None where the training music does not say."""
    return _style(parts_for(direction))


@lru_cache(maxsize=1024)
def _roles(
    names: tuple[str, ...],
    leads: tuple[str, ...],
    steady: tuple[Part, ...],
    busy: bool,
    calm: bool,
    choice: int,
    turn: int,
) -> dict[str, str]:
    parts = parts_for(Direction(instruments=names))
    pitched = [part for part in parts if part.instrument.name not in _PERCUSSION]
    found = {part.name: "percussion" for part in parts if part not in pitched}
    if len(pitched) == 1:
        # Alone it has everything; a line of its own, where it cannot have more.
        return found | {part.name: "melody" for part in pitched if part.instrument.polyphony == 1}
    leader = _leader([part for part in steady if part in pitched], leads, choice)
    ground = _ground(steady, pitched)
    others = [part for part in pitched if part != leader and part not in ground]
    figured = _figured(others, turn) if busy else []
    under_a_soloist = bool(leads) and not busy
    for part in others:
        name = part.instrument.name
        held = name not in _PLUCKED if under_a_soloist else calm and name in _SUSTAINED
        found[part.name] = "figure" if part in figured else "pad" if held else "inner"
    found |= {part.name: "bass" for part in ground if part != leader}
    if leader is not None:
        found[leader.name] = "melody"
    assert set(found.values()) <= set(ROLES)
    return found


def _leader(parts: Sequence[Part], leads: Sequence[str], choice: int) -> Part | None:
    """Of those that are asked to lead one, else of those who can."""
    asked = {player for name in leads for player in players_of(name)}
    if chosen := [part for part in parts if part.instrument.name in asked and part.desk == 0]:
        return chosen[choice % len(chosen)]
    able = sorted((part for part in parts if part.instrument.name in _LEADING and part.desk == 0), key=_by(_LEADING))
    return able[choice % min(MOST_LEADERS, len(able))] if able else None


def _ground(steady: Sequence[Part], pitched: Sequence[Part]) -> list[Part]:
    """The lowest of those that always play, and of all."""
    found = []
    for parts in (steady, pitched):
        able = sorted((part for part in parts if part.instrument.name in _GROUND), key=_by(_GROUND))
        found += able[:1]
    return found


def _figured(parts: Sequence[Part], turn: int) -> list[Part]:
    """turn: how many of the likeliest let others go first."""
    able = sorted((part for part in parts if part.instrument.name in _FIGURED), key=_by(_FIGURED))
    first = turn % max(1, len(able))
    return [*able[first:], *able[:first]][: min(_MOST_FIGURES, len(parts) - 1)]


def _by(order: tuple[str, ...]) -> Callable[[Part], tuple[int, int]]:
    return lambda part: (order.index(part.instrument.name), part.desk)


@lru_cache(maxsize=1024)
def _style(parts: tuple[Part, ...]) -> str | None:
    style = _style_of({part.instrument.stem for part in parts}, {part.instrument.name for part in parts}, len(parts))
    assert style is None or style in STYLES
    return style


def _style_of(stems: set[str], names: set[str], count: int) -> str | None:
    if stems == {"drums"}:
        return "drum groove"
    if "choir" in stems:
        return None if stems - {"choir", "keys"} else "song" if "piano" in names else "choral"
    if stems & {"synth", "bass", "drums"}:
        return "game"
    if stems == {"keys"}:
        return "keyboard"
    if stems == {"strings"}:
        return "chamber strings" if count > 1 else None
    if "strings" in stems:
        return "orchestral" if stems & {"winds", "brass"} and count >= FEWEST_ORCHESTRAL else None
    return "band" if stems <= {"winds", "brass", "percussion"} and count > 2 else None
