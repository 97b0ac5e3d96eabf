"""Controllers on their way to the ports: each voice gets those that follow the dynamics, when their values change.

Seconds are those of the course, with a voice's offset added. A look costs one comparison until
one is due; while the curve moves it is every LOOK_SECONDS, and a fader is followed at once, but not into a flood.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from hitpoint.scheduler.voices import Voice, VoicePart
from hitpoint.score.dynamics import Dynamics
from hitpoint.score.expression import ControllerMove, look_at
from hitpoint.score.midi_message import control_change
from hitpoint.timeline.course import Course

SPACING_SECONDS = 0.01
"""A fader's values are no nearer than this: it sends hundreds a second, and a port holds few. An accent is not put off.
"""


class DueMove(NamedTuple):
    """A controller's message and when it is due."""

    seconds: float
    port: int
    data: bytes
    part: str


@dataclass(slots=True)
class _Group:
    """The voices that have one offset, which are always looked at together."""

    offset: float
    voices: list[VoicePart]
    next_seconds: float = -inf
    """When to look next, the offset included."""
    sent_seconds: float = -inf


class Controllers:
    """`numbers`: the controllers, each in CONTROLLER_RANGES; none for no expression."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = tuple(numbers)
        self._dynamics: Dynamics | None = None
        self._course = Course()
        self._groups: list[_Group] = []
        self._sent: dict[Voice, tuple[int, ...]] = {}
        self.next_seconds = inf
        """When something may be due; infinite when nothing is."""

    def route(self, voices: Iterable[VoicePart]) -> None:
        """Serve these voices from now on, each with its first part's offset."""
        by_offset: dict[float, list[VoicePart]] = defaultdict(list)
        for voice in {one.voice: one for one in reversed(tuple(voices))}.values():
            by_offset[voice.offset].append(voice)
        self._groups = [_Group(offset, by_offset[offset]) for offset in sorted(by_offset)]
        known = {voice.voice for group in self._groups for voice in group.voices}
        self._sent = {voice: values for voice, values in self._sent.items() if voice in known}
        self._look_soon()

    def follow(self, dynamics: Dynamics) -> None:
        """Follow these dynamics."""
        self._dynamics = dynamics
        self._look_soon()

    def leave(self) -> None:
        """The position is elsewhere, where these dynamics do not hold: nothing moves until others come."""
        self._dynamics = None
        for group in self._groups:
            group.sent_seconds = -inf
        self._plan()

    def turned(self, turns: int) -> None:
        """Seconds are counted from so many turns later on; `retime` is to follow."""
        for group in self._groups if turns else ():
            group.sent_seconds -= turns * self._course.loop_seconds

    def retime(self, course: Course) -> None:
        """Use another course."""
        self._course = course
        self._look_soon()

    def forget_sent(self) -> None:
        """Whoever listens may know nothing any more: every value is sent again."""
        self._sent.clear()
        for group in self._groups:
            group.sent_seconds = -inf
        self._look_soon()

    def at_once(self, seconds: float) -> tuple[list[DueMove], list[tuple[int, ControllerMove]]]:
        """What differs at a standing position, and the same as it is kept."""
        moves: list[DueMove] = []
        kept: list[tuple[int, ControllerMove]] = []
        for group in self._groups:
            self._look(group, seconds + group.offset, moves, kept)
        self._look_soon()
        return moves, kept

    def due(self, floor: float, horizon: float) -> tuple[list[DueMove], list[tuple[int, ControllerMove]]]:
        """What is to be sent before `horizon`, in order, none of it before `floor`; and the same as it is kept, each
        with its turn of the loop."""
        moves: list[DueMove] = []
        kept: list[tuple[int, ControllerMove]] = []
        for group in self._groups:
            while (seconds := max(group.next_seconds, floor)) < horizon:
                self._look(group, seconds, moves, kept)
        self._plan()
        if len(self._groups) > 1:
            moves.sort(key=lambda move: move.seconds)
        return moves, kept

    def _look(
        self, group: _Group, seconds: float, moves: list[DueMove], kept: list[tuple[int, ControllerMove]]
    ) -> None:
        assert self._dynamics is not None  # without any, nothing is ever due
        turn, tick = self._course.place_at(seconds - group.offset)
        into = self._course.seconds_in_turn(seconds - group.offset, turn)
        look = look_at(self._dynamics, self._course.tempo_map, self._numbers, into)
        following = inf if look.next_seconds is None else seconds + (look.next_seconds - into)
        # A turn of the loop is a step in every curve.
        group.next_seconds = min(following, self._course.turn_at(turn + 1) + group.offset)
        changed: dict[int, int] = {}
        for voice in group.voices:
            known = self._sent.get(voice.voice, ())
            if known == look.values:
                continue
            self._sent[voice.voice] = look.values
            group.sent_seconds = seconds
            port, channel = voice.voice
            for place, (number, value) in enumerate(zip(self._numbers, look.values, strict=True)):
                if not known or known[place] != value:
                    changed[number] = value
                    moves.append(DueMove(seconds, port, control_change(channel, number, value), voice.part))
        # All voices move alike, so one group's moves tell the story.
        if changed and group is self._groups[0]:
            at = max(0, round(tick))
            kept += [(turn, ControllerMove(at, number, value)) for number, value in changed.items()]

    def _look_soon(self) -> None:
        for group in self._groups:
            group.next_seconds = min(group.sent_seconds + SPACING_SECONDS, self._point_after(group))
        self._plan()

    def _point_after(self, group: _Group) -> float:
        """When the first point of the curve comes after what the group was last sent."""
        if self._dynamics is None or group.sent_seconds == -inf:
            return inf
        turn, tick = self._course.place_at(group.sent_seconds - group.offset)
        point = self._dynamics.next_point(tick)
        following = inf if point is None else self._course.seconds_at(point, turn)
        return min(following, self._course.turn_at(turn + 1)) + group.offset

    def _plan(self) -> None:
        active = self._dynamics is not None and self._numbers
        self.next_seconds = min((group.next_seconds for group in self._groups), default=inf) if active else inf
