"""How hosts talk to Hitpoint that have only a clock, time code or JACK's transport, and the file beside them."""

from collections.abc import Callable, Iterator, Sequence
from math import ceil, inf
from random import Random
from typing import Protocol

from hitpoint.engine.virtual_daemon import VirtualDaemon
from hitpoint.engine.virtual_host import Deed, Stretch, VirtualHost
from hitpoint.outputs.output import HostPosition
from hitpoint.score.midi_message import HeardMessage
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.marker import Marker
from hitpoint.timeline.meter import MeterMap
from hitpoint.timeline.tempo_map import TempoMap
from hitpoint.timeline.timecode import frame_at, label_at
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.units import CLOCK_PULSES_PER_QUARTER, TICKS_PER_QUARTER, FrameRate

CUE, HIT = "1m01 tense, flute, cello, D minor", "HIT door"
START_LABEL = "01:00:00:00"
RATE = FrameRate.named("25")
JITTER_SECONDS = 0.001
FILE_SECONDS = 0.5
"""How soon a map file is read again that is edited."""
_INPUT = "bench"

Act = Callable[[float], None]
"""What comes of a message. Given the second at which it comes."""


class Talk(Protocol):
    """One way to talk. Seconds are of the virtual clock."""

    def said(self, stretches: Sequence[Stretch], deed: Deed | None) -> Iterator[tuple[float, Act]]:
        """What is said of the time until the host's `now`, and when it comes, in any order. deed: what was done at its
        beginning."""


class TimecodeTalk:
    """MIDI time code, 25 frames a second, with a millisecond of jitter."""

    def __init__(self, daemon: VirtualDaemon, host: VirtualHost, random: Random) -> None:
        self._daemon, self._host, self._random = daemon, host, random
        self._begins = 4 * frame_at(START_LABEL, RATE)

    def said(self, stretches: Sequence[Stretch], deed: Deed | None) -> Iterator[tuple[float, Act]]:
        """Quarter frames while it rolls, a full frame where it is put while it stands."""
        if deed is Deed.LOCATED and not self._host.rolling:
            yield self._heard(self._host.began, self._full_frame())
        quarter = 0.25 / float(RATE.frames_per_second)
        for stretch in stretches:
            for number in range(ceil(stretch.place / quarter), ceil(stretch.end_place / quarter)):
                at = stretch.second_of(number * quarter) + self._random.gauss(0.0, JITTER_SECONDS)
                yield self._heard(at, quarter_frame(self._begins + number, RATE))

    def _full_frame(self) -> bytes:
        frame = self._begins // 4 + round(self._host.seconds * float(RATE.frames_per_second))
        return bytes((0xF0, 0x7F, 0x7F, 1, 1, *_label(frame, RATE), 0xF7))

    def _heard(self, at: float, data: bytes) -> tuple[float, Act]:
        return at, lambda come: self._daemon.listen(HeardMessage(come, _INPUT, data))


