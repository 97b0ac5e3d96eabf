"""Who is brought in, sent away, held back or brought forward by a note: the instruments and the verbs about them."""

from dataclasses import dataclass, field

from hitpoint.score.direction_change_about import A_BIT_OF, MAY, along, needs_players, past, should_be
from hitpoint.score.direction_change_joints import ends_at, plays_at
from hitpoint.score.direction_change_phrases import compares, longest
from hitpoint.score.direction_change_words import PRONOUNS, change_table
from hitpoint.score.direction_match import Says, Tokens, said_at
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_words import Phrase

_INSTEAD, _ONLY, _SOLO = ("instead",), ("only",), ("solo",)
_BACK, _WITH, _DOUBLED = ("back",), ("with",), ("double", "the")
_SWAPPED = {_WITH, ("for",), ("by",), ("to",)}
_WHERE_OR_WHAT = {("in",), ("under",), ("behind",), ("present",)}
_IS_SO = {"is", "are", "feels", "sounds", "seems", "was", "were", "feel", "sound"}
_OUT, _BRING = ("out",), {"bring", "bringing"}
_REACH = 8
"""Words from "everyone" to "drop out". Our choice."""
_STAYS = {"stay", "stays", "remain", "remains"}
_PUT = {"put", "sit", "tuck", "keep", "place", "set", "tucked", "slip"}
_PULLED = {"pull", "hold", "push", "drop"}
_COMES = {
    "bring", "let", "have", "use", "add", "put", "want", "need", "come", "comes", "came", "enter", "enters", "entered",
    "start", "starts", "started", "play", "plays", "played", "join", "joins", "joined", "kicks", "appear", "appears",
}  # fmt: skip
_BROUGHT = {"bring", "put", "get", "want", "have"}
_PLAYS_ON = {"here", "there", "in", "at", "on", "over", "under", "instead", "again", "too", "from", "for", "through"}
_WHOM = {"it", "them", "her", "him", "his", "their", "our"}
_UNHEARD, _BEHIND = (
    {"drowned", "lost", "buried", "masked", "swamped", "smothered", "covered"},
    {"by", "under", "behind"},
)
_TUNES = {"tune", "melody", "theme", "line", "solo"}
_EVERYONE = {"lot", "everything", "everyone", "everybody", "all"}
_BUT = {"but", "except", "apart", "bar", "besides", "save", "other"}
_BUT_GOES_ON = {"for", "from", "than", "the", "a", "an", "my", "just"}
_SENT_AWAY = {"out", "away", "off", "gone", "mute", "strip", "cut", "silence"}
_OWNERS = {"my", "our", "the", "a", "your"}


