"""Spotting: from the host's markers and regions to cues and the moments they must meet.

What a marker's words mean, first rule that fits (upper and lower case alike; any script):

    HIT name               an accent; with "stop" or "silence" in the name, a STOP; with "out of silence" or
                           "from nothing", an accent that the music falls silent before
    STOP name, SILENCE     everything ends at the tick
    END, END name          the cue's last chord falls on the tick
    1m01 …                 a cue number anywhere in the text: a new cue enters, and ends the one before it
    words of direction     a turn of the cue that plays; where none plays, a new cue's entrance
    anything else          is not met, and is listed in `unread` with the reason

A region is a cue that enters at its start and has its END at its end (unless its words are HIT, STOP or END: then it
is read as a marker at its start). A region in which a later cue enters loses its END: the later cue has cut it off.
Where no marker says anything the session's direction holds: from tick 0 to the first numbered cue, and for whatever a
cue leaves unsaid. Without one, a HIT before any cue has no music and is listed in `unread`.
At one tick a cue's end comes before the next one's entrance, and the entrance before turns and hits.
A STOP that nothing follows in its cue ends the cue.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import groupby

from hitpoint.errors import ConfigError
from hitpoint.score.cue import Cue, HitPoint
from hitpoint.score.direction import Direction, parse
from hitpoint.score.direction_tokens import CUE_NUMBER
from hitpoint.score.request import LandingKind
from hitpoint.timeline.timeline import Timeline

_CUE_NUMBER = re.compile(CUE_NUMBER)
_HIT = re.compile(r"\s*hit(?![a-z0-9])", re.IGNORECASE)
_END = re.compile(r"\s*end(?![a-z0-9])", re.IGNORECASE)
_STOP = re.compile(r"\s*(?:stop|silence)(?![a-z0-9])", re.IGNORECASE)
_STOPS = re.compile(r"(?<![a-z0-9])(?:stop|stops|silence)(?![a-z0-9])", re.IGNORECASE)
_FROM_SILENCE = re.compile(r"(?<![a-z0-9])(?:out of|from|after) (?:silence|nothing|nowhere)(?![a-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unread:
    """A marker or region that the music does not meet."""

    tick: int
    name: str
    reason: str
    """In words for a person."""


@dataclass(frozen=True, slots=True)
class Spotting:
    """What the timeline's words ask for."""

    cues: tuple[Cue, ...] = ()
    """In time order; they do not overlap."""
    unread: tuple[Unread, ...] = ()
    """What was not understood or cannot be met, in time order."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A marker's words, or one edge of a region."""

    tick: int
    name: str
    kind: LandingKind | None
    """None when the words mean nothing."""
    number: str = ""
    """The cue's number or, of a region, its name; empty for words that may be a turn or an entrance."""
    direction: Direction = field(default_factory=Direction)
    from_silence: bool = False
    region: int | None = None
    """Of a region's end: the tick where it began."""


def spot(timeline: Timeline, direction_text: str = "") -> Spotting:
    """The cues on `timeline`; `direction_text` is what to play where it says nothing. Raises nothing for bad words."""
    speaker = _Speaker(_parsed(direction_text))
    for _, together in groupby(_all_said(timeline), key=lambda said: said.tick):
        speaker.hear(sorted(together, key=_order))
    return speaker.finish()


def _all_said(timeline: Timeline) -> list[_Said]:
    said = [_read(marker.tick, marker.name) for marker in timeline.markers]
    for region in timeline.regions:
        start = _read(region.start, region.name)
        if start.kind in (LandingKind.ENTRANCE, LandingKind.TURN):
            said.append(replace(start, kind=LandingKind.ENTRANCE, number=start.number or region.name.strip()))
            if region.end > region.start:
                said.append(_Said(region.end, region.name, LandingKind.END, region=region.start))
        else:
            said.append(start)
    return sorted(said, key=lambda said: said.tick)


def names_hit(name: str) -> bool:
    """True for a marker's name that says that it is to be hit: "HIT door slams"."""
    return _HIT.match(name) is not None


