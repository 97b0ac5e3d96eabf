"""Prompts that were written beforehand, by us in two halves and by others, and how a parse is held against them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import yaml

from hitpoint.score.direction import Direction, parse
from hitpoint.score.sections import players_of

FOLDER = Path(__file__).with_name("prompts")
SEED = 6
"""Of the shuffle that cuts the prompts in two. The first half was used for mending, the second was not."""
EXPLICIT = ("bpm", "range", "word", "key", "mode", "meter", "bars", "seconds")

Entry = dict[str, Any]


def halves() -> tuple[list[Entry], list[Entry]]:
    """The half that the parser was mended by, and the half that was not looked at before the end."""
    entries: list[Entry] = yaml.safe_load((FOLDER / "prompts.yaml").read_text(encoding="utf-8"))
    Random(SEED).shuffle(entries)
    middle = len(entries) // 2
    return entries[:middle], entries[middle:]


def of_others() -> list[Entry]:
    """The prompts that other kinds of people wrote, of all sets."""
    entries: list[Entry] = yaml.safe_load((FOLDER / "prompts_of_others.yaml").read_text(encoding="utf-8"))
    return entries


@dataclass
class Figures:
    """How many came out right."""

    explicit_right: int = 0
    explicit_wrong: list[str] = field(default_factory=list)
    hits: int = 0
    missing: list[str] = field(default_factory=list)
    made_up: list[str] = field(default_factory=list)
    moods_right: int = 0
    moods_wrong: list[str] = field(default_factory=list)
    arcs_right: int = 0
    arcs_wrong: list[str] = field(default_factory=list)
    flags_right: int = 0
    flags_wrong: list[str] = field(default_factory=list)
    unknown_right: int = 0
    unknown_wrong: list[str] = field(default_factory=list)
    unknown_words: int = 0
    words: int = 0

    @property
    def f1(self) -> float:
        """Of instruments."""
        return 2 * self.hits / (2 * self.hits + len(self.missing) + len(self.made_up))


def measure(entries: Sequence[Entry]) -> Figures:
    """What the parser makes of them."""
    figures = Figures()
    for entry in entries:
        found = parse(entry["say"])
        wrong = list(_explicit_wrong(entry, found))
        stated = len([name for name in EXPLICIT if name in entry])
        figures.explicit_wrong += [f"{entry['say']!r}: {what}" for what in wrong]
        figures.explicit_right += max(0, stated - len(wrong))
        _instruments(entry, found, figures)
        _moods(entry, found, figures)
        _arcs(entry, found, figures)
        _flags(entry, found, figures)
        for word in entry.get("unknown", ()):
            if word in found.unknown:
                figures.unknown_right += 1
            else:
                figures.unknown_wrong.append(f"{entry['say']!r}: {word}")
        figures.unknown_words += len(found.unknown)
        figures.words += len(entry["say"].split())
    return figures


def _explicit_wrong(entry: Entry, found: Direction) -> Iterator[str]:
    free = entry.get("any", ())
    wanted_bars = entry.get("bars", entry.get("over"))
    pairs = (
        ("bpm", entry.get("bpm"), found.tempo_bpm),
        ("key", entry.get("key"), str(found.key) if found.key else None),
        ("mode", entry.get("mode"), found.mode),
        ("meter", entry.get("meter"), str(found.meter) if found.meter else None),
        ("bars", wanted_bars, found.bars),
        ("seconds", entry.get("seconds"), found.duration_seconds),
    )
    for name, wanted, got in pairs:
        if name not in free and wanted != got:
            yield f"{name} is {got}, not {wanted}"
    if "word" in free or ("bpm" in free):
        return
    tempo_range = found.tempo_range
    if "range" in entry:
        if tempo_range != tuple(entry["range"]):
            yield f"range is {tempo_range}, not {entry['range']}"
    elif "word" in entry:
        low, high = entry["word"]
        if tempo_range is None or not low <= tempo_range[0] <= tempo_range[1] <= high:
            yield f"tempo word is {tempo_range}, not within {low}-{high}"
    elif tempo_range is not None:
        yield f"tempo word is {tempo_range}, and none was said"


def _instruments(entry: Entry, found: Direction, figures: Figures) -> None:
    if "play" in entry.get("any", ()):
        return
    silent = {player for name in entry.get("without", ()) for player in (name, *players_of(name))}
    wanted, got = set(entry.get("play", ())), set(found.instruments)
    if silent:
        wanted = {player for name in wanted for player in players_of(name)} - silent
        got = {player for name in got for player in players_of(name)}
    figures.hits += len(wanted & got)
    figures.missing += [f"{entry['say']!r}: {name}" for name in wanted - got]
    figures.made_up += [f"{entry['say']!r}: {name}" for name in got - wanted]
    excluded = {player for name in found.without for player in (name, *players_of(name))}
    figures.missing += [
        f"{entry['say']!r}: without {name}" for name in entry.get("without", ()) if name not in excluded
    ]


def _moods(entry: Entry, found: Direction, figures: Figures) -> None:
    for name, sign in entry.get("mood", {}).items():
        if name == "t":
            got = found.tension
            right = got is not None and (got >= 0.45 if sign == "+" else got < 0.35)
        else:
            got = found.valence if name == "v" else found.arousal
            right = {
                "+": got is not None and got > 0,
                "-": got is not None and got < 0,
                "!-": got is None or got >= 0,
                "!+": got is None or got <= 0,
            }[sign]
        if right:
            figures.moods_right += 1
        else:
            figures.moods_wrong.append(f"{entry['say']!r}: {name} is {got}, not {sign}")


def _arcs(entry: Entry, found: Direction, figures: Figures) -> None:
    wanted = entry.get("arc", [])
    right = len(wanted) == len(found.arc) and all(
        said.split()[-1] == word for said, word in zip(found.arc, wanted, strict=True)
    )
    right = right and ("over" not in entry or found.arc_bars == entry["over"])
    if not right:
        figures.arcs_wrong.append(f"{entry['say']!r}: {found.arc} over {found.arc_bars}")
    elif wanted:
        figures.arcs_right += 1


def _flags(entry: Entry, found: Direction, figures: Figures) -> None:
    kinds = {"cited" if flag.startswith("cites ") else "contradiction" for flag in found.flags if _is_kind(flag)}
    wanted = {entry["flag"]} if "flag" in entry else set()
    if kinds != wanted:
        figures.flags_wrong.append(f"{entry['say']!r}: {found.flags}")
    elif wanted:
        figures.flags_right += 1


def _is_kind(flag: str) -> bool:
    """Not a mere note on how something was read, or who plays it."""
    notes = (" is read as ", " written as ", " share one part", " may be meant")
    return not any(note in flag for note in notes)


def report(figures: Figures) -> str:
    """The figures in words."""
    return (
        f"explicit {figures.explicit_right} right, {len(figures.explicit_wrong)} wrong; "
        f"instruments F1 {figures.f1:.3f} ({figures.hits} right, {len(figures.missing)} missing, "
        f"{len(figures.made_up)} made up); moods {figures.moods_right} right, {len(figures.moods_wrong)} wrong; "
        f"arcs {figures.arcs_right} right, {len(figures.arcs_wrong)} wrong; "
        f"flags {figures.flags_right} right, {len(figures.flags_wrong)} wrong; "
        f"unknown {figures.unknown_right} right, {len(figures.unknown_wrong)} wrong; "
        f"{figures.unknown_words} of {figures.words} words not understood"
    )
