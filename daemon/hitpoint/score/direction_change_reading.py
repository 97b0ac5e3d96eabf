"""Where the reader of a note stands: what is understood so far, and which way the next word moves things."""

from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from hitpoint.score.direction_change import STEP, Place
from hitpoint.score.direction_change_beginnings import Clause
from hitpoint.score.direction_change_joints import ends_at, joins_at, plays_at
from hitpoint.score.direction_change_measures import Measure
from hitpoint.score.direction_change_opposites import Felt, contested
from hitpoint.score.direction_change_phrases import compares
from hitpoint.score.direction_change_players import Players
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Says, Tokens, said_at
from hitpoint.score.direction_phrase import phrase_at

_GETS = {"gets", "getting", "keeps", "grows", "growing"}
_COMES_SLOWLY = {
    "turn", "bring", "fade", "introduce", "add", "drop", "tighten", "ratchet", "creep", "drift", "drain", "dissolve",
    "crank", "raise", "lower", "increase", "reduce", "swell", "come", "enter", "emerge", "lift", "take", "peel",
    "strip",
}  # fmt: skip
_STAYS = {"stay", "stays", "staying", "remain", "remains"}
_NOT_SO = {"don't", "without", "nothing", "never", "not", "no", "shouldn't", "mustn't", "can't"}
_AS_BEFORE = {"last", "first", "old", "previous", "temp", "demo", "original"}
_AS_NOW = {"now", "before", "ever", "it"}
_BECOMES = {"become", "becoming", "turn", "turning", "being"}

_BETWEEN_NAMES = {"the", "a", "an", "some", "and", "&", "+", "solo", "lone"}
_MOST_LED = 4
"""Words from the "a" to the cello of "a slow, mournful cello". Our choice."""
_TUNES = {"tune", "melody", "theme", "line", "motif"}
MOMENTS = {
    "hit", "accent", "stab", "crash", "sting", "stinger", "boom", "thud", "bang", "roll", "thump", "strike", "chord",
    "swell", "gong",
}  # fmt: skip
PLACED_ALONE = {"throughout", "here", "there", "please", "pls", "on", "and", "as", "when"}


