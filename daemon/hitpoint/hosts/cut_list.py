"""The cuts of a picture, from a CMX 3600 EDL: which frames of which source stand where.

Source: CMX 3600; `M2` lines for speed, `* FROM CLIP NAME:` and `* TO CLIP NAME:` as today's programs write them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from hitpoint.errors import HostError
from hitpoint.hosts.marker_files import resolve_edl
from hitpoint.hosts.marker_files.edl_lines import drop_frame_of, event_of, read_head
from hitpoint.hosts.marker_files.file_text import numbered, text_of
from hitpoint.hosts.marker_files.marker_list import Source
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import FrameRate

_CLIP = re.compile(r"\*\s*(FROM|TO) CLIP NAME:\s*(.*?)\s*")
_SPEED = re.compile(r"M2\s+\S.*?\s+(-?\d+(?:\.\d+)?)(?:\s+\S+)?\s*")
_BLACK = frozenset({"BL", "BLACK"})
_PICTURE_TRACK = re.compile(r"V1?|B|A\d*/V1?|AA/V1?|NONE", re.IGNORECASE)
_ROUNDED = 1
"""Frames by which source and picture of an event may differ: programs round. Our choice."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One event of the picture track."""

    line: int
    reel: str
    clip: str
    """The clip's name; empty where the EDL has none."""
    source: int
    """First frame of the source, counted from its 00:00:00:00."""
    start: int
    """First frame in the picture."""
    end: int
    """The frame after its last."""
    source_frames: int
    """How many frames of the source its timecodes name."""
    stated_speed: Fraction | None = None
    """As its M2 line says."""

    @property
    def speed(self) -> Fraction:
        """Source frames a frame of picture; 0 is a freeze, below 0 backwards."""
        return Fraction(1) if self.stated_speed is None else self.stated_speed

    @property
    def source_end(self) -> Fraction:
        """The source frame after its last."""
        return self.source + (self.end - self.start) * self.speed


@dataclass(frozen=True, slots=True)
class CutList:
    """One version of the picture."""

    title: str
    cuts: tuple[Cut, ...]
    """In time order, black left out; they do not overlap."""
    start: int
    """The first event's first frame, be it black."""
    end: int
    """The frame after the last event's last."""
    remarks: tuple[str, ...] = ()


def read_cuts(source: Source, rate: FrameRate) -> CutList:
    """The picture track of an EDL whose labels are of `rate`. Raises HostError with file and line."""
    text = text_of(source)
    if resolve_edl.says(text):
        raise HostError(f"{source.name} is a list of markers, not of cuts. Give the EDL of the picture.")
    lines = list(numbered(text))
    head = read_head(source, lines)
    events = [(number, event) for number, line in lines if (event := event_of(source, number, line)) is not None]
    drop_frame = drop_frame_of(source, head, [(number, event["record_in"]) for number, event in events])
    if drop_frame is not None and drop_frame != rate.drop_frame:
        raise HostError(
            f"{source.name} has {'drop-frame' if drop_frame else 'non-drop'} labels, but the sheet is at {rate.name} "
            "frames a second. Export the EDL at the sheet's rate."
        )
    at = dict(events)
    found: list[Cut] = []
    group: list[int] = []
    """Where in `found` the lines of the event at hand are: a dissolve has two."""
    last, beside = "", 0
    for number, line in lines:
        event = at.get(number)
        if event is not None:
            if event["number"] != last:
                group, last = [], event["number"]
            if _PICTURE_TRACK.fullmatch(event["track"]):
                group.append(len(found))
                found.append(_cut(source, number, event, rate))
            else:
                beside += event["track"].upper().startswith("V")
        elif group:
            _add(found, group, line, rate)
    cuts = [cut for cut in found if cut.end > cut.start and cut.reel.upper() not in _BLACK]
    remarks = (f"{beside} events of further video tracks were left aside",) if beside else ()
    for cut in cuts:
        _check_length(source, cut)
    ordered = _in_order(source, cuts, rate)
    start, end = min(cut.start for cut in found), max(cut.end for cut in found)
    return CutList(head.title, ordered, start, end, remarks)


def _cut(source: Source, number: int, event: re.Match[str], rate: FrameRate) -> Cut:
    start, end = (source.frame_at(number, event[key], rate) for key in ("record_in", "record_out"))
    if end < start:
        raise source.wrong(number, f"the event ends at {event['record_out']}, before it begins. Export the EDL again.")
    drops = ";" in event["source_in"] or (rate.drop_frame and ";" not in event["record_in"])
    # Sources may count otherwise than the picture: their labels say so by their own sign.
    source_rate = rate if drops == rate.drop_frame else FrameRate.named("29.97df" if drops else "30")
    if event["reel"].upper() in _BLACK:
        return Cut(number, event["reel"], "", 0, start, end, end - start)
    first, last = (source.frame_at(number, event[key], source_rate) for key in ("source_in", "source_out"))
    # A source may run past midnight.
    day = 24 * frame_at("01:00:00:00", source_rate)
    return Cut(number, event["reel"], "", first, start, end, (last - first) % day)


def _check_length(source: Source, cut: Cut) -> None:
    """Without an M2 line a frame of picture is a frame of source. Raises HostError with file and line where not."""
    length = cut.end - cut.start
    if cut.stated_speed is None and abs(cut.source_frames - length) > _ROUNDED:
        raise source.wrong(
            cut.line,
            f"{cut.source_frames} frames of source stand for {length} frames of picture, and no M2 line says why. "
            "Export the EDL again, with its speed changes.",
        )


def _add(found: list[Cut], group: list[int], line: str, rate: FrameRate) -> None:
    clip, speed = _CLIP.fullmatch(line.strip()), _SPEED.fullmatch(line.strip())
    if clip is not None:
        place = group[0] if clip[1] == "FROM" else group[-1]
        found[place] = replace(found[place], clip=clip[2])
    elif speed is not None:
        found[group[-1]] = replace(found[group[-1]], stated_speed=Fraction(speed[1]) / round(rate.frames_per_second))


def _in_order(source: Source, cuts: Iterable[Cut], rate: FrameRate) -> tuple[Cut, ...]:
    ordered = tuple(sorted(cuts, key=lambda cut: cut.start))
    if not ordered:
        raise HostError(f"{source.name} has no events on its picture track. Give the EDL of the picture.")
    for cut, after in pairwise(ordered):
        if after.start < cut.end:
            label = label_at(after.start, rate)
            raise source.wrong(
                after.line, f"the event at {label} overlaps the one of line {cut.line}. Flatten the track."
            )
    return ordered
