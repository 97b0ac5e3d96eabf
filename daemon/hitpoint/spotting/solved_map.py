"""What a solver found: the map, where every hit has come to lie, and what could not be met."""

from dataclasses import dataclass

from hitpoint.spotting.hit import Hit, HitList
from hitpoint.timeline.cue_map import CueMap
from hitpoint.timeline.units import TICKS_PER_QUARTER

TOLERANCE_FRAMES = 0.5
"""A hit on its beat is no further off than this."""


@dataclass(frozen=True, slots=True)
class SolvedHit:
    """Where a hit has come to lie."""

    hit: Hit
    seconds: float
    """Of the picture, from the cue's start."""
    tick: int
    """Of its beat, from the cue's start; of the nearest one for a hit that was passed by."""
    on_downbeat: bool
    frames_off: float
    """Positive where the music comes after the picture."""

    @property
    def quarters(self) -> float:
        """Quarter notes from the cue's start."""
        return self.tick / TICKS_PER_QUARTER


@dataclass(frozen=True, slots=True)
class Unsolved:
    """A locked hit that the map misses."""

    hit: Hit
    seconds: float
    frames_off: float
    """Of the nearest beat of the map that meets the others."""
    cap: float | None
    """The least cap found that would meet it with the others; None where none was found."""
    bpm: float | None
    """The nearest start tempo found that would; None where none was."""

    @property
    def would_free(self) -> tuple[str, ...]:
        """What would free it, for people."""
        ways = ["unlock it"]
        if self.cap is not None:
            ways.append(f"a cap of {self.cap:.0%}")
        if self.bpm is not None:
            ways.append(f"a start at {self.bpm:g} bpm")
        return tuple(ways)


@dataclass(frozen=True, slots=True)
class SolvedMap:
    """What was found."""

    cue_map: CueMap
    hits: tuple[SolvedHit, ...]
    """All of them, in time order."""
    unsolved: tuple[Unsolved, ...]
    bars: int
    """That it takes to get through the cue."""
    largest_change: float
    """Of tempo from a bar to the next, and from the wish to the first, as a part of it. With ramps: from a bar line to
    the next."""

    @property
    def ramps(self) -> bool:
        """True where the tempo goes evenly somewhere, not in steps at bar lines."""
        return any(event.ramp for event in self.cue_map.events)


def landed(cue: HitList, hit: Hit, cue_map: CueMap) -> SolvedHit:
    """Where a hit has come to lie: at the beat nearest to it."""
    tempo_map, meter_map = cue_map.tempo_map, cue_map.meter_map
    seconds = cue.seconds(hit.frame)
    place = tempo_map.fractional_tick_at(seconds)
    bar = meter_map.bar_at(max(0, int(place)))
    beat = bar.meter.beat_ticks
    into = round((place - bar.start) / beat) * beat
    tick = min(bar.start + into, bar.end)
    off = (tempo_map.seconds_at(tick) - seconds) * cue.frames_per_second
    return SolvedHit(hit, seconds, tick, meter_map.bar_at(tick).start == tick, off)
