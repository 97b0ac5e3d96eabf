"""Whom a change is meant for: "fewer notes in the piano" is the piano's alone, "darker" is everybody's."""

from dataclasses import dataclass, field, replace

from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.score.direction_change import DirectionChange
from hitpoint.score.direction_change_casting import WHOLE_BAND
from hitpoint.score.direction_change_joints import ends_at, plays_at
from hitpoint.score.direction_change_moving import Moving
from hitpoint.score.direction_change_phrases import longest
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Tokens, said_at
from hitpoint.score.direction_phrase import phrase_at

Whom = tuple[str, ...]
"""Instruments and sections; empty for all who play."""
_ARTICLES = {"the", "a", "an", "my", "our", "your", "her", "his", "that", "those", "these", "all", "solo"}
_BESIDE = {
    "under", "underneath", "over", "above", "beneath", "below", "behind", "beside", "alongside", "against", "around",
    "than", "like", "as", "when", "where", "while", "before", "after", "until", "with", "without", "once", "if", "to",
}  # fmt: skip
"""Words before players who only say where or how: "busier under the flute", "calmer when the flute comes in"."""
_OF_ALL = {"everything", "everyone", "everybody", "overall", "whole"}
_THEM = {"them", "it", "their", "they"}


@dataclass
class Meant:
    """What is moved for whom, clause by clause."""

    controls: dict[Whom, dict[str, float]] = field(default_factory=dict)
    registers: dict[Whom, float] = field(default_factory=dict)
    """Octaves up."""
    last: Whom = ()
    """Whom the clause before moved."""

    def moves(self, whom: Whom, name: str, amount: float) -> None:
        """A control is moved for them; for all it is theirs no more: "busier strings; no, busier overall"."""
        for others, controls in self.controls.items() if not whom else ():
            if others and controls.get(name, 0.0) * amount > 0:
                del controls[name]
        group = self.controls.setdefault(whom, {})
        group[name] = group.get(name, 0.0) + amount

    @property
    def moves_any(self) -> bool:
        """True where a control is moved for somebody."""
        return any(amount for controls in self.controls.values() for amount in controls.values())

    def lies(self, whom: Whom, octaves: float) -> None:
        """They are to lie higher or, below 0, lower; all, where that is said of all."""
        if not whom:
            self.registers.clear()
        self.registers[whom] = octaves

    def others_only(self, whom: Whom, name: str) -> bool:
        """True where that control was moved before, and for others alone: "piano sparser, strings busier"."""
        moved = [group for group, controls in self.controls.items() if controls.get(name)]
        return bool(whom and moved) and all(group and not set(group) & set(whom) for group in moved)

    def told_apart(self, change: DirectionChange) -> DirectionChange:
        """`change`, with what is meant for some alone as theirs, a stage for each."""
        asked = dict(change.controls)
        theirs: dict[Whom, list[tuple[str, float]]] = {}
        for name in CONTROL_RANGES:
            own = [(whom, group[name]) for whom, group in self.controls.items() if group.get(name)]
            own = [(whom, amount) for whom, amount in own if not (whom and set(whom) <= set(change.drop))]
            if abs(sum(amount for _, amount in own) - asked.get(name, 0.0)) > _ROUNDED:
                # What was taken back or outweighed is nobody's own.
                own = [((), asked[name])] if name in asked else []
            for whom, amount in own:
                theirs.setdefault(whom, []).append((name, round(amount, 3)))
        known: dict[Whom, float | None] = dict(self.registers)
        everybodys: dict[Whom, float | None] = {(): change.register}
        registers = known if change.register in known.values() else everybodys
        for whom in registers if change.register is not None else ():
            theirs.setdefault(whom, [])
        if len(theirs) < 2:
            return replace(change, of=next(iter(theirs), ()))
        # Everybody's first.
        stages = (
            DirectionChange(
                controls=tuple(theirs[whom]),
                register=registers.get(whom),
                of=whom,
                place=change.place,
            )
            for whom in sorted(theirs, key=bool)
        )
        return replace(change, apart=tuple(stages))


_ROUNDED = 0.002
"""By how much sums of rounded amounts may differ."""


def whom_in(tokens: Tokens, begun: int, end: int, named: list[str], last: Whom) -> Whom:
    """Whom that clause is about: those it names, or with "them" those of the clause before; nobody for all who play.

    named: who in it is neither brought in nor sent away.
    """
    words = [said_at(tokens, at) for at in range(begun, end)]
    if not named:
        return last if _THEM & set(words) and not any(plays_at(tokens, at) for at in range(begun, end)) else ()
    whom: dict[str, None] = {}
    at = begun
    while at < end:
        found = phrase_at(tokens, at)
        if found is None or not plays_at(tokens, at):
            at += 1
            continue
        before = at - 1
        while before >= begun and said_at(tokens, before) in _ARTICLES:
            before -= 1
        wished = said_at(tokens, before) == "like" and said_at(tokens, before - 1) in {"i'd", "we'd", "would"}
        if before >= begun and said_at(tokens, before) in _BESIDE and not wished:
            return ()
        whom[str(found.value)] = None
        at += found.tokens
    if not whom:
        # "I love the harp, but it's too busy."
        return tuple(dict.fromkeys(named))
    return tuple(whom) if set(named) <= set(whom) else ()


@dataclass
class Meaning(Moving):
    """A reading that knows whom it moves."""

    meant: Meant = field(default_factory=Meant)
    register_before: float | None = None
    """As it was before the clause."""

    def _whom(self) -> Whom:
        """Whom the clause moves; nobody for all who play."""
        lies = self.values.get("register") != self.register_before
        settled = self._listed("add") | self._listed("drop") | self._listed("only")
        whom: Whom = ()
        if self.moved or lies:
            whom = whom_in(self.tokens, self.begun, self.place, self.players.named, self.meant.last)
        whom = () if settled & set(whom) or set(whom) <= WHOLE_BAND else whom
        so_far = set(self._so_far())
        if whom and not self._from_them() and any(set(whom) & self._listed(to) for to in ("softer", "louder")):
            # "Softer strings and a happier tune."
            whom = ()
        of_all = "register" in self.values and bool(_OF_ALL & so_far) and self._says_register()
        if lies or of_all:
            # "The flute's too high. Everything should lie lower."
            self.meant.lies(() if of_all else whom, self.values.get("register") or 0.0)
        self.register_before, self.meant.last = self.values.get("register"), whom
        return whom

    def _of_others(self) -> bool:
        """Whether the clause that begins names players who are not those of the one before."""
        ends = (at for at in range(self.place + 1, len(self.tokens)) if ends_at(self.tokens, at))
        named = (phrase_at(self.tokens, at) for at in range(self.place, next(ends, len(self.tokens)))
                 if plays_at(self.tokens, at))  # fmt: skip
        return any(str(one.value) not in self.meant.last for one in named if one is not None)

    def _says_register(self) -> bool:
        known = change_table().register
        return any(longest(self.tokens, at, known)[1] for at in range(self.begun, self.place))

    def _listed(self, to: str) -> set[str]:
        return set(self.players.lists.get(to, {}))
