"""Controllers as they are bought: what each sends when it is moved, byte by byte."""

from collections.abc import Iterable, Iterator

from hitpoint.hosts.midi_readings import DATA, DATA_FINE, FINE
from hitpoint.score.midi_message import control_change


def knob(number: int, values: Iterable[int], channel: int = 0) -> Iterator[bytes]:
    """A controller of 7 bits."""
    for value in values:
        yield control_change(channel, number, value)


def wide_knob(number: int, values: Iterable[int], channel: int = 0) -> Iterator[bytes]:
    """A controller of 14 bits: coarse half, fine half."""
    for value in values:
        yield control_change(channel, number, value >> 7)
        yield control_change(channel, number + FINE, value & 127)


def nrpn(parameter: int, values: Iterable[int], channel: int = 0, fine: bool = True) -> Iterator[bytes]:
    """A parameter that is chosen anew with every value; without the fine half, values are of 7 bits."""
    for value in values:
        yield control_change(channel, 99, parameter >> 7)
        yield control_change(channel, 98, parameter & 127)
        yield control_change(channel, DATA, value >> 7 if fine else value)
        if fine:
            yield control_change(channel, DATA_FINE, value & 127)


def wheel(values: Iterable[int], channel: int = 0) -> Iterator[bytes]:
    """A pitch bend wheel, or a motor fader that speaks as one."""
    for value in values:
        yield bytes((0xE0 | channel, value & 127, value >> 7))
