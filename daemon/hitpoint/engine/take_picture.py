"""Takes as text pictures: a piano roll a part, a line a part of what two takes share, a tree of what came of what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from hitpoint.engine.take import TakeFacts
from hitpoint.score.midi_score import MidiPart
from hitpoint.timeline.meter import MeterMap

WIDTH, HEIGHT = 96, 12
"""Most columns and rows of a roll. Our choice: it fits a terminal."""
COLUMNS_A_BAR = 16
"""At most: a sixteenth of a bar of 4/4."""
_STRUCK, _HELD, _EMPTY = "█", "─", "·"
_SHADES = " ░▒▓█"
"""From nothing shared to all."""


def piano_roll(part: MidiPart, meter_map: MeterMap, bars: int, width: int = WIDTH) -> tuple[str, ...]:
    """Rows from high to low, each begun by its lowest MIDI key, and a row of bar numbers. A cell is struck, held or
    empty; where there are more keys or moments than cells, several share one."""
    end = meter_map.bar(bars).start
    columns = min(width, bars * COLUMNS_A_BAR)
    if not part.notes:
        return ("    (rests)",)
    low, high = min(note.pitch for note in part.notes), max(note.pitch for note in part.notes)
    keys_a_row = -(-(high - low + 1) // HEIGHT)
    rows = [[_EMPTY] * columns for _ in range((high - low) // keys_a_row + 1)]
    for note in part.notes:
        row = rows[(note.pitch - low) // keys_a_row]
        first, last = (min(columns - 1, tick * columns // end) for tick in (note.tick, max(note.tick, note.end - 1)))
        for column in range(first + 1, last + 1):
            if row[column] == _EMPTY:
                row[column] = _HELD
        row[first] = _STRUCK
    drawn = [f"{low + place * keys_a_row:3d} {''.join(row)}" for place, row in enumerate(rows)]
    return (*reversed(drawn), f"    {_bar_numbers(meter_map, bars, columns, end)}")


def _bar_numbers(meter_map: MeterMap, bars: int, columns: int, end: int) -> str:
    line = ""
    for index in range(bars):
        place = meter_map.bar(index).start * columns // end
        # Not where the number before it would be hidden.
        if place >= len(line) + (1 if line else 0):
            line = f"{line:<{place}}{index + 1}"
    return line


def shared_line(first: MidiPart | None, second: MidiPart | None, meter_map: MeterMap, bars: int) -> str:
    """A character a bar: how much of it two takes' parts share, from blank to full; a dot where both rest."""
    return "".join(
        _shade(Counter(_notes_in(first, meter_map, bar)), Counter(_notes_in(second, meter_map, bar)))
        for bar in range(bars)
    )


def _notes_in(part: MidiPart | None, meter_map: MeterMap, bar: int) -> list[Any]:
    place = meter_map.bar(bar)
    return [] if part is None else [note for note in part.notes if place.start <= note.tick < place.end]


def _shade(first: Counter[Any], second: Counter[Any]) -> str:
    most = max(first.total(), second.total())
    if not most:
        return _EMPTY
    same = (first & second).total()
    # Full only where all is shared, blank only where nothing is.
    return _SHADES[4 if same == most else 0 if not same else min(3, max(1, same * 4 // most))]


def lineage(facts: TakeFacts, everyone: Sequence[TakeFacts]) -> tuple[str, ...]:
    """The tree that a take belongs to, from its first ancestor on; a line a take, the take itself marked."""
    known = {one.id: one for one in everyone}
    root = facts
    while root.parent in known:
        root = known[root.parent]
    lines = [f"({root.parent}, purged)"] if root.parent else []

    def grow(one: TakeFacts, depth: int) -> None:
        said = asked_in_words(one.asked) if one.parent else one.prompt
        mark = "  ← this one" if one.id == facts.id else ""
        lines.append(f"{'   ' * (depth - 1)}{'└─ ' if depth else ''}{one.id} {said}{mark}".rstrip())
        for child in everyone:
            if child.parent == one.id:
                grow(child, depth + 1)

    grow(root, 1 if root.parent else 0)
    return tuple(lines)


def asked_in_words(asked: Mapping[str, Any]) -> str:
    """What was asked of a variation, in a few words."""
    said = [f'"{asked["note"]}"'] if asked.get("note") else ["another answer"]
    if asked.get("parts"):
        said.append(f"parts {', '.join(asked['parts'])}")
    if asked.get("bars"):
        said.append(f"bars {asked['bars']}")
    said += [f"{name} {asked[name]}" for name in ("amount", "keep", "seed", "guidance") if asked.get(name) is not None]
    return ", ".join(said)
