"""One bar of music asked for, and one bar of one part answered.

A bar's plan *is* the state its notes are made from. `basis` digests it, a part at a time: notes are still right
exactly when the plan of their bar, made anew, gives their part the basis they carry. So a moved marker, a locate or a
control drops what it makes wrong and nothing else, and no one has to list what depends on what.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from hashlib import blake2b

from hitpoint.score.chord import Chord
from hitpoint.score.controls import Controls
from hitpoint.score.dynamics import LOUDEST_PLAIN
from hitpoint.score.note import Note
from hitpoint.score.stem import Part
from hitpoint.timeline.meter import Bar

EVERY_VELOCITY = (1, 127)
"""The window of who leaves open how loud something is."""


class LandingKind(Enum):
    """How the music meets a marker."""

    ENTRANCE = "entrance"
    """A cue begins: its parts come in together at the tick; nothing of it before."""
    TURN = "turn"
    """A change of state: the new parts come in together at the tick, the old ones are out."""
    HIT = "hit"
    """An accent: the parts strike together, loud, nothing else near; the bars after release."""
    STOP = "stop"
    """An accent by silence: everything ends at the tick."""
    END = "end"
    """The last chord falls on the tick and rings out."""


@dataclass(frozen=True, slots=True)
class Landing:
    """One tick that the music must meet."""

    tick: int
    kind: LandingKind
    name: str
    """The marker's, for reports."""
    parts: frozenset[str]
    """Names of the parts that strike at the tick; empty for STOP."""
    chord: frozenset[int] | None = None
    """Pitch classes that may strike; None for any."""
    velocity: tuple[int, int] = EVERY_VELOCITY
    """Softest and loudest strike."""


def accents_of(landings: Iterable[Landing]) -> frozenset[int]:
    """Ticks of those that are struck louder than anything around them."""
    return frozenset(landing.tick for landing in landings if landing.velocity[0] > LOUDEST_PLAIN)


@dataclass(frozen=True, slots=True)
class Echo:
    """A line that is said again."""

    bar: int
    """Index of the bar that said it first."""
    said_by: str
    """Name of the part that did."""
    part: str
    """Name of the part that says it now."""


