"""Who and what is to stay: "darker, but don't touch the brass", "bars 1-4 are perfect, leave them; the rest calmer".

What says so is read here and taken out of the note, so that nothing else is understood by it.
"""

from typing import NamedTuple

from hitpoint.score.direction_change import Place
from hitpoint.score.direction_change_joints import ends_at, plays_at
from hitpoint.score.direction_change_phrases import compares
from hitpoint.score.direction_change_places import place_at
from hitpoint.score.direction_change_words import change_table
from hitpoint.score.direction_match import Tokens, said_at
from hitpoint.score.direction_phrase import phrase_at
from hitpoint.score.direction_tokens import Token
from hitpoint.score.direction_words import Phrase

_EXCEPT: tuple[Phrase, ...] = (
    ("except", "for"), ("except", "in"), ("except",), ("apart", "from"), ("aside", "from"), ("other", "than"),
    ("but", "not", "in"), ("but", "not", "for"), ("but", "not"), ("save", "for"), ("excluding",),
)  # fmt: skip
_UNTOUCHED: tuple[Phrase, ...] = tuple(
    (*refusal, verb)
    for refusal in (("don't",), ("please", "don't"), ("without",), ("not",), ("never",))
    for verb in ("touch", "touching", "change", "changing", "alter", "altering", "rewrite", "rewriting")
)
_HOLD = {"leave", "keep", "hold", "let"}
_REMAIN = {"stay", "stays", "remain", "remains"}
_TAILS: tuple[Phrase, ...] = (
    ("alone",), ("be",), ("untouched",), ("unchanged",), ("the", "same"), ("as", "it", "is"), ("as", "they", "are"),
    ("as", "is"), ("as", "it", "was"), ("as", "they", "were"), ("how", "it", "is"), ("how", "they", "are"),
    ("the", "way", "it", "is"), ("the", "way", "they", "are"),
)  # fmt: skip
_QUITE = {"exactly", "just", "precisely", "completely", "entirely", "totally", "all", "pretty", "much"}
_MAY = {"should", "must", "can", "could", "to", "will", "has", "have", "needs", "need"}
_BEFORE = {"the", "my", "our", "your", "her", "his", "that", "those", "these", "all", "of", "both", "solo", "low", "in"}
_AFTER = {"part", "parts", "line", "lines", "section", "melody", "tune", "theme"}
_AND = {"and", "or", "&", "nor"}
_GOES_ON = {"and", "but", "then", "please", "so", "while", "though"}
_GONE = {"out", "away", "drop", "mute", "lose", "cut", "clear", "strip", "kill", "silence", "remove", "stop", "stops",
         "silent", "rest", "rests", "nothing", "nobody", "only", "just", "anything", "hear", "go", "goes"}  # fmt: skip
_OTHERS = {"rest", "else", "others"}
_ALL = {"everything", "everyone", "everybody", "all", "anything"}
_LEADS = {"but", "and", ","}
_MOST_LISTED = 24
"""Players of one list: each "and" in it may begin one, too. Our choice, as what follows."""
_MOST_BEFORE = 60
"""Words before "except" that are looked at: each of several has all of them before it."""


class Kept(NamedTuple):
    """What a note says is to stay, and what is left of the note."""

    players: tuple[str, ...]
    """Instruments and sections."""
    place: Place | None
    """Bars, by number."""
    tokens: list[Token]
    """The note without what says so."""


def kept_apart(tokens: Tokens) -> Kept:
    """What is to stay as it is, and the tokens without what says so."""
    kept: dict[str, None] = {}
    kept_bars: Place | None = None
    left: list[Token] = []
    last: tuple[str, ...] = ()
    bars: Place | None = None
    praised, begun, at = -1, 0, 0
    whole = bool(_OTHERS & {one.said for one in tokens}) and bool(_GONE - _OTHERS & {one.said for one in tokens})
    while at < len(tokens):
        names, ends = _stays_at(tokens, at, begun)
        if not names and praised >= 0:
            ends = _pronoun_at(tokens, at)
            names = last if ends > at else ()
            # What is praised is what stays.
            left = left[:praised] if ends > at else left
            kept_bars = bars if ends > at and not last else kept_bars
        if (names and not whole) or (ends > at and kept_bars is not None):
            kept.update(dict.fromkeys(names))
            while left and left[-1].said in _LEADS and (left[-1].said != "," or not left[:-1]):
                left.pop()
            at, praised = ends, -1
            continue
        token = tokens[at]
        if ends_at(tokens, at):
            last, bars = _named(tokens, begun, at), _bars_in(tokens, begun, at)
            clause = {one.said for one in tokens[begun:at]}
            said = bool(last or bars) and bool(clause & change_table().grammar["praise"])
            praised = len(left) - (at - begun) if said else -1
            begun = at + 1
        left.append(token)
        at += 1
    return Kept(tuple(kept), kept_bars, left)


def _bars_in(tokens: Tokens, begun: int, end: int) -> Place | None:
    """The bars that a clause names by number, or by how many: "bars 2-4", "the first four bars"."""
    places = (place_at(tokens, at) for at in range(begun, end))
    return next((found[0] for found in places if found is not None and found[0].share is None), None)


