"""What the music is likened to, and what is seen: "it sounds like a funeral", "it's a birthday"."""

from dataclasses import dataclass, field

from hitpoint.score.direction_change import STEP
from hitpoint.score.direction_change_beginnings import Clause
from hitpoint.score.direction_change_casting import Casting
from hitpoint.score.direction_change_phrases import all_changes, longest, moves_of
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_grammar import match_at
from hitpoint.score.direction_match import Says
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_words import Mood

_LIKE = {"like", "giving", "gave", "given", "into", "asked", "hearing", "got", "think", "thinking", "imagine"}
_LED_TO = {"more", "less", "too", "not", "be", "it", "want", "of", "isn't", "proper", "full", "total", "bit", "much"}
_A = {"a", "an", "some", "my", "your", "our", "bloody", "real", "proper", "kids'"}
_LET_SEE = {"not", "isn't", "aren't", "don't", "doesn't", "never", "nobody", "no", "wasn't", "weren't", "didn't"}

_UNAWARE = {"noticed", "notice", "know", "care", "realised", "realise", "heard", "told", "clue", "it", "that"}
MOST_OF_AS_SEEN = 6
"""Words in "and the music really isn't". Our choice."""

_GOES_ON = {"and", "but", "then", "or", "like", "think", "as", "so"}


@dataclass
class Likening(Casting):
    """A reading that knows what a funeral sounds like."""

    pictured: list[tuple[str, float]] = field(default_factory=list)
    """What all that the note tells of the picture would move, were it said of the music."""

    denied_seen: list[tuple[str, float]] = field(default_factory=list)
    """The same of what somebody in the picture is not: "she isn't sad"."""
    pictured_before: int = 0
    """How much of it was told before the clause."""

    def _likened(self) -> int:
        """ "Less car advert", "she's at her birthday party": the tokens it took; 0 for anything else."""
        words = change_table()
        phrase, taken = longest(self.tokens, self.place, words.scenes)
        moves = words.scenes.get(phrase, {})
        if not taken:
            found = phrase_at(self.tokens, self.place)
            if found is None or found.says is not Says.GENRE or not isinstance(found.value, Mood):
                return 0
            moves, taken = moves_of(found.value), found.tokens
        if self.clause is not Clause.SCENE and longest(self.tokens, self.place, words.complaints)[1] >= taken:
            # "It's in a hurry."
            return 0
        if any(longest(self.tokens, self.place, other)[1] > taken for other in (all_changes(), words.fillers)):
            return 0
        if self.clause is Clause.SCENE:
            self._see(moves)
            return taken
        if not self._likens():
            return 0
        self._liken(moves)
        return taken

    def _liken(self, moves: dict[str, float]) -> None:
        for name, way in moves.items():
            amount = way * self._way * STEP * self.factor
            # "Hopeful, not a victory lap."
            if not (self.denied and amount * self._moved_so_far(name) < 0):
                self.moved.append((name, amount))
        self.factor = 1.0

    def _likens(self) -> bool:
        """True where what comes next is what the music is, or should be, like."""
        words, so_far = change_table().grammar, self._so_far()
        if self.compared:
            return False
        liked = set(so_far) & _LIKE - (
            {"like"}
            if so_far[:3] in (["i", "feel", "like"], ["we", "feel", "like"], ["i'd", "like"])
            or so_far[:2] == ["i'd", "like"]
            else set()
        )
        if liked or {"if", "though"} & set(so_far[1:3]) or (self.denied and self.clause is Clause.COMPLAINT):
            return True
        before = [word for word in so_far if word not in _A]
        if so_far[:2] == ["music", "for"]:
            return True
        indefinite = not so_far or so_far[-1] not in words["placed_by"] - _A
        if (
            so_far[-1:] == ["a"]
            and before[-1:]
            and before[-1] in {"it's", "that's", "is"}
            and self.clause is Clause.COMPLAINT
        ):
            # "It's a dirge."
            return True
        return indefinite and bool(before) and before[-1] in _LED_TO

    def _see(self, moves: dict[str, float]) -> None:
        """What people in the picture feel: the music may be asked for it."""
        self.spoken_of = moves or self.spoken_of
        so_far = set(self._so_far())
        unaware = {"know", "told", "tell", "noticed", "realise"} & so_far
        way = -1.0 if _LET_SEE & so_far and not unaware else 1.0
        seen = [(name, amount * way * STEP) for name, amount in moves.items()]
        self.seen += seen
        (self.pictured if way > 0 else self.denied_seen).extend(seen)

    def _as_seen(self) -> bool:
        """ "He's terrified and the music isn't" wants it to be as he is."""
        said, left_open = self._so_far(), change_table().grammar["left_open"]
        if (
            {"don't", "doesn't"} & set(said)
            and {"want", "need", "like"} & set(said)
            and "it" in said[-2:]
            and not self.moved
        ):
            # "There's unease under the love scene and he doesn't want it there."
            self.seen = [(name, -amount) for name, amount in self.seen]
            return True
        left_out = {"hasn't", "doesn't", "not", "haven't", "never", "missed", "isn't"}
        if said[-1:] == ["be"] and {"doesn't", "needn't", "shouldn't"} & set(said) and not self.moved:
            # "The cutting's frantic, so the music doesn't need to be."
            self.seen = [(name, -amount) for name, amount in self.seen]
            return True
        if (
            said[-1:]
            and said[-1] in _UNAWARE
            and left_out & set(said)
            and not self.moved
            and {"music", "cue", "score", "track"} & set(said)
        ):
            # "He's dead and the music hasn't noticed."
            return bool(self.seen)
        if self.clause is not Clause.COMPLAINT or self.moved or not 0 < len(said) <= MOST_OF_AS_SEEN:
            return False
        return said[-1] in left_open or (said[-1] == "it" and bool(left_open & set(said)))

    def _in_passing(self) -> bool:
        """ "Lonelier. One tiny tent, a huge white tundra": what is seen, with no verb, after what is asked."""
        so_far = self._so_far()
        if self.clause is not Clause.WISH or len(so_far) < 2 or so_far[0] in _GOES_ON:
            return False
        last = match_at(self.tokens, self.place - 1)
        known = last.says is not Says.UNKNOWN or longest(self.tokens, self.place - 1, all_changes())[1]
        return not known and not set(so_far) & change_table().grammar["verbs"]

    def _wanted_back(self) -> int:
        """ "The tension has gone, I want it back": the tokens it took; 0 for anything else."""
        said = [self._said(more) for more in range(3)]
        restored = said[0] in {"restore", "rekindle"} and said[1] in {"it", "that"}
        back = said[0] in {"get", "bring", "want", "put", "have"} and said[1] in {"it", "that"} and said[2] == "back"
        named = self.players.last and not self.players.since > 1
        if not (back or restored) or named or not self.spoken_of or self.clause is not Clause.WISH:
            return 0
        for name, way in self.spoken_of.items():
            if self._moved_so_far(name) * way <= 0:
                self.controls.pop(name, None)
                self.moved.append((name, way * STEP * self.factor))
        return 2 if restored else 3
