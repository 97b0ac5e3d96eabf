"""MIDI clock's bytes as plain events, and a host whose song position counts something else.

Real-time bytes may stand anywhere, inside other messages too. No I/O: stamps are put on by whoever read the bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from hitpoint.timeline.units import CLOCK_PULSES_PER_QUARTER

SIXTEENTHS_PER_QUARTER = 4
"""Song position counts these, "MIDI beats". Source: MIDI 1.0, Song Position Pointer."""
_SONG_POSITION = 0xF2
_FIRST_STATUS = 0x80
_FIRST_REAL_TIME = 0xF8


class ClockSignal(Enum):
    """What has no more to say than that it is; the value is its byte. Source: MIDI 1.0, System Real-Time."""

    PULSE = 0xF8
    """A 24th of a quarter has passed; the first one after a start or continue is that place itself."""
    START = 0xFA
    CONTINUE = 0xFB
    STOP = 0xFC


@dataclass(frozen=True, slots=True)
class SongPosition:
    """Where the next continue goes on."""

    count: int
    """As sent, 0 to 16383."""


ClockMessage = ClockSignal | SongPosition

_SIGNALS = {signal.value: signal for signal in ClockSignal}


class MidiClockReader:
    """Bytes in, clock messages out; everything else passes unheard. Messages may be cut anywhere between calls."""

    def __init__(self) -> None:
        self._position: list[int] | None = None

    def read(self, data: Iterable[int]) -> Iterator[ClockMessage]:
        """The messages that are complete with these bytes, in order."""
        for byte in data:
            message = _SIGNALS.get(byte) if byte >= _FIRST_REAL_TIME else self._common(byte)
            if message is not None:
                yield message

    def _common(self, byte: int) -> SongPosition | None:
        if byte >= _FIRST_STATUS:
            self._position = [] if byte == _SONG_POSITION else None
            return None
        if self._position is None:
            return None
        self._position.append(byte)
        if len(self._position) < 2:
            return None
        low, high = self._position
        self._position = None
        return SongPosition(low | high << 7)


class PositionUnit(Enum):
    """What a host counts in its song position; the value is how many make a quarter."""

    SIXTEENTHS = SIXTEENTHS_PER_QUARTER
    CLOCK_PULSES = CLOCK_PULSES_PER_QUARTER
    """Ardour 7.3 sends these, so that the position seems six times too far. Source: measured; mended in Ardour 8."""

    def quarters(self, position: SongPosition) -> float:
        """Quarters from the song's start."""
        return position.count / self.value


SIGHTINGS = 2
"""Ardour's unit is believed when it was seen so often: once may be a locate to just the place that looks like it."""
_PULSES_PER_SIXTEENTH = CLOCK_PULSES_PER_QUARTER // SIXTEENTHS_PER_QUARTER


@dataclass(frozen=True, slots=True)
class UnitDetector:
    """Finds out which unit a host counts in; a value, each call gives the next. Sixteenths until proven otherwise.

    A host that rolls for so many pulses from one position, and then says where it stands, tells its unit. So does a
    count that is no multiple of six: Ardour continues on sixteenths only.
    """

    unit: PositionUnit | None = None
    """None until it is known. A switch that a person set goes here, and nothing changes it."""
    seen: int = 0
    """How often it looked like clock pulses, without a break."""
    begun: int = 0
    """The position, as sent, from which it rolls or will: 0 after a start."""

    def moved(self, position: SongPosition) -> "UnitDetector":
        """After a song position that says where to go, and not where it stopped."""
        return replace(self, begun=position.count)

    def sighted(self, position: SongPosition, rolled: int) -> "UnitDetector":
        """After a song position at a stop; `rolled`: pulses from the last one, or from the start, to that stop."""
        return replace(self._told(position.count, rolled), begun=position.count)

    def _told(self, count: int, rolled: int) -> "UnitDetector":
        if self.unit is not None:
            return self
        if count % _PULSES_PER_SIXTEENTH:
            return UnitDetector(PositionUnit.SIXTEENTHS)
        # Both by the host's own counts, as ours may have begun at a position that was taken for another.
        sixteenths = abs((count - self.begun) * _PULSES_PER_SIXTEENTH - rolled) <= _PULSES_PER_SIXTEENTH
        pulses = abs(count - self.begun - rolled) <= _PULSES_PER_SIXTEENTH
        if sixteenths == pulses:
            # Too near to tell, or moved by hand to somewhere else.
            return self
        if sixteenths:
            return UnitDetector(PositionUnit.SIXTEENTHS)
        seen = self.seen + 1
        return UnitDetector(PositionUnit.CLOCK_PULSES if seen >= SIGHTINGS else None, seen)

    def quarters(self, position: SongPosition) -> float:
        """Quarters from the song's start, in the unit that is known or most likely."""
        return (self.unit or PositionUnit.SIXTEENTHS).quarters(position)
