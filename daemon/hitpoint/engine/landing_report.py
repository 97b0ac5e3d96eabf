"""What landed where, read back from a MIDI file: the planner's word is not taken for it."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from hitpoint.score.midi_score import MidiPart
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.timeline import Timeline

TOGETHER_TICKS = 2
"""Onsets this close are one strike: about 1 ms at 120 bpm."""


@dataclass(frozen=True, slots=True)
class Landed:
    """One marker and the strike nearest to it."""

    name: str
    tick: int
    """Of the marker."""
    landed_tick: int | None
    """Of the nearest moment at which two parts strike together; None when there is none at all."""
    error_ticks: int | None
    """Positive is after the marker."""
    error_ms: float | None
    error_frames: float | None
    """Of picture, at the timeline's frame rate."""


def landed(timeline: Timeline, parts: Sequence[MidiPart], markers: Sequence[Marker]) -> tuple[Landed, ...]:
    """For each marker, the nearest strike of the parts."""
    strikes = _strikes(parts)
    return tuple(_nearest(timeline, marker, strikes) for marker in markers)


def _strikes(parts: Sequence[MidiPart]) -> list[int]:
    """Ticks at which two parts or more strike within TOGETHER_TICKS of one another, or one does where there is one."""
    return moments(((note.tick, index) for index, part in enumerate(parts) for note in part.notes), len(parts))


def moments(onsets: Iterable[tuple[int, Hashable]], parts: int) -> list[int]:
    """Ticks at which two of so many parts strike within TOGETHER_TICKS of one another, or one does where there is one.

    onsets: tick and part of each note.
    """
    ordered = sorted(set(onsets), key=lambda onset: onset[0])
    found = []
    for position, (tick, _) in enumerate(ordered):
        following = ordered[position : position + (TOGETHER_TICKS + 1) * parts]
        if len({part for onset, part in following if onset - tick <= TOGETHER_TICKS}) >= min(2, parts):
            found.append(tick)
    return found


def _nearest(timeline: Timeline, marker: Marker, strikes: Sequence[int]) -> Landed:
    if not strikes:
        return Landed(marker.name, marker.tick, None, None, None, None)
    tick = min(strikes, key=lambda strike: abs(strike - marker.tick))
    seconds = timeline.tempo_map.seconds_at(tick) - timeline.tempo_map.seconds_at(marker.tick)
    frames = timeline.frame_rate.frames_in(seconds)
    return Landed(marker.name, marker.tick, tick, tick - marker.tick, round(seconds * 1000, 4), round(frames, 5))
