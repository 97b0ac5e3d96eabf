"""What stands on the stage's surface, made from the table of addresses. No format here.

A control knows its address and what it sends, never a range of its own: that is the table's. What the table would
refuse cannot be made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from hitpoint.errors import HostError
from hitpoint.hosts.commands import Argument, Kind, Value, find, part_address, read
from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.score.when import When


class Shape(Enum):
    """How a control is touched."""

    FADER = "fader"
    """Sends a number while it moves."""
    TOGGLE = "toggle"
    """Sends whether it is on."""
    BUTTON = "button"
    """Sends the same each time it is pressed, and nothing when it is let go."""


def type_tag(kind: Kind) -> str:
    """OSC's. A switch goes as 0 or 1, as Hitpoint tells it: a button is lit by the very value that it sends."""
    return "i" if kind is Kind.SWITCH else kind.value


@dataclass(frozen=True, slots=True)
class Sent:
    """An argument that stays the same."""

    value: Value
    kind: Kind


@dataclass(frozen=True, slots=True)
class StageControl:
    """One control."""

    label: str
    shape: Shape
    address: str
    sent: tuple[Sent, ...] = ()
    """What goes before what moves."""
    moving: Argument | None = None
    """What is moved, with its range; None for a button."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Of all that is sent, in order."""
        kinds = tuple(one.kind for one in self.sent)
        return kinds if self.moving is None else (*kinds, self.moving.kind)

    @property
    def name(self) -> str:
        """Names it among all of them, and stays the same from one layout to the next."""
        return " ".join([self.shape.value, self.address, *(str(one.value) for one in self.sent)])


@dataclass(frozen=True, slots=True)
class Section:
    """Controls that belong together."""

    title: str
    controls: tuple[StageControl, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What a user has named."""

    states: Sequence[str] = ()
    stingers: Sequence[str] = ()
    parts: Sequence[str] = ()
    """Parts and stems that get a mute."""


def stage(names: Names, receive_port: int | None = None) -> tuple[Section, ...]:
    """All of it, section by section: first the faders. Raises HostError for a name that no address can hold.

    receive_port: UDP port on which the surface hears changes; None for the one that it sends from.
    """
    listen = () if receive_port is None else (receive_port,)
    sections = (
        Section("controls", tuple(_fader(name) for name in CONTROL_RANGES)),
        Section("as the cue has it", tuple(_button(name, f"/hitpoint/control/{name}") for name in CONTROL_RANGES)),
        Section(
            "states",
            (
                *(_button(name, "/hitpoint/state/go", name, When.BAR.value) for name in names.states),
                _button("back", "/hitpoint/state/return", When.BAR.value),
            ),
        ),
        Section("stingers", tuple(_button(name, f"/hitpoint/stinger/{_in_address(name)}") for name in names.stingers)),
        Section(
            "music",
            (
                _button("vary", "/hitpoint/cue/vary_next", When.BAR.value),
                _toggle("freeze", "/hitpoint/cue/freeze"),
                _button("undo", "/hitpoint/undo"),
            ),
        ),
        Section("mute", tuple(_toggle(name, f"/hitpoint/part/{_in_address(name)}/mute") for name in names.parts)),
        Section(
            "transport",
            (
                _button("play", "/hitpoint/transport/play"),
                _button("stop", "/hitpoint/transport/stop"),
                _button("to bar 1", "/hitpoint/transport/locate", 1.0),
            ),
        ),
        Section("", (_button("PANIC", "/hitpoint/panic"), _button("listen", "/hitpoint/subscribe", *listen))),
    )
    return tuple(section for section in sections if section.controls)


def controls(sections: Sequence[Section]) -> Iterator[StageControl]:
    """Every one of them."""
    return (control for section in sections for control in section.controls)


def _fader(name: str) -> StageControl:
    address = f"/hitpoint/control/{name}"
    return StageControl(name, Shape.FADER, address, moving=find(address)[0].arguments[0])


def _toggle(label: str, address: str) -> StageControl:
    return StageControl(label, Shape.TOGGLE, address, moving=find(address)[0].arguments[0])


def _button(label: str, address: str, *values: Value) -> StageControl:
    """One that sends `values`, which the table has to take."""
    read(address, values)
    arguments = find(address)[0].arguments
    sent = tuple(Sent(value, argument.kind) for value, argument in zip(values, arguments, strict=False))
    return StageControl(label, Shape.BUTTON, address, sent)


_FORBIDDEN = "#*,/?[]{}"
"""What OSC 1.0 keeps for patterns, and what parts an address."""


def _in_address(name: str) -> str:
    if not name.isascii() or not name.isprintable() or any(sign in name for sign in _FORBIDDEN):
        raise HostError(f"{name!r} cannot stand in an OSC address. Name it in plain letters, without {_FORBIDDEN}")
    return part_address(name)
