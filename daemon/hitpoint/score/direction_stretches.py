"""How long each state of an arc is to last: "calm for 4 bars then tense for 12", or "4 bars calm, 12 bars tense".

A length belongs to the mood that it follows, or that follows it, within its clause; "for 4 bars" to the mood before it
in any case. What belongs to no mood is the length of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hitpoint.score.direction_feelings import Feeling

_FOR = {"for", "lasting", "lasts", "("}
"""What stands before a length that is that of the mood before it."""


@dataclass
class Stretch:
    """Moods that hold together."""

    linked: bool = False
    """It comes after an arrow."""
    moods: list[str] = field(default_factory=list)
    """As said, in lower case."""
    feelings: list[Feeling] = field(default_factory=list)
    length: "Length | None" = None

    @property
    def words(self) -> str:
        """Its moods, as a direction says them."""
        return " and ".join(self.moods)


@dataclass(frozen=True)
class Length:
    """How long something is to last."""

    name: str
    """"bars" or "duration_seconds"."""
    value: float
    follows: bool = False
    """It stands after its mood: "calm for 4 bars"."""


@dataclass
class Stretches:
    """Takes moods and lengths in order and keeps which belong together."""

    all: list[Stretch] = field(default_factory=list)
    lengths: list[Length] = field(default_factory=list)
    """Every length, in order."""
    _waiting: Length | None = None
    """A length whose mood may be to come."""
    _in_clause: bool = False
    """The clause has said a mood."""

    def mood(self, said: str, feeling: Feeling, *, linked: bool) -> None:
        """Take in the next mood; `linked` after an arrow."""
        last = self.all[-1] if self.all else None
        over = last is not None and last.length is not None and last.length.follows
        if last is None or linked or over or self._waiting is not None:
            last = Stretch(linked, length=self._waiting)
            self.all.append(last)
        last.moods.append(said)
        last.feelings.append(feeling)
        self._waiting, self._in_clause = None, True

    def length(self, name: str, value: float, before: str) -> None:
        """Take in the next length; `before` is the word before it."""
        last = self.all[-1] if self.all else None
        follows = last is not None and last.length is None and (self._in_clause or before in _FOR)
        length = Length(name, value, follows)
        self.lengths.append(length)
        if last is not None and follows:
            last.length = length
        else:
            self._waiting = length

    def stop(self) -> None:
        """A clause ends."""
        self._waiting, self._in_clause = None, False

    def turn(self) -> None:
        """An arrow: what comes now belongs to the next mood."""
        self._in_clause = False

    def timed(self) -> list[tuple[Stretch, Length]]:
        """The states of an arc, each with a length of its own, all in bars or all in seconds; none where one has none.

        Where only one state's length is not said and that of all is, the one has the rest.
        """
        states = [stretch for stretch in self.all if stretch.length is not None or self._in_an_arc(stretch)]
        own = [stretch.length for stretch in states if stretch.length is not None]
        missing = len(states) - len(own)
        if len(states) < 2 or missing > 1 or len({length.name for length in own}) != 1:
            return []
        name, rest = own[0].name, 0.0
        if missing:
            rest = sum(length.value for length in self.of_all if length.name == name) - sum_of(own)
        return [] if missing and rest <= 0 else [(state, state.length or Length(name, rest)) for state in states]

    @property
    def of_all(self) -> list[Length]:
        """The lengths that belong to no mood."""
        own = [stretch.length for stretch in self.all]
        return [length for length in self.lengths if not any(length is one for one in own)]

    @property
    def mixed(self) -> bool:
        """True when some lengths are in bars and others in seconds."""
        return len({stretch.length.name for stretch in self.all if stretch.length is not None}) > 1

    @property
    def begun(self) -> bool:
        """A state that is over has a length of its own: "calm for 4 bars, building to panic"."""
        return any(stretch.length is not None and stretch.length.follows for stretch in self.all[:-1])

    @property
    def unsaid(self) -> str:
        """The state whose length is not said although that of one before it is: "calm for 4 bars, then tense"."""
        for place, stretch in enumerate(self.all):
            before = [one.length for one in self.all[:place] if one.length is not None]
            if stretch.linked and stretch.length is None and any(length.follows for length in before):
                return stretch.words
        return ""

    def _in_an_arc(self, stretch: Stretch) -> bool:
        return stretch.linked or any(
            one is stretch and following.linked for one, following in zip(self.all, self.all[1:], strict=False)
        )


def sum_of(lengths: Sequence[Length]) -> float:
    """All of them, one after another."""
    return sum(length.value for length in lengths)
