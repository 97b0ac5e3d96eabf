"""A whole sheet moved to a new cut: a new sheet, and what became of each cue. The old one stays as it is.

Each cue keeps the picture that its music was written to (`picture`); the sheet names the one its timecodes are of.
"""

from dataclasses import dataclass
from pathlib import Path

from hitpoint.config.document import Items, Table, Text, Written, parse_document
from hitpoint.errors import ConfigError, HostError
from hitpoint.hosts.conform import Conformed, CueState, Span, conform, rewritten, tables_in, text_in
from hitpoint.hosts.conform_curves import by_bars, moved_curves, point_frames
from hitpoint.hosts.cut_list import CutList, read_cuts
from hitpoint.hosts.marker_files.file_text import text_of
from hitpoint.hosts.marker_files.marker_list import Source
from hitpoint.hosts.marker_files.sheet_text import sheet_text
from hitpoint.hosts.recut import pieces_of
from hitpoint.hosts.sheet_reader import sheet_of
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import FrameRate


@dataclass(frozen=True, slots=True)
class LostHit:
    """A hit whose frame is not in its cue any more."""

    name: str
    at: str
    """Where it was, timecode of the old cut."""


@dataclass(frozen=True, slots=True)
class CueReport:
    """What became of one cue, for a person."""

    number: str
    title: str
    state: CueState
    old_start: str
    new_start: str | None
    """None for a cue that was cut."""
    moved_frames: int
    """Of its start."""
    longer_frames: int
    replaced_frames: int
    """How much of its picture is not in it any more."""
    lost_hits: tuple[LostHit, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConformedSheet:
    """A new sheet, not yet on disk."""

    content: bytes
    cues: tuple[CueReport, ...]
    """In the old order."""
    remarks: tuple[str, ...]


def conform_sheet(sheet: Source, old: Source, new: Source, picture: str = "") -> ConformedSheet:
    """The sheet in the new cut, called `picture` or as that EDL is. Raises HostError with file and line."""
    text = text_of(sheet)
    try:
        table = parse_document(text, sheet.name)
    except ConfigError as error:
        raise HostError(str(error)) from error
    rate = sheet_of(table, Path(sheet.name)).frame_rate
    before, after = read_cuts(old, rate), read_cuts(new, rate)
    day = 24 * frame_at("01:00:00:00", rate)
    cues = sorted(tables_in(table, "cues"), key=lambda cue: frame_at(text_in(cue, "start"), rate))
    spans = _spans(cues, rate, before)
    found = conform(spans, pieces_of(before, after, day))
    if all(one.state is CueState.CUT for one in found):
        raise HostError(
            f"{new.name} shows no frame of any cue of {sheet.name}. Are both EDLs of this reel, with source timecodes?"
        )
    old_picture = text_in(table, "picture") or before.title
    curves = [_curves(*one, day, rate) for one in zip(cues, spans, found, strict=True)]
    written = [
        _cue(cue, one, drawn, rate, old_picture)
        for cue, one, (drawn, _) in zip(cues, found, curves, strict=True)
        if one.state != CueState.CUT
    ]
    written.sort(key=lambda cue: frame_at(text_in(cue, "start"), rate))
    head: dict[str, Written | None] = {"cues": Items(tuple(written), 1)}
    if picture or after.title:
        head["picture"] = Text(picture or after.title, 1)
    content = sheet_text(rewritten(Table(dict(sorted(table.entries.items(), key=_cues_last)), 1), head)).encode()
    reports = tuple(
        _report(cue, span, one, told, rate, before)
        for cue, span, one, (_, told) in zip(cues, spans, found, curves, strict=True)
    )
    remarks = [
        f"{source.name}: {remark}" for source, list_ in ((old, before), (new, after)) for remark in list_.remarks
    ]
    if any(line.lstrip().startswith("#") for line in text.splitlines()):
        remarks.append(f"{sheet.name}: its comments are not carried over")
    return ConformedSheet(content, reports, tuple(remarks))


def _cues_last(entry: tuple[str, Written]) -> bool:
    return entry[0] == "cues"


def _spans(cues: list[Table], rate: FrameRate, before: CutList) -> list[Span]:
    starts = [frame_at(text_in(cue, "start"), rate) for cue in cues]
    spans = []
    for place, (cue, start) in enumerate(zip(cues, starts, strict=True)):
        hits = tuple(frame_at(text_in(hit, "at"), rate) for hit in tables_in(cue, "hits"))
        end = text_in(cue, "end")
        if end:
            stop = frame_at(end, rate)
        elif place + 1 < len(cues):
            stop = starts[place + 1]
        else:
            stop = max(before.end, start + 1, *(hit + 1 for hit in hits))
        spans.append(Span(start, stop, hits, point_frames(cue.entries.get("curves"), rate)))
    return spans


def _curves(cue: Table, span: Span, found: Conformed, day: int, rate: FrameRate) -> tuple[Written | None, list[str]]:
    """The cue's curves in the new cut, and what should be known of them."""
    curves = cue.entries.get("curves")
    if curves is None or found.state is CueState.CUT:
        return None, []
    went = {old: None if new is None else new % day for old, new in zip(span.points, found.points, strict=True)}
    moved, remarks = moved_curves(curves, went, rate)
    if found.state is CueState.STRETCHED:
        remarks += [f"curve {name}: its bars are those of the old timing" for name in by_bars(curves)]
    return moved, remarks


def _cue(cue: Table, found: Conformed, curves: Written | None, rate: FrameRate, old_picture: str) -> Table:
    changes: dict[str, Written | None] = {"start": Text(label_at(found.start, rate), 1)}
    if text_in(cue, "end"):
        changes["end"] = Text(label_at(found.stop, rate), 1)
    hits = [
        rewritten(hit, {"at": Text(label_at(frame, rate), 1)})
        for hit, frame in zip(tables_in(cue, "hits"), found.hits, strict=True)
        if frame is not None
    ]
    if "hits" in cue.entries:
        hits.sort(key=lambda hit: frame_at(text_in(hit, "at"), rate))
        changes["hits"] = Items(tuple(hits), 1) if hits else None
    if "curves" in cue.entries:
        changes["curves"] = curves
    if old_picture and not text_in(cue, "picture"):
        changes["picture"] = Text(old_picture, 1)
    return rewritten(cue, changes)


def _report(
    cue: Table, span: Span, found: Conformed, of_curves: list[str], rate: FrameRate, before: CutList
) -> CueReport:
    gone = found.state is CueState.CUT
    lost = tuple(
        LostHit(text_in(hit, "name"), text_in(hit, "at"))
        for hit, frame in zip(tables_in(cue, "hits"), found.hits, strict=True)
        if frame is None
    )
    remarks = list(of_curves)
    if found.state is CueState.STRETCHED and "tempo_map" in cue.entries:
        remarks.append("its tempo_map was made for the old timing")
    if span.start >= before.end or span.stop <= before.start:
        remarks.append("it lies outside the old picture: nothing says where it belongs. Check it")
    return CueReport(
        text_in(cue, "number"),
        text_in(cue, "title"),
        found.state,
        label_at(span.start, rate),
        None if gone else label_at(found.start, rate),
        0 if gone else found.start - span.start,
        0 if gone else (found.stop - found.start) - (span.stop - span.start),
        found.replaced,
        lost,
        tuple(remarks),
    )
