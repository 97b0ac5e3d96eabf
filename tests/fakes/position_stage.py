"""A player that a host's positions lead, on a virtual clock, and how far its notes are from where the host was."""

from itertools import pairwise
from math import inf

from fakes.clock_stage import INPUT, PORT, ClockStage, tick_of
from fakes.reporting_host import ReportingHost
from fakes.timecode_master import TimecodeMaster
from hitpoint.hosts.midi_timecode import TimecodeStart
from hitpoint.scheduler.performance import Trouble
from hitpoint.score.midi_message import HeardMessage, PortMessage, is_note_off, is_note_on
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.units import FrameRate

DRIVER = 0.0005
"""Seconds from a stamp to its hearing."""
__all__ = ["INPUT", "PORT", "PositionStage"]


class PositionStage(ClockStage):
    """Led by time code of that rate, or by positions when there is none."""

    def __init__(
        self,
        rate: str | None = None,
        latency: float | None = DRIVER,
        tempo_map: TempoMap | None = None,
        duration: int = 100,
        start: str = "01:00:00:00",
    ) -> None:
        self.tempo_map = tempo_map or TempoMap.constant(97.5)
        timecode = None if rate is None else TimecodeStart(start, FrameRate.named(rate))
        super().__init__(
            latency,
            duration=duration,
            tempo_map=self.tempo_map,
            lead=lambda player: player.follow_positions(timecode),
        )
        self._heard_reports = 0

    def follow_timecode(self, master: TimecodeMaster, until: float | None = None) -> None:
        """Hear all that a master has sent since the last time."""
        heard = master.messages()
        self.listen(heard[self._followed :], master.now if until is None else until)
        self._followed = len(heard)

    def follow_host(self, host: ReportingHost, until: float | None = None) -> None:
        """Hear all that a host has said since the last time."""
        for comes, report in host.reports()[self._heard_reports :]:
            self.listen([], comes)
            self.player.hear(report, self.now)
            self._heard_reports += 1
            self._steer()
        self.listen([], host.now if until is None else until)

    def errors_ms(self, host: TimecodeMaster | ReportingHost, since: float = -inf, until: float = inf) -> list[float]:
        """Of each note that was struck: how long after the host was there. Infinite where it never was."""
        errors = []
        for message in self.sent:
            if is_note_on(message.data) and since <= message.at < until:
                near = self._place(host, message.at)
                seconds = self.tempo_map.seconds_at(tick_of(message, self.tempo_map.fractional_tick_at(near)))
                errors.append(1000.0 * (message.at - host.second_of(seconds, message.at)))
        return errors

    def keeps_its_laws(self) -> None:
        """Times never run back, every note ends before its key is struck again, nothing went wrong."""
        assert all(here.at <= there.at for here, there in pairwise(self.sent))
        sounding: set[tuple[int, int]] = set()
        for message in self.sent:
            if is_note_on(message.data):
                assert _key(message.data) not in sounding
                sounding.add(_key(message.data))
            elif is_note_off(message.data):
                sounding.discard(_key(message.data))
        assert sounding == {_key(data) for _, data in self.sounding()}
        assert self.said_of(Trouble) == []

    def notes(self) -> list[PortMessage]:
        """Those that were struck."""
        return [message for message in self.sent if is_note_on(message.data)]

    def _steer(self) -> None:
        self.player.listen([], self.now)

    @staticmethod
    def _place(host: TimecodeMaster | ReportingHost, at: float) -> float:
        place = 0.0
        for begun_at, ended_at, begun in host.rolls:
            if at >= begun_at:
                place = begun + min(at, ended_at) - begun_at
        return place


def _key(data: bytes) -> tuple[int, int]:
    return data[0] & 0x0F, data[1]


def heard(at: float, data: bytes) -> HeardMessage:
    """At the usual input."""
    return HeardMessage(at, INPUT, data)
