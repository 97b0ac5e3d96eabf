"""Pro Tools' "Session Info as Text": its head states the rate, its markers listing has place, name and comment.

Source: FILM.md 1.7; exports of 2020 to 2023 quoted in ptulsconv and DAWFileKit (2023.12 added the track columns).
"""

import re

from hitpoint.errors import ConfigError, HostError
from hitpoint.hosts.marker_files.file_text import numbered, text_of
from hitpoint.hosts.marker_files.marker_list import (
    ListedMarker,
    MarkerList,
    Source,
    full_hour,
    in_order,
)
from hitpoint.score.one_line import one_line
from hitpoint.timeline.timecode import label_at
from hitpoint.timeline.units import FrameRate

LISTING = "M A R K E R S  L I S T I N G"
SAMPLE_RATE = 48_000
"""Of the sample positions that are written beside the timecode. Source: film sound's usual rate."""

_FORMATS = {
    "23.976": "23.976",
    "23.98": "23.976",
    "24": "24",
    "25": "25",
    "29.97": "29.97",
    "29.97 drop": "29.97df",
    "30": "30",
}
_SUB_FRAMES = re.compile(r"\.\d+$")


def says(text: str) -> bool:
    """True for a list of this format."""
    return text.lstrip().startswith("SESSION NAME:") or LISTING in text


def read(source: Source, given: FrameRate | None) -> MarkerList:
    """The markers of the session text. Raises HostError with file and line."""
    lines = list(numbered(text_of(source)))
    title, stated = "", None
    columns: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    listing = False
    for number, line in lines:
        if line.startswith("SESSION NAME:"):
            title = line.partition(":")[2].strip()
        elif line.startswith("TIMECODE FORMAT:"):
            stated = _rate(source, number, line.partition(":")[2])
        elif line.strip() == LISTING:
            listing = True
        elif listing and line.startswith("#"):
            columns = [cell.strip().lower() for cell in line.split("\t")]
        elif listing and columns and line.strip():
            row = dict(zip(columns, (cell.strip() for cell in line.split("\t")), strict=False))
            if "name" not in row or not row.get("location"):
                raise source.wrong(number, "the marker is cut off: it needs LOCATION and NAME. Export the text again.")
            rows.append((number, row))
        elif listing and columns:
            # A blank line ends the listing.
            listing = False
    if not columns:
        raise HostError(f"{source.name} has no markers listing. Tick 'Include Markers' in the export.")
    rate = source.rate(stated, given)
    markers = [_marker(source, number, row, rate) for number, row in rows]
    beside = sum(_sub_frames(row["location"]) > 0 for _, row in rows)
    remarks = (f"{beside} of its markers lie between frames and were moved to the nearest",) if beside else ()
    return MarkerList(in_order(markers), rate, title, remarks)


def _rate(source: Source, number: int, written: str) -> FrameRate:
    said = re.sub(r"\s*frame\b.*", "", written.strip().lower())
    try:
        return FrameRate.named(_FORMATS.get(said, said))
    except ConfigError as error:
        raise source.wrong(number, f"timecode format: {error}") from error


def _marker(source: Source, number: int, row: dict[str, str], rate: FrameRate) -> ListedMarker:
    place = row["location"]
    if "|" in place or place.count(":") + place.count(";") < 3:
        raise source.wrong(number, f"location {place!r} is no timecode. Export with the time format Timecode.")
    frame = source.frame_at(number, _SUB_FRAMES.sub("", place), rate) + (_sub_frames(place) >= 0.5)
    return ListedMarker(frame, row["name"], note=row.get("comments", ""))


def _sub_frames(place: str) -> float:
    """What of a frame a place adds; Pro Tools shows hundredths, where it shows any."""
    found = _SUB_FRAMES.search(place)
    return float(found[0]) if found else 0.0


def write(markers: MarkerList) -> bytes:
    """The session text with a markers listing only, in UTF-8. Names and comments lose line breaks and tabs."""
    rate = markers.frame_rate
    shown = f"{rate.name.removesuffix('df')}{' Drop' if rate.drop_frame else ''} Frame"
    start = full_hour(markers.markers, rate)
    lines = [
        f"SESSION NAME:\t{one_line(markers.title)}",
        f"SAMPLE RATE:\t{SAMPLE_RATE}.000000",
        "BIT DEPTH:\t24-bit",
        f"SESSION START TIMECODE:\t{label_at(start, rate)}",
        f"TIMECODE FORMAT:\t{shown}",
        "# OF AUDIO TRACKS:\t0",
        "# OF AUDIO CLIPS:\t0",
        "# OF AUDIO FILES:\t0",
        "",
        "",
        LISTING,
        "#   \tLOCATION     \tTIME REFERENCE    \tUNITS    \tNAME                             \tCOMMENTS",
    ]
    for number, marker in enumerate(markers.markers, 1):
        samples = round((marker.frame - start) * SAMPLE_RATE / rate.frames_per_second)
        lines.append(
            f"{number:<4}\t{label_at(marker.frame, rate):13}\t{samples:<18}\tSamples  \t{one_line(marker.name):33}\t"
            f"{one_line(marker.note)}"
        )
    return ("\n".join(lines) + "\n").encode()
