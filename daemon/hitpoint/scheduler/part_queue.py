"""The notes of one part that are still to be struck, by tick, and those that a loop has struck every turn."""

from bisect import bisect_left
from collections import deque
from dataclasses import replace
from math import ceil, inf

from hitpoint.scheduler.performance import Schedule
from hitpoint.score.note import Note
from hitpoint.timeline.course import Course
from hitpoint.timeline.loop import Loop

_HAIR_TICKS = 1e-6
_MOST_TAKEN = 256
"""Notes of a part that are remembered as struck: more than fall into the time by which an offset or a faster tempo can
bring one back."""


def _tick(note: Note) -> int:
    return note.tick


class PartQueue:
    """Notes in order of tick. `next_seconds` is kept ready, so that a look at a queue costs one comparison.

    Seconds are those of the course, with the part's offset added. So each part turns at its own moment: one that is
    sent early begins the loop anew before the transport does. What is in the loop is kept for every turn to come, so
    that its start is queued long before the turn, and goes on if nobody sends anything any more.
    """

    def __init__(self) -> None:
        self._notes: list[Note] = []
        """To be struck in this turn, and behind the loop."""
        self._again: list[Note] = []
        """All of the loop's: what the next turn begins with."""
        self._once = False
        """What is there for the next turn is for that one alone."""
        self._taken: deque[tuple[int, int]] = deque(maxlen=_MOST_TAKEN)
        """Tick and pitch of what was struck last in this turn: due once more when the tempo rises or the part is sent
        later, it is not struck once more."""
        self._course = Course()
        self._offset = 0.0
        self._turn = 0
        self.covered_until = -1
        """The tick up to which the part has been scheduled in this turn: what comes again for ticks before it, and
        late, is not new but a second answer, and must not sound beside the first."""
        self.next_seconds = inf
        """Before it there is nothing to take: when the first note is due, or the part turns; infinite for never."""

    def retime(self, course: Course, offset: float) -> None:
        """Use another tempo map on the same way, or another offset, in seconds."""
        self._course, self._offset = course, offset
        self._look_ahead()

    def enter(self, sent_until: float) -> None:
        """Be in the turn that this second lies in. For a queue that was never asked for anything."""
        self._turn = self._course.place_at(sent_until - self._offset).turn if sent_until > -inf else 0
        self._look_ahead()

    def turned(self, turns: int) -> None:
        """Seconds are counted from so many turns later on; `retime` or `change_way` is to follow."""
        self._turn -= turns

    def change_way(self, course: Course, sent_until: float) -> None:
        """Go on in another loop, or none, from where the part is. sent_until: a second of both courses.

        Called while seconds count from the transport's own turn: a part may be in the next, or still in the last.
        """
        earlier, here = self._course.loop, self._turn
        behind = [note for note in self._notes if not _within(earlier, note)]
        known = sorted(self._again + behind) if earlier else self._notes
        again, left = (self._again, self._notes) if self._once else (known, known)
        self._course = course
        turn, tick = course.place_at(sent_until - self._offset) if sent_until > -inf else (0, -inf)
        self._again = [note for note in again if _within(course.loop, note)]
        if here or turn:
            self._notes = [note for note in left if note.tick >= tick - _HAIR_TICKS]
            self._turn = turn
            self._taken.clear()
        if turn and course.loop:
            self.covered_until = max(self.covered_until, course.loop.end)
        self._look_ahead()

    def replace(self, given: Schedule, sent_until: float) -> bool:
        """Have exactly its notes in its span of ticks. Returns True when that is for the next turn only, and what is
        left of this one stays: it was asked for so, or the span is over in this turn, which is not late but early.

        sent_until: the second up to which was sent. What the part was already asked for, and has sent, is left out: it
        would sound twice.
        """
        notes = sorted(note for note in given.notes if given.start <= note.tick < given.end)
        over = self._course.loop is not None and self._seconds(given.end) <= sent_until
        again, self._once = self.covered_until, given.once
        if given.next_turn or not given.once:
            _put(self._again, given, [note for note in notes if _within(self._course.loop, note)])
        if not over and not given.next_turn:
            taken = frozenset(self._taken)
            new = [note for note in notes if note.tick >= again or self._seconds(note.tick) >= sent_until]
            _put(self._notes, given, [note for note in new if (note.tick, note.pitch) not in taken])
            self.covered_until = max(again, given.end)
        if given.cut_at is not None:
            _shorten(self._again if over or given.next_turn else self._notes, given.cut_at)
        self._look_ahead()
        return over or given.next_turn

    def cancel(self, from_tick: int, sent_until: float) -> None:
        """Drop what begins at `from_tick` or later, in every turn. sent_until: the second up to which was sent."""
        for notes in (self._notes, self._again):
            del notes[bisect_left(notes, from_tick, key=_tick) :]
        sent_tick = ceil(self._course.place_at(sent_until - self._offset).tick) if sent_until > -inf else 0
        self.covered_until = min(self.covered_until, max(from_tick, sent_tick))
        self._look_ahead()

    def clear(self) -> None:
        """Drop everything, and forget that there was anything."""
        self._notes.clear()
        self._again.clear()
        self._taken.clear()
        self._turn = 0
        self.covered_until = -1
        self._look_ahead()

    def take(self, before: float) -> list[tuple[float, int, Note]]:
        """Take what is due before that second, in order: when it is, in which turn, and the note."""
        taken: list[tuple[float, int, Note]] = []
        while (turns_at := self._turns_at()) < before:
            self._take(turns_at, taken)
            self._begin_turn()
        self._take(before, taken)
        self._look_ahead()
        return taken

    def _take(self, before: float, taken: list[tuple[float, int, Note]]) -> None:
        count = 0
        for note in self._notes:
            seconds = self._seconds(note.tick)
            if seconds >= before or not self._comes(note):
                break
            taken.append((seconds, self._turn, note))
            self._taken.append((note.tick, note.pitch))
            count += 1
        del self._notes[:count]

    def _begin_turn(self) -> None:
        loop = self._course.loop
        assert loop is not None  # only a loop turns
        self._turn += 1
        self._taken.clear()
        self._notes[: bisect_left(self._notes, loop.end, key=_tick)] = self._again
        if self._once:
            self._again = []
        # Whatever sounds in this turn was scheduled in the last.
        self.covered_until = max(self.covered_until, loop.end)

    def _comes(self, note: Note) -> bool:
        return self._course.loop is None or note.tick < self._course.loop.end

    def _seconds(self, tick: int) -> float:
        return self._course.seconds_at(tick, self._turn) + self._offset

    def _turns_at(self) -> float:
        return self._course.turn_at(self._turn + 1) + self._offset

    def _look_ahead(self) -> None:
        first = self._seconds(self._notes[0].tick) if self._notes and self._comes(self._notes[0]) else inf
        self.next_seconds = min(first, self._turns_at())


def _within(loop: Loop | None, note: Note) -> bool:
    return loop is not None and loop.start <= note.tick < loop.end


def _put(notes: list[Note], span: Schedule, new: list[Note]) -> None:
    """Have exactly `new` in a span of an ordered list."""
    notes[bisect_left(notes, span.start, key=_tick) : bisect_left(notes, span.end, key=_tick)] = new


def _shorten(notes: list[Note], tick: int) -> None:
    """Let what begins before `tick` end there at the latest. In a loop that is for one turn: it is cut once."""
    end = bisect_left(notes, tick, key=_tick)
    notes[:end] = [replace(note, duration=min(note.duration, tick - note.tick)) for note in notes[:end]]
