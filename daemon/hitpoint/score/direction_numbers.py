"""Numbers as people write them: tempi, metres and lengths."""

import re
from collections.abc import Sequence
from math import isfinite

from hitpoint.errors import HostError
from hitpoint.score.direction_match import Match, Says, Tokens, alone, said_at
from hitpoint.score.direction_tokens import TokenKind
from hitpoint.score.direction_words import table
from hitpoint.timeline.meter import Meter
from hitpoint.timeline.tempo_map import FASTEST_BPM, SLOWEST_BPM

_BARS = {"bar", "bars", "measure", "measures"}
_SECONDS = {"seconds": 1, "second": 1, "secs": 1, "sec": 1, "s": 1, "minutes": 60, "minute": 60, "mins": 60, "min": 60}
_BETWEEN = {"-", "to"}
_UP_TO = {"until", "till"}
_EQUALS = {
    "=",
    ":",
    "of",
    "is",
    "at",
    "around",
    "about",
    "should",
    "be",
    "equals",
    "roughly",
    "approximately",
    "approx",
    "circa",
    "ca",
    "to",
}
_COUNTED_BY = {("to", "minute"), ("on", "metronome"), ("on", "click"), ("by", "metronome")}
_MOST_EQUALS = 3
"""Words between "tempo" and its number: "tempo should be around 96"."""
_UNTIL = {"until", "till", "til", "for", "lasting", "lasts", "length", "duration", "total"}
_LONG = {"long", "duration", "length"}
_ERAS = {50.0, 60.0, 70.0, 80.0, 90.0}
_BEATS_TO = {2: (2, 4), 3: (3, 4), 4: (4, 4), 5: (5, 4), 6: (6, 8), 7: (7, 8), 9: (9, 8), 12: (12, 8)}
"""What "in three" is counted in. Our choice: the usual metre of so many beats."""
BARE_TEMPI = (40.0, 240.0)
"""A number that is a clause of its own ("Fm, 140, strings") is a tempo within these. Our choice."""
LONGEST_BARS = 10_000
LONGEST_SECONDS = 24 * 3600.0

_PRIMES = {"'", "\u2032"}
_CUE_TIME = re.compile(r"(\d{1,4})m(\d{1,2})s?")


def number_at(tokens: Tokens, place: int) -> tuple[float, int] | None:
    """The number at `place`, in figures or words, and how many tokens it took."""
    if not 0 <= place < len(tokens):
        return None
    token = tokens[place]
    if token.kind is TokenKind.NUMBER:
        value = float(token.said)
        return (value, 1) if isfinite(value) else None
    words = table().numbers
    value = words.get(token.said, 0.0)
    if not value:
        return None
    hyphen = 1 if said_at(tokens, place + 1) == "-" else 0
    ones = words.get(said_at(tokens, place + 1 + hyphen), 0.0)
    if 20 <= value <= 90 and 1 <= ones <= 9:
        # "twenty-four".
        return value + ones, 2 + hyphen
    if ones == 100 and value < 10:
        return value * 100, 2 + hyphen
    return value, 1


def numeral_at(tokens: Tokens, place: int) -> Match | None:
    """The tempo, metre or length that begins at `place`; None where none does."""
    return (
        _bounded(tokens, place) or _tempo(tokens, place) or _meter(tokens, place) or _length(tokens, place)
        or _clock(tokens, place) or _bare_tempo(tokens, place)
    )  # fmt: skip


def _quantity(tokens: Tokens, place: int) -> tuple[float, float, int] | None:
    """A number or a range of two, and how many tokens it took."""
    between = 1 if said_at(tokens, place) in {"between", "from"} else 0
    first = number_at(tokens, place + between)
    if first is None:
        return None
    low, after = first[0], place + between + first[1]
    skipped = 1 if _is_bpm(tokens, after) == 1 else 0
    joined = said_at(tokens, after + skipped)
    second = number_at(tokens, after + skipped + 1) if joined in _BETWEEN or (between and joined == "and") else None
    if joined in _UP_TO:
        # "Tempo 110 until 120", but "72 bpm until 1:12".
        last = number_at(tokens, after + skipped + 1)
        clock = last is not None and said_at(tokens, after + skipped + 1 + last[1]) == ":"
        second = last if last is not None and last[0] >= BARE_TEMPI[0] and not clock else None
    if second is None:
        return None if between else (low, low, first[1])
    return min(low, second[0]), max(low, second[0]), after + skipped + 1 + second[1] - place