@dataclass
class Reading:
    """What the tokens up to `place` change, and what the clause around it is about."""

    tokens: Tokens
    place: int = 0
    controls: dict[str, float] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    players: Players = field(default_factory=Players)
    where: Place | None = None
    unknown: dict[str, None] = field(default_factory=dict)
    flags: dict[str, None] = field(default_factory=dict)
    clause: Clause | None = None
    """What the clause is about; None before its first word."""
    last_clause: Clause | None = None
    begun: int = 0
    """The clause's first token."""
    sign: float | None = None
    denied: bool = False
    """The sign is a "not"."""
    factor: float = 1.0
    moved: list[tuple[str, float]] = field(default_factory=list)
    """Control changes of the clause."""
    felt: list[Felt] = field(default_factory=list)
    """The feelings that the note has named."""
    blamed_for: list[tuple[str, float]] = field(default_factory=list)
    """What a clause moved that blames somebody."""
    replaced: bool = False
    """What follows is what somebody or something else takes the place of."""
    compared: bool = False
    """What follows is only what it is measured by: "too cheerful for a funeral"."""
    seen: list[tuple[str, float]] = field(default_factory=list)
    """What the last clause about the picture would move, were it said of the music."""
    slower: bool | None = None
    elsewhere: dict[str, float] = field(default_factory=dict)
    """What was moved at a place that another one has taken the place of."""
    signed_to: int = -1
    """The token after the last sign."""
    held_to: int = -1
    """The token after the last that is only to stay as it is."""
    measure: Measure | None = None
    """How the clause measures one thing by another."""
    along: dict[str, float] = field(default_factory=dict)
    """What was moved by words that move more than one thing."""
    spoken_of: dict[str, float] = field(default_factory=dict)
    """Which way the last feeling that was named takes each control, wanted or not."""
    kept_tempo: float | None = None
    """What "keep it slow" would make of the tempo, if nothing else is asked for."""
    kept: list[tuple[str, float]] = field(default_factory=list)
    """What "keep it sad" would move, if nothing else is asked for."""
    """Which way the clause moves the tempo; None while it does not."""

    def _said(self, more: int) -> str:
        """The word so many places on, or back."""
        return said_at(self.tokens, self.place + more)

    def _so_far(self) -> list[str]:
        """The clause up to here."""
        return [said_at(self.tokens, at) for at in range(self.begun, self.place)]

    def _ahead(self) -> list[str]:
        """The rest of the clause."""
        ends = self.place + 1
        while ends < len(self.tokens) and not ends_at(self.tokens, ends):
            ends += 1
        return [said_at(self.tokens, at) for at in range(self.place + 1, ends)]

    def _closes(self, more: int) -> bool:
        """True where the clause ends so many tokens on."""
        at = self.place + more
        return at >= len(self.tokens) or ends_at(self.tokens, at) or joins_at(self.tokens, at)

    def _moved_so_far(self, name: str) -> float:
        return self.controls.get(name, 0.0) + sum(amount for moved, amount in self.moved if moved == name)

    # Whom the clause names.

    def _calls(self) -> bool:
        """True for a clause that is players' names and nothing else."""
        at, named = self.begun, False
        while at < self.place:
            found = phrase_at(self.tokens, at)
            plays = found is not None and found.says is Says.INSTRUMENT
            if not plays and self.tokens[at].said not in _BETWEEN_NAMES:
                return False
            at += found.tokens if found is not None and plays else 1
            named = plays
        return named

    def _has_the_tune(self) -> bool:
        """ "The tune should be on the guitar"."""
        first = next((at for at in range(self.begun, self.place) if plays_at(self.tokens, at)), self.begun)
        led = self._so_far()[: first - self.begun]
        before = led[-2:-1] if led[-1:] in (["the"], ["a"], ["an"]) else led[-1:]
        placed = bool(before) and before[0] in {"on", "in", "to"} and bool(_TUNES & set(led))
        return placed and self.clause is Clause.WISH and not self.moved

    def _asked_for_one(self) -> bool:
        """ "A mournful cello at the end": a player and how it is to sound, with no word that it is there already."""
        first = next((at for at in range(self.begun, self.place) if plays_at(self.tokens, at)), self.place)
        named = phrase_at(self.tokens, first)
        led = [said_at(self.tokens, at) for at in range(self.begun, first)]
        plain = self.clause is Clause.WISH and not (self.players.verb or self.denied or self.sign is not None)
        if not plain or named is None or led[:1] not in (["a"], ["an"], ["some"]) or len(led) > _MOST_LED:
            return False
        if any(one in change_table().grammar["people"] | change_table().grammar["wishes"] for one in led):
            return False
        rest = self._so_far()[first - self.begun + named.tokens :]
        rest = rest[1:] if rest and rest[0] in {*MOMENTS, "line", "tune", "solo", "figure"} else rest
        placed = not rest or rest[0] in change_table().grammar["during"] | PLACED_ALONE
        compared = any(compares(word) for word in led)
        return placed and not compared and not set(rest) & change_table().grammar["verbs"]

    def _measures_others(self) -> bool:
        """ "The bells are louder than the flute" is about the bells."""
        so_far = self._so_far()
        against = {"than", "against", "compared"} & set(so_far[-3:]) or so_far.count("as") > 1
        return self.players.anyone and not self.players.verb and bool(against)

    # Two feelings.

    def _outdone(self, new: Felt) -> set[str]:
        """What the new feeling leaves as it is for the sake of one before it; and the other way round, taken back."""
        outdone: set[str] = set()
        for old in self.felt:
            for name, new_holds in contested(new, old):
                if new_holds:
                    self._take_back(name, old.amounts.get(name, 0.0))
                else:
                    outdone.add(name)
        return outdone

    def _take_back(self, name: str, amount: float) -> None:
        if (name, amount) in self.moved:
            self.moved.remove((name, amount))
        elif self.controls.get(name, 0.0) * amount > 0:
            self.controls[name] -= amount

    def _than_feeling(self) -> bool:
        """True before the second of "more wistful than tragic"."""
        ahead = 1 + (self._said(1) in {"a", "an", "just", "merely", "outright"})
        found = phrase_at(self.tokens, self.place + ahead)
        return found is not None and found.says is Says.MOOD and self._said(0) == "than"

    # Which way, and whether at all.

    @property
    def _way(self) -> float:
        """Which way a word moves: as the sign says, else its own way, or the other where it is complained of."""
        if self.measure is not None and self.place < self.measure.until:
            return self.measure.way
        if self.clause is not Clause.COMPLAINT:
            return self.sign or 1.0
        # "It isn't dark" wants it darker, and "it was faster" wants that back.
        if self._compares and self.sign is None and _GETS & set(self._so_far()):
            # "It keeps getting louder."
            return -1.0
        if self.denied or (self._compares and self.sign is None):
            return -1.0 if self._measured else 1.0
        return self.sign or -1.0

    @property
    def _measured(self) -> bool:
        """ "It's sadder than the scene", but "it was sadder than this"."""
        ahead = takewhile(lambda at: not ends_at(self.tokens, at), range(self.place, len(self.tokens)))
        than = "than" in {said_at(self.tokens, at) for at in ahead}
        return than and not self.denied and not {"was", "were"} & set(self._so_far())

    @property
    def _compares(self) -> bool:
        return compares(self._said(0))

    @property
    def _holds(self) -> bool:
        """What is named is only to stay as it is: "same tempo", "keep the mood", "louder, but not busier"."""
        before = self._said(-1)
        asked_at_all = bool(self.controls or self.moved or self.values or self.players.lists)
        if self.measure is not None:
            return False
        if before in change_table().grammar["stays"] and self.denied:
            # "It can't stay cheerful."
            return False
        if before in change_table().grammar["stays"]:
            # "It's still nervous" says what is wrong.
            return self.clause is not Clause.COMPLAINT
        if before in {"less", "more"} and self._said(-2) == "no":
            # "Sadder, but no less energetic."
            return before == "less" or bool(self.controls)
        if self._kept_so or (self.clause is Clause.WISH and "still" in self._so_far()[-4:] and asked_at_all):
            # "Happier than this, though still with some tension."
            return True
        if (
            before == "as"
            and self._said(1) == "as"
            and self.place - self.begun == 1
            and (self._said(2) in _AS_NOW or self._said(3) in _AS_BEFORE)
        ):
            # "As sad as now, but with less going on."
            return True
        measured = self._said(1) == "as" or self._said(-2) == "just"
        as_can = self._said(2) in {"possible", "you", "they", "a", "an"} and self._said(-2) != "just"
        asked = bool(self.controls or self.moved or "tempo_factor" in self.values)
        if before == "as" and self.sign is None and measured and not as_can and asked:
            # "Sadder, but just as loud."
            return True
        if self.players.verb == "keep" and before in {"the", "that", "this", "how", "losing"}:
            # "Keep the suspense up" asks for it, and "leave the hope out" is rid of it.
            return not {"up", "out", "down", "low", "high", "climbing", "rising", "building", "growing"} & {
                self._said(1),
                self._said(2),
            }
        if self.denied and before in _BECOMES | (_GETS if asked_at_all else set()):
            # "It must not become sad", "slower, but without it getting sleepy".
            return True
        if self.replaced and self._compares and before in {"of", "than"}:
            # "Sparser instead of softer."
            return True
        if (
            self._compares
            and _NOT_SO & set(self._so_far())
            and ((asked_at_all and before != "not") or (self._just_follows and not asked_at_all))
        ):
            # "I don't want it any louder", "without the whole thing getting louder", "nothing louder".
            return True
        # "Not darker" asks for brighter, but "louder, not darker" and "don't get darker" do not.
        moved = bool(self.controls or self.moved or "tempo_factor" in self.values)
        return self.denied and (self._compares or before == "more") and (moved or before != "not")

    def _spare(self) -> None:
        """ "More energy, but no louder": what came along with something else is left as it is."""
        for name in change_table().controls.get((self._said(0),), {}):
            amount = self.along.pop(name, 0.0)
            if amount and self.controls.get(name, 0.0) * amount > 0:
                self.controls[name] -= amount
            self._take_back(name, amount)

    def _stays(self, taken: int, moves: dict[str, float]) -> bool:
        """True where the next so many tokens are only to stay as they are, "still slow and soft" both."""
        self.spoken_of = moves or self.spoken_of
        goes_on = self._said(-1) in {"and", "or"} and self.held_to == self.place - 1
        if not (self._holds or (goes_on and not self._compares)):
            return False
        self.held_to = self.place + taken
        keeps = (
            self.players.verb == "keep"
            and {"keep", "lose", "don't"} & set(self._so_far())
            and not {"intensity", "density"} & moves.keys()
        )
        if (self._said(-1) in _STAYS or keeps) and self.clause is Clause.WISH:
            # "The ending should stay unresolved."
            self.kept += [(name, way * STEP) for name, way in moves.items()]
        self._spare()
        return True

    @property
    def _just_follows(self) -> bool:
        """ "I don't want it any sadder, just softer"."""
        ahead = [said_at(self.tokens, self.place + more) for more in range(1, 4)]
        fuller = self._said(-1) == "not" and compares(ahead[1])
        return ahead[0] == "," and (fuller or ahead[1] in {"just", "only", "simply"})

    @property
    def _by_and_by(self) -> bool:
        """ "Slowly turn the screws": not how fast it is played."""
        beside = {*self._so_far(), self._said(1)}
        return bool(beside & _COMES_SLOWLY)

    @property
    def _kept_in(self) -> bool:
        """ "It stays in minor"."""
        return self._said(-1) == "in" and self._said(-2) in change_table().grammar["stays"]

    @property
    def _kept_so(self) -> bool:
        """ "Brighter, but keep it quiet": it is quiet."""
        so_far = [word for word in self._so_far() if word not in {"do", "please", "still", "just"}]
        asked = bool(self.controls or "tempo_factor" in self.values or "register" in self.values)
        return asked and so_far[:1] in (["but"], ["and"]) and so_far[1:3] == ["keep", "it"] and not self._compares

    @property
    def _of_the_scene(self) -> bool:
        """ "busier in the chase", "the strings under the battle": what the picture shows."""
        words = change_table().grammar
        if self.signed_to == self.place:
            # "Lean into the sadness."
            return False
        return not self._compares and self._said(-1) in words["placed_by"] and self._said(-2) in words["during"]
