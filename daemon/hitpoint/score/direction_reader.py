"""Words into a Direction, in three steps: tokenise, match against grammar and table, fold the matches together.

Every step takes time in proportion to the length of the text. How matches add up:

- moods are averaged; a degree shades the next one ("slightly tense"), a negation turns it half round ("not sad");
- "calm to furious" is an arc: valence, arousal and tension are those of its first state, the rest is in `arc`;
- an instrument after a negation is taken out of the sections that are named ("orchestra, no brass");
- what is said twice holds as said last, and is flagged.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hitpoint.errors import ConfigError
from hitpoint.score.direction import Direction
from hitpoint.score.direction_grammar import match_at
from hitpoint.score.direction_match import Match, Says
from hitpoint.score.direction_tokens import tokenise
from hitpoint.score.direction_words import Mood
from hitpoint.score.sections import players_of

LONGEST_TEXT = 10_000
"""Characters in a direction."""
NOT = -0.5
"""What a negation does to a mood: half as far on the other side of neutral. Our choice."""
NOT_VERY = 0.4
"""What a negation makes of a strengthened mood: "not very sad" is a little sad. Our choice."""
MOST_UNKNOWN = 1000
"""Words reported as not understood."""

_FIELDS = {
    Says.TEMPO: "tempo_bpm",
    Says.TEMPO_RANGE: "tempo_range",
    Says.KEY: "key",
    Says.MODE: "mode",
    Says.METER: "meter",
    Says.BARS: "bars",
    Says.SECONDS: "duration_seconds",
}
_SAID_TWICE = {"tempo_bpm": "tempo", "tempo_range": "tempo", "key": "key", "mode": "key", "meter": "metre"}


def read(text: str) -> Direction:
    """What `text` asks for. Raises ConfigError for more than LONGEST_TEXT characters."""
    if len(text) > LONGEST_TEXT:
        raise ConfigError(
            f"the direction has {len(text):,} characters, at most {LONGEST_TEXT:,} can be read. "
            "Shorten it to what the music should do."
        )
    tokens, place, fold = tokenise(text), 0, _Fold()
    while place < len(tokens):
        match = match_at(tokens, place)
        fold.take(match)
        place += match.tokens
    return fold.direction(text)


@dataclass
class _Fold:
    """Takes matches in order and keeps what they add up to."""

    stated: dict[str, Any] = field(default_factory=dict)
    instruments: dict[str, None] = field(default_factory=dict)
    excluded: set[str] = field(default_factory=set)
    moods: list[Mood] = field(default_factory=list)
    arc: list[str] = field(default_factory=list)
    unknown: dict[str, None] = field(default_factory=dict)
    flags: dict[str, None] = field(default_factory=dict)
    factor: float = 1.0
    degree: str = ""
    negated: bool = False
    turned: bool = False
    """The mood or instrument read last was negated."""
    linked: bool = False
    """An arrow was read and its mood is to come."""
    last_mood: str = ""

    def take(self, match: Match) -> None:
        """Take in the next match."""
        if match.says is Says.MOOD and isinstance(match.value, Mood):
            self._mood(match.value, match.words)
        elif match.says is Says.INSTRUMENT:
            self._instrument(str(match.value))
        elif match.says in _FIELDS:
            self._state(_FIELDS[match.says], match.value)
        elif match.says is Says.DEGREE and isinstance(match.value, float):
            self.factor *= match.value
            self.degree = f"{self.degree}{match.words} "
        elif match.says is Says.NEGATION:
            self.negated = True
        elif match.says is Says.ARROW:
            self.linked = bool(self.last_mood)
        elif match.says is Says.OR:
            # "not sad or tense": what the negation did to the first it does to the second.
            self.negated = self.negated or self.turned
        elif match.says is Says.STOP:
            self._let_go()
        elif match.says is Says.UNKNOWN:
            self.linked = False
            if len(self.unknown) < MOST_UNKNOWN:
                self.unknown[match.words] = None

    def direction(self, text: str) -> Direction:
        """All that was said."""
        stated = dict(self.stated)
        if self.moods:
            count = len(self.moods)
            stated["valence"] = round(sum(mood.valence for mood in self.moods) / count, 3)
            stated["arousal"] = round(sum(mood.arousal for mood in self.moods) / count, 3)
            stated["tension"] = round(sum(mood.tension for mood in self.moods) / count, 3)
        if "key" in stated:
            stated.pop("mode", None)
        return Direction(
            text,
            instruments=self._players(),
            arc=tuple(self.arc),
            flags=tuple(self.flags),
            unknown=tuple(self.unknown),
            **stated,
        )

    def _mood(self, mood: Mood, words: str) -> None:
        factor = self.factor
        if self.negated:
            factor = NOT_VERY if factor > 1 else NOT * factor
        said = ("not " if self.negated else "") + self.degree + words
        if self.linked:
            self.arc += [said] if self.arc else [self.last_mood, said]
        else:
            self.moods.append(mood.shaded(factor))
        self.last_mood, turned = said, self.negated
        self._let_go()
        self.turned = turned

    def _instrument(self, name: str) -> None:
        self.turned = self.negated
        if self.negated:
            self.excluded.add(name)
            self.negated = False
        else:
            self.instruments[name] = None

    def _state(self, name: str, value: object) -> None:
        called = _SAID_TWICE.get(name, name)
        if any(_SAID_TWICE.get(other, other) == called for other in self.stated) and self.stated.get(name) != value:
            self.flags[f"{called} is said twice"] = None
        if called == "tempo":
            self.stated.pop("tempo_bpm", None)
            self.stated.pop("tempo_range", None)
        self.stated[name] = value
        self._let_go()

    def _let_go(self) -> None:
        self.factor, self.degree = 1.0, ""
        self.negated = self.turned = self.linked = False

    def _players(self) -> tuple[str, ...]:
        if not self.excluded:
            return tuple(self.instruments)
        silent = {player for name in self.excluded for player in players_of(name)} | self.excluded
        return tuple(_without(self.instruments, silent))


def _without(names: Iterable[str], silent: set[str]) -> list[str]:
    """`names` with every section that holds a silent player replaced by what is left of it."""
    kept: dict[str, None] = {}
    for name in names:
        players = players_of(name)
        if name in silent:
            continue
        left = [player for player in players if player not in silent]
        whole = len(left) == len(players)
        kept.update(dict.fromkeys([name] if whole else _as_sections(left)))
    return list(kept)


def _as_sections(players: list[str]) -> list[str]:
    """Players by the names of the sections that are there whole, so that both violins of an orchestra stay two."""
    left, names = Counter(players), []
    for name in ("strings", "brass", "winds"):
        section = Counter(players_of(name))
        if section <= left:
            left -= section
            names.append(name)
    return [*left, *names]
