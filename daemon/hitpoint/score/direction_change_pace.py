"""What a note says in numbers of how fast it is to be played."""

from dataclasses import dataclass

from hitpoint.score.direction_change_joints import ends_at
from hitpoint.score.direction_change_phrases import all_changes, longest
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_change_written import Writing
from hitpoint.score.direction_match import said_at
from hitpoint.score.direction_numbers import number_at
from hitpoint.score.direction_tokens import TokenKind

_TEMPI = (30.0, 300.0)
"""A number that is a tempo where the tempo is spoken of. Our choice."""


_LIKELY = (40.0, 220.0)
"""What a number without a unit is a tempo between. Our choice."""
_BEFORE_TEMPO = {
    "", "think", "reckon", "prefer", "want", "feel", ".", ",", "at", "to", "around", "about", "say", "try",
    "roughly", "like", "it", "tempo", "was", "is", "nearer", "closer", "of", "make", "maybe", "or", "do", "-", ":",
    "me", "us", "need",
}  # fmt: skip
_AFTER_TEMPO = {
    "pls", "thanks", "thx",
    "would", "please", "feels", "felt", "is", "was", "and", "instead", "not", "might", "should", "in", "with", "max",
    "tops", "or", "but", "for", "then", "ish", "if", "than", "maybe", "tempo", "there", "click", "clicks", "beats",
    "overall", "throughout", "sounds", "worked", "works",
}  # fmt: skip
_MORE_BPM = {
    "off": -1,
    "down": -1,
    "less": -1,
    "lose": -1,
    "drop": -1,
    "knock": -1,
    "shave": -1,
    "up": 1,
    "more": 1,
    "add": 1,
    "gain": 1,
}
_TEMPO, _AS_IT_IS = {"tempo", "pace", "speed"}, {"current", "present", "existing", "original"}
_AGAINST = {"under": -0.1, "below": -0.1, "beneath": -0.1, "over": 0.1, "above": 0.1, "beyond": 0.1}
_ARTICLES = {"a", "an", "the", "very"}


@dataclass
class Pacing(Writing):
    """A reading that knows of tempi."""

    def _tempo_step(self) -> int:
        """ "10% slower", "5 bpm faster", "slow it down by 5 bpm", "speed it up to 120"."""
        counted = number_at(self.tokens, self.place)
        if counted is None:
            return self._against_the_speed()
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
        if unit not in {"%", "percent", "bpm"} and self._by_so_many(at):
            # "Take the tempo down by 10."
            faster = bool({"up", "increase", "raise", "push", "bump"} & set(self._so_far()))
            self.values["tempo_more"] = number if faster else -number
            self.values.pop("tempo_factor", None)
            return at - self.place
        if unit not in {"%", "percent", "bpm"}:
            return self._bare_tempo(number, at)
        way = _MORE_BPM.get(said_at(self.tokens, at + 1), _MORE_BPM.get(self._said(-1)))
        if unit == "bpm" and "by" in {self._said(-1), self._said(-2)} and way is None:
            # "Bump it up by 10 bpm", "too fast by about 10 bpm".
            faster = bool({"up", "increase", "raise", "push", "faster"} & set(self._so_far()))
            way = 1 if (faster if self.slower is None else not self.slower) else -1
            self.values.pop("tempo_factor", None)
        if unit == "bpm" and way is not None and 0 < number < 100:
            # "Knock ten bpm off."
            self.values["tempo_more"] = way * number
            return at + 1 - self.place + (said_at(self.tokens, at + 1) in _MORE_BPM)
        if unit in {"%", "percent"} and said_at(self.tokens, at + 1) == "off" and 0 < number < 100:
            # "Take 5% off the tempo."
            self.values["tempo_factor"] = round(1 - number / 100, 4)
            return at + 2 - self.place
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

    def _against_the_speed(self) -> int:
        """ "A shade under the current speed": the tokens of it; 0 for anything else."""
        way, at = _AGAINST.get(self._said(0), 0.0), self.place + 1
        while said_at(self.tokens, at) in _ARTICLES | _AS_IT_IS:
            at += 1
        if not way or said_at(self.tokens, at - 1) not in _AS_IT_IS or said_at(self.tokens, at) not in _TEMPO:
            return 0
        self.values["tempo_factor"] = round(1 + way * self.factor, 4)
        self.factor = 1.0
        return at + 1 - self.place

    def _bare_tempo(self, number: float, at: int) -> int:
        """ "120 would be better", "I had it at 88 in the temp": the tokens of a number that can only be a tempo."""
        before, after = self._said(-1), said_at(self.tokens, at)
        if (
            not _LIKELY[0] <= number <= _LIKELY[1]
            or number != int(number)
            or self.tokens[self.place].kind is not TokenKind.NUMBER
        ):
            return 0
        if (
            at < len(self.tokens)
            and after != "ish"
            and (self.tokens[at].glued and self.tokens[at].kind is not TokenKind.STOP)
        ):
            return 0
        timecode = before == ":" and self._said(-2).isdecimal()
        if (
            timecode
            or before not in _BEFORE_TEMPO
            or not (after in _AFTER_TEMPO or at >= len(self.tokens) or ends_at(self.tokens, at))
        ):
            return 0
        self.values["tempo_bpm"] = number
        self.values.pop("tempo_factor", None)
        return at - self.place

    def _by_so_many(self, after: int) -> bool:
        """True for the number of "the tempo down by 10", which ends the clause."""
        ends = after >= len(self.tokens) or ends_at(self.tokens, after)
        return ends and self._said(-1) == "by" and bool(_TEMPO & set(self._so_far()))
