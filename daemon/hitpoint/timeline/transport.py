"""Whether the host rolls, and where: one table of states, one anchor to convert between clock and ticks."""

from dataclasses import dataclass, replace
from enum import Enum
from math import ceil, inf

from hitpoint.timeline.course import Course
from hitpoint.timeline.host_event import Followed, Located, Started, Stopped, TransportEvent
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.tempo_map import TempoMap


class TransportState(Enum):
    """What the host's transport does."""

    STOPPED = "stopped"
    ROLLING = "rolling"


NEXT_STATE: dict[tuple[TransportState, type], TransportState] = {
    (TransportState.STOPPED, Started): TransportState.ROLLING,
    (TransportState.STOPPED, Stopped): TransportState.STOPPED,
    (TransportState.STOPPED, Located): TransportState.STOPPED,
    (TransportState.STOPPED, Followed): TransportState.STOPPED,
    (TransportState.ROLLING, Started): TransportState.ROLLING,
    (TransportState.ROLLING, Stopped): TransportState.STOPPED,
    (TransportState.ROLLING, Located): TransportState.ROLLING,
    (TransportState.ROLLING, Followed): TransportState.ROLLING,
}
"""Every state × event has an answer, so that no host can put the transport where it has none."""

_HAIR_TURNS = 1e-6
"""Part of a turn by which rounding may be late: who asks at a bar line when it comes means this one."""


@dataclass(frozen=True, slots=True)
class Transport:
    """Where the host was at one moment of the clock. From there it rolls at the tempo map's speed, or stands.

    It turns in its loop only from before the loop's end: from there or beyond it rolls on, as in DAWs.
    """

    state: TransportState = TransportState.STOPPED
    tick: float = 0.0
    """Position at `at`."""
    at: float = 0.0
    """Second of the daemon's clock."""
    loop: Loop | None = None
    """The host's loop; None when it is off."""

    @property
    def rolling(self) -> bool:
        """True while time moves."""
        return self.state is TransportState.ROLLING

    @property
    def turning(self) -> Loop | None:
        """The loop that it will turn in; None when there is none, or it has been left behind."""
        return self.loop if self.loop is not None and self.tick < self.loop.end else None

    def course(self, tempo_map: TempoMap) -> Course:
        """The way that it takes from here."""
        return Course(tempo_map, self.turning)

    def apply(self, event: TransportEvent, tempo_map: TempoMap) -> "Transport":
        """The transport after `event`. A start while rolling, or a stop while stopped, keeps the position."""
        state = NEXT_STATE[self.state, type(event)]
        tick = self.tick_at(event.at, tempo_map) if isinstance(event, Started) else event.tick
        return Transport(state, tick, event.at, self.loop)

    def tick_at(self, at: float, tempo_map: TempoMap) -> float:
        """The position at second `at` of the clock; before the anchor too, while rolling."""
        # Exactly at the anchor too: a hair before a bar line would be another bar.
        if not self.rolling or at == self.at:
            return self.tick
        return self.course(tempo_map).place_at(tempo_map.seconds_at(self.tick) + (at - self.at)).tick

    def whole_tick_at(self, at: float, tempo_map: TempoMap) -> int:
        """The tick nearest to the position, 0 or later. Of a loop's end, its start: who stops there has turned."""
        tick = max(0, round(self.tick_at(at, tempo_map)))
        return self.loop.start if self.turning and self.loop and tick == self.loop.end else tick

    def clock_at(self, tick: float, tempo_map: TempoMap, after: float = -inf) -> float:
        """The second of the clock at which a rolling transport is at `tick`. Inverse of `tick_at`.

        In the loop: the next time, from `after` and from the anchor on. Behind the loop's end, where it never comes:
        infinity.
        """
        course = self.course(tempo_map)
        first = self.at + tempo_map.seconds_at(tick) - tempo_map.seconds_at(self.tick)
        if course.loop is None or tick < course.loop.start:
            return first
        if tick >= course.loop.end:
            return inf
        turns = ceil((max(after, self.at) - first) / course.loop_seconds - _HAIR_TURNS)
        return first + max(0, turns) * course.loop_seconds

    def anchored_at(self, at: float, tempo_map: TempoMap) -> "Transport":
        """The same motion told from second `at`: what to keep before another tempo map or loop comes into force.

        A start or jump that is still to come stays where it is.
        """
        return replace(self, tick=self.tick_at(at, tempo_map), at=at) if self.rolling and at > self.at else self


def start_at(tick: int, at: float) -> tuple[Located, Started]:
    """Playing from another place: a locate, then a start. Said once, here, so that every adapter says the same."""
    return Located(tick, at), Started(at)
