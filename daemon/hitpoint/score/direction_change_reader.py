"""Words of a note into a DirectionChange, clause by clause.

In a clause a sign ("more", "too", "less") holds for what follows it; without one a word moves its own way. Instruments
go where the verb before them says ("lose", "add", "just"); an instrument beside "louder" or "softer" alone is balanced.
"""

from dataclasses import dataclass, field
from typing import Any

from hitpoint.errors import ConfigError
from hitpoint.score.controls import CONTROL_RANGES
from hitpoint.score.direction_change import STEP, DirectionChange, Place
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_grammar import match_at
from hitpoint.score.direction_match import Match, Says, Tokens, said_at
from hitpoint.score.direction_numbers import number_at
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_reader import LONGEST_TEXT, MOST_UNKNOWN
from hitpoint.score.direction_tokens import TokenKind, tokenise
from hitpoint.score.direction_words import MOST_WORDS, NEUTRAL_TENSION, Mood, Phrase, table

STRONG = 0.4
"""A mood moves what it is at least this far from neutral in, of 1. Our choice."""
_KEPT = {Says.KEY: "key", Says.MODE: "mode", Says.METER: "meter", Says.METER_WORD: "meter", Says.TEMPO: "tempo_bpm",
         Says.BARS: "bars"}  # fmt: skip


def read_change(text: str) -> DirectionChange:
    """What `text` asks to change. Raises ConfigError for more than LONGEST_TEXT characters."""
    if len(text) > LONGEST_TEXT:
        raise ConfigError(f"the note has {len(text):,} characters, at most {LONGEST_TEXT:,} can be read. Shorten it.")
    reader = _Reader(tokenise(text))
    while reader.place < len(reader.tokens):
        reader.step()
    return reader.change(text)


