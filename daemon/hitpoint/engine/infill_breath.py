"""Breath in a line of which some notes stand and some are ours: ours end earlier where the air would be spent.

While a bar is drawn nobody knows how long what stands after it goes on, nor where between notes that stay there will be
room. So this is seen to at the end, over the whole line; no note is left out for it, and none that stands is touched.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from hitpoint.score.breath import AIR_SHARE, BREATH_SHARE, breath_of, rested_by
from hitpoint.score.note import Note
from hitpoint.score.playability import BREATH_SECONDS
from hitpoint.score.stem import Part
from hitpoint.timeline.tempo_map import TempoMap

LEAST_SECONDS = BREATH_SECONDS / 2
"""A note that is shortened lasts at least this. Our choice."""


def aired(part: Part, standing: Iterable[Note], written: Sequence[Note], tempo_map: TempoMap) -> list[Note]:
    """Our notes of a part, with breaths between them where who blows has no other place for one, as far as can be."""
    seconds = breath_of(part.instrument)
    if seconds is None or not written:
        return list(written)
    return _Line(standing, written, seconds, tempo_map).aired()


class _Line:
    def __init__(
        self, standing: Iterable[Note], written: Sequence[Note], breath_seconds: float, tempo_map: TempoMap
    ) -> None:
        self._tempo_map, self._seconds_at = tempo_map, tempo_map.seconds_at
        self._standing, self._ours = sorted(standing), sorted(written)
        self._longest = max(note.duration for note in (*self._standing, *self._ours))
        self._most, self._usual = breath_seconds, breath_seconds * AIR_SHARE

    def aired(self) -> list[Note]:
        """All of ours."""
        begun = until = float("-inf")
        spent = False
        places: list[tuple[float, int]] = []
        """Onsets before which breath can be taken, in this breath: seconds there are for it, and tick."""
        for tick, end in self._onsets():
            start, ends = self._seconds_at(tick), self._seconds_at(end)
            if start - until >= BREATH_SECONDS:
                begun, spent, places = start, False, []
            elif (room := self._room_before(tick)) is not None:
                places.append((room, tick))
            until = max(until, ends)
            spent = spent or until - begun > self._most
            while spent and (place := self._chosen(places, begun)) is not None:
                self._breathe_before(place)
                begun, places = self._seconds_at(place), [one for one in places if one[1] > place]
                spent = until - begun > self._most
        return self._ours

    def _onsets(self) -> list[tuple[int, int]]:
        """Each tick at which something begins, and where the longest of it ends."""
        ends: dict[int, int] = {}
        for note in (*self._standing, *self._ours):
            ends[note.tick] = max(note.end, ends.get(note.tick, 0))
        return sorted(ends.items())

    def _room_before(self, tick: int) -> float | None:
        """Seconds from the onset before, where all that sounds there is ours and can end for a breath; else None."""
        rested = rested_by(self._tempo_map, tick)
        if any(note.end > rested for note in self._near(self._standing, rested, tick)):
            return None
        latest = max((note.tick for note in self._near(self._ours, rested, tick) if note.end > rested), default=None)
        if latest is None:
            return None
        room = self._seconds_at(tick) - self._seconds_at(latest)
        return room if room >= BREATH_SECONDS * BREATH_SHARE + LEAST_SECONDS else None

    def _near(self, notes: list[Note], first: int, last: int) -> list[Note]:
        """Those that begin before tick `last`, and all of them that may sound at `first` or later."""
        begin = bisect_left(notes, first - self._longest, key=lambda note: note.tick)
        return notes[begin : bisect_left(notes, last, key=lambda note: note.tick)]

    def _chosen(self, places: Sequence[tuple[float, int]], begun: float) -> int | None:
        """The place with most time of those in the later half of the breath, else of all in it, else the next one."""
        in_time = [place for place in places if self._seconds_at(place[1]) - begun <= self._usual]
        later = [place for place in in_time if self._seconds_at(place[1]) - begun >= self._usual / 2]
        chosen = max(later or in_time, default=None) or min(places, key=lambda place: place[1], default=None)
        return None if chosen is None else chosen[1]

    def _breathe_before(self, tick: int) -> None:
        rested = rested_by(self._tempo_map, tick)
        self._ours = [
            replace(note, duration=rested - note.tick) if note.tick < tick and note.end > rested else note
            for note in self._ours
        ]
