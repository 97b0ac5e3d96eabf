"""A REAPER project as its scripts find it: tempo map, markers, tracks with MIDI items, what scripts keep in it, undo.

Tempo counts as REAPER's does: beats a minute of the metre's denominator (or, with `counts="quarter"`, quarter notes;
its documentation can be read both ways, and the scripts must not depend on it), gradual changes evenly in time.
"""

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from math import sqrt
from typing import Any

TICKS = 960
"""In a quarter note: REAPER's default."""
UNSET_METRE = -1
"""What REAPER says for a tempo marker that sets no metre."""


@dataclass(frozen=True)
class TempoMarker:
    """One point of the tempo envelope."""

    time: float
    """Seconds."""
    bpm: float
    metre: tuple[int, int] | None = None
    """Numerator and denominator; None when it goes on as before."""
    gradual: bool = False
    """The way to the next point."""


@dataclass(frozen=True)
class Place:
    """A marker, or a region when it has an end."""

    number: int
    guid: str
    time: float
    name: str | bytes
    end: float | None = None


@dataclass(frozen=True)
class Notes:
    """What an item holds, and how it lies. Notes: from, to (ticks), channel, pitch, velocity, muted."""

    start: float
    """Seconds."""
    end: float
    origin: float
    """The quarter at which its tick 0 lies."""
    notes: tuple[tuple[int, int, int, int, int, bool], ...] = ()
    controllers: tuple[tuple[int, int, int, int], ...] = ()
    """Tick, channel, controller, value."""
    take_name: str = ""
    ext: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, float], ...] = ()
    selected: bool = False


@dataclass(eq=False)
class Item:
    """A handle: it dies with what it stands for."""

    held: Notes
    track: "Track"
    alive: bool = True
    sorted: bool = True
    take: "Take" = field(init=False)

    def __post_init__(self) -> None:
        self.take = Take(self)


@dataclass(eq=False)
class Take:
    """A handle of an item's one take."""

    item: Item


@dataclass(eq=False)
class Track:
    """A handle."""

    name: str
    items: list[Item] = field(default_factory=list)
    alive: bool = True


@dataclass(frozen=True)
class Saved:
    """All that a file, or an undo step, holds."""

    tempo: tuple[TempoMarker, ...]
    places: tuple[Place, ...]
    tracks: tuple[tuple[str, tuple[Notes, ...]], ...]
    ext: tuple[tuple[tuple[str, str], str], ...]


@dataclass(frozen=True)
class _Segment:
    time: float
    quarter: float
    rate: float
    """Quarters a second where it begins."""
    slope: float
    """Change of that a second."""
    metre: tuple[int, int]
    bpm: float


