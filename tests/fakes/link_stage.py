"""A player in a Link session, on a virtual clock: led by it, or leading it."""

from itertools import pairwise
from math import inf
from typing import NamedTuple

from fakes.clock_stage import GRID, NOTES, ClockStage, tick_of
from fakes.link_session import FakeLink
from hitpoint.engine.player import Player
from hitpoint.scheduler.performance import ClockHeard, MeterChange, Schedule, Trouble
from hitpoint.score.midi_message import is_note_off, is_note_on
from hitpoint.timeline.host_event import Located
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.units import TICKS_PER_QUARTER


class Struck(NamedTuple):
    """A note that was heard."""

    tick: int
    at: float


class LinkStage(ClockStage):
    """leads: we lead the session; else it leads us. latency: None for JACK's cycles, else a driver's short windows."""

    def __init__(
        self,
        link: FakeLink,
        leads: bool = False,
        latency: float | None = 0.0,
        tempo_map: TempoMap | None = None,
        meters: MeterMap | None = None,
    ) -> None:
        def lead(player: Player) -> None:
            (player.lead_link if leads else player.follow_link)(link)

        super().__init__(latency, tempo_map=tempo_map, lead=lead)
        self.link = link
        link.clock = lambda: self.now
        self.player.hear(MeterChange(meters or MeterMap()), 0.0)
        self.struck: list[Struck] = []
        self.ticks: list[tuple[float, float]] = []
        """Second and place, at each window in which it rolls."""

    def run(self, seconds: float) -> None:
        """Let time pass."""
        until = self.now + seconds
        while self.now < until:
            if self._anew:
                self._anew = False
                self.player.hear(Schedule("violin", 0, 0, NOTES * GRID, self._notes), self.now)
            self.player.report(self.now)
            end = self.now + self.window
            for message in self.player.window(self.now, end):
                self.sent.append(message)
                if is_note_on(message.data):
                    tick = tick_of(message, self.scheduler.tick_at(message.at))
                    self.struck.append(Struck(tick, message.at))
            if self.scheduler.rolling and self.now >= self.scheduler.motion.transport.at:
                self.ticks.append((self.now, self.scheduler.tick_at(self.now)))
            self.now = end

    def errors_ms(self, since: float = -inf, until: float = inf, quantum: float = 4.0) -> list[float]:
        """How late each note was struck, against the session's phase."""
        return [
            1000.0 * self.link.seconds_off(tick / TICKS_PER_QUARTER, at, quantum)
            for tick, at in self.struck
            if since <= at < until
        ]

    @property
    def states(self) -> list[str]:
        """What was told of the session, one after another."""
        return [heard.state for heard in self.said_of(ClockHeard) if isinstance(heard, ClockHeard)]

    def keeps_its_laws(self) -> None:
        """Times never run back, no key is struck twice, places run back at jumps only, nothing went wrong."""
        assert all(here.at <= there.at for here, there in pairwise(self.sent))
        jumps = [event.at for event in self.said_of(Located) if isinstance(event, Located)]
        for (at, here), (later, there) in pairwise(self.ticks):
            assert there >= here - 1e-6 or any(at - 1e-6 <= jump <= later + 1e-6 for jump in jumps)
        sounding: set[tuple[int, int]] = set()
        for message in self.sent:
            key = message.data[0] & 0x0F, message.data[1]
            if is_note_on(message.data):
                assert key not in sounding
                sounding.add(key)
            elif is_note_off(message.data):
                sounding.discard(key)
        assert len(sounding) == len(self.sounding())
        assert self.said_of(Trouble) == []
