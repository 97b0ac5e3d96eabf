"""What a note says of what stands at the head of a score: key, mode, metre, tempo and length."""

from dataclasses import dataclass

from hitpoint.score.direction_change_beginnings import Clause
from hitpoint.score.direction_change_likeness import Likening
from hitpoint.score.direction_match import Match, Says

_NOT_SO = {"less", "too", "but"}
_IS_SO, _ASKED_FOR = {"is", "feels", "sounds", "seems"}, {"the", "what", "better", "best", "right"}
_OTHER_MODE = {"minor": "major", "major": "minor"}
_KEPT = {Says.KEY: "key", Says.MODE: "mode", Says.METER: "meter", Says.METER_WORD: "meter", Says.TEMPO: "tempo_bpm",
         Says.BARS: "bars"}  # fmt: skip
WRITTEN = _KEPT.keys() | {Says.TEMPO_RANGE}
"""What stands at the head of a score."""


@dataclass
class Writing(Likening):
    """A reading that changes what is written."""

    def _write(self, match: Match) -> None:
        """What is written at the head of a score: key, mode, metre, tempo and length."""
        not_so = self._said(-1) in _NOT_SO or self._said(-2) == "out"
        if match.says is Says.TEMPO_RANGE and isinstance(match.value, tuple):
            self.values["tempo_bpm"] = sum(match.value) / 2
        elif match.says is Says.MODE and (not_so or self._is_wrong(match.tokens)):
            # "Less major", "take it out of minor".
            self.values.setdefault("mode", _OTHER_MODE.get(str(match.value)))
        elif match.says in _KEPT and not (self._only_told(match) or (match.says is Says.KEY and not_so)):
            self.values[_KEPT[match.says]] = match.value
            # "Drop into D minor for the funeral."
            self.sign = None

    def _only_told(self, match: Match) -> bool:
        """ "Sadder for four bars", "no more 3/4", "straight minor's too glum", "though it stays in minor"."""
        for_so_long = match.says is Says.BARS and (
            self._said(-1) == "by" or (self._said(-1) == "for" and (self.moved or self.players.anyone))
        )
        no_metre = match.says in (Says.METER, Says.METER_WORD) and "no" in self._so_far()[-2:]
        # "The old couple waltz."
        dances = match.says is Says.METER_WORD and (
            self.clause is Clause.SCENE or self._said(-1) in {"the", "this", "is"}
        )
        as_it_is = match.says is Says.MODE and (self._kept_in or self._is_amiss(match.tokens))
        denied = self.replaced or (self.denied and self._said(-1) in {"not", "go", "get"})
        return bool(for_so_long or no_metre or dances or as_it_is or denied)

    def _is_amiss(self, taken: int) -> bool:
        """ "Straight minor's too glum", but "minor is the answer"."""
        return self._said(taken) in _IS_SO and self._said(taken + 1) not in _ASKED_FOR

    def _is_wrong(self, taken: int) -> bool:
        """ "Minor is quite wrong for this"."""
        after = [word for word in self._ahead()[taken - 1 : taken + 4] if word not in {"key", "mode"}]
        return bool(after) and after[0] in {"is", "feels", "sounds", "was"} and "wrong" in after
