"""Keeps what was really sent, until control asks for it."""

from collections.abc import Iterable

from hitpoint.scheduler.performance import Played
from hitpoint.scheduler.struck_notes import StruckNote
from hitpoint.score.expression import ControllerMove
from hitpoint.score.midi_message import PEDAL
from hitpoint.score.note import Note
from hitpoint.timeline.course import Course


class PlayedNotes:
    """Notes that have ended, by roll. A roll goes from a start, a jump or a turn of the loop to the next one.

    Parts turn at moments of their own, so a roll that begins with a turn does so when all have turned, and what has
    ended before in the new turn waits for it.
    """

    def __init__(self) -> None:
        self._closed: list[Played] = []
        self._roll = 0
        self._turn = 0
        self._start = 0
        self._end = 0
        self._notes: list[tuple[str, Note]] = []
        """Pedals are among them until control takes them."""
        self._moves: list[ControllerMove] = []
        self._early: list[tuple[int, str, Note]] = []
        """Turn, part and note."""
        self._early_moves: list[tuple[int, ControllerMove]] = []

    def begin(self, tick: int, turn: int = 0) -> None:
        """A roll begins at `tick`, in that turn."""
        self.close()
        self._roll += 1
        self._turn = turn
        self._start = self._end = tick
        self._notes = [(part, note) for in_turn, part, note in self._early if in_turn <= turn]
        self._early = [early for early in self._early if early[0] > turn]
        self._moves = [move for in_turn, move in self._early_moves if in_turn <= turn]
        self._early_moves = [early for early in self._early_moves if early[0] > turn]

    def turned(self, turns: int) -> None:
        """Turns are counted from so many later on."""
        self._turn -= turns
        self._early = [(turn - turns, part, note) for turn, part, note in self._early]
        self._early_moves = [(turn - turns, move) for turn, move in self._early_moves]

    def move(self, moves: Iterable[tuple[int, ControllerMove]]) -> None:
        """Controllers have moved, each in its turn."""
        for turn, move in moves:
            if turn > self._turn:
                self._early_moves.append((turn, move))
            else:
                self._moves.append(move)

    def add(self, note: StruckNote, end: int) -> None:
        """A note has ended at tick `end`."""
        played = Note(note.tick, note.key[2], max(1, end - note.tick), note.velocity)
        if note.turn > self._turn:
            self._early.append((note.turn, note.part, played))
        else:
            self._notes.append((note.part, played))

    def reach(self, seconds: float, course: Course, latest: float) -> None:
        """The transport has come to that second of the course. latest: by how many seconds the last part is sent
        late."""
        while seconds >= course.turn_at(self._turn + 1) + latest and course.loop is not None:
            self._end = max(self._end, course.loop.end)
            self.begin(course.loop.start, self._turn + 1)
        turn, tick = course.place_at(seconds)
        if turn > self._turn and course.loop is not None:
            tick = course.loop.end
        self._end = max(self._end, round(tick))

    def close(self) -> None:
        """What has ended goes to control; the roll goes on."""
        if self._notes or self._end > self._start:
            notes = tuple(one for one in self._notes if one[1].pitch != PEDAL)
            pedals = tuple(one for one in self._notes if one[1].pitch == PEDAL)
            self._closed.append(Played(self._roll, self._start, self._end, notes, tuple(self._moves), pedals))
            self._notes.clear()
            self._moves.clear()
            self._start = self._end

    def end(self) -> None:
        """The roll is over, and with it those that had only begun in some parts."""
        while self._early:
            self.begin(min(note.tick for _, _, note in self._early), min(turn for turn, _, _ in self._early))
            self._end = max(note.end for _, note in self._notes)
        self._moves += (move for _, move in self._early_moves)
        self._early_moves.clear()
        self.close()

    def take(self) -> list[Played]:
        """All that has ended since the last call."""
        self.close()
        taken, self._closed = self._closed, []
        return taken
