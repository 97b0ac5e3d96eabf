"""Bars that a note names by number: where a change holds, and by how many the cue is to be longer."""

from hitpoint.score.direction_change import Place
from hitpoint.score.direction_match import Tokens, said_at
from hitpoint.score.direction_numbers import number_at

MOST_BARS = 9999
"""More than a cue has. Our choice."""
_BAR, _BARS = {"bar", "measure"}, {"bar", "bars", "measure", "measures"}
_WAYS = {"longer": 1, "more": 1, "extra": 1, "additional": 1, "shorter": -1, "less": -1, "fewer": -1}
_MORE_BEFORE = {"another": 1, "extra": 1, "additional": 1}
_VERBS = {"lose": -1, "cut": -1, "trim": -1, "drop": -1, "shave": -1, "remove": -1, "chop": -1, "shorten": -1,
          "snip": -1, "minus": -1, "plus": 1, "+": 1, "add": 1, "extend": 1, "lengthen": 1, "insert": 1, "trimmed": -1,
          "shortened": -1, "lost": -1, "extended": 1, "lengthened": 1, "added": 1}  # fmt: skip
_OVER = {"long": -1, "over": -1, "short": 1, "under": 1}
_RUNS = {"runs", "running", "is", "it's", "are", "was", "still", "comes", "in", "came"}
_ROUGHLY = {"about", "around", "roughly", "maybe", "say", "perhaps", "at", "least", "some"}
_VERB_REACH = 4
"""Words from "shorten" to the number: "shorten the cue by 4 bars". Our choice."""
_TO = {"-", "to", "through", "thru", "and", "till", "until"}
_ON = {"on", "onward", "onwards", "forward"}
_SAVED = {"save", "hold", "reserve", "wait", "waits"}
_STARTING = {"starting", "beginning", "commencing"}
_BEGINS = {*_STARTING, "start", "begin", "starts", "begins"}
_FROM, _AFTER = {"from", "since", "once", *_STARTING}, {"after", "past", "beyond", "afterwards"}
_BEFORE, _UNTIL = {"until", "till", "before"}, {"to", "through", "thru", "by", "including"}


def place_at(tokens: Tokens, at: int) -> tuple[Place, int] | None:
    """ "bars 5-8", "from bar 9", "last 4 bars", "first bar": the place, and the tokens it took; None for none."""
    said = said_at(tokens, at)
    if said == "the" and said_at(tokens, at + 1) == "closing":
        # "The closing" alone is a place, too.
        found = place_at(tokens, at + 1)
        return None if found is None else (found[0], found[1] + 1)
    if said in _BARS:
        return _numbered(tokens, at)
    if said not in {"last", "final", "first", "opening", "closing", "middle"}:
        return _bars_beside(tokens, at)
    first = said in {"first", "opening"}
    if said_at(tokens, at + 1) in _BAR and said != "middle":
        return (Place("first bar", None, 1, 1) if first else Place("last bar", None, -1)), 2
    count = _dozen_at(tokens, at + 1) or number_at(tokens, at + 1)
    if count is None or said_at(tokens, at + 1 + count[1]) not in _BARS:
        return None
    bars = int(min(count[0], MOST_BARS))
    if said == "middle":
        return Place("middle", (0.25, 0.75)), 2 + count[1]
    if first and "after" in {said_at(tokens, at - 1), said_at(tokens, at - 2)}:
        # "After the first eight bars."
        return Place(f"after bar {bars}", None, bars + 1), 2 + count[1]
    name = f"{'first' if first else 'last'} {bars} bars"
    return (Place(name, None, 1, bars) if first else Place(name, None, -bars)), 2 + count[1]


def _bars_beside(tokens: Tokens, at: int) -> tuple[Place, int] | None:
    """ "Four bars from bar 9", "the two bars before bar 9"."""
    count = number_at(tokens, at)
    led = at + count[1] + 1 if count is not None else at
    way = said_at(tokens, led)
    if count is None or said_at(tokens, led - 1) not in _BARS or way not in {"before", "after", "from", "following"}:
        return None
    one = number_at(tokens, led + 2) if said_at(tokens, led + 1) in _BAR else None
    if one is None or said_at(tokens, at - 1) in _VERBS:
        return None
    bars, bar = int(min(count[0], MOST_BARS)), int(min(one[0], MOST_BARS))
    first = max(1, bar - bars if way == "before" else bar + (way != "from"))
    last = bar - 1 if way == "before" else first + bars - 1
    return (Place(f"bars {first}-{last}", None, first, last), led + 2 + one[1] - at) if last >= first else None


