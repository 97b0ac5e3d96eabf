"""Words of a note into a DirectionChange, clause by clause.

In a clause a sign ("more", "too", "less") holds for what follows it; without one a word moves its own way, or the other
one in a clause that says what is wrong (`direction_change_clauses`). Instruments go where the verb before them says
("lose", "add", "just"), or what comes after them ("out", "has to go"); an instrument beside "louder" or "softer" alone
is balanced.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from hitpoint.errors import ConfigError
from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.score.direction_change import STEP, DirectionChange, Place
from hitpoint.score.direction_change_beginnings import SCARCELY, Clause, doubts_at
from hitpoint.score.direction_change_called import Calling
from hitpoint.score.direction_change_casting import ALONE
from hitpoint.score.direction_change_clauses import clause_at
from hitpoint.score.direction_change_joints import ends_at, joins_at
from hitpoint.score.direction_change_kept import kept_apart
from hitpoint.score.direction_change_measures import measure_at
from hitpoint.score.direction_change_phrases import all_changes, comparative, compares, longest, moves_of, superlative
from hitpoint.score.direction_change_places import all_but
from hitpoint.score.direction_change_spelling import spelled_out
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_change_written import WRITTEN
from hitpoint.score.direction_grammar import match_at
from hitpoint.score.direction_match import Match, Says
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_reader import LONGEST_TEXT, MOST_UNKNOWN
from hitpoint.score.direction_tokens import TokenKind, tokenise
from hitpoint.score.direction_words import Mood, Phrase, table

_ALONE = {ALONE, ("all", "alone"), ("on", "its", "own"), ("on", "their", "own"), ("by", "itself"),
          ("by", "themselves")}  # fmt: skip
_ENOUGH, _FOR, _NO, _OUT, _THAN = ("enough",), ("for",), ("no",), ("out",), ("than",)
_ARTICLES = {"a", "an", "the"}
_FALLS_SHORT = {"not", "nowhere", "nothing"}
_TURNS = {"turn", "turns", "turning", "become", "becomes"}
_NEARER = {"more", "less", "closer", "nearer"}
_OUTRIGHT = {"too", "enough", "overly", "not", "dial", "lose", "no", "isn't"}
_BESIDE = {"over", "above", "under", "below", "beneath", "underneath", "against", "behind", "beside", "alongside"}
_PLAYED_UP = {"twice", "double", "more", "up", "into", "heavy", "hard"}
_MORE, _STILL = ("more",), ("still",)
_NO_MORE = {"add", "need", "want", "not", "any", "even", "be", "get", "don't", "become", "go", "much"}


def read_change(text: str) -> DirectionChange:
    """What `text` asks to change. Raises ConfigError for more than LONGEST_TEXT characters."""
    if len(text) > LONGEST_TEXT:
        raise ConfigError(f"the note has {len(text):,} characters, at most {LONGEST_TEXT:,} can be read. Shorten it.")
    kept = kept_apart(spelled_out(tokenise(text)))
    reader = _Reader(kept.tokens, stays=kept.players)
    while reader.place < len(reader.tokens):
        reader.step()
    change = reader.change(text)
    return change if kept.place is None else _around(change, kept.place)


def _around(change: DirectionChange, kept: Place) -> DirectionChange:
    """The change in all bars but those; told where it has a place of its own, or they are in the middle."""
    rest = all_but(kept)
    if rest is not None and change.place is None and not change.apart:
        return replace(change, place=rest)
    said = f"{kept.words} would not stay as it is: write a note for each side of it, or give --bars"
    return replace(change, flags=(*change.flags, said))


@dataclass
class _Reader(Calling):
    """Goes over the tokens once and keeps what they change."""

    controls_before: dict[str, float] = field(default_factory=dict)
    """As they were before the clause."""
    outright: dict[str, float] = field(default_factory=dict)
    """What was asked for in so many words: "too sleepy", "darker"; a word in passing does not take it back."""
    stays: tuple[str, ...] = ()
    """Players who are to stay as they are."""
    fades: float = 0.0
    """Which way a "fade" before players takes them, where no "in" or "out" follows."""

    def step(self) -> None:
        """Read the next thing."""
        if self.clause is None:
            self._begin_clause()
        elif self.tokens[self.place].kind is TokenKind.SIGN and ends_at(self.tokens, self.place):
            self._end_clause()
            self.place += 1
            return
        elif joins_at(self.tokens, self.place):
            self._end_clause()
            self._begin_clause()
        readers = (
            self._length_step, self._octave_off, self._where, self._tempo_step, self._after, self._again,
            self._felt_moved, self._likened, self._word,
        )  # fmt: skip
        taken = next((count for reader in readers if (count := reader())), 0)
        if not taken:
            match = match_at(self.tokens, self.place)
            self._match(match)
            # "Sounds like Christmas."
            taken = match.tokens if match.says is not Says.CITED else 1
        self.place += taken
        if self.place >= len(self.tokens):
            self._end_clause()

    def change(self, text: str) -> DirectionChange:
        """All that was understood."""
        moved = any(self.controls.values()) or self.meant.moves_any
        nothing = not (self.values or self.players.lists or moved)
        if nothing and (self.barely or self.players.refused):
            # "Drums, please", "not the trumpet".
            self.players.put("add" if self.barely else "drop", self.barely or self.players.refused)
            nothing = False
        if nothing and self.kept_tempo is not None:
            self.values["tempo_factor"] = self.kept_tempo
            nothing = False
        if nothing:
            # "He's exhausted" asks for what is seen, where nothing else is asked for.
            for name, amount in self.kept or self.pictured or self.denied_seen:
                self.controls[name] = self.controls.get(name, 0.0) + amount
        self._stays_in()
        low = {name: -1.0 if least < 0 else least - 1 for name, (least, _) in CONTROL_RANGES.items()}
        controls = tuple(
            (name, max(low[name], min(1.0, round(self.controls[name], 3))))
            for name in CONTROL_RANGES
            if self.controls.get(name)
        )
        names: dict[str, Any] = {to: tuple(names) for to, names in self.players.lists.items()}
        if "key" in self.values:
            self.values.pop("mode", None)
        if self.where is None and self._at_a_hit():
            self.flags["a note knows no hits: name the bars that it is meant for"] = None
        names = self._unswapped(names)
        others = {name for listed in names.values() for name in listed}
        change = DirectionChange(
            text,
            controls,
            keep=tuple(name for name in self.stays if name not in others),
            called=tuple(self._called(others)),
            place=self.where,
            flags=tuple(self.flags),
            unknown=tuple(self.unknown),
            **names,
            **self.values,
        )
        return self.meant.told_apart(change)

    def _begin_clause(self) -> None:
        self.clause = self.last_clause = clause_at(self.tokens, self.place, self.last_clause)
        self.begun, self.pictured_before = self.place, len(self.pictured)
        self.register_before = self.values.get("register")
        if self.meant.last and self._of_others():
            # "The brass less tense, the strings more tense" takes nothing back.
            self.felt = []
        if (
            (self.clause is Clause.COMPLAINT and self._said(0) in {"nobody", "noone", *SCARCELY})
            or (self._said(0), self._said(1)) == ("no", "one")
            or (self.clause is Clause.COMPLAINT and doubts_at(self.tokens, self.place))
        ):
            self.sign, self.denied = -1.0, True
        elif self.clause is Clause.WISH and self._said(0) == "nobody" and self._said(1) in {"should", "must", "needs"}:
            # "Nobody should be crying."
            self.sign = -1.0
        self.measure = measure_at(self.tokens, self.place)
        if self.measure is not None:
            self.clause = Clause.WISH
        self._spoken_of()
        if self.clause is Clause.SCENE:
            self.seen = []

    # Words.

    def _word(self) -> int:
        """A phrase of the change table, or a comparative of a mood."""
        if self._said(0) in _TURNS and self._said(-1) in {"and", "then", "but"} and self._turns():
            # "Start hopeful and turn grim."
            for name, amount in self.moved:
                self.controls[name] = self.controls.get(name, 0.0) + amount
            self.elsewhere, self.moved, self.where = dict(self.controls), [], None
            return 1
        if (
            (self._said(0), self._said(1)) in {("an", "octave"), ("one", "octave")}
            and self.players.verb == "drop"
            and self.players.anyone
        ):
            # "Drop the cello an octave."
            self.values["register"] = -1.0
            self.players.spare()
            return 2
        if (
            self._said(0) in {"tempo", "pace", "speed"}
            and self.sign
            and not self.denied
            and "tempo_factor" not in self.values
            and self.clause is Clause.WISH
            and not {"without", "change", "lose"} & set(self._so_far())
        ):
            # "Raise the tension and the tempo."
            self._tempo(1.1)
            return 1
        ahead = self._leaves_behind() or self._wanted_back()
        if ahead:
            return ahead
        words = change_table()
        filler = longest(self.tokens, self.place, words.fillers)[1]
        phrase, taken = longest(self.tokens, self.place, all_changes())
        if filler == taken and phrase in words.players:
            taken -= not self.players.is_verb(phrase, self.tokens, self.place, self.begun)
        if filler > taken and not (phrase in words.places and self._said(-1) == "the"):
            if self.replaced and self._said(0) in {"i'd", "we'd"}:
                # "Instead of sad I'd like angry."
                self.replaced, self.sign = False, None
            return filler
        plain = phrase_at(self.tokens, self.place)
        if plain is not None and plain.tokens > taken and plain.says in (Says.INSTRUMENT, Says.MOOD, Says.DEGREE):
            # "low strings" is a section, though "low" alone would be no change.
            return 0
        if phrase == ALONE and self.players.verb == "keep":
            # "Leave the volume alone."
            return taken
        if taken and not (phrase in _ALONE and not self._someone_alone()):
            self._take(phrase)
            return taken
        if taken:
            # Nobody is named that could be alone: it is a mood, if it is anything.
            return 0
        most = superlative(self._said(0)) if self.clause is Clause.WISH else ""
        if most and (most,) in words.controls:
            # "Make it the saddest cue in the film."
            self._move(words.controls[most,])
            return 1
        mood = comparative(most or self._said(0))
        if mood is None:
            return 0
        if not self._stays(1, moves_of(mood)):
            self._move(moves_of(mood), mood)
        return 1

    def _take(self, phrase: Phrase) -> None:
        words, players = change_table(), self.players
        if phrase == _ENOUGH:
            self._enough()
        elif phrase == ("only",) and self._closes(1) and self._only_there():
            return
        elif phrase == _THAN and self.moved and _NEARER & set(self._so_far()) and self._than_feeling():
            self._rather_than_feeling()
        elif phrase == _THAN:
            # "Dorian rather than minor", "I'd rather have a cello than a violin".
            self.replaced = True
            if {"rather", "sooner"} & set(self._so_far()):
                # "I'd rather it were mysterious than sad."
                self.sign = -1.0
            if players.verb == "add" and {"rather", "prefer"} & set(self._so_far()):
                players.verb = "drop"
        elif phrase == _FOR and players.verb == "drop" and players.anyone and self._said(1) in {"a", "an", "something"}:
            # "Lose the guitar for something softer, like a harp."
            players.verb, self.compared = "add", True
        elif phrase == _FOR and players.verb != "swap":
            complained = bool(self.moved) and self._way < 0
            # "Too cheerful for a funeral", "double it with bells for some sparkle".
            self.compared = complained or players.verb == "add"
        elif phrase == ("to",) and "prefer" in self._so_far() and self.moved:
            # "I'd prefer sad to angry."
            self.replaced, self.sign = True, -1.0
        elif phrase == ("to",) and "prefer" in self._so_far() and players.verb == "add":
            # "I'd prefer a flute to the oboe."
            players.verb = "drop"
        elif phrase in words.places:
            self._named_place(phrase)
        elif self.clause is Clause.SCENE and not self._orders(phrase):
            self._see(words.controls.get(phrase, {}))
        elif phrase[0] in words.grammar["let_go"] and self.moved and self._falls(phrase):
            self.moved = [(name, -amount) for name, amount in self.moved]
        elif (
            phrase[-1] == "much"
            and self.moved
            and not (players.named or self.denied)
            and (self._closes(len(phrase)) or self._said(len(phrase)) in words.grammar["during"])
        ):
            # "The sadness is too much"; a complaint has turned it round already.
            round_about = -1.0 if self.clause is Clause.WISH else 1.0
            self.moved = [(name, round_about * amount) for name, amount in self.moved]
        elif phrase == _MORE and self.denied and self._said(-1) in _NO_MORE:
            # "Happier, but not more hectic."
            return
        elif phrase == _NO and compares(self._said(1)):
            # "Sadder, but no quieter."
            self.sign, self.denied = -1.0, True
        elif phrase in words.players and players.is_verb(phrase, self.tokens, self.place, self.begun):
            self._verb(phrase)
        elif phrase in words.masking and (players.named or phrase not in words.signs):
            self._held_back()
        elif (
            (phrase in words.denials and self._asks_back(phrase))
            or (phrase == _STILL and self._goes_on_so())
            or (phrase in words.endings and "tempo_factor" in self.values and self._goes_along(words.endings[phrase]))
            or (phrase in words.endings and self._moved_by_hand(phrase) and self._mood_sent(words.endings[phrase]))
        ):
            return
        elif phrase in words.endings and self._of_tempo_alone() and self._moved_by_hand(phrase):
            # "Could the tempo come down?"
            self._tempo(1.1 if words.endings[phrase] > 0 else 0.9)
            self._goes_along(words.endings[phrase])
        elif phrase in words.endings and self.moved and self._moved_by_hand(phrase):
            self._turn(words.endings[phrase])
        elif (
            phrase in words.signs
            and self.clause is Clause.COMPLAINT
            and ((phrase[0] in _FALLS_SHORT and phrase[-1] in {"as", "so"}) or self._is_less(phrase))
        ):
            # "It's nowhere near as tense."
            self.sign = 1.0
        elif (
            phrase == ("not",)
            and self._so_far()[:1]
            and self._so_far()[0] in {"would", "could", "should", "can", "might"}
        ):
            # "Would the tune not be nicer an octave up?", but "can it not be so sad?"
            self.sign = -1.0 if self._asks_not_so() else self.sign
        elif phrase == ("isn't",) and self.moved and self._said(1) == "what":
            # "Optimism isn't what this needs."
            self.moved = [(name, -amount) for name, amount in self.moved]
        elif phrase in words.signs and self.denied and self.signed_to == self.place and self._asks_no_more(phrase):
            return
        elif phrase in words.signs and self.replaced and phrase[0] in {"give", "giving"}:
            # "Instead of giving us peace."
            return
        elif phrase in words.signs:
            few = self.clause is Clause.WISH and phrase[0] in SCARCELY
            # "Strip it back, hardly any notes."
            self.sign, self.denied = -1.0 if few else words.signs[phrase], phrase in words.denials
            self.signed_to = self.place + len(phrase)
        elif phrase in words.complaints:
            self._complain(words.complaints[phrase])
        elif not (
            self._stays(len(phrase), words.controls.get(phrase, {})) or self._of_the_scene or self._praised(phrase)
        ):
            self._take_plain(phrase)

    def _match(self, match: Match) -> None:
        if match.says is Says.INSTRUMENT:
            self._call(str(match.value), match.words)
            if self._makes_room() or self._measures_others():
                return
            asked = self.sign if not self.moved and not self.denied else None
            if self.denied and {"not"} == set(self._so_far()) - _ARTICLES:
                # "Use a guitar, not a piano", "clarinet, not oboe", "not the oboe, the clarinet".
                self._refuse()
            before = [word for word in self._so_far()[-2:] if word not in _ARTICLES | {"those", "these", "all"}]
            beside = before[-1:] and before[-1] in _BESIDE
            more = bool(_PLAYED_UP & set(self._so_far()[-3:]))
            near = set(self._so_far()[-2:])
            to = "softer" if {"less", "fewer"} & near else "add" if self._said(-1) in {"a", "an"} else ""
            if self.players.name(str(match.value), match.words, asked, bool(beside), more, to):
                # "Take out the drums and slow it down": the verb has got what it was about.
                self.sign = None
            elif self._said(-1) == "enough" and any(word == "not" or word.endswith("n't") for word in self._so_far()):
                # "Not enough cello."
                self.players.hear_more(str(match.value))
        elif match.says is Says.ARROW and self.players.named and not match.words.isalpha():
            # "Piano → guitar."
            self.players.put_named("drop")
            self.players.verb = "add"
        elif match.says is Says.DEGREE and isinstance(match.value, float):
            # "…, so make it warmer" says why, not how much.
            self.factor *= match.value if (match.words, self.place) != ("so", self.begun) else 1.0
        elif match.says in (Says.MOOD, Says.GENRE) and isinstance(match.value, Mood):
            if self.replaced and match.says is Says.GENRE:
                # "More sparse than the trailer version."
                return
            if self.clause is Clause.SCENE:
                self._see(moves_of(match.value) if match.says is Says.MOOD else {})
            elif not (
                self._told(match)
                or self._stays(match.tokens, moves_of(match.value))
                or self._praised(tuple(match.words.split()))
            ):
                self._move(moves_of(match.value), match.value)
        elif match.says in WRITTEN:
            self._write(match)
        elif match.says is Says.STOP:
            self._end_clause()
        elif match.says is Says.BUT or match.words == "but":
            self.sign, self.factor = None, 1.0
        elif match.says is Says.AND and compares(self._said(1 + self._hedged(1))):
            # "Fewer notes and quieter", "less sad and a bit quicker".
            self.sign, self.denied, self.players.verb = None, False, ""
        elif match.says is Says.UNKNOWN and (match.words,) in table().modes and not self.replaced:
            # "A dorian flavour" is no key of A.
            self.values["mode"] = table().modes[match.words,]
        elif match.says is Says.UNKNOWN and len(self.unknown) < MOST_UNKNOWN:
            self.unknown[match.words] = None

    # Clauses.

    def _asks_no_more(self, phrase: Phrase) -> bool:
        """ "I don't need more volume", "warmer, but don't overdo the volume": what follows only stays as it is."""
        if phrase[-1] == "more" and phrase[0] in {"need", "want"}:
            return True
        asked = bool(self.controls or self.values or self.players.lists)
        self.compared = self.compared or (asked and change_table().signs[phrase] < 0)
        return self.compared

    def _outright(self, said: set[str]) -> bool:
        """True for a clause that says "too" or "more", compares, or says that something is wanted."""
        words = change_table().grammar
        asks = _OUTRIGHT | words["wishes"] | words["hand_wishes"] | words["by_hand"]
        order = self.clause is Clause.WISH and self._so_far()[1:2] == ["it"]
        return order or bool(asks & said) or any(compares(word) for word in said)

    def _end_clause(self) -> None:
        said = set(self._so_far())
        if self.players.verb == "keep" and ("but" in {self._said(0), self._said(1)} or "means" in said):
            # "Keep it gloomy by all means, but …"
            self.moved = []
        if self._only_keeps():
            # "Keep it sad, just less anxious."
            self.kept += self.moved
            self.moved = []
        if {"leave", "keep"} & set(self._so_far()[:2]) and {"rest", "else", "others"} & said:
            # "And leave the rest peaceful."
            self.moved = []
        liked = self._so_far()[-2:] in (["i", "love"], ["i", "like"], ["i", "adore"])
        if self.clause is Clause.COMPLAINT and (self._explains() or liked):
            # "There's a menace in it that I love."
            self.moved = []
        if self.clause is Clause.WISH or self.clause is Clause.COMPLAINT:
            self._say_how_loud(said)
            self._too_much()
        if self.clause is Clause.SCENE and said & change_table().grammar["praise"]:
            # "The suspense is excellent."
            del self.pictured[self.pictured_before :]
            self.seen = []
            if self._so_far()[:1] == ["which"]:
                # "It's sad, which is great."
                self.controls = dict(self.controls_before)
        self.controls_before = dict(self.controls)
        if self._as_seen():
            self.moved = list(self.seen)
        if self.fades and self.players.named and not self.moved:
            self.moved = [("intensity", self.fades * STEP)]
        self.fades = 0.0
        self._balance()
        outright, before, whom = self._outright(said), dict(self.controls), self._whom()
        if self.outright and not outright and self._in_passing():
            self.moved = []
        for name, amount in self.moved:
            if self.outright.get(name, 0.0) * amount < 0 and not outright and self.placed < self.begun:
                # "Too sleepy. Players will nod off."
                continue
            if outright:
                self.outright[name] = amount
            if self.controls.get(name, 0.0) * amount < 0 and self.elsewhere.get(name, 0.0) * amount < 0:
                self.controls[name] -= self.elsewhere.pop(name)
            if self.controls.get(name, 0.0) * amount < 0 and not self.meant.others_only(whom, name):
                self.flags[f"{name} is asked up and down: the last one counts"] = None
                anew = outright and before.get(name, 0.0) * amount < 0
                if anew or abs(amount) >= abs(self.controls[name]):
                    self.controls[name] = 0.0
            self.controls[name] = self.controls.get(name, 0.0) + amount
            self.meant.moves(whom, name, amount)
        self._note_entrance()
        self._of_these_only()
        self.players.end_clause()
        if (
            self.placed >= self.begun
            and said & change_table().grammar["praise"]
            and {self._said(0), self._said(1)} & {"but", "then"}
            and "after" not in {self._said(1), self._said(2)}
            and not self.moved
        ):
            # "Starts well, then gets too soppy", "fine until bar 10, then it gets silly".
            self.where = self._the_rest_of(self.where)
        self.clause, self.sign, self.denied, self.factor, self.moved = None, None, False, 1.0, []
        self.replaced, self.compared, self.slower = False, False, None
