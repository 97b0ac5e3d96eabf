"""What was played since the recording began, as it is reported: a recording survives the death of who makes it.

The MIDI file is written every few seconds and whole; between, this file has all. One report a line; a last line that
was cut short counts for nothing.
"""

import json
from contextlib import suppress
from pathlib import Path

from hitpoint.scheduler.performance import Played
from hitpoint.score.expression import ControllerMove
from hitpoint.score.midi_message import PEDAL
from hitpoint.score.note import Note


class TakeJournal:
    """A file that grows by what is played. path: made when missing. Nothing is raised: it is only a second net."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[Played]:
        """Everything reported so far, in order."""
        try:
            lines = self._path.read_text(encoding="utf-8").split("\n")[:-1]
        except OSError:
            return []
        played = []
        for line in lines:
            with suppress(ValueError):
                roll, start, end, notes, moves = json.loads(line)
                of_parts = [(part, Note(*note)) for part, *note in notes]
                struck, pedals = (
                    tuple(one for one in of_parts if (one[1].pitch == PEDAL) is wanted) for wanted in (False, True)
                )
                moved = tuple(ControllerMove(*move) for move in moves)
                played.append(Played(roll, start, end, struck, moved, pedals))
        return played

    def add(self, played: Played) -> None:
        """Another report."""
        of_parts = (*played.notes, *played.pedals)
        notes = [[part, note.tick, note.pitch, note.duration, note.velocity] for part, note in of_parts]
        line = json.dumps([played.roll, played.start, played.end, notes, played.moves]) + "\n"
        with suppress(OSError), self._path.open("a", encoding="utf-8") as file:
            file.write(line)
