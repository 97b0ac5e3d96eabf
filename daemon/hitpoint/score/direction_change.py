"""What a note on a take asks to be changed: "darker, less busy" is valence down and density down.

`hitpoint.score.direction_change_reader` fills it in; no network and no language model, one table of words.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from hitpoint.score.controls import Key
from hitpoint.timeline.meter import Meter

STEP = 0.25
"""How far "darker" moves a control, of a reach of 1 (tension) or 2 (valence, arousal). Our choice."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a cue a change holds."""

    words: str
    """As said: "second half", "bars 5-8"."""
    share: tuple[float, float] | None = None
    """From and to, of the cue's length, 0 to 1."""
    first_bar: int | None = None
    """Counted from 1; negative counts from the end, −1 is the last bar."""
    last_bar: int | None = None
    """The last bar of it; None is the cue's last."""

    def bars(self, count: int) -> range:
        """Indices, from 0, of the bars of a cue of `count` bars that it means."""
        if self.share is not None:
            low, high = round(self.share[0] * count), round(self.share[1] * count)
            # A short cue's opening is one bar at least.
            low = max(0, min(low, count - 1))
            return range(low, min(count, max(high, low + 1)))
        first = self.first_bar or 1
        begin = first - 1 if first > 0 else max(0, count + first)
        end = count if self.last_bar is None else min(count, self.last_bar)
        return range(min(begin, count), max(begin, end) if begin < count else count)


@dataclass(frozen=True, slots=True)
class DirectionChange:
    """A note as understood. Nothing is changed that it does not say."""

    text: str = ""
    """As written."""
    controls: tuple[tuple[str, float], ...] = ()
    """Controls of score.controls.CONTROL_RANGES and how far each goes up (or, below 0, down); in their order there."""
    tempo_factor: float | None = None
    """What to multiply the tempo by."""
    tempo_more: float | None = None
    """Quarter notes a minute to add; below 0, to take away."""
    tempo_bpm: float | None = None
    """The tempo asked for."""
    register: float | None = None
    """Octaves up; below 0, down."""
    key: Key | None = None
    mode: str | None = None
    """A mode without a tonic."""
    meter: Meter | None = None
    bars: int | None = None
    """The length asked for."""
    bars_more: int | None = None
    """Bars to add; below 0, to take away."""
    add: tuple[str, ...] = ()
    """Instruments and sections to bring in."""
    drop: tuple[str, ...] = ()
    """Instruments and sections to take out."""
    only: tuple[str, ...] = ()
    """All that is to play."""
    softer: tuple[str, ...] = ()
    """To be held back against the others."""
    louder: tuple[str, ...] = ()
    """To be brought forward."""
    place: Place | None = None
    """Where it holds; None is the whole cue."""
    everywhere: "DirectionChange | None" = None
    """What of it holds in the whole cue nevertheless: "darker, and lose the cellos in bars 2-3"."""
    flags: tuple[str, ...] = ()
    """What a reader should know."""
    unknown: tuple[str, ...] = ()
    """Words not understood."""

    @property
    def changes_something(self) -> bool:
        """True when anything was understood."""
        return self != DirectionChange(self.text, place=self.place, flags=self.flags, unknown=self.unknown)

    @property
    def stages(self) -> "tuple[DirectionChange, ...]":
        """The changes to be made one after another, each at its own place."""
        first = self.everywhere
        if first is None:
            return (self,)
        rest: dict[str, Any] = {"controls": tuple(one for one in self.controls if one not in first.controls)}
        for name in _PLAYERS:
            rest[name] = tuple(one for one in getattr(self, name) if one not in getattr(first, name))
        rest |= {name: None for name in _VALUES if getattr(first, name) is not None}
        return first, replace(self, everywhere=None, **rest)

    def within(self, other: "DirectionChange") -> bool:
        """True where `other` asks for all that this does, and to the same degree."""
        parts = ("controls", *_PLAYERS)
        return all(set(getattr(self, name)) <= set(getattr(other, name)) for name in parts) and all(
            getattr(self, name) in (None, getattr(other, name)) for name in _VALUES
        )

    def control(self, name: str) -> float:
        """How far that control goes up; 0 where nothing is said."""
        return dict(self.controls).get(name, 0.0)

    def in_words(self) -> tuple[str, ...]:
        """The signed changes, one a line, as a person can check them: "valence −0.25", "tempo × 0.5"."""
        if self.everywhere is not None:
            return tuple(said for stage in self.stages for said in stage.in_words())
        said = [f"{name} {_signed(amount)}" for name, amount in self.controls]
        if self.tempo_factor is not None:
            said.append(f"tempo × {self.tempo_factor:g}")
        if self.tempo_more is not None:
            said.append(f"tempo {_signed(self.tempo_more)} bpm")
        if self.tempo_bpm is not None:
            said.append(f"tempo {self.tempo_bpm:g} bpm")
        if self.register is not None:
            said.append(f"register {_signed(self.register)} octaves")
        said += [f"{name} {value}" for name, value in self._plain() if value is not None]
        if self.bars_more is not None:
            said.append(f"bars {_signed(self.bars_more)}")
        for sign, names in (("+", self.add), ("−", self.drop), ("only", self.only), ("softer", self.softer),
                            ("louder", self.louder)):  # fmt: skip
            said += [f"{sign} {name}" for name in names]
        return tuple(f"{one} ({self.place.words})" for one in said) if self.place else tuple(said)

    def _plain(self) -> tuple[tuple[str, object], ...]:
        return ("key", self.key), ("mode", self.mode), ("metre", self.meter), ("bars", self.bars)


_PLAYERS = ("add", "drop", "only", "softer", "louder")
_VALUES = (
    "tempo_factor", "tempo_more", "tempo_bpm", "register", "key", "mode", "meter", "bars", "bars_more",
)  # fmt: skip


def _signed(amount: float) -> str:
    return f"{'−' if amount < 0 else '+'}{abs(amount):g}"


@lru_cache(maxsize=1024)
def parse_change(text: str) -> DirectionChange:
    """What `text` asks to change. Words that mean nothing here are in `unknown`; nothing is guessed.

    Raises ConfigError for more than 10,000 characters.
    """
    # Imported late because the reader makes DirectionChanges: they are one module, cut up for reading.
    from hitpoint.score.direction_change_apart import read_apart

    return read_apart(text)