def _is_bpm(tokens: Tokens, place: int) -> int:
    """How many tokens "bpm" or "beats per minute" takes here; 0 where it is not said."""
    place, ish = place + _ish_at(tokens, place), _ish_at(tokens, place)
    skip = 1 if said_at(tokens, place) == "-" and place < len(tokens) and tokens[place].glued else 0
    if said_at(tokens, place + skip) in {"bpm", "bmp"}:
        return ish + 1 + skip
    if [said_at(tokens, place + skip + n) for n in range(3)] in (["beats", "per", "minute"], ["beats", "a", "minute"]):
        return ish + 3 + skip
    # "At 66 to the minute", "120 on the metronome".
    said = [said_at(tokens, place + n) for n in range(3)]
    return ish + 3 if said[1] == "the" and (said[0], said[2]) in _COUNTED_BY else 0


def _ish_at(tokens: Tokens, place: int) -> int:
    """How many tokens the end of "80ish" or "80-ish" takes here; 0 where it is not said."""
    hyphen = 1 if said_at(tokens, place) == "-" else 0
    ends = said_at(tokens, place + hyphen) == "ish" and tokens[place + hyphen].glued
    return hyphen + 1 if ends else 0


def _bounded(tokens: Tokens, place: int) -> Match | None:
    """ "Never faster than 90 bpm", "at most 30 seconds": the bound is what is played, and is told."""
    if said_at(tokens, place) not in _BOUNDS_BEGIN:
        return None
    words = next((one for one in _BOUNDS if all(said_at(tokens, place + n) == word for n, word in enumerate(one))), ())
    begins = place + len(words)
    found = (_tempo(tokens, begins) or _length(tokens, begins)) if words else None
    if found is None or found.says not in (Says.TEMPO, Says.BARS, Says.SECONDS):
        return None
    if words in _OF_TEMPI_ALONE and found.says is not Says.TEMPO:
        return None
    note = f"{' '.join(words)} {found.words} is read as {found.words}"
    return Match(found.says, found.value, found.words, len(words) + found.tokens, note=note)


_BOUNDS = (
    *((never, faster, "than") for never in ("no", "not", "never") for faster in ("faster", "slower", "more", "less")),
    *((faster, "than") for faster in ("faster", "slower", "more", "less")),
    ("at", "least"), ("at", "most"), ("up", "to"), ("under",), ("below",), ("above",), ("max",), ("maximum",),
    ("minimum",),
)  # fmt: skip
_BOUNDS_BEGIN = {one[0] for one in _BOUNDS}
_OF_TEMPI_ALONE = {("up", "to"), ("above",), ("below",), ("faster", "than"), ("slower", "than")}
"""Bounds that mean something else, or nothing, before a length: "up to 1:12"."""


def _tempo(tokens: Tokens, place: int) -> Match | None:
    led = _led_tempo(tokens, place)
    if led is not None:
        return led
    quantity = _quantity(tokens, place)
    if quantity is None:
        return None
    unit = _is_bpm(tokens, place + quantity[2])
    return _tempo_of(quantity, 1.0, quantity[2] + unit) if unit else None


def _led_tempo(tokens: Tokens, place: int) -> Match | None:
    """ "tempo: 96", "bpm 61", "quarter note = 88"."""
    quarters, taken = _note_value(tokens, place)
    after = place + taken
    if quarters is None and said_at(tokens, place) not in {"bpm", "tempo", "mm"}:
        return None
    if quarters is None:
        after = place + 1
    begin = after
    while after - begin < _MOST_EQUALS and said_at(tokens, after) in _EQUALS:
        after += 1
    if quarters is not None and after == begin and said_at(tokens, place) not in {"♩", "♪"}:
        # "quarter 88" is no tempo; "♩ 88" is.
        return None
    quantity = _quantity(tokens, after)
    if quantity is None:
        return None
    taken = after - place + quantity[2]
    return _tempo_of(quantity, quarters or 1.0, taken + _is_bpm(tokens, place + taken))


