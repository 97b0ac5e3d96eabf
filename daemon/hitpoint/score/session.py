"""Everything that Hitpoint knows at one moment, as one immutable value: `apply(event)` gives the next.

Control writes it; the other processes get parts of it as values. What is a function of it (the spotting, the plans)
is computed from it elsewhere and never stored in it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import Enum

from hitpoint.score.bound_control import BoundControl
from hitpoint.score.control_curve import ControlCurve
from hitpoint.score.controls import CONTROL_RANGES, Controls
from hitpoint.score.state import StateDefined, States, StatesChanged
from hitpoint.score.stem import Part
from hitpoint.score.stinger import StingerAsked
from hitpoint.score.wish import Frozen
from hitpoint.timeline.host_event import (
    HostEvent,
    Located,
    LoopChanged,
    MarkersChanged,
    MeterMapChanged,
    Stopped,
    TempoMapChanged,
)
from hitpoint.timeline.meter import Bar
from hitpoint.timeline.timeline import Timeline
from hitpoint.timeline.transport import Transport


@dataclass(frozen=True, slots=True)
class VariationAsked:
    """Another answer for some parts over some bars."""

    first_bar: int
    """Index of the first bar, counted from 0."""
    last_bar: int
    """Index of the last bar."""
    parts: frozenset[str] = frozenset()
    """Names of parts or stems; empty for all."""
    first_tick: int = 0
    """Where it begins inside its first bar: what was written before stays."""


@dataclass(frozen=True, slots=True)
class ControlMoved:
    """A person moved one of the live controls; None gives it back to the cue."""

    name: str
    """A field of Controls: intensity, density, valence, arousal, tension."""
    value: float | None


@dataclass(frozen=True, slots=True)
class CurveDrawn:
    """A person drew one of the controls over the bars; None takes its curve away."""

    name: str
    """As of ControlMoved."""
    curve: ControlCurve | None


class Switch(Enum):
    """What a person can do to a part."""

    MUTE = "mute"
    SOLO = "solo"
    LOCK = "lock"


@dataclass(frozen=True, slots=True)
class PartSet:
    """A person muted, soloed or locked a part, or let it go."""

    part: str
    """Name of the part, or of a stem for all of its parts."""
    switch: Switch
    on: bool


@dataclass(frozen=True, slots=True)
class DirectionGiven:
    """What to play where no marker says anything; empty for nothing."""

    text: str


@dataclass(frozen=True, slots=True)
class ControllersBound:
    """MIDI controls were bound or let go: these are all there are now.

    No wish about the music: undo passes it by, as who takes back a mute must not lose a knob.
    """

    bindings: tuple[BoundControl, ...]


@dataclass(frozen=True, slots=True)
class LoopVaries:
    """A person wants another answer for each bar of the loop, every turn, or no more."""

    on: bool


@dataclass(frozen=True, slots=True)
class BarVaried:
    """A bar of a varied loop has another answer. Nobody asked for this one, so undo passes it by."""

    bar: int
    """Index of the bar."""


@dataclass(frozen=True, slots=True)
class FreezeChanged:
    """Another bar is frozen, or none."""

    frozen: Frozen | None


@dataclass(frozen=True, slots=True)
class ModelChanged:
    """Another model writes from now on. Undo passes it by: what it wrote is undone, not who writes."""

    model: str
    """As `Session.model`."""
    reads: frozenset[str]
    """As `Session.model_reads`."""


PersonEvent = (
    VariationAsked
    | ControlMoved
    | CurveDrawn
    | PartSet
    | DirectionGiven
    | StingerAsked
    | StateDefined
    | StatesChanged
    | FreezeChanged
    | LoopVaries
)
Event = HostEvent | PersonEvent | ControllersBound | BarVaried | ModelChanged


@dataclass(frozen=True)
class Session:
    """The timeline, the transport, and what people asked for."""

    timeline: Timeline = field(default_factory=Timeline)
    transport: Transport = field(default_factory=Transport)
    direction: str = ""
    """What to play where no marker says anything."""
    controls: Controls = field(default_factory=Controls)
    """What a person holds by hand: each value given overrides the cue's (`key` is never set here)."""
    curves: tuple[ControlCurve, ...] = ()
    """Controls drawn over the bars, at most one a control: they override the cue's, and a hand overrides them."""
    muted: frozenset[str] = frozenset()
    soloed: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()
    """Names of parts or stems whose notes stay as they are, whatever changes."""
    variations: tuple[VariationAsked, ...] = ()
    """Every one asked, in order: a part's number in a bar is how many name it."""
    loop_varies: bool = False
    """True when each bar of the loop gets another answer every turn."""
    turn_variations: tuple[tuple[int, int], ...] = ()
    """Index of a bar, and how many answers it got in that way; by bar, so that hours of it need no more room."""
    stingers: tuple[StingerAsked, ...] = ()
    """Those thrown in that are not over, in the order asked. Momentary: a stop or a jump forgets them, and neither undo
    nor a session file brings them back."""
    bindings: tuple[BoundControl, ...] = ()
    """What MIDI controls drive, but for what the settings bind."""
    states: States = field(default_factory=States)
    """The states there are, those that hold, and those that will."""
    frozen: Frozen | None = None
    """The bar that all others repeat; None when the music goes on."""
    seed: int = 0
    """From which all random numbers come."""
    model: str = ""
    """Name of the bundle that a person chose to write; empty for the one of the settings."""
    model_reads: frozenset[str] = frozenset()
    """Fields of the model's vocabulary: what only a model could follow is planned where it reads it."""

    def apply(self, event: Event) -> "Session":
        """The session after `event`. Pure."""
        match event:
            case TempoMapChanged(tempo_map, at):
                transport = self.transport.anchored_at(at, self.timeline.tempo_map)
                return replace(self, timeline=replace(self.timeline, tempo_map=tempo_map), transport=transport)
            case LoopChanged(loop, at):
                transport = self.transport.anchored_at(at, self.timeline.tempo_map)
                return replace(self, transport=replace(transport, loop=loop))
            case MeterMapChanged(meter_map):
                return replace(self, timeline=replace(self.timeline, meter_map=meter_map))
            case MarkersChanged(markers, regions):
                return replace(self, timeline=replace(self.timeline, markers=markers, regions=regions))
            case VariationAsked():
                return replace(self, variations=(*self.variations, event))
            case ControlMoved(name, value):
                return replace(self, controls=self.controls.moved(name, value))
            case CurveDrawn(name, curve):
                others = (other for other in self.curves if other.name != name)
                curves = sorted((*others, *(() if curve is None else (curve,))), key=lambda one: one.name)
                return replace(self, curves=tuple(curves))
            case PartSet(part, switch, on):
                return self._switched(part, switch, on)
            case DirectionGiven(text):
                return replace(self, direction=text)
            case StingerAsked():
                return replace(self, stingers=(*self.stingers, event))
            case ControllersBound(bindings):
                return replace(self, bindings=bindings)
            case LoopVaries(on):
                return replace(self, loop_varies=on)
            case BarVaried(bar):
                answers = dict(self.turn_variations)
                answers[bar] = answers.get(bar, 0) + 1
                return replace(self, turn_variations=tuple(sorted(answers.items())))
            case StateDefined(name, direction):
                return replace(self, states=self.states.defined(name, direction))
            case StatesChanged(states):
                return replace(self, states=states)
            case ModelChanged(model, reads):
                return replace(self, model=model, model_reads=reads)
            case FreezeChanged(frozen):
                return replace(self, frozen=frozen)
            case _:
                stingers = () if isinstance(event, Stopped | Located) else self.stingers
                transport = self.transport.apply(event, self.timeline.tempo_map)
                return replace(self, transport=transport, stingers=stingers)

    def _switched(self, part: str, switch: Switch, on: bool) -> "Session":
        def changed(names: frozenset[str]) -> frozenset[str]:
            return names | {part} if on else names - {part}

        match switch:
            case Switch.MUTE:
                return replace(self, muted=changed(self.muted))
            case Switch.SOLO:
                return replace(self, soloed=changed(self.soloed))
            case Switch.LOCK:
                return replace(self, locked=changed(self.locked))

    def drawn(self, name: str, bar: int) -> float | None:
        """What a curve says of the control `name` in the bar of that index; None where none is drawn or it is held."""
        if getattr(self.controls, name) is not None:
            return None
        return next((curve.at(bar) for curve in self.curves if curve.name == name), None)

    def held_in(self, bar: int) -> Controls:
        """What people ask of the bar of that index, by hand or else by a curve; None where they say nothing."""
        held = self.controls
        for curve in self.curves:
            if getattr(held, curve.name) is None:
                held = held.moved(curve.name, curve.at(bar))
        return held

    def variation(self, part: Part, bar: int) -> int:
        """Which answer of `part` is wanted in the bar of that index: 0 for the first."""
        asked_for = sum(
            1
            for asked in self.variations
            if asked.first_bar <= bar <= asked.last_bar and (not asked.parts or _named(part, asked.parts))
        )
        return asked_for + dict(self.turn_variations).get(bar, 0)

    def without_stingers(self, over: Collection[StingerAsked]) -> "Session":
        """The session in which those are forgotten."""
        return replace(self, stingers=tuple(asked for asked in self.stingers if asked not in over)) if over else self

    def before(self, tick: int) -> "Session":
        """As it was before anything took hold at `tick` or later: what the notes before that tick were made from."""
        frozen = self.frozen
        if frozen is not None and frozen.until is not None and frozen.until >= tick:
            frozen = replace(frozen, until=None)
        return replace(
            self,
            states=replace(self.states, seen_until=tick),
            variations=tuple(asked for asked in self.variations if asked.first_tick < tick),
            frozen=frozen,
        )

    def holds_from(self, start: float, end: float) -> tuple[int, ...]:
        """Ticks of (start, end) at which something that a person asked for takes hold, in time order."""
        ticks = {span.start for span in self.states.spans()} | {asked.first_tick for asked in self.variations}
        if self.frozen is not None and self.frozen.until is not None:
            ticks.add(self.frozen.until)
        return tuple(sorted(tick for tick in ticks if start < tick < end))

    def repeats(self, bar: Bar) -> int | None:
        """Index of the frozen bar, where that bar repeats it; else None."""
        frozen = self.frozen
        return None if frozen is None or bar.index == frozen.bar or self._let_go_by(bar.end) else frozen.bar

    def _let_go_by(self, tick: int) -> bool:
        """True when the frozen bar is let go before `tick`."""
        return self.let_go_at is not None and self.let_go_at < tick

    @property
    def let_go_at(self) -> int | None:
        """Tick at which the frozen bar is let go; None while it stays."""
        frozen = self.frozen
        if frozen is None:
            return None
        ticks = [span.start for span in self.states.heard() if span.start > frozen.since]
        return min(ticks if frozen.until is None else [*ticks, frozen.until], default=None)

    def with_wishes_of(self, other: "Session") -> "Session":
        """The host as it is here, and what people asked for as it was there: what undo does."""
        return replace(
            self,
            direction=other.direction,
            controls=other.controls,
            curves=other.curves,
            muted=other.muted,
            soloed=other.soloed,
            locked=other.locked,
            variations=other.variations,
            loop_varies=other.loop_varies,
            states=other.states,
            frozen=other.frozen,
        )

    def sounds(self, part: Part) -> bool:
        """True when a part is neither muted nor silenced by another's solo."""
        return not _named(part, self.muted) and (not self.soloed or _named(part, self.soloed))

    def keeps(self, part: Part) -> bool:
        """True when a part is locked: its notes stay as they are."""
        return _named(part, self.locked)

    def stays(self, part: Part, bar: Bar) -> bool:
        """True when the part's notes in that bar stay as they are: it is locked, or the bar is frozen."""
        frozen = self.frozen
        return self.keeps(part) or (frozen is not None and bar.index == frozen.bar and not self._let_go_by(bar.end))