def quarter_frame(quarters: int, rate: FrameRate) -> bytes:
    """That quarter frame from 00:00:00:00 on, of time code whose labels begin on even frames."""
    label, piece = divmod(quarters, 8)
    hours, minutes, seconds, frames = _label(2 * label, rate)
    value = (frames, seconds, minutes, hours)[piece // 2]
    return bytes((0xF1, piece << 4 | (value >> 4 if piece % 2 else value & 15)))


def _label(frame: int, rate: FrameRate) -> tuple[int, int, int, int]:
    hours, minutes, seconds, frames = map(int, label_at(frame, rate).split(":"))
    return hours | 1 << 5, minutes, seconds, frames


class ClockTalk:
    """MIDI clock with a millisecond of jitter; it goes elsewhere by stop, song position, continue, as Ardour does."""

    def __init__(self, daemon: VirtualDaemon, host: VirtualHost, random: Random) -> None:
        self._daemon, self._host, self._random = daemon, host, random
        self._reached = 0.0
        """Second of the host's timeline to which it has rolled."""

    def said(self, stretches: Sequence[Stretch], deed: Deed | None) -> Iterator[tuple[float, Act]]:
        """Pulses while it rolls."""
        host = self._host
        begins = host.began
        place = stretches[0].place if stretches else host.seconds
        if deed is Deed.STOPPED:
            yield self._heard(begins, b"\xfc")
        # Who lets go of a loop stays where it is, between two song positions.
        jumps = deed in (Deed.LOCATED, Deed.STOPPED) or (deed is Deed.LOOPED and place != self._reached)
        if jumps or (deed is Deed.STARTED and place > 0.0):
            yield from self._goes(begins, place, deed is not Deed.STARTED and host.rolling)
        if deed is Deed.STARTED:
            yield self._heard(begins, b"\xfb" if place > 0.0 else b"\xfa")
        for number, stretch in enumerate(stretches):
            if number:
                yield from self._goes(stretch.begins, stretch.place, True)
            pulse = 60.0 / host.bpm / CLOCK_PULSES_PER_QUARTER
            # No pulse comes late into a stretch that begins elsewhere: it would be counted there.
            ends = stretch.second_of(stretch.end_place)
            # A hair early, so that the pulse at which it begins is not lost to rounding.
            for one in range(ceil(stretch.place / pulse - 1e-6), ceil(stretch.end_place / pulse - 1e-6)):
                at = stretch.second_of(one * pulse) + self._random.gauss(0.0, JITTER_SECONDS)
                yield self._heard(min(max(stretch.begins, at), ends), b"\xf8")
        self._reached = host.seconds

    def _goes(self, at: float, place: float, rolls: bool) -> Iterator[tuple[float, Act]]:
        sixteenths = min(16383, round(4.0 * place * self._host.bpm / 60.0))
        position = bytes((0xF2, sixteenths & 127, sixteenths >> 7))
        yield from (self._heard(at, data) for data in ((b"\xfc", position, b"\xfb") if rolls else (position,)))

    def _heard(self, at: float, data: bytes) -> tuple[float, Act]:
        return at, lambda come: self._daemon.listen(HeardMessage(come, _INPUT, data))


class JackTalk:
    """JACK's transport tells each cycle where it is at its beginning, to the frame."""

    def __init__(self, daemon: VirtualDaemon, host: VirtualHost, rate: int) -> None:
        self._daemon, self._host, self._rate = daemon, host, rate

    def said(self, stretches: Sequence[Stretch], deed: Deed | None) -> Iterator[tuple[float, Act]]:  # noqa: ARG002
        """One position."""
        place = stretches[0].place if stretches else self._host.seconds
        seconds = round(place * self._rate) / self._rate
        rolling = bool(stretches)
        yield -inf, lambda come: self._daemon.follow(HostPosition(rolling, seconds, come))


class MapFileTalk:
    """A map file that a person keeps beside a host that tells its place only. A clock's master has its own tempo."""

    def __init__(self, daemon: VirtualDaemon, host: VirtualHost) -> None:
        self._daemon, self._host, self._told = daemon, host, -1

    def said(self, stretches: Sequence[Stretch], deed: Deed | None) -> Iterator[tuple[float, Act]]:  # noqa: ARG002
        """What is in it, when it has changed."""
        if self._host.edits != self._told:
            self._told = self._host.edits
            timeline = project_of(self._host)[0]
            yield self._host.now + FILE_SECONDS, lambda _: self._daemon.project(timeline, None)


def project_of(host: VirtualHost) -> tuple[Timeline, Loop | None]:
    """All that the host knows."""
    ticks = None if host.loop is None else [round(TICKS_PER_QUARTER * quarter) for quarter in host.loop]
    markers = (Marker(0, CUE), Marker(round(TICKS_PER_QUARTER * host.hit_quarter), HIT))
    loop = None if ticks is None else Loop(*ticks)
    return Timeline(TempoMap.constant(host.bpm), MeterMap.constant(4, 4), markers, frame_rate=RATE), loop
