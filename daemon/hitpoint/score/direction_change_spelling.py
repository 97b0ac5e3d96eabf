"""The tokens of a note as its tables write them: "trumpet's" as two, "do not" as one, and no dots of a pause."""

import re
from collections.abc import Iterator
from dataclasses import replace

from hitpoint.score.direction_match import Tokens, said_at
from hitpoint.score.direction_tokens import Token, TokenKind

_NOT = {"do", "does", "did", "is", "are", "was", "should", "must", "need"}
_SPLIT = {"'s": "is", "'re": "are", "'ve": "have", "'ll": "will"}
_WOULD = {"we", "he", "she", "they"}
_THEY_WOULD = {"we'd", "he'd", "she'd", "they'd"}
_WOULD_WHAT = {"like", "love", "prefer", "rather"}
_QUOTES = {'"', "“", "”"}
_AS_IT_IS = {"as", "how", "what", "where", "than", "like", "all", "everything", "is", "music", "fear", "sad"}
_WHOLE = {"it's", "let's", "that's", "women's", "men's", "children's", "boys'", "what's"}
"""These are words of the tables as they stand."""


def spelled_out(tokens: Tokens) -> list[Token]:
    """The tokens with "trumpet's" and "they're" as two each, so that both halves are known words, and "I would" and
    "do not" as one each, the way that the tables write them."""
    spelled: list[Token] = []
    for token in _supposed(_drawn_together(_nth_bar(_ordinal(_without_asides(_without_pauses(tokens)))))):
        cut = next((end for end in _SPLIT if token.said.endswith(end) and token.said not in _WHOLE), None)
        if token.kind is not TokenKind.WORD or cut is None or len(token.said) == len(cut):
            spelled.append(token)
            continue
        head = token.written[: -len(cut)]
        spelled.append(Token(TokenKind.WORD, head, head.casefold(), token.glued, token.start))
        spelled.append(Token(TokenKind.WORD, cut, _SPLIT[cut], False, token.start + len(head)))
    return spelled


def _supposed(tokens: Iterator[Token]) -> Iterator[Token]:
    """ "What if we lost the harp" and "how about losing the harp" as "lose the harp"."""
    said: list[str] = []
    supposes = False
    for token in tokens:
        if token.kind is TokenKind.STOP:
            supposes = False
        plain = _PLAIN.get(token.said)
        if plain and (supposes or (token.said.endswith("ing") and said[-1:] and said[-1] in _ABOUT)):
            token = replace(token, said=plain)
        said.append(token.said)
        supposes = supposes or said[-2:] == ["what", "if"]
        yield token


_ABOUT = {"about", "try", "consider", "mind", "suggest", "of", "considered", "imagine"}
_PLAIN = {
    "lost": "lose", "losing": "lose", "added": "add", "adding": "add", "swapped": "swap", "swapping": "swap",
    "dropped": "drop", "dropping": "drop", "took": "take", "taking": "take", "brought": "bring", "bringing": "bring",
    "used": "use", "using": "use", "tried": "try", "had": "have", "putting": "put", "muted": "mute",
    "removed": "remove", "removing": "remove", "ditched": "ditch", "replaced": "replace", "replacing": "replace",
    "switched": "switch", "switching": "switch", "changed": "change", "changing": "change", "got": "get",
    "pulled": "pull", "pulling": "pull", "left": "leave", "leaving": "leave", "gave": "give", "giving": "give",
    "made": "make", "making": "make", "went": "go", "going": "go", "played": "play", "came": "come",
    "coming": "come", "kept": "keep", "keeping": "keep", "slowed": "slow", "slowing": "slow", "started": "start",
    "cutting": "cut",
}  # fmt: skip


def _ordinal(tokens: list[Token]) -> list[Token]:
    """ "2nd" as the one word "second", "half-way" as "halfway"."""
    read: list[Token] = []
    for token in tokens:
        if token.said == "way" and [one.said for one in read[-2:]] == ["half", "-"]:
            read[-2:] = [replace(read[-2], written="halfway", said="halfway")]
            continue
        if token.kind is TokenKind.WORD and _DRAWN.search(token.said):
            # "Slooow."
            token = replace(token, said=_DRAWN.sub(r"\1", token.said))
        before = read[-1] if read else None
        if before is not None and token.glued and before.said + token.said in _ORDINALS:
            said = _ORDINALS[before.said + token.said]
            read[-1] = Token(TokenKind.WORD, said, said, before.glued, before.start)
        else:
            read.append(token)
    return read