def wishes_between(before: Session, after: Session) -> tuple[PersonEvent, ...]:
    """What people would have to ask to get from one to the other; variations left out, as they can't be unasked."""
    asked: list[PersonEvent] = []
    if before.direction != after.direction:
        asked.append(DirectionGiven(after.direction))
    for name in CONTROL_RANGES:
        value = getattr(after.controls, name)
        if value != getattr(before.controls, name):
            asked.append(ControlMoved(name, value))
    drawn = {curve.name: curve for curve in after.curves}
    for name in {curve.name for curve in before.curves} | drawn.keys():
        if (curve := drawn.get(name)) not in before.curves:
            asked.append(CurveDrawn(name, curve))
    switched = (
        (Switch.MUTE, before.muted, after.muted),
        (Switch.SOLO, before.soloed, after.soloed),
        (Switch.LOCK, before.locked, after.locked),
    )
    for switch, old, new in switched:
        asked += (PartSet(part, switch, part in new) for part in sorted(old ^ new))
    if before.loop_varies != after.loop_varies:
        asked.append(LoopVaries(after.loop_varies))
    if before.states != after.states:
        asked.append(StatesChanged(after.states))
    if before.frozen != after.frozen:
        asked.append(FreezeChanged(after.frozen))
    return tuple(asked)


def _named(part: Part, names: frozenset[str]) -> bool:
    # A stem's name stands for all of its parts: "strings" mutes the violins.
    return part.name in names or part.stem in names
