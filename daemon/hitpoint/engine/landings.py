"""How near the music comes to the moments it must meet: as written ahead, and as sent."""

from collections import OrderedDict
from dataclasses import dataclass, field

from hitpoint.engine.landing_report import moments
from hitpoint.engine.pages import Pages
from hitpoint.planner.outline import Meeting, outline_of
from hitpoint.scheduler.performance import Played
from hitpoint.score.request import LandingKind
from hitpoint.score.session import Session

NEAR_TICKS = 960
"""A strike further away than a quarter is another."""
MOST_KEPT = 512
"""Hits whose landing is remembered, the last ones."""


@dataclass
class _Sounded:
    """What was sent around one hit."""

    roll: int
    onsets: set[tuple[int, str]] = field(default_factory=set)
    """Tick and part."""


class Landings:
    """Process: control."""

    def __init__(self) -> None:
        self._sounded: OrderedDict[int, _Sounded] = OrderedDict()
        self.heard = 0
        """Counts what was taken in around hits."""

    def take(self, session: Session, played: Played) -> None:
        """Take in what play reports."""
        outline = outline_of(session)
        for part, note in played.notes:
            for meeting in outline.meetings_in(note.tick - NEAR_TICKS, note.tick + NEAR_TICKS + 1):
                self._keep(meeting.tick, played.roll, note.tick, part)

    def _keep(self, tick: int, roll: int, onset: int, part: str) -> None:
        sounded = self._sounded.get(tick)
        if sounded is None or sounded.roll != roll:
            # A later roll passes over it anew.
            sounded = self._sounded[tick] = _Sounded(roll)
        sounded.onsets.add((onset, part))
        self._sounded.move_to_end(tick)
        self.heard += 1
        if len(self._sounded) > MOST_KEPT:
            self._sounded.popitem(last=False)

    def told(self, session: Session, pages: Pages, first: int, last: int) -> dict[str, dict[str, float | None]]:
        """By tick: how far off each hit is, positive for late. Of bars `first` to `last`, and of those that sounded."""
        meter_map, outline = session.timeline.meter_map, outline_of(session)
        ahead = outline.meetings_in(meter_map.bar(first).start, meter_map.bar(last).end)
        sounded = (meeting for tick in self._sounded for meeting in outline.meetings_in(tick, tick + 1))
        return {
            str(meeting.tick): self._one(session, pages, meeting)
            for meeting in sorted({*ahead, *sounded}, key=lambda meeting: meeting.tick)
            if meeting.kind is not LandingKind.STOP
        }

    def _one(self, session: Session, pages: Pages, meeting: Meeting) -> dict[str, float | None]:
        timeline, sounded = session.timeline, self._sounded.get(meeting.tick)
        written = {
            (note.tick, bar.part)
            for index in (meeting.bar - 1, meeting.bar, meeting.bar + 1)
            for bar in pages.in_bar(index)
            for note in bar.notes
            if abs(note.tick - meeting.tick) <= NEAR_TICKS
        }
        landed = None if sounded is None else _off(sounded.onsets, meeting.tick)
        seconds = timeline.tempo_map.seconds_at
        off = None if landed is None else seconds(meeting.tick + landed) - seconds(meeting.tick)
        return {
            "tick": meeting.tick,
            "planned_ticks": _off(written, meeting.tick),
            "landed_ticks": landed,
            "landed_ms": None if off is None else round(off * 1000, 4),
            "landed_frames": None if off is None else round(timeline.frame_rate.frames_in(off), 5),
        }


def _off(onsets: set[tuple[int, str]], tick: int) -> int | None:
    strikes = moments(onsets, len({part for _, part in onsets}))
    return min((strike - tick for strike in strikes), key=abs, default=None)
