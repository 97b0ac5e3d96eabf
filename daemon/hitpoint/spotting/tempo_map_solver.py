"""A tempo and metre map that puts every locked hit on a beat; what can't be met is told with what would free it."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import inf

import numpy as np

from hitpoint.errors import ScoreError
from hitpoint.spotting.bar_shapes import FOUR_FOUR, Shape
from hitpoint.spotting.bar_tempi import bar_tempi, change_from
from hitpoint.spotting.cut_bars import cut_bars
from hitpoint.spotting.hit import HitList
from hitpoint.spotting.reach import Reach
from hitpoint.spotting.skeleton import Anchor, FreeHit, Skeleton, Task, skeletons
from hitpoint.spotting.solved_map import TOLERANCE_FRAMES, SolvedHit, SolvedMap, Unsolved, landed
from hitpoint.timeline.cue_map import CueMap, CueMapEvent
from hitpoint.timeline.meter import Meter
from hitpoint.timeline.tempo_map import FASTEST_BPM, SLOWEST_BPM
from hitpoint.timeline.units import TICKS_PER_QUARTER

DEFAULT_CAP = 0.06
"""Largest change of tempo from a bar to the next. Our choice."""
LARGEST_CAP = 1.0

MOST_HITS = 300
"""In one cue. Our choice: more than a feature's cue has, and few enough to be solved while one waits."""
_FASTEST = 2.0
"""No beat of a map is shorter than an eighth note at this many times the tempo wished for."""

_EIGHTH_TICKS = TICKS_PER_QUARTER // 2
_SKELETONS_TRIED = 6
_CUT = 2
"""Skeletons whose bars are then cut."""
_MOST_CUTS = 3
"""Times that bars are cut where the tempo would have to change too much."""
_UNEVEN = 0.02
"""The largest change of tempo that makes up for an odd bar."""
_EXACT = 1e-9
_ROOM_KEPT = 0.9999
"""Of the tolerance: what is left for rounding."""
_DECIMALS = 6
"""Of a tempo: less than a thousandth of a frame in an hour."""
_CAPS_TRIED = (0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5)
_TEMPI_TRIED = (2, 4, 6, 8, 10, 12, 15, 20, 25)
"""Per cent slower and faster."""
_ANCHORS_SEARCHED = 400
"""In all searches for other ways out together, so that nobody waits for them longer than for a crowded map itself. What
is found by then is told."""
_QUICKER = 50
"""How much sooner a search is done that is not thorough."""

Tell = Callable[[int, int, str], None]
"""Hears how many moments are met of how many, and what they are met for when that is not the map itself."""


@dataclass(frozen=True, slots=True)
class _Found:
    bars: tuple[Shape, ...]
    eighths: tuple[float, ...]
    """Seconds of each."""


def solve_tempo_map(
    cue: HitList, bpm: float, meter: Meter, cap: float = DEFAULT_CAP, tell: Tell = lambda *_: None
) -> SolvedMap:
    """The map. `bpm` and `meter` are what the cue would like; `cap` is a part of the tempo, as in 0.06.

    `tell` hears how it goes on, `Tell` says what.

    A metre whose beats are shorter than an eighth note gives way to 4/4. Same in, same out.
    Raises ScoreError for a cap or a tempo that is none.
    """
    if not 0.0 <= cap <= LARGEST_CAP:
        raise ScoreError(f"a cap of {cap:.0%} is not from 0 to {LARGEST_CAP:.0%}. Give one such as 6.")
    if not SLOWEST_BPM <= bpm <= FASTEST_BPM:
        raise ScoreError(f"{bpm:g} bpm is outside {SLOWEST_BPM:g} to {FASTEST_BPM:g}. Give the cue another tempo.")
    if len(cue.hits) > MOST_HITS:
        raise ScoreError(
            f"{len(cue.hits)} hits are too many for one map; it takes {MOST_HITS}. Make several cues of it."
        )
    dropped = _too_near(cue, _shortest(bpm))
    reach = Reach(lambda met, of: tell(met, of, ""))
    while True:
        locked = [index for index, hit in enumerate(cue.hits) if hit.locked and index not in dropped]
        task, members = _task(cue, locked, bpm, meter, cap)
        found, met = _found(task, reach)
        tell(met, len(task.anchors), "")
        if found is not None:
            break
        dropped.append(_given_up(cue, members, met))
    return _told(cue, found, sorted(dropped), task, bpm, meter, tell)


