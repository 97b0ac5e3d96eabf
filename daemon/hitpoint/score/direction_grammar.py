"""Tokens into matches: one small reader for each thing that a direction can say, tried in order at every place."""

from math import isfinite

from hitpoint.errors import HostError
from hitpoint.score.direction_key import key_at
from hitpoint.score.direction_match import Match, Reader, Says, Tokens, said_at
from hitpoint.score.direction_tokens import TokenKind
from hitpoint.score.direction_words import MOST_WORDS, Phrase, table
from hitpoint.timeline.meter import Meter
from hitpoint.timeline.tempo_map import FASTEST_BPM, SLOWEST_BPM

_BPM = {"bpm"}
_BARS = {"bar", "bars", "measure", "measures"}
_SECONDS = {"seconds": 1, "second": 1, "secs": 1, "sec": 1, "s": 1, "minutes": 60, "minute": 60, "mins": 60, "min": 60}
_BETWEEN = {"-", "to"}
_ERAS = {50.0, 60.0, 70.0, 80.0, 90.0}
LONGEST_BARS = 10_000
LONGEST_SECONDS = 24 * 3600.0


def match_at(tokens: Tokens, place: int) -> Match:
    """The first reader's answer at `place`; a token that none understands is UNKNOWN."""
    for reader in _READERS:
        match = reader(tokens, place)
        if match is not None:
            return match
    token = tokens[place]
    # A loose sign says nothing and is nobody's word.
    says = Says.FILLER if token.kind in (TokenKind.SIGN, TokenKind.CUE) or not token.said else Says.UNKNOWN
    return Match(says, None, token.said, 1)


def _number(tokens: Tokens, place: int) -> float | None:
    if place >= len(tokens):
        return None
    token = tokens[place]
    if token.kind is TokenKind.NUMBER:
        value = float(token.said)
        return value if isfinite(value) else None
    return table().numbers.get(token.said)


def _quantity(tokens: Tokens, place: int) -> tuple[float, float, int] | None:
    """A number or a range of two, and how many tokens it took."""
    low = _number(tokens, place)
    if low is None:
        return None
    after = place + 1
    skipped = 1 if said_at(tokens, after) in _BPM else 0
    high = _number(tokens, after + skipped + 1) if said_at(tokens, after + skipped) in _BETWEEN else None
    if high is None:
        return low, low, 1
    return min(low, high), max(low, high), 3 + skipped


def _tempo(tokens: Tokens, place: int) -> Match | None:
    if said_at(tokens, place) in {*_BPM, "tempo", "♩"}:
        after = place + (2 if said_at(tokens, place + 1) in {"=", ":", "of"} else 1)
        quantity = _quantity(tokens, after)
        return _tempo_of(quantity, after - place + quantity[2]) if quantity else None
    quantity = _quantity(tokens, place)
    if quantity is None or said_at(tokens, place + quantity[2]) not in _BPM:
        return None
    return _tempo_of(quantity, quantity[2] + 1)


def _tempo_of(quantity: tuple[float, float, int], tokens: int) -> Match | None:
    low, high, _ = quantity
    if not (low >= SLOWEST_BPM and high <= FASTEST_BPM):
        return None
    if low == high:
        return Match(Says.TEMPO, low, f"{low:g} bpm", tokens)
    return Match(Says.TEMPO_RANGE, (low, high), f"{low:g}-{high:g} bpm", tokens)


def _meter(tokens: Tokens, place: int) -> Match | None:
    above, below = _number(tokens, place), _number(tokens, place + 2)
    if above is None or below is None or said_at(tokens, place + 1) != "/":
        return None
    try:
        meter = Meter(int(above), int(below))
    except HostError:
        return None
    return Match(Says.METER, meter, str(meter), 3)


def _length(tokens: Tokens, place: int) -> Match | None:
    number = _number(tokens, place)
    if number is None:
        return None
    after = place + (2 if said_at(tokens, place + 1) == "-" else 1)
    unit = said_at(tokens, after)
    if unit in _BARS and 1 <= number <= LONGEST_BARS and number == int(number):
        return Match(Says.BARS, int(number), f"{number:g} bars", after - place + 1)
    if unit not in _SECONDS or (unit == "s" and number in _ERAS and tokens[after].glued):
        # "an 80s synth" is a decade, not a length.
        return None
    seconds, taken = number * _SECONDS[unit], after - place + 1
    rest = _number(tokens, place + taken)
    if _SECONDS[unit] == 60 and rest is not None and _SECONDS.get(said_at(tokens, place + taken + 1)) == 1:
        seconds, taken = seconds + rest, taken + 2
    if not 0 < seconds <= LONGEST_SECONDS:
        return None
    return Match(Says.SECONDS, seconds, f"{seconds:g} seconds", taken)


def _phrase(tokens: Tokens, place: int) -> Match | None:
    """The longest phrase of the table that begins here; hyphens inside it do not matter."""
    words: list[str] = []
    found = None
    at = place
    while len(words) < MOST_WORDS and at < len(tokens) and tokens[at].kind is TokenKind.WORD:
        words.append(tokens[at].said)
        at += 1
        meaning = _meaning(tuple(words))
        if meaning is not None:
            found = Match(meaning[0], meaning[1], " ".join(words), at - place)
        if at + 1 < len(tokens) and tokens[at].said == "-" and tokens[at].glued:
            at += 1
    return found


def _meaning(phrase: Phrase) -> tuple[Says, object] | None:
    known = _exact(phrase)
    if known is None:
        for stem in _stems(phrase[-1]):
            known = known or _exact((*phrase[:-1], stem))
    return known


def _exact(phrase: Phrase) -> tuple[Says, object] | None:
    words = table()
    for says, entries in (
        (Says.MOOD, words.moods),
        (Says.INSTRUMENT, words.instruments),
        (Says.TEMPO_RANGE, words.tempi),
        (Says.METER, words.meters),
        (Says.MODE, words.modes),
        (Says.DEGREE, words.degrees),
    ):
        if phrase in entries:
            value = entries[phrase]
            return says, Meter(*value) if says is Says.METER and isinstance(value, tuple) else value
    if phrase in words.negations:
        return Says.NEGATION, None
    if phrase in words.arrows:
        return Says.ARROW, None
    if phrase in (("or",), ("nor",)):
        return Says.OR, None
    if len(phrase) == 1 and phrase[0] in words.fillers:
        return Says.FILLER, None
    return None


def _stems(word: str) -> list[str]:
    """The plain words that an inflected one may come from: violins, calmly, eeriness."""
    stems = [word[: -len(ending)] for ending in ("s", "ly", "ness") if word.endswith(ending) and len(word) > 4]
    return stems + [stem[:-1] + "y" for stem in stems if stem.endswith("i")]


def _sign(tokens: Tokens, place: int) -> Match | None:
    token = tokens[place]
    if token.said == "→":
        return Match(Says.ARROW, None, token.said, 1)
    if token.kind is TokenKind.STOP:
        return Match(Says.STOP, None, token.said, 1)
    return None


_READERS: tuple[Reader, ...] = (_sign, _tempo, _meter, _length, key_at, _phrase)
