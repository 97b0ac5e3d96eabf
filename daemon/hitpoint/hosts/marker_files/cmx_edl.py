"""CMX 3600 EDLs with locators, as Avid writes them: `* LOC: 01:00:05:00 RED    name` beneath an event.

Source: FILM.md 1.7; Avid marker EDLs in the README of adamhawkey/EDL_tools.
"""

import re

from hitpoint.hosts.marker_files.colours import AVID, is_colour, nearest
from hitpoint.hosts.marker_files.edl_lines import drop_frame_of, event_of, head_lines, read_head
from hitpoint.hosts.marker_files.file_text import numbered, text_of
from hitpoint.hosts.marker_files.marker_list import ListedMarker, MarkerList, Source, in_order
from hitpoint.score.one_line import one_line
from hitpoint.timeline.timecode import label_at
from hitpoint.timeline.units import FrameRate

_LOCATOR = re.compile(r"\*\s*LOC:\s*(?P<label>\S+)(?:\s+(?P<colour>[A-Za-z]+)(?=\s|$))?\s*(?P<name>.*)")


def says(text: str) -> bool:
    """True for a list of this format."""
    return re.search(r"^\s*\*\s*LOC:", text, re.MULTILINE) is not None


def read(source: Source, given: FrameRate | None) -> MarkerList:
    """The locators of an EDL. Raises HostError with file and line."""
    lines = list(numbered(text_of(source)))
    head = read_head(source, lines)
    found: list[tuple[int, re.Match[str]]] = []
    for number, line in lines:
        event_of(source, number, line)
        if re.match(r"\s*\*\s*LOC:", line):
            locator = _LOCATOR.fullmatch(line.strip())
            if locator is None:
                raise source.wrong(number, "the locator is cut off: it must be * LOC: HH:MM:SS:FF COLOUR name.")
            found.append((number, locator))
    labels = [(number, locator["label"]) for number, locator in found]
    rate = source.rate_of_labels(drop_frame_of(source, head, labels), given)
    return MarkerList(in_order([_marker(source, number, found_, rate) for number, found_ in found]), rate, head.title)


def _marker(source: Source, number: int, locator: re.Match[str], rate: FrameRate) -> ListedMarker:
    colour, name = (locator["colour"] or "").lower(), locator["name"].strip()
    if colour and not is_colour(colour):
        # A name whose first word stands where the colour would.
        colour, name = "", f"{locator['colour']} {name}".strip()
    return ListedMarker(source.frame_at(number, locator["label"], rate), name, colour=colour)


def write(markers: MarkerList) -> bytes:
    """An EDL of one black event with all locators, in UTF-8; a marker without colour gets Avid's red."""
    rate = markers.frame_rate
    lines = head_lines(one_line(markers.title, "|"), rate.drop_frame)
    if markers.markers:
        first, last = markers.markers[0].frame, markers.markers[-1].frame + 1
        source = f"{label_at(0, rate)} {label_at(last - first, rate)}"
        lines.append(f"001  BL       V     C        {source} {label_at(first, rate)} {label_at(last, rate)}")
    for marker in markers.markers:
        colour = nearest(marker.colour, AVID).upper() if marker.colour else "RED"
        lines.append(f"* LOC: {label_at(marker.frame, rate)} {colour:7} {one_line(marker.name)}".rstrip())
    return ("\n".join(lines) + "\n").encode()
