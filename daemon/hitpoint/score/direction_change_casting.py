"""What a note says of those who play: who comes, who goes, and who is too loud."""

from dataclasses import dataclass, field

from hitpoint.score.direction_change import STEP
from hitpoint.score.direction_change_beginnings import Clause
from hitpoint.score.direction_change_joints import left_at, plays_at
from hitpoint.score.direction_change_phrases import all_changes, longest
from hitpoint.score.direction_change_reading import MOMENTS, PLACED_ALONE, Reading
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Says, said_at
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_words import Phrase

ALONE = ("alone",)
_MOOD = {"mood", "spirits"}
_WHOM = {"the", "our", "my", "her", "his", "their"}
WHOLE_BAND = {"orchestra", "chamber orchestra", "band", "big band"}
_LOT = {"everything", "everyone", "everybody", "lot", "all"}
_GONE = {"out", "away", "drop", "mute", "lose", "cut", "clear", "strip", "kill", "silence", "remove"}
_BARE = {
    "everything", "all", "whole", "thing", "it", "it's", "that's", "is", "was", "this", "that", "feels", "sounds",
    "gets", "far", "simply", "music", "little",
}  # fmt: skip
_HERE = {"here", "there", "sorry", "thanks"}
_HOW_MUCH = {("too", "much"): -1.0, ("bit", "much"): -1.0, ("much", "too", "much"): -1.0, ("not", "enough"): 1.0,
             ("nearly", "enough"): 1.0}  # fmt: skip
_FAR_BACK = 8
"""Words from "clear everything out" to "leave the clarinet". Our choice."""
_LEADING = {
    "bit", "of", "touch", "little", "hint", "a", "an", "the", "some", "solo", "single", "lone", "and", "then",
    "whole", "entire", "maybe", "perhaps", "gentle", "quiet", "two", "one", "tremolo", "sustained", "held", "muted",
    "soft", "long",
}  # fmt: skip
_CRIES_OUT = {("crying", "out"), ("cries", "out"), ("begging", "for")}
_OF_A_WISH = 2
"""Words in what sends players away also where people are spoken of: "we've had enough of the piano". Our choice."""
_OTHERS, _OFF = {"rest", "others"}, {"go", "goes", "out", "stops", "stop", "away", "silent", "gone", "leaves", "off"}
_HOW_LOUD = {"louder", "softer", "quieter"}
_A_BIT = {"be", "a", "bit", "little", "touch", "much", "lot", "tad", "just", "please", "only"}
_BY_ITSELF = {"solo", "lone"}
_PLAYERS = {"instruments", "players", "voices", "instrument", "player", "voice", "them"}
_CUT_DOWN = {"to", "down", "by", "back", "short"}


