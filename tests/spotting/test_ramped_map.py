"""Ramps in place of steps: the same beats, every hit still met, and no larger change."""

from itertools import pairwise
from math import sqrt

import pytest

from hitpoint.spotting.hit import HitList
from hitpoint.spotting.ramped_map import with_ramps
from hitpoint.spotting.solved_map import SolvedMap
from hitpoint.spotting.tempo_map_solver import solve_tempo_map
from hitpoint.timeline.cue_map import CueMapEvent
from spotting.test_tempo_map_solver import random_cue


def seconds_at(events: tuple[CueMapEvent, ...], tick: int) -> float:
    """A clock of the test's own: beats a minute change evenly over the seconds of a ramp."""
    clock = 0.0
    for event, after in pairwise((*events, CueMapEvent(10**9, events[-1].bpm, events[-1].meter))):
        whole, quarters = (after.tick - event.tick) / 960, (min(tick, after.tick) - event.tick) / 960
        if quarters <= 0:
            break
        begins, ends = event.bpm / 60, (after.bpm if event.ramp else event.bpm) / 60
        reached = sqrt(begins**2 + (ends**2 - begins**2) * quarters / whole)
        clock += 2 * quarters / (begins + reached)
    return clock


def check(cue: HitList, bpm: float, steps: SolvedMap, ramps: SolvedMap, cap: float) -> None:
    events = ramps.cue_map.events
    missed = [one.hit for one in ramps.unsolved]
    assert missed == [one.hit for one in steps.unsolved]
    assert ramps.cue_map.meter_map == steps.cue_map.meter_map
    for slower, faster in (sorted(pair) for pair in pairwise([bpm, *(event.bpm for event in events)])):
        assert faster / slower <= 1 + cap + 1e-6
    for event, after in pairwise(events):
        assert event.ramp == (event.bpm != after.bpm), "no step is left"
    for landed, before in zip(ramps.hits, steps.hits, strict=True):
        off = (seconds_at(events, landed.tick) - cue.seconds(landed.hit.frame)) * cue.frames_per_second
        assert off == pytest.approx(landed.frames_off, abs=1e-6)
        if landed.hit.locked and landed.hit not in missed:
            assert landed.tick == before.tick
            assert abs(off) <= 0.5


def found_in(seeds: range, cap: float = 0.06) -> int:
    """Cues that ramps were found for."""
    found = 0
    for seed in seeds:
        cue, bpm, meter = random_cue(seed, most=12)
        steps = solve_tempo_map(cue, bpm, meter, cap)
        ramps = with_ramps(cue, steps, bpm, cap)
        if ramps is not None:
            check(cue, bpm, steps, ramps, cap)
            found += 1
    return found


def test_ramps_meet_what_steps_met_and_stay_within_the_cap() -> None:
    assert found_in(range(12)) >= 6


@pytest.mark.slow
@pytest.mark.seeds(60, 20)
def test_ramps_of_many_cues_meet_what_steps_met(seeds: range) -> None:
    assert found_in(seeds) >= len(seeds) // 2


def test_where_no_ramps_keep_the_cap_there_are_none() -> None:
    for seed in range(6):
        cue, bpm, meter = random_cue(seed, most=12)
        assert with_ramps(cue, solve_tempo_map(cue, bpm, meter), bpm, 0.0) is None
