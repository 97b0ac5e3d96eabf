"""What Hitpoint and the scripts inside DAWs say to each other: JSON objects, the same for every host.

The shapes below are the one truth: what comes in is checked against them, and a test keeps the scripts and the table in
bridge_scripts/PROTOCOL.md alike. No files and no sockets here. Keys that a shape does not have are left aside, so that
a newer script can say more. Musical time is in quarter notes from the project's start, as hosts have it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import isfinite
from typing import Any

from hitpoint.errors import HostError
from hitpoint.score.one_line import writable

PROTOCOL = 1
"""Changes when an older Hitpoint, or an older script, would misunderstand."""
LARGEST_BYTES = 16 * 1024 * 1024
"""Of one object: a project with tens of thousands of markers has a tenth of it."""
MOST_ITEMS = 100_000
LARGEST_NUMBER = 1e12


class Kind(Enum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole number"
    SWITCH = "true or false"
    OBJECT = "object"
    LIST = "list of objects"
    ROWS = "list of lists of numbers"


@dataclass(frozen=True, slots=True)
class Field:
    """One key of an object."""

    name: str
    kind: Kind
    means: str
    """One line for people who write scripts."""
    of: "Shape | None" = None
    """What the object, or each object of the list, looks like."""
    columns: int = 0
    """Of ROWS: so many numbers in each."""
    optional: bool = False
    """True when it may be missing, or null."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What an object looks like."""

    name: str
    fields: tuple[Field, ...]


TEMPO = Shape(
    "tempo point",
    (
        Field("quarter", Kind.NUMBER, "where"),
        Field("bpm", Kind.NUMBER, "quarter notes a minute from there on"),
        Field(
            "ramp", Kind.TEXT, "the way to the next point: step, time (evenly in seconds) or beats (evenly in beats)"
        ),
    ),
)
METER = Shape(
    "metre change",
    (
        Field("quarter", Kind.NUMBER, "where; a bar line falls there"),
        Field("numerator", Kind.WHOLE, "beats in a bar"),
        Field("denominator", Kind.WHOLE, "the note that is a beat"),
    ),
)
MARKER = Shape(
    "marker",
    (
        Field("id", Kind.TEXT, "the host's own name for it, stable while it is dragged"),
        Field("quarter", Kind.NUMBER, "where"),
        Field("name", Kind.TEXT, "as the person wrote it"),
    ),
)
REGION = Shape(
    "region",
    (
        Field("id", Kind.TEXT, "as of a marker"),
        Field("quarter", Kind.NUMBER, "where it begins"),
        Field("end", Kind.NUMBER, "where it ends"),
        Field("name", Kind.TEXT, "as the person wrote it"),
    ),
)
LOOP = Shape(
    "loop",
    (Field("quarter", Kind.NUMBER, "where it begins"), Field("end", Kind.NUMBER, "where it ends")),
)
SNAPSHOT = Shape(
    "snapshot",
    (
        Field("protocol", Kind.WHOLE, f"{PROTOCOL}"),
        Field("kind", Kind.TEXT, "snapshot"),
        Field("host", Kind.TEXT, "reaper, live or ardour"),
        Field("host_version", Kind.TEXT, "as the host says it"),
        Field("bridge_version", Kind.TEXT, "the Hitpoint that the script came with"),
        Field("serial", Kind.WHOLE, "rises with every snapshot of one run of the script"),
        Field("project", Kind.TEXT, "its name; empty when it was never saved"),
        Field(
            "frame_rate",
            Kind.TEXT,
            "of the picture, as in the settings; missing where the host has none",
            optional=True,
        ),
        Field("tempo", Kind.LIST, "the whole tempo map, in order; at least one", TEMPO),
        Field("meter", Kind.LIST, "the whole metre map, in order; at least one", METER),
        Field("markers", Kind.LIST, "all of them, in any order", MARKER),
        Field("regions", Kind.LIST, "all of them, in any order", REGION),
        Field("loop", Kind.OBJECT, "null when it is off", LOOP, optional=True),
    ),
)
CLIP = Shape(
    "clip",
    (
        Field("track", Kind.TEXT, "name of the track it goes to; made where there is none"),
        Field("name", Kind.TEXT, "what people see on it"),
        Field("part", Kind.TEXT, "whose notes they are"),
        Field("quarter", Kind.NUMBER, "where it begins"),
        Field("end", Kind.NUMBER, "where it ends"),
        Field(
            "notes", Kind.ROWS, "quarter from the clip's start, quarters, pitch, velocity, channel 0 to 15", columns=5
        ),
        Field("controllers", Kind.ROWS, "quarter from the clip's start, controller, value, channel", columns=4),
    ),
)
JOB = Shape(
    "job",
    (
        Field("protocol", Kind.WHOLE, f"{PROTOCOL}"),
        Field("kind", Kind.TEXT, "job"),
        Field("job", Kind.TEXT, "its name: letters, digits and hyphens. Done once, however often it comes"),
        Field("take", Kind.TEXT, "the take that is written: marks what is made, so that it can be found"),
        Field("title", Kind.TEXT, "what the undo step is called"),
        Field("clips", Kind.LIST, "all in one undo step, or none", CLIP),
    ),
)
EDITED = Shape(
    "edited clip",
    (
        Field("take", Kind.TEXT, "the take it was made from"),
        Field("track", Kind.TEXT, "where it is"),
        Field("part", Kind.TEXT, "whose notes they are"),
        Field("quarter", Kind.NUMBER, "where it begins"),
        Field("end", Kind.NUMBER, "where it ends"),
        Field("notes", Kind.ROWS, "what is in it now, as in a clip", columns=5),
    ),
)
ANSWER = Shape(
    "answer",
    (
        Field("protocol", Kind.WHOLE, f"{PROTOCOL}"),
        Field("kind", Kind.TEXT, "answer"),
        Field("job", Kind.TEXT, "which job"),
        Field("error", Kind.TEXT, "why it could not be done; empty when it was"),
        Field("edited", Kind.LIST, "clips in the way that a person has changed: they were left as they are", EDITED),
    ),
)
ASK = Shape(
    "ask",
    (
        Field("protocol", Kind.WHOLE, f"{PROTOCOL}"),
        Field("kind", Kind.TEXT, "ask"),
        Field("ask", Kind.TEXT, "its name: letters, digits and hyphens. Heard once, however often it comes"),
        Field("address", Kind.TEXT, "an OSC address"),
        Field("arguments", Kind.TEXT, "its arguments, as a JSON list"),
    ),
)
PIECE = Shape(
    "piece",
    (
        Field("protocol", Kind.WHOLE, f"{PROTOCOL}"),
        Field("kind", Kind.TEXT, "piece"),
        Field("message", Kind.TEXT, "whose piece it is: letters, digits and hyphens. No two messages have the same"),
        Field("piece", Kind.WHOLE, "which one, from 0"),
        Field("of", Kind.WHOLE, "how many there are"),
        Field("text", Kind.TEXT, "at most 4,000 characters of the message"),
    ),
)
RECEIVED = Shape(
    "received",
    (
        Field("protocol", Kind.WHOLE, f"{PROTOCOL}"),
        Field("kind", Kind.TEXT, "received"),
        Field("message", Kind.TEXT, "which message is whole, or the name of Hitpoint's run"),
    ),
)
POSITION = Shape(
    "position",
    (
        Field("protocol", Kind.WHOLE, f"{PROTOCOL}"),
        Field("kind", Kind.TEXT, "position"),
        Field("rolling", Kind.SWITCH, "whether the host plays"),
        Field("quarter", Kind.NUMBER, "where the playhead is"),
        Field("bpm", Kind.NUMBER, "quarter notes a minute there"),
        Field("at", Kind.NUMBER, "seconds of the host's own clock, which never runs back"),
    ),
)
SHAPES = (SNAPSHOT, TEMPO, METER, MARKER, REGION, LOOP, JOB, CLIP, ANSWER, EDITED, ASK, PIECE, RECEIVED, POSITION)