def _numbered(tokens: Tokens, at: int) -> tuple[Place, int] | None:
    first = number_at(tokens, at + 1)
    if first is None:
        return None
    number, taken, last = first[0], 1 + first[1], None
    before = said_at(tokens, at - 2 if said_at(tokens, at - 1) == "the" else at - 1)
    if (before in {"at", "in", "with", "on"} and said_at(tokens, at - 2) in _BEGINS) or (
        (said_at(tokens, at - 2), before) == ("as", "of")
    ):
        # "Threatening, starting at bar 20."
        before = "from"
    if said_at(tokens, at + taken) in _TO:
        # "from bar 5 to bar 8", "bars 5 through 8", "from bar 5 through to 8".
        again = taken + 1 + (said_at(tokens, at + taken + 1) == "to")
        again += said_at(tokens, at + again) in _BARS
        second = number_at(tokens, at + again)
        if second is not None:
            taken, last = again + second[1], second[0]
    while (next_one := _one_more(tokens, at + taken, (number if last is None else last) + 1)) > 0:
        # "Bars 8, 9 and 10."
        last, taken = (number if last is None else last) + 1, taken + next_one
    if last is None:
        bar = int(min(number, MOST_BARS))
        on = (said_at(tokens, at + taken) == "and") + taken
        if said_at(tokens, at + on) in _ON | (_AFTER if on > taken else set()):
            return Place(f"from bar {bar}", None, bar), on + 1
        if to_end := _to_the_end(tokens, at + taken):
            return Place(f"from bar {bar}", None, bar), taken + to_end
        if before in _AFTER:
            return Place(f"after bar {bar}", None, bar + 1), taken
        if before in _FROM:
            return Place(f"from bar {bar}", None, bar), taken
        saved = before == "for" and {said_at(tokens, at - back) for back in range(2, 6)} & _SAVED
        if (before in _BEFORE or saved) and bar > 1:
            # Who waits until bar 9 comes in there.
            return Place(f"until bar {bar}", None, 1, bar - 1), taken
        if before in _UNTIL:
            return Place(f"until bar {bar}", None, 1, bar), taken
        return Place(f"bar {bar}", None, bar, bar), taken
    begin, end = int(min(number, last, MOST_BARS)), int(min(max(number, last), MOST_BARS))
    return Place(f"bars {begin}-{end}" if begin != end else f"bar {begin}", None, begin, end), taken


def _one_more(tokens: Tokens, at: int, number: float) -> int:
    """The tokens of ", 9" or "and 10" where that number comes next; 0 for anything else."""
    ahead = 1 + (said_at(tokens, at + 1) in {"and", *_BARS})
    found = number_at(tokens, at + ahead) if said_at(tokens, at) in {",", "and", "&", "/"} else None
    return ahead + found[1] if found is not None and found[0] == number else 0


def _to_the_end(tokens: Tokens, at: int) -> int:
    """The tokens of "to the end", "until the very end" or "through to the end"; 0 for anything else."""
    ends = at
    while said_at(tokens, ends) in _TO - {"-", "and"}:
        ends += 1
    if ends == at:
        return 0
    while said_at(tokens, ends) in {"the", "very"}:
        ends += 1
    return ends + 1 - at if said_at(tokens, ends) in {"end", "finish", "close"} else 0


def after(place: Place) -> Place:
    """All that comes after a place that is a share of the cue: "after the first third"."""
    if place.share is None or place.share[1] >= 1.0:
        return place
    return Place(f"after the {place.words}", (_middle_of(place) or place.share[1], 1.0))


def between(first: Place, last: Place) -> Place | None:
    """From the one to the other, "from the midpoint to the end"; None where that says nothing."""
    if first.share is None or last.share is None:
        return None
    begin, end = _middle_of(first) or first.share[0], _middle_of(last) or last.share[1]
    words = f"{first.words.removeprefix('from the ')} to {last.words}"
    return Place(words, (begin, end)) if begin < end else None


def _middle_of(place: Place) -> float | None:
    """The point that "halfway" and "the middle" are where something goes from there or up to there."""
    return 0.5 if place.share == (0.25, 0.75) else None


