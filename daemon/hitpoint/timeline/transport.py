"""Whether the host rolls, and where: one table of states, one anchor to convert between clock and ticks."""

from dataclasses import dataclass, replace
from enum import Enum

from hitpoint.timeline.host_event import Followed, Located, Started, Stopped, TransportEvent
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


@dataclass(frozen=True, slots=True)
class Transport:
    """Where the host was at one moment of the clock. From there it rolls at the tempo map's speed, or stands."""

    state: TransportState = TransportState.STOPPED
    tick: float = 0.0
    """Position at `at`."""
    at: float = 0.0
    """Second of the daemon's clock."""

    @property
    def rolling(self) -> bool:
        """True while time moves."""
        return self.state is TransportState.ROLLING

    def apply(self, event: TransportEvent, tempo_map: TempoMap) -> "Transport":
        """The transport after `event`. A start while rolling, or a stop while stopped, keeps the position."""
        state = NEXT_STATE[self.state, type(event)]
        if isinstance(event, Started):
            return Transport(state, self.tick_at(event.at, tempo_map), event.at)
        return Transport(state, event.tick, event.at)

    def tick_at(self, at: float, tempo_map: TempoMap) -> float:
        """The position at second `at` of the clock; before the anchor too, while rolling."""
        # Exactly at the anchor too: a hair before a bar line would be another bar.
        if not self.rolling or at == self.at:
            return self.tick
        return tempo_map.fractional_tick_at(tempo_map.seconds_at(self.tick) + (at - self.at))

    def clock_at(self, tick: float, tempo_map: TempoMap) -> float:
        """The second of the clock at which a rolling transport is at `tick`. Inverse of `tick_at`."""
        return self.at + tempo_map.seconds_at(tick) - tempo_map.seconds_at(self.tick)

    def anchored_at(self, at: float, tempo_map: TempoMap) -> "Transport":
        """The same motion told from second `at`: what to keep before another tempo map comes into force."""
        return replace(self, tick=self.tick_at(at, tempo_map), at=at) if self.rolling else self


def start_at(tick: int, at: float) -> tuple[Located, Started]:
    """Playing from another place: a locate, then a start. Said once, here, so that every adapter says the same."""
    return Located(tick, at), Started(at)