def _read(tick: int, name: str) -> _Said:
    if names_hit(name):
        if _FROM_SILENCE.search(name):
            return _Said(tick, name, LandingKind.HIT, from_silence=True)
        return _Said(tick, name, LandingKind.STOP if _STOPS.search(name) else LandingKind.HIT)
    if _STOP.match(name):
        return _Said(tick, name, LandingKind.STOP)
    if _END.match(name):
        return _Said(tick, name, LandingKind.END)
    number = _CUE_NUMBER.search(name)
    direction = _parsed(name)
    if number:
        return _Said(tick, name, LandingKind.ENTRANCE, number.group(), direction)
    # "the door is open" turns nothing, though "1m02 open" is a mood.
    turns = direction.says_something and not direction.in_passing
    return _Said(tick, name, LandingKind.TURN if turns else None, direction=direction)


def _parsed(text: str) -> Direction:
    try:
        return parse(text)
    except ConfigError:
        # A marker with a whole novel in it: no music is asked for that anyone could follow.
        return Direction(text)


_ORDER = {LandingKind.TURN: 2, LandingKind.HIT: 3, LandingKind.STOP: 4, LandingKind.END: 5}


def _order(said: _Said) -> int:
    if said.kind is LandingKind.ENTRANCE:
        return 1
    if said.region is not None and said.region < said.tick:
        # A region's end belongs to the cue before an entrance at the same tick.
        return 0
    return _ORDER.get(said.kind, 6) if said.kind else 6


class _Speaker:
    """Hears what is said in time order and keeps the cue that plays."""

    def __init__(self, default: Direction) -> None:
        self._default = default
        self._cues: list[Cue] = []
        self._unread: list[Unread] = []
        self._name: str | None = None
        self._points: list[HitPoint] = []
        self._state = default
        if default.says_something:
            self._enter(HitPoint(0, LandingKind.ENTRANCE, "", default), default.text)

    def hear(self, together: list[_Said]) -> None:
        """Take in what is said at one tick, in order."""
        if any(said.kind is LandingKind.ENTRANCE for said in together):
            # The END marker of the cue before, said at the tick where the next one enters.
            together = sorted(together, key=lambda said: 0 if said.kind is LandingKind.END else _order(said))
        for said in together:
            if said.tick < 0:
                self._miss(said, "it lies before the timeline's start")
            elif said.kind is None:
                self._miss(said, "its words ask for nothing that is known" if said.name.strip() else "it has no name")
            else:
                self._take(said, said.kind)

    def finish(self) -> Spotting:
        """All that was heard."""
        self._close(None)
        return Spotting(tuple(self._cues), tuple(self._unread))

    def _take(self, said: _Said, kind: LandingKind) -> None:
        if kind is LandingKind.ENTRANCE or (kind is LandingKind.TURN and self._name is None):
            if self._playing_from(said.tick):
                self._miss_entrance()
            self._close(None)
            state = said.direction.after(self._default)
            self._enter(HitPoint(said.tick, LandingKind.ENTRANCE, said.name, state), said.number or said.name.strip())
        elif self._name is None:
            if said.region is None:
                self._miss(said, "no cue plays here")
        elif said.region is not None and said.region != self._points[0].tick:
            self._miss(said, "a later cue has cut this one off")
        elif kind is LandingKind.TURN:
            self._state = said.direction.after(self._state)
            self._points.append(HitPoint(said.tick, kind, said.name, self._state))
        else:
            self._points.append(HitPoint(said.tick, kind, said.name, from_silence=said.from_silence))
            if kind is LandingKind.END:
                self._close(said.tick)

    @property
    def _implied(self) -> bool:
        """True while the cue that plays is the session's direction, which no marker opened."""
        return bool(self._points) and self._points[0].name == ""

    def _playing_from(self, tick: int) -> bool:
        return self._name is not None and self._points[0].tick == tick

    def _enter(self, entrance: HitPoint, name: str) -> None:
        self._name, self._points = name, [entrance]
        self._state = entrance.direction or self._default

    def _close(self, end: int | None) -> None:
        if self._name is None:
            return
        last, first = self._points[-1], self._points[0]
        if end is None and last.kind is LandingKind.STOP:
            end = last.tick
        if first.direction is not None:
            self._cues.append(Cue(self._name, first.tick, end, first.direction, tuple(self._points)))
        self._name, self._points = None, []

    def _miss(self, said: _Said, reason: str) -> None:
        self._unread.append(Unread(said.tick, said.name, reason))

    def _miss_entrance(self) -> None:
        """Two cues enter at one tick: the last one heard plays. The session's direction just gives way."""
        if not self._implied:
            first = self._points[0]
            self._unread.append(Unread(first.tick, first.name, "another cue enters at the same tick"))
        self._name, self._points = None, []