def _shortest(bpm: float) -> float:
    """Seconds that a beat lasts at least."""
    return 30.0 / bpm / _FASTEST


def _too_near(cue: HitList, shortest: float) -> list[int]:
    """Hits that no beats can part from a neighbour, nor join with it: of two, the lighter."""
    dropped: list[int] = []
    kept: list[int] = []
    for index, hit in enumerate(cue.hits):
        if hit.locked:
            kept.append(index)
        while len(kept) > 1:
            before, last = kept[-2:]
            if not hit.locked or not _crowd(cue, before, last, shortest):
                break
            lighter = before if cue.hits[before].weight < cue.hits[last].weight else last
            kept.remove(lighter)
            dropped.append(lighter)
    return dropped


def _crowd(cue: HitList, before: int, last: int, shortest: float) -> bool:
    """True where no beats, `shortest` seconds or longer, can part two hits, nor join them."""
    apart = cue.hits[last].frame - cue.hits[before].frame
    return 2 * TOLERANCE_FRAMES < apart < shortest * cue.frames_per_second - 2 * TOLERANCE_FRAMES


def _task(cue: HitList, locked: Sequence[int], bpm: float, meter: Meter, cap: float) -> tuple[Task, list[list[int]]]:
    """What is to be solved, and which hits each of its anchors stands for."""
    frame = 1.0 / cue.frames_per_second
    slack = TOLERANCE_FRAMES * frame
    groups: list[list[int]] = []
    for index in locked:
        hit = cue.hits[index]
        if cue.seconds(hit.frame) <= slack:
            # The cue's first beat.
            continue
        if groups and hit.frame - cue.hits[groups[-1][0]].frame <= 2 * TOLERANCE_FRAMES:
            groups[-1].append(index)
        else:
            groups.append([index])
    anchors = []
    for group in groups:
        first, last = (cue.seconds(cue.hits[index].frame) for index in (group[0], group[-1]))
        weight = max(cue.hits[index].weight for index in group)
        anchors.append(Anchor((first + last) / 2, max(1e-9, (slack - (last - first) / 2) * _ROOM_KEPT), weight))
    free = tuple(FreeHit(cue.seconds(hit.frame), hit.weight) for hit in cue.hits if not hit.locked)
    end = cue.seconds(cue.end if cue.end is not None else cue.hits[-1].frame)
    base = Shape.of(meter) or FOUR_FOUR
    return Task(tuple(anchors), free, end, 30.0 / bpm, base, cap, frame), groups


def _found(task: Task, reach: Reach | None) -> tuple[_Found | None, int]:
    """Bars with tempi; without them, how many anchors can be met from the first on. Quick without `reach`."""
    plans = skeletons(task, _SKELETONS_TRIED)
    for cuts in range(_MOST_CUTS + 1):
        refused: list[Skeleton] = []
        allowed: list[tuple[float, _Found]] = []
        for skeleton in plans:
            eighths = bar_tempi(task, skeleton)
            change = inf if eighths is None else change_from(eighths, task.wish)
            if eighths is not None and change <= task.cap + _EXACT:
                uneven = skeleton.cost + (change / _UNEVEN) ** 2
                allowed.append((uneven, _Found(skeleton.bars, tuple(eighths.tolist()))))
            refused.append(cut_bars(task, skeleton, eighths, cuts))
        if allowed:
            return min(allowed, key=lambda pair: pair[0])[1], len(task.anchors)
        plans = list(dict.fromkeys(refused))[:_CUT]
    if reach is None:
        return None, 0
    reached, met = reach.map_of(task)
    if reached is None:
        return None, met
    bars, rough = list(reached.bars), list(reached.eighths)
    clock = sum(bar.length * eighth for bar, eighth in zip(bars, rough, strict=True))
    while clock < task.end:
        bars.append(task.base)
        rough.append(rough[-1])
        clock += task.base.length * rough[-1]
    # What was reached goes from one edge of the cap to the other; the same bars often allow an even tempo.
    even = bar_tempi(task, Skeleton(tuple(bars), reached.places, 0.0))
    if even is not None and change_from(even, task.wish) <= task.cap + _EXACT:
        rough = even.tolist()
    return _Found(tuple(bars), tuple(rough)), met


