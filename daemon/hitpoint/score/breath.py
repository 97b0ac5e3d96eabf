"""Where who blows takes breath: a law for whoever writes notes, bar after bar.

Seconds are counted at the slowest tempo that a bar may have, and a breath at its fastest, so that what is written
stays right while the tempo moves. What stood before is taken as it is. A note may be written where it ends before the
air does, where the part has rested for a breath, or where the note before can be shortened to leave one: that is how
players do it, and mostly no note is lost.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

from hitpoint.score.note import Note
from hitpoint.score.playability import BREATH_SECONDS
from hitpoint.score.player_limits import PLAYERS
from hitpoint.score.request import BarPlan
from hitpoint.score.stem import Instrument, Part
from hitpoint.timeline.loop import Loop
from hitpoint.timeline.tempo_map import SLOWEST_BPM, TempoMap
from hitpoint.timeline.units import TICKS_PER_QUARTER

AIR_SHARE = 0.95
"""How much of the longest breath is used. Our choice."""
BREATH_SHARE = 1.05
"""How much longer a rest is made than the shortest breath. Our choice."""
NEAREST_BPM = 5.0
"""How far a tempo may lie from what its plan says, which is to the nearest 10."""
LEAST_TICKS = TICKS_PER_QUARTER // 24
"""A note that is shortened lasts at least this; at slow tempi more: half of a breath."""
MOST_BARS = 7
"""A breath in so many bars at least, however short they are: whoever writes a bar sees eight bars before it."""
LEAST_LOOP_BREATHS = 8
"""A loop that lasts so many breaths, 1.2 s, has one of them at its end. Our choice."""
ALWAYS = 2**62
"""A tick after all music; what it is the negative of lies before all."""


def breathing_of(plan: BarPlan, part: Part, past: Sequence[BarPlan], before: Iterable[Note]) -> "Breathing | None":
    """The air of a part in the bar of `plan`; None for who needs none.

    past: of the bars before it, oldest first. before: what the part plays in those, and what stands of it in this one.
    """
    seconds = breath_of(part.instrument)
    return None if seconds is None else Breathing(plan, part, seconds, past, before)


def rested_by(tempo_map: TempoMap, tick: int) -> int:
    """The tick by which who blows must have ended, to have had a breath at `tick`."""
    return int(tempo_map.fractional_tick_at(tempo_map.seconds_at(tick) - BREATH_SECONDS * BREATH_SHARE))


def rested_before(notes: Iterable[Note], tick: int, tempo_map: TempoMap) -> tuple[Note, ...]:
    """The notes with a breath before `tick`: what sounds into it ends earlier; what begins in it, or hardly before, is
    left out."""
    rested = rested_by(tempo_map, tick)
    return tuple(
        replace(note, duration=min(note.end, rested) - note.tick) if note.tick < rested else note
        for note in notes
        if note.tick <= rested - LEAST_TICKS or note.end <= rested or note.tick >= tick
    )


def breath_of(instrument: Instrument) -> float | None:
    """Seconds that one breath lasts; None for who needs none."""
    player = PLAYERS.get(instrument.name)
    return None if player is None else player.breath_seconds


def rested_at_seam(plan: BarPlan, part: Part, notes: Sequence[Note], loop: Loop) -> tuple[Note, ...]:
    """The notes of a bar of a loop as they are played in it: who blows has taken breath by its end, or just before the
    last notes. Where neither can be, those are left out, but for what is struck at a landing. A loop that is hardly
    longer than a breath stays as it is."""
    breath = _Pace.of(plan).breath
    if breath_of(part.instrument) is None or loop.end - loop.start < LEAST_LOOP_BREATHS * breath:
        return tuple(notes)
    least = _least_beside(breath)
    struck = {landing.tick for landing in plan.landings if part.name in landing.parts}
    early = [note for note in notes if note.tick <= loop.end - breath - least]
    late = [note for note in notes if loop.end - breath - least < note.tick < loop.end]
    first = min((note.tick for note in late), default=loop.end)
    if any(note.tick > first - breath - least for note in early):
        first, late = loop.end, [note for note in late if note.tick in struck]
    ended = [replace(note, duration=min(note.end, first - breath) - note.tick) for note in early]
    return (*ended, *late, *(note for note in notes if note.tick >= loop.end))


def _least_beside(breath: int) -> int:
    """Ticks that a note lasts which is shortened for a breath of so many."""
    return max(LEAST_TICKS, breath // 2)


class Breathing:
    """The air of one part in one bar, note by note."""

    def __init__(
        self, plan: BarPlan, part: Part, seconds: float, past: Sequence[BarPlan], before: Iterable[Note]
    ) -> None:
        """seconds: what one breath lasts."""
        self._bar, self._seconds = plan.bar, seconds * AIR_SHARE
        pace = _Pace.of(plan)
        self._breath, self._lasts = pace.breath, int(self._seconds / pace.seconds)
        self._least = _least_beside(self._breath)
        struck = {landing.tick for landing in plan.landings if part.name in landing.parts}
        self._marks = sorted(struck | ({plan.cut_at} if plan.cut_at is not None else set()))
        self._places: list[tuple[int, int]] = []
        """Onsets since the last breath that one can be taken before: ticks since the onset before, and tick."""
        self._onset: int | None = None
        """The last one that was written here."""
        self._until, self._deadline = self._bar.start - self._breath, ALWAYS
        self._look_back([*(_Pace.of(one) for one in past), pace], before)
        self._standing = self._until
        """Where what nobody here can shorten has ended."""

    @property
    def shut(self) -> tuple[tuple[int, int], ...]:
        """Spans [first, last] of ticks in which no note may begin, but a landing's own: a breath is taken there."""
        return tuple((mark - self._breath - self._least + 1, mark - 1) for mark in self._marks)

    @property
    def latest(self) -> int:
        """Up to this tick a note may begin on the air that is left, and that a breath before one of the notes that
        are written would give."""
        deadline = max(self._deadline, self._places[-1][1] + self._lasts) if self._places else self._deadline
        return deadline - self._least

    @property
    def fresh_from(self) -> int:
        """From this tick on a note may begin after a breath."""
        rested = self._until + self._breath
        if self._onset is None:
            return rested
        return min(rested, max(self._standing + self._breath, self._onset + self._breath + self._least))

    def take(self, tick: int, end: int) -> int:
        """A note is written, at or after those before it. Returns where it must have ended: at `end` or earlier."""
        if tick != self._onset:
            self._come(tick)
        end = self._before_marks(tick, end)
        if end > self._deadline:
            self._breathe([place for place in self._places if end <= place[1] + self._lasts] or self._places[-1:])
            end = min(end, max(tick + self._least, self._deadline))
        self._until = max(self._until, end)
        return end

    def closed(self, notes: Iterable[Note]) -> tuple[Note, ...]:
        """The bar is over: its notes, all of which were taken, shortened where breath is taken."""
        following = self._bar.end + self._bar.ticks
        if self._deadline < following and self._onset is not None and self._until + self._breath > self._bar.end:
            # The air will not last through another bar: here is room to choose the place.
            places = list(self._places)
            if self._may_come_before(self._bar.end):
                places.append((self._bar.end - self._onset, self._bar.end))
            self._breathe([place for place in places if place[1] + self._lasts >= following] or places[-1:])
        return tuple(replace(note, duration=self._before_marks(note.tick, note.end) - note.tick) for note in notes)

    def written(self, notes: Sequence[Note], struck: Collection[int]) -> tuple[Note, ...]:
        """As many of a bar's notes, in order, as there is air for. struck: ticks of landings, which are met anyway."""
        kept = []
        for note in notes:
            may = note.tick == self._onset or note.tick <= self.latest or note.tick >= self.fresh_from
            if note.tick in struck or (may and not any(first <= note.tick <= last for first, last in self.shut)):
                end = self.take(note.tick, note.end)
                kept.append(replace(note, duration=end - note.tick))
        return self.closed(kept)

    def _look_back(self, paces: Sequence["_Pace"], before: Iterable[Note]) -> None:
        """Whether the part still blows, and since when."""
        starts = [pace.start for pace in paces]
        shortest = min(pace.breath for pace in paces)
        begun = until = -ALWAYS
        for note in sorted(before):
            rest = note.tick - until
            if rest >= shortest and rest >= paces[max(0, bisect_right(starts, until) - 1)].breath:
                begun = note.tick
            until = max(until, note.end)
        if until + self._breath <= self._bar.start:
            return
        self._until = until
        since = paces[max(0, bisect_right(starts, begun) - 1)]
        blown = sum(
            max(0, min(end.start, self._bar.start) - max(begun, pace.start)) * pace.seconds
            for pace, end in pairwise(paces)
        )
        now = paces[-1].seconds
        self._deadline = max(begun, self._bar.start) + int((self._seconds - blown) / now)
        left = MOST_BARS - (self._bar.index - since.index)
        if left <= 1:
            self._deadline = min(self._deadline, self._bar.end + left * self._bar.ticks - 1)

    def _come(self, tick: int) -> None:
        """A new onset."""
        if tick - self._until >= self._breath:
            self._deadline, self._places = tick + self._lasts, []
        elif self._may_come_before(tick):
            assert self._onset is not None
            self._places.append((tick - self._onset, tick))
        self._onset = tick

    def _may_come_before(self, tick: int) -> bool:
        """Whether what sounds can be shortened to leave a breath before `tick`."""
        if self._onset is None or tick - self._standing < self._breath:
            return False
        return tick - self._onset >= self._breath + self._least

    def _breathe(self, places: Sequence[tuple[int, int]]) -> None:
        """Take breath at the place before which there is most time, the last of those."""
        if places:
            _, tick = max(places)
            self._marks = sorted({*self._marks, tick})
            self._deadline = tick + self._lasts
            self._places = [place for place in self._places if place[1] > tick]

    def _before_marks(self, tick: int, end: int) -> int:
        """Where a note must have ended, so that there is a breath before each mark after it, if it begins early
        enough."""
        for mark in self._marks:
            if mark > tick:
                rested = mark - self._breath
                end = min(end, rested if rested - tick >= self._least else mark)
        return end


@dataclass(frozen=True, slots=True)
class _Pace:
    """How time passes in a bar at worst."""

    index: int
    start: int
    """The bar's first tick."""
    seconds: float
    """That a tick lasts, at the slowest."""
    breath: int
    """Ticks of a rest that is a breath, at the fastest."""

    @classmethod
    def of(cls, plan: BarPlan) -> "_Pace":
        slowest, fastest = plan.tempo_range or (plan.tempo_bpm, plan.tempo_bpm)
        slow, fast = max(SLOWEST_BPM, slowest - NEAREST_BPM), fastest + NEAREST_BPM
        breath = ceil(BREATH_SECONDS * BREATH_SHARE * fast / 60 * TICKS_PER_QUARTER)
        return cls(plan.bar.index, plan.bar.start, 60 / (slow * TICKS_PER_QUARTER), breath)