@dataclass
class Casting(Reading):
    """A reading that knows of its players."""

    only_named: bool = False
    """The last clause only named players: "trombones, calm down"."""
    barely: list[str] = field(default_factory=list)
    """Those of clauses that only name players, for a note that says nothing else."""
    these_only: bool = False
    """The players who are named next are all that is to play."""
    called: bool = False
    """The clause is said to them."""

    def _after(self) -> int:
        if self.moved or self.clause is Clause.SCENE:
            return 0
        taken = self.players.after(self.tokens, self.place, self.begun, self.denied)
        if taken:
            self.sign = None
        return taken

    def _spoken_of(self) -> None:
        """ "I love the harp but it's too loud" and "soften the horns, they're too loud" go on about them."""
        players, but = self.players, int(self._said(0) == "but")
        if self.these_only and plays_at(self.tokens, self.place + (self._said(0) in {"a", "an", "the", "and"})):
            players.verb = "only"
            return
        answers = longest(self.tokens, self.place, change_table().after)[1] or self._said(0) in _HOW_LOUD
        asks = self._said(-1) in {",", ":", "-"} or (self._said(-1) == "?" and bool(answers))
        self.called = self.only_named and asks and self.clause is Clause.WISH
        self.only_named = False
        named = players.lists.get("add", {})
        if self.called and players.lists.keys() <= {"add"} and set(named) <= set(players.last):
            # "Trombones and horns, calm down."
            players.lists.clear()
        if (
            self.called
            and (not players.lists or self._said(-1) in {":", "-"})
            and not plays_at(self.tokens, self.place)
        ):
            players.named, players.anyone = list(players.last), True
            return
        self.called = False
        who = self._said(but)
        as_well = self.place + but + (2 if who in {"can", "could"} and self._said(but + 1) == "it" else 0)
        while said_at(self.tokens, as_well) in _A_BIT:
            as_well += 1
        kept = bool(players.last) and players.since == 0 and set(players.last) <= set(players.kept)
        if kept and (but or as_well > self.place) and said_at(self.tokens, as_well) in _HOW_LOUD:
            # "Keep the piano, but softer", "love that piano, can it be louder?"
            players.named, players.anyone = list(players.last), True
            return
        bare = but and "too" in {who, self._said(but + 1)} and who in {"too", "far", "way", "much"}
        if not (who in {"it", "it's", "they"} or bare):
            # "The brass is great but too loud" is about the brass, too.
            return
        if not players.last or players.since or players.gone:
            return
        if who == "it's" and plays_at(self.tokens, self.place + but + 1 + (self._said(but + 1) in {"the", "my"})):
            # "The viola is fine, it's the cello that is too loud."
            return
        if who != "they" and not (bare or players.meant_by(("it",), "louder")):
            return
        if who == "they":
            # "Add drums, they're running now" is about others.
            if not players.several or not (but or "too" in {self._said(2), self._said(3)}):
                return
            self.clause = Clause.COMPLAINT if self.clause is Clause.SCENE else self.clause
        players.named, players.anyone = list(players.last), True

    def _again(self) -> int:
        """Of somebody named before: "push them", "hear more of it", "everything out but the cello"."""
        words, players = change_table(), self.players
        if left_at(self.tokens, self.place) and not players.verb:
            self.clause, players.verb, self.sign, self.denied = Clause.WISH, "only", None, False
            return 1
        left = players.all_but(self.tokens, self.place, self._so_far())
        if left:
            self.clause = Clause.WISH
            return left
        if self.clause is Clause.SCENE:
            return 0
        # "Drop it an octave" is about more than who plays.
        longer = max(longest(self.tokens, self.place, known)[1] for known in (all_changes(), words.fillers))
        phrase, taken = longest(self.tokens, self.place, words.players)
        to = words.players.get(phrase, "")
        of_them = taken and phrase[0] != "change" and players.pronoun_at(self.tokens, self.place + taken, to)
        if of_them:
            taken += 1
        else:
            phrase, taken = longest(self.tokens, self.place, words.again)
            to = words.again.get(phrase, "")
            of_them = taken and players.meant_by(phrase, to)
        if of_them and self._said(taken - 1) == "those" and phrase_at(self.tokens, self.place + taken) is not None:
            # "Lose those drums."
            return 0
        if "octave" in {self._said(taken), self._said(taken + 1)}:
            # "Take them up an octave."
            return 0
        # "Cut it to 16 bars" is about the cue.
        if not of_them or longer > taken or (to == "drop" and self._said(taken) in _CUT_DOWN):
            return 0
        if to == "drop" and [self._said(taken + more) for more in (0, 2)] == ["of", "way"]:
            # "Get them out of the way."
            to, taken = "softer", taken + 3
        self._take_again(to)
        return taken

    def _take_again(self, to: str) -> None:
        if to in {"drop", "swap", "softer"}:
            # "The bassoon makes it silly, cut it."
            self._forgive()
        if to == "only" and self.barely:
            # "Piano, cello, nothing else."
            self.players.last = list(dict.fromkeys([*self.barely, *self.players.last]))
        self.players.take_again(to)

    def _forgive(self) -> None:
        """Take back what was moved because of those who go."""
        for name, amount in self.blamed_for:
            self.controls[name] = self.controls.get(name, 0.0) - amount
        self.blamed_for = []

    def _explains(self) -> bool:
        """ "Lose the piano, it's soap opera": why somebody goes, not what is wrong with what is left."""
        players = self.players
        led = self._so_far()[:1] in (["it's"], ["it"], ["they"], ["this"], ["that's"], ["there"])
        return led and players.gone and players.since <= 1 and self.sign is None

    def _someone_alone(self) -> bool:
        """ "The cello on its own", "a cello, alone", "let's hear the cello by itself"; not "leave the cello alone"."""
        players, first = self.players, self.place == self.begun or self._so_far() == ["all"]
        added = players.lists.get("add", {})
        of_them = set(players.lists) <= {"add"} and set(added) <= set(players.last)
        if first and not players.anyone and players.since == 0 and of_them:
            # "Cello from bar 5, on its own."
            players.lists.clear()
            players.named = list(players.last)
        return bool(players.named) or (
            players.anyone
            and players.verb in {"add", "louder", "keep"}
            and not (players.verb == "keep" and self._said(0) == ALONE[0])
        )

    def _verb(self, phrase: Phrase) -> None:
        words, players = change_table(), self.players
        to = words.players[phrase]
        if phrase == ("no",) and self._closes(1) and self._said(1) != "?" and (self.barely or self._said(-1) == "="):
            # "Drums? No." and "piccolo = no".
            players.put("drop", players.named or players.last)
            players.named = []
        self.barely = []
        if players.kept and (
            (to == "drop" and self._said(len(phrase)) in _OTHERS)
            or (to == "rest" and _OFF & {self._said(len(phrase) + more) for more in range(4)})
        ):
            # "I'd keep the strings and drop the rest", "keep the piano, everything else can go".
            players.put("only", players.kept)
            players.verb = ""
            return
        if phrase == ("without",) and self._closes(1) and players.last and not players.anyone:
            # "The brass is too much, can we try it without?"
            self._take_again("drop")
            return
        if phrase == ("no",) and self.clause is Clause.COMPLAINT and not plays_at(self.tokens, self.place + 1):
            # "It's all head and no heart."
            self.sign = 1.0
            return
        if to == "instead":
            self.players.take_place(phrase)
            # Of moods it turns what follows round.
            self.replaced = True
            self.sign = -1.0 if self.players.verb == "drop" else self.sign
            return
        if phrase[0] == "use" and self.players.blamed and self.players.since == 0:
            # "The trumpet's too military, use a horn."
            self._forgive()
            self.players.put("drop", self.players.blamed)
            self.players.blamed = []
        if to == "keep" and phrase[0] in {"leave", "keep"} and self._emptied():
            to = "only"
            self.controls.pop("density", None)
        if self.denied and to == "add" and self._said(-1) in {"don't", "shouldn't", "never", "mustn't", "needn't"}:
            # "Don't add drums."
            to = "drop"
        so_far = set(self._so_far())
        if to == "louder" and "hear" in phrase and {"only", "want"} <= so_far:
            # "I only want to hear the piano."
            to = "only"
        if phrase[:2] == ("anything", "but") and "hear" in so_far:
            # "I can't hear anything but brass."
            to = "softer"
        if to == "louder" and "hear" in phrase and ({"only", "can"} <= so_far or {"all", "can"} <= so_far):
            # "I can only hear the drums."
            to = "softer"
        if to in {"add", "becomes"} and self.clause is Clause.COMPLAINT and phrase[0] in {"played", "carried", "taken"}:
            # "The part played by the horn is too sad."
            return
        self.players.take_verb(to, phrase)
        if to != "rest":
            # "lose the panic" turns round what is no player.
            follows = phrase_at(self.tokens, self.place + len(phrase))
            plays = follows is not None and follows.says is Says.INSTRUMENT
            way = {"drop": -1.0} if plays or phrase[0] == "not" else {"drop": -1.0, "softer": -1.0, "louder": 1.0}
            felt = follows is not None and follows.says is Says.MOOD
            moves = felt or longest(self.tokens, self.place + len(phrase), words.controls)[1]
            if phrase[0] in {"save", "reserve"} and not plays:
                # "Save the big stuff for the last four bars."
                way = {"drop": 1.0}
            if phrase == ("hear",) and self.clause is Clause.COMPLAINT and not self.denied:
                # "I hear triumph, but the scene is a defeat."
                way = {"louder": -1.0}
            if "hear" in phrase and not moves:
                # "I can't hear her for all the notes."
                way = {"drop": -1.0}
            # "Bring down the energy" names nobody, and "hold the tension" keeps it.
            if phrase[0] == "hold" and not plays:
                back = "back" in {self._said(len(phrase) + more) for more in range(1, 3)}
                way = {"drop": -1.0 if back else 1.0}
            self.signed_to = self.place + len(phrase)
            if not (plays or self.players.anyone) and to in {"swap", "swapped"}:
                # "Swap the tension for warmth."
                way = {"swap": -1.0, "swapped": 1.0}
            self.sign, self.denied = way.get(to, words.signs.get(phrase)), False

    def _emptied(self) -> bool:
        """ "Clear everything out and leave the clarinet": all but who comes next is sent away."""
        before = {self._said(-back) for back in range(1, _FAR_BACK)}
        return bool(before & _LOT) and bool(before & _GONE)

    def _felt_moved(self) -> int:
        """What happens to a feeling, and words that only say how very much: "painfully slow", "fierce high"."""
        words = change_table()
        if self._said(0) in words.grammar["beyond"]:
            moving = (words.tempi, words.register, words.controls)
            felt = phrase_at(self.tokens, self.place + 1)
            if (felt is not None and felt.says is Says.MOOD) or any(
                longest(self.tokens, self.place + 1, one)[1] for one in moving
            ):
                return 1
        if self._lost():
            return 1 + (self._said(1) in {"off", "away", "out", "down"})
        return int(self._mood_moved())

    def _lost(self) -> bool:
        """ "The tension is gone by bar 12" wants it back; "the joy feels forced" wants less of it."""
        words = change_table().grammar
        gone, forced = self._said(0) in words["gone"], self._said(0) in words["forced"]
        if self._said(1) in {"wrong", "on"} or not (gone or forced) or not self.moved or self.sign is not None:
            return False
        so_far = set(self._so_far())
        wished = bool({"should", "let", "must", "needs", "can", "could", "have", "want", "make"} & so_far)
        turned = (self.clause is Clause.COMPLAINT or wished) if gone else self.clause is not Clause.COMPLAINT
        if turned:
            self.moved = [(name, -amount) for name, amount in self.moved]
        return True

    def _mood_moved(self) -> bool:
        """ "Lower the mood", "bring up the mood": brighter is up."""
        sign = {"louder": 1.0, "softer": -1.0}.get(self.players.verb, self.sign)
        moved = self._said(0) in _MOOD and sign is not None and self._said(-1) in _WHOM
        if moved and not (self.denied or self.moved or self.clause is Clause.SCENE):
            self.moved.append(("valence", (sign or 0.0) * STEP * self.factor))
            self.sign = None
        return moved

    def _mood_sent(self, sign: float) -> bool:
        """ "Bring the mood down"; sign: of the "down"."""
        if self.moved or not _MOOD & set(self._so_far()):
            return False
        self.moved.append(("valence", sign * STEP * self.factor))
        self.sign = sign if self._said(1) == "and" else None
        return True

    def _too_much(self) -> None:
        """ "It's too much", "not enough": of all of it, where nothing is named."""
        words, players = change_table().grammar, self.players
        if self.moved or players.lists or self.values or players.anyone or self.clause is Clause.SCENE:
            return
        passed = words["hedges"] | words["excess"] | words["articles"] | _BARE
        said = [word for word in self._so_far() if word not in passed]
        if said in (["less"], ["less", "please"]) and self.clause is Clause.WISH:
            self.moved.append(("density", -STEP))
        how = next((way for phrase, way in _HOW_MUCH.items() if said[: len(phrase)] == list(phrase)), 0.0)
        rest = said[2:] if len(said) > 1 else []
        if how and not (rest and rest[0] not in words["during"] | _HERE):
            self.moved.append(("intensity", how * STEP))

    def _held_back(self) -> None:
        """ "the timpani are drowning everything"; where nobody is named it is all of it."""
        # What it is that they cover asks for nothing.
        self.compared = True
        if self.players.named:
            self.players.put_named("softer")
        elif not self.players.gone:
            self.moved.append(("intensity", -STEP))

    def _say_how_loud(self, said: set[str]) -> None:
        """What is about loudness though no word says so: "I can't hear my actors", "tone down the first four bars"."""
        words, players = change_table().grammar, self.players
        if players.verb == "louder" and not players.anyone and "hear" in said and said & words["unheard"]:
            # "I can't hear it over the waves" wants more of it.
            self.moved.append(("intensity", STEP if "it" in said else -STEP))
        nothing_else = not (self.moved or players.lists or {"tempo_factor", "register"} & self.values.keys())
        if nothing_else and self.sign is not None and not self.denied and said & words["volume"]:
            self.moved.append(("intensity", self.sign * STEP * self.factor))

    def _makes_room(self) -> bool:
        """ "I need room for the wind and the birds" brings nobody in."""
        so_far = self._so_far()
        asked = {"is", "any", "isn't"} & set(so_far)
        room = {"room", "space"} & set(so_far) and "for" in so_far and not asked
        return bool(room) and self._said(-1) == "the"

    def _refuse(self) -> None:
        players = self.players
        if not players.lists.get("add") and players.last and players.since == 0 and not players.lists:
            players.put("add", players.last)
        if players.lists.get("add"):
            players.verb = "drop"
        else:
            players.refuses = True

    def _of_these_only(self) -> None:
        """ "Two instruments only: violin and piano": the names that follow are all that is to play."""
        so_far = set(self._so_far())
        named = bool(self.players.named or self.players.anyone)
        counted = (
            bool(({"only", "just"} & so_far or {"no", "more", "than"} <= so_far) and _PLAYERS & so_far) and not named
        )
        self.these_only = counted or (self.these_only and named)

    def _indefinite(self) -> bool:
        """ "Give the boy a flute", though "give the flute a rest"."""
        first = next((at for at in range(self.begun, self.place) if plays_at(self.tokens, at)), self.place)
        given = said_at(self.tokens, first - 1) in {"a", "an", "some"}
        return given and not self.moved and not self.players.verb

    def _asked_barely(self) -> bool:
        """ "Piccolo for the mouse, please", "low brass throughout": a clause that only names who is to play."""
        words, so_far = change_table(), self._so_far()
        if self.clause is not Clause.WISH or self.moved or self.players.verb or self.denied or self.sign is not None:
            return False
        first = next((at for at in range(self.begun, self.place) if self.tokens[at].said not in _LEADING), self.place)
        named = phrase_at(self.tokens, first)
        if named is None or named.says is not Says.INSTRUMENT:
            return False
        rest = so_far[first - self.begun + named.tokens :]
        # "Cymbal crash at bar 17."
        rest = rest[1:] if rest and rest[0] in MOMENTS else rest
        # "Piano" is also how softly it is played.
        if not rest and so_far[0] == "and" and len(so_far) > 2 and so_far[1] in {"a", "an", "some"}:
            # "And a piccolo."
            return True
        placed = bool(rest) and rest[0] in words.grammar["during"] | PLACED_ALONE
        return placed and not set(rest) & words.grammar["verbs"]

    def _would_it(self) -> bool:
        """ "Would a trumpet work?", "a lone trumpet would break my heart"."""
        so_far = self._so_far()
        first = next((at for at in range(self.begun, self.place) if plays_at(self.tokens, at)), self.place)
        before = {word.said for word in self.tokens[max(self.begun, first - 2) : first]}
        if self.clause is not Clause.WISH or self.denied or self.players.verb:
            return False
        # "Low strings underneath would make it more threatening."
        bare = first == self.begun and bool({"would", "might"} & set(so_far) and self.moved)
        return bare or bool({"would", "could", "might"} & set(so_far) and {"a", "an", "some"} & before)

    def _orders(self, phrase: Phrase) -> bool:
        """ "The desert chase is crying out for guitar", "nobody but the harp": a wish, whatever it began as."""
        to = change_table().players.get(phrase, "")
        first = self.place + len(phrase) + (self._said(len(phrase)) in {"the", "a", "an"})
        at_once = to == "only" and self.place == self.begun
        orders = at_once or (phrase[-1] == "for" and to == "add") or (to == "drop" and len(phrase) > _OF_A_WISH)
        if (orders and plays_at(self.tokens, first)) or phrase[:2] in _CRIES_OUT:
            self.clause = Clause.WISH
            return True
        return False

    def _from_them(self) -> bool:
        """ "More bite from the horns", but "more notes in the horns from bar 8"."""
        froms = (at for at in range(self.begun, self.place) if said_at(self.tokens, at) == "from")
        return any(plays_at(self.tokens, at + 1 + (said_at(self.tokens, at + 1) in _WHOM)) for at in froms)

    def _balance(self) -> None:
        """What the clause says of those it names: "softer drums", "the brass is too loud", "too much violin"."""
        players = self.players
        if players.verb == "keep" and players.anyone and any(name == "intensity" for name, _ in self.moved):
            # "Keep the timpani quiet."
            players.named = list(players.last)
        if not players.named:
            return
        self.only_named = self._calls()
        if self.only_named and self.clause is Clause.WISH and not players.verb:
            if _BY_ITSELF & set(self._so_far()):
                # "A solo piano", "piano solo".
                players.put_named("only")
                return
            self.barely += players.named
        if self.clause is Clause.COMPLAINT and set(players.named) <= players.lists.get("add", {}).keys():
            # "Add a bassoon. Bassoons are funny."
            self.moved = []
            return
        if self._from_them() and self.moved and self.sign is not None and self.clause is Clause.WISH:
            # "More bite from the horns."
            players.put("louder" if self.sign > 0 else "softer", players.named)
        if len(players.named) == 2 and {"make", "turn"} & set(self._so_far()[:1]) and self._said(-2) in {"a", "an"}:
            # "Make the flute a clarinet."
            players.put("drop", players.named[:1])
            players.put("add", players.named[1:])
            return
        moved = {name for name, _ in self.moved}
        if self.called and "arousal" in moved and "intensity" not in moved:
            # "Trombones, calm down!"
            self.moved = [("intensity", amount) for name, amount in self.moved if name == "arousal"]
        if set(players.named) <= WHOLE_BAND and self.moved:
            # "The orchestra is shouting" is said of all of it.
            return
        intensity = [amount for name, amount in self.moved if name == "intensity"]
        if intensity and not ("make" in self._so_far() and self._would_it()):
            players.put("softer" if sum(intensity) < 0 else "louder", players.named)
            self.moved = [(name, amount) for name, amount in self.moved if name != "intensity"]
        elif self._asked_barely() and {"solo", "lone", "single"} & set(self._so_far()[:3]) and not players.lists:
            # "Solo violin for the opening four bars."
            players.put("only", players.named)
        elif (
            self._asked_barely()
            or self._asked_for_one()
            or self._would_it()
            or self._has_the_tune()
            or (self._so_far()[:1] and self._so_far()[0] in {"give", "lend", "hand"} and self._indefinite())
        ):
            players.put("only" if _BY_ITSELF & set(self._so_far()[:2]) else "add", players.named)
        elif self.clause is Clause.COMPLAINT:
            players.blamed, self.blamed_for = players.named, self.moved
            excess = self.sign is not None and self.sign < 0 and not self.denied
            if excess and not self.moved and "register" not in self.values:
                players.put("softer", players.named)