_WOULD_HAVE = {("i'd", "love"), ("i'd", "like"), ("i'd", "welcome"), ("i'd", "enjoy"), ("we'd", "love")}
_MADE_SO = {"to", "up", "down", "back", "out", "forward", "feel", "sound", "flavour", "texture", "vibe"}
_REDUCED = {("back", "to"), ("down", "to")}
_STRIPPED = {"strip", "pare", "reduce", "thin", "boil", "cut", "whittle", "peel", "scale"}


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
    refuses: bool = False
    """Who is named next is not wanted, if somebody else is."""
    refused: list[str] = field(default_factory=list)
    """Those who were not wanted, for those who are to come."""
    anyone: bool = False
    """True once somebody is named in the clause."""
    several: bool = False
    """True where those named last are "them" and not "it"."""
    since: int = 0
    """Clauses since they were named."""
    more: set[str] = field(default_factory=set)
    """Those of whom more was asked for."""
    done: str = ""
    """What happened last to anybody."""

    def put(self, to: str, names: list[str]) -> None:
        """That happens to them."""
        if not names:
            return
        self.done = to
        for other in ("softer", "louder", "add") if to == "drop" else ():
            # "Too much brass. Take it out."
            for name in names:
                self.lists.get(other, {}).pop(name, "")
        self.lists.setdefault(to, {}).update(dict.fromkeys(names))

    def hear_more(self, name: str) -> None:
        """Nobody but that one, just named, is to be louder: "too much brass and not enough strings"."""
        self.named = [one for one in self.named if one != name]
        for names in self.lists.values():
            names.pop(name, "")
        self.put("louder", [name])

    def put_named(self, to: str) -> None:
        """That happens to those named in the clause."""
        self.put(to, self.named)
        self.named = []

    def name(
        self, name: str, said: str, sign: float | None, beside: bool = False, more: bool = False, to: str = ""
    ) -> bool:
        """An instrument is named, as `said`. sign: of "more" or "less" before it; beside: after "over the" or the like;
        more: it is to be more of it, which also brings in who does not play; to: what happens to it, whatever the verb
        before would have, "could use less brass".

        Returns True when the verb is about it.
        """
        if self.anyone and beside and (self.verb in {"add", "louder"} or (self.named and not self.verb)):
            # "An oboe over the strings."
            return False
        if beside and self.verb == "louder" and name not in self.last:
            # "I can barely hear the narrator over those toms."
            self.put("softer", [name])
            self.last, self.anyone = [name], True
            return False
        if not self.anyone:
            self.last, self.anyone = [], True
        self.last.append(name)
        self.since, self.several = 0, len(self.last) > 1 or (said.endswith("s") and not said.endswith("ss"))
        if self.refuses:
            self.refused.append(name)
        elif self.verb == "keep":
            self.kept.append(name)
        elif self.verb in {"add", "louder"} and to:
            self.put(to, [name])
        elif self.verb:
            self.put("drop" if self.verb == "swap" else self.verb, [name])
            return self.verb != "swap"
        elif sign is not None:
            # "more strings", "less brass"; "I can barely hear the harp. More harp!"
            heard = more or name in self.lists.get("louder", {})
            self.more |= {name} if more and sign > 0 else set()
            self.put(("louder" if heard else "add") if sign > 0 else "softer", [name])
        else:
            self.named.append(name)
        return False

    def is_verb(self, phrase: Phrase, tokens: Tokens, place: int, begun: int) -> bool:
        """ "with", "for" and "by" are joints of a swap; elsewhere they are small words, but "with" brings in."""
        to = change_table().players[phrase]
        if len(phrase) == 1 and to == "drop" and said_at(tokens, place - 1) in _OWNERS:
            # "My cut is faster."
            return False
        if to == "add" and {"want", "need"} & set(phrase):
            first = past(tokens, place + len(phrase), A_BIT_OF)
            wanted = phrase_at(tokens, first)
            if (
                wanted is not None
                and wanted.says is Says.INSTRUMENT
                and compares(said_at(tokens, first + wanted.tokens))
            ):
                # "I want the strings warmer."
                return False
        if phrase in _WOULD_HAVE:
            # "I'd love strings", but "I'd love it darker" and "I'd like strings to be softer".
            first = past(tokens, place + 2, A_BIT_OF)
            after = phrase_at(tokens, first)
            ends = first + (after.tokens if after is not None else 0)
            plays = after is not None and after.says is Says.INSTRUMENT
            return plays and not compares(said_at(tokens, ends)) and said_at(tokens, ends) not in _MADE_SO
        if phrase[0] == "gets":
            # "Her theme gets a harp", but "it gets a bit harp-heavy".
            return plays_at(tokens, place + len(phrase))
        if needs_players(phrase, to):
            return plays_at(tokens, past(tokens, place + len(phrase), A_BIT_OF))
        if phrase in _REDUCED:
            # "Strip the second half back to solo cello."
            reduced = _STRIPPED & {said_at(tokens, at) for at in range(begun, place)}
            return bool(reduced) and plays_at(tokens, past(tokens, place + 2, A_BIT_OF))
        if phrase[0] in {"say", "like"} and to == "add":
            # "Something gentler, say clarinets", but "say the strings are too loud".
            plays = plays_at(tokens, place + len(phrase)) and said_at(tokens, place - 1) in {",", "-", ""}
            return plays and (phrase[0] == "say" or self.done == "drop")
        if phrase == ("work", "in") and self.named and not self.verb:
            # "Would an organ work in there?"
            return False
        if phrase == _DOUBLED and self.named and plays_at(tokens, place + 2):
            # "Could the flute double the violins?"
            self.put_named("add")
            self.verb = "keep"
            return False
        if phrase == _DOUBLED:
            # "Double the cello with a bassoon", but "double the tension".
            after = phrase_at(tokens, place + 2)
            plays = after is not None and after.says is Says.INSTRUMENT
            return plays and "with" in {said_at(tokens, place + more) for more in (3, 4)}
        if phrase in {_ONLY, ("just",)}:
            first = place + 1 + (said_at(tokens, place + 1) in {"the", "my"})
            one = phrase_at(tokens, first)
            ends = first + (0 if one is None else one.tokens)
            named = one is not None and one.says is Says.INSTRUMENT
            if named and (said_at(tokens, ends) in _IS_SO or should_be(tokens, ends)):
                # "Only the flute is too loud", "only the timpani should be softer".
                return False
        if phrase == _ONLY and said_at(tokens, place + 1) in _COMES:
            # "The choir should only come in at the end."
            return False
        following = phrase_at(tokens, place + 1)
        before_one = following is not None and following.says is Says.INSTRUMENT and place > begun
        if phrase == _SOLO and self.named and not self.verb and place == begun + 1:
            # "Oboe solo until bar 8."
            return True
        if phrase == _SOLO and (self.verb == "add" or self.named or before_one):
            # "add a solo oboe" sends nobody away.
            return False
        if to == "masked":
            return bool(self.named) or bool(_EVERYONE & {said_at(tokens, at) for at in range(begun, place)})
        if phrase == _WITH and self.verb != "swap":
            # "Warmer, with harp", but not "the trouble with the harp".
            return following is not None and following.says is Says.INSTRUMENT
        return to != "swapped" or (self.verb == "swap" and phrase in _SWAPPED)

    def take_verb(self, to: str, phrase: Phrase = ()) -> None:
        """What happens to those who come next, and, after "only" and "hear", to those who came before."""
        if to == "rest":
            # "keep the strings, drop everything else".
            if self.verb == "drop":
                self.put("only", self.kept)
            return
        if to == "becomes":
            # "The oboe should be a clarinet."
            self.put_named("drop")
        if to == "masked":
            # "The strings are covered by the drums."
            self.put_named("louder")
            to = "softer"
        if self.verb == "swap" or to in {"swapped", "becomes"}:
            to = "add"
        if to == "only" and not self.named and self.verb in {"add", "louder"}:
            # "Try it with the cello only", "let's hear the cello by itself".
            self.named = self._taken_from(self.verb)
        elif to == "only" and not self.named and self.verb == "keep":
            self.named = list(self.last)
        if to == "only" and phrase[:2] in _REDUCED:
            # "Thin the strings down to a solo violin."
            self.named = []
        if to in {"only", "louder"}:
            # "strings only", "the horns, I can't hear".
            self.put_named(to)
        self.verb = to

    def take_place(self, phrase: Phrase) -> None:
        """ "a harp instead of the guitar"; or "give the oboe's line to a cello instead"."""
        if phrase != _INSTEAD:
            self.put_named("add")
            self.verb = "drop"
            return
        if self.lists.get("add"):
            self.put("drop", self.named)
        else:
            self.put("drop", self.named[:-1])
            self.put("add", self.named[-1:])
        self.named = []

    def meant_by(self, phrase: Phrase, to: str) -> bool:
        """True where the "it" or "them" of the phrase is somebody named before, not the music."""
        if not self.last or "it" not in phrase:
            return bool(self.last)
        if (to and len(self._of_whom(to)) < len(self.last)) or (to == "drop" and self.gone and not self.several):
            # "Who asked for a glockenspiel? Take it out."
            return True
        # "Just piano, and pull it back", "lose the flute and bring it down", "more brass and make it louder".
        played = set(self.lists.get("only", {}))
        played |= self.more | self.lists.get("add", {}).keys() if to == "louder" else set()
        music = self.gone or set(self.last) <= played
        return not self.several and self.since <= 1 and (to == "add" or not music)

    def _of_whom(self, to: str) -> list[str]:
        """Those of the last who are meant: "the strings are overpowering the piano; bring them down"."""
        said = self.lists.get("softer" if to == "drop" else to, {}) if to in {"softer", "louder", "drop"} else {}
        return [name for name in self.last if name in said] or self.last

    def pronoun_at(self, tokens: Tokens, place: int, to: str) -> bool:
        """ "Hear more of it": what a verb is about is somebody named before."""
        said = said_at(tokens, place)
        return to in {"drop", "softer", "louder", "swap"} and said in PRONOUNS and self.meant_by((said,), to)

    def spare(self) -> None:
        """Those named last are not sent away after all."""
        self._taken_from("drop")

    def take_again(self, to: str) -> None:
        """That happens to those named last, whatever was to happen to them: "push them", "swap it for a flute"."""
        if to == "swap":
            self.verb, to = to, "drop"
        self.last = self._of_whom(to)
        for done in self.lists:
            self._taken_from(done)
        self.put(to, self.last)
        self.named = []

    def all_but(self, tokens: Tokens, place: int, so_far: list[str]) -> int:
        """ "Everything out except the cello": the tokens before who is left, or 0. so_far: the clause before it."""
        if said_at(tokens, place) not in _EVERYONE:
            return 0
        said = [said_at(tokens, at) for at in range(place, place + 5)]
        at = next((at for at, word in enumerate(said) if at and word in _BUT), 0)
        keeps = self.verb == "keep" or "stay" in said[:at] or "keep" in so_far
        ahead = {said_at(tokens, one) for one in range(place + at, place + at + 6)}
        stops = {"stop", "stops", "out", "silent", "rest", "rests"} & ahead
        if not at or not (keeps or stops or self.verb == "drop" or _SENT_AWAY & {*so_far, *said[:at]}):
            return 0
        at += 1
        while said_at(tokens, place + at) in _BUT_GOES_ON:
            at += 1
        left = phrase_at(tokens, place + at)
        if left is None or left.says is not Says.INSTRUMENT:
            return 0
        self.verb = "drop" if keeps else "only"
        return at

    def _taken_from(self, to: str) -> list[str]:
        """Those named last to whom that was to happen, and now does not."""
        names = self.lists.get(to, {})
        return [name for name in self.last if names.pop(name, "") is None]

    @property
    def gone(self) -> bool:
        """True when those named last are sent away already: "pull the percussion, it's distracting"."""
        return bool(self.last) and set(self.last) <= self.lists.get("drop", {}).keys()

    def after(self, tokens: Tokens, place: int, begun: int, refused: bool = False) -> int:
        """ "take the drums out", "have the horns come in", "the flute has to go": what comes after whom it is about.

        refused: it is said not to be so. Returns the tokens that it took; 0 for none.
        """
        words = change_table()
        # "Keep the drums out until bar 5."
        who = list(self.last) if self.verb == "keep" and self.anyone else self.named
        if who and self.done and (ends := along(tokens, place)):
            # "The trombones can go, and the tuba with them."
            self.put_named(self.done)
            return ends
        if self.verb == "add" and self.anyone and said_at(tokens, place - 1) == "to":
            # "I want the flute to stand out."
            who = [name for name in self.last if name in self.lists.get("add", {})]
        if not who:
            return self._pulled_back(tokens, place, begun)
        if said_at(tokens, place) in {"yes", "no"} and (place + 1 >= len(tokens) or ends_at(tokens, place + 1)):
            # "Piano yes, strings no."
            self.put_named("add" if said_at(tokens, place) == "yes" else "drop")
            return 1
        phrase, taken = longest(tokens, place, words.after)
        if phrase == ("off",) and said_at(tokens, place - 1) in _IS_SO:
            # "The balance of brass and flute is off."
            return taken
        if not taken and said_at(tokens, place - 1) == "be":
            # "The choir needs to be cut."
            phrase, taken = longest(tokens, place - 1, words.after)
            taken = max(0, taken - 1)
        first = said_at(tokens, begun + (said_at(tokens, begun) in {"and", "then"}))
        closes = place + 1 >= len(tokens) or not said_at(tokens, place + 1).isalpha()
        if said_at(tokens, place) in _STAYS and (closes or said_at(tokens, place + 1) in _PLAYS_ON):
            # "The cello stays, the rest can go."
            self.kept += who
            self.named = []
            return 1
        if said_at(tokens, place) == "go" and (
            first == "let" or (closes and (first in MAY or said_at(tokens, begun) == "and"))
        ):
            # "Let the bassoon go", "can the brass go?"
            self.put_named("drop")
            return 1
        if first == "give" and said_at(tokens, place) == "the" and said_at(tokens, place + 1) in _TUNES:
            # "Give the cello the melody."
            self.put_named("add")
            return 2
        if said_at(tokens, place) == "play" and first == "let" and (closes or said_at(tokens, place + 1) in _PLAYS_ON):
            # "Let the harp play."
            self.put_named("add")
            return 1
        if taken and phrase[-1] in {"stop", "stops"} and said_at(tokens, place + taken).endswith("ing") and taken == 1:
            # "If the violins could stop being so sentimental."
            return 0
        if taken > 1 and phrase[-1] == "too" and said_at(tokens, place + taken).isalpha():
            # "The piano is playing too many notes."
            return 0
        late = said_at(tokens, place + taken) == "later" and place + taken + 1 >= len(tokens)
        if taken and words.after[phrase] == "add" and (late or said_at(tokens, place + taken) == "too"):
            # "The drums come in too early", "they should come in later", which says not when.
            return taken
        other = place + taken + (said_at(tokens, place + taken) == "the")
        if phrase in {("behind",), ("under",), ("underneath",)} and first in _PUT and plays_at(tokens, other):
            # "Put the strings behind the piano."
            self.put_named("softer")
            self.verb, self.anyone = "keep", True
            return taken
        if phrase in _WHERE_OR_WHAT and said_at(tokens, place + 1) in words.grammar["placed_by"] | _WHOM:
            return 0
        if taken and words.after[phrase] == "softer" and said_at(tokens, place + taken) in {"might", "would", "could"}:
            # "A choir underneath might be lovely."
            return taken
        if phrase == ("up",) and said_at(tokens, place + 1) == "there":
            # "Too shrill up there."
            return 0
        if "octave" in {said_at(tokens, place + 1), said_at(tokens, place + 2)}:
            return 0
        others = (words.places, words.masking, words.players)
        if not taken or any(longest(tokens, place, other)[1] > taken for other in others):
            return 0
        if (
            words.after[phrase] == "add"
            and compares(said_at(tokens, place + taken))
            and (said_at(tokens, place + taken) not in {"earlier", "sooner", "later"})
        ):
            # "Could the choir come in softer?"
            return taken
        self.kept = [name for name in self.kept if name not in who]
        if phrase[-1] in _UNHEARD and said_at(tokens, place + taken) in _BEHIND:
            # "The choir is drowned by the horns."
            self.put("louder", who)
            self.verb, self.named = "softer", []
            return taken
        for name in who:
            self.lists.get("add", {}).pop(name, "")
        if phrase == _OUT and _BRING & {said_at(tokens, at) for at in range(begun, place)}:
            # "Bring the flute out", though "take the flute out".
            self.put("louder", who)
            self.named = []
            return taken
        brought = phrase == _BACK and any(said_at(tokens, at) in _BROUGHT for at in range(begun, place))
        # "Bring the horns back" has them play again, "pull the horns back" has them softer.
        to = "add" if brought else words.after[phrase]
        before = {said_at(tokens, at) for at in range(max(0, place - _REACH), place)}
        if to == "drop" and _EVERYONE & before and _BUT & before:
            # "Could everyone except the cello drop out?"
            to = "only"
        # "Don't bring the drums in until bar 8."
        self.put("drop" if refused and to == "add" else to, who)
        self.named = []
        return taken

    def _pulled_back(self, tokens: Tokens, place: int, begun: int) -> int:
        """ "Pull the strings back" sends nobody away, though "pull the strings" does."""
        pulled = _PULLED & {said_at(tokens, at) for at in range(begun, place)}
        if self.verb not in {"drop", "louder"} or not pulled or not self.anyone:
            return 0
        after = change_table().after
        phrase, taken = longest(tokens, place, after)
        if phrase == ("back", "in") and said_at(tokens, place + 2) in change_table().grammar["placed_by"]:
            # "Pull the piano back in the first four bars."
            phrase, taken = _BACK, 1
        to = after.get(phrase, "")
        if to not in {"softer", "louder"}:
            return 0
        held = "hold" in pulled and said_at(tokens, place + taken) in {"until", "till"}
        # "Hold the drums back until bar 20."
        self.put("drop" if held else to, self._taken_from(self.verb))
        self.verb = ""
        return taken

    def end_clause(self) -> None:
        """The next words are about others."""
        if self.refused and self.named and not self.refuses:
            # "Not the oboe, the clarinet."
            self.put("drop", self.refused)
            self.put_named("add")
            self.refused = []
        self.refuses = False
        self.since += not self.anyone
        self.verb, self.named, self.anyone = "", [], False