class Curve:
    """Seconds to quarters and back, exactly."""

    def __init__(self, markers: tuple[TempoMarker, ...], bpm: float, metre: tuple[int, int], counts: str) -> None:
        points = list(markers)
        if not points or points[0].time > 0:
            points.insert(0, TempoMarker(0.0, bpm, metre))
        self.segments: list[_Segment] = []
        self.lines: list[tuple[float, int, tuple[int, int]]] = []
        quarter = 0.0
        for index, point in enumerate(points):
            metre = point.metre or metre
            unit = 4 / metre[1] if counts == "denominator" else 1.0
            rate, slope = point.bpm * unit / 60, 0.0
            after = points[index + 1] if index + 1 < len(points) else None
            if point.gradual and after is not None:
                slope = (after.bpm * unit / 60 - rate) / (after.time - point.time)
            self.segments.append(_Segment(point.time, quarter, rate, slope, metre, point.bpm))
            if point.metre or index == 0:
                self._add_line(quarter, metre)
            if after is not None:
                span = after.time - point.time
                quarter += rate * span + slope * span * span / 2
        self._times = [segment.time for segment in self.segments]
        self._quarters = [segment.quarter for segment in self.segments]

    def _add_line(self, quarter: float, metre: tuple[int, int]) -> None:
        bars = 0
        if self.lines:
            start, before, (beats, unit) = self.lines[-1]
            length = beats * 4 / unit
            bars = before + int((quarter - start) / length + 1 - 1e-9)
        self.lines.append((quarter, bars, metre))

    def segment_at(self, time: float) -> _Segment:
        """Where `time` lies; the first for all before it."""
        return self.segments[max(0, bisect_right(self._times, time) - 1)]

    def quarter_at(self, time: float) -> float:
        """Quarters from the start."""
        segment = self.segment_at(time)
        span = time - segment.time
        slope = 0.0 if span < 0 else segment.slope
        return segment.quarter + segment.rate * span + slope * span * span / 2

    def time_at(self, quarter: float) -> float:
        """Seconds from the start. Inverse of `quarter_at`."""
        segment = self.segments[max(0, bisect_right(self._quarters, quarter) - 1)]
        quarters = quarter - segment.quarter
        if quarters < 0 or segment.slope == 0:
            return segment.time + quarters / segment.rate
        root = sqrt(segment.rate**2 + 2 * segment.slope * quarters)
        return segment.time + 2 * quarters / (segment.rate + root)

    def measure_at(self, time: float) -> tuple[float, int, tuple[int, int]]:
        """Beats into the measure, the measure from 0, and its metre."""
        quarter = self.quarter_at(time)
        index = max(0, bisect_right([line[0] for line in self.lines], quarter) - 1)
        start, bars, (beats, unit) = self.lines[index]
        length = beats * 4 / unit
        measures = int((quarter - start) // length)
        return (quarter - start - measures * length) * unit / 4, bars + measures, (beats, unit)


class ReaperProject:
    """One tab. `path` is empty until it is saved."""

    def __init__(self, path: str = "", *, counts: str = "denominator", keeps_ext_in_undo: bool = True) -> None:
        self.path, self.counts, self.keeps_ext_in_undo = path, counts, keeps_ext_in_undo
        self.bpm, self.metre = 120.0, (4, 4)
        self.tempo: tuple[TempoMarker, ...] = ()
        self.places: tuple[Place, ...] = ()
        self.tracks: list[Track] = []
        self.ext: dict[tuple[str, str], str] = {}
        self.loop, self.selection, self.repeat = (0.0, 0.0), (0.0, 0.0), False
        self.cursor, self.playing, self.position = 0.0, False, 0.0
        self.frame_rate, self.drops = 24.0, False
        self.envelope: Any = None
        self.changes = 0
        self.block: int = 0
        self.steps: list[tuple[str, Saved]] = [("", self.state())]
        self.step = 0
        self._curve: tuple[Any, Curve] | None = None

    @property
    def curve(self) -> Curve:
        """Its tempo map as it is now."""
        key = (self.tempo, self.bpm, self.metre, self.counts)
        if self._curve is None or self._curve[0] != key:
            self._curve = (key, Curve(*key))
        return self._curve[1]

    @property
    def items(self) -> list[Item]:
        """All of them."""
        return [item for track in self.tracks for item in track.items]

    def track(self, name: str) -> Track:
        """The first of that name."""
        return next(track for track in self.tracks if track.name == name)

    def state(self) -> Saved:
        """What a file would hold."""
        tracks = tuple((track.name, tuple(item.held for item in track.items)) for track in self.tracks)
        return Saved(self.tempo, self.places, tracks, tuple(sorted(self.ext.items())))

    def restore(self, saved: Saved, *, ext: bool = True) -> None:
        """Be as it was; all handles die."""
        for track in self.tracks:
            track.alive = False
            for item in track.items:
                item.alive = False
        self.tempo, self.places = saved.tempo, saved.places
        self.tracks = []
        for name, items in saved.tracks:
            track = Track(name)
            track.items = [Item(held, track) for held in items]
            self.tracks.append(track)
        if ext:
            self.ext = dict(saved.ext)
        self.changes += 1

    def add_step(self, title: str) -> None:
        """An undo point: what could be redone is gone."""
        del self.steps[self.step + 1 :]
        self.steps.append((title, self.state()))
        self.step += 1
        self.changes += 1

    def undo(self) -> None:
        """Ctrl+Z."""
        if self.step:
            self.step -= 1
            self.restore(self.steps[self.step][1], ext=self.keeps_ext_in_undo)

    def redo(self) -> None:
        """Ctrl+Shift+Z."""
        if self.step + 1 < len(self.steps):
            self.step += 1
            self.restore(self.steps[self.step][1], ext=self.keeps_ext_in_undo)

    def edit(self, item: Item, title: str = "Edit MIDI", **changed: Any) -> None:
        """A person's hand on an item."""
        item.held = replace(item.held, **changed)
        self.add_step(title)

    def put(self, place: Place) -> None:
        """A person adds or moves a marker or region."""
        others = [other for other in self.places if other.guid != place.guid]
        self.places = tuple(sorted((*others, place), key=lambda one: one.time))
        self.add_step("Move marker")


def marker(number: int, time: float, name: str | bytes, end: float | None = None) -> Place:
    """A marker, or a region."""
    return Place(number, f"{{{'R' if end is not None else 'M'}{number:08X}}}", time, name, end)
