"""The measurement measures: who follows is nearer to the host than who jumps, and figures are of what happened."""

from random import Random
from statistics import median

import pytest

from hitpoint.engine.bench_follow import (
    CHANGE_SECONDS,
    FOLLOWERS,
    SOURCES,
    Script,
    errors_of,
    said_by,
)
from hitpoint.timeline.tempo_map import TempoMap


@pytest.mark.parametrize(
    "name", ["time code 29.97df, jitter 1 ms", "REAPER, OSC alone", "Live, script", "AbletonOSC, 120 bpm"]
)
def test_who_follows_is_nearer_than_who_jumps(name: str) -> None:
    errors = {}
    for way, make in FOLLOWERS.items():
        follower = make(SOURCES[name], TempoMap.constant(97.5))
        run = errors_of(follower, SOURCES[name], Script(), Random(1))
        errors[way] = median(abs(error) for at, error in run if at >= 4.0)
    assert errors["follower"] < 0.5 * errors["jumps_to_each_report"]


def test_a_silence_is_one_and_a_locate_is_where_it_goes() -> None:
    source = SOURCES["REAPER, OSC alone"]
    said = [at for at, _ in said_by(source, Script(silent=2.0), Random(1))]
    assert not [at for at in said if CHANGE_SECONDS <= at < CHANGE_SECONDS + 2.0]
    assert Script(moved=60.0).seconds_at(CHANGE_SECONDS + 1.0) == CHANGE_SECONDS + 61.0
    varied = Script(moved=60.0).varied(Random(1))
    assert varied.seconds_at(varied.changes) - varied.seconds_at(varied.changes - 0.1) == pytest.approx(60.1)


@pytest.mark.parametrize("name", list(SOURCES))
def test_reports_come_in_order_and_are_never_from_what_is_to_come(name: str) -> None:
    said = said_by(SOURCES[name], Script(), Random(2))
    assert [at for at, _ in said] == sorted(at for at, _ in said)
    assert len(said) > 30
