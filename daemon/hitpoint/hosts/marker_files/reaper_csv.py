"""REAPER's Region/Marker Manager as CSV: `#,Name,Start,End,Length,Color`, M1 a marker, R1 a region.

Times are in the project's display unit. Timecode, minutes and seconds are told apart by their shape; bars and bare
whole numbers (samples? frames?) are refused. Written in timecode. Source: FILM.md 1.7; exports quoted on GitHub.
"""

import csv
import re
from fractions import Fraction
from io import StringIO

from hitpoint.hosts.marker_files.colours import colour_of, shade_of
from hitpoint.hosts.marker_files.file_text import text_of
from hitpoint.hosts.marker_files.marker_list import (
    MARKER,
    REGION,
    ListedMarker,
    MarkerList,
    Source,
    in_order,
    nearest_frame,
)
from hitpoint.score.one_line import one_line
from hitpoint.timeline.timecode import label_at
from hitpoint.timeline.units import FrameRate

_TIMECODE = re.compile(r"\d{1,2}:\d{2}:\d{2}[:;]\d{2}")
_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+\.\d+)|(?:(\d+):)?(\d+):(\d+)")
_BARS = re.compile(r"-?\d+\.\d+\.\d+")

_DROP = "drop-frame timecode"


def says(text: str) -> bool:
    """True for a list of this format."""
    return re.match(r'\s*"?#"?[,\t;]\s*"?name"?[,\t;]', text, re.IGNORECASE) is not None


def read(source: Source, given: FrameRate | None) -> MarkerList:
    """The markers and regions of the list. Raises HostError with file and line."""
    rows = _rows(source)
    rate = source.rate_of_labels(_drop_frame(source, rows), given)
    beside = 0
    markers = []
    for line, row in rows:
        frame, exact = _frame(source, line, row["start"], rate)
        end, _ = _frame(source, line, row["end"], rate) if row.get("end") else (frame, True)
        if end < frame:
            raise source.wrong(line, "the region ends before it begins. Mend its End.")
        beside += not exact
        kind = REGION if row["#"][:1].upper() == "R" or end > frame else MARKER
        shade = row.get("color", "").lstrip("#")
        if shade and not re.fullmatch("[0-9A-Fa-f]{6}", shade):
            raise source.wrong(line, f"colour {shade!r} is not RRGGBB. Mend it or leave it empty.")
        colour = colour_of(int(shade, 16)) if shade else ""
        markers.append(ListedMarker(frame, row["name"], end - frame, colour, kind=kind))
    remarks = (f"{beside} of its times lie between frames and were moved to the nearest",) if beside else ()
    return MarkerList(in_order(markers), rate, remarks=remarks)


def _drop_frame(source: Source, rows: list[tuple[int, dict[str, str]]]) -> bool | None:
    """True where times are drop-frame labels. Raises HostError where the units mix: one is then cut off, or foreign."""
    shapes = [(line, _shape(row[key])) for line, row in rows for key in ("start", "end") if row.get(key)]
    for line, shape in shapes:
        if shape != shapes[0][1]:
            raise source.wrong(line, f"its time is in {shape}, others are in {shapes[0][1]}. Export the list again.")
    return True if shapes and shapes[0][1] == _DROP else None


def _shape(written: str) -> str:
    if _TIMECODE.fullmatch(written):
        return _DROP if ";" in written else "timecode"
    return "another unit"


def _rows(source: Source) -> list[tuple[int, dict[str, str]]]:
    text = text_of(source)
    reader = csv.reader(StringIO(text), delimiter="\t" if "\t" in text.lstrip("\n").split("\n", 1)[0] else ",")
    columns: list[str] = []
    rows = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = [cell.strip().lower() for cell in cells]
                if not {"#", "name", "start"} <= set(columns):
                    raise source.wrong(reader.line_num, "the heading must have #, Name and Start. Export it again.")
                continue
            row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
            if not row.get("start"):
                raise source.wrong(reader.line_num, "the row is cut off: it has no Start. Export the list again.")
            if row["#"][:1].upper() == "R" and not row.get("end"):
                raise source.wrong(reader.line_num, "the row is cut off: a region needs an End. Export the list again.")
            rows.append((reader.line_num, row))
    except csv.Error as error:
        raise source.wrong(reader.line_num, f"the row cannot be read: {error}. Export the list again.") from error
    return rows


def _frame(source: Source, line: int, written: str, rate: FrameRate) -> tuple[int, bool]:
    if _TIMECODE.fullmatch(written):
        return source.frame_at(line, written, rate), True
    clock = _CLOCK.fullmatch(written)
    if clock is not None:
        hours, minutes, seconds = (clock[1] or clock[4], clock[2] or clock[5], clock[3] or clock[6])
        whole = Fraction(int(hours or 0) * 3600 + int(minutes or 0) * 60)
        return nearest_frame(whole + Fraction(seconds), rate)
    what = "in bars" if _BARS.fullmatch(written) else "in no unit that can be told (samples? frames?)"
    raise source.wrong(
        line, f"time {written!r} is {what}. Set the ruler to Hours:Minutes:Seconds:Frames and export again."
    )


def write(markers: MarkerList) -> bytes:
    """The list, in UTF-8. What has a duration is a region there; names lose line breaks."""
    rate, text = markers.frame_rate, StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("#", "Name", "Start", "End", "Length", "Color"))
    counts = {"M": 0, "R": 0}
    for marker in markers.markers:
        sort = "R" if marker.duration else "M"
        counts[sort] += 1
        span = [label_at(frame, rate) for frame in (marker.frame + marker.duration, marker.duration)]
        shade = f"{shade_of(marker.colour):06X}" if marker.colour else ""
        cells = (f"{sort}{counts[sort]}", one_line(marker.name), label_at(marker.frame, rate))
        writer.writerow((*cells, *(span if marker.duration else ("", "")), shade))
    return text.getvalue().encode()
