"""What a note on a take asks to be changed: "darker, less busy" is valence down and density down.

`hitpoint.score.direction_change_reader` fills it in; no network and no language model, one table of words.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from hitpoint.score.controls import Key
from hitpoint.score.direction_shared import written_as
from hitpoint.score.sections import players_of
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
    """The last bar of it; None is the cue's last, negative counts from the end."""

    def bars(self, count: int) -> range:
        """Indices, from 0, of the bars of a cue of `count` bars that it means."""
        if self.share is not None:
            low, high = round(self.share[0] * count), round(self.share[1] * count)
            # A short cue's opening is one bar at least.
            low = max(0, min(low, count - 1))
            return range(low, min(count, max(high, low + 1)))
        first = self.first_bar or 1
        begin = first - 1 if first > 0 else max(0, count + first)
        last = self.last_bar
        end = count if last is None else min(count, last) if last > 0 else max(0, count + last + 1)
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
    of: tuple[str, ...] = ()
    """Instruments and sections that the controls and the register are for; empty is all who play."""
    keep: tuple[str, ...] = ()
    """Instruments and sections that stay note for note."""
    called: tuple[tuple[str, str], ...] = ()
    """What those were called who come, go, or are balanced, where one is written as another: ("bells", "celesta")."""
    place: Place | None = None
    """Where it holds; None is the whole cue."""
    apart: "tuple[DirectionChange, ...]" = ()
    """What of it is meant for the whole cue or for some players alone, and is done first, one after another:
    "darker, and lose the cellos in bars 2-3", "fewer notes in the piano, busier strings"."""
    flags: tuple[str, ...] = ()
    """What a reader should know."""
    unknown: tuple[str, ...] = ()
    """Words not understood."""

    @property
    def changes_something(self) -> bool:
        """True when anything was understood."""
        return self.moves_something or bool(self.keep)

    @property
    def moves_something(self) -> bool:
        """True when anything is to be other than it was: not for "don't touch the brass" alone."""
        beside = ("of", "keep", "called", "place", "flags", "unknown")
        return self != DirectionChange(self.text, **{name: getattr(self, name) for name in beside})

    def is_for(self, instrument: str) -> bool:
        """True where the controls and the register are meant for that instrument, too."""
        return not self.keeps(instrument) and (not self.of or any(instrument in players_of(name) for name in self.of))

    def keeps(self, instrument: str) -> bool:
        """True where that instrument is to stay as it is."""
        return any(instrument in players_of(name) for name in self.keep)

    @property
    def stages(self) -> "tuple[DirectionChange, ...]":
        """The changes to be made one after another, each at its own place."""
        if not self.apart:
            return (self,)
        done = {name for stage in self.apart for name, _ in stage.controls}
        rest: dict[str, Any] = {"controls": tuple(one for one in self.controls if one[0] not in done)}
        for name in _PLAYERS:
            gone = {one for stage in self.apart for one in getattr(stage, name)}
            rest[name] = tuple(one for one in getattr(self, name) if one not in gone)
        rest |= {name: None for name in _VALUES for stage in self.apart if getattr(stage, name) is not None}
        last = replace(self, apart=(), **rest)
        stages = (*self.apart, last) if last.moves_something else self.apart
        return tuple(replace(stage, keep=self.keep) for stage in stages)

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
        if self.apart:
            stages = (replace(stage, keep=()) for stage in self.stages)
            return (*(said for stage in stages for said in stage.in_words()), *self._kept_in_words())
        whose = f" of {', '.join(self.of)}" if self.of else ""
        said = [f"{name} {_signed(amount)}{whose}" for name, amount in self.controls]
        if self.tempo_factor is not None:
            said.append(f"tempo × {self.tempo_factor:g}")
        if self.tempo_more is not None:
            said.append(f"tempo {_signed(self.tempo_more)} bpm")
        if self.tempo_bpm is not None:
            said.append(f"tempo {self.tempo_bpm:g} bpm")
        if self.register is not None:
            said.append(f"register {_signed(self.register)} octaves{whose}")
        said += [f"{name} {value}" for name, value in self._plain() if value is not None]
        if self.bars_more is not None:
            said.append(f"bars {_signed(self.bars_more)}")
        for sign, names in (("+", self.add), ("−", self.drop), ("only", self.only), ("softer", self.softer),
                            ("louder", self.louder)):  # fmt: skip
            said += [f"{sign} {name}" for name in names]
        placed = (f"{one} ({self.place.words})" for one in said) if self.place else said
        return (*placed, *self._kept_in_words())

    def _kept_in_words(self) -> tuple[str, ...]:
        return tuple(f"= {name}" for name in self.keep)

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

    change = read_apart(text)
    return replace(change, flags=(*change.flags, *written_as(change.called)))
