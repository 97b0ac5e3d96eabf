"""Premiere Pro's marker list: UTF-16 with tabs, though its name ends in .csv; UTF-8 and commas are read as well.

Drop-frame labels are written 00;11;23;01, which is the only hint at a rate. Colours are not in it.
Source: FILM.md 1.7; exports quoted in GitHub parsers (Marker Name, Description, In, Out, Duration, Marker Type).
"""

import codecs
import csv
from io import StringIO

from hitpoint.hosts.marker_files.file_text import text_of
from hitpoint.hosts.marker_files.marker_list import MARKER, ListedMarker, MarkerList, Source, in_order
from hitpoint.score.one_line import one_line
from hitpoint.timeline.timecode import label_at
from hitpoint.timeline.units import FrameRate

COLUMNS = ("Marker Name", "Description", "In", "Out", "Duration", "Marker Type")
_TYPES = {
    "comment": MARKER,
    "chapter": "chapter",
    "segmentation": "segmentation",
    "web link": "web link",
    "weblink": "web link",
    "flash cue point": "flash cue point",
}
_WRITTEN = {
    "chapter": "Chapter",
    "segmentation": "Segmentation",
    "web link": "Web Link",
    "flash cue point": "Flash Cue Point",
}

Row = tuple[int, dict[str, str]]


def says(text: str) -> bool:
    """True for a list of this format."""
    return text.lstrip().split("\n", 1)[0].lower().startswith(("marker name", '"marker name"'))


def read(source: Source, given: FrameRate | None) -> MarkerList:
    """The markers of the list. Raises HostError with file and line."""
    rows = _rows(source)
    signs = [(line, ";" in row["in"]) for line, row in rows]
    for line, drops in signs:
        if drops != signs[0][1]:
            raise source.wrong(line, "drop-frame and non-drop labels mix. Export each sequence by itself.")
    rate = source.rate_of_labels(signs[0][1] if signs else None, given)
    return MarkerList(in_order([_marker(source, line, row, rate) for line, row in rows]), rate)


def _rows(source: Source) -> list[Row]:
    text = text_of(source)
    tabs = "\t" in text.lstrip("\n").split("\n", 1)[0]
    # Premiere quotes nothing between tabs; whoever uses commas must quote.
    reader = csv.reader(StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE) if tabs else csv.reader(StringIO(text))
    columns: list[str] = []
    rows: list[Row] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = [cell.strip().lower() for cell in cells]
                missing = [name for name in ("marker name", "in") if name not in columns]
                if missing:
                    raise source.wrong(reader.line_num, f"the heading has no column {missing[0]!r}. Export it again.")
                continue
            row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
            if not row.get("in"):
                raise source.wrong(reader.line_num, "the row is cut off: it has no In time. Export the list again.")
            if "duration" in columns and "duration" not in row:
                raise source.wrong(reader.line_num, "the row is cut off: it has no Duration. Export the list again.")
            rows.append((reader.line_num, row))
    except csv.Error as error:
        raise source.wrong(reader.line_num, f"the row cannot be read: {error}. Export the list again.") from error
    return rows


def _marker(source: Source, line: int, row: dict[str, str], rate: FrameRate) -> ListedMarker:
    frame = source.frame_at(line, row["in"], rate)
    end = source.frame_at(line, row["out"], rate) if row.get("out") else frame
    duration = source.frame_at(line, row["duration"], rate) if row.get("duration") else end - frame
    if duration < 0 or end < frame:
        raise source.wrong(line, f"the marker ends at {row['out']}, before it begins. Mend its Out time.")
    kind = _TYPES.get(row.get("marker type", "").lower(), MARKER)
    return ListedMarker(frame, row["marker name"], duration, note=row.get("description", ""), kind=kind)


def write(markers: MarkerList) -> bytes:
    """The list as Premiere exports it: UTF-16 with its mark, tabs. Names and notes lose line breaks and tabs."""
    rate = markers.frame_rate
    lines = ["\t".join(COLUMNS)]
    for marker in markers.markers:
        labels = (_label(frame, rate) for frame in (marker.frame, marker.frame + marker.duration, marker.duration))
        kind = _WRITTEN.get(marker.kind, "Comment")
        lines.append("\t".join((one_line(marker.name), one_line(marker.note), *labels, kind)))
    return codecs.BOM_UTF16_LE + ("\r\n".join(lines) + "\r\n").encode("utf-16-le")


def _label(frame: int, rate: FrameRate) -> str:
    label = label_at(frame, rate)
    return label.replace(":", ";") if rate.drop_frame else label