def _stays_at(tokens: Tokens, at: int, begun: int) -> tuple[tuple[str, ...], int]:
    """Those of whom it is said here that they stay, and where that ends; nobody where it is not said."""
    led = _led(tokens, at, _EXCEPT)
    if not led and said_at(tokens, at) == "but" and said_at(tokens, at - 1) in _ALL:
        led = 1
    if led and at > begun - 1 and _excepts(tokens, at, begun):
        return _players(tokens, at + led) if _all_but(tokens, at) else _closed(tokens, at + led)
    led = _led(tokens, at, _UNTOUCHED)
    if led:
        return _closed(tokens, at + led)
    if said_at(tokens, at) in _HOLD:
        names, ends = _players(tokens, at + 1)
        tail = _tail(tokens, ends)
        return (names, ends + tail) if names and tail and not _but_so(tokens, ends + tail) else ((), at)
    if at != begun and said_at(tokens, at - 1) not in {"but", "and", "while", "though"}:
        return (), at
    names, ends = _players(tokens, at)
    after = ends
    while said_at(tokens, after) in _MAY:
        after += 1
    tail = _tail(tokens, after + 1) if said_at(tokens, after) in _REMAIN else 0
    return (names, after + 1 + tail) if names and tail else ((), at)


def _all_but(tokens: Tokens, at: int) -> bool:
    """True at "everything except the drums an octave higher", and not where all but those are to go."""
    ends = next((one for one in range(at, len(tokens)) if ends_at(tokens, one)), len(tokens))
    return said_at(tokens, at - 1) in _ALL and not {said_at(tokens, one) for one in range(at, ends)} & _GONE


def _but_so(tokens: Tokens, at: int) -> bool:
    """True before "but an octave higher", which is said of those who were to stay."""
    at += said_at(tokens, at) == ","
    led = at + 1
    while said_at(tokens, led) in _A_BIT:
        led += 1
    return said_at(tokens, at) == "but" and compares(said_at(tokens, led))


_A_BIT = {"a", "an", "bit", "little", "touch", "tad", "octave", "octaves", "two", "slightly", "much", "just"}


def _excepts(tokens: Tokens, at: int, begun: int) -> bool:
    """True where what is before says what happens to everybody, and it is not that they go."""
    if at == begun and begun > 0:
        # ", but not the strings".
        begun = next((one + 1 for one in range(begun - 2, -1, -1) if ends_at(tokens, one)), 0)
    begun = max(begun, at - _MOST_BEFORE)
    before = {said_at(tokens, one) for one in range(begun, at)}
    # "Thin out everything but the piano."
    before -= {"out"} if before & {"thin", "thinned"} else set()
    somebody = any(plays_at(tokens, one) for one in range(begun, at))
    # "A clarinet, but not an oboe" is about who comes in.
    article = {said_at(tokens, at + more) for more in (1, 2)} & {"a", "an"}
    # "Keep everything but the oboe" sends the oboe away.
    return bool(before - _LEADS) and not (before & (_GONE | {"keep", "leave"}) or somebody or article)


def _pronoun_at(tokens: Tokens, at: int) -> int:
    """Where "leave it alone" or "don't touch them" ends; `at` where neither is said."""
    them = {"it", "them", "that", "those", "anything"}
    led = _led(tokens, at, _UNTOUCHED)
    a_thing = 2 if _said(tokens, at + led, ("a", "thing")) else 1
    if led and (a_thing == 2 or said_at(tokens, at + led) in them):
        ends = at + led + a_thing
        return ends + (said_at(tokens, ends) in {"there", "here"})
    if said_at(tokens, at) in _HOLD and said_at(tokens, at + 1) in them:
        tail = _tail(tokens, at + 2)
        return at + 2 + tail if tail else at
    return at


def _closed(tokens: Tokens, at: int) -> tuple[tuple[str, ...], int]:
    """The players at `at`, where nothing more is said of them."""
    names, ends = _players(tokens, at)
    return (names, ends) if names and _closes(tokens, ends) else ((), at)


def _players(tokens: Tokens, at: int) -> tuple[tuple[str, ...], int]:
    """The players of a list, "the brass and the low strings", and where it ends."""
    names: dict[str, None] = {}
    ends = at
    for _ in range(_MOST_LISTED):
        first = ends
        if names:
            first += said_at(tokens, ends) == ","
            first += said_at(tokens, first) in _AND
            if first == ends:
                break
        while said_at(tokens, first) in _BEFORE and not plays_at(tokens, first):
            first += 1
        found = phrase_at(tokens, first)
        if found is None or not plays_at(tokens, first):
            break
        names[str(found.value)] = None
        ends = first + found.tokens
        ends += said_at(tokens, ends) in _AFTER
    return tuple(names), ends


def _named(tokens: Tokens, begun: int, end: int) -> tuple[str, ...]:
    found = (phrase_at(tokens, at) for at in range(begun, end) if plays_at(tokens, at))
    return tuple(dict.fromkeys(str(one.value) for one in found if one is not None))


def _tail(tokens: Tokens, at: int) -> int:
    """The tokens of "exactly as it is" and its like where the clause ends with them; 0 for anything else."""
    begins = at
    while said_at(tokens, begins) in _QUITE:
        begins += 1
    tail = max((len(phrase) for phrase in _TAILS if _said(tokens, begins, phrase)), default=0)
    return begins + tail - at if tail and _closes(tokens, begins + tail) else 0


def _closes(tokens: Tokens, at: int) -> bool:
    return at >= len(tokens) or ends_at(tokens, at) or said_at(tokens, at) in _GOES_ON


def _led(tokens: Tokens, at: int, phrases: tuple[Phrase, ...]) -> int:
    """The tokens of the first of those phrases that is said here; 0 for none."""
    if said_at(tokens, at) not in _BEGIN:
        return 0
    return next((len(phrase) for phrase in phrases if _said(tokens, at, phrase)), 0)


_BEGIN = {phrase[0] for phrase in (*_EXCEPT, *_UNTOUCHED)}


def _said(tokens: Tokens, at: int, phrase: Phrase) -> bool:
    return all(said_at(tokens, at + more) == word for more, word in enumerate(phrase))
