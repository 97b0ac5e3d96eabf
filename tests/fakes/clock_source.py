"""A MIDI clock master on paper: what it sends, byte by byte, and when it is heard. Nothing here takes time.

    source = ClockSource(TempoMap.constant(97.5), jitter=0.001)
    source.start()
    source.play(quarters=8)
    source.stop()
    for message in source.messages(): ...

Its own position is known at every second, so that a follower's can be held against it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from random import Random

from hitpoint.timeline.tempo_map import TempoMap

PULSE, START, CONTINUE, STOP = b"\xf8", b"\xfa", b"\xfb", b"\xfc"
TICKS_PER_PULSE = 40
"""Of 960 a quarter."""
PULSES_PER_SIXTEENTH = 6


@dataclass(frozen=True)
class Heard:
    """A message of the master's."""

    at: float
    """Second at which it is stamped."""
    data: bytes


class ClockSource:
    """Time passes in `play` and `rest` only. Pulses are heard off by jitter, but in order."""

    def __init__(self, tempo_map: TempoMap, jitter: float = 0.0, seed: int = 0, at: float = 0.0) -> None:
        self.tempo_map = tempo_map
        self.now = at
        self.pulse = 0
        """The number of the next pulse."""
        self.units_per_sixteenth = 1
        """Six for a master that counts its song position in pulses, as Ardour 7.3 does."""
        self._jitter = jitter
        self._random = Random(seed)
        self._heard: list[Heard] = []
        self._rolls: list[tuple[float, float, float]] = []

    def start(self) -> None:
        """From the song's start."""
        self.pulse = 0
        self._say(START)

    def resume(self) -> None:
        """Continue."""
        self._say(CONTINUE)

    def stop(self) -> None:
        """Stand."""
        self._say(STOP)

    def song_position(self, sixteenths: int) -> None:
        """Say that the next pulse is there."""
        self.pulse = sixteenths * PULSES_PER_SIXTEENTH
        count = sixteenths * self.units_per_sixteenth
        self._say(bytes((0xF2, count & 0x7F, count >> 7)))

    def locate(self, sixteenths: int) -> None:
        """To another place while it rolls, as hosts do: stop, place, continue. Source: Ardour 7.3, measured."""
        self.stop()
        self.song_position(sixteenths)
        self.resume()

    def rest(self, seconds: float) -> None:
        """Nothing is sent for so long, and the master stands."""
        self.now += seconds

    def play(self, quarters: float, heard: Callable[[int], int] = lambda _: 1) -> None:
        """Roll on so far. heard: how many times the pulse of a number arrives: 0 is lost, 2 is doubled."""
        first, pulses = self.pulse, round(quarters * 24)
        begun, begun_at = self.tempo_map.seconds_at(first * TICKS_PER_PULSE), self.now
        stamps: list[float] = []
        for index in range(first, first + pulses):
            at = begun_at + self.tempo_map.seconds_at(index * TICKS_PER_PULSE) - begun
            for copy in range(heard(index)):
                stamps.append(max(begun_at, at + self._random.gauss(0.0, self._jitter) + 0.002 * copy))
        self.pulse = first + pulses
        self.now = begun_at + self.tempo_map.seconds_at(self.pulse * TICKS_PER_PULSE) - begun
        self._rolls.append((begun_at, self.now, begun))
        self._heard += [Heard(at, PULSE) for at in sorted(min(at, self.now) for at in stamps)]

    def messages(self) -> list[Heard]:
        """All so far, in order."""
        return list(self._heard)

    def quarters_at(self, at: float) -> float:
        """Where the master was, or had stopped, at a second."""
        quarters = 0.0
        for begun_at, ended_at, begun in self._rolls:
            if at >= begun_at:
                quarters = self.tempo_map.fractional_tick_at(begun + min(at, ended_at) - begun_at) / 960
        return quarters

    def seconds_at(self, tick: int) -> float:
        """When it was last there; infinite when it never was."""
        for begun_at, ended_at, begun in reversed(self._rolls):
            at = begun_at + self.tempo_map.seconds_at(tick) - begun
            if begun_at - 1e-9 <= at <= ended_at + 1e-9:
                return at
        return inf

    def _say(self, data: bytes) -> None:
        self._heard.append(Heard(self.now, data))
