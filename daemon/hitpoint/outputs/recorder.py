"""Keeps what was really played, and writes it to a MIDI file: whole, or not at all.

Rule: what is played again over the same ticks replaces what was there, as in a DAW's replace mode, so the file is the
timeline as it was last heard. Process: control; play only reports, as writing takes longer than it may wait.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from hitpoint.score.expression import ControllerMove
from hitpoint.score.midi_file import write_midi_file
from hitpoint.score.midi_message import PEDAL
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
from hitpoint.score.pedal import pedal_moves
from hitpoint.score.stem import DRUM_CHANNEL
from hitpoint.timeline.timeline import Timeline


class PlayedNotes(Protocol):
    """What play reports: a stretch of one roll, from a start or jump to the next, and the notes that ended in it."""

    @property
    def roll(self) -> int:
        """Number of the roll."""

    @property
    def start(self) -> int:
        """First tick of the stretch."""

    @property
    def end(self) -> int:
        """The tick it has reached."""

    @property
    def notes(self) -> tuple[tuple[str, Note], ...]:
        """Part and note."""

    @property
    def moves(self) -> tuple[ControllerMove, ...]:
        """What controllers did, on all pitched parts alike."""

    @property
    def pedals(self) -> tuple[tuple[str, Note], ...]:
        """Part, and when its pedal was down, as `score.pedal` has it."""


@dataclass(slots=True)
class _Roll:
    number: int
    start: int
    end: int
    notes: list[tuple[str, Note]] = field(default_factory=list)
    moves: list[ControllerMove] = field(default_factory=list)

    def covers(self, tick: int) -> bool:
        """True when it passed over `tick`."""
        return self.start <= tick < self.end


class Recorder:
    """A take in the making. `changed` is True when there is more than the file has."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.changed = False
        self._kept: list[tuple[str, Note]] = []
        self._kept_moves: list[ControllerMove] = []
        self._roll = _Roll(0, 0, 0)

    def take(self, played: PlayedNotes) -> None:
        """Take in what play reports."""
        # A play process that was started anew counts from 1 again.
        if played.roll != self._roll.number or played.start < self._roll.end:
            self._kept, self._kept_moves = self._all(), self.moves()
            self._roll = _Roll(played.roll, played.start, played.end)
        self._roll.end = max(self._roll.end, played.end)
        self._roll.notes += (*played.notes, *played.pedals)
        self._roll.moves += played.moves
        self.changed = self.changed or bool(played.notes or played.moves)

    def copy(self) -> "Recorder":
        """As it is now, for whoever writes it on another thread."""
        copy = Recorder(self.path)
        # What is kept of rolls before is never changed, only replaced.
        copy._kept, copy._kept_moves = self._kept, self._kept_moves
        copy._roll = replace(self._roll, notes=list(self._roll.notes), moves=list(self._roll.moves))
        return copy

    def notes(self) -> list[tuple[str, Note]]:
        """Part and note of everything that stands."""
        return [one for one in self._all() if one[1].pitch != PEDAL]

    def _all(self) -> list[tuple[str, Note]]:
        """The notes, and the pedals among them."""
        return [kept for kept in self._kept if not self._roll.covers(kept[1].tick)] + self._roll.notes

    def moves(self) -> list[ControllerMove]:
        """Every move of a controller that stands, in order."""
        kept = [move for move in self._kept_moves if not self._roll.covers(move.tick)]
        return sorted([*kept, *self._roll.moves], key=lambda move: move.tick)

    def write(self, timeline: Timeline, voices: Mapping[str, tuple[int, int | None]], title: str = "") -> None:
        """Write the file: a track a part, with the timeline's tempo, metre and markers. Raises ScoreError.

        voices: channel (0 to 15) and program of each part, in the order of the tracks.
        """
        by_part: dict[str, list[Note]] = {part: [] for part in voices}
        for part, note in self._all():
            by_part.setdefault(part, []).append(note)
        moves = tuple(self.moves())
        parts = []
        for part, notes in by_part.items():
            channel, program = voices.get(part, (0, None))
            struck = sorted(note for note in notes if note.pitch != PEDAL)
            if struck:
                pedals = pedal_moves(note for note in notes if note.pitch == PEDAL)
                own = () if channel == DRUM_CHANNEL else sorted((*moves, *pedals), key=lambda move: move.tick)
                parts.append(MidiPart(part, channel, program, tuple(struck), tuple(own)))
        write_midi_file(self.path, parts, timeline, title)
        self.changed = False