def _note_value(tokens: Tokens, place: int) -> tuple[float | None, int]:
    for words in (3, 2, 1):
        phrase = tuple(said_at(tokens, place + n) for n in range(words))
        if phrase in table().note_values:
            return table().note_values[phrase], words
    return None, 0


def _tempo_of(quantity: tuple[float, float, int], quarters: float, tokens: int) -> Match | None:
    low, high = quantity[0] * quarters, quantity[1] * quarters
    if not (low >= SLOWEST_BPM and high <= FASTEST_BPM):
        return None
    if low == high:
        return Match(Says.TEMPO, low, f"{low:g} bpm", tokens)
    return Match(Says.TEMPO_RANGE, (low, high), f"{low:g}-{high:g} bpm", tokens)


def _bare_tempo(tokens: Tokens, place: int) -> Match | None:
    if tokens[place].kind is not TokenKind.NUMBER:
        return None
    taken, value = 1 + _ish_at(tokens, place + 1), float(tokens[place].said)
    of_a_list = said_at(tokens, place - 1) == "." and said_at(tokens, place - 2) in _NUMBERED
    if of_a_list or not BARE_TEMPI[0] <= value <= BARE_TEMPI[1]:
        return None
    if _hedged(tokens, place, taken):
        said = f"{said_at(tokens, place - 1)} {value:g}"
        return Match(Says.TEMPO, value, f"{value:g} bpm", taken, note=f"{said} is read as {value:g} bpm")
    quantity = _quantity(tokens, place)
    if quantity is not None and quantity[2] > 1 and alone(tokens, place, quantity[2]) and quantity[1] <= BARE_TEMPI[1]:
        low, high, taken = quantity
        note = f"{low:g}-{high:g} alone is read as {low:g}-{high:g} bpm"
        return Match(Says.TEMPO_RANGE, (low, high), f"{low:g}-{high:g} bpm", taken, note=note)
    if not alone(tokens, place, taken):
        return None
    return Match(Says.TEMPO, value, f"{value:g} bpm", taken, note=f"{value:g} alone is read as {value:g} bpm")


def _hedged(tokens: Tokens, place: int, taken: int) -> bool:
    """True for a clause that is "around 70" or "(about 50)", and for the end of "4/4 at 112"."""
    ends, before = place + taken, place - 2
    # "At 50,000" is another number.
    goes_on = ends + 1 < len(tokens) and tokens[ends + 1].glued and tokens[ends + 1].kind is TokenKind.NUMBER
    closes = ends >= len(tokens) or (tokens[ends].kind is TokenKind.STOP and not goes_on)
    if not closes or place == 0:
        return False
    if [said_at(tokens, place - back) for back in (3, 2)] == ["at", "a"]:
        # "At a steady 88."
        return True
    if tokens[place - 1].written == "~":
        return True
    after_a_stop = place > 1 and tokens[before].kind is TokenKind.STOP
    begins = place == 1 or (after_a_stop and (not tokens[place - 1].glued or said_at(tokens, before) == "("))
    hedge = said_at(tokens, place - 1)
    return (hedge in _HEDGES and begins) or (hedge == "at" and (begins or said_at(tokens, before - 1) == "/"))


_HEDGES = {"around", "about", "roughly", "approx", "approximately", "circa", "ca"}
_NUMBERED = {"sc", "no", "nr", "fig", "ep", "ch", "vol", "op", "p", "pt"}
"""Short words with a dot that a number follows which counts something: "sc. 42"."""


