"""Whether a cue's hits are met, told from the notes that are written: the planner's word is not taken for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hitpoint.engine.cue_score import CueScore
from hitpoint.engine.landing_report import strikes_of
from hitpoint.hosts.sheet import SheetCue
from hitpoint.planner.outline import outline_of
from hitpoint.planner.plan import plan_bar
from hitpoint.score.dynamics import LOUDEST_PLAIN
from hitpoint.score.midi_score import MidiPart, playable
from hitpoint.score.request import LandingKind
from hitpoint.timeline.units import FrameRate

_ROUNDING = 1e-6
"""Frames."""


@dataclass(frozen=True, slots=True)
class MetHit:
    """One hit of a cue, and where the music is."""

    name: str
    frame: int
    """Of the picture, from 00:00:00:00."""
    stop: bool
    """True where everything is to end, as its name asks; else there is to be an accent."""
    frames_off: float | None
    """From its frame to the nearest accented strike, or to where the last note before it ends; positive is late. None
    where there is no such thing."""

    def is_within(self, frames: float) -> bool:
        """True when the music meets it that nearly; a stop, when nothing sounds on for longer."""
        if self.frames_off is None:
            return False
        return self.frames_off <= frames + _ROUNDING and (self.stop or self.frames_off >= -frames - _ROUNDING)


def met_hits(cue: SheetCue, rate: FrameRate, score: CueScore, parts: Sequence[MidiPart]) -> tuple[MetHit, ...]:
    """The hits in time order. An accent is louder than any note that is none, and struck by two parts where there are
    two."""
    timeline = score.timeline
    plans = (plan_bar(score.session, index) for index in range(score.bars))
    # A stop at a bar line is no landing of the empty bar after it; one at the END takes the last chord's place.
    stops = {met.tick for met in outline_of(score.session).meetings if met.kind is LandingKind.STOP} | {
        landing.tick
        for plan in plans
        if plan is not None
        for landing in plan.landings
        if landing.kind is LandingKind.STOP
    }
    played = [replace(part, notes=playable(part.notes)) for part in parts]
    accented = [
        replace(part, notes=tuple(note for note in part.notes if note.velocity > LOUDEST_PLAIN)) for part in played
    ]
    seconds = [timeline.tempo_map.seconds_at(tick) for tick in strikes_of(accented)]
    spans = [(note.tick, timeline.tempo_map.seconds_at(note.end)) for part in played for note in part.notes]

    def frames(moments: Sequence[float], at: float) -> float | None:
        off = [rate.frames_in(moment - at) for moment in moments]
        return min(off, key=abs, default=None)

    found = []
    # The first marker is the cue's start, then comes one a hit.
    for hit, marker in zip(cue.hits, timeline.markers[1:], strict=False):
        at = float((hit.frame - cue.start) / rate.frames_per_second)
        stop = marker.tick in stops
        if stop:
            off = frames([max((end for tick, end in spans if tick < marker.tick), default=at)], at)
        else:
            off = frames(seconds, at)
        found.append(MetHit(hit.name, hit.frame, stop, None if off is None else round(off, 5) + 0.0))
    return tuple(found)
