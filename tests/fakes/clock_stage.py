"""A player that a MIDI clock leads, on a virtual clock, served as by JACK's cycles or as by a driver's thread."""

from collections.abc import Callable, Sequence
from math import inf

from fakes.clock_source import ClockSource
from hitpoint.engine.player import Player
from hitpoint.hosts.midi_clock import PositionUnit
from hitpoint.scheduler.clock import ClockFit
from hitpoint.scheduler.performance import Route, Routing, Schedule, TempoChange, TransportChange
from hitpoint.scheduler.scheduler import Scheduler
from hitpoint.scheduler.sounding import SoundingTable
from hitpoint.score.midi_message import HeardMessage, PortMessage
from hitpoint.score.note import Note
from hitpoint.timeline.host_event import Located, Started, Stopped
from hitpoint.timeline.tempo_map import TempoMap

PORT, INPUT = "Hitpoint strings", "Hitpoint in"
GRID = 240
"""Ticks between notes: sixteenths."""
NOTES = 1600
CYCLE_SECONDS = 256 / 48_000
WINDOW_SECONDS = 0.001
PITCHES = 100


def note_at(tick: int, duration: int = 100) -> Note:
    """The note of a tick of the grid: for 100 sixteenths known by its pitch."""
    return Note(tick, tick // GRID % PITCHES, duration, 80)


def tick_of(message: PortMessage, near: float) -> int:
    """The tick at which a note was written, from its pitch and about where it was heard."""
    rounds = round((near / GRID - message.data[1]) / PITCHES)
    return (rounds * PITCHES + message.data[1]) * GRID


class ClockStage:
    """Control sends the same notes again after each stop and jump, as it would. latency: from a stamp to its hearing,
    where a driver's thread hands messages over; None for JACK, which tells before a cycle is filled."""

    def __init__(
        self,
        latency: float | None = None,
        unit: PositionUnit | None = None,
        offset_ms: float = 0.0,
        duration: int = 100,
        tempo_map: TempoMap | None = None,
        lead: Callable[[Player], None] | None = None,
    ) -> None:
        """lead: makes the player follow something else than a clock."""
        self.latency = latency
        self.window = CYCLE_SECONDS if latency is None else WINDOW_SECONDS
        self.now = 0.0
        self.table = SoundingTable(1)
        self.said: list[object] = []
        self.sent: list[PortMessage] = []
        self.scheduler = Scheduler((PORT,))
        self.player = Player(self.scheduler, self.table, ClockFit(), self._hear)
        if lead is None:
            self.player.follow_clock(unit)
        else:
            lead(self.player)
        self._notes = tuple(note_at(number * GRID, duration) for number in range(NOTES))
        self._anew = True
        self._followed = 0
        self.player.hear(TempoChange(tempo_map or TempoMap.constant(97.5)), 0.0)
        self.player.hear(Routing((Route("violin", PORT, 0, None, offset_ms),)), 0.0)

    def close(self) -> None:
        self.table.close()
        self.table.unlink()

    def listen(self, messages: Sequence[HeardMessage], until: float) -> None:
        """Let time pass, and let it hear what comes meanwhile."""
        left = list(messages)
        while self.now < until:
            end = self.now + self.window
            before = end if self.latency is None else self.now - self.latency
            count = sum(message.at < before for message in left)
            if count:
                self.player.listen(left[:count], self.now)
                del left[:count]
            if self._anew:
                self._anew = False
                self.player.hear(Schedule("violin", 0, 0, NOTES * GRID, self._notes), self.now)
            self.sent += self.player.window(self.now, end)
            self.player.report(self.now)
            self.now = end

    def follow(self, source: ClockSource, until: float | None = None) -> None:
        """Hear all that a master has sent since the last time."""
        heard = [HeardMessage(message.at, INPUT, message.data) for message in source.messages()]
        self.listen(heard[self._followed :], source.now if until is None else until)
        self._followed = len(heard)

    def follow_from(self, source: ClockSource, since: float, until: float) -> None:
        """Hear only what a master has sent from a second on."""
        heard = [HeardMessage(message.at, INPUT, message.data) for message in source.messages() if message.at < until]
        self.listen([message for message in heard if message.at >= since], until)
        self._followed = len(heard)

    def tell(self, event: Started | Stopped | Located) -> None:
        """Control tells where the master is, and sends its notes again."""
        self.player.hear(TransportChange(event), self.now)
        self._anew = True

    def sounding(self) -> list[tuple[int, bytes]]:
        """Port and note-off of what sounds, when all that was sent has arrived."""
        self.player.sent()
        self.table.forget(inf)
        return self.table.note_offs()

    def said_of(self, *kinds: type) -> list[object]:
        return [message for message in self.said if isinstance(message, kinds)]

    def _hear(self, message: object) -> None:
        self.said.append(message)
        self._anew = self._anew or isinstance(message, Located | Stopped)
