"""Keeps a part that is being written from ever sharing 13 telling notes with the index.

It holds the part's lines as `lines_of` tells them, and says whether a next note would complete a run. Since only runs
of 13 notes whose intervals and rhythm carry the bits to be flagged count, scales and ostinati pass.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from hitpoint.originality.grams import GRAM, SURE, WINNOW, Rolling, ratio_of
from hitpoint.originality.index import Index
from hitpoint.originality.lines import MOST_COVERED, TOGETHER
from hitpoint.score.note import Note


class CopyGuard:
    """One part. Notes come as they are written: in order of onset; of a chord, in any order."""

    def __init__(self, index: Index, chords: bool = True, before: Iterable[Note] = ()) -> None:
        """chords: whether the part may play several notes at once; without, a note ends where the next begins. before:
        what it played already, in order; only the last 13 notes of each line, and what covers them, matter."""
        self._lines = [_GuardedLine(index, upward, chords) for upward in ((1, -1) if chords else (1,))]
        for note in before:
            self.take(note)

    def take(self, note: Note) -> None:
        """A note was written."""
        for line in self._lines:
            line.take(note)

    def completes(self, onset: int, pitch: int) -> bool:
        """Whether a note of `pitch` at the tick `onset`, no earlier than the last one's, would complete a run.

        Blocks: for some microseconds; twice that where the part may play chords.
        """
        return any(line.completes(onset, pitch) for line in self._lines)

    def forbidden(self, onset: int, pitches: Iterable[int]) -> frozenset[int]:
        """Those of `pitches` that would complete a run at the tick `onset`."""
        return frozenset(pitch for pitch in pitches if self.completes(onset, pitch))


@dataclass(frozen=True, slots=True)
class _Chord:
    """The notes of one onset, of which only the outer one matters."""

    onset: int
    latest: int
    """Of hand-played chords, the onset of the last note."""
    pitch: int
    end: int


class _Trail(NamedTuple):
    """The end of a line: what a run that goes on needs to know."""

    onset: int
    pitch: int
    intervals: tuple[int, ...] = ()
    """The last 12 at most."""
    ratios: tuple[int, ...] = ()
    """Of those steps; the first of the line has 0."""
    time: int = 0
    """From the note before; 0 when there is none."""
    hashed: Rolling = Rolling()
    grams: tuple[tuple[int, int], ...] = ()
    """The last five at most."""


class _GuardedLine:
    """The top (upward = 1) or bottom (−1) of one part."""

    def __init__(self, index: Index, upward: int, chords: bool) -> None:
        self._index, self._upward, self._covers = index, upward, chords
        self._open: _Chord | None = None
        """The chord that the next note may still join; not in the trail yet."""
        self._chords: deque[_Chord] = deque(maxlen=MOST_COVERED)
        self._trail: _Trail | None = None
        self._closed: _Trail | None = None
        """The trail with the open chord; None when it was not asked for yet."""
        self._asked: tuple[_Trail, int, int] | None = None
        self._answer = _Trail(0, 0)

    def take(self, note: Note) -> None:
        chord = self._open
        if chord is not None and note.tick - chord.latest <= TOGETHER:
            self._open = self._joined(chord, note)
        else:
            if chord is not None:
                self._trail = self._closed or self._trail_after(chord)
                self._chords.append(chord)
            self._open = _Chord(note.tick, note.tick, note.pitch, note.end)
        self._closed = None

    def completes(self, onset: int, pitch: int) -> bool:
        chord, trail = self._open, self._trail
        if chord is not None:
            if onset - chord.latest > TOGETHER:
                trail = self._closed = self._closed or self._trail_after(chord)
            elif self._upward * pitch <= self._upward * chord.pitch:
                return False
            else:
                onset = chord.onset
        if trail is None or len(trail.grams) < WINNOW - 1:
            return False
        whole = self._extended(trail, onset, pitch)
        return self._index.may_hold(whole.grams) and self._telling(whole) and self._index.holds(whole.grams)

    def _joined(self, chord: _Chord, note: Note) -> _Chord:
        if self._upward * note.pitch > self._upward * chord.pitch:
            return replace(chord, latest=note.tick, pitch=note.pitch, end=note.end)
        end = max(chord.end, note.end) if note.pitch == chord.pitch else chord.end
        return replace(chord, latest=note.tick, end=end)

    def _trail_after(self, chord: _Chord) -> _Trail | None:
        """The trail when nothing more joins the chord: unless another note sounds over it, it goes on there."""
        middle, outer = chord.onset + (chord.end - chord.onset) // 2, self._upward * chord.pitch
        if self._covers and any(other.end > middle and self._upward * other.pitch > outer for other in self._chords):
            return self._trail
        if self._trail is None:
            return _Trail(chord.onset, chord.pitch)
        return self._extended(self._trail, chord.onset, chord.pitch)

    def _extended(self, trail: _Trail, onset: int, pitch: int) -> _Trail:
        """The trail with one more note; the last answer is kept, because what was asked for is often what is taken."""
        asked = (trail, onset, pitch)
        if self._asked is None or self._asked[0] is not trail or self._asked[1:] != asked[1:]:
            self._asked, self._answer = asked, _extended(*asked)
        return self._answer

    def _telling(self, trail: _Trail) -> bool:
        index = self._index
        return index.information.carries(index.flag_bits, trail.intervals, trail.ratios)


def _extended(trail: _Trail, onset: int, pitch: int) -> _Trail:
    time = max(1, onset - trail.onset)
    intervals = (*trail.intervals[1 - SURE :], pitch - trail.pitch)
    ratios = (*trail.ratios[1 - SURE :], ratio_of(time, trail.time) if trail.time else 0)
    hashed, grams = trail.hashed.after(intervals, ratios), trail.grams
    if len(intervals) >= GRAM:
        grams = (*grams[1 - WINNOW :], hashed.hashes(not any(intervals[-GRAM:])))
    return _Trail(onset, pitch, intervals, ratios, time, hashed, grams)
