"""What a note says in numbers: where in the cue, and how many bars."""

from dataclasses import dataclass

from hitpoint.score.direction_change import Place
from hitpoint.score.direction_change_beginnings import Clause
from hitpoint.score.direction_change_joints import ends_at, plays_at
from hitpoint.score.direction_change_pace import Pacing
from hitpoint.score.direction_change_phrases import longest
from hitpoint.score.direction_change_places import after, all_but, bars_more_at, between, place_at, until
from hitpoint.score.direction_change_reading import MOMENTS
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import said_at
from hitpoint.score.direction_numbers import number_at
from hitpoint.score.direction_words import Phrase
from hitpoint.timeline.meter import Meter

_BEGINS = {
    "open": (0.0, 0.25),
    "begin": (0.0, 0.25),
    "start": (0.0, 0.25),
    "close": (0.75, 1.0),
    "finish": (0.75, 1.0),
    "end": (0.75, 1.0),
}
_ONE_BAR = {
    "lose": -1,
    "cut": -1,
    "drop": -1,
    "trim": -1,
    "shorter": -1,
    "less": -1,
    "add": 1,
    "longer": 1,
    "more": 1,
    "extra": 1,
}
_IN = {
    "three": (3, 4),
    "3": (3, 4),
    "four": (4, 4),
    "4": (4, 4),
    "five": (5, 4),
    "5": (5, 4),
    "six": (6, 8),
    "seven": (7, 8),
}
_AFTER, _UNTIL, _SPANS = (
    {"after", "past", "beyond", "following"},
    {"until", "till", "before"},
    {"to", "until", "through"},
)
_LED_BY, _BY_ITSELF = {"a", "the", "an", "some", "my"}, {"solo", "lone", "single", "just", "only", "nothing", "but"}
_LONGEST_SPAN = 6
"""Words from "from the middle" to "the end". Our choice."""
_LONGEST_PLACE = 4
"""Words in "bars 5 to 8". Our choice."""
_HALVES = ((0.0, 0.5), (0.5, 1.0))
_OTHER = {"first", "second"}
_THEY, _AS_SUBJECT = {"they", "he", "she", "people"}, 3
_REMOVED = {"remove", "take", "cut", "strip", "delete", "get", "pull", "removed", "taken", "gone"}
_DONE = {("opens",), ("starts",), ("begins",), ("ends",)}
_IT_IS = {"it's", "this", "that's"}
_DOES = {"the", "a", "an", "his", "her", "up"}
_HALFWAY = {"halfway", "halfway through", "midway", "midpoint", "mid way", "halfway in"}
_SAVED = {"save", "saving", "reserve", "keep", "hold"}
_CUTS = {"cut", "lose", "remove", "delete", "chop", "take", "drop", "trim"}
_POINTS = {"point", "moment", "bar", "place"}
_THERE = {"from": {"there", "then", "here"}, "after": {"that", "it", "this", "which"}}
_ARTICLES = {"a", "an", "the", "very"}


