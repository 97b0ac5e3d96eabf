"""Markers of a MIDI file: FF 06 (and FF 07, where some programs put them), the start from FF 54.

FF 54 says 24, 25, 29.97 drop or 30, and 24 also stands for 23.976, 30 for 29.97: only 25 and drop-frame are certain. So
a text event of ours says the rate as well. Source: Standard MIDI Files 1.0; FILM.md 1.7.
"""

from fractions import Fraction

from hitpoint.errors import HitpointError, HostError
from hitpoint.hosts.marker_files.marker_list import (
    ListedMarker,
    MarkerList,
    Source,
    full_hour,
    in_order,
    nearest_frame,
)
from hitpoint.hosts.marker_files.midi_bytes import (
    CUE_POINT,
    MARKER,
    METER,
    SMPTE_OFFSET,
    TEMPO,
    TEXT,
    TRACK_NAME,
    MetaEvent,
    MetaFile,
    read_meta,
    write_meta,
)
from hitpoint.score.midi_reader import decoded
from hitpoint.score.midi_score import FRAME_RATE_TEXT, SMPTE_RATES
from hitpoint.score.one_line import one_line
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.units import TICKS_PER_QUARTER, FrameRate

_TEMPO = 500_000
"""Microseconds a quarter note of what is written: 120 bpm, every program's default."""
_CODES = (24.0, 25.0, 29.97, 30.0)
"""Of a SMPTE offset, in this order. Source: Standard MIDI Files 1.0, meta event 84."""
_CERTAIN = {1: "25", 2: "29.97df"}


def read(source: Source, given: FrameRate | None) -> MarkerList:
    """The markers of a MIDI file, at the frames nearest to where they are played. Raises HostError."""
    file = read_meta(source.content, source.name)
    offset = next((event.data for event in file.events if event.kind == SMPTE_OFFSET and len(event.data) == 5), None)
    rate = source.rate(_stated(file, offset), given)
    origin, remarks = 0, []
    if offset is None:
        remarks.append("the file states no start timecode: its start is taken as 00:00:00:00")
    else:
        origin = _origin(source, offset, rate)
    events = [event for event in file.events if event.kind in (MARKER, CUE_POINT)]
    markers, beside = [], 0
    for event, seconds in zip(events, file.seconds_at([event.tick for event in events]), strict=True):
        frame, exact = nearest_frame(seconds, rate)
        beside += not exact
        markers.append(ListedMarker(origin + frame, _text(event.data).strip()))
    if beside:
        remarks.append(f"{beside} of its markers lie between frames and were moved to the nearest")
    title = next((_text(event.data) for event in file.events if event.kind == TRACK_NAME), "")
    return MarkerList(in_order(markers), rate, title.strip(), tuple(remarks))


def _stated(file: MetaFile, offset: bytes | None) -> FrameRate | None:
    for event in file.events:
        if event.kind == TEXT and _text(event.data).startswith(FRAME_RATE_TEXT):
            try:
                return FrameRate.named(_text(event.data).removeprefix(FRAME_RATE_TEXT))
            except HitpointError:
                return None
    certain = _CERTAIN.get(offset[0] >> 5 & 3) if offset else None
    return FrameRate.named(certain) if certain else None


def _origin(source: Source, offset: bytes, rate: FrameRate) -> int:
    hours, minutes, seconds, frames = offset[0] & 31, *offset[1:4]
    try:
        return frame_at(f"{hours:02}:{minutes:02}:{seconds:02}:{frames:02}", rate)
    except HostError as error:
        raise HostError(f"{source.name}: its SMPTE offset {error}") from error


def _text(data: bytes) -> str:
    return decoded(data.decode("latin-1"))


def write(markers: MarkerList) -> bytes:
    """A type-1 file whose one track has tempo, metre, SMPTE offset and markers; it begins at the first one's hour."""
    rate = markers.frame_rate
    origin = full_hour(markers.markers, rate)
    hour = int(label_at(origin, rate)[:2])
    events = [
        MetaEvent(0, TRACK_NAME, one_line(markers.title).encode()),
        MetaEvent(0, TEXT, f"{FRAME_RATE_TEXT}{rate.name}".encode()),
        MetaEvent(0, SMPTE_OFFSET, bytes((_CODES.index(SMPTE_RATES[rate.name]) << 5 | hour, 0, 0, 0, 0))),
        MetaEvent(0, TEMPO, _TEMPO.to_bytes(3, "big")),
        MetaEvent(0, METER, bytes((4, 2, 24, 8))),
    ]
    for marker in markers.markers:
        seconds = (marker.frame - origin) / rate.frames_per_second
        tick = round(seconds * Fraction(1_000_000, _TEMPO) * TICKS_PER_QUARTER)
        events.append(MetaEvent(tick, MARKER, marker.name.encode()))
    return write_meta(MetaFile(TICKS_PER_QUARTER, tuple(events)))
