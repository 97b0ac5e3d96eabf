"""A player that several may lead, on a virtual clock: time code, a host that reports, a MIDI clock, JACK and Link."""

from collections.abc import Sequence

from fakes.clock_source import ClockSource
from fakes.clock_stage import GRID
from fakes.link_session import FakeLink
from fakes.position_stage import DRIVER, INPUT, PositionStage
from fakes.reporting_host import ReportingHost
from fakes.timecode_master import TimecodeMaster
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.outputs.output import HostPosition
from hitpoint.scheduler.performance import HostAt, LeaderHeard, LedBy, MeterChange, TempoChange
from hitpoint.score.midi_message import HeardMessage
from hitpoint.timeline.host_event import Located
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.units import TICKS_PER_QUARTER, FrameRate

CLOCK_INPUT = "a clock's port"


class JackHost:
    """JACK's transport on paper. Time passes in `play` and `stop` only."""

    def __init__(self) -> None:
        self.now = 0.0
        self.seconds = 0.0
        self.rolls: list[tuple[float, float, float]] = []
        self._stands: list[tuple[float, float]] = [(0.0, 0.0)]

    def play(self, seconds: float) -> None:
        self.rolls.append((self.now, self.now + seconds, self.seconds))
        self.now += seconds
        self.seconds += seconds
        self._stands.append((self.now, self.seconds))

    def stop(self, seconds: float) -> None:
        self.now += seconds

    def locate(self, seconds: float) -> None:
        self.seconds = seconds
        self._stands.append((self.now, seconds))

    def at(self, at: float) -> HostPosition:
        for begun_at, ended_at, begun in self.rolls:
            if begun_at <= at < ended_at:
                return HostPosition(True, begun + at - begun_at, at)
        return HostPosition(False, [place for since, place in self._stands if since <= at][-1], at)

    def second_of(self, seconds: float, near: float) -> float:
        times = [begun_at + seconds - begun for begun_at, _, begun in self.rolls]
        return min(times, key=lambda at: abs(at - near), default=float("inf"))


class TrustStage(PositionStage):
    """order: names, most trusted first, the last one always there. latency: None serves it as JACK's cycles do."""

    def __init__(
        self, *order: str, latency: float | None = DRIVER, tempo_map: TempoMap | None = None, duration: int = 100
    ) -> None:
        tempo_map = tempo_map or TempoMap.constant(97.5)
        self.code = TimecodeMaster("25", 0.0005, seed=1)
        self.reaper = ReportingHost(1 / 15, (0.006, 0.05), seed=2)
        self.clock = ClockSource(tempo_map, 0.0005, seed=3)
        self.jack = JackHost()
        self.link = FakeLink(110.0, 0.01, beat=0.7)
        self.link.clock = lambda: self.now
        self._run_until = 0.0
        self.order = order
        super().__init__(latency=latency, tempo_map=tempo_map, duration=duration)
        self.player._leader = None
        session = self.link if "link" in order else None
        self.player.follow_several(order, TimecodeStart("01:00:00:00", FrameRate.named("25")), session=session)
        self.player.hear(MeterChange(MeterMap()), 0.0)
        self.player.hear(LedBy(order[-1], () if order[-1] == "jack" else (Located(0, 0.0),)), 0.0)
        self.player.hear(TempoChange(tempo_map), 0.0)

    def run(self, until: float) -> None:
        """Let all that the sources have said until then be heard."""
        since = self._run_until
        self._run_until = until
        clock = [HeardMessage(message.at, CLOCK_INPUT, message.data) for message in self.clock.messages()]
        said = sorted([*self.code.messages(), *clock], key=lambda message: message.at)
        heard = [message for message in said if since <= message.at < until]
        for comes, report in self.reaper.reports():
            if since <= comes < until:
                self._hear_until(heard, comes)
                self.player.hear(HostAt(report.seconds, report.at, report.rolling, "reaper"), self.now)
        self._hear_until(heard, until)

    @property
    def leader(self) -> str:
        return self.player._leaders.leader  # type: ignore[union-attr]

    @property
    def leads(self) -> list[str]:
        """Everybody who led, as was told, in order."""
        told = [message.leader for message in self.said_of(LeaderHeard) if isinstance(message, LeaderHeard)]
        return [name for place, name in enumerate(told) if place == 0 or told[place - 1] != name]

    def off_link_ms(self, since: float) -> list[float]:
        """How far each note from a second on was from the session's phase, in bars of four quarters. Of music without a
        jump: notes are counted from the first."""
        notes = self.notes()
        quarters = [(notes[0].data[1] + number) * GRID / TICKS_PER_QUARTER for number in range(len(notes))]
        struck = zip(quarters, notes, strict=True)
        return [1000.0 * self.link.seconds_off(place, note.at, 4.0) for place, note in struck if note.at >= since]

    def heard_of(self, name: str) -> tuple[str, float | None]:
        """The last that was told of a source: its state, and how far it is off."""
        told = self.said_of(LeaderHeard)[-1]
        assert isinstance(told, LeaderHeard)
        return next((source.state, source.off_ms) for source in told.sources if source.name == name)

    def _hear_until(self, heard: list[HeardMessage], until: float) -> None:
        now = [message for message in heard if message.at < until]
        del heard[: len(now)]
        self.listen(now, until)

    def listen(self, messages: Sequence[HeardMessage], until: float) -> None:
        if "jack" not in self.order:
            super().listen(messages, until)
            return
        left = list(messages)
        while self.now < until:
            end = self.now + self.window
            count = sum(message.at < end for message in left)
            self.player.follow(self.jack.at(self.now))
            super().listen(left[:count], end)
            del left[:count]


__all__ = ["CLOCK_INPUT", "INPUT", "JackHost", "TrustStage"]
