"""The native sheet as a list of markers, and a list as a sheet.

A cue is a marker named by its number and title, its prompt the note; hits follow. The other way, markers that begin
with a cue number and regions are cues, what lies in them are their hits, and what lies in no cue gets one titled
"markers" that has neither number nor end. Cues must not overlap in a sheet: one that is cut off loses its end.
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from hitpoint.config.document import Items, Table, Text, parse_document
from hitpoint.errors import ConfigError, HostError
from hitpoint.hosts.marker_files.file_text import text_of
from hitpoint.hosts.marker_files.marker_list import (
    CUE,
    HIT,
    MARKER,
    REGION,
    ListedMarker,
    MarkerList,
    Source,
    in_order,
)
from hitpoint.hosts.marker_files.sheet_text import flow, sheet_text, table_of
from hitpoint.hosts.sheet_reader import sheet_of
from hitpoint.score.direction import parse
from hitpoint.score.direction_tokens import CUE_NUMBER
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import FrameRate

LOOSE = "markers"
"""Title of a cue that only holds what lies in no cue."""
_NUMBER = re.compile(CUE_NUMBER)
_END = re.compile(r"\s*end(?![a-z0-9])", re.IGNORECASE)


def says(text: str) -> bool:
    """True for a list of this format."""
    return re.search(r"^(?:cues|frame_rate)\s*:", text, re.MULTILINE) is not None


def read(source: Source, given: FrameRate | None) -> MarkerList:
    """The sheet's cues and hits. Raises HostError that names every mistake with its line."""
    try:
        table = parse_document(text_of(source), source.name)
    except ConfigError as error:
        raise HostError(str(error)) from error
    rate = source.rate(sheet_of(table, Path(source.name)).frame_rate, given)
    markers: list[ListedMarker] = []
    cues = table.entries["cues"]
    for cue in cues.items if isinstance(cues, Items) else ():
        if isinstance(cue, Table):
            markers += _markers_of(cue, rate)
    detail = _rest(table, ("title", "frame_rate", "cues"))
    return MarkerList(in_order(markers), rate, _text(table, "title"), detail=detail)


def _markers_of(cue: Table, rate: FrameRate) -> list[ListedMarker]:
    number, title, prompt = (_text(cue, key) for key in ("number", "title", "prompt"))
    start = frame_at(_text(cue, "start"), rate)
    end = frame_at(_text(cue, "end"), rate) if _text(cue, "end") else start
    detail = _rest(cue, ("number", "title", "prompt", "start", "end", "hits"))
    hits = cue.entries.get("hits")
    found = [
        ListedMarker(frame_at(_text(hit, "at"), rate), _text(hit, "name"), kind=HIT, detail=_rest(hit, ("at", "name")))
        for hit in (hits.items if isinstance(hits, Items) else ())
        if isinstance(hit, Table)
    ]
    if (number, title, prompt, end, detail) == ("", LOOSE, "", start, ""):
        return found
    name = f"{number} {title}".strip()
    kind, note = CUE, prompt
    if title == prompt and title and not detail and _as_direction(name) == (number, title):
        # Written so from a marker whose name is its direction ("1m03 tense, 120 bpm"): the name says it all.
        kind, note = (REGION if end > start else MARKER), ""
    elif _split(name) != (number, title):
        said = Table({"number": Text(number, 1), "title": Text(title, 1), **table_of(detail).entries}, 1)
        detail = flow(said)
    return [ListedMarker(start, name, end - start, "", note, kind, detail), *found]


def _split(name: str) -> tuple[str, str]:
    number = _NUMBER.match(name)
    return (number[0], name[number.end() :].strip()) if number else ("", name)


def _as_direction(name: str) -> tuple[str, str] | None:
    """Number and words of a name that says what to play; None of any other."""
    number, rest = _split(name)
    try:
        return (number, rest) if number and parse(rest).says_something else None
    except ConfigError:
        return None


