"""Words of a note into a DirectionChange, clause by clause.

In a clause a sign ("more", "too", "less") holds for what follows it; without one a word moves its own way, or the other
one in a clause that says what is wrong (`direction_change_clauses`). Instruments go where the verb before them says
("lose", "add", "just"), or what comes after them ("out", "has to go"); an instrument beside "louder" or "softer" alone
is balanced.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hitpoint.errors import ConfigError
from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.score.direction_change import STEP, DirectionChange, Place
from hitpoint.score.direction_change_casting import ALONE, Casting
from hitpoint.score.direction_change_clauses import Clause, clause_at, ends_at, joins_at, spelled_out
from hitpoint.score.direction_change_opposites import Felt
from hitpoint.score.direction_change_phrases import all_changes, comparative, compares, longest, moves_of
from hitpoint.score.direction_change_places import bars_more_at, place_at, until
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_grammar import match_at
from hitpoint.score.direction_match import Match, Says, said_at
from hitpoint.score.direction_numbers import number_at
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_reader import LONGEST_TEXT, MOST_UNKNOWN
from hitpoint.score.direction_tokens import TokenKind, tokenise
from hitpoint.score.direction_words import Mood, Phrase, table

_ALONE = {
    ALONE,
    ("all", "alone"),
    ("on", "its", "own"),
    ("on", "their", "own"),
    ("by", "itself"),
    ("by", "themselves"),
}
_ENOUGH, _FOR, _NO, _OUT, _THAN = ("enough",), ("for",), ("no",), ("out",), ("than",)
_DONE = {("opens",), ("starts",), ("begins",), ("ends",)}
_ENOUGH_OF = {"that's", "there", "is", "and", "got", "had", "i", "have"}
_IT_IS = {"it's", "this", "that's"}
_ARTICLES = {"a", "an", "the"}
_MORE, _STILL = ("more",), ("still",)
_NO_MORE = {"not", "any", "even", "be", "get", "don't", "become", "go", "much"}
_THERE = {"up", "down"}
_DOES = {"the", "a", "an", "his", "her", "up"}
MOST_OF_AS_SEEN = 6
"""Words in "and the music really isn't". Our choice."""
_TEMPI = (30.0, 300.0)
"""A number that is a tempo where the tempo is spoken of. Our choice."""
_KEPT = {Says.KEY: "key", Says.MODE: "mode", Says.METER: "meter", Says.METER_WORD: "meter", Says.TEMPO: "tempo_bpm",
         Says.BARS: "bars"}  # fmt: skip


def read_change(text: str) -> DirectionChange:
    """What `text` asks to change. Raises ConfigError for more than LONGEST_TEXT characters."""
    if len(text) > LONGEST_TEXT:
        raise ConfigError(f"the note has {len(text):,} characters, at most {LONGEST_TEXT:,} can be read. Shorten it.")
    reader = _Reader(spelled_out(tokenise(text)))
    while reader.place < len(reader.tokens):
        reader.step()
    return reader.change(text)


@dataclass
class _Reader(Casting):
    """Goes over the tokens once and keeps what they change."""

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
            self._where, self._tempo_step, self._length_step, self._after, self._again, self._felt_moved, self._word,
        )  # fmt: skip
        taken = next((count for reader in readers if (count := reader())), 0)
        if not taken:
            match = match_at(self.tokens, self.place)
            self._match(match)
            taken = match.tokens
        self.place += taken
        if self.place >= len(self.tokens):
            self._end_clause()

    def change(self, text: str) -> DirectionChange:
        """All that was understood."""
        low = {name: -1.0 if least < 0 else least - 1 for name, (least, _) in CONTROL_RANGES.items()}
        controls = tuple(
            (name, max(low[name], min(1.0, round(self.controls[name], 3))))
            for name in CONTROL_RANGES
            if self.controls.get(name)
        )
        names: dict[str, Any] = {to: tuple(names) for to, names in self.players.lists.items()}
        if "key" in self.values:
            self.values.pop("mode", None)
        return DirectionChange(
            text,
            controls,
            place=self.where,
            flags=tuple(self.flags),
            unknown=tuple(self.unknown),
            **names,
            **self.values,
        )

    def _begin_clause(self) -> None:
        self.clause = self.last_clause = clause_at(self.tokens, self.place, self.last_clause)
        self.begun = self.place
        self._spoken_of()
        if self.clause is Clause.SCENE:
            self.seen = []

    # Numbers.

    def _where(self) -> int:
        found = place_at(self.tokens, self.place)
        if found is None:
            return 0
        self._at(found[0])
        return found[1]

    def _at(self, place: Place) -> None:
        if self.where not in (None, place):
            self.flags["two places are named and the last one holds: write a note for each"] = None
        self.where = place

    def _tempo_step(self) -> int:
        """ "10% slower", "5 bpm faster", "slow it down by 5 bpm", "speed it up to 120"."""
        counted = number_at(self.tokens, self.place)
        if counted is None:
            return 0
        number, at = counted[0], self.place + counted[1]
        unit = said_at(self.tokens, at)
        # "Slow it down to 80", "take it at 96".
        named = (self._said(-1) == "to" and self.slower is not None) or (
            self._said(-1) == "at" and {"take", "play", "try"} & set(self._so_far()) and unit in {"", "bpm", ".", ","}
        )
        if named and _TEMPI[0] <= number <= _TEMPI[1]:
            self.values["tempo_bpm"] = number
            self.values.pop("tempo_factor", None)
            return counted[1] + (unit == "bpm")
        if unit not in {"%", "percent", "bpm"}:
            return 0
        phrase, taken = longest(self.tokens, at + 1, all_changes())
        factor = change_table().tempi.get(phrase)
        if factor is None and self._said(-1) == "by" and self.slower is not None:
            # The way was said before the number; what it was thought to be is not meant.
            factor, taken = 0.9 if self.slower else 1.1, 0
            self.values.pop("tempo_factor", None)
        if factor is None or not 0 < number < 1000:
            return 0
        slower = factor < 1
        if unit == "bpm":
            self.values["tempo_more"] = -number if slower else number
        elif slower and number >= 100:
            return 0
        else:
            self.values["tempo_factor"] = round(1 - number / 100 if slower else 1 + number / 100, 4)
        return at + 1 + taken - self.place

    def _length_step(self) -> int:
        found = bars_more_at(self.tokens, self.place)
        if found is None:
            return 0
        self.values["bars_more"] = found[0]
        return found[1]

    # Words.

    def _word(self) -> int:
        """A phrase of the change table, or a comparative of a mood."""
        filler = longest(self.tokens, self.place, change_table().fillers)[1]
        phrase, taken = longest(self.tokens, self.place, all_changes())
        if filler > taken:
            if self.replaced and self._said(0) in {"i'd", "we'd"}:
                # "Instead of sad I'd like angry."
                self.replaced, self.sign = False, None
            return filler
        plain = phrase_at(self.tokens, self.place)
        if plain is not None and plain.tokens > taken and plain.says in (Says.INSTRUMENT, Says.MOOD, Says.DEGREE):
            # "low strings" is a section, though "low" alone would be no change.
            return 0
        if phrase == ALONE and self.players.verb == "keep" and not self.players.anyone:
            # "Leave the volume alone."
            return taken
        if taken and not (phrase in _ALONE and not self._someone_alone()):
            self._take(phrase)
            return taken
        if taken:
            # Nobody is named that could be alone: it is a mood, if it is anything.
            return 0
        mood = comparative(self._said(0))
        if mood is None:
            return 0
        if not self._holds:
            self._move(moves_of(mood), mood)
        return 1

    def _take(self, phrase: Phrase) -> None:
        words, players = change_table(), self.players
        if phrase == _ENOUGH:
            self._enough()
        elif phrase == _THAN and self.moved and {"more", "less"} & set(self._so_far()) and self._than_feeling():
            self._rather_than_feeling()
        elif phrase == _THAN:
            # "Dorian rather than minor", "I'd rather have a cello than a violin".
            self.replaced = True
            if players.verb == "add" and {"rather", "prefer"} & set(self._so_far()):
                players.verb = "drop"
        elif phrase == _FOR and players.verb != "swap":
            complained = bool(self.moved) and self._way < 0
            # "Too cheerful for a funeral", "double it with bells for some sparkle".
            self.compared = complained or players.verb == "add"
        elif phrase in words.places:
            self._named_place(phrase)
        elif self.clause is Clause.SCENE:
            self._see(words.controls.get(phrase, {}))
        elif phrase[0] in words.grammar["let_go"] and self.moved and self._falls(phrase):
            self.moved = [(name, -amount) for name, amount in self.moved]
        elif phrase[-1] == "much" and self.moved and not (players.named or self.denied) and self._closes(len(phrase)):
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
            or (phrase in words.endings and self._moved_by_hand(phrase) and self._mood_sent(words.endings[phrase]))
        ):
            return
        elif phrase in words.endings and self.moved and self._moved_by_hand(phrase):
            self._turn(words.endings[phrase])
        elif phrase in words.signs:
            self.sign, self.denied = words.signs[phrase], phrase in words.denials
        elif phrase in words.complaints:
            self._complain(words.complaints[phrase])
        elif not (self._holds or self._of_the_scene or self._praised(phrase)):
            self._take_plain(phrase)

    def _rather_than_feeling(self) -> None:
        """ "More wistful than tragic", "it's more sad than scary", "less angry than sad"."""
        more = "more" in self._so_far()
        if more and self.clause is Clause.COMPLAINT:
            self.moved = [(name, -amount) for name, amount in self.moved]
            self.felt = []
            more = False
        self.sign, self.denied = (-1.0 if more else 1.0), more

    def _asks_back(self, denial: Phrase) -> bool:
        """ "Isn't it dark?" says that it is."""
        words = change_table().grammar
        before = words["hedges"] | ({"why"} if self.clause is Clause.WISH else set())
        first = set(self._so_far()) <= before and denial[-1].endswith("n't")
        return first and self._said(len(denial)) in words["asked_of"] | words["people"]

    def _goes_on_so(self) -> bool:
        """ "Still uneasy", "it still feels sad": not the calm of "very still"."""
        after = phrase_at(self.tokens, self.place + 1)
        felt = after is not None and after.says in (Says.MOOD, Says.DEGREE)
        known = (
            longest(self.tokens, self.place + 1, all_changes())[1] or self._said(1) in change_table().grammar["verbs"]
        )
        return felt or bool(known)

    def _see(self, moves: dict[str, float]) -> None:
        """What people in the picture feel: the music may be asked for it."""
        way = -1.0 if {"not", "isn't", "aren't"} & set(self._so_far()) else 1.0
        self.seen += [(name, amount * way * STEP) for name, amount in moves.items()]

    def _take_plain(self, phrase: Phrase) -> None:
        words = change_table()
        if phrase in words.tempi:
            self._tempo(words.tempi[phrase])
        elif phrase in words.register:
            self.values["register"] = words.register[phrase] * self._way
            self.factor = 1.0
        elif phrase in words.controls and not self._of_else(phrase):
            self._move(words.controls[phrase], table().moods.get(phrase))

    def _praised(self, phrase: Phrase) -> bool:
        """ "It's lovely" moves nothing."""
        return self.clause is Clause.COMPLAINT and bool(set(phrase) & change_table().grammar["praise"])

    def _of_else(self, phrase: Phrase) -> bool:
        """ "It's too high, bring it down" speaks of the register still, "take it down to 72" of the tempo; and "the
        clashing notes" are not about how many they are."""
        if len(phrase) == 1 and phrase[0] in change_table().grammar["counted"] and self.sign is None:
            return True
        after = self.place + len(phrase)
        to_number = said_at(self.tokens, after) == "to" and number_at(self.tokens, after + 1) is not None
        to_register = any(longest(self.tokens, after + more, change_table().register)[1] for more in range(3))
        return "it" in phrase and ("register" in self.values or to_number or to_register)

    def _named_place(self, phrase: Phrase) -> None:
        """ "At the opening", but not "opening the door" and not "it's the finale"."""
        following = said_at(self.tokens, self.place + len(phrase))
        words = change_table().grammar
        if phrase[-1] in words["done_too"] and following in _DOES:
            return
        if phrase in _DONE and self.place > self.begun and self._said(-1) not in words["music"]:
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
        before = {self._said(-1), self._said(-2)}
        place = Place(" ".join(phrase), change_table().places[phrase])
        self._at(until(place) if before & {"until", "till", "before"} else place)

    def _complain(self, wanted: dict[str, float]) -> None:
        """ "too cluttered", "less cluttered" and "cluttered" want the same."""
        if "register" in self.values and self._said(1) in _THERE and self._said(2) == "there":
            # "Up an octave, it's muddy down there."
            return
        if "tempo" in wanted:
            self.values["tempo_factor"], self.slower = wanted["tempo"], wanted["tempo"] < 1
        else:
            self.moved += [(name, way * STEP * self.factor) for name, way in wanted.items()]
            self.sign, self.factor = None, 1.0

    def _moved_by_hand(self, ending: Phrase) -> bool:
        """ "Bring the tension down", "let it go", or just "tension down"; not "quiet up to bar 8"."""
        words, said = change_table().grammar, set(self._so_far())
        if self._said(-1) in words["placed_by"] or (ending[-1] == "up" and self._said(len(ending)) == "to"):
            # "The back of their necks", "calm up to bar 9".
            return False
        if ending[0] in words["let_go"]:
            return "let" in said
        if ending == _OUT:
            return bool(words["taken_out"] & said)
        return self.place - self.begun <= 2 or bool(words["by_hand"] & said)

    def _tempo(self, factor: float) -> None:
        if self.denied and self.clause is not Clause.COMPLAINT:
            # "don't slow it down".
            return
        if self._way < 0 and self.players.verb != "drop":
            # "too fast", but "drop to half time".
            factor = {1.1: 0.9, 0.9: 1.1}.get(factor, 1 / factor)
        if factor in (1.1, 0.9):
            factor = round(1 + (factor - 1) * self.factor, 4)
        self.values["tempo_factor"] = factor
        self.slower = factor < 1
        self.factor = 1.0

    def _move(self, moves: dict[str, float], mood: Mood | None = None) -> None:
        if self.compared:
            return
        outdone: set[str] = set()
        if mood is not None:
            amounts = {name: way * self._way * STEP * self.factor for name, way in moves.items()}
            felt = Felt(mood, moves, amounts, self._way > 0)
            outdone = self._outdone(felt)
            self.felt.append(felt)
        for name, way in moves.items():
            if name in outdone:
                continue
            if self.denied and way * self._way * self._moved_so_far(name) < 0:
                # "Sad, not angry": what is not meant takes nothing from what is.
                continue
            self.moved.append((name, way * self._way * STEP * self.factor))
        self.factor = 1.0

    def _moved_so_far(self, name: str) -> float:
        return self.controls.get(name, 0.0) + sum(amount for moved, amount in self.moved if moved == name)

    def _enough(self) -> None:
        """ "not scared enough" wants more of it; "it's scary enough" wants it to stay; "enough dread" less."""
        self.felt = []
        if not self.moved and set(self._so_far()) <= _ENOUGH_OF and not self.denied:
            self.sign = -1.0
            return
        if self.clause is Clause.COMPLAINT:
            if self.sign is None:
                self.moved = []
        elif self.sign is not None and self.sign < 0:
            self.moved = [(name, -amount) for name, amount in self.moved]

    def _falls(self, ending: Phrase) -> bool:
        """ "Let the tension drop", though "drop the tension" is about what follows."""
        return ending in change_table().endings and self._moved_by_hand(ending)

    def _closes(self, more: int) -> bool:
        """True where the clause ends so many tokens on."""
        at = self.place + more
        return at >= len(self.tokens) or ends_at(self.tokens, at) or joins_at(self.tokens, at)

    def _turn(self, sign: float) -> None:
        """Take what was moved up or down; "the sadness down" is less of it, so valence goes the other way."""
        if self.sign is None:
            self.moved = [(name, sign * (amount if name == "valence" else abs(amount))) for name, amount in self.moved]

    def _match(self, match: Match) -> None:
        if match.says is Says.INSTRUMENT:
            asked = self.sign if not self.moved and not self.denied else None
            if self.denied and self.players.lists.get("add") and {"not"} == set(self._so_far()) - _ARTICLES:
                # "Use a guitar, not a piano."
                self.players.verb = "drop"
            if self.players.name(str(match.value), match.words, asked):
                # "Take out the drums and slow it down": the verb has got what it was about.
                self.sign = None
        elif match.says is Says.DEGREE and isinstance(match.value, float):
            # "…, so make it warmer" says why, not how much.
            self.factor *= match.value if (match.words, self.place) != ("so", self.begun) else 1.0
        elif match.says in (Says.MOOD, Says.GENRE) and isinstance(match.value, Mood):
            if self.clause is Clause.SCENE:
                self._see(moves_of(match.value) if match.says is Says.MOOD else {})
            elif not (self._told(match) or self._holds or self._praised(tuple(match.words.split()))):
                self._move(moves_of(match.value), match.value)
        elif match.says in _KEPT and not self.replaced:
            self.values[_KEPT[match.says]] = match.value
        elif match.says is Says.STOP:
            self._end_clause()
        elif match.says is Says.BUT or match.words == "but":
            self.sign, self.factor = None, 1.0
        elif match.says is Says.AND and compares(self._said(1 + self._hedged(1))):
            # "Fewer notes and quieter", "less sad and a bit quicker".
            self.sign, self.denied = None, False
        elif match.says is Says.UNKNOWN and (match.words,) in table().modes and not self.replaced:
            # "A dorian flavour" is no key of A.
            self.values["mode"] = table().modes[match.words,]
        elif match.says is Says.UNKNOWN and len(self.unknown) < MOST_UNKNOWN:
            self.unknown[match.words] = None

    def _hedged(self, more: int) -> int:
        """The tokens of "a bit" or "slightly" from so many on; 0 for none."""
        ahead = more + (self._said(more) in _ARTICLES)
        found = phrase_at(self.tokens, self.place + ahead)
        if found is not None and found.says is Says.DEGREE:
            return ahead + found.tokens - more
        return ahead + 1 - more if self._said(ahead) in change_table().grammar["amounts"] else 0

    def _told(self, match: Match) -> bool:
        """True for a mood or a kind of film that tells of the picture: "in the chase", "it's a funeral"."""
        words = change_table().grammar
        if match.says is Says.GENRE and self.clause is Clause.COMPLAINT:
            # "It feels like a funeral" is said of the music.
            return "like" not in {self._said(-1), self._said(-2)}
        if self.clause is Clause.SCENE or self._of_the_scene:
            return True
        if match.says is Says.GENRE:
            # "busier under the kitchen montage".
            said = self._so_far()[-4:]
            return any(one in words["during"] and other in words["placed_by"] for one, other in pairwise(said))
        first = self.place == self.begun and self.clause is Clause.COMPLAINT
        return match.words in words["shown"] and (first or self._said(-1) in words["placed_by"])

    # Clauses.

    def _end_clause(self) -> None:
        said = set(self._so_far())
        if self.players.verb == "keep" and ("but" in {self._said(0), self._said(1)} or "means" in said):
            # "Keep it gloomy by all means, but …"
            self.moved = []
        if self.clause is Clause.WISH or self.clause is Clause.COMPLAINT:
            self._say_how_loud(said)
            self._too_much()
        if self._as_seen():
            self.moved = list(self.seen)
        self._balance()
        for name, amount in self.moved:
            if self.controls.get(name, 0.0) * amount < 0:
                self.flags[f"{name} is asked up and down: one takes from the other"] = None
            self.controls[name] = self.controls.get(name, 0.0) + amount
        self.players.end_clause()
        self.clause, self.sign, self.denied, self.factor, self.moved = None, None, False, 1.0, []
        self.replaced, self.compared, self.slower = False, False, None

    def _as_seen(self) -> bool:
        """ "He's terrified and the music isn't" wants it to be as he is."""
        said, left_open = self._so_far(), change_table().grammar["left_open"]
        if self.clause is not Clause.COMPLAINT or self.moved or not 0 < len(said) <= MOST_OF_AS_SEEN:
            return False
        return said[-1] in left_open or (said[-1] == "it" and bool(left_open & set(said)))
