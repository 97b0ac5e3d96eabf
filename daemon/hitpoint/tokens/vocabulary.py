"""Every number that the model reads or draws, in one table. `python -m hitpoint.tokens.vocabulary` prints it.

A step of the model reads one row of ROW_WIDTH ids. An id names a value of a field; id 0 says nothing and its embedding
stays zero, so a control that is not asked for, and a column that a row does not use, cost nothing and mean nothing.
"""

from dataclasses import dataclass
from enum import IntEnum

from hitpoint.score.stem import INSTRUMENTS
from hitpoint.score.style import ROLES, STYLES
from hitpoint.timeline.meter import DENOMINATORS
from hitpoint.tokens import grid


class Kind(IntEnum):
    """What a row is."""

    START = 0
    """The first row of everything."""
    BAR = 1
    """Opens a bar and carries its controls."""
    PART = 2
    """Opens a part in the bar."""
    HOLE = 3
    """Stands where a part of a bar was taken out; FILL with the same slot answers it."""
    FILL = 4
    """Opens the answer to a hole, after all of the context."""
    NOTE = 5
    """One note of the part opened last."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a row can say."""

    name: str
    size: int
    """How many values it has."""
    meaning: str
    """What value 0 and the last one are."""


FIELDS: tuple[Field, ...] = (
    Field("kind", len(Kind), ", ".join(kind.name for kind in Kind)),
    Field("instrument", len(INSTRUMENTS), "place in score.stem.INSTRUMENTS"),
    Field("desk", 4, "first to fourth part of its instrument"),
    Field("position", grid.POSITIONS, "24 a quarter, from the bar line"),
    Field("pitch", 128, "MIDI key"),
    Field("duration", len(grid.DURATIONS), "place in grid.DURATIONS: 1/24 quarter to 16 quarters"),
    Field("velocity", grid.VELOCITY_CLASSES, "1–4 to 125–127"),
    Field("slot", 32, "number of a hole"),
    Field("length", grid.LENGTH_CLASSES, "bar length, 1 to 16 eighth notes"),
    Field("denominator", len(DENOMINATORS), "of the metre: " + ", ".join(map(str, DENOMINATORS))),
    Field("tempo", grid.TEMPO_CLASSES, "40 to 226 quarters a minute, sixths of an octave"),
    Field("key", grid.KEY_CLASSES, "C major, C minor, C# major … B minor"),
    Field("intensity", grid.LEVEL_CLASSES, "tenths of the training bars, softest to strongest"),
    Field("density", grid.LEVEL_CLASSES, "tenths of the training bars, held to busy"),
    Field("valence", grid.LEVEL_CLASSES, "tenths of the training bars, dark to bright"),
    Field("arousal", grid.LEVEL_CLASSES, "tenths of the training bars, still to agitated"),
    Field("tension", grid.LEVEL_CLASSES, "tenths of the training bars, at rest to tense"),
    Field("to_hit", grid.COUNTDOWN_CLASSES, "bars to the next hit: this one, 1 … 7"),
    Field("to_end", grid.COUNTDOWN_CLASSES, "bars to the end: this one, 1 … 7"),
    Field("part_density", grid.PART_DENSITY_CLASSES, "onsets a quarter in this part: none to more than 3"),
    Field("part_register", grid.REGISTER_CLASSES, "mean pitch of this part, low to high"),
    Field("harmony_1", grid.CHORD_CLASSES, "of the bar's first half: C major, minor, diminished, seventh … none clear"),
    Field("harmony_2", grid.CHORD_CLASSES, "of its second half"),
    Field("hit_beat", grid.HIT_BEAT_CLASSES, "eighth of the bar in which the hit of to_hit 0 falls: 1 to 16"),
    Field("style", len(STYLES), ", ".join(STYLES)),
    Field("role", len(ROLES), "of this part in this bar: " + ", ".join(ROLES)),
)
"""In the order of their ids. New ones go to the end: ids of older bundles then keep their meaning."""

FIELD_BY_NAME = {field.name: field for field in FIELDS}

LAYOUT: dict[Kind, tuple[str, ...]] = {
    Kind.START: ("kind",),
    Kind.BAR: (
        "kind", "length", "denominator", "tempo", "key", "intensity", "density", "valence", "arousal", "tension",
        "to_hit", "to_end", "harmony_1", "harmony_2", "hit_beat", "style",
    ),
    Kind.PART: ("kind", "instrument", "desk", "part_density", "part_register", "role"),
    Kind.HOLE: ("kind", "instrument", "desk", "part_density", "part_register", "slot", "role"),
    Kind.FILL: ("kind", "instrument", "desk", "part_density", "part_register", "slot", "role"),
    Kind.NOTE: ("kind", "instrument", "desk", "position", "pitch", "duration", "velocity"),
}  # fmt: skip
"""Which field each column of a row holds, by the row's kind."""

ROW_WIDTH = max(len(columns) for columns in LAYOUT.values())
"""Ids in a row."""

NOTHING = 0
"""The id that says nothing."""

DRAWN = ("position", "pitch", "duration", "velocity")
"""What one step draws, in this order, each knowing those before it."""

END = grid.POSITIONS
"""Drawn as a position: the part is over in this bar. It is never read, so it has no id."""

HEAD_SIZES = (grid.POSITIONS + 1, *(FIELD_BY_NAME[name].size for name in DRAWN[1:]))
"""How many values each draw chooses among."""


def _offsets() -> dict[str, int]:
    offsets, following = {}, NOTHING + 1
    for field in FIELDS:
        offsets[field.name] = following
        following += field.size
    return offsets


OFFSETS = _offsets()
"""The id of each field's value 0."""

SIZE = NOTHING + 1 + sum(field.size for field in FIELDS)
"""Ids in all, 0 included."""


def as_json() -> dict[str, object]:
    """What a bundle keeps of this table, to be compared when it is loaded."""
    return {
        "size": SIZE,
        "row_width": ROW_WIDTH,
        "fields": [{"name": field.name, "size": field.size, "first_id": OFFSETS[field.name]} for field in FIELDS],
        "layout": {kind.name: list(columns) for kind, columns in LAYOUT.items()},
        "drawn": list(DRAWN),
        "head_sizes": list(HEAD_SIZES),
        "instruments": [instrument.name for instrument in INSTRUMENTS],
        "durations": list(grid.DURATIONS),
    }


def table() -> str:
    """The vocabulary for people."""
    lines = [f"{SIZE} ids, {ROW_WIDTH} to a row; 0 says nothing"]
    for field in FIELDS:
        first = OFFSETS[field.name]
        lines.append(f"{first:5}–{first + field.size - 1:<5} {field.name:14} {field.meaning}")
    lines += [f"{kind.name:6} {' '.join(columns)}" for kind, columns in LAYOUT.items()]
    lines.append("draws  " + ", ".join(f"{name} of {size}" for name, size in zip(DRAWN, HEAD_SIZES, strict=True)))
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
