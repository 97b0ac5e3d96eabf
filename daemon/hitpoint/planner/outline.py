"""The whole timeline in outline: passages that ask for one thing throughout, and the moments between that are met.

Made from the spotting once for each timeline; the plan of a bar is then a look-up.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, zip_longest

from hitpoint.planner.passages import FOREVER, CueLayout, Passage
from hitpoint.score.cue import HitPoint
from hitpoint.score.request import LandingKind
from hitpoint.score.session import Session
from hitpoint.score.spotting import Spotting, spot
from hitpoint.timeline.timeline import Timeline

EARLY_IN_BAR = 0.25
"""An accent in this first part of its bar makes the whole bar its release; a later one makes it the build."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A tick that the music meets; several markers at one tick are one meeting."""

    tick: int
    kind: LandingKind
    name: str
    """The marker's; empty for the silence before a HIT, which no marker says."""
    loud: bool
    """True when one of its markers is a HIT."""
    bar: int
    """Index of its bar."""
    release: int
    """Index of the first bar that is release."""
    from_silence: bool = False

    @property
    def accent(self) -> bool:
        """True when the bars before lead to it."""
        return self.loud or (self.kind is LandingKind.STOP and bool(self.name))


@dataclass(frozen=True)
class Outline:
    """Passages and meetings, each in time order, with the look-ups that a plan needs."""

    spotting: Spotting
    passages: tuple[Passage, ...]
    meetings: tuple[Meeting, ...]
    accents: tuple[Meeting, ...]
    """Those meetings that are accents."""
    _starts: list[int] = field(init=False, repr=False, compare=False)
    _ticks: list[int] = field(init=False, repr=False, compare=False)
    _releases: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", [passage.start for passage in self.passages])
        object.__setattr__(self, "_ticks", [meeting.tick for meeting in self.meetings])
        object.__setattr__(self, "_releases", [accent.release for accent in self.accents])

    def passages_in(self, start: int, end: int) -> tuple[Passage, ...]:
        """Those with any tick of [start, end)."""
        first = max(0, bisect_right(self._starts, start) - 1)
        last = bisect_left(self._starts, end)
        return tuple(passage for passage in self.passages[first:last] if passage.end > start)

    def meetings_in(self, start: int, end: int) -> tuple[Meeting, ...]:
        """Those with start ≤ tick < end."""
        return self.meetings[bisect_left(self._ticks, start) : bisect_left(self._ticks, end)]

    def meetings_from(self, tick: int) -> Iterator[Meeting]:
        """All from `tick` on."""
        return (self.meetings[place] for place in range(bisect_left(self._ticks, tick), len(self.meetings)))

    def accents_around(self, bar: int) -> tuple[Meeting | None, Meeting | None]:
        """The last accent whose release has begun by that bar, and the next after it."""
        place = bisect_right(self._releases, bar)
        before = self.accents[place - 1] if place > 0 else None
        return before, self.accents[place] if place < len(self.accents) else None


class _Remembered:
    """The outlines of the last few timelines, known by identity: to compare 5,000 markers takes longer than a plan."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[tuple[Timeline, str, int, Outline]] = []

    def outline(self, session: Session) -> Outline:
        for timeline, direction, seed, outline in self._kept:
            if timeline is session.timeline and direction == session.direction and seed == session.seed:
                return outline
        made = outline_from(session.timeline, session.direction, session.seed)
        self._kept = [(session.timeline, session.direction, session.seed, made), *self._kept[: self._most - 1]]
        return made


_REMEMBERED = _Remembered(most=4)


def outline_of(session: Session) -> Outline:
    """The outline of the session's timeline; quick when asked again for the same one."""
    return _REMEMBERED.outline(session)


def outline_from(timeline: Timeline, direction: str, seed: int) -> Outline:
    """Spot the timeline and lay out its passages and meetings."""
    spotting = spot(timeline, direction)
    passages: list[Passage] = []
    points: list[HitPoint] = []
    for cue, following in zip_longest(spotting.cues, spotting.cues[1:]):
        layout = CueLayout(timeline, cue, FOREVER if following is None else following.start, seed)
        passages += layout.passages()
        points += layout.points
    meetings = tuple(_meetings(timeline, sorted(points, key=lambda point: point.tick)))
    accents = tuple(sorted((meeting for meeting in meetings if meeting.accent), key=lambda accent: accent.release))
    return Outline(spotting, tuple(passages), meetings, accents)


_PRECEDENCE = (LandingKind.END, LandingKind.STOP, LandingKind.HIT, LandingKind.ENTRANCE, LandingKind.TURN)


def _meetings(timeline: Timeline, points: list[HitPoint]) -> Iterator[Meeting]:
    for tick, together in groupby(points, key=lambda point: point.tick):
        group = list(together)
        if any(point.kind is LandingKind.ENTRANCE for point in group):
            # The cue before ends in the entrance of the next: its last chord is that one's first.
            group = [point for point in group if point.kind is not LandingKind.END]
        first = min(group, key=lambda point: _PRECEDENCE.index(point.kind))
        bar = timeline.meter_map.bar_at(tick)
        late = tick - bar.start >= EARLY_IN_BAR * bar.ticks
        yield Meeting(
            tick,
            first.kind,
            first.name,
            any(point.kind is LandingKind.HIT for point in group),
            bar.index,
            bar.index + int(late),
            any(point.from_silence for point in group),
        )
