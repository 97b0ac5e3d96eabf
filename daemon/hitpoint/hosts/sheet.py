"""A spotting sheet as a timeline: cues and the moments they must hit, by timecode, in YAML.

    title: The Door
    frame_rate: "24"
    cues:
      - {number: 1m01, start: "01:00:10:00", end: "01:00:40:00", prompt: "calm, strings, 96 bpm, D minor",
         hits: [{at: "01:00:22:12", name: door slams}]}

The timeline begins at the full hour in which the first cue starts, as reels and sessions do. Each cue starts on a bar
line and brings its own `tempo_map`; without one, the tempo and metre of its prompt (the middle of a range of tempi; 120
bpm and 4/4 where it names none). Its `key` is a key, or a name in the sheet's `key_plan`, such as
`key_plan: {home: D minor, away: F major}`: cues of one name are in one key, and moving it moves them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from hitpoint.score.controls import Key
from hitpoint.score.direction import parse
from hitpoint.score.spotting import names_hit
from hitpoint.timeline.cue_map import CueMap, CueMapEvent
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import FrameRate

DEFAULT_BPM = 120.0
"""Of a cue whose prompt names no tempo."""

CURVES = ("intensity", "valence", "arousal", "tension")
"""The controls that a sheet may draw."""

ON_THE_BEAT_SECONDS = 0.0005
"""A hit of a cue with a tempo map of its own is on the beat when it is this near to one: what rounding the cue's start
to a tick may move it by. Elsewhere music and picture would part by more than the beat is worth."""


@dataclass(frozen=True, slots=True)
class SheetHit:
    """A moment that a cue must meet."""

    frame: int
    """From 00:00:00:00."""
    name: str
    weight: float = 1.0
    """How much it matters beside the others; above 0."""
    window: tuple[float, float] | None = None
    """Frames by which the music may be early and late; None where the sheet does not say."""
    locked: bool = True
    """False where a tempo map may pass it by. A hit that says nothing is meant to be met."""


@dataclass(frozen=True, slots=True)
class SheetCurve:
    """A control drawn over a cue: at moments, or bar by bar."""

    name: str
    """One of CURVES."""
    text: str = ""
    """Bar by bar, in the grammar of `hitpoint.score.control_curve`; empty where `points` say it."""
    points: tuple[tuple[int, float], ...] = ()
    """(frame from 00:00:00:00, value), in time order; lines between, the first and the last hold outside."""


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
    tempo_map: CueMap | None = None
    """Its own; None where it goes by its prompt."""
    curves: tuple[SheetCurve, ...] = ()
    """At most one a control."""
    motif: str = ""
    """Cues that name the same one come back to the music of the first that does."""
    key: Key | None = None
    """What the sheet says that it is in, by name of its key plan or as a key; None where only the prompt may say."""
    line: int = field(default=0, compare=False)
    """Where it begins in the file, from 1, for messages; 0 where there is no file."""

    @property
    def bpm(self) -> float:
        """What its prompt asks for at its start, in quarter notes a minute."""
        direction = parse(self.prompt)
        middle = sum(direction.tempo_range) / 2 if direction.tempo_range else DEFAULT_BPM
        return direction.tempo_bpm or middle

    @property
    def meter(self) -> Meter:
        """What its prompt asks for."""
        return parse(self.prompt).meter or Meter()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole sheet, its cues in time order."""

    title: str
    frame_rate: FrameRate
    cues: tuple[SheetCue, ...]
    picture: str = ""
    """The cut of the picture that its timecodes are of."""


def timeline_of(sheet: Sheet) -> Timeline:
    """The sheet on one timeline: a marker at each cue's start, one a hit, and END where a cue ends."""
    rate = sheet.frame_rate
    origin = frame_at(f"{label_at(sheet.cues[0].start, rate)[:2]}:00:00:00", rate)
    points = [TempoPoint(0, _map_of(sheet.cues[0]).events[0].bpm)]
    meters: list[MeterChange] = []
    markers: list[Marker] = []
    for cue in sheet.cues:
        start = TempoMap(tuple(points)).tick_at(_seconds(cue.start - origin, rate))
        # The map of the cue before may go on after its end.
        points = _until(start, points)
        meters = [change for change in meters if change.tick < start]
        for point in _map_of(cue).tempo_map.points:
            moved = replace(point, tick=start + point.tick)
            if moved.tick == points[-1].tick:
                points[-1] = moved
            elif moved.bpm != points[-1].bpm or Ramp.LINEAR_IN_TIME in (moved.ramp, points[-1].ramp):
                points.append(moved)
        meters += [MeterChange(start + event.tick, event.meter) for event in _map_of(cue).events]
        tempo_map, meter_map = TempoMap(tuple(points)), MeterMap(tuple(meters))
        for frame, name in _moments(cue):
            tick = tempo_map.tick_at(_seconds(frame - origin, rate))
            if cue.tempo_map is not None:
                tick = _on_the_beat(tick, tempo_map, meter_map)
            markers.append(Marker(tick, name))
    return Timeline(
        TempoMap(tuple(points)), MeterMap(tuple(meters)), tuple(markers), frame_rate=rate, start_frame=origin
    )


def timeline_of_cue(rate: FrameRate, cue: SheetCue, cue_map: CueMap) -> Timeline:
    """A timeline of that cue alone, from its start, with its markers and, in place of its own, that map."""
    moved = tuple(replace(hit, frame=hit.frame - cue.start) for hit in cue.hits)
    end = None if cue.end is None else cue.end - cue.start
    alone = replace(cue, start=0, end=end, hits=moved, tempo_map=cue_map)
    return replace(timeline_of(Sheet("", rate, (alone,))), start_frame=cue.start)


def _map_of(cue: SheetCue) -> CueMap:
    return cue.tempo_map or CueMap((CueMapEvent(0, cue.bpm, cue.meter),))


def _until(tick: int, points: list[TempoPoint]) -> list[TempoPoint]:
    """What holds before a tick. A ramp that would go on ends just before it, where it has come to."""
    kept = [point for point in points if point.tick < tick]
    if kept and kept[-1].ramp is not Ramp.STEP:
        if len(kept) < len(points) and kept[-1].tick < tick - 1:
            kept.append(TempoPoint(tick - 1, TempoMap(tuple(points)).bpm_at(tick - 1)))
        else:
            kept[-1] = replace(kept[-1], ramp=Ramp.STEP)
    return kept or points[:1]


def _on_the_beat(tick: int, tempo_map: TempoMap, meter_map: MeterMap) -> int:
    bar = meter_map.bar_at(tick)
    beat = bar.start + round((tick - bar.start) / bar.meter.beat_ticks) * bar.meter.beat_ticks
    near = abs(tempo_map.seconds_at(beat) - tempo_map.seconds_at(tick)) <= ON_THE_BEAT_SECONDS
    return beat if near else tick


def _moments(cue: SheetCue) -> Iterator[tuple[int, str]]:
    prompt = f"{cue.prompt}, {cue.key}" if cue.prompt and cue.key else cue.prompt
    yield cue.start, " ".join(word for word in (cue.number, prompt or cue.title) if word)
    for hit in cue.hits:
        # A sheet that came of markers has their names: "HIT door" already says what it is.
        yield hit.frame, hit.name if names_hit(hit.name) else f"HIT {hit.name}".rstrip()
    if cue.end is not None:
        yield cue.end, "END"


def _seconds(frames: int, rate: FrameRate) -> float:
    return float(frames / rate.frames_per_second)
