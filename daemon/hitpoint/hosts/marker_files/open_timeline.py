"""OpenTimelineIO's .otio files, by its own library (the extra `otio`): what is in no field of its is metadata."""

from fractions import Fraction
from typing import Any

from hitpoint.errors import HitpointError, HostError
from hitpoint.hosts.marker_files.colours import OPEN_TIMELINE, is_colour, nearest
from hitpoint.hosts.marker_files.file_text import text_of
from hitpoint.hosts.marker_files.marker_list import (
    KINDS,
    MARKER,
    REGION,
    ListedMarker,
    MarkerList,
    Source,
    full_hour,
    in_order,
)
from hitpoint.timeline.units import FrameRate

_OURS = "hitpoint"
_NEAR = Fraction(1, 200)
"""Between rates: 24000/1001 is written as 23.976, 23.98 or with all its digits."""
_NAMED = 3
"""How many markers a remark names; it counts the rest."""


def says(text: str) -> bool:
    """True for a list of this format."""
    return '"OTIO_SCHEMA"' in text


def _library() -> Any:
    try:
        import opentimelineio
    except ImportError as error:
        raise HostError("OpenTimelineIO is not installed. Run: pip install 'hitpoint[otio]'") from error
    return opentimelineio


def read(source: Source, given: FrameRate | None) -> MarkerList:
    """The markers of a timeline: its own and its clips', but for those on frames that no clip shows.

    Raises HostError naming the file.
    """
    otio, text = _library(), text_of(source)
    try:
        timeline = otio.adapters.read_from_string(text, "otio_json")
    except Exception as error:
        # The library throws its own, ValueError and KeyError for broken files.
        cause = " ".join(str(error).split())
        raise HostError(f"{source.name} is a broken OpenTimelineIO file: {cause}. Export it again.") from error
    if not isinstance(timeline, otio.schema.Timeline):
        raise HostError(f"{source.name} holds no timeline. Export the timeline, not a clip.")
    ours = dict(timeline.metadata.get(_OURS, {}))
    found, unseen = [(marker, marker.marked_range) for marker in timeline.tracks.markers], []
    for item in timeline.find_children(descended_from_type=otio.core.Item):
        for marker in item.markers:
            if _is_shown(item, marker):
                found.append((marker, item.transformed_time_range(marker.marked_range, timeline.tracks)))
            else:
                unseen.append(marker.name or "unnamed")
    rate = source.rate(_rate(source, found, ours, given), given)
    start = timeline.global_start_time
    origin = round(start.to_seconds() * rate.frames_per_second) if start is not None else 0
    markers = [_marker(marker, span, rate, origin) for marker, span in found]
    named = ", ".join(unseen[:_NAMED]) + (f" and {len(unseen) - _NAMED} more" if len(unseen) > _NAMED else "")
    remarks = (f"left aside, as no clip shows their frames any more: {named}",) if unseen else ()
    return MarkerList(in_order(markers), rate, timeline.name or "", remarks, str(ours.get("detail", "")))


def _is_shown(item: Any, marker: Any) -> bool:
    """Whether the first frame of an item's marker is in what the item, and each that it lies in, shows of itself."""
    at = marker.marked_range.start_time
    while item is not None:
        shown = item.source_range
        if shown is not None and not shown.start_time <= at < shown.end_time_exclusive():
            return False
        at = at if item.parent() is None else item.transformed_time(at, item.parent())
        item = item.parent()
    return True


def _rate(source: Source, found: list[Any], ours: dict[str, Any], given: FrameRate | None) -> FrameRate | None:
    try:
        if "frame_rate" in ours:
            return FrameRate.named(str(ours["frame_rate"]))
        rates = {round(span.start_time.rate, 3) for _, span in found}
        if len(rates) > 1:
            raise HostError(f"{source.name} mixes the rates {', '.join(map(str, sorted(rates)))}. Export at one rate.")
        for rate in map(FrameRate.named, ("23.976", "24", "25", "29.97", "30")):
            if rates and abs(Fraction(rates.copy().pop()) - rate.frames_per_second) < _NEAR:
                # It does not say whether labels drop frames, which changes no frame.
                return given if given and given.frames_per_second == rate.frames_per_second else rate
    except HostError:
        raise
    except HitpointError as error:
        raise HostError(f"{source.name}: {error}") from error
    if rates:
        raise HostError(
            f"{source.name} is at {rates.pop()} frames a second, which is not supported. Export at 24 to 30."
        )
    return None


def _marker(marker: Any, span: Any, rate: FrameRate, origin: int) -> ListedMarker:
    ours = dict(marker.metadata.get(_OURS, {}))
    colour = str(ours.get("colour", marker.color or "")).lower()
    kind = str(ours.get("kind", ""))
    return ListedMarker(
        origin + round(span.start_time.to_seconds() * rate.frames_per_second),
        (marker.name or "").strip(),
        round(span.duration.to_seconds() * rate.frames_per_second),
        colour if is_colour(colour) or colour.startswith("#") else "",
        str(ours.get("note", marker.comment or "")).strip(),
        kind if kind in KINDS else REGION if span.duration.value > 1 else MARKER,
        str(ours.get("detail", "")),
    )


def write(markers: MarkerList) -> bytes:
    """A timeline without clips whose stack has the markers. Raises HostError without the library."""
    otio = _library()
    fps = float(markers.frame_rate.frames_per_second)
    origin = full_hour(markers.markers, markers.frame_rate)
    timeline = otio.schema.Timeline(markers.title, global_start_time=otio.opentime.RationalTime(origin, fps))
    timeline.metadata[_OURS] = {"frame_rate": markers.frame_rate.name, "detail": markers.detail}
    for marker in markers.markers:
        span = otio.opentime.TimeRange(
            otio.opentime.RationalTime(marker.frame - origin, fps), otio.opentime.RationalTime(marker.duration, fps)
        )
        colour = nearest(marker.colour, OPEN_TIMELINE).upper() if marker.colour else ""
        written = otio.schema.Marker(marker.name, span, colour)
        written.comment = marker.note
        written.metadata[_OURS] = {"colour": marker.colour, "kind": marker.kind, "detail": marker.detail}
        timeline.tracks.markers.append(written)
    return str(otio.adapters.write_to_string(timeline, "otio_json")).encode()