def all_but(place: Place) -> Place | None:
    """The rest of the cue, "but not in the first half"; None where that is no one stretch, or has no number."""
    numbered = place.words.split()[0] in {"bar", "bars", "from", "until", "after"}
    words = f"all but {'' if numbered else 'the '}{place.words}"
    if place.share is not None:
        begin, end = place.share
        rest = (end, 1.0) if begin == 0.0 else (0.0, begin) if end == 1.0 else None
        return None if rest is None or rest[0] == rest[1] else Place(words, rest)
    if place.first_bar == 1 and place.last_bar is not None:
        return Place(words, None, place.last_bar + 1)
    if place.last_bar is None and (place.first_bar or 0) < 0:
        # "All but the last two bars."
        return Place(words, None, 1, (place.first_bar or 0) - 1)
    if place.last_bar is None and (place.first_bar or 0) > 1:
        return Place(words, None, 1, (place.first_bar or 0) - 1)
    return None


def until(place: Place) -> Place:
    """All that comes before a place that is a share of the cue: "until the second half"."""
    if place.share is None or place.share[0] == 0.0:
        return place
    if set(place.words.split()) & {"end", "ending", "finish", "close"} and place.share[1] == 1.0:
        return Place(f"until the {place.words}", (0.0, 1.0))
    return Place(f"until the {place.words}", (0.0, _middle_of(place) or place.share[0]))


def bars_more_at(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """ "8 bars longer", "two more bars", "lose two bars": how many more, below 0 for fewer, and its tokens; or None."""
    if said_at(tokens, at) in _MORE_BEFORE and said_at(tokens, at + 1) in _BAR:
        # "An extra bar before the hit."
        return 1, 2
    begins = at + (said_at(tokens, at) in _MORE_BEFORE)
    counted = _dozen_at(tokens, begins) or number_at(tokens, begins)
    if counted is None or counted[0] != int(counted[0]):
        return None
    way, ends = _MORE_BEFORE.get(said_at(tokens, at)), begins + counted[1]
    if (between := _WAYS.get(said_at(tokens, ends))) is not None:
        way, ends = between, ends + 1
    if said_at(tokens, ends) not in _BARS:
        return None
    ends += 1
    if (after := _WAYS.get(said_at(tokens, ends))) is not None:
        way, ends = after, ends + 1
    elif said_at(tokens, ends) == "too" and said_at(tokens, ends + 1) in {"long", "short"}:
        way, ends = (-1 if said_at(tokens, ends + 1) == "long" else 1), ends + 2
    runs = _OVER.get(said_at(tokens, ends), 0) if said_at(tokens, at - 1) in _RUNS else 0
    if runs and not (said_at(tokens, ends) == "long" and said_at(tokens, at - 1) not in {"runs", "running"}):
        # "The cue runs two bars long", "it's four bars short", but "it's eight bars long".
        return runs * int(min(counted[0], MOST_BARS)), ends + 1 - at
    if said_at(tokens, ends) in {"off", "out"} and said_at(tokens, at - 1) in {"take", "knock", "shave", "get"}:
        # "Take two bars off the end."
        return -int(min(counted[0], MOST_BARS)), ends + 1 - at
    way = way or _verb_before(tokens, at)
    return None if way is None else (way * int(min(counted[0], MOST_BARS)), ends - at)


def _dozen_at(tokens: Tokens, at: int) -> tuple[float, int] | None:
    """ "A couple of", "half a dozen": the number and its tokens."""
    said = [said_at(tokens, at + more) for more in range(3)]
    if said[:2] == ["a", "couple"]:
        return 2.0, 2 + (said[2] == "of")
    if said[0] == "half" and said[2] == "dozen" and said[1] in {"a", "-"}:
        return 6.0, 3
    if said[:2] in (["half", "dozen"], ["couple", "of"]):
        return (6.0 if said[0] == "half" else 2.0), 2
    if said[0] == "dozen":
        return 12.0, 1
    return (12.0, 2) if said[:2] == ["a", "dozen"] else None


def _verb_before(tokens: Tokens, at: int) -> int | None:
    """Which way "shorten … by" takes the number after it; "cut it to 8 bars" names the length, and "from" a place."""
    while said_at(tokens, at - 1) in _ROUGHLY | {"off", "out"}:
        at -= 1
    before = said_at(tokens, at - 1)
    if before in _VERBS:
        return _VERBS[before]
    if before != "by":
        return None
    led = said_at(tokens, at - 3 if said_at(tokens, at - 2) == "," else at - 2)
    if led in _OVER | _WAYS:
        # "It's too long by two bars", "shorter by four bars".
        return (_OVER | _WAYS)[led]
    words = (said_at(tokens, place) for place in range(at - 2, at - 2 - _VERB_REACH, -1))
    return next((_VERBS[word] for word in words if word in _VERBS), None)
