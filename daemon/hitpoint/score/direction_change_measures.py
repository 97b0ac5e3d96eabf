"""What the music is measured by: "busier than it needs to be", "the temp was slower", "half as sad as it should be"."""

from dataclasses import dataclass

from hitpoint.score.direction_change_beginnings import Beginning, Clause
from hitpoint.score.direction_change_joints import ends_at
from hitpoint.score.direction_change_phrases import compares
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Says, Tokens, said_at
from hitpoint.score.direction_phrase import phrase_at

_OUGHT = {
    "should", "needs", "need", "needed", "ought", "must", "necessary", "required", "has", "asked", "asks", "wanted",
    "want", "wants", "hoped", "hoping", "i'd", "we'd", "expected", "imagined", "calls", "deserves", "meant",
    "supposed", "warrants", "demands", "allows", "usual", "ideal", "comfortable", "possible", "requires", "earned",
    "warranted", "called", "intended", "planned", "agreed", "discussed", "thought", "like",
}  # fmt: skip
_THIS = {"this", "it", "that", "music", "cue", "track", "score", "piece", "what", "yours", "these", "now",
         "here", "theme"}  # fmt: skip
_OTHERS = {
    "temp", "old", "last", "previous", "earlier", "first", "other", "original", "picture", "scene", "film", "shot",
    "he", "she", "they", "we", "who", "i", "you", "his", "her", "demo", "draft", "before", "story", "script",
    "actor", "actors", "edit", "cut", "performance", "room", "moment",
}  # fmt: skip
_WISHES = {
    "should", "could", "can", "must", "needs", "need", "wants", "want", "make", "let", "let's", "would", "might",
    "may", "ought", "shouldn't", "i'd", "we'd", "please", "give", "try", "go", "don't", "keep",
}  # fmt: skip
_WAS = {"was", "were", "had", "used", "felt", "sounded"}
_NOT = {"not", "isn't", "aren't", "doesn't", "nowhere", "nothing", "wasn't", "don't", "hardly", "never", "ain't"}
_FEW = {"less", "fewer"}


@dataclass(frozen=True, slots=True)
class Measure:
    """Which way a clause that measures one thing by another wants what it measures."""

    way: float
    """1 for more of it, −1 for less."""
    until: int
    """The token before which it holds."""


def measure_at(tokens: Tokens, place: int) -> Measure | None:
    """How the clause that begins at `place` measures; None where it does not, or where its words say it all."""
    ends = place
    while ends < len(tokens) and not ends_at(tokens, ends) and tokens[ends].said != "but":
        ends += 1
    said = [said_at(tokens, at) for at in range(place, ends)]
    found = _than(tokens, place, said) if "than" in said else _as(said)
    return None if found is None else Measure(found[0], place + found[1])


def _than(tokens: Tokens, place: int, said: list[str]) -> tuple[float, int] | None:
    at = said.index("than")
    left, right = said[:at], said[at + 1 :]
    if not right or (not ({"more"} | _FEW) & set(left) and not any(compares(word) for word in left)):
        return None
    after = [word for word in right if word not in {"a", "an", "the", "merely", "just"}]
    felt = phrase_at(tokens, place + len(said) - len(after)) if after else None
    if felt is not None and felt.says is Says.MOOD and len(after) <= 2:
        # "More wistful than tragic" sets two feelings against each other.
        return None
    way = -1.0 if _FEW & set(left) else 1.0
    verbs = change_table().grammar["verbs"]
    if _WISHES & set(left):
        return None
    if {"picture", "screen", "scene", "page", "script"} & set(left) and {"music", "cue", "score"} & set(right):
        # "It feels lonelier in the picture than it does in the music."
        return way, at
    if not any(word in verbs or word in _WAS for word in left):
        # "Sadder than this" is a wish, "louder than it should be" is none.
        return (-way, at) if _OUGHT & set(right) and "this" not in right else None
    if _WAS & set(left) or _of_others(left):
        return (way, at) if _THIS & set(right) else None
    # "It's more joyful than that" is said of what happens.
    return (way if right in (["that"], ["this"]) else -way), at


def _as(said: list[str]) -> tuple[float, int] | None:
    """ "Nowhere near as tense as the picture", "twice as busy as it needs to be"."""
    if ("all" in said and said[-3:-2] == ["of"]) or (said[-4:-3] == ["of"] and "all" in said):
        at = len(said) - said[::-1].index("of") - 1
        # "It has all the tension of a wet lettuce."
        return (1.0, at) if {"has", "got", "have"} & set(said[:3]) and said[at + 1] in {"a", "an", "my"} else None
    pairs = [at for at, word in enumerate(said) if word == "as"]
    if _WISHES & set(said[: pairs[0]] if pairs else said[:1]):
        return None
    if len(pairs) < 2:
        needed = {"twice", "double"} & set(said) and said[-1:] and said[-1] in {"needs", "need"}
        return (-1.0, len(said) - 2) if needed else None
    left, right = said[: pairs[0]], said[pairs[-1] + 1 :]
    verbs = change_table().grammar["verbs"]
    spoken = any(word in verbs for word in left)
    ought = bool(_OUGHT & set(right))
    if right[:1] and right[0] in {"a", "an", "my", "watching"} and (spoken or "about" in left) and not _of_others(left):
        # "It's as cheerful as a tax audit."
        return 1.0, pairs[-1]
    if "half" in left and (ought or _NOT & set(left)):
        return 1.0, pairs[-1]
    if {"twice", "times", "double"} & set(left) and ought:
        return -1.0, pairs[-1]
    if _NOT & set(left) and spoken and not _of_others(left):
        return 1.0, pairs[-1]
    return None


def _of_others(left: list[str]) -> bool:
    """True where what is measured is not the music as it is."""
    subject = []
    for word in left:
        if word in change_table().grammar["verbs"]:
            break
        subject.append(word)
    of_music = change_table().grammar["music"] | {"it's", "that's"}
    others = bool(_OTHERS & set(subject))
    if subject[:1] and subject[0] in {"our", "the", "my"} and len(subject) > 1:
        # "Our heroine is braver than this music thinks."
        others = others or not of_music & set(subject)
    return others and not {"music", "cue", "theme"} & set(subject)


def by_its_measure(clause: Beginning) -> Clause | None:
    """ "He's lonelier than this", "the scene is sadder than the music": it is to be as he is."""
    said, words = clause.said, change_table().grammar
    if "than" not in said[:-1] or clause.wishes:
        return None
    than = said.index("than")
    after = said[than + 1 :]
    with_it = after[0] in {"this", "that"} or after == ["it"] or bool(words["music"] - {"it"} & set(after[1:2]))
    of_music = bool(words["music"] - {"it", "this"} & set(said[:2]))
    return Clause.WISH if with_it and not of_music and any(compares(word) for word in said[:than]) else None
