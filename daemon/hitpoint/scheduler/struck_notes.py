"""The notes that have been struck and not yet let go, in the order in which they will be."""

from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf

from hitpoint.timeline.course import Course

Key = tuple[int, int, int]
"""Port, channel and pitch: the receiver can tell no more apart."""


@dataclass(slots=True, eq=False)
class StruckNote:
    """A note that sounds."""

    key: Key
    part: str
    velocity: int
    tick: int
    """Where it was really struck."""
    off_tick: int
    """Where it is written to end; if a turn comes before, it ends there."""
    turn: int
    """Which turn of the loop it was struck in."""
    delay: float
    """Seconds from the written off to the sent one: the part's offset, and what its start was put off by."""
    off_seconds: float = field(default=inf)
    """When its note-off is due: seconds of the course."""
    switch: bool = False
    """True for a keyswitch, which is no music."""


class StruckNotes:
    """At most one note a key: whoever strikes a key ends its note first."""

    def __init__(self) -> None:
        self._by_key: dict[Key, StruckNote] = {}
        # A number that only rises stands between, because notes themselves have no order.
        self._numbers = count()
        self._heap: list[tuple[float, int, StruckNote]] = []

    def __len__(self) -> int:
        return len(self._by_key)

    @property
    def next_seconds(self) -> float:
        """When the next note-off is due; infinite when nothing sounds."""
        self._forget_ended()
        return self._heap[0][0] if self._heap else inf

    def strike(self, note: StruckNote) -> None:
        """Take in a note. Its key must be free."""
        self._by_key[note.key] = note
        heappush(self._heap, (note.off_seconds, next(self._numbers), note))

    def at(self, key: Key) -> StruckNote | None:
        """What sounds on a key."""
        return self._by_key.get(key)

    def end(self, note: StruckNote) -> None:
        """Let a note go before its time."""
        del self._by_key[note.key]

    def shorten(self, note: StruckNote, off_tick: int, off_seconds: float) -> None:
        """Let a note end earlier than it was to."""
        note.off_tick, note.off_seconds = off_tick, off_seconds
        # Its later entry stays: by then the note is gone, and entries of notes that are gone are passed over.
        heappush(self._heap, (off_seconds, next(self._numbers), note))

    def end_next(self, latest: float) -> StruckNote | None:
        """Let go the next note that is due at `latest` or before; None when there is none."""
        self._forget_ended()
        if not self._heap or self._heap[0][0] > latest:
            return None
        note = heappop(self._heap)[2]
        del self._by_key[note.key]
        return note

    def all(self) -> tuple[StruckNote, ...]:
        """What sounds, in the order in which it was struck."""
        return tuple(self._by_key.values())

    def retime(self, course: Course) -> None:
        """Use another course: every note ends at its own tick, or the turn, as before."""
        for note in self._by_key.values():
            note.off_seconds = course.off_at(note.off_tick, note.turn) + note.delay
        self._heap = [(note.off_seconds, next(self._numbers), note) for note in self._by_key.values()]
        heapify(self._heap)

    def turned(self, turns: int) -> None:
        """Seconds are counted from so many turns later on; `retime` is to follow."""
        for note in self._by_key.values():
            note.turn -= turns

    def leave_way(self, course: Course) -> None:
        """The loop of `course` is about to be another. What sounds from another turn than the transport's, as parts
        that are sent early or late do, is put where it would be in this one: so long it sounds on. `retime` follows."""
        for note in self._by_key.values():
            if note.turn:
                end = course.tempo_map.tick_at(course.off_at(note.off_tick, note.turn))
                note.tick += end - note.off_tick
                note.off_tick, note.turn = end, 0

    def _forget_ended(self) -> None:
        while self._heap and self._by_key.get(self._heap[0][2].key) is not self._heap[0][2]:
            heappop(self._heap)
