"""What the two kinds of EDL have in common: title, frame code mode, and the lines of events.

Source: CMX 3600 (event, reel, track, transition, source in and out, record in and out); FCM as Resolve and Avid write.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hitpoint.hosts.marker_files.marker_list import Source

_LABEL = r"\d{2}[:;.]\d{2}[:;.]\d{2}[:;.,]\d{2}"
EVENT = re.compile(
    rf"\s*(?P<number>\d{{3,6}})\s+(?P<reel>\S.*?)\s+(?P<track>\S+)\s+(?P<transition>[A-Z]\w*(?:\s+\d+)?)\s+"
    rf"(?P<source_in>{_LABEL})\s+(?P<source_out>{_LABEL})\s+(?P<record_in>{_LABEL})\s+(?P<record_out>{_LABEL})\s*"
)
_BEGUN = re.compile(r"\s*\d{3,6}\s+\S+\s+(?:V\d*|B|NONE|A\d*|AA|AA/V|A\d*/V)\s+[A-Z]")
"""An event, perhaps cut off. Notes may begin with a number, but not go on like that."""

_NO_TITLE = "( no title )"
"""As Resolve writes it."""


@dataclass(frozen=True, slots=True)
class EdlHead:
    """What an EDL says of itself."""

    title: str
    drop_frame: bool | None
    """None where it does not say."""


def read_head(source: Source, lines: Iterable[tuple[int, str]]) -> EdlHead:
    """Title and frame code mode. Raises HostError where two modes are stated: such an EDL has mixed rates."""
    title, drop_frame = "", None
    for number, line in lines:
        if "|" in line:
            # A marker's note, which may begin with any word.
            continue
        if line.startswith("TITLE:") and not title:
            title = line[6:].strip().removeprefix(_NO_TITLE)
        elif line.startswith("FCM:"):
            said = "NON" not in line.upper()
            if drop_frame is not None and said != drop_frame:
                raise source.wrong(
                    number,
                    "the frame code mode changes here: drop-frame and non-drop labels mix. Export each by itself.",
                )
            drop_frame = said
    return EdlHead(title, drop_frame)


def event_of(source: Source, number: int, line: str) -> re.Match[str] | None:
    """The event that a line states. Raises HostError for one that is cut off."""
    found = EVENT.fullmatch(line)
    if found is None and _BEGUN.match(line):
        raise source.wrong(number, "the event is cut off: it needs four timecodes HH:MM:SS:FF. Export the EDL again.")
    return found


def drop_frame_of(source: Source, head: EdlHead, labels: Iterable[tuple[int, str]]) -> bool | None:
    """Whether labels drop frames, by the head and by their own signs. Raises HostError where these differ."""
    drop_frame = head.drop_frame
    for number, label in labels:
        if ";" in label:
            if drop_frame is False:
                raise source.wrong(number, f"{label} is a drop-frame label among non-drop ones. Export at one rate.")
            drop_frame = True
    return drop_frame


def head_lines(title: str, drop_frame: bool) -> list[str]:
    """The opening of an EDL."""
    return [f"TITLE: {title or _NO_TITLE}", f"FCM: {'DROP FRAME' if drop_frame else 'NON-DROP FRAME'}", ""]