@dataclass(frozen=True)
class BarPlan:
    """One bar as planned. All that its notes depend on is in `basis`, so that it tells the whole truth."""

    bar: Bar
    cue: str
    """Name of the cue it belongs to."""
    controls: Controls
    tempo_bpm: float
    """Quarter notes a minute at its bar line, to the nearest 10: a hint to the model, never used for timing (so a
    small change of tempo drops nothing)."""
    parts: tuple[Part, ...]
    """Those that play in it, in score order."""
    landings: tuple[Landing, ...] = ()
    """Those inside it, in time order."""
    quiet: tuple[tuple[int, int], ...] = ()
    """Spans [first, last] of ticks in which no onset may fall but a landing's own: the clearance of landings."""
    velocity: tuple[int, int] = EVERY_VELOCITY
    """Softest and loudest note outside landings: how intensity sounds."""
    scale: frozenset[int] | None = None
    """Pitch classes allowed outside landings; None for all."""
    first_tick: int | None = None
    """No onset before it (the cue starts inside the bar); None for the bar line."""
    last_tick: int | None = None
    """No onset after it (the cue ends inside the bar); None for none."""
    spans: tuple[tuple[str, int, int], ...] = ()
    """Parts that play in some of the bar only: name, first and last tick of their onsets. A part that comes in with a
    TURN in mid-bar, or strikes a HIT and is out, is here."""
    cut_at: int | None = None
    """Every note still sounding ends here at the latest: the next landing's tick, the end of ring-out, or as far as
    notes may be held (the end of the next bar). Notes before a landing of the bar end at that, but where only others
    strike a HIT."""
    bars_to_hit: int | None = None
    """Bars until the next HIT, TURN or END: 0 in its own bar; None when none is near (8 or more)."""
    bars_to_end: int | None = None
    """Bars until the cue's END: 0 in its own bar; None when none is near (8 or more)."""
    seed: int = 0
    """64 bits from which this bar's random numbers come."""
    variations: tuple[tuple[str, int], ...] = ()
    """Parts asked for another answer, with the number of that answer: 1, 2 … A part not named has its first."""
    register: float | None = None
    """How high in their ranges the instruments play outside landings, 0 to 1, as `score.register` has it; None for
    anywhere."""
    level: float = 0.0
    """The bar's intensity before it was brought to a step: what controllers follow. No note depends on it."""
    repeats: int | None = None
    """Index of the bar that this one repeats, note for note; None when it has notes of its own."""
    past_from: int = 0
    """Index of the first bar that may be read as its past."""
    into_passage: int = 0
    """Bars since its music came in: 0 for the first. No note depends on it; phrases are counted by it."""
    harmony: tuple[Chord | None, Chord | None] = (None, None)
    """The chords of the bar's halves; None leaves one to the model."""
    style: str | None = None
    """One of STYLES; None for any."""
    roles: tuple[tuple[str, str], ...] = ()
    """Parts that are asked for a role, with one of ROLES."""
    rates: tuple[tuple[str, float], ...] = ()
    """Parts that are asked how often they strike, with onsets a quarter."""
    tempo_range: tuple[float, float] | None = None
    """Slowest and fastest tempo from the bar line to `cut_at`, each to the nearest 10; None where they are the same."""
    echo: Echo | None = None
    """What one of its parts says again of an earlier bar, if that is written."""
    _bases: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def variation(self, part: str) -> int:
        """0 for a part's first answer, then 1, 2 …"""
        return dict(self.variations).get(part, 0)

    def role(self, part: str) -> str | None:
        """What a part is asked to do; None for anything."""
        return dict(self.roles).get(part)

    def rate(self, part: str) -> float | None:
        """How often a part is asked to strike, in onsets a quarter; None for any."""
        return dict(self.rates).get(part)

    def echoed(self, part: str) -> Echo | None:
        """What a part says again; None for a part that has a line of its own, or was asked for another answer."""
        echo = self.echo
        return echo if echo is not None and echo.part == part and not self.variation(part) else None

    def span(self, part: str) -> tuple[int, int]:
        """The first and the last tick on which `part` may strike in this bar; never, where the last lies first."""
        own = next(((first, last) for name, first, last in self.spans if name == part), (self.bar.start, self.bar.end))
        first, last = max(self.bar.start, own[0]), min(self.bar.end - 1, own[1])
        return (
            first if self.first_tick is None else max(first, self.first_tick),
            last if self.last_tick is None else min(last, self.last_tick),
        )

    def basis(self, part: str) -> str:
        """16 hex digits that differ when anything differs that the notes of `part` depend on.

        The other parts of the bar are left out on purpose: adding a horn does not undo the violins.
        """
        # Asked for every part of every bar ahead, dozens of times a second.
        if part not in self._bases:
            self._bases[part] = blake2b(repr(self._state_of(part)).encode(), digest_size=8).hexdigest()
        return self._bases[part]

    def _state_of(self, name: str) -> tuple[object, ...]:
        landings = tuple((x.tick, x.kind.value, name in x.parts, _sorted(x.chord), x.velocity) for x in self.landings)
        own = next(((part.instrument.name, part.desk) for part in self.parts if part.name == name), None)
        return (
            self.bar, self.cue, self.controls, self.tempo_bpm, name, own, landings, self.quiet, self.velocity,
            _sorted(self.scale), self.span(name), self.cut_at, self.bars_to_hit, self.bars_to_end,
            self.seed, self.variation(name), self.register, self.repeats, *self._newer_state_of(name),
        )  # fmt: skip

    def _newer_state_of(self, name: str) -> tuple[object, ...]:
        # Nothing where nothing is asked: what was kept before there were such wishes stays right.
        asked = (self.harmony, self.style, self.role(name))
        wished: tuple[object, ...] = () if asked == ((None, None), None, None) else asked
        if (rate := self.rate(name)) is not None:
            wished = (*wished, "rate", rate)
        if (echo := self.echoed(name)) is not None:
            wished = (*wished, "echo", echo.bar, echo.said_by)
        return wished if self.tempo_range is None else (*wished, self.tempo_range)


def _sorted(pitch_classes: frozenset[int] | None) -> list[int] | None:
    return None if pitch_classes is None else sorted(pitch_classes)


class Source(Enum):
    """Who wrote a bar."""

    MODEL = "model"
    FALLBACK = "fallback"
    """For good: the model failed, or the bar had begun before it answered."""
    BACK_UP = "back-up"
    """The fallback too, for as long as the model may still answer in time."""


@dataclass(frozen=True, slots=True)
class ComposedBar:
    """The notes of one part in one bar, with what they were made from."""

    part: str
    bar: int
    """Index of the bar, counted from 0."""
    basis: str
    """`BarPlan.basis(part)` of the plan they answer."""
    notes: tuple[Note, ...]
    """Onsets inside the bar, in order; a note may last beyond it, never beyond the plan's `cut_at`."""
    source: Source = Source.MODEL
    kept_until: int | None = None
    """Where a change took hold inside the bar: what stands before it was written for the music before. None for a bar
    that was written as one."""


@dataclass(frozen=True, slots=True)
class WrittenBar:
    """A bar that has its notes: context for the bars after it."""

    plan: BarPlan
    parts: tuple[ComposedBar, ...]


@dataclass(frozen=True, slots=True)
class BarRequest:
    """Write some parts of one bar."""

    plan: BarPlan
    write: tuple[str, ...]
    """Names of the parts to write, each in `plan.parts`."""
    given: tuple[ComposedBar, ...] = ()
    """What the bar's other parts already play."""
    past: tuple[WrittenBar, ...] = ()
    """The bars before it, oldest first, as many as are worth reading (the model keeps what it can hold)."""
    kept: tuple[ComposedBar, ...] = ()
    """Of parts in `write`: what stands in this bar before the first tick of their span, and is to be gone on with."""
    said: ComposedBar | None = None
    """What a part says again of an earlier bar, in this bar's key and at its ticks: it is written as far as the part
    can play it here, and read before all else in the bar."""
