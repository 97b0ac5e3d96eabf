"""Words into a Direction, in three steps: tokenise, match against grammar and table, fold the matches together.

Every step takes time in proportion to the length of the text. How matches add up:

- moods are averaged; a degree shades the next one ("slightly tense"), a negation turns it half round ("not sad");
- a genre counts only where no mood is said; a manner of playing ("staccato") speaks of arousal or tension alone;
- "calm to furious" is an arc: valence, arousal and tension are those of its first state, the rest is in `arc`;
  where each state has a length of its own ("calm for 4 bars then tense for 12"), these are added up;
- an instrument after a negation is taken out of the sections that are named ("orchestra, no brass"), and so is one
  before a negation that ends in playing ("the brass shouldn't play");
- of two negations one takes the other back ("don't lose the drums"), and a mood is then a little of itself
  ("not without hope");
- a tempo in figures counts before a word, a metre in figures before a dance;
- what is said twice holds as said last, and is flagged, as is what contradicts itself.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from hitpoint.errors import ConfigError
from hitpoint.score.direction import Direction
from hitpoint.score.direction_citation import Citation
from hitpoint.score.direction_feelings import Feeling, contradiction, mean
from hitpoint.score.direction_grammar import matches_of
from hitpoint.score.direction_lead import Leads
from hitpoint.score.direction_match import Match, Says
from hitpoint.score.direction_misspelt import slips_in
from hitpoint.score.direction_neutral import Cut, Said, cited_flag, cuts_in
from hitpoint.score.direction_numbers import with_units
from hitpoint.score.direction_phrase import instead_of
from hitpoint.score.direction_shared import Asked, shared_parts, written_line
from hitpoint.score.direction_stretches import Stretches, sum_of
from hitpoint.score.direction_tokens import tokenise
from hitpoint.score.direction_words import Manner, Mood, table
from hitpoint.score.sections import without

LONGEST_TEXT = 10_000
"""Characters in a direction."""
NOT = -0.5
"""What a negation does to a mood: half as far on the other side of neutral. Our choice."""
NOT_VERY = 0.4
"""What a negation makes of a strengthened mood: "not very sad" is a little sad. Our choice."""
NOT_WITHOUT = 0.5
"""What two negations leave of a mood: "not without hope" is a little hopeful. Our choice."""
MOST_UNKNOWN = 1000
"""Words reported as not understood."""
TEMPO_LEEWAY = 0.1
"""Share by which a tempo in figures may lie outside what its word means before they contradict. Our choice."""

_FIELDS = {
    Says.TEMPO: "tempo_bpm",
    Says.TEMPO_RANGE: "tempo_range",
    Says.TEMPO_WORD: "tempo_word",
    Says.KEY: "key",
    Says.MODE: "mode",
    Says.METER: "meter",
    Says.METER_WORD: "meter_word",
    Says.BARS: "bars",
    Says.SECONDS: "duration_seconds",
}
_SAID_TWICE = {"tempo_bpm": "tempo", "tempo_range": "tempo", "tempo_word": "tempo word", "meter": "metre",
               "meter_word": "dance", "duration_seconds": "length in seconds"}  # fmt: skip
_NONE = {"none", "off"}
_LENGTHS = (Says.BARS, Says.SECONDS)
_JOINTS = (Says.STOP, Says.AND, Says.OR, Says.BUT, Says.ARROW, Says.CLOSING)
"""Between players, or thoughts."""
_OVER = {"over", "across", "within", "during", "in", "through", "throughout"}
"""Words before the length of an arc."""
_MADE_OF = {
    "melody", "melodies", "melodic", "harmony", "harmonies", "chord", "chords", "rhythm", "rhythms", "rhythmic", "line",
    "lines", "tune", "hit",
}  # fmt: skip
"""What all music has, and is no request; to be without it is one, which can't be followed."""
_BESIDE_A_VALUE = {"in", "at", "the", "a", "an"}
"""Words between a negation and the value that it rules out: "not in D minor"."""


def read(text: str) -> Direction:
    """What `text` asks for. Raises ConfigError for more than LONGEST_TEXT characters."""
    if len(text) > LONGEST_TEXT:
        raise ConfigError(
            f"the direction has {len(text):,} characters, at most {LONGEST_TEXT:,} can be read. "
            "Shorten it to what the music should do."
        )
    tokens, fold, place = tokenise(text), _Fold(), 0
    said: list[Said] = []
    for match in listed_together(with_units(matches_of(tokens), tokens)):
        said.append(Said(match, tokens[place].start, tokens[place + match.tokens - 1].end))
        fold.take(match)
        place += match.tokens
    return fold.direction(text, list(cuts_in(said)))