def _nth_bar(tokens: list[Token]) -> list[Token]:
    """ "The ninth bar" and "the 9th bar" as "the bar 9"."""
    read: list[Token] = []
    at = 0
    while at < len(tokens):
        token, after = tokens[at], at + 1
        number = str(_NTH.index(token.said) + 2) if token.said in _NTH else ""
        if token.kind is TokenKind.NUMBER and said_at(tokens, after) == "th":
            number, after = token.said, after + 1
        again = after + 1 + (said_at(tokens, after + 1) == "the")
        if number and said_at(tokens, after) in {"to", "through"} and said_at(tokens, again) in _NTH:
            # "From the ninth to the twelfth bar."
            last = str(_NTH.index(said_at(tokens, again)) + 2)
            read += [
                Token(TokenKind.WORD, said, said, False, token.start)
                if said.isalpha()
                else Token(TokenKind.NUMBER, said, said, False, token.start)
                for said in ("bars", number, "to", last)
            ]
            at = again + 1 + (said_at(tokens, again + 1) in {"bar", "measure"})
        elif number and said_at(tokens, after) in {"bar", "measure"}:
            read.append(tokens[after])
            read.append(Token(TokenKind.NUMBER, number, number, False, token.start))
            at = after + 1
        else:
            read.append(token)
            at += 1
    return read


_NTH = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
        "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
        "twentieth")  # fmt: skip
_DRAWN = re.compile(r"(.)\1{2,}")
_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third"}


def _without_pauses(tokens: Tokens) -> list[Token]:
    """The tokens without the dots of "a bit... angry?", which end nothing."""
    kept: list[Token] = []
    tokens = [token for token in tokens if token.said not in _QUOTES]
    at = 0
    while at < len(tokens):
        after = at
        while after < len(tokens) and tokens[after].said in {".", "…"}:
            after += 1
        pause = after - at > 1 or (after > at and tokens[at].said == "…")
        if not pause:
            kept.append(tokens[at])
            at += 1
            continue
        if after < len(tokens) and tokens[after].written[:1].isupper():
            kept.append(tokens[at])
        at = after
    return kept


def _without_asides(tokens: list[Token]) -> list[Token]:
    """The tokens without the "I regret" of "the choir, I regret, must go"."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        kept.append(tokens[at])
        at += 1
        ends = at + 1
        while ends < min(len(tokens), at + _LONGEST_ASIDE) and tokens[ends].said != ",":
            ends += 1
        aside = said_at(tokens, at) == "," and said_at(tokens, at + 1) in _ASIDES
        if aside and said_at(tokens, ends) == "," and said_at(tokens, ends + 1) in _GOES_ON:
            at = ends + 1
    return kept


_LONGEST_ASIDE = 5
"""Tokens from the one comma to the other. Our choice."""
_ASIDES = {
    "i", "we", "you", "if", "honestly", "frankly", "sadly", "alas", "sorry", "please", "for", "to", "in", "though",
    "actually", "perhaps", "maybe", "however", "of",
}  # fmt: skip
_GOES_ON = {
    "must", "should", "has", "have", "needs", "need", "can", "could", "is", "are", "was", "were", "ought", "might",
    "feels", "feel", "sounds", "sound",
}  # fmt: skip


def _drawn_together(tokens: Tokens) -> Iterator[Token]:
    at = 0
    while at < len(tokens):
        token, words = tokens[at], 1
        short = _short(*(said_at(tokens, at + more) for more in range(3)))
        if short.endswith("'s") and said_at(tokens, at - 1) in _AS_IT_IS:
            short = ""
        if short:
            token = Token(TokenKind.WORD, f"{token.written} {tokens[at + 1].written}", short, token.glued, token.start)
            words = 2
        half = at + words + (said_at(tokens, at + words) == "-")
        if token.said == "half" and said_at(tokens, half) == "way":
            token, words = replace(token, written="halfway", said="halfway"), half + 1 - at
        if token.said in _THEY_WOULD and said_at(tokens, at + words) in _WOULD_WHAT:
            # What a director would like is what we would like.
            token = replace(token, said="i'd")
        yield token
        at += words


def _short(first: str, second: str, third: str) -> str:
    """ "I'd" for "I would", "don't" for "do not"; empty for what is not drawn together."""
    if second == "would" and (first == "i" or (first in _WOULD and third in _WOULD_WHAT)):
        return f"{first}'d"
    if second == "is" and first in {"it", "that"} and third.isalpha() and third != "and":
        return f"{first}'s"
    return f"{first}n't" if second == "not" and first in _NOT else ""
