"""What a word of a note does to what is wanted: moods and controls up or down, and the tempo."""

from dataclasses import dataclass
from itertools import pairwise

from hitpoint.score.direction_change import STEP
from hitpoint.score.direction_change_beginnings import Clause
from hitpoint.score.direction_change_counting import Counting
from hitpoint.score.direction_change_joints import ends_at, plays_at
from hitpoint.score.direction_change_opposites import Felt
from hitpoint.score.direction_change_phrases import all_changes, compares, longest
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Match, Says, said_at
from hitpoint.score.direction_numbers import number_at
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_words import NEUTRAL_TENSION, Mood, Phrase, table

_ARTICLES = {"a", "an", "the"}
_OUT = ("out",)
_THERE = {"up", "down"}
_ENOUGH_OF = {"that's", "there", "is", "and", "got", "had", "i", "have"}

_TURNS = {"turn", "turns", "turning", "become", "becomes"}

_QUANTITIES = {
    "tension", "energy", "intensity", "volume", "level", "levels", "stakes", "suspense", "dread", "drama", "sadness",
    "joy", "fear", "warmth", "emotion", "density", "activity", "excitement", "anxiety", "menace", "threat",
    "pressure", "urgency", "stress",
}  # fmt: skip
_BITS = {
    "shot", "loop", "sting", "sequence", "phase", "episode", "bit", "part", "section", "moment", "passage", "bits",
    "parts", "sections", "patch",
}  # fmt: skip

_ALL_OF_IT = {"it", "thing", "everything", "lot"}
_DELIGHTS = {
    "hilarious", "funny", "fun", "adorable", "cute", "beautiful", "magical", "haunting", "heavenly", "joyful",
    "touching", "creepy", "scary", "moving",
}  # fmt: skip
_STRUGGLES = {"breathe", "land", "work", "come", "be", "get", "read"}
_WHOSE = {"the", "my", "his", "her", "their", "our", "these", "those"}
_FEELINGS = {"valence", "arousal", "tension"}
_NICE = {"nice", "lovely", "beautiful", "gorgeous", "wonderful", "cute", "pretty", "sweet", "charming", "delightful"}
_ASKS_IT = {"let", "should", "must", "needs", "have", "want", "i'd"}
_HAPPENS = {"goes", "turns", "gets", "happens", "comes", "arrives", "resolves", "builds", "ends", "changes"}
_YET = {"but", "though", "although", "only", "just", "except", "yet"}
_GOOD = {"good", "great", "right", "perfect", "lovely", "wonderful", "gorgeous", "nice"}
_NICER = {"nicer", "better", "lovelier", "prettier"}
_TEMPO, _HIGH = {"tempo", "pace", "speed"}, {"high": 1.1, "higher": 1.1, "low": 0.9, "lower": 0.9}

_BUILDS, _SLOWLY = {"turn", "tighten", "ratchet", "build", "builds", "grow", "rise", "creep"}, {("slow",), ("slowly",)}

_WANTS = {
    "is", "are", "isn't", "feels", "sounds", "goes", "needs", "wants", "deserves", "should", "could", "gets", "some",
    "a", "more",
}  # fmt: skip


