"""The sections that people name, and who sits in them."""

from collections import Counter
from collections.abc import Iterable

SECTIONS: dict[str, tuple[str, ...]] = {
    "strings": ("violin", "violin", "viola", "cello", "contrabass"),
    "low strings": ("viola", "cello", "contrabass"),
    "high strings": ("violin", "violin", "viola"),
    "brass": ("french horn", "french horn", "trumpet", "trombone", "tuba"),
    "low brass": ("french horn", "trombone", "tuba"),
    "winds": ("flute", "oboe", "clarinet", "bassoon"),
    "percussion": ("timpani", "drums"),
    "orchestra": (
        "flute", "oboe", "bassoon", "french horn", "trumpet", "trombone", "timpani",
        "violin", "violin", "viola", "cello", "contrabass",
    ),
    "chamber orchestra": ("flute", "oboe", "french horn", "violin", "violin", "viola", "cello", "contrabass"),
    "string quartet": ("violin", "violin", "viola", "cello"),
    "band": ("piano", "guitar", "bass", "drums"),
    "synth": ("synth pad", "synth lead"),
    "string trio": ("violin", "viola", "cello"),
    "piano trio": ("piano", "violin", "cello"),
    "piano quartet": ("piano", "violin", "viola", "cello"),
    "piano quintet": ("piano", "violin", "violin", "viola", "cello"),
    "wind quintet": ("flute", "oboe", "clarinet", "french horn", "bassoon"),
    "brass quintet": ("trumpet", "trumpet", "french horn", "trombone", "tuba"),
    "brass quartet": ("trumpet", "trumpet", "trombone", "trombone"),
    "saxophone quartet": ("saxophone", "saxophone", "saxophone", "saxophone"),
    "jazz trio": ("piano", "bass", "drums"),
    "jazz quartet": ("saxophone", "piano", "bass", "drums"),
    "big band": ("saxophone", "saxophone", "trumpet", "trombone", "piano", "guitar", "bass", "drums"),
}  # fmt: skip
"""What a section's name stands for. Our choice: the usual voices of each, without doublings; an orchestra of twelve
parts is what a model of this size can fill in time."""

_COUNTED = frozenset({"trio", "quartet", "quintet"})


def players_of(name: str) -> tuple[str, ...]:
    """The instruments that a section's or an instrument's name stands for; two of one are two desks."""
    return SECTIONS.get(name, (name,))


def is_counted(name: str) -> bool:
    """True for a group that is called by the number of its players: nobody of a quartet is thought of as left out."""
    return name in SECTIONS and name.rsplit(maxsplit=1)[-1] in _COUNTED


def without(names: Iterable[str], excluded: Iterable[str]) -> tuple[str, ...]:
    """`names` with every section that holds an excluded player replaced by what is left of it.

    excluded: instruments and sections; a section takes out all who sit in it.
    """
    silent = {player for name in excluded for player in (name, *players_of(name))}
    kept: dict[str, None] = {}
    for name in names:
        players = players_of(name)
        if name in silent:
            continue
        left = [player for player in players if player not in silent]
        whole = len(left) == len(players)
        kept.update(dict.fromkeys([name] if whole else _as_sections(left)))
    return tuple(kept)


def _as_sections(players: list[str]) -> list[str]:
    """Players by the names of the sections that are there whole, so that both violins of an orchestra stay two."""
    left, names = Counter(players), []
    for name in ("strings", "brass", "winds"):
        section = Counter(players_of(name))
        if section <= left:
            left -= section
            names.append(name)
    return [*left, *names]
