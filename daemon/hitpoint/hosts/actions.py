"""What can be asked of a running Hitpoint, as plain values: what `hosts.commands` makes of an address."""

from dataclasses import dataclass

from hitpoint.score.session import ControlMoved, CurveDrawn, DirectionGiven, LoopVaries, PartSet, VariationAsked
from hitpoint.score.state import StateDefined
from hitpoint.score.when import When
from hitpoint.score.wish import Wish


@dataclass(frozen=True, slots=True)
class Play:
    """Roll from where the built-in host stands."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Stand still."""


@dataclass(frozen=True, slots=True)
class Locate:
    """Go to a place."""

    bar: float
    """Bars from 1; 2.5 is the middle of the second bar."""


@dataclass(frozen=True, slots=True)
class SetTempo:
    """Go on at another tempo."""

    bpm: float
    """Quarter notes a minute."""


@dataclass(frozen=True, slots=True)
class SetMeter:
    """Count in another metre from the next bar line on."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class PutMarker:
    """Set a marker, or move the one that has this name."""

    name: str
    bar: float
    """Bars from 1; 2.5 is the middle of the second bar."""


@dataclass(frozen=True, slots=True)
class RemoveMarker:
    """Take a marker away."""

    name: str


@dataclass(frozen=True, slots=True)
class LoopBars:
    """Play some bars round and round; None for none."""

    first: int | None
    """Bars from 1."""
    last: int | None
    """Played too; not before the first."""


@dataclass(frozen=True, slots=True)
class Panic:
    """Silence everything that sounds, now."""


@dataclass(frozen=True, slots=True)
class ThrowIn:
    """Let a stinger sound over the music."""

    name: str
    """As the settings have it."""
    when: When


@dataclass(frozen=True, slots=True)
class KeepTake:
    """Write what is there into the arrangement of the host."""

    first: int
    """Index of the first bar."""
    last: int
    """Index of the last one."""
    parts: frozenset[str]
    """Names of parts or stems; empty for all."""


@dataclass(frozen=True, slots=True)
class ChooseModel:
    """Have another model write from now on."""

    bundle: str
    """Its name."""


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the last thing that a person asked for."""


@dataclass(frozen=True, slots=True)
class MidiLearned:
    """Bind the control that is moved next."""

    target: str
    """An address, and arguments that stay the same."""
    how: str
    """See `midi_binding_text`."""


@dataclass(frozen=True, slots=True)
class MidiBound:
    """Bind a control that is named."""

    source: str
    target: str
    how: str


@dataclass(frozen=True, slots=True)
class MidiForgotten:
    """Let go of what drives an address; empty for all there are."""

    target: str


@dataclass(frozen=True, slots=True)
class MidiLearningCancelled:
    """Learn nothing now."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Answer with the value of an address."""

    address: str


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Report every change to the sender, on `port` of its machine."""

    port: int | None


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Report no more to the sender, on `port` of its machine."""

    port: int | None


TransportAsked = Play | Stop | Locate | LoopBars | SetTempo | SetMeter
MarkersAsked = PutMarker | RemoveMarker
MidiAsked = MidiLearned | MidiBound | MidiForgotten | MidiLearningCancelled
Action = (
    TransportAsked
    | MarkersAsked
    | MidiAsked
    | Panic
    | ThrowIn
    | KeepTake
    | ChooseModel
    | Undo
    | Ask
    | Subscribe
    | Unsubscribe
    | VariationAsked
    | ControlMoved
    | CurveDrawn
    | PartSet
    | DirectionGiven
    | LoopVaries
    | StateDefined
    | Wish
)
