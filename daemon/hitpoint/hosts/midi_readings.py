"""What a controller says, put together: one MIDI message is a reading or several, and some readings take two or four.

Sources: MIDI 1.0 Detailed Specification 4.2, table III (controllers 0 to 31 have their fine halves at 32 to 63; 99 and
98 choose a non-registered parameter, 6 and 38 are its value). Coarse halves come before fine ones, as it says there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import NamedTuple


class SourceKind(Enum):
    """What can be moved or struck; the value is how people write it."""

    CC = "cc"
    CC14 = "cc14"
    NRPN = "nrpn"
    NRPN14 = "nrpn14"
    NOTE = "note"
    BEND = "bend"
    PROGRAM = "program"
    PRESSURE = "pressure"
    KEY_PRESSURE = "key-pressure"


TOPS: dict[SourceKind, int] = dict.fromkeys(SourceKind, 127) | dict.fromkeys(
    (SourceKind.CC14, SourceKind.NRPN14, SourceKind.BEND), 16383
)
"""The greatest value of each."""
NUMBERS: dict[SourceKind, int] = {
    SourceKind.CC: 128,
    SourceKind.CC14: 32,
    SourceKind.NRPN: 16384,
    SourceKind.NRPN14: 16384,
    SourceKind.NOTE: 128,
    SourceKind.BEND: 0,
    SourceKind.PROGRAM: 128,
    SourceKind.PRESSURE: 0,
    SourceKind.KEY_PRESSURE: 128,
}
"""How many there are of each in a channel, counted from 0; 0 where a channel has but one, without a number."""

FINE = 32
"""From a coarse controller's number to its fine half's."""
DATA, DATA_FINE = 6, 38
"""Controllers: the halves of a chosen parameter's value."""
_NRPN_FINE, _NRPN_COARSE, _RPN_FINE, _RPN_COARSE = 98, 99, 100, 101
_LENGTHS = {0x80: 3, 0x90: 3, 0xA0: 3, 0xB0: 3, 0xC0: 2, 0xD0: 2, 0xE0: 3}
"""Bytes of each kind of channel message."""


class Reading(NamedTuple):
    """Where something stands, or how hard it was struck."""

    kind: SourceKind
    channel: int
    """0 to 15."""
    number: int
    """Of the controller, key or program; 0 where there is no number."""
    value: int
    """0 to TOPS; 0 of a note is its release. A program that is chosen reads as 127."""
    fine: bool = False
    """True when a fine half has made it exact."""


_Wide = tuple[str, int, SourceKind, int]
"""Port, channel, kind and number of something with 16384 values."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """What must be remembered of earlier messages to read the next. `read` gives the next assembly."""

    wide: Mapping[_Wide, int] = field(default_factory=dict)
    """The last value of each thing of 14 bits."""
    chosen: Mapping[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    """By port and channel: the halves of the parameter number that data now go to, coarse first."""

    def read(self, port: str, data: bytes) -> "tuple[tuple[Reading, ...], Assembly]":
        """What a message says; nothing for what is no whole channel message."""
        if not data or _LENGTHS.get(data[0] & 0xF0) != len(data) or any(byte > 127 for byte in data[1:]):
            return (), self
        channel, first = data[0] & 0x0F, data[1]
        match data[0] & 0xF0:
            case 0x80:
                return (Reading(SourceKind.NOTE, channel, first, 0),), self
            case 0x90:
                return (Reading(SourceKind.NOTE, channel, first, data[2]),), self
            case 0xA0:
                return (Reading(SourceKind.KEY_PRESSURE, channel, first, data[2]),), self
            case 0xC0:
                return (Reading(SourceKind.PROGRAM, channel, first, 127),), self
            case 0xD0:
                return (Reading(SourceKind.PRESSURE, channel, 0, first),), self
            case 0xE0:
                return (Reading(SourceKind.BEND, channel, 0, data[2] << 7 | first),), self
            case _:
                return self._controller(port, channel, first, data[2])

    def _controller(self, port: str, channel: int, number: int, value: int) -> "tuple[tuple[Reading, ...], Assembly]":
        plain = Reading(SourceKind.CC, channel, number, value)
        if _NRPN_FINE <= number <= _RPN_COARSE:
            return (plain,), self._choosing(port, channel, number, value)
        readings, after = [plain], self
        if number < 2 * FINE:
            pair = (port, channel, SourceKind.CC14, number % FINE)
            wide, after = after._half(pair, value, fine=number >= FINE)
            readings += wide
        if number in (DATA, DATA_FINE) and (port, channel) in self.chosen:
            coarse, fine = self.chosen[port, channel]
            parameter = coarse << 7 | fine
            if number == DATA:
                readings.append(Reading(SourceKind.NRPN, channel, parameter, value))
            parameter_key = (port, channel, SourceKind.NRPN14, parameter)
            wide, after = after._half(parameter_key, value, fine=number == DATA_FINE)
            readings += wide
        return tuple(readings), after

    def _half(self, key: _Wide, half: int, fine: bool) -> "tuple[list[Reading], Assembly]":
        """A half has come. A coarse one is answered at once, with the end of its range that lies nearer to where the
        control came from: so a sweep never overshoots and turns back when the fine half follows."""
        before = self.wide.get(key)
        if before is None:
            # Not heard of yet: no side is nearer, and a fine half alone says nothing.
            return [], self if fine else self._with(key, half << 7)
        value = before & ~127 | half if fine else min(max(before, half << 7), half << 7 | 127)
        _, channel, kind, number = key
        readings = [Reading(kind, channel, number, value, fine)] if fine or value != before else []
        return readings, self._with(key, value)

    def _with(self, key: _Wide, value: int) -> "Assembly":
        return replace(self, wide={**self.wide, key: value})

    def _choosing(self, port: str, channel: int, number: int, value: int) -> "Assembly":
        coarse, fine = self.chosen.get((port, channel), (127, 127))
        if number == _NRPN_COARSE:
            chosen = (value, fine)
        elif number == _NRPN_FINE:
            chosen = (coarse, value)
        else:
            # A registered parameter (bend range, tuning) is chosen instead: its data are not for us.
            chosen = (127, 127)
        rest = {key: halves for key, halves in self.chosen.items() if key != (port, channel)}
        # 127 127 is the specification's "none".
        return replace(self, chosen=rest if chosen == (127, 127) else {**rest, (port, channel): chosen})