@dataclass
class _Reader:
    """Goes over the tokens once and keeps what they change."""

    tokens: Tokens
    place: int = 0
    controls: dict[str, float] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    players: dict[str, dict[str, None]] = field(default_factory=dict)
    where: Place | None = None
    unknown: dict[str, None] = field(default_factory=dict)
    flags: dict[str, None] = field(default_factory=dict)
    sign: float | None = None
    factor: float = 1.0
    verb: str = ""
    kept: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    """Instruments of the clause with no verb."""
    moved: list[tuple[str, float]] = field(default_factory=list)
    """Control changes of the clause."""

    def step(self) -> None:
        """Read the next thing."""
        readers = (self._where, self._tempo_step, self._length_step, self._word)
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
        names: dict[str, Any] = {to: tuple(names) for to, names in self.players.items()}
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

    def _where(self) -> int:
        """ "in bars 5-8", "from bar 9", "last 4 bars", "second half"."""
        said = said_at(self.tokens, self.place)
        if said in {"bar", "bars", "measure", "measures"}:
            first = number_at(self.tokens, self.place + 1)
            if first is None:
                return 0
            taken, last = 1 + first[1], first[0]
            if said_at(self.tokens, self.place + taken) in {"-", "to"}:
                second = number_at(self.tokens, self.place + taken + 1)
                if second is not None:
                    taken, last = taken + 1 + second[1], second[0]
            before = said_at(self.tokens, self.place - 1)
            begin, end = int(min(first[0], last, 9999)), int(min(max(first[0], last), 9999))
            if before in {"from", "after"}:
                self._at(Place(f"from bar {begin}", None, begin))
            elif before in {"until", "till", "to"}:
                self._at(Place(f"until bar {end}", None, 1, end))
            else:
                self._at(Place(f"bars {begin}-{end}" if begin != end else f"bar {begin}", None, begin, end))
            return taken
        if said in {"last", "final", "first"}:
            count = number_at(self.tokens, self.place + 1)
            if count is not None and said_at(self.tokens, self.place + 1 + count[1]) in {"bars", "bar", "measures"}:
                bars = int(min(count[0], 9999))
                name = f"{'first' if said == 'first' else 'last'} {bars} bars"
                self._at(Place(name, None, 1, bars) if said == "first" else Place(name, None, -bars))
                return 2 + count[1]
        return 0

    def _at(self, place: Place) -> None:
        if self.where not in (None, place):
            self.flags["two places are named and the last one holds: write a note for each"] = None
        self.where = place

    def _tempo_step(self) -> int:
        """ "10% slower", "5 bpm faster"."""
        counted = number_at(self.tokens, self.place)
        if counted is None:
            return 0
        number, at = counted[0], self.place + counted[1]
        unit = said_at(self.tokens, at)
        if unit not in {"%", "percent", "bpm"}:
            return 0
        phrase, taken = self._phrase(at + 1)
        factor = change_table().tempi.get(phrase)
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
        """ "8 bars longer"."""
        counted = number_at(self.tokens, self.place)
        if counted is None or said_at(self.tokens, self.place + counted[1]) not in {"bar", "bars", "measures"}:
            return 0
        way = {"longer": 1, "more": 1, "shorter": -1, "less": -1, "fewer": -1}.get(
            said_at(self.tokens, self.place + counted[1] + 1)
        )
        if way is None or counted[0] != int(counted[0]):
            return 0
        self.values["bars_more"] = way * int(min(counted[0], 9999))
        return counted[1] + 2

    def _phrase(self, place: int) -> tuple[Phrase, int]:
        """The longest phrase of changes at `place`, and its tokens."""
        words: list[str] = []
        phrase: Phrase = ()
        found, at = 0, place
        while len(words) < MOST_WORDS and at < len(self.tokens) and self.tokens[at].kind is TokenKind.WORD:
            words.append(self.tokens[at].said)
            at += 1
            if any(tuple(words) in entries for entries in _sections()):
                phrase, found = tuple(words), at - place
            if at + 1 < len(self.tokens) and said_at(self.tokens, at) == "-" and self.tokens[at].glued:
                at += 1
        return phrase, found

    def _word(self) -> int:
        """A phrase of the change table, or a comparative of a mood."""
        phrase, taken = self._phrase(self.place)
        plain = phrase_at(self.tokens, self.place)
        if plain is not None and plain.tokens > taken and plain.says in (Says.INSTRUMENT, Says.MOOD, Says.DEGREE):
            # "low strings" is a section, though "low" alone would be no change.
            return 0
        if taken:
            self._take(phrase)
            return taken
        mood = _comparative(said_at(self.tokens, self.place))
        if mood is None:
            return 0
        self._move(_moves(mood))
        return 1

    def _take(self, phrase: Phrase) -> None:
        words = change_table()
        if phrase in words.players and self._is_verb(phrase):
            self._verb(words.players[phrase])
        elif phrase in words.places:
            self._at(Place(" ".join(phrase), words.places[phrase]))
        elif phrase in words.tempi:
            self._tempo(words.tempi[phrase])
        elif phrase in words.register:
            self.values["register"] = words.register[phrase] * (self.sign or 1.0)
            self.factor = 1.0
        elif phrase in words.controls:
            self._move(words.controls[phrase])
        elif phrase in words.signs:
            self.sign = words.signs[phrase]
        elif phrase in words.endings and self.moved:
            self._turn(words.endings[phrase])

    def _is_verb(self, phrase: Phrase) -> bool:
        """ "with", "for" and "by" are joints of a swap; elsewhere they are small words, but "with" brings in."""
        to = change_table().players[phrase]
        if self.verb == "swap" and phrase in {("with",), ("for",), ("by",), ("to",)}:
            return True
        return to != "swapped"

    def _verb(self, to: str) -> None:
        if to == "rest":
            # "keep the strings, drop everything else".
            if self.verb == "drop" and self.kept:
                self._players("only", self.kept)
            return
        if self.verb == "swap":
            to = "add"
        if to == "only" and self.named:
            # "strings only".
            self._players("only", self.named)
            self.named = []
        self.verb, self.sign = to, None

    def _tempo(self, factor: float) -> None:
        if self.sign is not None and self.sign < 0:
            # "too fast".
            factor = {1.1: 0.9, 0.9: 1.1}.get(factor, 1 / factor)
        if factor in (1.1, 0.9):
            factor = round(1 + (factor - 1) * self.factor, 4)
        self.values["tempo_factor"] = factor
        self.factor = 1.0

    def _move(self, moves: dict[str, float]) -> None:
        for name, way in moves.items():
            amount = way * (self.sign or 1.0) * STEP * self.factor
            self.moved.append((name, amount))
        self.factor = 1.0

    def _turn(self, sign: float) -> None:
        self.moved = [(name, sign * abs(amount) if self.sign is None else amount) for name, amount in self.moved]

    def _match(self, match: Match) -> None:
        if match.says is Says.INSTRUMENT:
            self._instrument(str(match.value))
        elif match.says is Says.DEGREE and isinstance(match.value, float):
            self.factor *= match.value
        elif match.says in (Says.MOOD, Says.GENRE) and isinstance(match.value, Mood):
            self._move(_moves(match.value))
        elif match.says in _KEPT:
            self.values[_KEPT[match.says]] = match.value
        elif match.says is Says.STOP:
            self._end_clause()
        elif match.says is Says.BUT or match.words == "but":
            self.sign, self.factor = None, 1.0
        elif match.says is Says.UNKNOWN and len(self.unknown) < MOST_UNKNOWN:
            self.unknown[match.words] = None

    def _instrument(self, name: str) -> None:
        if self.verb == "keep":
            self.kept.append(name)
        elif self.verb == "swap":
            self._players("drop", [name])
        elif self.verb:
            self._players(self.verb, [name])
        elif self.sign is not None and not self.moved:
            # "more strings", "less brass".
            self._players("add" if self.sign > 0 else "softer", [name])
        else:
            self.named.append(name)

    def _players(self, to: str, names: list[str]) -> None:
        self.players.setdefault(to, {}).update(dict.fromkeys(names))

    def _end_clause(self) -> None:
        intensity = [amount for name, amount in self.moved if name == "intensity"]
        if self.named and intensity:
            # "softer drums", "the brass is too loud".
            self._players("softer" if sum(intensity) < 0 else "louder", self.named)
            self.moved = [(name, amount) for name, amount in self.moved if name != "intensity"]
        for name, amount in self.moved:
            if self.controls.get(name, 0.0) * amount < 0:
                self.flags[f"{name} is asked up and down: one takes from the other"] = None
            self.controls[name] = self.controls.get(name, 0.0) + amount
        self.sign, self.factor, self.verb = None, 1.0, ""
        self.named, self.moved = [], []


def _sections() -> tuple[dict[Phrase, Any], ...]:
    words = change_table()
    return (
        words.players, words.places, words.tempi, words.register, words.controls, words.signs, words.endings,
    )  # fmt: skip


def _moves(mood: Mood) -> dict[str, float]:
    """Which way a mood takes each control: those it is strong in, or the one it is strongest in."""
    far = {
        "valence": mood.valence,
        "arousal": mood.arousal,
        # Tension has 0.7 of room above neutral.
        "tension": (mood.tension - NEUTRAL_TENSION) / (1 - NEUTRAL_TENSION),
    }
    most = max(abs(value) for value in far.values())
    return {name: 1.0 if value > 0 else -1.0 for name, value in far.items() if abs(value) >= min(STRONG, most) > 0}


def _comparative(word: str) -> Mood | None:
    """The mood of which `word` is the comparative: angrier, sadder, calmer."""
    if not word.endswith("er") or len(word) < 5:
        return None
    stem = word[:-2]
    plain = [stem, stem + "e", stem[:-1]] + ([stem[:-1] + "y"] if stem.endswith("i") else [])
    return next((mood for one in plain if (mood := table().moods.get((one,)))), None)
