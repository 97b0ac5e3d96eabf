"""DaVinci Resolve's marker EDL: an event a marker, and beneath it `note |C:ResolveColorBlue |M:name |D:frames`.

Resolve has no points: a marker of one frame (`|D:1`) is one, and is read so. Source: FILM.md 1.7; files that Resolve
wrote, in the tests of TC_MagiK.
"""

import re

from hitpoint.hosts.marker_files.colours import RESOLVE, nearest
from hitpoint.hosts.marker_files.edl_lines import drop_frame_of, event_of, head_lines, read_head
from hitpoint.hosts.marker_files.file_text import numbered, text_of
from hitpoint.hosts.marker_files.marker_list import ListedMarker, MarkerList, Source, in_order
from hitpoint.score.one_line import one_line
from hitpoint.timeline.timecode import label_at
from hitpoint.timeline.units import FrameRate

_MARKER = re.compile(
    r"(?P<note>[^|]*)\|C:(?:ResolveColor)?(?P<colour>\w*)\s*\|M:(?P<name>[^|]*)\|D:\s*(?P<length>\d+)\s*"
)
_SIGN = re.compile(r"^(?!\s*\*\s*LOC:).*\|C:\w*\s*\|M:[^|\n]*\|D:\s*\d", re.MULTILINE)
"""A whole marker; a locator of a CMX EDL may be named so, too."""


def says(text: str) -> bool:
    """True for a list of this format."""
    return _SIGN.search(text) is not None


def read(source: Source, given: FrameRate | None) -> MarkerList:
    """The markers of a Resolve EDL. Raises HostError with file and line."""
    lines = list(numbered(text_of(source)))
    head = read_head(source, lines)
    events: list[tuple[int, str]] = []
    found: list[tuple[int, str, re.Match[str]]] = []
    for number, line in lines:
        if "|M:" in line or "|C:" in line:
            found.append((number, *_beneath(source, number, line, events[len(found) :])))
            continue
        event = event_of(source, number, line)
        if event is not None:
            if len(events) > len(found):
                break
            events.append((number, event["record_in"]))
    if len(events) > len(found):
        raise source.wrong(
            events[-1][0], "the event has no marker beneath it (note |C:… |M:… |D:…). Is the file whole?"
        )
    rate = source.rate_of_labels(drop_frame_of(source, head, events), given)
    return MarkerList(in_order([_marker(source, *one, rate) for one in found]), rate, head.title)


def _beneath(source: Source, number: int, line: str, events: list[tuple[int, str]]) -> tuple[str, re.Match[str]]:
    """The place and the marker of a marker line beneath its event."""
    marker = _MARKER.fullmatch(line)
    if marker is None:
        raise source.wrong(number, "the marker is cut off: it must be note |C:… |M:… |D:frames. Export it again.")
    if not events:
        raise source.wrong(number, "no event stands above the marker, so it has no place. Export the markers again.")
    return events[-1][1], marker


def _marker(source: Source, number: int, label: str, marker: re.Match[str], rate: FrameRate) -> ListedMarker:
    length = int(marker["length"])
    return ListedMarker(
        source.frame_at(number - 1, label, rate),
        marker["name"].strip(),
        0 if length <= 1 else length,
        colour if (colour := marker["colour"].lower()) in RESOLVE else "",
        marker["note"].strip(),
    )


def write(markers: MarkerList) -> bytes:
    """The EDL, in UTF-8. Notes and names lose line breaks and `|`; a marker without colour gets Resolve's blue."""
    rate = markers.frame_rate
    lines = head_lines(one_line(markers.title, "|"), rate.drop_frame)
    for number, marker in enumerate(markers.markers, 1):
        length = max(1, marker.duration)
        span = f"{label_at(marker.frame, rate)} {label_at(marker.frame + length, rate)}"
        colour = nearest(marker.colour, RESOLVE).capitalize() if marker.colour else "Blue"
        note, name = (one_line(text, "|") for text in (marker.note, marker.name))
        lines.append(f"{number:03}  001      V     C        {span} {span}  ")
        lines += [f"{note} |C:ResolveColor{colour} |M:{name} |D:{length}", ""]
    return "\n".join(lines).encode()