def _given_up(cue: HitList, members: list[list[int]], met: int) -> int:
    """The hit to do without: of the first anchor that can't be reached and the one before it, the lighter."""
    stuck = members[min(met, len(members) - 1)]
    before = members[met - 1] if 0 < met < len(members) else stuck
    return min((*stuck, *before), key=lambda index: (cue.hits[index].weight, -index))


def _told(
    cue: HitList, found: _Found, dropped: list[int], task: Task, bpm: float, meter: Meter, tell: Tell
) -> SolvedMap:
    starts = list(accumulate((bar.length for bar in found.bars), initial=0))
    events: list[CueMapEvent] = []
    for start, bar, eighth in zip(starts, found.bars, found.eighths, strict=False):
        event = CueMapEvent(start * _EIGHTH_TICKS, round(30.0 / eighth, _DECIMALS), bar.meter)
        if not events or (event.bpm, event.meter) != (events[-1].bpm, events[-1].meter):
            events.append(event)
    cue_map = CueMap(tuple(events))
    hits = tuple(landed(cue, hit, cue_map) for hit in cue.hits)
    search = _Search(cue, meter, _ANCHORS_SEARCHED, tell)
    unsolved = tuple(
        _unsolved(search, index, dropped, hits[index], bpm, task.cap)
        for index in dropped
        if abs(hits[index].frames_off) > TOLERANCE_FRAMES
    )
    change = change_from(np.array(found.eighths), 30.0 / bpm)
    return SolvedMap(cue_map, hits, unsolved, len(found.bars), change)


@dataclass(slots=True)
class _Search:
    """Asks whether other caps and tempi meet hits, until enough was searched."""

    cue: HitList
    meter: Meter
    left: float
    """Anchors that it may still search for."""
    tell: Tell

    def meets(self, locked: Sequence[int], bpm: float, cap: float, thorough: bool) -> bool:
        """Whether all of those hits are met so."""
        crowded = any(_crowd(self.cue, before, last, _shortest(bpm)) for before, last in pairwise(locked))
        if crowded or not SLOWEST_BPM <= bpm <= FASTEST_BPM or self.left <= 0:
            return False
        task, members = _task(self.cue, locked, bpm, self.meter, cap)
        self.left -= len(members) / (1 if thorough else _QUICKER)
        note = "with what would free one more"
        self.tell(0, len(members), note)
        reach = Reach(lambda met, of: self.tell(met, of, note)) if thorough else None
        return _found(task, reach)[0] is not None

    def least_cap(self, locked: Sequence[int], bpm: float, above: float) -> float | None:
        """The least of the caps tried that meets them: what a cap allows, a larger one allows, too."""
        caps = [cap for cap in _CAPS_TRIED if cap > above]
        if not caps or not self.meets(locked, bpm, caps[-1], thorough=True):
            return None
        return caps[bisect_left(caps[:-1], True, key=lambda cap: self.meets(locked, bpm, cap, thorough=True))]

    def nearest_bpm(self, locked: Sequence[int], bpm: float, cap: float) -> float | None:
        """The nearest of the tempi tried that meets them."""
        tempi = (round(bpm * (1 + sign * part / 100), 1) for part in _TEMPI_TRIED for sign in (1, -1))
        return next((tempo for tempo in tempi if self.meets(locked, tempo, cap, thorough=False)), None)


def _unsolved(search: _Search, index: int, dropped: list[int], passed: SolvedHit, bpm: float, cap: float) -> Unsolved:
    hits = search.cue.hits
    locked = [one for one, hit in enumerate(hits) if hit.locked and (one == index or one not in dropped)]
    least_cap, nearest_bpm = search.least_cap(locked, bpm, cap), search.nearest_bpm(locked, bpm, cap)
    return Unsolved(passed.hit, passed.seconds, passed.frames_off, least_cap, nearest_bpm)
