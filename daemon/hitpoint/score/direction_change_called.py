"""What a note calls those who play, where one part is written for several: a celesta and a glockenspiel are bells."""

from dataclasses import dataclass, field
from typing import Any

from hitpoint.score.direction_change_whom import Meaning
from hitpoint.score.direction_phrase import instead_of

_HITS = {"hit", "hits", "marker", "markers"}
_AT_IT = {"before", "after", "at", "on", "until", "till", "towards", "toward", "into", "from", "around", "to", "for"}

Names = dict[str, Any]
"""Players, by what happens to them."""


@dataclass
class Calling(Meaning):
    """A reading that remembers what was called what."""

    called_so: dict[tuple[str, str], None] = field(default_factory=dict)
    """Who was named, by the words that named him; the part's own name where it is one of that."""

    def _call(self, name: str, words: str) -> None:
        self.called_so[name, words if instead_of(words)[0] else name] = None

    def _unswapped(self, names: Names) -> Names:
        """The players without those who come and go at once, which is told: "replace the bells with a celesta"."""
        for name in set(names.get("add", ())) & set(names.get("drop", ())):
            called = list(dict.fromkeys(words for part, words in self.called_so if part == name))
            if len(called) > 1:
                self.flags[f"{' and '.join(called)} share one part: none of them can take another's place"] = None
                names = {to: tuple(one for one in listed if one != name) for to, listed in names.items()}
        return names

    def _at_a_hit(self) -> bool:
        """ "More tension before the hit"."""
        words = [token.said for token in self.tokens]
        hits = (at for at in range(2, len(words)) if words[at] in _HITS and words[at - 1] == "the")
        return any(words[at - 2] in _AT_IT for at in hits)

    def _called(self, meant: set[str]) -> list[tuple[str, str]]:
        """Those of them where somebody was called by another name than that of the part, as they were called."""
        written = {name for name, words in self.called_so if words != name}
        return [one for one in self.called_so if one[0] in meant & written]
