"""A solved map with ramps in place of steps: the tempo goes evenly through each bar, and every hit stays on its beat.

A ramp changes beats a minute evenly in time, as REAPER's do, so that a bar of Q quarters from v to w quarters a second
takes 2Q / (v + w). Unknown are the tempi at the bar lines. Least are the changes from line to line and those of the
changes; each hit is an equation. Newton's method from the tempi of the steps, a few rounds of which weigh large changes
more, until none is above the cap.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hitpoint.spotting.hit import HitList
from hitpoint.spotting.solved_map import TOLERANCE_FRAMES, SolvedMap, landed
from hitpoint.timeline.cue_map import CueMap, CueMapEvent
from hitpoint.timeline.units import TICKS_PER_QUARTER

_ROUNDS, _STEPS = 10, 12
_EXACT = 1e-7
"""Seconds within which a hit counts as met."""
_AWAY = 1e-4
"""How a tempo's distance from the wish counts beside a change: settles what the hits leave open."""
_LARGEST_STEP = 0.5
"""Of a logarithm of a tempo, in one step: further on, the equations are another's."""
_LARGEST_WEIGHT = 1e4
_DECIMALS = 6
"""Of a tempo, as for steps."""

Floats = NDArray[np.float64]


class _Lines(NamedTuple):
    """Bar lines, one more than there are bars."""

    quarters: Floats
    """From the cue's start."""
    places: Floats
    """Of the hits, likewise."""
    seconds: Floats
    """Of the hits."""


def with_ramps(cue: HitList, solved: SolvedMap, bpm: float, cap: float) -> SolvedMap | None:
    """The same bars and beats with ramps; None where these would have to change the tempo by more than the cap from a
    bar line to the next. bpm: the tempo wished for. cap: a part of the tempo, as in 0.06."""
    bars = [solved.cue_map.meter_map.bar(index) for index in range(solved.bars)]
    ticks = [bar.start for bar in bars] + [bars[-1].end]
    steps = solved.cue_map.tempo_map
    lines = _lines(cue, solved, ticks)
    speeds = np.array([steps.bpm_at(tick) for tick in ticks]) / 60.0
    found = _smoothed(lines, np.log(speeds), np.log(bpm / 60.0), cap)
    if found is None:
        return None
    tempi = np.round(60.0 * np.exp(found), _DECIMALS).tolist()
    meters = [bar.meter for bar in bars] + [bars[-1].meter]
    events = [
        CueMapEvent(tick, tempo, meter, ramp=ahead is not None and ahead != tempo)
        for tick, tempo, meter, ahead in zip(ticks, tempi, meters, [*tempi[1:], None], strict=True)
    ]
    cue_map = CueMap(tuple(events))
    hits = tuple(landed(cue, hit, cue_map) for hit in cue.hits)
    before = {hit.hit: hit.tick for hit in solved.hits}
    missed = {one.hit for one in solved.unsolved}
    kept = [hit for hit in hits if hit.hit.locked and hit.hit not in missed]
    if any(hit.tick != before[hit.hit] or abs(hit.frames_off) > TOLERANCE_FRAMES for hit in kept):
        return None
    off = {hit.hit: hit.frames_off for hit in hits}
    unsolved = tuple(replace(one, frames_off=off[one.hit]) for one in solved.unsolved)
    return SolvedMap(cue_map, hits, unsolved, solved.bars, _largest(found, np.log(bpm / 60.0)))


def _lines(cue: HitList, solved: SolvedMap, ticks: list[int]) -> _Lines:
    """Hits on one beat are one, between them."""
    missed = {one.hit for one in solved.unsolved}
    beats: dict[int, list[float]] = {}
    for hit in solved.hits:
        if hit.hit.locked and hit.hit not in missed and hit.tick > 0:
            beats.setdefault(hit.tick, []).append(cue.seconds(hit.hit.frame))
    places = np.array(sorted(beats), dtype=np.float64) / TICKS_PER_QUARTER
    seconds = np.array([(min(beats[tick]) + max(beats[tick])) / 2.0 for tick in sorted(beats)])
    return _Lines(np.array(ticks, dtype=np.float64) / TICKS_PER_QUARTER, places, seconds)


def _smoothed(lines: _Lines, start: Floats, wish: float, cap: float) -> Floats | None:
    """Logarithms of quarters a second at the bar lines, no change above the cap; None where that is not found."""
    weights, found = np.ones(len(start)), start
    for _ in range(_ROUNDS):
        met = _met(lines, found, wish, weights)
        if met is None:
            return None
        found = met
        change = np.abs(np.diff(found, prepend=wish))
        if change.max() <= np.log1p(cap):
            return found
        weights *= np.clip(change / change.mean() + 0.2, 0.2, 5.0)
        weights = np.clip(weights / weights.mean(), 1.0 / _LARGEST_WEIGHT, _LARGEST_WEIGHT)
    return None


def _met(lines: _Lines, start: Floats, wish: float, weights: Floats) -> Floats | None:
    """The smoothest that meets every hit, by Newton's method; None where it does not come there."""
    count, held = len(start), len(lines.seconds)
    first = np.eye(count) - np.eye(count, k=-1)
    second = np.diff(np.eye(count), n=2, axis=0)
    cost = first.T @ (weights[:, None] * first) + second.T @ second + _AWAY * np.eye(count)
    pull = first.T @ (weights * np.eye(count)[0]) * wish + _AWAY * wish
    found = start
    for _ in range(_STEPS):
        seconds, slopes = _seconds(lines, found)
        off = lines.seconds - seconds
        system = np.block([[cost, slopes.T], [slopes, np.zeros((held, held))]])
        try:
            wanted = np.linalg.solve(system, np.concatenate([pull, slopes @ found + off]))[:count]
        except np.linalg.LinAlgError:
            return None
        step = np.clip(wanted - found, -_LARGEST_STEP, _LARGEST_STEP)
        found = found + step
        if np.abs(step).max() < _EXACT:
            break
    if np.abs(lines.seconds - _seconds(lines, found)[0]).max(initial=0.0) > _EXACT * 10:
        return None
    return found


def _seconds(lines: _Lines, logs: Floats) -> tuple[Floats, Floats]:
    """When each hit's beat comes, and how that changes with each logarithm: (hits,), (hits, bar lines)."""
    speeds = np.exp(logs)
    here, there, quarters = speeds[:-1], speeds[1:], np.diff(lines.quarters)
    lasts = 2.0 * quarters / (here + there)
    slope = -lasts / (here + there)
    starts = np.concatenate([[0.0], np.cumsum(lasts)])
    bars = np.clip(np.searchsorted(lines.quarters, lines.places, side="right") - 1, 0, len(quarters) - 1)
    into = lines.places - lines.quarters[bars]
    share = into / quarters[bars]
    from_, to = here[bars], there[bars]
    reached = np.sqrt(from_**2 * (1.0 - share) + to**2 * share)
    seconds = starts[bars] + 2.0 * into / (from_ + reached)
    slopes = np.zeros((len(bars), len(logs)))
    for row, bar in enumerate(bars):
        slopes[row, :bar] += slope[:bar]
        slopes[row, 1 : bar + 1] += slope[:bar]
        inner = -2.0 * into[row] / (from_[row] + reached[row]) ** 2
        slopes[row, bar] += inner * (1.0 + from_[row] * (1.0 - share[row]) / reached[row])
        slopes[row, bar + 1] += inner * to[row] * share[row] / reached[row]
    return seconds, slopes * speeds


def _largest(logs: Floats, wish: float) -> float:
    return float(np.expm1(np.abs(np.diff(logs, prepend=wish)).max()))
