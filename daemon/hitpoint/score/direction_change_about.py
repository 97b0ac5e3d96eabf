"""Whether words of a note are about players at all: "could we have a harp", but "could we have a bit less brass"."""

from hitpoint.score.direction_change_joints import ends_at
from hitpoint.score.direction_change_phrases import compares
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Tokens, said_at
from hitpoint.score.direction_words import Phrase

MAY = {"can", "could", "may", "might"}
_MAYBE = {"maybe", "perhaps"}
_BEFORE_PLAYERS = {
    ("never",), ("start", "the"), ("kick", "the"), ("missing",), ("fade", "in"), ("there", "were", "no"),
    ("there", "was", "no"), ("try",), ("don't", "add"), ("don't", "add", "any"), ("don't", "add", "the"),
}  # fmt: skip
_ANYTHING_BUT = ("anything", "but")
A_BIT_OF = {
    "a", "an", "some", "bit", "touch", "hint", "dash", "splash", "little", "of", "solo", "lone", "just", "the",
    "single", "gentle", "few", "couple", "only",
}  # fmt: skip
_ALONG = (("with", "them"), ("with", "it"), ("too",), ("as", "well"), ("likewise",), ("also",))


def past(tokens: Tokens, place: int, words: set[str]) -> int:
    """The first token from `place` on that is none of those words."""
    while said_at(tokens, place) in words:
        place += 1
    return place


def needs_players(phrase: Phrase, to: str) -> bool:
    """True for what is only about players where they follow at once.

    "Never drums", but "it never gets scary"; "maybe a touch of harp", but "maybe a little slower"; "could we have a
    harp?", but "could we have a bit less brass"; "the oboe should be a clarinet", but "should be a bit lower".
    """
    said = phrase in _BEFORE_PLAYERS or phrase[0] in _MAYBE or phrase[:2] == _ANYTHING_BUT
    asked = (phrase[0] in MAY and "have" in phrase) or phrase[0] in {"i'd", "we'd", "i", "we"}
    of_all = (phrase[-1] == "all" and to == "only") or (phrase[-1] == "that" and to == "keep")
    calms = to == "softer" and phrase in change_table().controls
    return said or asked or of_all or calms or to == "becomes"


def should_be(tokens: Tokens, place: int) -> bool:
    """True at "should be softer" and "needs to be a bit lower"."""
    if said_at(tokens, place) not in {"should", "could", "must", "can", "needs", "need", "has", "have"}:
        return False
    ahead = [said_at(tokens, place + more) for more in range(1, 6)]
    return "be" in ahead[:2] and any(compares(word) for word in ahead[1:])


def along(tokens: Tokens, place: int) -> int:
    """The tokens of "with them", "too" or "as well" where a clause ends with it; 0 for anything else."""
    for phrase in _ALONG:
        ends = place + len(phrase)
        if all(said_at(tokens, place + at) == word for at, word in enumerate(phrase)):
            return len(phrase) if ends >= len(tokens) or ends_at(tokens, ends) else 0
    return 0
