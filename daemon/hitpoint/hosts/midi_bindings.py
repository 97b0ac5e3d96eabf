"""What controllers drive: each binding leads from a control to an address of `commands`, and all of them are one value.

There is no second way in: what a control asks is an address with its arguments, as if it had come over OSC. So
whatever has an address can be driven, but for what only answers its sender.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from hitpoint.hosts.commands import Value
from hitpoint.hosts.midi_modes import Grip, Mode, Span, TakeOver, Turn, asked_by
from hitpoint.hosts.midi_readings import NUMBERS, Assembly, Reading, SourceKind

MOST_BINDINGS = 200
"""More than a desk has; each message is held against all of them, and one packet tells of all."""


@dataclass(frozen=True, slots=True)
class Source:
    """A control: what moves, where. As text "cc 1 channel 3 of nanoKONTROL"."""

    kind: SourceKind
    number: int = 0
    """0 where the kind has no numbers."""
    channel: int | None = None
    """0 to 15; None for any."""
    port: str | None = None
    """Name of the port it comes in by; None for any."""

    def __str__(self) -> str:
        number = f" {self.number}" if NUMBERS[self.kind] else ""
        channel = "" if self.channel is None else f" channel {self.channel + 1}"
        return f"{self.kind.value}{number}{channel}" + (f" of {self.port}" if self.port is not None else "")

    def says(self, port: str, reading: Reading) -> bool:
        """True when a reading from a port is of this control."""
        return (
            reading.kind is self.kind
            and reading.number == self.number
            and self.channel in (None, reading.channel)
            and self.port in (None, port)
        )


@dataclass(frozen=True, slots=True)
class Target:
    """What is driven: an address with the arguments that stay the same."""

    address: str
    arguments: tuple[Value, ...] = ()


class Asked(NamedTuple):
    """What a control asks, as a packet would."""

    target: Target
    arguments: tuple[Value, ...]
    """All of them: the target's own, and the control's value."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One control and what it drives. Made by `midi_binding_text.binding`, which checks that all of it fits."""

    source: Source
    target: Target
    mode: Mode
    take_over: TakeOver = TakeOver.JUMP
    span: Span | None = None
    """Of the argument after the target's own; None where none is sent."""
    readable: bool = False
    """True when the address tells its value."""

    def ask(self, reading: Reading, grip: Grip, value_of: "ValueOf") -> tuple[Asked | None, Grip]:
        """What a reading of its control asks, if anything, and the grip after it."""
        current = value_of(self.target.address) if self.readable else grip.led
        if current is None and not self.readable and self.span is not None:
            current = self.span.low
        turn = Turn(reading, grip, self.span or Span(0.0, 1.0), self.take_over, current)
        value, grip = asked_by(self.mode, turn)
        if value is None:
            return None, grip
        sent = () if self.span is None else (int(value) if self.span.whole else value,)
        return Asked(self.target, (*self.target.arguments, *sent)), grip


ValueOf = Callable[[str], float | None]
"""The value that an address tells, or None when nobody holds it."""


@dataclass(frozen=True, slots=True)
class Bindings:
    """All bindings, with what must be remembered between messages. A target has one control; a control may have many
    targets."""

    all: Mapping[Target, Binding] = field(default_factory=dict)
    grips: Mapping[Target, Grip] = field(default_factory=dict)
    assembly: Assembly = field(default_factory=Assembly)

    def heard(self, port: str, data: bytes, value_of: ValueOf) -> "Heard":
        """What a message asks. Any bytes may come; those that are no message ask nothing. Pure but for `value_of`."""
        readings, assembly = self.assembly.read(port, data)
        grips, asks, bound = dict(self.grips), [], False
        for target, binding in self.all.items():
            for reading in readings:
                if binding.source.says(port, reading):
                    bound = True
                    ask, grips[target] = binding.ask(reading, grips.get(target, Grip()), value_of)
                    asks += [ask] if ask is not None else []
        return Heard(tuple(asks), readings, bound, replace(self, grips=grips, assembly=assembly))

    def heard_only(self, port: str, data: bytes) -> "Heard":
        """The same message while its controls teach and drive nothing."""
        readings, assembly = self.assembly.read(port, data)
        return Heard((), readings, False, replace(self, assembly=assembly))

    def bound(self, binding: Binding) -> "Bindings":
        """With one more; it replaces what drove its target before."""
        rest = {target: grip for target, grip in self.grips.items() if target != binding.target}
        return replace(self, all={**self.all, binding.target: binding}, grips=rest)

    def without(self, targets: "frozenset[Target]") -> "Bindings":
        """Without what drove these."""
        return replace(
            self,
            all={target: binding for target, binding in self.all.items() if target not in targets},
            grips={target: grip for target, grip in self.grips.items() if target not in targets},
        )


class Heard(NamedTuple):
    """What came of a message."""

    asks: tuple[Asked, ...]
    readings: tuple[Reading, ...]
    """What it said, bound or not."""
    bound: bool
    """True when a binding listens to its control, whether it asked anything or not."""
    bindings: Bindings
    """After it."""
