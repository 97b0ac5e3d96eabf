"""Forms of the words that a note's table lists, so that the table writes each of them once.

"Gloom" brings "gloomless" and "gloomy" "gloomier"; "creep us out" brings "creeps me out", and "calm it down" "calm this
down". What the table itself writes always holds.
"""

from collections.abc import Container, Iterator
from typing import TypeVar

from hitpoint.score.direction_words import MOST_WORDS, Phrase

Said = TypeVar("Said")
_VOWELS = "aeiou"
_PARTICLES = {"down", "up", "back", "out", "off"}
_SHORT = 5
"""Letters in the longest word whose last one is doubled: "sad", "grim". Our choice."""
_OBJECTS: tuple[tuple[Phrase, ...], ...] = (
    (
        ("it",),
        ("this",),
        ("that",),
        ("things",),
        ("everything",),
        ("it", "all"),
        ("the", "music"),
        ("the", "cue"),
        ("the", "whole", "thing"),
    ),
    (("us",), ("me",), ("them",), ("you",), ("people",), ("everyone",), ("him",), ("her",), ("the", "audience")),
    (("my",), ("our",), ("your",), ("their",)),
)
"""Each says the same as the first of its row, as what is done something to, or as whose."""


def forms_of(phrase: Phrase) -> Iterator[Phrase]:
    """Other forms of the same meaning, never the phrase itself."""
    if len(phrase) == 1:
        yield from ((one,) for one in _of_one(phrase[0]))
        return
    if phrase[-1] in _PARTICLES and "right" not in phrase:
        yield from (
            (*said[:-1], far, said[-1])
            for said in (phrase, *_with_object(phrase))
            for far in ("right", "way")
            if len(said) < MOST_WORDS
        )
    for said in (phrase, *_by_whom(phrase)):
        for again in (said, *_with_object(said)):
            if again != phrase and len(again) <= MOST_WORDS:
                yield again


def opposites_of(phrase: Phrase) -> Iterator[Phrase]:
    """What says that it is missing: "joyless", "unthreatening"."""
    if len(phrase) == 1 and len(phrase[0]) > 2 and not phrase[0].endswith("er"):
        word = phrase[0]
        yield from ((f"{word}less",), (f"un{word}",), ("non", word))


def with_forms(entries: dict[Phrase, Said], known: Container[Phrase]) -> dict[Phrase, Said]:
    """`entries` and their forms, but for those that are `known` as something else."""
    more: dict[Phrase, Said] = {}
    for phrase, value in entries.items():
        for form in forms_of(phrase):
            if form not in known and form not in entries:
                more.setdefault(form, value)
    return entries | more


def _of_one(word: str) -> Iterator[str]:
    """ "Grim" brings "grimmer", "grimness", "grimly" and "grims"; no "grimmest", which is said of what is seen."""
    if not word.isalpha() or len(word) < 3:
        return
    stem = word[:-1] + "i" if word.endswith("y") and word[-2] not in _VOWELS else word
    if word.endswith("e"):
        yield from (f"{word}r", f"{word}ness", f"{word}ly", f"{word}s", f"{word[:-1]}ing")
        return
    doubled = len(word) <= _SHORT and word[-1] not in "aeiouwxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS
    ends = stem + word[-1] if doubled else stem
    yield from (f"{ends}er", f"{stem}ness", f"{stem}ly", f"{ends if doubled else word}ing")
    if not word.endswith("s"):
        yield f"{stem}es" if stem != word or word.endswith(("sh", "ch", "x")) else f"{word}s"


def _by_whom(phrase: Phrase) -> Iterator[Phrase]:
    """ "Creep us out" brings "creeps us out" and "creeping us out"."""
    first, rest = phrase[0], phrase[1:]
    if not first.isalpha() or len(first) < 3:
        return
    yield (f"{first[:-1]}ies" if first.endswith("y") and first[-2] not in _VOWELS else f"{first}s", *rest)
    yield (f"{first[:-1] if first.endswith('e') else first}ing", *rest)
    if len(first) <= _SHORT and first[-2] in _VOWELS:
        yield (f"{first}{first[-1]}ing", *rest)


def _with_object(phrase: Phrase) -> Iterator[Phrase]:
    for row in _OBJECTS:
        at = next((at for at, word in enumerate(phrase) if (word,) in row and at), None)
        if at is not None:
            yield from ((*phrase[:at], *other, *phrase[at + 1 :]) for other in row if other != (phrase[at],))
            return
