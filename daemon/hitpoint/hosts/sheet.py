"""A spotting sheet as a timeline: cues and the moments they must hit, by timecode, in YAML.

    title: The Door
    frame_rate: "24"
    cues:
      - {number: 1m01, start: "01:00:10:00", end: "01:00:40:00", prompt: "calm, strings, 96 bpm, D minor",
         hits: [{at: "01:00:22:12", name: door slams}]}

The timeline begins at the full hour in which the first cue starts, as reels and sessions do. Each cue brings the tempo
and metre of its prompt (120 bpm and 4/4 where it names none) and starts on a bar line.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hitpoint.score.direction import parse
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import TempoMap, TempoPoint
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

DEFAULT_BPM = 120.0
"""Of a cue whose prompt names no tempo."""


@dataclass(frozen=True, slots=True)
class SheetHit:
    """A moment that a cue must meet."""

    frame: int
    """From 00:00:00:00."""
    name: str


@dataclass(frozen=True, slots=True)
class SheetCue:
    """One cue."""

    number: str
    """"1m03"."""
    title: str
    start: int
    """First frame, from 00:00:00:00."""
    end: int | None
    """The frame on which it ends; None when the sheet does not say."""
    prompt: str
    hits: tuple[SheetHit, ...]
    """In time order."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole sheet, its cues in time order."""

    title: str
    frame_rate: FrameRate
    cues: tuple[SheetCue, ...]


def timeline_of(sheet: Sheet) -> Timeline:
    """The sheet on one timeline: a marker at each cue's start, one a hit, and END where a cue ends."""
    rate = sheet.frame_rate
    origin = frame_at(f"{label_at(sheet.cues[0].start, rate)[:2]}:00:00:00", rate)
    points = [TempoPoint(0, _bpm(sheet.cues[0]))]
    meters: list[MeterChange] = []
    markers: list[Marker] = []
    for cue in sheet.cues:
        tick = TempoMap(tuple(points)).tick_at(_seconds(cue.start - origin, rate))
        if _bpm(cue) != points[-1].bpm:
            points.append(TempoPoint(tick, _bpm(cue)))
        meters.append(MeterChange(tick, parse(cue.prompt).meter or Meter()))
        tempo_map = TempoMap(tuple(points))
        markers += [Marker(tempo_map.tick_at(_seconds(frame - origin, rate)), name) for frame, name in _moments(cue)]
    return Timeline(TempoMap(tuple(points)), MeterMap(tuple(meters)), tuple(markers), frame_rate=rate)


def _bpm(cue: SheetCue) -> float:
    return parse(cue.prompt).tempo_bpm or DEFAULT_BPM


def _moments(cue: SheetCue) -> Iterator[tuple[int, str]]:
    yield cue.start, " ".join(word for word in (cue.number, cue.prompt or cue.title) if word)
    for hit in cue.hits:
        yield hit.frame, f"HIT {hit.name}".rstrip()
    if cue.end is not None:
        yield cue.end, "END"


def _seconds(frames: int, rate: FrameRate) -> float:
    return float(frames / rate.frames_per_second)
