"""Keeps what was really played, and writes it to a MIDI file: whole, or not at all.

Rule: what is played again over the same ticks replaces what was there, as in a DAW's replace mode, so the file is the
timeline as it was last heard. Process: control; play only reports, as writing takes longer than it may wait.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hitpoint.score.midi_file import write_midi_file
from hitpoint.score.midi_score import MidiPart
from hitpoint.score.note import Note
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


@dataclass(slots=True)
class _Roll:
    number: int
    start: int
    end: int
    notes: list[tuple[str, Note]] = field(default_factory=list)


class Recorder:
    """A take in the making. `changed` is True when there is more than the file has."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.changed = False
        self._kept: list[tuple[str, Note]] = []
        self._roll = _Roll(0, 0, 0)

    def take(self, played: PlayedNotes) -> None:
        """Take in what play reports."""
        # A play process that was started anew counts from 1 again.
        if played.roll != self._roll.number or played.start < self._roll.end:
            self._kept = self.notes()
            self._roll = _Roll(played.roll, played.start, played.end)
        self._roll.end = max(self._roll.end, played.end)
        self._roll.notes += played.notes
        self.changed = self.changed or bool(played.notes)

    def notes(self) -> list[tuple[str, Note]]:
        """Part and note of everything that stands."""
        roll = self._roll
        return [kept for kept in self._kept if not roll.start <= kept[1].tick < roll.end] + roll.notes

    def write(self, timeline: Timeline, voices: Mapping[str, tuple[int, int | None]], title: str = "") -> None:
        """Write the file: a track a part, with the timeline's tempo, metre and markers. Raises ScoreError.

        voices: channel (0 to 15) and program of each part, in the order of the tracks.
        """
        by_part: dict[str, list[Note]] = {part: [] for part in voices}
        for part, note in self.notes():
            by_part.setdefault(part, []).append(note)
        parts = [
            MidiPart(part, *voices.get(part, (0, None)), tuple(sorted(notes)))
            for part, notes in by_part.items()
            if notes
        ]
        write_midi_file(self.path, parts, timeline, title)
        self.changed = False