@dataclass
class Counting(Pacing):
    """A reading that knows its numbers."""

    placed: int = -1
    """The token that named the place."""

    entered: int = -1
    """The first token of the last clause that brought somebody in or sent somebody away."""
    cast: int = 0
    """How many had been brought in or sent away before it."""

    def _note_entrance(self) -> None:
        """Remember that the clause which ends here brings somebody in, or sends somebody away."""
        cast = sum(len(self.players.lists.get(to, ())) for to in ("add", "drop", "only"))
        if cast > self.cast:
            self.entered = self.begun
        self.cast = cast

    def _the_rest_of(self, place: Place | None) -> Place | None:
        """What comes after that place, where it is the cue's beginning."""
        if place is not None and place.first_bar == 1 and place.last_bar is not None:
            return Place(f"from bar {place.last_bar + 1}", None, place.last_bar + 1)
        if place is None or place.share is None or place.share[0] > 0.0:
            return None
        return after(place) if place.words.startswith("until") or place.share[1] > 0.25 else None

    def _stays_in(self) -> None:
        """Who comes in "at bar 12" or "halfway through" plays on from there, though a hit is over with the bar."""
        place = self.where
        if place is not None and self.entered >= 0 and place.words in _HALFWAY:
            self.where = Place(f"from {place.words}", (0.5, 1.0))
            return
        if place is None or place.first_bar is None or place.first_bar != place.last_bar or self.entered < 0:
            return
        first, last = sorted((self.placed, self.entered))
        apart = any(self.tokens[at].said in {".", "!", "?", ";"} for at in range(first, last))
        apart = apart and said_at(self.tokens, self.placed - 2) not in {"start", "enter", "in", "begin", "join"}
        hit = MOMENTS & {token.said for token in self.tokens}
        if said_at(self.tokens, self.placed - 1) in {"at", "around", "about"} and not apart and not hit:
            self.where = Place(f"from {place.words}", None, place.first_bar)

    def _only_there(self) -> bool:
        """ "Guitar in the first half only": it is the place that is the only one."""
        there = self.begun <= self.placed < self.place and self.place - self.placed <= _LONGEST_PLACE
        there = there and not plays_at(self.tokens, self.place - 1)
        if there and self.clause is Clause.WISH and not (self.moved or self.players.verb):
            self.players.put_named("add")
        return there

    def _in_relation(self, place: Place) -> Place:
        """The place that "after", "until" or "from … to" before it makes of one."""
        before = {self._said(-1), self._said(-2)} if self._said(-1) in _ARTICLES else {self._said(-1)}
        if before & _SPANS and self.where is not None and 0 < self.place - self.placed <= _LONGEST_SPAN:
            led = {said_at(self.tokens, self.placed - back) for back in range(3)}
            span = between(self.where, place) if "from" in led else None
            if span is not None:
                self.where = None
                return span
        if "to" in before and "up" in {self._said(-2), self._said(-3)}:
            return until(place)
        if before & _AFTER:
            return after(place)
        return until(place) if before & _UNTIL else place

    def _where(self) -> int:
        found = place_at(self.tokens, self.place)
        if found is None:
            return self._begins_so() or self._the_rest() or self._other_half() or self._from_there()
        place, bar = found[0], found[0].first_bar or 0
        one_bar = bar == place.last_bar
        enters = {"at", "in"} if self.players.lists.get("add") else {"at"}
        led = next((word for back in range(1, 4) if (word := self._said(-back)) not in _ARTICLES), "")
        if bar < 0 and (led in _UNTIL or (led == "to" and "up" in self._so_far()[-4:])):
            # "Until the very last bar" is nearly all of it.
            return found[1]
        if one_bar and bar > 1 and said_at(self.tokens, self.begun) in _UNTIL:
            # "Until the door slams at bar 8."
            place = Place(f"until bar {bar}", None, 1, bar - 1)
        elif one_bar and self.clause is Clause.SCENE and self._said(-1) in enters:
            # "When the villain walks in at bar 9."
            place = Place(f"from {place.words}", None, bar)
        self._at(place)
        return found[1]

    def _named_place(self, phrase: Phrase) -> None:
        """ "At the opening", but not "opening the door" and not "it's the finale"."""
        if change_table().places[phrase] == (0.0, 1.0):
            # "Throughout" is no place.
            return
        following = said_at(self.tokens, self.place + len(phrase))
        words = change_table().grammar
        if phrase[-1] in words["done_too"] and (following in _DOES or following.endswith("ing")):
            return
        if phrase == ("up", "top") and self.clause is Clause.COMPLAINT:
            # "It's squeaking about up top."
            return
        if phrase in _DONE and self.place > self.begun and self._said(-1) not in words["music"] | {"and"}:
            # "When he opens that letter".
            return
        so_far = self._so_far()
        if (
            self.clause is Clause.SCENE
            and so_far[:1]
            and so_far[0] in _IT_IS
            and not words["during"] & set(so_far[-3:])
        ):
            # "It's the series finale."
            return
        if following == "c" and phrase[-1] == "middle":
            # "Everything above middle C."
            return
        if phrase == ("from", "the", "middle") and self.players.lists.get("drop") and _REMOVED & set(so_far):
            # "Remove it from the middle", though "drop it from the middle on".
            phrase = phrase[2:]
        elif phrase == ("from", "the", "middle") and so_far[:1] in (["take"], ["remove"]):
            self.players.put_named("drop")
            phrase = phrase[2:]
        if phrase[-1] in words["done_too"] and self._said(-1) in _THEY:
            # "So they start chapter two."
            return
        praised = self.clause is Clause.SCENE and self.place - self.begun < _AS_SUBJECT and following in words["verbs"]
        if (praised and self.where is not None) or (phrase[-1] == "bit" and following == "of"):
            # "Bigger at the end, the start's fine", "the last bit of hope".
            return
        self._at(self._in_relation(Place(" ".join(phrase), change_table().places[phrase])))

    def _begins_so(self) -> int:
        """ "Begin calm", "open quietly": what the clause's first word says of where."""
        where = _BEGINS.get(self._said(0))
        after = self._said(1)
        words = change_table().grammar
        if (
            where is None
            or self._said(-1) == "so"
            or set(self._so_far())
            - words["hedges"]
            - {
                "it",
                "can",
                "we",
                "could",
                "should",
                "to",
                "let's",
            }
        ):
            return 0
        led = 1 + (after in {"it", "this"})
        if self._said(led) in {"on", "with"}:
            first = self.place + led + 1
            while said_at(self.tokens, first) in _LED_BY | _BY_ITSELF:
                first += 1
            if plays_at(self.tokens, first):
                # "Finish with the choir", "end it on a lone clarinet".
                self._at(Place(self._said(0), where))
                alone = _BY_ITSELF & {said_at(self.tokens, at) for at in range(self.place, first)}
                self.players.verb = "only" if alone else "add"
                return first - self.place
            return 0
        if after in words["placed_by"] or after in words["during"] | words["verbs"] | {
            "up",
            "on",
            "off",
            "with",
            "",
            "of",
        }:
            return 0
        self._at(Place(self._said(0), where))
        return 1

    def _the_rest(self) -> int:
        """ "The first two bars are perfect, the rest is too loud"."""
        asked = self.moved or self.values or self.players.lists or any(self.controls.values())
        if self.where is None or (self._said(0), self._said(1)) != ("the", "rest") or asked:
            return 0
        if self._said(2) not in change_table().grammar["verbs"] | {"should", "could", "needs", "can", "of", "wants"}:
            return 0
        rest = all_but(self.where)
        if rest is None:
            return 0
        self._at(rest)
        return 2

    def _from_there(self) -> int:
        """ "He finds it in bar 14: from there, distrust", "right in the first half, but after that too jolly"."""
        place, led = self.where, self._said(0)
        point = self._said(1) in {"that", "this"} and self._said(2) in _POINTS
        begins = led != "after" or not set(self._so_far()) - change_table().grammar["hedges"]
        if self._said(-1) in {"go", "happens", "comes"}:
            # "We've got nowhere to go after that."
            return 0
        if place is None or not begins or not (point or self._said(1) in _THERE.get(led, set())):
            return 0
        first, last = place.first_bar, place.last_bar
        if led in {"in", "at", "for"} and self._said(2) == "bar" and first is not None:
            self.where = Place(f"bar {first}", None, first, first)
        elif led == "from" and first is not None:
            # "By bar 6" and "until bar 6" both come to it.
            first = int(place.words.split()[-1]) if place.words.startswith("until") else first
            self.where = Place(f"from bar {first}", None, first)
        elif led in _THERE:
            self.where = Place(f"after bar {last}", None, last + 1) if last else after(place)
        else:
            return 0
        self.placed = self.place
        return 2 + point

    def _other_half(self) -> int:
        """ "The first half is fine, the second needs more drive"."""
        if (
            self.where is None
            or self.where.share not in _HALVES
            or self._said(-1) != "the"
            or self._said(-2) in {"than", "as"}
        ):
            return 0
        if self._said(0) not in _OTHER or longest(self.tokens, self.place, change_table().places)[1]:
            return 0
        half = _HALVES[1] if self._said(0) == "second" else _HALVES[0]
        if self.where.share == half:
            return 0
        after = self._said(1)
        if after and not (
            ends_at(self.tokens, self.place + 1)
            or after in change_table().grammar["verbs"] | {"should", "could", "needs", "wants", "can", "one", "half"}
        ):
            return 0
        self._at(Place(f"{self._said(0)} half", half))
        return 1

    def _at(self, place: Place) -> None:
        before = [self._said(-back) for back in (1, 2, 3, 4)]
        everywhere = {"everywhere", "apart"} & {*before, *self._so_far()}
        led = [word for word in before if word not in _ARTICLES | {"in", "at", "from", "during"}]
        but = led[:1] == ["but"] and led[1:2] in (["all"], ["everything"], ["everywhere"]) and led[2:3] != ["it"]
        if but and led[1] == "everything":
            # "Everything but scary" is not scary; here it only says where.
            self.sign = None
        if led[:1] == ["not"] or but or everywhere or ("except" in before and (self.moved or self.controls)):
            # "Louder, but not in the first half", "all but the last two bars", "quieter, except at the end".
            self.where = self.where or all_but(place)
            return
        if self.where is not None and "than" in before:
            # "Sadder at the start than at the end."
            return
        if "for" in before and _SAVED & set(self._so_far()) and self.players.verb == "drop":
            # "Save the trumpets for the last eight bars."
            self.players.take_again("add")
        if self.where not in (None, place):
            # "Start happy, then get dark in the second half."
            said_there = self.moved if self.placed >= self.begun else []
            for name, amount in said_there:
                self.controls[name] = self.controls.get(name, 0.0) + amount
            self.elsewhere, self.moved = dict(self.controls), [] if said_there else self.moved
            self.flags["two places are named and the last one holds: write a note for each"] = None
        self.where, self.placed = place, self.place

    def _length_step(self) -> int:
        one = (
            {"a", "one", "another"} & {self._said(0)}
            and self._said(1) in {"bar", "measure"}
            and self._said(2) not in {"of", "or"}
        )
        led = set(self._so_far()) if self._said(-1) == "by" else set()
        way = (
            (1 if {"extend", "lengthen"} & led else -1 if {"shorten", "trim"} & led else 0)
            or _ONE_BAR.get(self._said(-2 if self._said(-1) == "by" else -1))
            or _ONE_BAR.get(self._said(2))
            or (1 if self._said(0) == "another" else None)
            or (-1 if self._said(-1) == "take" and self._said(2) in {"out", "off"} else None)
        )
        if one and way:
            # "Lose a bar", "a bar longer".
            self.values["bars_more"] = way
            return 2 + (self._said(2) in _ONE_BAR)
        if (
            self._said(-1) == "in"
            and self._said(0) in _IN
            and (self._said(1) in {"", ".", "?", "instead", "please", "time", "then", "now", "!", ","})
        ):
            # "Try it in three."
            self.values["meter"] = Meter(*_IN[self._said(0)])
            return 1
        cut = self._said(-2 if self._said(-1) == "out" else -1) in _CUTS
        if self._said(0) in {"bars", "measures"} and cut and not self.players.anyone:
            # "Take out bars 9 to 12", but "cut bars 9 to 12 down".
            found = place_at(self.tokens, self.place)
            first, last = (found[0].first_bar, found[0].last_bar) if found is not None else (None, None)
            if found is not None and first is not None and last is not None and self._closes(found[1]):
                self.values["bars_more"] = first - last - 1
                return found[1]
        if self._said(0) in {"last", "final", "first", "opening", "closing"} and {
            "lose",
            "cut",
            "drop",
            "trim",
            "chop",
        } & set(self._so_far()[-2:]):
            # "Lose the last two bars."
            counted = number_at(self.tokens, self.place + 1)
            if counted is not None and said_at(self.tokens, self.place + 1 + counted[1]) in {"bars", "measures"}:
                self.values["bars_more"] = -int(min(counted[0], 999))
                return counted[1] + 2
        more = bars_more_at(self.tokens, self.place)
        if more is None:
            return 0
        self.values["bars_more"] = more[0]
        return more[1]
