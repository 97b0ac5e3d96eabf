"""Where phrases begin, peak and end: what the swell of controllers is drawn from.

A phrase is a group of four bars, counted from where its music came in, moved to the breath of the leading line that is
nearest; whatever the music must meet ends one and begins the next. Its peak is the line's highest note.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from hitpoint.planner.active import FIRST_TO_PLAY
from hitpoint.score.dynamics import LevelPoint
from hitpoint.score.note import Note
from hitpoint.score.request import BarPlan, LandingKind
from hitpoint.timeline.units import TICKS_PER_QUARTER

PHRASE_BARS = 4
"""Bars of a phrase where nothing else is heard. Our choice, as are all numbers here; most songs and themes do so."""
REACH_BARS = PHRASE_BARS + 2
"""So many bars before and after a place must be known, for its phrase to be."""
REST_BEATS = 1.0
"""A rest of the leading line this long is a breath,"""
LONG_BEATS = 2.0
"""and so is the end of a note this long."""
PEAK, EARLIEST_PEAK, LATEST_PEAK = 0.62, 0.3, 0.8
"""Where in a phrase its peak is, of 1, when no note says so; and within which bounds a note may."""
FULL_SECONDS = 4.0
"""A phrase this long swells fully, a shorter one by less: so none moves a controller faster than another."""

_PLACES = {name: place for place, name in enumerate(FIRST_TO_PLAY)}

Line = Callable[[str, int], Sequence[Note]]
"""The notes of a part, by its name, in the bar of an index."""


def phrases_of(plans: Sequence[BarPlan], notes: Line = lambda *_: ()) -> tuple[LevelPoint, ...]:
    """The swell over bars given in order, −1 to 1. notes: what is written there, as far as it is."""
    lines = [sorted(notes(leader, plan.bar.index)) if (leader := leading_part(plan)) else [] for plan in plans]
    bounds = _bounds(plans, lines)
    line = [note for of_bar in lines for note in of_bar]
    points: list[LevelPoint] = []
    for start, end, bpm in bounds:
        seconds = (end - start) / TICKS_PER_QUARTER * 60 / bpm
        peak = _peak([note for note in line if start <= note.tick < end], start, end)
        height = 2 * min(1.0, seconds / FULL_SECONDS) - 1
        phrase = (LevelPoint(start, -1.0), LevelPoint(peak, height), LevelPoint(end, -1.0))
        points += phrase if not points or points[-1] != phrase[0] else phrase[1:]
    return tuple(points)


def leading_part(plan: BarPlan) -> str | None:
    """The name of the part whose line is breathed with: the first that comes in as music grows; None for none."""
    # Asked of a dozen bars dozens of times a second, and to hash the parts would cost more than to look at them.
    name, least = None, (len(_PLACES), 0)
    for part in plan.parts:
        if not part.instrument.drums and (place := (_PLACES[part.instrument.name], part.desk)) < least:
            name, least = part.name, place
    return name


def _bounds(plans: Sequence[BarPlan], lines: Sequence[Sequence[Note]]) -> Iterator[tuple[int, int, float]]:
    """First tick, end and tempo of each phrase.

    Near is counted in bars, whatever their lengths, and each group has a bound less than a bar from its own start,
    a soft one or the one that left it no room: so a phrase is shorter than two groups, and REACH_BARS tell all of it.
    """
    for run in _runs(plans):
        bars, of_run = [plans[place] for place in run], [lines[place] for place in run]
        # An entrance begins a run by itself, or comes in on what goes on.
        kinds = frozenset(LandingKind) - {LandingKind.ENTRANCE}
        met = sorted({landing.tick for plan in bars for landing in plan.landings if landing.kind in kinds})
        fixed = [bars[0].bar.start, *met, bars[-1].bar.end]
        fixed_at = [_bars_into(bars, tick) for tick in fixed]
        soft = []
        for place, plan in enumerate(bars):
            if place == 0 or plan.into_passage % PHRASE_BARS:
                continue
            away = {tick: abs(_bars_into(bars, tick) - place) for tick in _breaths(bars, of_run, place)}
            near = sorted((tick for tick in away if away[tick] < 1), key=lambda tick: (away[tick], tick))
            for tick in (*near, plan.bar.start):
                # Beside a landing there is no room for a phrase.
                if all(abs(_bars_into(bars, tick) - other) >= 1 for other in fixed_at):
                    soft.append(tick)
                    break
        for start, end in pairwise(sorted({*fixed, *soft})):
            yield start, end, next(plan.tempo_bpm for plan in reversed(bars) if plan.bar.start <= start)


def _runs(plans: Sequence[BarPlan]) -> list[list[int]]:
    """Places of plans that follow each other without a bar between, in the same cue."""
    runs: list[list[int]] = []
    for place, plan in enumerate(plans):
        before = plans[place - 1] if place else None
        if before is None or before.bar.end != plan.bar.start or before.cue != plan.cue:
            runs.append([])
        runs[-1].append(place)
    return runs


def _bars_into(bars: Sequence[BarPlan], tick: int) -> float:
    """How many bars of a run, and what share of the next, lie before a tick of it."""
    place = max(0, bisect_right(bars, tick, key=lambda plan: plan.bar.start) - 1)
    return place + (tick - bars[place].bar.start) / bars[place].bar.ticks


def _breaths(bars: Sequence[BarPlan], lines: Sequence[Sequence[Note]], place: int) -> list[int]:
    """Onsets of the line after a rest or a long note, in the bar at place and the one before; of what was played
    earlier, one bar more is looked at."""
    since = max(0, place - 2)
    line = [note for of_bar in lines[since : place + 1] for note in of_bar]
    beat, ends, found = bars[place].bar.meter.beat_ticks, bars[since].bar.start, []
    for before, note in zip([None, *line], line, strict=False):
        ends = max(ends, before.end) if before else ends
        held = before is not None and before.duration >= LONG_BEATS * beat <= note.tick - before.tick
        if held or note.tick - ends >= REST_BEATS * beat:
            found.append(note.tick)
    return found


def _peak(line: Sequence[Note], start: int, end: int) -> int:
    length = end - start
    middle = [note for note in line if EARLIEST_PEAK * length <= note.tick - start <= LATEST_PEAK * length]
    highest = max((note.pitch for note in middle), default=None)
    # Of several as high the last: what goes before leads up to it.
    ticks = [note.tick for note in middle if note.pitch == highest]
    return ticks[-1] if ticks else start + round(PEAK * length)