def _rest(table: Table, known: tuple[str, ...]) -> str:
    rest = {key: value for key, value in table.entries.items() if key not in known}
    return flow(Table(rest, table.line)) if rest else ""


def _text(table: Table, key: str) -> str:
    written = table.entries.get(key)
    return written.text.strip() if isinstance(written, Text) else ""


def with_ends(markers: MarkerList) -> MarkerList:
    """The list with markers called END taken as the end of the cue they close, where that has no duration."""
    found: list[ListedMarker] = []
    remarks = list(markers.remarks)
    open_cue: int | None = None
    for marker in markers.markers:
        if _END.match(marker.name) and marker.kind in (MARKER, HIT) and open_cue is not None:
            cue = found[open_cue]
            if not cue.duration and marker.frame > cue.frame:
                found[open_cue] = replace(cue, duration=marker.frame - cue.frame)
                remarks.append(
                    f"{marker.name} at {label_at(marker.frame, markers.frame_rate)} is the end of {cue.name}"
                )
                open_cue = None
                continue
        if is_cue(marker):
            open_cue = len(found)
        found.append(marker)
    return replace(markers, markers=tuple(found), remarks=tuple(remarks))


def is_cue(marker: ListedMarker) -> bool:
    """True for what a sheet holds as a cue: by its kind, or by the number that it begins with."""
    return marker.kind in (CUE, REGION) or _NUMBER.match(marker.name) is not None


@dataclass
class _Cue:
    """A cue while its hits are collected."""

    marker: ListedMarker
    end: int | None
    hits: list[ListedMarker] = field(default_factory=list)


def write(markers: MarkerList) -> bytes:
    """The sheet. What it cannot hold, it leaves out: colours, notes and durations of hits, overlaps."""
    rate = markers.frame_rate
    head = {"title": Text(markers.title, 1), "frame_rate": Text(rate.name, 1), **table_of(markers.detail).entries}
    cues = tuple(_table(cue, rate) for cue in _cues(markers))
    return sheet_text(Table({**head, "cues": Items(cues, 1)}, 1)).encode()


def _cues(markers: MarkerList) -> list[_Cue]:
    cues: list[_Cue] = []
    for marker in sorted(markers.markers, key=lambda marker: (marker.frame, not is_cue(marker))):
        now = cues[-1] if cues else None
        if is_cue(marker) and (now is None or marker.frame > now.marker.frame):
            if now is not None and now.end is not None and now.end > marker.frame:
                now.end = None
            cues.append(_Cue(marker, marker.frame + marker.duration if marker.duration else None))
            continue
        if now is None or (now.end is not None and marker.frame > now.end):
            cues.append(_Cue(ListedMarker(marker.frame, LOOSE), None))
        cues[-1].hits.append(marker)
    return cues


def _table(cue: _Cue, rate: FrameRate) -> Table:
    marker = cue.marker
    detail = table_of(marker.detail).entries if marker.kind == CUE else {}
    number, title = _split(marker.name)
    prompt = marker.note
    if marker.kind != CUE and not marker.note and _as_direction(marker.name):
        prompt = title
    said = {
        "number": detail.pop("number", Text(number, 1)),
        "title": detail.pop("title", Text(title, 1)),
        "start": Text(label_at(marker.frame, rate), 1),
        "end": Text(label_at(cue.end, rate) if cue.end is not None else "", 1),
        "prompt": Text(prompt, 1),
        **detail,
    }
    # A loose cue's hits must come back without it, so that it says nothing it need not.
    entries = {key: value for key, value in said.items() if not isinstance(value, Text) or value.text}
    hits = tuple(_hit(hit, rate) for hit in cue.hits)
    return Table({**entries, "hits": Items(hits, 1)} if hits else entries, 1)


def _hit(marker: ListedMarker, rate: FrameRate) -> Table:
    detail = table_of(marker.detail).entries if marker.kind == HIT else {}
    return Table({"at": Text(label_at(marker.frame, rate), 1), "name": Text(marker.name, 1), **detail}, 1)
