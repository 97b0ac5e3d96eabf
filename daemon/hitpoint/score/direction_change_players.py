"""Who is brought in, sent away, held back or brought forward by a note: the instruments and the verbs about them."""

from dataclasses import dataclass, field

from hitpoint.score.direction_change_phrases import longest
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Says, Tokens, said_at
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_words import Phrase

_INSTEAD, _ONLY, _SOLO = ("instead",), ("only",), ("solo",)
_SWAPPED = {("with",), ("for",), ("by",), ("to",)}
_WHERE_OR_WHAT = {("in",), ("under",), ("behind",), ("present",)}
_PULLED = {"pull", "hold"}
_COMES = {"come", "comes", "enter", "start", "play"}
_OWNERS = {"my", "our", "the", "a", "your"}


@dataclass
class Players:
    """What happens to whom, clause by clause."""

    lists: dict[str, dict[str, None]] = field(default_factory=dict)
    """Names in the order in which they were said, by what happens to them: add, drop, only, softer, louder."""
    verb: str = ""
    """What happens to those who are named next."""
    named: list[str] = field(default_factory=list)
    """Those of the clause to whom nothing happens yet."""
    last: list[str] = field(default_factory=list)
    """Those of the last clause that names any: "them"."""
    kept: list[str] = field(default_factory=list)
    blamed: list[str] = field(default_factory=list)
    """Those of a clause that says what is wrong, for an "instead" to come."""
    anyone: bool = False
    """True once somebody is named in the clause."""

    def put(self, to: str, names: list[str]) -> None:
        """That happens to them."""
        if names:
            self.lists.setdefault(to, {}).update(dict.fromkeys(names))

    def put_named(self, to: str) -> None:
        """That happens to those named in the clause."""
        self.put(to, self.named)
        self.named = []

    def name(self, name: str, sign: float | None) -> bool:
        """An instrument is said. sign: of "more" or "less" before it. Returns True when the verb is about it."""
        if not self.anyone:
            self.last, self.anyone = [], True
        self.last.append(name)
        if self.verb == "keep":
            self.kept.append(name)
        elif self.verb:
            self.put("drop" if self.verb == "swap" else self.verb, [name])
            return self.verb != "swap"
        elif sign is not None:
            # "more strings", "less brass".
            self.put("add" if sign > 0 else "softer", [name])
        else:
            self.named.append(name)
        return False

    def is_verb(self, phrase: Phrase, tokens: Tokens, place: int, begun: int) -> bool:
        """ "with", "for" and "by" are joints of a swap; elsewhere they are small words, but "with" brings in."""
        to = change_table().players[phrase]
        if len(phrase) == 1 and to == "drop" and said_at(tokens, place - 1) in _OWNERS:
            # "My cut is faster."
            return False
        if phrase == _ONLY and said_at(tokens, place + 1) in _COMES:
            # "The choir should only come in at the end."
            return False
        following = phrase_at(tokens, place + 1)
        before_one = following is not None and following.says is Says.INSTRUMENT and place > begun
        if phrase == _SOLO and (self.verb == "add" or self.named or before_one):
            # "add a solo oboe" sends nobody away.
            return False
        return to != "swapped" or (self.verb == "swap" and phrase in _SWAPPED)

    def take_verb(self, to: str) -> None:
        """What happens to those who come next, and, after "only" and "hear", to those who came before."""
        if to == "rest":
            # "keep the strings, drop everything else".
            if self.verb == "drop":
                self.put("only", self.kept)
            return
        if self.verb == "swap":
            to = "add"
        if to == "only" and not self.named and self.verb == "add":
            # "Try it with the cello only."
            self.named = self._taken_from("add")
        if to in {"only", "louder"}:
            # "strings only", "the horns, I can't hear".
            self.put_named(to)
        self.verb = to

    def take_place(self, phrase: Phrase) -> None:
        """ "a harp instead of the guitar"; or "the trumpet's cheesy, use a guitar instead", "give the oboe's line to a
        cello instead"."""
        if phrase != _INSTEAD:
            self.put_named("add")
            self.verb = "drop"
            return
        if self.blamed:
            self.put("drop", self.blamed)
            self.blamed = []
            self.put("add", self.named[-1:])
        elif self.lists.get("add"):
            self.put("drop", self.named)
        else:
            self.put("drop", self.named[:-1])
            self.put("add", self.named[-1:])
        self.named = []

    def take_again(self, to: str) -> None:
        """That happens to those named last: "push them", "nothing else"."""
        self._taken_from("add")
        self.put(to, self.last)
        self.named = []

    def _taken_from(self, to: str) -> list[str]:
        """Those named last to whom that was to happen, and now does not."""
        names = self.lists.get(to, {})
        return [name for name in self.last if names.pop(name, "") is None]

    @property
    def gone(self) -> bool:
        """True when those named last are sent away already: "pull the percussion, it's distracting"."""
        return bool(self.last) and set(self.last) <= self.lists.get("drop", {}).keys()

    def after(self, tokens: Tokens, place: int, begun: int) -> int:
        """ "take the drums out", "have the horns come in", "the flute has to go": what comes after whom it is about.

        Returns the tokens that it took; 0 for none.
        """
        words = change_table()
        # "Keep the drums out until bar 5."
        who = list(self.last) if self.verb == "keep" and self.anyone else self.named
        if not who:
            return self._pulled_back(tokens, place, begun)
        phrase, taken = longest(tokens, place, words.after)
        if phrase in _WHERE_OR_WHAT and said_at(tokens, place + 1) in words.grammar["placed_by"]:
            return 0
        if "octave" in {said_at(tokens, place + 1), said_at(tokens, place + 2)}:
            return 0
        if not taken or longest(tokens, place, words.places.keys() | words.masking)[1] > taken:
            return 0
        self.kept = [name for name in self.kept if name not in who]
        self.put(words.after[phrase], who)
        self.named = []
        return taken

    def _pulled_back(self, tokens: Tokens, place: int, begun: int) -> int:
        """ "Pull the strings back" sends nobody away, though "pull the strings" does."""
        if self.verb != "drop" or said_at(tokens, begun) not in _PULLED or not self.anyone:
            return 0
        after = change_table().after
        phrase, taken = longest(tokens, place, after)
        if after.get(phrase) != "softer":
            return 0
        self.put("softer", self._taken_from("drop"))
        self.verb = ""
        return taken

    def end_clause(self) -> None:
        """The next words are about others."""
        self.verb, self.named, self.anyone = "", [], False
