"""Who is asked to lead: "solo cello", "oboe melody", "the theme is in the horns"."""

from dataclasses import dataclass, field

from hitpoint.score.direction_words import table

_BEFORE_ITS_PLAYER = frozenset({"solo", "lead", "leading"})
"""Words that belong to the player right after them, whoever is named before: "strings, harp solo cello"."""
_ABOVE = frozenset({"over", "above", "against", "across", "atop"})
"""Words between a melody and who is beneath it."""


@dataclass
class Leads:
    """Takes what is read in order, and keeps who leads."""

    names: dict[str, None] = field(default_factory=dict)
    """Instruments and sections."""
    _last: str = ""
    """Who was named last, with nothing but words of no weight since."""
    _next: bool = False
    """Who is named next leads."""
    _instead_of: str = ""
    """Who leads unless somebody is named right now."""

    def player(self, name: str, words: str) -> None:
        """Somebody was asked for."""
        if self._instead_of:
            self.names.pop(self._instead_of, None)
        if self._next or "solo" in words.split():
            self.names[name] = None
        self._last, self._next, self._instead_of = name, False, ""

    def word(self, words: str, ruled_out: bool) -> None:
        """A word of no other weight. ruled_out: it stands after a negation: "no solos"."""
        self._next = self._next and not self._instead_of
        self._instead_of = ""
        if words in _ABOVE:
            self.end()
        elif tuple(words.split()) in table().leads and not ruled_out:
            if self._last:
                already = self._last in self.names
                self.names[self._last] = None
                self._next = words in _BEFORE_ITS_PLAYER
                self._instead_of = self._last if self._next and not already else ""
            else:
                self._next = True

    def end(self) -> None:
        """A clause, or one of what is listed, has ended."""
        self._last, self._next, self._instead_of = "", False, ""