@dataclass
class Moving(Counting):
    """A reading that moves what its words are about."""

    def _octave_off(self) -> int:
        """ "It's an octave too high": the tokens from "octave" on; 0 for anything else."""
        way = {"high": -1.0, "low": 1.0}.get(self._said(2))
        if self._said(0) not in {"octave", "octaves"} or self._said(1) != "too" or way is None:
            return 0
        self.values["register"] = way * (2 if self._said(-1) == "two" else 1)
        return 3

    def _turns(self) -> bool:
        """ "Turn grim", though "turn the strings down"."""
        after = phrase_at(self.tokens, self.place + 1)
        felt = after is not None and after.says is Says.MOOD
        return bool(self.moved or self.controls) and (
            felt or longest(self.tokens, self.place + 1, change_table().controls)[1] > 0
        )

    def _rather_than_feeling(self) -> None:
        """ "More wistful than tragic", "it's more sad than scary", "less angry than sad"."""
        more = bool({"more", "closer", "nearer"} & set(self._so_far()))
        if more and self.clause is Clause.COMPLAINT:
            self.moved = [(name, -amount) for name, amount in self.moved]
            self.felt = []
            more = False
        self.sign, self.denied = (-1.0 if more else 1.0), more

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
        if ending == ("go",) and self._closes(1) and self.moved:
            # "The sweetness can go", "the sweetness has to go".
            return bool({"can", "could", "should", "must", "has", "needs", "have", "let"} & said)
        if ending[0] in words["let_go"]:
            asked = _ASKS_IT | ({"could", "can"} if ending[0] != "go" else set())
            return self._said(-1) != "to" and bool(asked & said)
        if ending == _OUT:
            return bool(words["taken_out"] & said)
        return self.place - self.begun <= 2 or bool(words["by_hand"] & said)

    def _tempo(self, factor: float) -> None:
        if self._so_far()[:2] == ["keep", "it"] and self.place - self.begun == 2 and not self._compares:
            # "Keep it slow, but put some threat in."
            self.kept_tempo = factor
            return
        if self._said(0) in {"linger", "lingers"} and self.moved:
            # "The sadness should linger."
            return
        if self._said(0) == "keep" and (self.controls or self.moved):
            # "Sadder, but keep it moving."
            return
        if (
            self._said(-1) == "no"
            or "without" in self._so_far()
            or (self._said(0) == "quickly" and _HAPPENS & set(self._so_far()))
        ):
            # "No ritardando at the end", "it resolves too quickly".
            return
        this_much = self._said(-1) in {"this", "that", "so"}
        if self.denied and self.clause is not Clause.COMPLAINT and self.measure is None and not this_much:
            # "don't slow it down".
            return
        if "without" in self._so_far()[-2:]:
            # "More energy without more speed."
            return
        if self._way < 0 and self.players.verb != "drop":
            # "too fast", but "drop to half time".
            factor = {1.1: 0.9, 0.9: 1.1}.get(factor, 1 / factor)
        if self._only_keeps() and (self.controls or self.players.lists or self.kept):
            # "Cut the gloom, keep it slow."
            return
        if factor in (1.1, 0.9):
            factor = round(1 + (factor - 1) * self.factor, 4)
        self.values["tempo_factor"] = factor
        self.slower = factor < 1
        self.factor = 1.0

    def _move(self, moves: dict[str, float], mood: Mood | None = None) -> None:
        if self.compared:
            return
        outdone: set[str] = set()
        if self.denied and self._as_it_is:
            for name in moves:
                self._take_back(name, self._moved_so_far(name))
            self.felt, mood = [], None
        if mood is not None:
            amounts = {name: way * self._way * STEP * self.factor for name, way in moves.items()}
            felt = Felt(mood, moves, amounts, self._way > 0)
            if self.clause is not Clause.COMPLAINT or self.denied:
                outdone = self._outdone(felt)
            self.felt.append(felt)
        if len(moves) > 1:
            self.along |= {name: way * self._way * STEP * self.factor for name, way in moves.items()}
        apart = _FEELINGS if self._only_told_apart() and not self._as_it_is else set()
        for name, way in moves.items():
            kept = any(one == name and amount * way * self._way < 0 for one, amount in self.kept)
            if name in outdone or (kept and len(moves) > 1):
                # "Stay soft, but give me more nervous energy."
                continue
            if (self.denied or self.replaced) and way * self._way * self._moved_so_far(name) < 0:
                # "Sad, not angry": what is not meant takes nothing from what is.
                continue
            if (
                apart
                and name in _FEELINGS
                and not self._moved_so_far(name)
                and way * self._way * self._leaning(name) <= 0
            ):
                continue
            self.moved.append((name, way * self._way * STEP * self.factor))
        self.factor = 1.0

    def _only_told_apart(self) -> bool:
        """ "Unease, not sadness": the second says what the first is not, and asks for nothing of its own."""
        if not (self.denied or self.replaced) or self.clause is not Clause.WISH or self._compares:
            return False
        goes_on = said_at(self.tokens, self.begun - 1) in {",", "-"} or "but" in self._so_far()[:1]
        led = set(self._so_far()) <= {"but", "not", "never", "a", "an", "and", "just", "too", "really"}
        asked = any(self.controls.values()) or "tempo_factor" in self.values
        return bool(self.moved or (goes_on and led and asked))

    def _leaning(self, name: str) -> float:
        """Which way the last feeling that is wanted leans: "peaceful, not mournful" is pleasant too."""
        wanted = next((felt for felt in reversed(self.felt) if felt.wanted), None)
        if wanted is None:
            return 0.0
        return float(getattr(wanted.mood, name, 0.0)) - (NEUTRAL_TENSION if name == "tension" else 0.0)

    @property
    def _as_it_is(self) -> bool:
        """ "Cheerful, but not manic like it is now": that is how the music is."""
        ahead = [said_at(self.tokens, at) for at in range(self.place + 1, self.place + 5)]
        return ahead[:2] in (["like", "it"], ["like", "now"], ["as", "it"], ["like", "this"], ["the", "way"])

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

    def _struggles(self, taken: int) -> bool:
        """ "The jokes can't breathe": who or what it is that has no room."""
        after = [said_at(self.tokens, self.place + taken + more) for more in range(2)]
        lacks = after[0] in {"need", "needs"} and after[1] in {"room", "space", "air"}
        cannot = after[0] in {"can't", "cannot", "couldn't"} and after[1] in _STRUGGLES
        return (lacks or cannot) and self._said(-1) in _WHOSE

    def _asks_not_so(self) -> bool:
        """ "Can it not be so sad?", though "would the tune not be nicer?" asks for what it says."""
        return bool({"so", "this", "that", "quite"} & set(self._ahead()))

    def _turn(self, sign: float) -> None:
        """Take what was moved up or down; "the sadness down" is less of it, so valence goes the other way."""
        if self._said(0) == "back" and set(self._so_far()) & {"put", "bring", "get", "want"}:
            # "Put the fun back."
            return
        if self.sign is None:
            self.moved = [(name, sign * (amount if name == "valence" else abs(amount))) for name, amount in self.moved]
            self._goes_along(sign)
            if self._said(1) == "and" and {"up", "down"} & set(self._ahead()):
                # "Bring the brightness up and the weight down."
                for name, amount in self.moved:
                    self.controls[name] = self.controls.get(name, 0.0) + amount
                self.moved = []

    def _goes_along(self, sign: float, taken: int = 1) -> bool:
        """ "Bring the tension down and the volume too"; sign: of the "down", so many tokens long."""
        its_own = {"up", "down", "back", "out"} & set(self._ahead()[taken:])
        along = (self._said(taken), self._said(taken + 1)) == ("and", "the") and not its_own
        if along:
            self.sign = sign
        return along

    def _hedged(self, more: int) -> int:
        """The tokens of "a bit" or "slightly" from so many on; 0 for none."""
        ahead = more + (self._said(more) in _ARTICLES)
        found = phrase_at(self.tokens, self.place + ahead)
        if found is not None and found.says is Says.DEGREE:
            return ahead + found.tokens - more
        return ahead + 1 - more if self._said(ahead) in change_table().grammar["amounts"] else 0

    def _only_keeps(self) -> bool:
        """True for "keep it sad", which asks for something only where nothing else does."""
        so_far = [word for word in self._so_far() if word not in change_table().grammar["hedges"]]
        after = self._said(0) == "-" or self.place < len(self.tokens)
        return (
            so_far[:2] in (["keep", "it"], ["leave", "it"], ["keep", "this"])
            and after
            and not any(compares(word) for word in so_far)
        )

    def _leaves_behind(self) -> int:
        """ "From joy to grief", "the joy turns to grief": the tokens of what is only the beginning; 0 for none."""
        if self._said(0) == "from":
            moving = (change_table().controls, table().moods)
            taken = max(longest(self.tokens, self.place + 1, known)[1] for known in moving)
            return 1 + taken if taken and said_at(self.tokens, self.place + 1 + taken) in {"to", "into"} else 0
        if self._so_far()[:1] == ["turn"] and self._said(0) in {"to", "into"} and self.moved:
            # "Turn the joy to grief."
            self.moved, self.felt = [], []
            return 1
        if [self._said(more) for more in range(3)] == ["so", "much", "as"] and self.denied and self.moved:
            # "Not sad so much as lonely."
            self.moved = [] if self.clause is Clause.WISH else self.moved
            self.felt, self.sign, self.denied = [], None, False
            return 3
        if self._said(0) == "as" and self.moved and {"not", "so", "much"} <= set(self._so_far()[:4]):
            # "Not so much scary as sad."
            self.moved, self.felt, self.sign, self.denied = [], [], None, False
            return 1
        if self._said(0) in _TURNS and self._said(1) in {"to", "into"} and self.moved:
            self.moved, self.felt = [], []
            return 2
        return 0

    def _how_high(self, word: str) -> bool:
        """ "The tension is too low", "the volume should be higher": of what is named, not of the register."""
        so_far = set(self._so_far())
        spirits = {"mood", "spirits"} & so_far and not self.moved
        of_it = so_far & _QUANTITIES and so_far & (change_table().grammar["verbs"] | {"be", "too", "keep"})
        if not (spirits or (of_it and self.moved)):
            return False
        complains = self.clause is Clause.COMPLAINT
        named = (
            [("valence", STEP)]
            if spirits
            else [(name, -amount if complains else amount) for name, amount in self.moved]
        )
        more = 1.0 if word in {"high", "higher"} else -1.0
        if (complains or {"is", "feels", "seems"} & so_far) and not word.endswith("er"):
            more = more if self.denied else -more
        self.moved = [(name, more * amount) for name, amount in named]
        self.sign, self.factor = None, 1.0
        return True

    def _is_less(self, phrase: Phrase) -> bool:
        """ "It's less scary now" wants it back."""
        so_far = set(self._so_far())
        return (
            phrase == ("less",) and bool({"it's", "is", "feels", "sounds", "seems"} & so_far) and self.measure is None
        )

    def _names_a_bit(self, taken: int) -> bool:
        """ "The quiet bit isn't quiet enough": which part of the cue."""
        after = said_at(self.tokens, self.place + taken)
        leads = self._said(-1) in {"the", "that"} or (self.place == self.begun and taken == 1)
        return leads and after in _BITS and self.sign is None and not self._compares

    def _whole(self) -> set[str]:
        """All words of the clause."""
        ends = self.place
        while ends < len(self.tokens) and not ends_at(self.tokens, ends):
            ends += 1
        return {said_at(self.tokens, at) for at in range(self.begun, ends)}

    def _of_tempo_alone(self) -> bool:
        """True where the clause has named the tempo and moved nothing."""
        return not self.moved and bool(_TEMPO & set(self._so_far())) and "tempo_factor" not in self.values

    def _asks_back(self, denial: Phrase) -> bool:
        """ "Isn't it dark?" says that it is."""
        words = change_table().grammar
        before = words["hedges"] | ({"why"} if self.clause is Clause.WISH else set())
        first = set(self._so_far()) <= before and denial[-1].endswith("n't")
        return first and self._said(len(denial)) in words["asked_of"] | words["people"]

    def _goes_on_so(self) -> bool:
        """ "Still uneasy", "it still feels sad": not the calm of "very still"."""
        if self._said(1) in {"not", "isn't", "too", "no", "in", "with", "on", "a", "some", "has", "have"}:
            return True
        after = phrase_at(self.tokens, self.place + 1)
        felt = after is not None and after.says in (Says.MOOD, Says.DEGREE)
        known = (
            longest(self.tokens, self.place + 1, all_changes())[1] or self._said(1) in change_table().grammar["verbs"]
        )
        return felt or bool(known)

    def _of_else(self, phrase: Phrase) -> bool:
        """ "It's too high, bring it down" speaks of the register still, "take it down to 72" of the tempo; and "the
        clashing notes" are not about how many they are."""
        if len(phrase) == 1 and phrase[0] in change_table().grammar["counted"] and self.sign is None:
            return True
        after = self.place + len(phrase)
        if (said_at(self.tokens, after), said_at(self.tokens, after + 1)) == ("in", "pitch"):
            # "Bring everything down in pitch."
            self.values["register"] = 0.5 if change_table().controls[phrase].get("intensity", -1.0) > 0 else -0.5
            return True
        to_number = said_at(self.tokens, after) in {"to", "from"} and number_at(self.tokens, after + 1) is not None
        to_tempo = any(longest(self.tokens, after + more, change_table().tempi)[1] for more in range(4))
        if phrase[0] in {"push", "kick", "bump", "take"} and to_tempo:
            # "Push it a few clicks faster."
            return True
        to_register = any(longest(self.tokens, after + more, change_table().register)[1] for more in range(3))
        return bool(_ALL_OF_IT & set(phrase)) and ("register" in self.values or to_number or to_register)

    def _praised(self, phrase: Phrase) -> bool:
        """ "It's lovely" moves nothing."""
        if phrase == ("grand",) and self._said(-1) in {"it's", "that's"} and self._said(1) in {",", "but"}:
            return True
        if self._said(len(phrase)) == "no" and self._closes(len(phrase) + 1) and (self.controls or self.moved):
            # "Suspense yes, volume no."
            return True
        ends = (
            {self._said(2), self._said(3)} & {".", "!"}
            or (self._said(1) == "," and self._said(2) in _YET)
            or (self._said(2) == "," and self._said(3) in _YET)
        )
        ends = ends or self._said(1) in {"until", "till"} or (self._said(1), self._said(2)) == ("up", "to")
        brief = self.place - self.begun < 2 and ends and self.clause is Clause.WISH
        if brief and phrase[0] in _NICE:
            # "Nice start. Then it gets too heavy."
            return True
        if self._said(-1) in _GOOD and self.sign is None and not self._compares:
            # "Good energy, but …"
            return True
        if phrase[0] in _NICER and set(self._so_far()[:2]) & {"would", "wouldn't", "might"}:
            # "Would the tune not be nicer an octave up?"
            return True
        if phrase[0] in _DELIGHTS and self.clause is Clause.COMPLAINT and self.players.named and self.sign is None:
            # "The tuba's hilarious, more of that."
            ahead = [said_at(self.tokens, at) for at in range(self.place + 1, self.place + 6)]
            return bool({"more", "keep", "love"} & set(ahead))
        return (
            self.clause is Clause.COMPLAINT
            and self.sign is None
            and self._said(-1) != "so"
            and len(phrase) == 1
            and phrase[0] in change_table().grammar["praise"]
        )

    def _take_plain(self, phrase: Phrase) -> None:
        words = change_table()
        if phrase[0] in _BUILDS and len(phrase) > 1 and self._said(-1) in _ARTICLES:
            # "The build to bar 16."
            return
        if phrase[0] in words.grammar["scenery"] and self._said(-1) == "the" and self._said(1) in _WANTS:
            # "The storm needs timpani."
            return
        if self._names_a_bit(len(phrase)) or self._struggles(len(phrase)):
            return
        first = self.place + 1 + (self._said(1) == "the")
        if phrase in {("fade",), ("swell",)} and plays_at(self.tokens, first) and self.clause is Clause.WISH:
            # "Fade the strings in", and alone "fade the strings".
            self.fades = -1.0 if phrase == ("fade",) else 1.0
            return
        slowly = _BUILDS & set(self._so_far()) or (phrase == ("slowly",) and self._by_and_by)
        if phrase in _SLOWLY and slowly:
            # "Build the tension slowly", "slowly bring in the strings".
            return
        if phrase in words.tempi:
            self._tempo(words.tempi[phrase])
            if phrase[-1] in _THERE | _TEMPO:
                # "Bring the tempo down and the volume with it."
                self._goes_along(1.0 if self.values.get("tempo_factor", 1.0) > 1 else -1.0, len(phrase))
        elif phrase in words.register and phrase[0] in _HIGH and self._how_high(phrase[0]):
            return
        elif phrase in words.register and phrase[0] in _HIGH and _TEMPO & self._whole():
            # "The tempo's too high."
            self._tempo(_HIGH[phrase[0]])
        elif phrase in words.register:
            self.values["register"] = words.register[phrase] * self._way
            if "octave" in phrase and self.players.verb == "drop" and self.players.anyone:
                # "Drop the cello down an octave."
                self.players.spare()
            self.factor = 1.0
        elif phrase in words.controls and not self._of_else(phrase):
            blames = phrase[-1] in words.grammar["blame"] and self.sign is None and self.clause is Clause.WISH
            if blames and not words.grammar["wishes"] & set(self._so_far()):
                # "Boring", "noisy in the middle": nobody asks for that.
                self.sign = -1.0
            self._move(words.controls[phrase], table().moods.get(phrase))

    def _told(self, match: Match) -> bool:
        """True for a mood or a kind of film that tells of the picture: "in the chase", "it's a funeral"."""
        words = change_table().grammar
        if match.says is Says.GENRE and self.clause is Clause.COMPLAINT:
            # "It feels like a funeral" is said of the music.
            return "like" not in {self._said(-1), self._said(-2)}
        if self.clause is Clause.SCENE or self._of_the_scene:
            return True
        if self._names_a_bit(match.tokens) or self._struggles(match.tokens):
            return True
        if self._said(-1) == "the" and said_at(self.tokens, self.place + match.tokens) in _WANTS:
            # "The coronation needs trumpets."
            return match.says is Says.GENRE or match.words in words["scenery"]
        if match.says is Says.GENRE:
            # "busier under the kitchen montage".
            said = self._so_far()[-4:]
            return any(one in words["during"] and other in words["placed_by"] for one, other in pairwise(said))
        first = self.place == self.begun and self.clause is Clause.COMPLAINT
        return match.words in words["shown"] and (first or self._said(-1) in words["placed_by"])