def _meter(tokens: Tokens, place: int) -> Match | None:
    above = number_at(tokens, place)
    if above is None:
        return None
    beats, taken = above
    if said_at(tokens, place + taken) == "/":
        below = number_at(tokens, place + taken + 1)
        return None if below is None else _meter_of(beats, below[0], taken + 1 + below[1])
    if tokens[place].kind is TokenKind.NUMBER or taken > 1:
        return _counted(tokens, place, beats, taken)
    # "six-eight", "in five four"; not the "four" of "two four-bar phrases".
    hyphen = 1 if said_at(tokens, place + 1) == "-" else 0
    below = number_at(tokens, place + 1 + hyphen)
    after = place + 2 + hyphen
    if said_at(tokens, after) == "-":
        after += 1
    unit = said_at(tokens, after)
    if (
        below is None
        or below[1] != 1
        or below[0] not in (2, 4, 8, 16)
        or unit in _BARS
        or unit in _SECONDS
        or beats > 15
    ):
        return _counted(tokens, place, beats, taken)
    return _meter_of(beats, below[0], 2 + hyphen)


def _counted(tokens: Tokens, place: int, beats: float, taken: int) -> Match | None:
    """ "in three", "feel in 7": only as a clause, since "in 5" may be anything."""
    if said_at(tokens, place - 1) != "in" or beats not in _BEATS_TO:
        return None
    # "A feel in 7", "92 bpm in four".
    feel = said_at(tokens, place - 2) in {"feel", "bpm"}
    back = 2 if feel else 1
    ends = place + taken >= len(tokens) or tokens[place + taken].kind is TokenKind.STOP
    if not ends or not (feel or alone(tokens, place - back, taken + back)):
        return None
    meter = Meter(*_BEATS_TO[int(beats)])
    return Match(Says.METER, meter, str(meter), taken, note=f"in {beats:g} is read as {meter}")


def _meter_of(above: float, below: float, tokens: int) -> Match | None:
    if above != int(above) or below != int(below):
        return None
    try:
        meter = Meter(int(above), int(below))
    except HostError:
        return None
    return Match(Says.METER, meter, str(meter), tokens)


def _length(tokens: Tokens, place: int) -> Match | None:
    half = _half_minute(tokens, place)
    if half is not None:
        return half
    counted = number_at(tokens, place) or _one_minute(tokens, place)
    if counted is None:
        return None
    number, taken = counted
    if [said_at(tokens, place + taken + n) for n in range(3)] == ["and", "a", "half"]:
        number, taken = number + 0.5, taken + 3
    after = place + taken + (1 if said_at(tokens, place + taken) == "-" else 0)
    unit = said_at(tokens, after)
    if unit in _BARS and 1 <= number <= LONGEST_BARS and number == int(number):
        if said_at(tokens, place - 1) in _AT_TIMES or said_at(tokens, after + 1) in _EACH:
            # "Strings after eight bars", "4 bars per phrase": not how long all is, and nothing that is known.
            return Match(Says.UNKNOWN, None, f"{number:g} {unit}", after - place + 1)
        return Match(Says.BARS, int(number), f"{number:g} bars", after - place + 1)
    if unit not in _SECONDS:
        return None
    if unit == "s" and number in _ERAS and tokens[after].glued and said_at(tokens, place - 1) not in _UNTIL:
        # "an 80s synth" is a decade, not a length.
        return None
    seconds, taken = number * _SECONDS[unit], after - place + 1
    joined = 1 if said_at(tokens, place + taken) == "and" else 0
    rest = number_at(tokens, place + taken + joined)
    if _SECONDS[unit] == 60 and [said_at(tokens, place + taken + n) for n in range(3)] == ["and", "a", "half"]:
        # "One minute and a half."
        return _seconds_of(seconds + 30, taken + 3)
    if _SECONDS[unit] == 60 and rest is not None:
        unit_at = place + taken + joined + rest[1]
        if _SECONDS.get(said_at(tokens, unit_at)) == 1:
            seconds, taken = seconds + rest[0], unit_at - place + 1
    return _seconds_of(seconds, taken)


_AT_TIMES = {"after", "every", "each", "at"}
_EACH = {"per", "each", "apiece"}


def _one_minute(tokens: Tokens, place: int) -> tuple[float, int] | None:
    """The "a" of "a minute long" and "about a minute"; not of "wait a minute"."""
    if (said_at(tokens, place), said_at(tokens, place + 1)) != ("a", "minute"):
        return None
    half = [said_at(tokens, place + 2 + n) for n in range(3)] == ["and", "a", "half"]
    said = half or said_at(tokens, place - 1) in _UNTIL | _HEDGES or said_at(tokens, place + 2) in _LONG
    return (1.0, 1) if said or alone(tokens, place, 2) else None