def read_object(data: bytes, *shapes: Shape) -> tuple[Shape, Mapping[str, Any]]:
    """One of these shapes, and the object, checked. Raises HostError that says what is wrong and where."""
    if len(data) > LARGEST_BYTES:
        raise HostError(f"the host's script sent {len(data)} bytes, more than {LARGEST_BYTES}.")
    try:
        said = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise HostError(f"the host's script sent what is no JSON: {str(error)[:80]}.") from error
    if not isinstance(said, dict):
        raise HostError("the host's script sent JSON that is no object.")
    if said.get("protocol") != PROTOCOL:
        raise HostError(
            f"the host's script speaks protocol {str(said.get('protocol'))[:20]}, this Hitpoint {PROTOCOL}. "
            "Run `hitpoint install` for that host again, and start it anew."
        )
    kind = said.get("kind")
    shape = next((shape for shape in shapes if shape.name == kind), None)
    if shape is None:
        known = ", ".join(shape.name for shape in shapes)
        raise HostError(f"the host's script sent kind {str(kind)[:40]!r}, not {known}.")
    _check(said, shape, shape.name)
    return shape, said


def _check(said: Mapping[str, Any], shape: Shape, place: str) -> None:
    for field in shape.fields:
        value = said.get(field.name)
        if value is None and field.optional:
            continue
        wrong = _wrong(value, field)
        if wrong:
            raise HostError(f"{place}: {field.name} {wrong}.")
        if field.of is not None:
            for item, where in _items(value, f"{place}.{field.name}"):
                _check(item, field.of, where)


def _items(value: Any, place: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    if isinstance(value, Mapping):
        yield value, place
    else:
        yield from ((item, f"{place}[{number}]") for number, item in enumerate(value))


def _wrong(value: Any, field: Field) -> str:
    """What is wrong with a field's value, as the end of a sentence; empty for nothing."""
    if value is None:
        return "is missing"
    return "" if _fits(value, field) else f"is {str(value)[:40]!r}, where {field.kind.value} is meant"


def _fits(value: Any, field: Field) -> bool:
    match field.kind:
        case Kind.TEXT:
            return isinstance(value, str) and writable(value)
        case Kind.NUMBER:
            return _is_number(value)
        case Kind.WHOLE:
            return _is_number(value) and float(value).is_integer()
        case Kind.SWITCH:
            return isinstance(value, bool)
        case Kind.OBJECT:
            return isinstance(value, Mapping)
        case Kind.LIST:
            return _is_list(value) and all(isinstance(item, Mapping) for item in value)
        case Kind.ROWS:
            return _is_list(value) and all(_is_row(item, field.columns) for item in value)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= LARGEST_NUMBER and isfinite(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and len(value) <= MOST_ITEMS


def _is_row(value: Any, columns: int) -> bool:
    return isinstance(value, Sequence) and len(value) == columns and all(map(_is_number, value))


def protocol_lines() -> Iterator[str]:
    """The shapes as tables in Markdown, for bridge_scripts/PROTOCOL.md."""
    for shape in SHAPES:
        yield f"### {shape.name}"
        yield ""
        yield "| key | holds | means |"
        yield "|---|---|---|"
        for field in shape.fields:
            of = f" ({field.of.name})" if field.of is not None else ""
            may = ", may be missing" if field.optional else ""
            yield f"| `{field.name}` | {field.kind.value}{of}{may} | {field.means} |"
        yield ""
