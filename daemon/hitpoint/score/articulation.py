"""How each note is to be played, and what tells that to a sampled instrument.

Which articulation a note has is decided from the notes of its bar alone, so that files and ports agree. A switch (a key
outside the range, a program or a controller's value) selects one; it is sent before the note, and is no music.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, NamedTuple

from hitpoint.score.midi_message import control_change, note_on, program_change
from hitpoint.score.note import Note
from hitpoint.score.stem import Instrument

SUSTAIN, STACCATO, MARCATO, TREMOLO, PIZZICATO = "sustain", "staccato", "marcato", "tremolo", "pizzicato"
ARTICULATIONS = (SUSTAIN, STACCATO, MARCATO, TREMOLO, PIZZICATO)
LEAD_SECONDS = 0.01
"""A switch is sent this long before its note: samplers need it first, and at the same moment some play it wrong. Our
choice; makers advise a few milliseconds."""
SWITCH_TICKS = 60
"""How long a keyswitch is held: a thirty-second of a half note. Our choice."""
SWITCH_VELOCITY = 100
SHORT_BEATS, LONG_BEATS = 0.4, 0.6
"""Two notes in a row as short as that are staccato, and what follows is until a note is as long as this: so one short
note in a line changes nothing. Our choice."""
TREMOLO_FROM = 0.6
"""Tension from which strings play fast repeated notes as a tremolo. Our choice."""
REPEATED_BEATS, REPEATED_NOTES = 0.5, 4
"""So many strokes of one pitch, no farther apart than this, are repeated notes. Our choice."""
BOWED = frozenset({"violin", "viola", "cello", "contrabass", "string ensemble"})
PLUCKED = frozenset({"pizzicato strings"})


class Articulated(NamedTuple):
    """What begins at a tick is played so."""

    tick: int
    articulation: str
    """One of ARTICULATIONS."""


@dataclass(frozen=True, slots=True)
class Switch:
    """What selects an articulation."""

    kind: Literal["key", "program", "cc"]
    number: int
    """The key, program or controller, 0 to 127."""
    value: int = SWITCH_VELOCITY
    """Of a controller, 0 to 127."""

    def message(self, channel: int) -> bytes:
        """What is sent; a key is to be let go later."""
        match self.kind:
            case "key":
                return note_on(channel, self.number, SWITCH_VELOCITY)
            case "program":
                return program_change(channel, self.number)
            case _:
                return control_change(channel, self.number, self.value)


@dataclass(frozen=True)
class ArticulationMap:
    """Which switch selects which articulation."""

    source: str = "generic"
    """The name or file that it was read from."""
    entries: Mapping[str, Mapping[str, Switch]] = field(default_factory=dict)
    """By instrument or stem, then by articulation."""

    def switches(self, instrument: Instrument | None) -> Mapping[str, Switch]:
        """Those of an instrument, its own before its stem's; none for None and for drums."""
        if instrument is None or instrument.drums:
            return {}
        return self.entries.get(instrument.name) or self.entries.get(instrument.stem) or {}

    def keys(self, instrument: Instrument | None) -> frozenset[int]:
        """Keys that are no notes of an instrument but select how it plays."""
        return frozenset(one.number for one in self.switches(instrument).values() if one.kind == "key")

    def switch(self, instrument: Instrument | None, articulation: str) -> Switch | None:
        """What selects it; where it is not mapped, what selects sustain."""
        switches = self.switches(instrument)
        return switches.get(articulation) or switches.get(SUSTAIN)


class SwitchAt(NamedTuple):
    """A switch in a file's track."""

    tick: int
    switch: Switch


def articulations_in(
    instrument: Instrument, notes: Sequence[Note], beat_ticks: int, tension: float | None, accents: Collection[int] = ()
) -> tuple[Articulated, ...]:
    """How what begins at each tick is played, in order. notes: those of one bar. accents: ticks of its loud landings.
    tension: 0 to 1."""
    ordered = sorted(notes)
    repeated = _repeated(ordered, beat_ticks) if instrument.name in BOWED and (tension or 0.0) >= TREMOLO_FROM else ()
    onsets = [(tick, max(note.duration for note in group)) for tick, group in groupby(ordered, key=lambda n: n.tick)]
    found: list[Articulated] = []
    short = False
    for place, (tick, duration) in enumerate(onsets):
        following = onsets[place + 1][1] if place + 1 < len(onsets) else duration + 1
        brief = duration <= SHORT_BEATS * beat_ticks
        short = duration < LONG_BEATS * beat_ticks if short else brief and following <= SHORT_BEATS * beat_ticks
        if instrument.name in PLUCKED:
            found.append(Articulated(tick, PIZZICATO))
        elif tick in accents:
            found.append(Articulated(tick, MARCATO))
        elif tick in repeated:
            found.append(Articulated(tick, TREMOLO))
        else:
            found.append(Articulated(tick, STACCATO if short else SUSTAIN))
    return tuple(found)


def _repeated(notes: Sequence[Note], beat_ticks: int) -> frozenset[int]:
    """Ticks of fast repeated notes."""
    runs: dict[int, list[list[int]]] = {}
    for note in notes:
        of_pitch = runs.setdefault(note.pitch, [[]])
        if of_pitch[-1] and note.tick - of_pitch[-1][-1] > REPEATED_BEATS * beat_ticks:
            of_pitch.append([])
        of_pitch[-1].append(note.tick)
    return frozenset(
        tick for of_pitch in runs.values() for run in of_pitch if len(run) >= REPEATED_NOTES for tick in run
    )
