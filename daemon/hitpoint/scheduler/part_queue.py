"""The notes of one part that are still to be struck, by tick."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from math import ceil, inf

from hitpoint.score.note import Note
from hitpoint.timeline.tempo_map import TempoMap


def _tick(note: Note) -> int:
    return note.tick


class PartQueue:
    """Notes in order of tick. `next_seconds` is kept ready, so that a look at a queue costs one comparison.

    Seconds are the tempo map's, from the timeline's start, with the part's offset added.
    """

    def __init__(self) -> None:
        self._notes: list[Note] = []
        self._tempo_map = TempoMap()
        self._offset = 0.0
        self.covered_until = -1
        """The tick up to which the part has been scheduled: what comes again for ticks before it, and late, is not
        new but a second answer, and must not sound beside the first."""
        self.next_seconds = inf
        """When the first note is due; infinite when there is none."""

    def __len__(self) -> int:
        return len(self._notes)

    def retime(self, tempo_map: TempoMap, offset: float) -> None:
        """Use another tempo map or offset, in seconds."""
        self._tempo_map, self._offset = tempo_map, offset
        self._look_ahead()

    def replace(self, start: int, end: int, notes: Iterable[Note]) -> None:
        """Have exactly `notes` in the span [start, end) of ticks."""
        first, last = bisect_left(self._notes, start, key=_tick), bisect_left(self._notes, end, key=_tick)
        self._notes[first:last] = sorted(note for note in notes if start <= note.tick < end)
        self.covered_until = max(self.covered_until, end)
        self._look_ahead()

    def shorten(self, tick: int) -> None:
        """Let what begins before `tick` end there at the latest."""
        end = bisect_left(self._notes, tick, key=_tick)
        self._notes[:end] = [replace(note, duration=min(note.duration, tick - note.tick)) for note in self._notes[:end]]

    def cancel(self, from_tick: int, sent_until: float) -> None:
        """Drop what begins at `from_tick` or later. sent_until: the second up to which notes were taken."""
        del self._notes[bisect_left(self._notes, from_tick, key=_tick) :]
        sent_tick = ceil(self._tempo_map.fractional_tick_at(sent_until - self._offset)) if sent_until > -inf else 0
        self.covered_until = min(self.covered_until, max(from_tick, sent_tick))
        self._look_ahead()

    def clear(self) -> None:
        """Drop everything, and forget that there was anything."""
        self._notes.clear()
        self.covered_until = -1
        self.next_seconds = inf

    def take(self, before: float) -> list[tuple[float, Note]]:
        """Take out what is due before that second, in order, with the second at which it is."""
        taken = []
        for note in self._notes:
            seconds = self._tempo_map.seconds_at(note.tick) + self._offset
            if seconds >= before:
                break
            taken.append((seconds, note))
        del self._notes[: len(taken)]
        self._look_ahead()
        return taken

    def _look_ahead(self) -> None:
        self.next_seconds = self._tempo_map.seconds_at(self._notes[0].tick) + self._offset if self._notes else inf
