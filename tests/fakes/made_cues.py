"""Cues made on the spot, as files would have them, and a writer that gives them out when it is asked."""

from collections.abc import Callable, Iterable

from hitpoint.score.midi_score import MidiPart, MidiScore
from hitpoint.score.note import Note
from hitpoint.score.stem import DRUM_CHANNEL, instrument_named
from hitpoint.timeline.meter import Meter, MeterChange, MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timeline import Timeline
from hitpoint.training.judge.asked import Asked

QUARTER = 960
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11)


def made_score(parts: dict[str, Iterable[Note]], bpm: float = 120, meter: Meter | None = None) -> MidiScore:
    """parts: notes by the name of an instrument."""
    timeline = Timeline(TempoMap.constant(bpm), MeterMap((MeterChange(0, meter or Meter(4, 4)),)))
    made = []
    for name, notes in parts.items():
        instrument = instrument_named(name)
        channel = DRUM_CHANNEL if instrument.drums else 0
        made.append(MidiPart(name, channel, instrument.program, tuple(sorted(notes))))
    return MidiScore(timeline, tuple(part for part in made if part.notes))


def in_key(tonic: int, steps: tuple[int, ...] = MAJOR, bars: int = 8, each: int = QUARTER, velocity: int = 64,
           octave: int = 5) -> list[Note]:  # fmt: skip
    """Scales up and down in 4/4 that dwell on the triad: the tonic and the fifth last twice as long."""
    notes, tick, place = [], 0, 0
    while tick < bars * 4 * QUARTER:
        degree = (0, 1, 2, 4, 3, 2, 0, 5, 4, 6)[place % 10]
        length = each * (2 if degree in (0, 4) else 1)
        notes.append(Note(tick, 12 * octave + tonic + steps[degree], length, velocity))
        tick, place = tick + length, place + 1
    return notes


class MadeWriter:
    """Gives out what `make` says, and remembers what it was asked for."""

    def __init__(self, make: Callable[[Asked], MidiScore]) -> None:
        self._make = make
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked) -> MidiScore:
        self.asked.append(asked)
        return self._make(asked)
