"""Keeps what was really sent, until control asks for it."""

from collections.abc import Iterable

from hitpoint.scheduler.performance import Played
from hitpoint.score.expression import ControllerMove
from hitpoint.score.note import Note


class PlayedNotes:
    """Notes that have ended, by roll. A roll goes from a start, or a jump, to the next one."""

    def __init__(self) -> None:
        self._closed: list[Played] = []
        self._roll = 0
        self._start = 0
        self._end = 0
        self._notes: list[tuple[str, Note]] = []
        self._moves: list[ControllerMove] = []

    def begin(self, tick: int) -> None:
        """A roll begins at `tick`."""
        self._roll += 1
        self._start = self._end = tick

    def add(self, part: str, tick: int, end: int, pitch: int, velocity: int) -> None:
        """A note has ended."""
        self._notes.append((part, Note(tick, pitch, max(1, end - tick), velocity)))

    def move(self, moves: Iterable[ControllerMove]) -> None:
        """Controllers have moved."""
        self._moves += moves

    def reach(self, tick: int) -> None:
        """The roll has come to `tick`."""
        self._end = max(self._end, tick)

    def close(self) -> None:
        """The roll is over: what ends from now on belongs to the next."""
        if self._notes or self._end > self._start:
            self._closed.append(Played(self._roll, self._start, self._end, tuple(self._notes), tuple(self._moves)))
            self._notes.clear()
            self._moves.clear()
            self._start = self._end

    def take(self) -> list[Played]:
        """All that has ended since the last call."""
        self.close()
        taken, self._closed = self._closed, []
        return taken
