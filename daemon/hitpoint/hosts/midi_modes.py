"""From a control's movement to a value: how it counts, and how it takes over a value that something else has moved.

All of it is arithmetic on positions, 0 to 1 along a control's travel; `Span` says which values these stand for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from hitpoint.hosts.midi_readings import TOPS, Reading, SourceKind


class Mode(Enum):
    """How a control's numbers are meant; the value is how people write it."""

    ABSOLUTE = "absolute"
    """Where it stands."""
    TWOS = "twos"
    """How far it was turned, in two's complement: 1 is a step up, 127 a step down."""
    OFFSET = "offset"
    """How far it was turned, around 64: 65 is a step up, 63 a step down."""
    SIGNED = "signed"
    """How far it was turned, with a sign bit: 1 is a step up, 65 a step down."""
    TOGGLE = "toggle"
    """Each press goes to the other end."""
    MOMENTARY = "momentary"
    """To one end while it is pressed, to the other when it is let go."""
    TRIGGER = "trigger"
    """Each press asks; no value is sent along."""


RELATIVE = (Mode.TWOS, Mode.OFFSET, Mode.SIGNED)


class TakeOver(Enum):
    """What a control does about a value that is not where it stands; the value is how people write it."""

    JUMP = "jump"
    """The value follows at once."""
    PICKUP = "pickup"
    """Nothing happens until the control passes the value; then it leads."""
    SCALE = "scale"
    """The value moves the same way, by as much as brings both to the end together."""


@dataclass(frozen=True, slots=True)
class Span:
    """The values that a control's travel stands for."""

    low: float
    """At its bottom. Greater than `high` for a control that works upside down."""
    high: float
    """At its top."""
    whole: bool = False
    """True when only whole values count."""

    def value_at(self, position: float) -> float:
        """The value at a position of 0 to 1: at the ends exactly the ends, never outside, whatever is rounded."""
        value = self.low + position * (self.high - self.low) if position < 1.0 else self.high
        value = min(max(value, min(self.low, self.high)), max(self.low, self.high))
        return float(round(value)) if self.whole else value

    def position_of(self, value: float) -> float:
        """Where a value lies, 0 to 1; the nearer end for a value outside the span."""
        if self.high == self.low:
            return 0.0
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    @property
    def step(self) -> float:
        """How far one step of a relative control goes, in positions: a whole value, or what a step of 7 bits is."""
        return 1.0 / max(1.0, abs(self.high - self.low)) if self.whole else 1.0 / 127.0


@dataclass(frozen=True, slots=True)
class Grip:
    """What a binding remembers of its control between two messages."""

    position: float | None = None
    """Where it stood; None before it has been heard of."""
    led: float | None = None
    """The value it asked for last."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One movement, with all that decides what comes of it."""

    reading: Reading
    grip: Grip
    span: Span
    take_over: TakeOver
    current: float | None
    """The value as it is now; None when nobody holds it."""

    @property
    def position(self) -> float:
        """Where the control stands now."""
        return self.reading.value / TOPS[self.reading.kind]

    @property
    def pressed(self) -> bool:
        """True for a button or key that has just gone down.

        A control goes down past its middle; the same value again is a button that never tells when it is let go.
        """
        kind, before = self.reading.kind, self.grip.position
        if kind in (SourceKind.NOTE, SourceKind.PROGRAM):
            return self.reading.value > 0
        return self._down and (before is None or not _is_down(before) or before == self.position)

    @property
    def released(self) -> bool:
        """True for a button or key that has just been let go."""
        if self.reading.kind is SourceKind.NOTE:
            return self.reading.value == 0
        return not self._down and self.grip.position is not None and _is_down(self.grip.position)

    @property
    def _down(self) -> bool:
        return _is_down(self.position)


def _is_down(position: float) -> bool:
    return position >= 64 / 127


def asked_by(mode: Mode, turn: Turn) -> tuple[float | None, Grip]:
    """The value that a movement asks for (of a trigger: anything), or None for none, and the grip after it."""
    position = _MODES[mode](turn)
    value = None if position is None else turn.span.value_at(position)
    return value, Grip(turn.position, turn.grip.led if value is None else value)


def _absolute(turn: Turn) -> float | None:
    # A key's release says nothing about how much is wanted.
    if turn.reading.kind is SourceKind.NOTE and turn.reading.value == 0:
        return None
    return _TAKE_OVERS[turn.take_over](turn)


def _relative(steps_of: Callable[[int], int]) -> Callable[[Turn], float | None]:
    def turned(turn: Turn) -> float | None:
        steps = steps_of(turn.reading.value)
        # Nobody holds the value: begun from the middle, which is never far off.
        begun = 0.5 if turn.current is None else turn.span.position_of(turn.current)
        return min(1.0, max(0.0, begun + steps * turn.span.step)) if steps else None

    return turned


def _toggle(turn: Turn) -> float | None:
    if not turn.pressed:
        return None
    return 0.0 if turn.current is not None and turn.span.position_of(turn.current) >= 0.5 else 1.0


def _momentary(turn: Turn) -> float | None:
    if turn.pressed:
        return 1.0
    return 0.0 if turn.released else None


def _trigger(turn: Turn) -> float | None:
    return 1.0 if turn.pressed else None


_MODES: dict[Mode, Callable[[Turn], float | None]] = {
    Mode.ABSOLUTE: _absolute,
    Mode.TWOS: _relative(lambda value: value - 128 if value > 63 else value),
    Mode.OFFSET: _relative(lambda value: value - 64),
    Mode.SIGNED: _relative(lambda value: 64 - value if value > 63 else value),
    Mode.TOGGLE: _toggle,
    Mode.MOMENTARY: _momentary,
    Mode.TRIGGER: _trigger,
}
"""Each answers with a position, or None when nothing is asked."""


def _jump(turn: Turn) -> float | None:
    return turn.position


def _pickup(turn: Turn) -> float | None:
    if turn.current is None:
        return turn.position
    here, there, before = turn.position, turn.span.position_of(turn.current), turn.grip.position
    step = max(1.0 / TOPS[turn.reading.kind], turn.span.step if turn.span.whole else 0.0)
    in_hand = turn.grip.led is not None and abs(turn.span.position_of(turn.grip.led) - there) <= step
    passed = before is not None and (before - there) * (here - there) <= 0.0
    return here if in_hand or passed or abs(here - there) <= step else None


def _scale(turn: Turn) -> float | None:
    if turn.current is None:
        return turn.position
    here, there, before = turn.position, turn.span.position_of(turn.current), turn.grip.position
    if before is None or here == before:
        return None
    if here > before:
        return there + (here - before) * (1.0 - there) / (1.0 - before)
    return there * here / before


_TAKE_OVERS: dict[TakeOver, Callable[[Turn], float | None]] = {
    TakeOver.JUMP: _jump,
    TakeOver.PICKUP: _pickup,
    TakeOver.SCALE: _scale,
}