def _half_minute(tokens: Tokens, place: int) -> Match | None:
    if said_at(tokens, place) != "half":
        return None
    article = 1 if said_at(tokens, place + 1) == "a" else 0
    return (
        Match(Says.SECONDS, 30.0, "30 seconds", 2 + article)
        if said_at(tokens, place + 1 + article) == "minute"
        else None
    )


def _clock(tokens: Tokens, place: int) -> Match | None:
    """ "until 1m04", "0:45", "1:30 long": from the cue's start."""
    if tokens[place].kind is TokenKind.CUE:
        written = _CUE_TIME.fullmatch(tokens[place].said)
        # Without such a word 1m04 is a cue's number: reel 1, music 4; 1m04s is none.
        if written is None or not (_is_length(tokens, place, 1) or tokens[place].said.endswith("s")):
            return None
        minutes, seconds, taken = int(written[1]), int(written[2]), 1
    elif said_at(tokens, place + 1) == ":" and place + 2 < len(tokens):
        first, last = tokens[place], tokens[place + 2]
        numbers = first.kind is last.kind is TokenKind.NUMBER and first.said.isdecimal() and len(last.said) == 2
        label = (":", "=")
        if not numbers or not last.said.isdecimal() or said_at(tokens, place + 3) in label:
            return None
        if not _is_length(tokens, place, 3) and not alone(tokens, place, 3):
            return None
        minutes, seconds, taken = int(first.said[:6]), int(last.said), 3
    elif said_at(tokens, place + 2).isdecimal() and tokens[place + 1].written in _PRIMES:
        # 1'30": the sign of seconds is a stop, or left out.
        first, last = tokens[place], tokens[place + 2]
        if first.kind is not TokenKind.NUMBER or not first.said.isdecimal() or len(last.said) != 2 or not last.glued:
            return None
        minutes, seconds, taken = int(first.said[:6]), int(last.said), 3 + (said_at(tokens, place + 3) == '"')
    else:
        return None
    return _seconds_of(60.0 * minutes + seconds, taken) if seconds < 60 else None


def _is_length(tokens: Tokens, place: int, taken: int) -> bool:
    before = said_at(tokens, place - 1)
    up_to = before == "to" and said_at(tokens, place - 2) == "up"
    return before in _UNTIL or up_to or said_at(tokens, place + taken) in _LONG


def _seconds_of(seconds: float, tokens: int) -> Match | None:
    if not 0 < seconds <= LONGEST_SECONDS:
        return None
    return Match(Says.SECONDS, seconds, f"{seconds:g} seconds", tokens)


_LASTING = {"for", "lasting", "lasts"}
_GOES_ON = {Says.STOP, Says.AND, Says.OR, Says.BUT, Says.ARROW, Says.CLOSING}


def with_units(matches: Sequence[Match], tokens: Tokens) -> list[Match]:
    """The matches of these tokens, with the 12 of "calm for 4 bars then tense for 12" read as bars, too."""
    made: list[Match] = []
    place, unit = 0, ""
    for index, match in enumerate(matches):
        last = said_at(tokens, place + match.tokens - 1)
        number = number_at(tokens, place) if match.says is Says.UNKNOWN and unit else None
        ends = index + 1 == len(matches) or matches[index + 1].says in _GOES_ON
        if number is not None and number[1] == match.tokens and made and made[-1].words in _LASTING and ends:
            made.append(_lasting(number[0], unit, match.tokens) or match)
        else:
            made.append(match)
        if match.says in (Says.BARS, Says.SECONDS):
            unit = last if last in _BARS or last in _SECONDS else ""
        place += match.tokens
    return made


def _lasting(number: float, unit: str, taken: int) -> Match | None:
    if unit in _SECONDS:
        return _seconds_of(number * _SECONDS[unit], taken)
    bars = 1 <= number <= LONGEST_BARS and number == int(number)
    return Match(Says.BARS, int(number), f"{number:g} bars", taken) if bars else None