def listed_together(matches: list[Match]) -> list[Match]:
    """The same, with the commas of "no drums, bass or guitar" read as "or": a negation goes on over a list."""
    listed = list(matches)
    place = 0
    while place < len(listed):
        negation = listed[place]
        place += 1
        if negation.says not in (Says.NEGATION, Says.EXCLUSION):
            continue
        stops, joined = [], False
        joints = (Says.OR, Says.AND) if negation.says is Says.EXCLUSION else (Says.OR,)
        while place < len(listed) and listed[place].says in (Says.FILLER, Says.INSTRUMENT, Says.STOP, *joints):
            if listed[place].says is Says.STOP:
                if listed[place].words != "," or joined:
                    break
                stops.append(place)
            joined = joined or listed[place].says in joints
            place += 1
        if joined:
            for stop in stops:
                listed[stop] = Match(Says.OR, None, ",", listed[stop].tokens)
    return listed


@dataclass
class _Fold:
    """Takes matches in order and keeps what they add up to."""

    stated: dict[str, Any] = field(default_factory=dict)
    instruments: dict[str, None] = field(default_factory=dict)
    programs: dict[str, int | None] = field(default_factory=dict)
    """What an instrument is to sound with: None is its own program."""
    asked: list[Asked] = field(default_factory=list)
    """Who was asked for, by the words that asked."""
    excluded: dict[str, None] = field(default_factory=dict)
    feelings: list[Feeling] = field(default_factory=list)
    arc: list[str] = field(default_factory=list)
    arc_bars: int | None = None
    stretches: Stretches = field(default_factory=Stretches)
    unknown: dict[str, None] = field(default_factory=dict)
    flags: dict[str, None] = field(default_factory=dict)
    factor: float = 1.0
    degree: str = ""
    negated: bool = False
    excluding: bool = False
    """The negation goes on after "and"."""
    turned: bool = False
    """The mood or instrument read last was negated."""
    ruled_out: bool = False
    """A value that comes now is one not to have: "not in D minor"."""
    linked: bool = False
    """An arrow was read and its mood is to come."""
    last_mood: str = ""
    last_player: str = ""
    leads: Leads = field(default_factory=Leads)
    named: dict[str, None] = field(default_factory=dict)
    """Who was asked for in this clause."""
    before: str = ""
    """The words read last."""
    thought: int = 0
    supposed: Match | None = None
    """What said the key."""
    firm: bool = False
    """Something was said that is no everyday word."""

    def take(self, match: Match) -> None:
        """Take in the next match."""
        says = match.says
        if says is Says.FILLER:
            self.leads.word(match.words, self.negated or self.ruled_out)
        elif says in _JOINTS:
            self.leads.end()
        if says in (Says.MOOD, Says.GENRE, Says.MANNER) and isinstance(match.value, Mood | Manner):
            self._feeling(says, match.value, match.words)
        elif says is Says.INSTRUMENT:
            self._instrument(str(match.value), match.words)
        elif says in _FIELDS:
            self._value(_FIELDS[says], match)
        elif says is Says.DEGREE and isinstance(match.value, float):
            self.factor *= match.value
            self.degree = f"{self.degree}{match.words} "
        elif says is Says.CITED and isinstance(match.value, Citation):
            self._not_understood(match.value.unlisted)
        elif match.words in _NONE and self.last_player in self.instruments and self.before == ":":
            # "Vocals: none".
            del self.instruments[self.last_player]
            self.excluded[self.last_player] = None
        elif says is Says.UNKNOWN or (self.negated and match.words in _MADE_OF):
            self.linked = self.negated = False
            self._not_understood((match.words,))
        else:
            self._joint(says)
        if says not in (Says.NEGATION, Says.DEGREE) and match.words not in _BESIDE_A_VALUE:
            self.ruled_out = False
        everyday = match.everyday or says not in (Says.MOOD, Says.INSTRUMENT, *_FIELDS) or says in _LENGTHS
        self.firm = self.firm or not everyday
        self.before = match.words

    def direction(self, text: str, cuts: list[Cut]) -> Direction:
        """All that was said; `cuts` are the names that were cited."""
        self._silence()
        stated = self._settled()
        self._both_ways()
        if cuts:
            self.flags[cited_flag(text, cuts)] = None
        return Direction(
            text,
            instruments=without(self.instruments, self.excluded) if self.excluded else tuple(self.instruments),
            without=tuple(self.excluded),
            leads=without([name for name in self.leads.names if name in self.instruments], self.excluded),
            programs=tuple((name, number) for name, number in self.programs.items() if number is not None),
            arc=tuple(self.arc),
            flags=(*self.flags, *shared_parts(self.asked), *slips_in(tuple(self.unknown))),
            unknown=tuple(self.unknown),
            in_passing=bool(self.feelings or self.instruments or self.excluded) and not self.firm and not self.arc,
            **stated,
        )

    def _joint(self, says: Says) -> None:
        if says in (Says.AND, Says.BUT, Says.STOP):
            self._silence()
        if says is Says.EXCLUSION and self.negated:
            self.negated = self.ruled_out = False
            self.factor, self.degree = NOT_WITHOUT, "not without "
        elif says in (Says.NEGATION, Says.EXCLUSION):
            self.negated = self.ruled_out = True
            self.excluding = says is Says.EXCLUSION
        elif says in (Says.ARROW, Says.CLOSING):
            self.linked = bool(self.last_mood)
            self.stretches.turn()
        elif says is Says.OR or (says is Says.AND and self.excluding):
            # "not sad or tense": what the negation did to the first it does to the second.
            self.negated = self.negated or self.turned
        elif says is Says.BUT:
            self.thought += 1
            linked = self.linked
            self._let_go()
            self.linked = linked
            self.named.clear()
        elif says is Says.STOP:
            self._let_go()
            self.named.clear()
            self.stretches.stop()

    def _silence(self) -> None:
        """Where a negation ends in playing it is about those who were named before it: "the strings shouldn't play"."""
        if not self.negated or tuple(self.before.split()) not in table().playing:
            return
        for name in self.named:
            self.instruments.pop(name, None)
            self.excluded[name] = None
        self.named.clear()
        self._let_go()

    def _feeling(self, says: Says, felt: Mood | Manner, words: str) -> None:
        factor = self.factor
        if self.negated:
            factor = NOT_VERY if factor > 1 else NOT * factor
        said = ("not " if self.negated else "") + self.degree + words
        turned, excluding = self.negated, self.excluding
        feeling = Feeling(says, felt.shaded(factor), said, self.thought)
        if says is not Says.MANNER:
            self.stretches.mood(said, feeling, linked=self.linked)
        if self.linked and says is not Says.MANNER:
            self.arc += [said] if self.arc else [self.last_mood, said]
        else:
            # "not loud" need not be soft: a manner that is ruled out says nothing.
            if says is not Says.MANNER or factor > 0:
                self.feelings.append(feeling)
        if says is not Says.MANNER:
            self.last_mood = said
        self._let_go()
        self.turned, self.excluding = turned, excluding

    def _instrument(self, name: str, words: str) -> None:
        self.turned = self.negated
        instead, program = instead_of(words)
        if instead:
            self._written_as(name, words, program)
        elif not self.negated:
            self.programs.setdefault(name, None)
        if not self.negated:
            self.asked.append(Asked(name, words if instead else name, program))
        if self.negated:
            self.excluded[name] = None
            self.negated = False
        else:
            self.instruments[name] = self.named[name] = None
            self.leads.player(name, words)
        self.last_player = name

    def _written_as(self, name: str, words: str, program: int | None) -> None:
        """The first who asks for a part says what it sounds with."""
        own = not self.negated and self.programs.setdefault(name, program) == program and program is not None
        self.flags[written_line(words, name, program if own else None)] = None

    def _value(self, name: str, match: Match) -> None:
        if match.note:
            self.flags[match.note] = None
        if isinstance(match.value, int | float) and match.says in _LENGTHS:
            self._length(name, match.value)
            return
        if self.ruled_out:
            if name != "tempo_word":
                self.flags[f"not {match.words} is read as none: say which one instead"] = None
            self._let_go()
            return
        if (
            name in {"key", "mode"}
            and tuple(self.before.split()) in table().arrows | table().closings
            and ("key" in self.stated)
        ):
            # "From C minor to C major", "ending in A minor".
            self.flags[f"the key stays {self.stated['key']}: it can't move to {match.value} in a cue"] = None
            self._let_go()
            return
        if name == "key":
            self.supposed = match
        self._state(name, match.value)
        self._let_go()

    def _length(self, name: str, value: float) -> None:
        over = self.before in _OVER and self.last_mood
        if name == "bars" and over and not self.stretches.begun:
            # Whether there is an arc is known at the end only.
            self.arc_bars = int(value)
        else:
            self.stretches.length(name, value, self.before)
        linked = self.linked
        self._let_go()
        self.linked = linked

    def _state(self, name: str, value: object) -> None:
        if name == "tempo_word" and isinstance(value, tuple) and name in self.stated:
            low, high = self.stated[name]
            both = max(low, value[0]), min(high, value[1])
            if both[0] <= both[1]:
                # "slow adagio": what both allow.
                value = both
            else:
                self.flags["tempo is said twice"] = None
        elif name in self.stated and self.stated[name] != value:
            self.flags[f"{_SAID_TWICE.get(name, name)} is said twice"] = None
        other = {"tempo_bpm": "tempo_range", "tempo_range": "tempo_bpm"}.get(name)
        if other in self.stated:
            self.flags["tempo is said twice"] = None
            del self.stated[other]
        self.stated[name] = value

    def _not_understood(self, words: tuple[str, ...]) -> None:
        for word in words:
            if len(self.unknown) < MOST_UNKNOWN:
                self.unknown[word] = None

    def _let_go(self) -> None:
        self.factor, self.degree = 1.0, ""
        self.negated = self.turned = self.linked = self.excluding = self.ruled_out = False

    def _settled(self) -> dict[str, Any]:
        """What is stated, with words giving way to figures."""
        each = self._settle_lengths()
        stated = dict(self.stated, arc_lengths=each)
        self._settle_tempo(stated)
        dance = stated.pop("meter_word", None)
        if dance is not None and stated.setdefault("meter", dance) != dance:
            self.flags[f"{stated['meter']} contradicts the dance, which is in {dance}"] = None
        key, mode = stated.get("key"), stated.get("mode")
        if key is not None and mode is not None:
            if self.supposed is not None and self.supposed.supposed:
                # "Aeolian, strings in A."
                self.flags.pop(self.supposed.note, None)
                stated["key"] = key = replace(key, mode=mode)
            if mode not in (key.mode, "minor" if key.minor else "major"):
                self.flags[f"{key} contradicts {mode}"] = None
            del stated["mode"]
        stated["valence"], stated["arousal"], stated["tension"] = mean(self.feelings)
        apart = contradiction(self.feelings)
        if apart:
            self.flags[apart] = None
        if self.arc_bars is not None:
            if self.arc:
                stated["arc_bars"] = self.arc_bars
                if stated.setdefault("bars", self.arc_bars) < self.arc_bars:
                    self.flags[f"the arc takes {self.arc_bars} bars, and all lasts {stated['bars']}"] = None
            elif stated.setdefault("bars", self.arc_bars) != self.arc_bars:
                self.flags["bars is said twice"] = None
        return stated

    def _settle_lengths(self) -> tuple[float, ...]:
        """State how long all is to last. Returns how long each of its states is; nothing where one is unsaid."""
        timed, unsaid = self.stretches.timed(), self.stretches.unsaid
        if self.stretches.mixed:
            self.flags["lengths in bars and in seconds can't be added up: say all of them in one"] = None
        for length in self.stretches.of_all if timed or unsaid else self.stretches.lengths:
            self._state(length.name, length.value)
        if not timed:
            if unsaid:
                self.flags[f"how long {unsaid} lasts is not said"] = None
            return ()
        lengths = [length for _, length in timed]
        name, whole = lengths[0].name, sum_of(lengths)
        self.arc = [stretch.words for stretch, _ in timed]
        later = [feeling for stretch, _ in timed[1:] for feeling in stretch.feelings]
        self.feelings = [feeling for feeling in self.feelings if not any(feeling is one for one in later)]
        if name == "bars":
            self.arc_bars = whole = int(whole)
        if self.stated.setdefault(name, whole) < whole and name != "bars":
            self.flags[f"the arc takes {whole:g} seconds, and all lasts {self.stated[name]:g}"] = None
        return tuple(length.value for length in lengths)

    def _settle_tempo(self, stated: dict[str, Any]) -> None:
        said = stated.pop("tempo_word", None)
        if said is None:
            return
        bpm = stated.get("tempo_bpm")
        low, high = (bpm, bpm) if bpm is not None else stated.get("tempo_range", said)
        if high < said[0] * (1 - TEMPO_LEEWAY) or low > said[1] * (1 + TEMPO_LEEWAY):
            self.flags[f"the tempo contradicts its word, which means {said[0]:g}-{said[1]:g} bpm"] = None
        if bpm is None:
            stated.setdefault("tempo_range", said)

    def _both_ways(self) -> None:
        for name in self.excluded:
            if name in self.instruments:
                self.flags[f"{name} contradicts itself: asked for, and ruled out"] = None
