"""A cue's own tempo and metre, counted from its start: what a sheet holds and a solver gives."""

from dataclasses import dataclass

from hitpoint.errors import HostError
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import Ramp, TempoMap, TempoPoint
from hitpoint.timeline.units import TICKS_PER_QUARTER


@dataclass(frozen=True, slots=True)
class CueMapEvent:
    """The tempo and the metre from a place in the cue on."""

    tick: int
    """From the cue's start."""
    bpm: float
    """Quarter notes a minute."""
    meter: Meter
    ramp: bool = False
    """True where the tempo goes evenly in time from here to the next event's."""

    @property
    def quarters(self) -> float:
        """Quarter notes from the cue's start."""
        return self.tick / TICKS_PER_QUARTER


@dataclass(frozen=True)
class CueMap:
    """All of a cue's tempi and metres. Raises HostError where they can't be played, or none holds from its start."""

    events: tuple[CueMapEvent, ...]
    """In strictly rising ticks, the first at 0."""

    def __post_init__(self) -> None:
        if not self.events or self.events[0].tick != 0:
            raise HostError("the tempo map says nothing of the cue's start. Give it a tempo at beat 0.")
        # Made once for what it refuses.
        _ = self.tempo_map

    @property
    def tempo_map(self) -> TempoMap:
        """Its tempi, from tick 0."""
        ramps = {True: Ramp.LINEAR_IN_TIME, False: Ramp.STEP}
        events = self._changed(metre=False)
        return TempoMap(tuple(TempoPoint(event.tick, event.bpm, ramps[event.ramp]) for event in events))

    @property
    def meter_map(self) -> MeterMap:
        """Its metres, from tick 0."""
        return MeterMap(tuple(MeterChange(event.tick, event.meter) for event in self._changed(metre=True)))

    def _changed(self, metre: bool) -> list[CueMapEvent]:
        kept: list[CueMapEvent] = []
        for event in self.events:
            same = kept and (event.meter == kept[-1].meter if metre else _same_tempo(kept[-1], event))
            # A time out of order is kept, so that the map made of it refuses it.
            if not same or event.tick <= kept[-1].tick:
                kept.append(event)
        return kept


def _same_tempo(before: CueMapEvent, event: CueMapEvent) -> bool:
    return event.bpm == before.bpm and not before.ramp and not event.ramp
